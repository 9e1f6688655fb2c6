"""Segments with their overlaps, stages of a class and how they cross the pyramid, and the way
customers took from level to level."""

from __future__ import annotations

from siyu.population.engines.duck import quoted
from siyu.population.report.base import Base, pattern, text
from siyu.population.report.exact import share
from siyu.population.report.layers import LAYERED, Chosen, layers_of, order_of
from siyu.population.report.model import (
    Movement,
    Movements,
    Overlap,
    Segment,
    Segments,
    Stages,
)

MOST_COMPARED = 12
"""Segments whose overlaps are counted, the largest ones: a matrix of more cannot be read."""
MOST_OVERLAPS = 15
CLASSES = ("classify", "class")


def segments(base: Base, earlier: Base | None) -> Segments | None:
    """All segments, None where the policy has none."""
    columns = _segment_columns(base)
    if not columns:
        return None
    counts = ", ".join(
        f"count_if({c}), count_if(NOT {c}), count_if({c} IS NULL)"
        for c in map(quoted, columns.values())
    )
    found = base.rows(f"SELECT {counts} FROM decisions")[0]
    past = _sizes(earlier) if earlier is not None else {}
    sized = []
    for place, name in enumerate(columns):
        true, false, unknown = (n or 0 for n in found[place * 3 : place * 3 + 3])
        part = share(true, true + false + unknown)
        sized.append(Segment(name, true, false, unknown, part, past.get(name)))
    sized.sort(key=lambda each: (-each.true, each.name))
    compared = tuple(each.name for each in sized[:MOST_COMPARED])
    overlaps, further, both = _overlaps(base, [columns[name] for name in compared], compared)
    return Segments(tuple(sized), compared, overlaps, further, both)


def _segment_columns(base: Base) -> dict[str, str]:
    found = {name: base.column("segments", name) for name in base.folder.named("segment")}
    return {name: column for name, column in found.items() if column is not None}


def _sizes(base: Base) -> dict[str, int]:
    columns = _segment_columns(base)
    if not columns:
        return {}
    counts = ", ".join(f"count_if({quoted(each)})" for each in columns.values())
    found = base.rows(f"SELECT {counts} FROM decisions")[0]
    return {name: count or 0 for name, count in zip(columns, found, strict=True)}


def _overlaps(
    base: Base, columns: list[str], names: tuple[str, ...]
) -> tuple[tuple[Overlap, ...], int, tuple[tuple[int, ...], ...]]:
    """Every customer's segments become the bits of one number; at most 2¹² of them are counted."""
    bits = " + ".join(
        f"CASE WHEN {quoted(each)} THEN {1 << place} ELSE 0 END"
        for place, each in enumerate(columns)
    )
    found = base.rows(
        f"SELECT ({bits})::BIGINT AS bits, count(*) AS heads FROM decisions"
        " GROUP BY bits ORDER BY heads DESC, bits"
    )
    sets = [(_inside(bits, names), heads) for bits, heads in found if bits]
    listed = tuple(Overlap(inside, heads) for inside, heads in sets[:MOST_OVERLAPS])
    further = sum(heads for _, heads in sets[MOST_OVERLAPS:])
    both = tuple(
        tuple(sum(heads for inside, heads in sets if one in inside and other in inside)
              for other in names)
        for one in names
    )  # fmt: skip
    return listed, further, both


def _inside(bits: int, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for place, name in enumerate(names) if bits >> place & 1)


def stages(base: Base, chosen: Chosen | None, earlier: Base | None) -> tuple[Stages, ...]:
    """The classes of a run, without the one that is the pyramid itself."""
    found = []
    for name in base.folder.named(*CLASSES):
        column = base.column("classes", name)
        if column is None or (chosen is not None and chosen.of == name):
            continue
        order = order_of(base, name, "classes")
        cases = layers_of(base, chosen, "classes", name, order)
        before = None
        if earlier is not None and earlier.column("classes", name):
            past = layers_of(earlier, None, "classes", name, order)
            before = {each.layer or "": each.heads for each in past}
        levels, crossed = _crossed(base, chosen, column, tuple(each.layer for each in cases))
        found.append(Stages(name, cases, before, levels, crossed))
    return tuple(found)


