"""The customer pyramid and the counting of heads, on the page."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from siyu.explain.html_parts import Child, Html, element
from siyu.population.report.drawn import HEADS, SALES, Series, bars, sides
from siyu.population.report.model import Layer, LayerChange, Pyramid
from siyu.population.report.parts import bar, heading, legend, note, section, stack, table
from siyu.population.report.shown import Shown
from siyu.words import Words, say

SHARE_OF_HEADS, SHARE_OF_SALES = say("Share of heads"), say("Share of sales")
HEAD_COUNT, SALES_WORD = say("Heads"), say("Sales")
ALL = say("All")


def pyramid(found: Pyramid, shown: Shown) -> Html:
    """Layers from the top: few heads that carry much of the sales."""
    title = _title(found, shown)
    return section(
        "pyramid", title, _chart(found, shown), _table(found, shown), _which(found, shown),
        lede=_lede(found, shown),
    )  # fmt: skip


def _title(found: Pyramid, shown: Shown) -> str:
    """The pyramid by its label, once where it is called so itself."""
    plain, label = shown.of(say("Customer pyramid")), shown.label(found.of)
    if label == plain:
        return plain
    return shown.of(say("Customer pyramid: {label}", label=label))


def _lede(found: Pyramid, shown: Shown) -> str | None:
    layers = [each for each in found.layers if each.layer is not None and each.heads]
    if not layers or found.sales is None or layers[0].share_of_sales is None:
        return None
    top = layers[0]
    said = say(
        "{name} is {heads} of the heads and brings {sales} of the sales.",
        name=shown.case(found.of, top.layer), heads=shown.percent(top.share_of_heads),
        sales=shown.percent(top.share_of_sales),
    )  # fmt: skip
    return shown.of(said)


def _chart(found: Pyramid, shown: Shown) -> Html:
    names = [shown.case(found.of, each.layer) for each in found.layers]
    heads = Series(
        shown.of(SHARE_OF_HEADS), HEADS, [each.share_of_heads for each in found.layers],
        [shown.percent(each.share_of_heads) for each in found.layers],
    )  # fmt: skip
    says = _title(found, shown)
    if found.sales is None:
        spec = bars(names, heads)
        return stack(legend((HEADS, heads.name)), shown.chart(spec, says))
    sales = Series(
        shown.of(SHARE_OF_SALES), SALES, [each.share_of_sales for each in found.layers],
        [shown.percent(each.share_of_sales) for each in found.layers],
    )  # fmt: skip
    return stack(
        legend((HEADS, heads.name), (SALES, sales.name)),
        shown.chart(sides(names, heads, sales), says),
    )


def _table(found: Pyramid, shown: Shown) -> Html:
    heads = [shown.label(found.of), shown.of(HEAD_COUNT), shown.of(SHARE_OF_HEADS)]
    if found.sales:
        heads += [shown.of(SALES_WORD), shown.of(SHARE_OF_SALES)]
    if found.orders:
        heads.append(shown.of(say("Orders a head")))
    if found.sales and found.orders:
        heads.append(shown.of(say("Average order")))
    rows = [
        (shown.cased(found.of, each.layer), *_figures(found, each, shown)) for each in found.layers
    ]
    rows.append((shown.of(ALL), *_figures(found, found.whole, shown)))
    return table(heads, rows, total=True)


def _figures(found: Pyramid, each: Layer, shown: Shown) -> Iterator[Child]:
    yield shown.count(each.heads)
    yield _barred(shown.percent(each.share_of_heads), each.share_of_heads, HEADS)
    if found.sales:
        yield shown.money(each.sales)
        yield _barred(shown.percent(each.share_of_sales), each.share_of_sales, SALES)
    if found.orders:
        yield shown.number(each.frequency)
    if found.sales and found.orders:
        yield shown.money(each.value)


def _barred(text: str, share: Decimal | None, tone: str) -> Html:
    return element("span", text, bar(share, tone), class_="barred")


def _which(found: Pyramid, shown: Shown) -> Html | None:
    """Which metrics the report takes for sales and orders."""
    if found.sales is None:
        said = say("Name the metric of sales with --sales, to see what each layer brings.")
    elif found.orders is None:
        said = say("Sales are “{sales}”. Name the metric of orders with --orders, to see how often "
                   "customers buy and what an order is worth.",
                   sales=shown.label(found.sales))  # fmt: skip
    else:
        said = say("Sales are “{sales}”, orders are “{orders}”.",
                   sales=shown.label(found.sales), orders=shown.label(found.orders))  # fmt: skip
    return note(shown.of(said))


# ---------------------------------------------------------------- counting heads


def heads(found: Pyramid, shown: Shown) -> Html | None:
    """Sales are heads times frequency times value: which layer changed them, and by which."""
    if found.sales is None or found.orders is None:
        return None
    inside: list[Child] = [_formula(found, shown)]
    if found.changes is not None and found.whole_before is not None:
        inside += [_changes_chart(found, found.changes, shown),
                   _changes_table(found, found.changes, shown)]  # fmt: skip
    return section("heads", shown.of(say("Counting heads")), *inside,
                   lede=_cause(found, shown))  # fmt: skip


def _formula(found: Pyramid, shown: Shown) -> Html:
    titles = (
        shown.of(HEAD_COUNT), shown.of(say("Orders a head")), shown.of(say("Average order")),
        shown.of(SALES_WORD),
    )  # fmt: skip
    whole, past = found.whole, found.whole_before
    now = (shown.count(whole.heads), shown.number(whole.frequency), shown.money(whole.value),
           shown.short_money(whole.sales))  # fmt: skip
    then = None
    if past is not None:
        then = (shown.count(past.heads), shown.number(past.frequency), shown.money(past.value),
                shown.short_money(past.sales))  # fmt: skip
    pieces: list[Child] = []
    for place, (title, figure) in enumerate(zip(titles, now, strict=True)):
        if place:
            pieces.append(element("span", "=" if place == 3 else "×", class_="sign"))
        before = shown.of(say("before {figure}", figure=then[place])) if then else None
        pieces.append(
            element("span", element("small", title), element("b", figure),
                    element("small", before) if before else None, class_="factor")
        )  # fmt: skip
    return element("p", *pieces, class_="formula")


def _cause(found: Pyramid, shown: Shown) -> str | None:
    past = found.whole_before
    if not found.changes or past is None or found.whole.sales is None or past.sales is None:
        return None
    by = Decimal(found.whole.sales) - Decimal(past.sales)
    if not by:
        return shown.of(say("Sales are what they were."))
    strongest = max(found.changes, key=lambda each: each.sales if by > 0 else -each.sales)
    facts = {
        "amount": shown.short_money(abs(by)), "name": shown.case(found.of, strongest.layer),
        "part": shown.short_money(strongest.sales), "why": _reason(strongest),
    }  # fmt: skip
    said = (
        say("Sales rose by {amount}. Most of it came with {name}: {part}, above all because {why}.",
            **facts)
        if by > 0
        else say("Sales fell by {amount}. Most of it was lost with {name}: {part}, above all "
                 "because {why}.", **facts)
    )  # fmt: skip
    return shown.of(said)


def _reason(each: LayerChange) -> Words:
    up = each.sales > 0
    causes = {"heads": each.heads, "frequency": each.frequency, "value": each.value}
    first = max(causes, key=lambda name: causes[name] if up else -causes[name])
    return _WHY[first, up]


_WHY: dict[tuple[str, bool], Words] = {
    ("heads", True): say("it has more heads"),
    ("heads", False): say("it has fewer heads"),
    ("frequency", True): say("its members order more often"),
    ("frequency", False): say("its members order less often"),
    ("value", True): say("an order is worth more"),
    ("value", False): say("an order is worth less"),
}


def _changes_chart(found: Pyramid, changes: tuple[LayerChange, ...], shown: Shown) -> Html:
    title = shown.of(say("What each layer added to the sales or took from them"))
    series = Series(
        shown.of(SALES_WORD), SALES, [each.sales for each in changes],
        [_short_signed(each.sales, shown) for each in changes],
        ["up" if each.sales >= 0 else "down" for each in changes],
    )  # fmt: skip
    names = [shown.case(found.of, each.layer) for each in changes]
    return stack(heading(title), shown.chart(bars(names, series), title))


def _short_signed(amount: Decimal, shown: Shown) -> str:
    said = shown.short_money(amount)
    return f"+{said}" if amount > 0 else said


def _changes_table(found: Pyramid, changes: tuple[LayerChange, ...], shown: Shown) -> Html:
    titles = (
        shown.label(found.of), shown.of(say("By heads")), shown.of(say("By frequency")),
        shown.of(say("By value")), shown.of(say("Sales, change")),
    )  # fmt: skip
    rows = [
        (shown.cased(found.of, each.layer), *map(shown.signed, _four(each))) for each in changes
    ]
    sums = tuple(
        sum((column[place] for column in map(_four, changes)), Decimal(0)) for place in range(4)
    )
    rows.append((shown.of(ALL), *map(shown.signed, sums)))
    return table(titles, rows, total=True)


def _four(each: LayerChange) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    return each.heads, each.frequency, each.value, each.sales
