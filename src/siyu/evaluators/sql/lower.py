"""Expressions as SQL, node class after node class.

SQL's own three-valued logic is that of the core; what differs is written out. Nothing recurses but
for rows inside of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

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
from siyu.core.walk import parts
from siyu.evaluators.sql.contests import write_contest
from siyu.evaluators.sql.dialects import Dialect
from siyu.evaluators.sql.fragments import NOTHING, Chosen, Sql, chunked, depth_of, reads_of
from siyu.evaluators.sql.lists import write_aggregate
from siyu.evaluators.sql.ranges import TRUTH, Range, Ranges, is_strict
from siyu.evaluators.sql.scopes import Piece, RowScope, Scope, record_of
from siyu.evaluators.sql.texts import LONGEST, Texts, as_enum, enum_of
from siyu.functions import FUNCTIONS
from siyu.functions.sql import literal
from siyu.types import EnumType

LONG = 30  # characters; a longer argument that a function repeats is worked out first
REPEATED = 400  # characters; a longer condition is worked out before it is asked twice
MARK = "\x00{}\x00"


@dataclass(slots=True)
class Lowering:
    """Writes expressions, given what is known of them. With `texts` a choice between few literals
    becomes a value of their ENUM."""

    dialect: Dialect
    ranges: Ranges
    shared: frozenset[int] = frozenset()  # identities of nodes that are to be columns
    variables: list[str] = field(default_factory=list)
    texts: Texts | None = None

    def sql(self, root: Expr, scope: Scope) -> Sql:
        piece = self.piece(root, scope)
        assert isinstance(piece, Sql), "a contest has no value of its own"
        return piece

    def piece(self, root: Expr, scope: Scope) -> Piece:
        memo = scope.memo
        waiting: list[tuple[Expr, bool]] = [(root, False)]
        while waiting:
            node, ready = waiting.pop()
            if id(node) in memo:
                continue
            inner = () if isinstance(node, Aggregate) else parts(node)
            if inner and not ready:
                waiting.append((node, True))
                waiting += [(part, False) for part in reversed(inner)]
                continue
            made = self.made(node, [memo[id(part)] for part in inner], scope)
            if isinstance(made, Sql) and not made.simple and id(node) in self.shared:
                made = scope.name(made)
            memo[id(node)] = made
        return memo[id(root)]

    def variable(self) -> str:
        """A name for a lambda's parameter."""
        name = f"r{len(self.variables)}"
        self.variables.append(name)
        return name

    def made(self, node: Expr, inner: list[Piece], scope: Scope) -> Piece:
        match node:
            case Contest():
                return write_contest(self, node, _all_sql(inner), scope)
            case Ref():
                return record_of(scope).ref(node)
            case Call(function="item", args=(_, Const(value=int(place)))) if isinstance(
                inner[0], Chosen
            ):
                return inner[0].items[place]
            case _:
                return self.of_values(node, _all_sql(inner), scope)

    def of_values(self, node: Expr, inner: list[Sql], scope: Scope) -> Sql:
        known = self.ranges.of(node)
        match node:
            case Const():
                return self.constant(node, known)
            case Input():
                return record_of(scope).input(node)
            case Column():
                assert isinstance(scope, RowScope)
                row = scope.out(node.level)
                assert isinstance(row, RowScope)
                return row.column(node.name, known)
            case Call():
                return self.call(node, inner, known, scope)
            case Not():
                return self.negation(node, inner[0], known, scope)
            case And() | Or():
                return self.junction(node, inner, known, scope)
            case Known():
                return known_sql(inner[0])
            case Coalesce():
                return self.coalesced(inner[0], inner[1], known, scope)
            case Cases():
                return self.cases(node, inner, known, scope)
            case Aggregate():
                return self.aggregate(node, known, scope)
            case Contest() | Ref():
                raise AssertionError("written before")
            case _:
                assert_never(node)

    # ------------------------------------------------------------------------------- leaves

    def constant(self, node: Const, known: Range) -> Sql:
        if node.value is None:
            text = f"CAST(NULL AS {self.dialect.type_of(node.type, known.bits)})"
            return Sql(text, known, NOTHING, 1, True, None)
        return Sql(literal(node.value, self.dialect.name), known, NOTHING, 1, True, NOTHING)

    # -------------------------------------------------------------------------------- calls

    def call(self, node: Call, args: list[Sql], known: Range, scope: Scope) -> Sql:
        chosen = self.rank_compared(node, scope)
        if chosen is not None:
            return chosen
        writer = FUNCTIONS[node.function].sql[self.dialect.name]
        marked = [
            arg.known.arg(arg.text if arg.simple else MARK.format(place))
            for place, arg in enumerate(args)
        ]
        pattern = writer(marked, known.bits)
        for place, arg in enumerate(args):
            if not arg.simple and len(arg.text) > LONG and _repeats(pattern, MARK.format(place)):
                args[place] = scope.name(arg)
        args = self.low_enough(args, depth_of(pattern), scope)
        text = pattern
        for place, arg in enumerate(args):
            text = text.replace(MARK.format(place), arg.text)
        unknown: frozenset[str] | None = None
        if not known.nullable:
            unknown = NOTHING
        elif is_strict(node, marked) and all(a.unknown_if is not None for a in args):
            unknown = NOTHING.union(*(a.unknown_if or NOTHING for a in args))
        return self.built(text, known, args, depth_of(pattern), unknown)

    def rank_compared(self, node: Call, scope: Scope) -> Sql | None:
        """A rank compared with a number says which members may stand there; for an enum without
        others that is a plain list."""
        match node:
            case Call(
                function=function,
                args=(
                    Call(function="rank", args=(one, Const(value=tuple(members)))),
                    Const(value=int(limit)),
                ),
            ) if function in COMPARED and isinstance(one.type, EnumType):
                if not one.type.members or not set(one.type.members) <= set(members):
                    return None
                held = [m for n, m in enumerate(members) if COMPARED[function](n, limit)]
                x = scope.memo[id(one)]
                assert isinstance(x, Sql)
                if not held:
                    return None
                texts = ", ".join(literal(member, self.dialect.name) for member in held)
                text = f"({x.text} IN ({texts}))"
                return self.built(text, Range(None, x.nullable), [x], 1, x.unknown_if)
            case _:
                return None

    def low_enough(self, args: Sequence[Sql], above: int, scope: Scope) -> list[Sql]:
        """Arguments that stand no deeper than the engine can follow."""
        most = max(self.dialect.deepest - above, self.dialect.deepest // 2)
        return [arg if arg.height < most or arg.simple else scope.name(arg) for arg in args]

    def built(
        self,
        text: str,
        known: Range,
        inner: Sequence[Sql],
        levels: int,
        unknown: frozenset[str] | None = None,
    ) -> Sql:
        height = levels + max((piece.height for piece in inner), default=0)
        if not known.nullable:
            unknown = NOTHING
        return Sql(text, known, reads_of(inner), height, False, unknown)

    # --------------------------------------------------------------------------- conditions

    def negation(self, node: Not, value: Sql, known: Range, scope: Scope) -> Sql:
        if isinstance(node.value, Known):
            inner = scope.memo[id(node.value.value)]
            assert isinstance(inner, Sql)
            return unknown_sql(inner)
        return self.built(f"(NOT {value.text})", known, [value], 1, value.unknown_if)

    def junction(self, node: And | Or, items: list[Sql], known: Range, scope: Scope) -> Sql:
        if not items:
            return Sql("TRUE" if isinstance(node, And) else "FALSE", known, simple=True,
                       unknown_if=NOTHING)  # fmt: skip
        if len(items) == 1:
            return items[0]
        items = self.low_enough(items, 1, scope)
        text = chunked([i.text for i in items], " AND " if isinstance(node, And) else " OR ")
        return self.built(text, known, items, 1 + len(items) // 100)

    def coalesced(self, value: Sql, default: Sql, known: Range, scope: Scope) -> Sql:
        if not value.nullable:
            return value
        value, default = self.low_enough([value, default], 1, scope)
        return self.built(f"COALESCE({value.text}, {default.text})", known, [value, default], 1)

    def cases(self, node: Cases, inner: list[Sql], known: Range, scope: Scope) -> Sql:
        inner = self.low_enough(self.narrowed(node, inner), 2, scope)
        otherwise = inner[-1]
        if not node.arms or _never_known(node):
            return otherwise
        if node.on_unknown == "otherwise" and len(otherwise.text) > LONG:
            otherwise = scope.name(otherwise)
        absent = otherwise.text if node.on_unknown == "otherwise" else "NULL"
        tested: set[str] = set()
        used: list[Sql] = [otherwise]
        texts: list[str] = []
        for when, value in zip(inner[:-1:2], inner[1:-1:2], strict=True):
            if when.text == "FALSE":
                continue
            used += [when, value]
            if not when.nullable or node.on_unknown == "skip":
                texts.append(f"WHEN {when.text} THEN {value.text}")
            elif when.unknown_if is not None:
                new = sorted(when.unknown_if - tested)
                tested |= when.unknown_if
                texts.append(f"WHEN {when.text} THEN {value.text}")
                if new:
                    tests = " OR ".join(f"{text} IS NULL" for text in new)
                    texts.append(f"WHEN {tests} THEN {absent}")
            else:
                when = when if len(when.text) <= REPEATED else scope.name(when)
                used.append(when)
                either = f"(CASE WHEN {when.text} THEN {value.text} ELSE {absent} END)"
                texts.append(f"WHEN COALESCE({when.text}, TRUE) THEN {either}")
        if not texts:
            return otherwise
        text = f"(CASE {' '.join(texts)} ELSE {otherwise.text} END)"
        return self.built(text, known, used, 4)

    def narrowed(self, node: Cases, inner: list[Sql]) -> list[Sql]:
        """The parts of a choice between few texts, these as values of an ENUM."""
        values = [*(arm.value for arm in node.arms), node.otherwise]
        if self.texts is None or not all(isinstance(value, Const) for value in values):
            return inner
        texts = self.texts.of(node)
        if not texts or len(enum_of(texts)) * len(values) > LONGEST:
            return inner
        found = list(inner)
        for place, value in zip([*range(1, len(inner) - 1, 2), -1], values, strict=True):
            assert isinstance(value, Const)
            text = as_enum("NULL" if value.value is None else inner[place].text, texts)
            found[place] = replace(inner[place], text=text)
        return found

    # --------------------------------------------------------------------------- aggregates

    def aggregate(self, node: Aggregate, known: Range, scope: Scope) -> Sql:
        if node.rows.nested:
            assert isinstance(scope, RowScope)
            row = scope.out(node.rows.level)
            assert isinstance(row, RowScope)
            _, column = row.found(node.rows.table)
            assert column.nested is not None, "a nested collection has a need of its own"
            rows = row.column(node.rows.table, Range(None, column.optional))
            return write_aggregate(self, node, column.nested, rows, scope)
        record = record_of(scope)
        found = record.aggregate(node)
        if found is not None:
            return found
        need, rows = record.rows(node.rows.table)
        return write_aggregate(self, node, need, rows, scope)


COMPARED: dict[str, Callable[[int, int], bool]] = {
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b, "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
}  # fmt: skip


def _repeats(pattern: str, mark: str) -> bool:
    """Whether an argument is worked out more than once: engines do so for each WHEN of a CASE."""
    return pattern.count(mark) > 1 or f"CASE {mark} WHEN" in pattern


def known_sql(value: Sql) -> Sql:
    """Whether a value is known; never unknown itself."""
    if not value.nullable:
        return Sql("TRUE", TRUTH, simple=True, unknown_if=NOTHING)
    if value.unknown_if:
        tests = [f"{text} IS NOT NULL" for text in sorted(value.unknown_if)]
        return Sql(f"({' AND '.join(tests)})", TRUTH, value.reads, 1, False, NOTHING)
    return Sql(f"({value.text} IS NOT NULL)", TRUTH, value.reads, value.height + 1, False, NOTHING)


def unknown_sql(value: Sql) -> Sql:
    """Whether a value is unknown; never unknown itself."""
    if not value.nullable:
        return Sql("FALSE", TRUTH, simple=True, unknown_if=NOTHING)
    if value.unknown_if:
        tests = [f"{text} IS NULL" for text in sorted(value.unknown_if)]
        return Sql(f"({' OR '.join(tests)})", TRUTH, value.reads, 1, False, NOTHING)
    return Sql(f"({value.text} IS NULL)", TRUTH, value.reads, value.height + 1, False, NOTHING)


def _never_known(node: Cases) -> bool:
    """Whether nothing is chosen, whatever holds."""
    values = (*(arm.value for arm in node.arms), node.otherwise)
    return all(isinstance(value, Const) and value.value is None for value in values)


def _all_sql(pieces: Sequence[Piece]) -> list[Sql]:
    found = [piece for piece in pieces if isinstance(piece, Sql)]
    assert len(found) == len(pieces), "a contest is only asked who was chosen"
    return found
