"""The customer pyramid and the counting of heads: sales = heads × frequency × value, layer by
layer, and which layer's heads, orders or basket changed the sales since the earlier run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from siyu.population.engines.duck import quoted
from siyu.population.report.base import Base
from siyu.population.report.exact import Number, ratio, rounded, share, total
from siyu.population.report.folder import ReportFailed
from siyu.population.report.model import Layer, LayerChange, Pyramid
from siyu.types import minor_digits
from siyu.words import Words, say

LAYERED = {"tier": "tiers", "classify": "classes", "class": "classes"}
FREQUENCY_DIGITS = 6
OF_SALES = ("next.missing.", "keep.missing.")


PYRAMID = ("pyramid", "金字塔")
WORTH = ("rfm", "value", "价值")  # of classes: what customers are worth, not where they stand


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the pyramid is made of: a tier or class with its section, and metrics for sales and
    orders."""

    of: str
    section: str
    sales: str | None
    orders: str | None


def choose(
    base: Base, of: str | None = None, sales: str | None = None, orders: str | None = None
) -> Chosen | None:
    """What was asked for; else what is called a pyramid, or the first tier, or a class that is
    called after what customers are worth (or the first), the amount of money that its levels are
    missing, and the metric of whole numbers that is called after orders. None where the policy has
    neither tier nor class. Raises ReportFailed for names that are not there."""
    kinds = base.folder.part("kinds")
    layered = tuple(n for kind in ("tier", *LAYERED) for n in base.folder.named(kind))
    if of is not None and of not in layered:
        said = say("the run decides no tier or class `{name}`", name=of)
        raise ReportFailed(said, _has(tuple(dict.fromkeys(layered))))
    for name in (sales, orders):
        if name is not None and not _summable(base, name):
            said = say("the run has no metric `{name}` that can be summed", name=name)
            metrics = tuple(n for n in base.folder.named("metric") if _summable(base, n))
            raise ReportFailed(said, _has(metrics))
    if of is None:
        there = [n for n in layered if base.column(LAYERED[kinds[n]], n)]
        tiers = [n for n in there if kinds[n] == "tier"]
        called = [n for n in there if _is_called(base, n, PYRAMID)]
        worth = [n for n in there if _is_called(base, n, WORTH)]
        of = next(iter((*called, *tiers, *worth, *there)), None)
    if of is None:
        return None
    sales = sales or _sales(base, of)
    return Chosen(of, LAYERED[kinds[of]], sales, orders or _orders(base, sales))


def _is_called(base: Base, name: str, words: tuple[str, ...]) -> bool:
    """Whether its name or label has one of the words."""
    label = base.folder.part("labels").get(name, "")
    return any(word in f"{name} {label}".casefold() for word in words)


def _has(names: tuple[str, ...]) -> Words:
    return say("it has {names}", names=names) if names else say("it has none")


def _summable(base: Base, name: str) -> bool:
    column = base.column("metrics", name)
    known = base.folder.part("kinds").get(name) == "metric"
    return known and column is not None and base.is_number(column)


def _sales(base: Base, of: str) -> str | None:
    """An amount that the tier's levels are missing is what the tier goes by."""
    digits = minor_digits(base.folder.currency)
    for column in base.columns:
        for middle in OF_SALES:
            name = column.removeprefix(f"{of}.{middle}")
            if name != column and _summable(base, name):
                found = base.column("metrics", name)
                if found is not None and base.digits(found) == digits:
                    return name
    return None


def _orders(base: Base, sales: str | None) -> str | None:
    """Counts of orders, first the one over the same time as the sales: `orders_12m` of
    `spend_12m`."""
    found = []
    for name in base.folder.named("metric"):
        column = base.column("metrics", name)
        if column and base.columns[column] in ("BIGINT", "INTEGER") and "orders" in name.lower():
            found.append(name)
    ending = sales.rpartition("_")[2] if sales and "_" in sales else None
    return next((n for n in found if ending and n.endswith(f"_{ending}")), next(iter(found), None))


# ---------------------------------------------------------------- what is counted


def pyramid(base: Base, chosen: Chosen, earlier: Base | None) -> Pyramid:
    """The layers from the top, beside those of the earlier run where it has such layers."""
    order = order_of(base, chosen.of, chosen.section)
    layers = layers_of(base, chosen, chosen.section, chosen.of, order)
    before = None
    if earlier is not None and earlier.column(chosen.section, chosen.of):
        before = layers_of(earlier, chosen, chosen.section, chosen.of, order)
    changes = _changes(layers, before) if before is not None and chosen.sales else None
    return Pyramid(
        chosen.of, chosen.sales, chosen.orders, layers, whole(base, layers), before,
        None if before is None else whole(base, before), changes,
    )  # fmt: skip


