"""Segments, stages and movements, on the page."""

from __future__ import annotations

from siyu.explain.html_parts import Child, Html, classes, element
from siyu.population.report.drawn import HEADS, PAST, SALES, Link, Node, Series, bars, flow
from siyu.population.report.exact import share
from siyu.population.report.model import Movement, Movements, Segment, Segments, Stages
from siyu.population.report.parts import (
    bar,
    folded,
    heading,
    heat,
    legend,
    note,
    section,
    stack,
    table,
)  # fmt: skip
from siyu.population.report.said import CHANGE_TONES, CHANGES
from siyu.population.report.shown import NOTHING, Shown
from siyu.words import say

NOW, BEFORE = say("Now"), say("Before")
HEAD_COUNT = say("Heads")


def segments(found: Segments, shown: Shown) -> Html:
    """How large segments are, and who is in several at once."""
    compared = any(each.before is not None for each in found.segments)
    series = [Series(shown.of(NOW), HEADS, [s.true for s in found.segments],
                     [shown.count(s.true) for s in found.segments])]  # fmt: skip
    keys = [(HEADS, shown.of(NOW))]
    if compared:
        series.append(Series(shown.of(BEFORE), PAST, [s.before for s in found.segments],
                             [shown.count(s.before) for s in found.segments]))  # fmt: skip
        keys.append((PAST, shown.of(BEFORE)))
    names = [shown.label(each.name) for each in found.segments]
    title = shown.of(say("Segments"))
    inside: list[Child] = [
        legend(*keys) if compared else None,
        shown.chart(bars(names, *series), title),
        _sizes(found.segments, compared, shown),
    ]
    if len(found.compared) > 1:
        inside += [_sets(found, shown), _pairs(found, shown)]
    return section("segments", title, *inside, lede=_largest(found, shown))


def _largest(found: Segments, shown: Shown) -> str | None:
    several = [each for each in found.overlaps if len(each.segments) > 1]
    if not several:
        return None
    both = ("、" if shown.speech.tongue == "zh" else ", ").join(
        shown.label(each) for each in several[0].segments
    )
    said = say("{heads} customers are in the largest overlap: {segments}.",
               heads=shown.count(several[0].heads), segments=both)  # fmt: skip
    return shown.of(said)


def _sizes(found: tuple[Segment, ...], compared: bool, shown: Shown) -> Html:
    heads = [shown.of(say("Segment")), shown.of(say("In it")), shown.of(say("Share")),
             shown.of(say("Unknown"))]  # fmt: skip
    if compared:
        heads += [shown.of(BEFORE), shown.of(say("Change"))]
    rows = []
    for each in found:
        row: list[Child] = [
            shown.named(each.name), shown.count(each.true), shown.percent(each.share),
            shown.count(each.unknown),
        ]  # fmt: skip
        if compared:
            moved = None if each.before is None else share(each.true - each.before, each.before)
            row += [shown.count(each.before), shown.change(moved)]
        rows.append(row)
    return folded(shown.of(say("All segments")), table(heads, rows), len(rows))


def _sets(found: Segments, shown: Shown) -> Html:
    """Exact intersections: a row for each set of segments, a dot for each segment in it."""
    heads = [shown.of(say("In exactly these")), *(shown.label(name) for name in found.compared)]
    most = max(each.heads for each in found.overlaps) if found.overlaps else 0
    rows = []
    for each in found.overlaps:
        size = element("span", shown.count(each.heads), bar(share(each.heads, most)),
                       class_=classes("barred", "wide"))  # fmt: skip
        dots = (
            element("span", "●" if name in each.segments else "·",
                    class_=classes("dot", name in each.segments and "in"))
            for name in found.compared
        )  # fmt: skip
        rows.append((size, *dots))
    said = heading(shown.of(say("Who is in which segments at once")))
    left = None
    if found.further:
        left = note(shown.of(say("Another {heads} customers are in smaller sets.",
                                 heads=shown.count(found.further))))  # fmt: skip
    return stack(said, table(heads, rows, style="sets"), left)


def _pairs(found: Segments, shown: Shown) -> Html:
    """Of the customers in the row's segment, the share that is in the column's too."""
    heads = ["", *(shown.label(name) for name in found.compared)]
    rows = []
    for place, name in enumerate(found.compared):
        own = found.both[place][place]
        cells = []
        for other, heads_in_both in enumerate(found.both[place]):
            part = share(heads_in_both, own)
            text = NOTHING if other == place else shown.percent(part, 0)
            cells.append(heat(text, None if other == place else part))
        rows.append((shown.label(name), *cells))
    said = heading(shown.of(say("Of those in the row's segment, how many are in the column's too")))
    return stack(said, table(heads, rows, style="matrix"))


# ---------------------------------------------------------------- stages


def stages(found: Stages, of: str | None, shown: Shown) -> Html:
    """The cases of a class with heads and sales, and how they cross the pyramid."""
    title = shown.of(say("Stages: {label}", label=shown.label(found.name)))
    names = [shown.case(found.name, each.layer) for each in found.stages]
    with_sales = any(each.sales is not None for each in found.stages)
    heads = Series(shown.of(say("Share of heads")), HEADS,
                   [each.share_of_heads for each in found.stages],
                   [shown.percent(each.share_of_heads) for each in found.stages])  # fmt: skip
    series, keys = [heads], [(HEADS, heads.name)]
    if with_sales:
        sales = Series(shown.of(say("Share of sales")), SALES,
                       [each.share_of_sales for each in found.stages],
                       [shown.percent(each.share_of_sales) for each in found.stages])  # fmt: skip
        series.append(sales)
        keys.append((SALES, sales.name))
    return section(
        f"stages-{found.name}", title, legend(*keys), shown.chart(bars(names, *series), title),
        _stage_table(found, with_sales, shown), _crossing(found, of, shown),
    )  # fmt: skip


