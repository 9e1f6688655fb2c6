"""Whether a program is well formed: what every evaluator takes for granted.

A mistake found here is ours, not an author's; so it is told in the words of the core, and only
tests and debugging ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from inspect import signature

from siyu.core.ir import (
    Aggregate,
    And,
    Call,
    Cases,
    Coalesce,
    Column,
    Const,
    Contest,
    Expr,
    Input,
    Known,
    Not,
    Or,
    Ref,
)
from siyu.core.passes.needs import BROUGHT
from siyu.core.passes.prune import written
from siyu.core.program import Binding, Program, TableNeed
from siyu.core.verify_everyone import of_everyone
from siyu.core.walk import parts
from siyu.functions import FUNCTIONS
from siyu.types import BoolType, ErrorType, Type

Rows = tuple[TableNeed, ...]  # around an expression, innermost first
BY_ROW = ("latest", "earliest")


def verify(program: Program) -> tuple[str, ...]:
    """What is wrong with a program, in order; nothing if it may be evaluated.

    >>> from dataclasses import replace
    >>> from siyu.core.passes.samples import PROGRAM
    >>> verify(PROGRAM)
    ()
    >>> verify(replace(PROGRAM, bindings=PROGRAM.bindings[1:]))[0]
    'high: reads spend, which is not bound before it'
    """
    return tuple(_Verification(program).problems())


class _Verification:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.inputs = {(need.origin, need.name): need for need in program.needs.inputs}
        self.tables = {need.path: need for need in program.needs.tables}
        self.cuts = {cut.name for cut in program.cuts}
        self.bound: dict[str, Type] = {}
        self.seen: set[tuple[int, Rows]] = set()

    def problems(self) -> Iterator[str]:
        yield from self.of_bindings(self.program.bindings)
        for name in written(self.program.parts):
            if name not in self.bound:
                yield f"a part reads {name}, which is not bound"
        everyone = self.program.everyone
        needs = everyone.calibration
        self.inputs |= {(need.origin, need.name): need for need in needs.inputs}
        self.tables |= {need.path: need for need in needs.tables}
        self.cuts |= {rule.name for rule in everyone.cuts}
        yield from self.of_bindings(everyone.bindings)
        yield from of_everyone(everyone, self.bound, self.of_expr)

    def of_bindings(self, bindings: Iterable[Binding]) -> Iterator[str]:
        for binding in bindings:
            yield from (f"{binding.name}: {problem}" for problem in self.of_binding(binding))
            self.bound[binding.name] = binding.type

    def of_binding(self, binding: Binding) -> Iterator[str]:
        if binding.name in self.bound:
            yield "is bound twice"
        if binding.expr.type != binding.type:
            yield f"is {binding.type}, but its expression is {binding.expr.type}"
        yield from self.of_expr(binding.expr)

    def of_expr(self, expr: Expr, around: Rows = ()) -> Iterator[str]:
        """An expression, in a row of tables where there are some around it."""
        waiting: list[tuple[Expr, Rows]] = [(expr, around)]
        while waiting:
            node, rows = waiting.pop()
            if (id(node), rows) in self.seen:
                continue
            self.seen.add((id(node), rows))
            yield from self.of_node(node, rows)
            inner = rows
            if isinstance(node, Aggregate):
                found = self.table(node, rows)
                if found is None:
                    continue
                inner = (found, *rows)
            waiting += [(part, inner) for part in reversed(parts(node))]

    def of_node(self, node: Expr, rows: Rows) -> Iterator[str]:
        listed = isinstance(node, Const) and isinstance(node.value, tuple)  # no type has these
        if isinstance(node.type, ErrorType) and not listed:
            yield f"{type(node).__name__} has no type"
        match node:
            case Input():
                yield from self.of_input(node)
            case Ref():
                if node.name not in self.bound:
                    yield f"reads {node.name}, which is not bound before it"
                elif self.bound[node.name] != node.type:
                    yield f"reads {node.name} as {node.type}, but it is {self.bound[node.name]}"
            case Column():
                yield from self.of_column(node, rows)
            case Call():
                yield from self.of_call(node)
            case Not() | And() | Or():
                yield from self.conditions(node, parts(node))
            case Cases():
                yield from self.conditions(node, tuple(arm.when for arm in node.arms))
                values = (*(arm.value for arm in node.arms), node.otherwise)
                yield from self.alike(node, values)
            case Coalesce():
                yield from self.alike(node, (node.value, node.default))
            case Aggregate():
                yield from self.of_aggregate(node, rows)
            case Contest():
                yield from self.of_contest(node)
            case _:
                assert isinstance(node, Known) or not parts(node)

    def of_input(self, node: Input) -> Iterator[str]:
        if node.origin == "cut" and node.name not in self.cuts:
            yield f"reads the cut {node.name}, which is not listed"
        if node.origin == "allocation" and node.name not in self.program.allocations:
            yield f"reads the allocation {node.name}, which is not listed"
        if node.origin not in BROUGHT and (node.origin, node.name) not in self.inputs:
            yield f"reads {node.origin} {node.name}, which is not among the needs"

    def of_column(self, node: Column, rows: Rows) -> Iterator[str]:
        if node.level >= len(rows):
            yield f"reads column {node.name} outside of rows"
            return
        table = rows[node.level]
        types = {column.name: column.type for column in table.columns}
        if node.name not in types:
            yield f"reads column {node.name}, which {table.path} does not have"
        elif types[node.name] != node.type:
            yield f"reads column {node.name} as {node.type}, but it is {types[node.name]}"

    def of_call(self, node: Call) -> Iterator[str]:
        if node.function not in FUNCTIONS:
            yield f"calls {node.function}, which is no function"
            return
        try:
            signature(FUNCTIONS[node.function].python).bind(*node.args)
        except TypeError:
            yield f"calls {node.function} with {len(node.args)} arguments"

    def of_aggregate(self, node: Aggregate, rows: Rows) -> Iterator[str]:
        if self.table(node, rows) is None:
            yield f"runs over {node.rows.table}, which is not among the needs"
        if node.where is not None:
            yield from self.conditions(node, (node.where,))
        if (node.by is not None) != (node.op in BY_ROW):
            yield f"{node.op} {'needs' if node.by is None else 'has no'} `by`"
        if node.value is None and node.op not in ("count", "exists"):
            yield f"{node.op} needs a value"

    def of_contest(self, node: Contest) -> Iterator[str]:
        yield from self.conditions(node, tuple(c.eligible for c in node.candidates))
        for candidate in node.candidates:
            if len(candidate.keys) != len(node.descending):
                yield f"candidate {candidate.name} has {len(candidate.keys)} keys"
            if any(not 0 <= use.room < len(node.rooms) for use in candidate.uses):
                yield f"candidate {candidate.name} uses a room that is not there"

    def conditions(self, node: Expr, items: tuple[Expr, ...]) -> Iterator[str]:
        for item in items:
            if not isinstance(item.type, BoolType | ErrorType):
                yield f"{type(node).__name__} takes {item.type} for a condition"

    def alike(self, node: Expr, values: tuple[Expr, ...]) -> Iterator[str]:
        for value in values:
            if value.type != node.type:
                yield f"{type(node).__name__} of {node.type} has a value of {value.type}"

    def table(self, node: Aggregate, rows: Rows) -> TableNeed | None:
        if not node.rows.nested:
            return self.tables.get(node.rows.table)
        if node.rows.level >= len(rows):
            return None
        outer = rows[node.rows.level].columns
        return next((c.nested for c in outer if c.name == node.rows.table), None)
