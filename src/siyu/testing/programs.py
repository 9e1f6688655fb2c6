"""The program of every test: what its expectations need of the policy, and a reader of its facts.

Two hundred tests of one policy have most of it in common. So what a binding reads is looked up
once, population values are put into a binding once for all tests that give the same ones, and tests
that need the same facts share a reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from siyu.api.deciding import Deciding, make_reader
from siyu.api.policy import Policy
from siyu.core.compiled import TestCase
from siyu.core.ir import Const, Expr, Held, Input
from siyu.core.passes import needs_of, specialise
from siyu.core.program import Binding, ColumnNeed, Leaf, Needs, Part, Program, TableNeed
from siyu.core.walk import refs, rewrite, walk
from siyu.records import Reader
from siyu.types import BOOL, Type

CutValues = tuple[tuple[str, Held], ...]


class Programs:
    """Of one policy."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._bindings = {binding.name: binding for binding in policy.program.bindings}
        self._order = {name: at for at, name in enumerate(self._bindings)}
        self._refs: dict[str, frozenset[str]] = {}
        self._cuts: dict[str, frozenset[str]] = {}
        self._needs: dict[str, Needs] = {}
        self._special: dict[CutValues | None, tuple[dict[str, Binding], dict[int, Expr]]] = {}
        self._readers: dict[Needs, Reader] = {}
        self._deciding: dict[CutValues, Deciding] = {}

    def of(self, cases: Iterable[TestCase], whole: bool = False, fixed: bool = True) -> Program:
        """What the expectations of tests that give the same population values need; with `whole`
        all of the policy besides. Unless they are `fixed`, population values are facts that stand
        under `cut_input`, and the tests may give different ones."""
        cases = tuple(cases)
        names = [each.binding for case in cases for each in case.expectations]
        own = {binding.name: binding for case in cases for binding in case.bindings}
        wanted = self._needed(own, [*names, *(self._bindings if whole else ())])
        values = tuple(sorted(cases[0].cuts.items())) if cases and fixed else None
        held, done = self._special.setdefault(values, ({}, {}))
        bindings = []
        for name in wanted:
            if name in own:
                bindings.append(_with_cuts(own[name], values, done))
                continue
            if name not in held:
                held[name] = _with_cuts(self._bindings[name], values, done)
            bindings.append(held[name])
        read = frozenset[str]().union(*(self._cuts_of(name, own) for name in wanted))
        policy = self.policy.program
        cuts = tuple(cut for cut in policy.cuts if cut.name in read)
        needs = self._needs_of(wanted, own)
        if not fixed:
            free = Needs(tuple(cut_input(cut.name, cut.type) for cut in cuts), ())
            needs = together((needs, free), self.policy.compiled.tables)
        return replace(
            policy,
            bindings=tuple(bindings),
            cuts=cuts,
            needs=needs,
            parts=tuple(Part("claims", name, Leaf(name, BOOL)) for name in names),
        )

    def reader(self, program: Program) -> Reader:
        """What reads the facts that a program needs. A request may bring any metric."""
        found = self._readers.get(program.needs)
        if found is None:
            whole = replace(self.policy.program, needs=program.needs)
            found = self._readers[program.needs] = make_reader(self.policy.compiled.schema, whole)
        return found

    def deciding(self, cuts: Mapping[str, Held]) -> Deciding:
        """What decides by the whole policy with these population values."""
        values = tuple(sorted(cuts.items()))
        found = self._deciding.get(values)
        if found is None:
            program = specialise(self.policy.program, cuts, {})
            found = self._deciding[values] = Deciding(program, self.reader(program), None)
        return found

    # ------------------------------------------------------------ what bindings read

    def _needed(self, own: Mapping[str, Binding], names: Iterable[str]) -> list[str]:
        """These bindings and all that they are built on, the policy's first, in order."""
        wanted: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in wanted:
                wanted.add(name)
                waiting += self._refs_of(name, own)
        return [
            *sorted((name for name in wanted if name not in own), key=self._order.__getitem__),
            *(name for name in own if name in wanted),
        ]

    def _refs_of(self, name: str, own: Mapping[str, Binding]) -> frozenset[str]:
        if name in own:
            return frozenset(refs(own[name].expr))
        if name not in self._refs:
            self._refs[name] = frozenset(refs(self._bindings[name].expr))
        return self._refs[name]

    def _cuts_of(self, name: str, own: Mapping[str, Binding]) -> frozenset[str]:
        if name in own:
            return _cuts_in(own[name].expr)
        if name not in self._cuts:
            self._cuts[name] = _cuts_in(self._bindings[name].expr)
        return self._cuts[name]

    def _needs_of(self, wanted: Iterable[str], own: Mapping[str, Binding]) -> Needs:
        tables = self.policy.compiled.tables
        found = []
        for name in wanted:
            if name in own:
                found.append(needs_of((own[name],), tables))
                continue
            if name not in self._needs:
                self._needs[name] = needs_of((self._bindings[name],), tables)
            found.append(self._needs[name])
        return together(found, tables)


def cut_input(name: str, kind: Type) -> Input:
    """A population value that a test gives like a fact; no field is called like this."""
    return Input("context", f"~cut.{name}", kind, True)


def _with_cuts(binding: Binding, values: CutValues | None, done: dict[int, Expr]) -> Binding:
    """With constants for population values, unknown where none is given; with facts for None."""
    given = dict(values or ())

    def put(node: Expr) -> Expr:
        if not isinstance(node, Input) or node.origin not in ("cut", "allocation"):
            return node
        if node.origin == "cut" and values is None:
            return replace(cut_input(node.name, node.type), span=node.span, code=node.code)
        value = given.get(node.name) if node.origin == "cut" else None
        return Const(value, node.type, span=node.span, code=node.code)

    return replace(binding, expr=rewrite(binding.expr, put, done))


def _cuts_in(expr: Expr) -> frozenset[str]:
    return frozenset(
        node.name for node in walk(expr) if isinstance(node, Input) and node.origin == "cut"
    )


# ---------------------------------------------------------------- needs put together


def together(needs: Iterable[Needs], tables: Mapping[str, TableNeed]) -> Needs:
    """What several programs need, in the order in which one program would need it."""
    inputs: dict[tuple[str, str], Input] = {}
    found: dict[str, TableNeed] = {}
    for each in needs:
        for node in each.inputs:
            inputs[node.origin, node.name] = node
        for table in each.tables:
            before = found.get(table.path)
            if before is not table:
                found[table.path] = _both(before, table, tables) if before else table
    return Needs(
        tuple(inputs[key] for key in sorted(inputs)), tuple(found[path] for path in sorted(found))
    )


def _both(one: TableNeed, other: TableNeed, tables: Mapping[str, TableNeed]) -> TableNeed:
    """The columns of both, in the table's order."""
    columns = {column.name: column for column in one.columns}
    for column in other.columns:
        before = columns.get(column.name)
        columns[column.name] = _wider(before, column, tables) if before else column
    order = [column.name for column in tables[one.path].columns]
    return replace(one, columns=tuple(columns[name] for name in order if name in columns))


def _wider(one: ColumnNeed, other: ColumnNeed, tables: Mapping[str, TableNeed]) -> ColumnNeed:
    if one.nested is None or other.nested is None:
        return one if one.nested is not None else other
    return replace(one, nested=_both(one.nested, other.nested, tables))
