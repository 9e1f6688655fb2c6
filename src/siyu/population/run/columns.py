"""SELECTs over a relation of decided values that give the files of a run.

The relation has the customer's key, for runs over events the event's key, and a column of held
values for each binding that a decision shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from siyu.population.run.dialect import Dialect, value
from siyu.population.run.layout import (
    Code,
    Codes,
    Column,
    Constant,
    Content,
    RowsOf,
    Stops,
    Value,
)
from siyu.population.run.published import Published, published, together
from siyu.population.run.sql_duckdb import few_listed
from siyu.types import INT


@dataclass(frozen=True, slots=True)
class Decided:
    """A relation of decided values: what to select from, the columns of bindings, the columns of
    the customer's key and (None: a run without events) the event's. `weights` are those of score
    lines that are the same for everybody; `turn` is the column that says which of the customer's
    events it is. `later` are bindings without a column, as SQL over the others. `event_type` is the
    type of the events, where a row of a file has to say it. `texts` are all that a binding can be,
    where its column is an ENUM of DuckDB's; none where it is never known."""

    relation: str
    columns: Mapping[str, str]
    customer: str
    event: str | None
    dialect: Dialect
    weights: Mapping[str, int] = field(default_factory=dict)
    turn: str | None = None
    later: Mapping[str, str] = field(default_factory=dict)
    event_type: str | None = None
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, binding: str) -> str:
        """A binding's held value."""
        text = self.later.get(binding)
        return self.dialect.identifier(self.columns[binding]) if text is None else f"({text})"

    def holds(self, guards: Sequence[str]) -> str:
        return " AND ".join(map(self.of, guards))


def keys(decided: Decided) -> list[str]:
    """The columns that say whom and what a row is about; in runs about events the turn as well."""
    quoted = decided.dialect.identifier
    items = [f"{quoted(decided.customer)} AS customer"]
    if decided.event is not None:
        items.append(f"{quoted(decided.event)} AS event")
    if decided.event_type is not None:
        items.append(f"{decided.dialect.literal(decided.event_type)} AS event_type")
    if decided.turn is not None:
        items.append(quoted(decided.turn))
    return items


def decisions(columns: Sequence[Column], decided: Decided) -> str:
    """The SELECT of decisions.parquet."""
    quoted = decided.dialect.identifier
    items = keys(decided)
    items += [f"{cell(each.content, decided)} AS {quoted(each.name)}" for each in columns]
    return f"SELECT {_lines(items)}\nFROM {decided.relation}"


def _lines(items: Sequence[str]) -> str:
    return ",\n  ".join(items)


# ---------------------------------------------------------------- cells


def cell(content: Content, decided: Decided, out: Published | None = None) -> str:
    """A content as a column; `out` where the column's type is not the content's own."""
    dialect = decided.dialect
    match content:
        case Value():
            kind = published(content.type) if out is None else out
            made = value(decided.of(content.binding), content.type, kind, dialect)
            if not content.guards:
                return made
            return f"CASE WHEN {decided.holds(content.guards)} THEN {made} END"
        case Constant():
            return _constant(content, out, dialect)
        case Codes():
            return _codes(content.codes, decided)
        case Stops():
            return _stops(content, decided)
        case RowsOf():
            return _rows(content, decided)
        case _:
            assert_never(content)


def _constant(content: Constant, out: Published | None, dialect: Dialect) -> str:
    match content.value:
        case None:
            return f"CAST(NULL AS {dialect.type_name(out or 'text')})"
        case bool():
            return "true" if content.value else "false"
        case int():
            return str(content.value)
        case str():
            return dialect.literal(content.value)


def _codes(codes: tuple[Code, ...], decided: Decided) -> str:
    dialect = decided.dialect
    if not codes:
        return dialect.empty_list()
    weights = [0 if c.weight is None else decided.weights.get(c.weight) for c in codes]
    guards = [_surely(code, decided) for code in codes]
    texts = [dialect.literal(code.text) for code in codes]
    if None not in weights:
        order = sorted(range(len(codes)), key=lambda place: -abs(weights[place] or 0))
        return dialect.texts_kept([(guards[place], texts[place]) for place in order])
    sizes = [
        f"coalesce({decided.of(code.weight)}, 0)" if code.weight is not None else "0"
        for code in codes
    ]
    return dialect.weighed(list(zip(guards, sizes, texts, strict=True)))


def _stops(content: Stops, decided: Decided) -> str:
    dialect = decided.dialect
    if all(stop in decided.texts for _, stop in content.stops):
        return few_listed(
            [
                (decided.of(stop), tuple(f"{rule} {text}" for text in decided.texts[stop]))
                for rule, stop in content.stops
                if decided.texts[stop]
            ]
        )
    known = [
        (decided.of(stop), f"{dialect.literal(f'{rule} ')} || {decided.of(stop)}")
        for rule, stop in content.stops
    ]
    if dialect.name == "spark" and known:  # it would put the text together to see that it is known
        return dialect.kept([(f"{said} IS NOT NULL", text) for said, text in known])
    return dialect.listed([text for _, text in known])


def _surely(code: Code, decided: Decided) -> str:
    return "true" if code.guard is None else f"coalesce({decided.of(code.guard)}, false)"


def _rows(content: RowsOf, decided: Decided) -> str:
    dialect = decided.dialect
    outs = row_types(content)
    items = []
    for row in content.rows:
        fields = [(name, cell(each, decided, outs[name])) for name, each in row.fields]
        guard = "true" if row.guard is None else f"coalesce({decided.of(row.guard)}, false)"
        items.append((guard, dialect.struct(fields)))
    return dialect.kept(items)


def row_types(content: RowsOf) -> dict[str, Published]:
    """What each field of a list of rows is published as."""
    kinds: dict[str, list[Published]] = {}
    for row in content.rows:
        for name, each in row.fields:
            kinds.setdefault(name, []).extend(kinds_of(each))
    return {name: together(found) or "text" for name, found in kinds.items()}


def kinds_of(content: Content) -> list[Published]:
    match content:
        case Value():
            return [published(content.type)]
        case Constant(value=bool()):
            return ["bool"]
        case Constant(value=int()):
            return [published(INT)]
        case Constant(value=str()):
            return ["text"]
        case Constant():
            return []
        case Codes() | Stops():
            return ["texts"]
        case RowsOf():
            return ["text"]
        case _:
            assert_never(content)