def _crossed(
    base: Base, chosen: Chosen | None, column: str, cases: tuple[str | None, ...]
) -> tuple[tuple[str | None, ...], tuple[tuple[int, ...], ...]]:
    across = base.column(chosen.section, chosen.of) if chosen else None
    if chosen is None or across is None:
        return (), ()
    found = base.rows(
        f"SELECT {quoted(column)} AS one, {quoted(across)} AS other, count(*) FROM decisions"
        " GROUP BY one, other ORDER BY one, other"
    )
    heads = {(one, other): count for one, other, count in found}
    known = order_of(base, chosen.of, chosen.section)
    levels: list[str | None] = [*known]
    levels += dict.fromkeys(o for _, o in heads if o is not None and o not in known)
    if any(other is None for _, other in heads):
        levels.append(None)
    return tuple(levels), tuple(tuple(heads.get((c, v), 0) for v in levels) for c in cases)


CHANGES = ("entered", "upgraded", "kept", "in_grace", "downgraded")


def movements(base: Base, earlier: Base | None = None) -> tuple[Movements, ...]:
    """For each tier, from which level customers came to which, and by what change. Of a tier that
    remembers no level, from the one that the earlier run decided."""
    found = []
    for name in base.folder.named("tier"):
        words = (f"{name}.held", f"{name}.change", name)
        columns = [base.column(LAYERED["tier"], word) for word in words]
        if any(each is None for each in columns):
            continue
        held, change, level = (quoted(each or "") for each in columns)
        rows = base.rows(
            f"SELECT {held} AS held, {change} AS change, {level} AS level, count(*) FROM decisions"
            " GROUP BY ALL ORDER BY ALL"
        )
        order = order_of(base, name, "tiers")
        if earlier is not None and all(row[0] is None for row in rows):
            rows = _since(base, earlier, name, level, order) or rows
        moved = [Movement(*row) for row in rows]
        moved.sort(key=lambda each: _in_order(each, order))
        found.append(Movements(name, order, tuple(moved)))
    return tuple(found)


def _since(
    base: Base, earlier: Base, name: str, level: str, order: tuple[str, ...]
) -> list[tuple[str | None, str | None, str | None, int]]:
    """Held, change, level and heads, by what the earlier run decided; empty where it decided no
    such tier, or about events."""
    column = earlier.column(LAYERED["tier"], name)
    if column is None or earlier.folder.about_events or base.folder.about_events:
        return []
    place = text(pattern(earlier.folder.path / "decisions.parquet"))
    rows = base.rows(
        f"SELECT e.held, n.level, count(*) FROM (SELECT customer, {level} AS level "
        f"FROM decisions) n LEFT JOIN (SELECT customer, {quoted(column)} AS held "
        f"FROM read_parquet({place}, hive_partitioning = false)) e USING (customer) "
        "GROUP BY ALL ORDER BY ALL"
    )
    return [(held, _change(held, now, order), now, heads) for held, now, heads in rows]


def _change(held: str | None, now: str | None, order: tuple[str, ...]) -> str | None:
    """The change from a level to another; levels stand in their order from the top."""
    if now is None:
        return None
    if held is None or held == now:
        return "entered" if held is None else "kept"
    return "upgraded" if _place(now, order) < _place(held, order) else "downgraded"


def _in_order(each: Movement, order: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    return (_place(each.change, CHANGES), _place(each.held, order), _place(each.level, order))


def _place(word: str | None, order: tuple[str, ...]) -> tuple[int, str]:
    if word is None:
        return len(order) + 1, ""
    return (order.index(word) if word in order else len(order)), word