def _stage_table(found: Stages, with_sales: bool, shown: Shown) -> Html:
    heads = [shown.label(found.name), shown.of(HEAD_COUNT), shown.of(say("Share of heads"))]
    if with_sales:
        heads += [shown.of(say("Sales")), shown.of(say("Share of sales"))]
    if found.before is not None:
        heads += [shown.of(BEFORE), shown.of(say("Change"))]
    rows = []
    for each in found.stages:
        row: list[Child] = [
            shown.cased(found.name, each.layer), shown.count(each.heads),
            shown.percent(each.share_of_heads),
        ]  # fmt: skip
        if with_sales:
            row += [shown.money(each.sales), shown.percent(each.share_of_sales)]
        if found.before is not None:
            then = found.before.get(each.layer or "", 0)
            row += [shown.count(then), shown.change(share(each.heads - then, then))]
        rows.append(row)
    return table(heads, rows)


def _crossing(found: Stages, of: str | None, shown: Shown) -> Html | None:
    if of is None or not found.levels:
        return None
    everyone = sum(map(sum, found.crossed))
    most = max(map(max, found.crossed), default=0)
    heads = ["", *(shown.case(of, level) for level in found.levels)]
    rows = []
    for stage, counts in zip(found.stages, found.crossed, strict=True):
        cells = (
            heat(f"{shown.count(n)} · {shown.percent(share(n, everyone))}", share(n, most))
            for n in counts
        )
        rows.append((shown.case(found.name, stage.layer), *cells))
    said = shown.of(say("{stages} across {levels}", stages=shown.label(found.name),
                        levels=shown.label(of)))  # fmt: skip
    return stack(heading(said), table(heads, rows, style="matrix"))


# ---------------------------------------------------------------- movements


def movements(found: Movements, shown: Shown) -> Html:
    """From the level that was held, by what change, to the level now."""
    title = shown.of(say("Movements: {label}", label=shown.label(found.name)))
    changes = [each for each in CHANGES if any(m.change == each for m in found.movements)]
    rows = [
        (
            _held(each.held, found, shown),
            shown.word(CHANGES, each.change) if each.change else shown.of(say("not decided")),
            shown.case(found.name, each.level),
            shown.count(each.heads),
        )
        for each in found.movements
    ]
    heads = (shown.of(say("Held")), shown.of(say("Change")), shown.of(say("Now")),
             shown.of(HEAD_COUNT))  # fmt: skip
    listing = table(heads, rows, style="words3")
    return section(
        f"movements-{found.name}", title,
        legend(*((CHANGE_TONES[each], shown.of(CHANGES[each])) for each in changes)),
        shown.chart(_flow(found, shown), title),
        folded(shown.of(say("All movements")), listing, len(rows)),
        lede=_up_and_down(found, shown),
    )  # fmt: skip


def _held(level: str | None, found: Movements, shown: Shown) -> str:
    return shown.of(say("no level")) if level is None else shown.case(found.name, level)


def _up_and_down(found: Movements, shown: Shown) -> str:
    counts = {each: sum(m.heads for m in found.movements if m.change == each) for each in CHANGES}
    said = say(
        "{up} went up, {down} came down, {grace} are in grace, {new} came in new.",
        up=shown.count(counts["upgraded"]), down=shown.count(counts["downgraded"]),
        grace=shown.count(counts["in_grace"]), new=shown.count(counts["entered"]),
    )  # fmt: skip
    return shown.of(said)


def _flow(found: Movements, shown: Shown) -> dict[str, object]:
    levels: list[str | None] = [*found.levels]
    nodes, links = [], []
    for depth, pick in ((0, _of_held), (1, _of_change), (2, _of_level)):
        known: list[str | None] = [*CHANGES] if depth == 1 else [*levels]
        present = [pick(each) for each in found.movements]
        order = [*(k for k in known if k in present)]
        order += sorted({p for p in present if p is not None and p not in known})
        order += [None] if None in present else []
        for name in order:
            heads = sum(each.heads for each in found.movements if pick(each) == name)
            nodes.append(Node(f"{depth}.{name or ''}", _node(depth, name, found, shown), depth,
                              _tone(depth, name), shown.count(heads)))  # fmt: skip
    for left, right, depth in ((_of_held, _of_change, 0), (_of_change, _of_level, 1)):
        pairs = dict.fromkeys((left(each), right(each)) for each in found.movements)
        for one, other in pairs:
            heads = sum(m.heads for m in found.movements if (left(m), right(m)) == (one, other))
            change = other if depth == 0 else one
            name = f"{_node(depth, one, found, shown)} → {_node(depth + 1, other, found, shown)}"
            links.append(Link(f"{depth}.{one or ''}", f"{depth + 1}.{other or ''}", heads, name,
                              shown.count(heads), _tone(1, change)))  # fmt: skip
    return flow(nodes, links)


def _of_held(each: Movement) -> str | None:
    return each.held


def _of_change(each: Movement) -> str | None:
    return each.change


def _of_level(each: Movement) -> str | None:
    return each.level


def _tone(depth: int, name: str | None) -> str:
    return CHANGE_TONES.get(name or "", "t8") if depth == 1 else "soft"


def _node(depth: int, name: str | None, found: Movements, shown: Shown) -> str:
    if depth == 1:
        return shown.of(CHANGES[name]) if name in CHANGES else shown.of(say("not decided"))
    return _held(name, found, shown) if depth == 0 else shown.case(found.name, name)
