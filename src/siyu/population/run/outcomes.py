"""The SELECT of outcomes.parquet: one after another for each rule, over the decided relation.

Where few outcomes happen, reading a column of guards for each rule and the rest only where one is
true was three times as fast on DuckDB as unnesting a list of all outcomes of a customer. Spark
reads the relation once and takes lists apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from siyu.population.run.columns import Decided, cell, kinds_of
from siyu.population.run.dialect import Dialect, in_json
from siyu.population.run.layout import (
    NO_CHANGE,
    OUTCOME_COLUMNS,
    Constant,
    Content,
    Outcomes,
    RowsOf,
    Value,
)
from siyu.population.run.published import Number, Published, together
from siyu.types import minor_digits

DATES = ("until", "usable_on", "expires_on", "valid_until")
AMOUNTS = ("amount", "worth", "cost")


def column_types(parts: Sequence[Outcomes], currency: str) -> dict[str, Published]:
    """What each column of outcomes.parquet is published as: the same for every run of a policy,
    and for most policies the same."""
    found: dict[str, Published] = dict.fromkeys(OUTCOME_COLUMNS, "text")
    found |= dict.fromkeys(DATES, "date")
    found |= {"not_before": "instant", "reasons": "texts", "points": Number(0)}
    for name in ("points", *AMOUNTS):
        kinds = [k for part in parts for column, content in part.columns
                 if column == name for k in kinds_of(content)]  # fmt: skip
        usual = Number(0) if name == "points" else Number(minor_digits(currency))
        found[name] = together(kinds) or usual
    return found


def outcomes(
    parts: Sequence[Outcomes], decided: Decided, types: Mapping[str, Published]
) -> str:  # fmt: skip
    """The SELECT of the rows that some parts give."""
    if not parts:
        return f"{_select(None, decided, types)} WHERE false"
    if decided.dialect.name == "spark":
        return _exploded(parts, decided, types)
    return "\nUNION ALL\n".join(
        f"{_select(part, decided, types)} WHERE {_where(part, decided)}" for part in parts
    )


def _where(part: Outcomes, decided: Decided) -> str:
    if part.stop is not None:
        return f"{decided.of(part.stop)} IS NOT NULL"
    if part.kind == "tier":
        change = dict(part.columns)["change"]
        assert isinstance(change, Value)
        return f"{decided.of(change.binding)} <> {decided.dialect.literal(NO_CHANGE)}"
    return decided.of(part.guard) if part.guard is not None else "true"


def _select(part: Outcomes | None, decided: Decided, types: Mapping[str, Published]) -> str:
    quoted = decided.dialect.identifier
    cells = _cells(part, decided, types)
    items = [f"{cells[name]} AS {quoted(name)}" for name in OUTCOME_COLUMNS]
    if decided.turn is not None:
        items.append(quoted(decided.turn))
    return f"SELECT {', '.join(items)} FROM {decided.relation}"


def _cells(
    part: Outcomes | None, decided: Decided, types: Mapping[str, Published]
) -> dict[str, str]:
    """Every column of a part's rows; null where the part says nothing of it."""
    dialect = decided.dialect
    found = {name: f"CAST(NULL AS {dialect.type_name(types[name])})" for name in OUTCOME_COLUMNS}
    found["customer"] = dialect.identifier(decided.customer)
    if decided.event is not None:
        found["event"] = dialect.identifier(decided.event)
    if decided.event_type is not None:
        found["event_type"] = dialect.literal(decided.event_type)
    if part is None:
        return found
    found["kind"], found["rule"] = dialect.literal(part.kind), dialect.literal(part.rule)
    if part.stop is not None:
        said = decided.of(part.stop)
        space = "strpos" if dialect.name == "duckdb" else "instr"
        found["by"] = f"substr({said}, 1, {space}({said}, ' ') - 1)"
        found["code"] = f"substr({said}, {space}({said}, ' ') + 1)"
    for name, content in part.columns:
        if name == "params" and isinstance(content, RowsOf):
            found[name] = _params(content, decided)
        else:
            found[name] = cell(content, decided, types[name])
    if part.kind == "tier":
        found["code"] = found["change"]
    return found


def _params(content: RowsOf, decided: Decided) -> str:
    """The parameters of a message as a JSON object."""
    fields = [(name, _param(each, decided)) for name, each in content.rows[0].fields]
    return decided.dialect.json(fields)


def _param(content: Content, decided: Decided) -> str:
    if isinstance(content, Value):
        return in_json(decided.of(content.binding), content.type, decided.dialect)
    assert isinstance(content, Constant)
    return cell(content, decided, "text")


def _exploded(parts: Sequence[Outcomes], decided: Decided, types: Mapping[str, Published]) -> str:
    """One reading of the relation: a list of structs where something happens, taken apart."""
    quoted = decided.dialect.identifier
    inner = [name for name in OUTCOME_COLUMNS if name not in ("customer", "event")]
    items = []
    for part in parts:
        cells = _cells(part, decided, types)
        fields = [(name, _typed(cells[name], types[name], decided.dialect)) for name in inner]
        items.append((f"coalesce({_where(part, decided)}, false)", decided.dialect.struct(fields)))
    event = quoted(decided.event) if decided.event is not None else "CAST(NULL AS STRING)"
    columns = ", ".join(f"outcome.{quoted(name)} AS {quoted(name)}" for name in inner)
    turn = "" if decided.turn is None else f", {quoted(decided.turn)}"
    return (
        f"SELECT customer, event, {columns}{turn} FROM (SELECT "
        f"{quoted(decided.customer)} AS customer, {event} AS event{turn}, "
        f"explode({decided.dialect.kept(items)}) AS outcome "
        f"FROM {decided.relation})"
    )


def _typed(made: str, kind: Published, dialect: Dialect) -> str:
    return f"CAST({made} AS {dialect.type_name(kind)})"
