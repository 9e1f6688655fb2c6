"""Columns of outcomes.parquet that hold few texts, all of them known: DuckDB copies and writes them
as members of an ENUM, which the file then has as texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from siyu.evaluators.sql.texts import as_enum, closed, enum_of
from siyu.functions.sql import literal
from siyu.population.run.columns import Decided
from siyu.population.run.layout import OUTCOME_COLUMNS, Constant, Content, Outcomes, RowsOf, Value
from siyu.population.run.published import Published
from siyu.types import EnumType, LevelType, TextType

LONGEST = 100_000  # characters that saying the members in each part may take
PRIVATE = ("customer", "event", "id", "receiver")
NOTHING = ("",)  # what an ENUM is of whose column is empty


def few_texts(
    parts: Sequence[Outcomes], decided: Decided, types: Mapping[str, Published]
) -> dict[str, tuple[str, ...]]:
    """The texts that each such column has; nothing of the others. On DuckDB only."""
    if decided.dialect.name != "duckdb":
        return {}
    said = [_said(part, decided) for part in parts]
    found: dict[str, tuple[str, ...]] = {}
    for name in OUTCOME_COLUMNS:
        if types[name] != "text":
            continue
        if name in PRIVATE:
            if not _is_said(name, said, decided):
                found[name] = NOTHING
            continue
        texts: set[str] | None = set()
        for each in said:
            more = each.get(name, frozenset())
            texts = None if texts is None or more is None else texts | more
        members = closed(texts)
        if members is not None and len(enum_of(members or NOTHING)) * len(parts) <= LONGEST:
            found[name] = members or NOTHING
    return found


def _is_said(
    name: str, said: Sequence[Mapping[str, frozenset[str] | None]], decided: Decided
) -> bool:
    """Whether any row has such a column."""
    if name == "customer" or (name == "event" and decided.event is not None):
        return True
    return any(name in each for each in said)


def _said(part: Outcomes, decided: Decided) -> dict[str, frozenset[str] | None]:
    """What a part's rows may say in a column; None: anything."""
    found: dict[str, frozenset[str] | None] = {"kind": frozenset({part.kind})}
    found["rule"] = frozenset({part.rule})
    if decided.event_type is not None:
        found["event_type"] = frozenset({decided.event_type})
    if part.stop is not None:
        texts = decided.texts.get(part.stop)
        for place, name in enumerate(("by", "code")):
            words = None if texts is None else {text.split(" ", 1)[place] for text in texts}
            found[name] = None if words is None else frozenset(words)
    for name, content in part.columns:
        found[name] = _of(content, decided)
    if part.kind == "tier":
        found["code"] = found["change"]
    return found


def _of(content: Content, decided: Decided) -> frozenset[str] | None:
    match content:
        case Constant(value=None):
            return frozenset()
        case Constant(value=str(text)):
            return frozenset({text})
        case Value() if isinstance(content.type, TextType | EnumType | LevelType):
            texts = decided.texts.get(content.binding)
            return None if texts is None else frozenset(texts)
        case RowsOf() if not content.rows[0].fields:
            return frozenset({"{}"})  # no parameters
        case _:
            return None


def stop_words(stop: str, decided: Decided) -> tuple[str, str] | None:
    """What `by` and `code` say of a stop whose texts are known: each picked by the text."""
    texts = decided.texts.get(stop)
    if texts is None:
        return None
    held = decided.of(stop)
    found = []
    for place in (0, 1):
        words = [literal(text.split(" ", 1)[place], "duckdb") for text in texts]
        if len(set(words)) <= 1:
            found.append(words[0] if words else "CAST(NULL AS VARCHAR)")
            continue
        arms = (f"WHEN {literal(t, 'duckdb')} THEN {w}" for t, w in zip(texts, words, strict=True))
        found.append(f"CASE {held} {' '.join(arms)} END")
    return found[0], found[1]


def narrowed(cells: Mapping[str, str], few: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The cells, those of such columns as members of their ENUM."""
    return {name: as_enum(text, few[name]) if name in few else text for name, text in cells.items()}
