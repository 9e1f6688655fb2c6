"""What the next run begins with: the levels held, and until when, under the schema's names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from siyu.core.program import Program
from siyu.population.run.columns import Decided, cell
from siyu.population.run.dialect import Dialect, value
from siyu.population.run.layout import Value, contents
from siyu.population.run.published import Published
from siyu.schema import Schema
from siyu.types import DATE, TEXT

WORDS: Mapping[str, tuple[str, Published]] = {
    "held level of ": ("level", "text"),
    "kept until of ": ("keep_until", "date"),
}


@dataclass(frozen=True, slots=True)
class StateField:
    """A field of the customer that holds what a tier's `word` was: "level" or "keep_until".
    `value` is what the run decided; None where the policy has no such tier."""

    name: str
    word: str
    kind: Published
    value: Value | None


def state_fields(program: Program, schema: Schema) -> tuple[StateField, ...]:
    """The fields of state.parquet behind `customer`, in the order of the schema."""
    tiers = {part.name: dict(contents(part.shape)) for part in program.parts
             if part.section == "tiers"}  # fmt: skip
    found = []
    for each in schema.fields.values():
        for role, (word, kind) in WORDS.items():
            if each.role is None or not each.role.startswith(role):
                continue
            content = tiers.get(each.role.removeprefix(role), {}).get((word,))
            held = content if isinstance(content, Value) else None
            if held is not None:
                found.append(StateField(each.name, word, kind, held))
    return tuple(found)


def state(fields: Sequence[StateField], decided: Decided) -> str:
    """The SELECT of what was decided."""
    quoted = decided.dialect.identifier
    items = [f"{quoted(decided.customer)} AS customer"]
    for each in fields:
        assert each.value is not None
        items.append(f"{cell(each.value, decided, each.kind)} AS {quoted(each.name)}")
    return f"SELECT {', '.join(items)} FROM {decided.relation}"


def kept_state(
    fields: Sequence[StateField], relation: str, inputs: Mapping[str, str], dialect: Dialect
) -> str:
    """The SELECT of what customers hold whom the run set aside: a bad row must not take anybody's
    level. `inputs` are the columns of the fields as they came in; None where nothing is read."""
    items = [f"{dialect.identifier('key')} AS customer"]
    for each in fields:
        column = inputs.get(each.name)
        if column is None:
            made = f"CAST(NULL AS {dialect.type_name(each.kind)})"
        else:
            kind = DATE if each.kind == "date" else TEXT
            made = value(dialect.identifier(column), kind, each.kind, dialect)
        items.append(f"{made} AS {dialect.identifier(each.name)}")
    return f"SELECT {', '.join(items)} FROM {relation}"
