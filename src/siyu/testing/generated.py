"""The evaluator of generated Python, for many tests at a time.

Making code costs more than running it. So tests that give the same event and the same metrics are
answered by one function. It reads the facts of all of them: what a test does not give stands there
as some value of its type, and only the answers of others depend on it. Population values are
constants, as in a run, where all of them give the same ones, and facts otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from siyu.core.compiled import TestCase
from siyu.core.program import Facts, Needs, Program, TableNeed
from siyu.evaluators import record
from siyu.records import Read
from siyu.testing.programs import Programs
from siyu.types import (
    BoolType,
    DateTimeType,
    DateType,
    DecimalType,
    DurationType,
    EnumType,
    ErrorType,
    GeoType,
    IntType,
    LevelType,
    MoneyType,
    SetType,
    TextType,
    TimeType,
    Type,
)

MOST = 64  # tests in one function: every test runs the code of all of them
A_DAY = 738_000  # any will do


@dataclass(frozen=True, slots=True)
class Asked:
    """A test with its program and the facts that were read for it."""

    case: TestCase
    program: Program
    read: Read

    @property
    def given(self) -> tuple[str, ...]:
        """Names of the metrics that the request brings, of those that are asked for."""
        metrics = {binding.name for binding in self.program.bindings if binding.metric}
        return tuple(sorted(name for name, _ in self.read.facts.given if name in metrics))


def answers(asked: Sequence[Asked], programs: Programs) -> Iterator[Mapping[str, Any]]:
    """The values of every test's expectations, by binding, in the order asked."""
    groups: dict[object, list[int]] = {}
    for at, each in enumerate(asked):
        key = (each.read.event, each.given)
        groups.setdefault(key, []).append(at)
    found: dict[int, Mapping[str, Any]] = {}
    for members in groups.values():
        for first in range(0, len(members), MOST):
            batch = members[first : first + MOST]
            values = _answers([asked[at] for at in batch], programs)
            found.update(zip(batch, values, strict=True))
    return (found[at] for at in range(len(asked)))


def _answers(batch: Sequence[Asked], programs: Programs) -> Iterator[Mapping[str, Any]]:
    first = batch[0]
    fixed = all(each.case.cuts == first.case.cuts for each in batch)
    program = programs.of((each.case for each in batch), fixed=fixed)
    decide = record.compile_record(program, first.read.event, first.given)
    for each in batch:
        cuts = {("context", f"~cut.{name}"): value for name, value in each.case.cuts.items()}
        yield decide.values(facts_for(program.needs, each.program.needs, each.read.facts, cuts))


# ---------------------------------------------------------------- facts of a larger program


def facts_for(
    wanted: Needs, had: Needs, facts: Facts, others: Mapping[tuple[str, str], Any] | None = None
) -> Facts:
    """Facts for more needs than they were read for; `others` are known besides them."""
    inputs: dict[tuple[str, str], Any] = dict(others or {})
    inputs |= {(n.origin, n.name): v for n, v in zip(had.inputs, facts.values, strict=True)}
    tables = {n.path: (n, rows) for n, rows in zip(had.tables, facts.tables, strict=True)}
    values = tuple(
        inputs[n.origin, n.name] if (n.origin, n.name) in inputs else some_value(n.type)
        for n in wanted.inputs
    )
    rows = tuple(
        _rows(need, *tables[need.path]) if need.path in tables else () for need in wanted.tables
    )
    return Facts(values, rows, facts.given)


@dataclass(slots=True)
class _Columns:
    """Where each wanted column stands in the rows that there are."""

    need: TableNeed
    had: TableNeed
    places: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places = {column.name: at for at, column in enumerate(self.had.columns)}

    def row(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(self._cells(row))

    def _cells(self, row: tuple[Any, ...]) -> Iterator[Any]:
        for column in self.need.columns:
            at = self.places.get(column.name)
            if at is None:
                yield () if column.nested is not None else some_value(column.type)
                continue
            inner = self.had.columns[at].nested
            if column.nested is None or inner is None:
                yield row[at]
            else:
                yield _rows(column.nested, inner, row[at])


def _rows(
    need: TableNeed, had: TableNeed, rows: Iterable[tuple[Any, ...]] | None
) -> tuple[tuple[Any, ...], ...] | None:
    if rows is None or need.columns == had.columns:
        return rows if rows is None else tuple(rows)
    columns = _Columns(need, had)
    return tuple(columns.row(row) for row in rows)


def some_value(kind: Type) -> Any:
    """A held value of a type, no matter which."""
    match kind:
        case BoolType():
            return False
        case IntType() | DecimalType() | MoneyType() | DurationType() | TimeType():
            return 0
        case DateType():
            return A_DAY
        case DateTimeType():
            return 0
        case TextType():
            return ""
        case EnumType():
            return kind.members[0] if kind.members else None
        case SetType():
            return frozenset()
        case GeoType():
            return (0.0, 0.0)
        case LevelType() | ErrorType():
            return None
        case _:
            assert_never(kind)
