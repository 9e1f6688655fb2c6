"""What is compared, as people write it: for those who may see it."""

from __future__ import annotations

from collections.abc import Sequence

from siyu.core.identities import Value
from siyu.population.engines import Engine
from siyu.population.identity.profiles import Profiles
from siyu.population.identity.reference import Ref
from siyu.population.run.dialect import as_text, dialect_of
from siyu.population.sources.sqltext import literal
from siyu.types import DateType, DecimalType


def written(text: str, value: Value, engine: str) -> str:
    """SQL of a key (which is text) as people write it; held dates are numbers of days."""
    if not isinstance(value.type, DateType | DecimalType):
        return text
    return as_text(f"CAST({text} AS BIGINT)", value.type, dialect_of(engine))


def keys_shown(
    engine: Engine, profiles: Profiles, refs: Sequence[Ref]
) -> dict[tuple[Ref, str], str]:
    """The keys of some profiles, by profile and field. The table `keys` must be there."""
    items = ", ".join(
        written(f"k{place}", value, engine.name) for place, (_, value) in enumerate(profiles.values)
    )
    where = " OR ".join(
        f"(channel = {literal(channel, engine.name)} AND profile = {literal(key, engine.name)})"
        for channel, key in refs
    )
    found = {}
    for channel, key, *shown in engine.rows(
        f"SELECT channel, profile, {items} FROM keys WHERE {where or 'FALSE'}"
    ):
        for (_, value), text in zip(profiles.values, shown, strict=True):
            if text is not None:
                found[(str(channel), str(key)), value.field] = str(text)
    return found
