"""Outcomes as rows of the logs that the next event's decision counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from siyu.core.ir import Aggregate, And, Call, Column, Expr, Input
from siyu.core.passes.prune import needed, written
from siyu.core.program import ColumnNeed, Part, Program, TableNeed
from siyu.core.walk import walk
from siyu.evaluators.sql.bounds import width_of
from siyu.evaluators.sql.dialects import DIALECTS
from siyu.evaluators.sql.names import KEY, column_of_row
from siyu.population.run.columns import Decided
from siyu.population.run.layout import Constant, Content, Value, contents
from siyu.population.run.published import scales
from siyu.schema import Collection, Schema
from siyu.types import DateType, MoneyType, Type, minor_digits, scale_of

ROLES: Mapping[str, str] = {
    "points log": "points", "incentive log": "incentives", "contact log": "contacts",
}  # fmt: skip
NAMED: Mapping[str, str] = {"points": "rule", "incentives": "incentive", "contacts": "contact"}
TODAY = "as_of~day"  # the binding of the local date


@dataclass(frozen=True, slots=True)
class Log:
    """A log that a program reads: its rows as they are needed, and which outcomes they are of."""

    need: TableNeed
    collection: Collection
    section: str


def logs_of(schema: Schema, tables: Sequence[TableNeed]) -> tuple[Log, ...]:
    """The logs among the tables that are read."""
    found = []
    for need in tables:
        collection = schema.collection(need.path)
        if collection is not None and collection.role is not None and collection.role in ROLES:
            found.append(Log(need, collection, ROLES[collection.role]))
    return tuple(found)


def counts_own_outcomes(
    program: Program, event: str, logs: Sequence[Log], several: bool
) -> bool:  # fmt: skip
    """Whether a decision about an event may count what an earlier event of the same run has given.
    What asks a log for the event's own key finds nothing of other events of its type."""
    paths = {log.need.path for log in logs if _emits(program, event, log.section) or several}
    bindings = needed(program.bindings, written(program.emits(event)))
    for binding in bindings:
        for node in walk(binding.expr):
            if not isinstance(node, Aggregate) or node.rows.nested:
                continue
            if node.rows.table in paths and (several or not _of_own_event(node)):
                return True
    return False


def _emits(program: Program, event: str, section: str) -> bool:
    return any(p.section == section and p.on == event for p in program.parts)


def _of_own_event(node: Aggregate) -> bool:
    """Whether only rows with the key of the event at hand count."""
    items: tuple[Expr, ...] = ()
    if node.where is not None:
        items = node.where.items if isinstance(node.where, And) else (node.where,)
    for item in items:
        if isinstance(item, Call) and item.function == "eq":
            sides = [each for each in item.args if isinstance(each, Column)]
            keys = [
                each
                for each in item.args
                if isinstance(each, Input) and (each.origin, each.name) == ("request", "event_key")
            ]
            if keys and sides and sides[0].name == "event" and sides[0].level == 0:
                return True
    return False


def emitted(log: Log, program: Program, event: str, decided: Decided, as_of: str) -> list[str]:
    """A SELECT for each rule that writes into a log: the rows it has added, as the log's relation
    holds them. `as_of` is the column of the moment."""
    found = []
    for part in sorted(program.emits(event), key=lambda part: part.name):
        if part.section == log.section and part.guard is not None:
            found.append(_rows(log, part, decided, as_of))
    return found


def _rows(log: Log, part: Part, decided: Decided, as_of: str) -> str:
    dialect = DIALECTS[decided.dialect.name]
    cells = dict(_cells(log, part, decided, as_of))
    items = [f"{dialect.name_of(decided.customer)} AS {dialect.name_of(KEY)}"]
    for place, column in enumerate(log.need.columns):
        kind = dialect.type_of(column.type, width_of(column.type))
        made = cells.get(column.name, "NULL")
        items.append(f"CAST({made} AS {kind}) AS {dialect.name_of(column_of_row(place, column))}")
    assert part.guard is not None
    return f"SELECT {', '.join(items)} FROM {decided.relation} WHERE {decided.of(part.guard)}"


def _cells(log: Log, part: Part, decided: Decided, as_of: str) -> Iterator[tuple[str, str]]:
    """The columns of a log's row that an outcome fills."""
    shape = {path[0]: content for path, content in contents(part.shape) if len(path) == 1}
    quoted = decided.dialect.identifier
    for column in log.need.columns:
        if column.name == log.collection.time:
            day = isinstance(column.type, DateType)
            if not day:
                yield column.name, quoted(as_of)
            elif TODAY in decided.columns:
                yield column.name, decided.of(TODAY)
        elif column.name == NAMED[log.section]:
            yield column.name, decided.dialect.literal(part.name)
        elif column.name == log.collection.key:
            yield from _cell(column, shape.get("id"), decided)
        elif column.name == "event" and decided.event is not None:
            yield column.name, quoted(decided.event)
        else:
            yield from _cell(column, shape.get(column.name), decided)


def _cell(
    column: ColumnNeed, content: Content | None, decided: Decided
) -> Iterator[tuple[str, str]]:
    match content:
        case Constant(value=str() as text):
            yield column.name, decided.dialect.literal(text)
        case Value():
            held = decided.of(content.binding)
            yield column.name, paid(held, content.type, column.type, decided.dialect.name)
        case _:
            pass


def paid(held: str, kind: Type, into: Type, engine: str) -> str:
    """An amount as it is paid, rounded half up to minor digits, held in another type's scale."""
    if not isinstance(kind, MoneyType) or not isinstance(into, MoneyType):
        return held
    inner, minor, outer = scales(kind)[0], minor_digits(kind.currency), scale_of(into)
    made = held
    if inner > minor:
        unit = 10 ** (inner - minor)
        half = unit // 2
        over = "//" if engine == "duckdb" else "DIV"
        made = f"(({held} + CASE WHEN {held} < 0 THEN {-half} ELSE {half} END) {over} {unit})"
    else:
        minor = inner
    return f"({made} * {10 ** (outer - minor)})" if outer > minor else made