def order_of(base: Base, name: str, section: str) -> tuple[str, ...]:
    """Levels from the top, as each one's next level says; cases as the run counts them."""
    counts = base.folder.part("counts", section, name)
    counted = counts.get("levels", counts)
    stated = base.folder.part("cases").get(name, ())  # as declared; JSON objects are sorted
    known = tuple(dict.fromkeys((*map(str, stated), *(c for c in counted if c != "unknown"))))
    column, above = base.column(section, name), base.column(section, f"{name}.next")
    if section != "tiers" or column is None or above is None:
        return known
    pairs = base.rows(
        f"SELECT DISTINCT {quoted(column)}, {quoted(above)} FROM decisions"
        f" WHERE {quoted(column)} IS NOT NULL ORDER BY ALL"
    )
    higher = dict(pairs)
    height = {each: _height(each, higher) for each in (*higher, *higher.values()) if each}
    if len(set(height.values())) < len(height):
        return known
    found = sorted(height, key=lambda each: height[each])
    return (*found, *(each for each in known if each not in height))


def _height(level: str, higher: dict[str, str | None]) -> int:
    """How many levels stand above one."""
    seen = [level]
    while (above := higher.get(seen[-1])) is not None and above not in seen:
        seen.append(above)
    return len(seen)


def layers_of(
    base: Base, chosen: Chosen | None, section: str, name: str, order: tuple[str, ...]
) -> tuple[Layer, ...]:
    """The customers of each level or case, in an order; the unknown ones last, where there are
    any."""
    column = base.column(section, name)
    assert column is not None
    sums = []
    for metric in (chosen.sales, chosen.orders) if chosen else (None, None):
        found = base.column("metrics", metric) if metric else None
        sums.append("NULL" if found is None else f"coalesce(sum({quoted(found)}), 0)")
    counted = base.rows(
        f"SELECT {quoted(column)} AS layer, count(*), {', '.join(sums)} FROM decisions"
        " GROUP BY layer ORDER BY layer NULLS LAST"
    )
    by_name = {layer: (heads, sales, orders) for layer, heads, sales, orders in counted}
    names: list[str | None] = [*order, *(n for n in by_name if n is not None and n not in order)]
    if None in by_name:
        names.append(None)
    raw = [(name, *by_name.get(name, (0, *_nothing(base, chosen)))) for name in names]
    heads = sum(each[1] for each in raw)
    sales = total([each[2] for each in raw])
    return tuple(_layer(base, *each, heads, sales) for each in raw)


def _nothing(base: Base, chosen: Chosen | None) -> tuple[Number | None, Number | None]:
    sales = Decimal(0).scaleb(-minor_digits(base.folder.currency))
    return (sales if chosen and chosen.sales else None, 0 if chosen and chosen.orders else None)


def _layer(
    base: Base, name: str | None, heads: int, sales: Number | None, orders: Number | None,
    all_heads: int, all_sales: Number | None,
) -> Layer:  # fmt: skip
    return Layer(
        name, heads, sales, orders, share(heads, all_heads), share(sales, all_sales),
        ratio(orders, heads, FREQUENCY_DIGITS),
        ratio(sales, orders, minor_digits(base.folder.currency)),
    )  # fmt: skip


def whole(base: Base, layers: Iterable[Layer]) -> Layer:
    """All layers together."""
    layers = tuple(layers)
    heads, sales = sum(each.heads for each in layers), total([each.sales for each in layers])
    orders = total([each.orders for each in layers])
    return _layer(base, None, heads, sales, orders, heads, sales)


# ---------------------------------------------------------------- what changed


def _changes(now: tuple[Layer, ...], before: tuple[Layer, ...]) -> tuple[LayerChange, ...]:
    past = {each.layer: each for each in before}
    names = dict.fromkeys(each.layer for each in (*now, *before))
    present = {each.layer: each for each in now}
    return tuple(_change(name, present.get(name), past.get(name)) for name in names)


def _change(name: str | None, now: Layer | None, then: Layer | None) -> LayerChange:
    """Heads first, at the frequency and value they had; then frequency, then value. Where there
    was nothing before, all of it is due to heads."""
    s1, s0 = (Decimal(each.sales or 0) if each else Decimal(0) for each in (now, then))
    digits = max(-int(each.as_tuple().exponent) for each in (s1, s0))
    h1, h0 = (each.heads if each else 0 for each in (now, then))
    o1, o0 = (each.orders if each else None for each in (now, then))
    all_of_it = s1 - s0
    if not h0 or not h1 or not s0:
        return LayerChange(name, all_of_it, Decimal(0), Decimal(0), all_of_it)
    heads = rounded(Fraction(h1 - h0) * Fraction(s0) / h0, digits)
    if not o0 or o1 is None:
        return LayerChange(name, heads, Decimal(0), all_of_it - heads, all_of_it)
    frequent = (Fraction(o1) - Fraction(h1) * Fraction(o0) / h0) * Fraction(s0) / Fraction(o0)
    frequency = rounded(frequent, digits)
    return LayerChange(name, heads, frequency, all_of_it - heads - frequency, all_of_it)
