"""The SELECT of outcomes.parquet: one after another for each rule, over the decided relation.

Where few outcomes happen, reading a column of guards for each rule and the rest only where one is
true was three times as fast on DuckDB as unnesting a list of all outcomes of a customer. Spark
reads the relation once, makes a row of each outcome's number, and looks then what it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from siyu.population.run.columns import Decided, cell, kinds_of
from siyu.population.run.dialect import Dialect, in_json
from siyu.population.run.few import few_texts, narrowed, stop_words
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
    few = few_texts(parts, decided, types)
    return "\nUNION ALL\n".join(
        f"{_select(part, decided, types, few)} WHERE {_where(part, decided)}" for part in parts
    )


def _where(part: Outcomes, decided: Decided) -> str:
    if part.stop is not None:
        return f"{decided.of(part.stop)} IS NOT NULL"
    if part.kind == "tier":
        change = dict(part.columns)["change"]
        assert isinstance(change, Value)
        return f"{decided.of(change.binding)} <> {decided.dialect.literal(NO_CHANGE)}"
    return decided.of(part.guard) if part.guard is not None else "true"


def _select(
    part: Outcomes | None,
    decided: Decided,
    types: Mapping[str, Published],
    few: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> str:
    quoted = decided.dialect.identifier
    cells = narrowed(_cells(part, decided, types), few)
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
        found["by"], found["code"] = stop_words(part.stop, decided) or _words(part.stop, decided)
    for name, content in part.columns:
        if name == "params" and isinstance(content, RowsOf):
            found[name] = _params(content, decided)
        else:
            found[name] = cell(content, decided, types[name])
    if part.kind == "tier":
        found["code"] = found["change"]
    return found


def _words(stop: str, decided: Decided) -> tuple[str, str]:
    """What stopped a rule: the word before the space, and the code behind it."""
    said = decided.of(stop)
    space = "strpos" if decided.dialect.name == "duckdb" else "instr"
    return (
        f"substr({said}, 1, {space}({said}, ' ') - 1)",
        f"substr({said}, {space}({said}, ' ') + 1)",
    )


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
    """One reading of the relation: a list of the numbers of the parts that happen, taken apart,
    then for each number what its part says."""
    dialect = decided.dialect
    quoted = dialect.identifier
    cells = [_cells(part, decided, types) for part in parts]
    guards = [f"coalesce({_where(part, decided)}, false)" for part in parts]
    happened = dialect.kept([(guard, str(place)) for place, guard in enumerate(guards)])
    items = [f"{cells[0][name]} AS {quoted(name)}" for name in ("customer", "event")]
    for name in OUTCOME_COLUMNS:
        if name not in ("customer", "event"):
            made = _by_number([each[name] for each in cells], types[name], dialect)
            items.append(f"{made} AS {quoted(name)}")
    if decided.turn is not None:
        items.append(quoted(decided.turn))
    return (
        f"SELECT {', '.join(items)}\n"
        f"FROM (SELECT *, explode({happened}) AS outcome FROM {decided.relation})"
    )


def _by_number(cells: Sequence[str], kind: Published, dialect: Dialect) -> str:
    """What stands in a column, by the number of the part; cells that are alike are said once."""
    empty = f"CAST(NULL AS {dialect.type_name(kind)})"
    alike: dict[str, list[str]] = {}
    for place, cell_of in enumerate(cells):
        if cell_of != empty:
            alike.setdefault(cell_of, []).append(str(place))
    if not alike:
        return empty
    if len(alike) == 1 and len(next(iter(alike.values()))) == len(cells):
        return f"CAST({cells[0]} AS {dialect.type_name(kind)})"
    arms = (
        f"WHEN outcome IN ({', '.join(places)}) THEN CAST({cell_of} AS {dialect.type_name(kind)})"
        for cell_of, places in alike.items()
    )
    return f"CASE {' '.join(arms)} END"
