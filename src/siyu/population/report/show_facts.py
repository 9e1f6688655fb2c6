"""Scores, decision tables, indicators and rejects, on the page."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from siyu.explain.html_parts import Child, Html, element
from siyu.population.report.drawn import HEADS, PAST, Series, bars, columns
from siyu.population.report.exact import share
from siyu.population.report.model import Indicator, Reject, Score, Table, TableRow
from siyu.population.report.parts import (
    folded,
    heading,
    legend,
    note,
    section,
    stack,
    table,
)  # fmt: skip
from siyu.population.report.said import CODES, KINDS
from siyu.population.report.shown import NOTHING, Shown
from siyu.words import say

HEAD_COUNT = say("Heads")
GROUPS = {"true": say("in it"), "false": say("not in it"), "unknown": say("unknown")}


def scores(found: tuple[Score, ...], shown: Shown) -> Html:
    """How each score is spread over the customers, and which of its lines counted."""
    return section("scores", shown.of(say("Scores")), *(_score(each, shown) for each in found))


def _score(each: Score, shown: Shown) -> Html:
    label = shown.label(each.name)
    facts = say(
        "from {low} to {high}, {average} on average; unknown for {unknown}",
        low=shown.number(each.low), high=shown.number(each.high),
        average=shown.number(each.average), unknown=shown.count(each.unknown),
    )  # fmt: skip
    heads = Series(shown.of(HEAD_COUNT), HEADS, [b.heads for b in each.bins],
                   [shown.count(b.heads) for b in each.bins])  # fmt: skip
    ranges = [f"{shown.number(b.low, 6)} ≤ … < {shown.number(b.high, 6)}" for b in each.bins]
    names = [shown.number(b.low, 6) for b in each.bins]
    chart = shown.chart(columns(names, ranges, heads), label) if each.bins else None
    everyone = each.known + each.unknown
    rows = [(r, shown.count(b.heads), shown.percent(share(b.heads, everyone)))
            for r, b in zip(ranges, each.bins, strict=True)]  # fmt: skip
    listing = table((shown.of(say("Score")), shown.of(HEAD_COUNT), shown.of(say("Share"))), rows)
    return stack(
        element("h3", shown.named(each.name), " ", element("small", shown.of(facts))),
        chart,
        element("details", element("summary", shown.of(say("As a table"))), listing),
        _lines(each, shown),
    )


def _lines(each: Score, shown: Shown) -> Html | None:
    if not each.reasons:
        return None
    heads = (shown.of(say("Line of the score")), shown.of(HEAD_COUNT), shown.of(say("Share")))
    everyone = each.known + each.unknown
    rows: list[tuple[Child, ...]] = []
    for code, count in each.reasons:
        label = shown.label_of(code, "")
        name = (
            element("span", label, " ", element("code", code)) if label else element("code", code)
        )
        rows.append((name, shown.count(count), shown.percent(share(count, everyone))))
    return folded(shown.of(say("Lines that counted")), table(heads, rows), len(rows))


# ---------------------------------------------------------------- tables


def tables(found: tuple[Table, ...], shown: Shown) -> Html:
    """Which rows of decision tables decide, and about how many."""
    return section(
        "tables", shown.of(say("Decision tables")), *(_table(each, shown) for each in found)
    )


def _table(each: Table, shown: Shown) -> Html:
    outputs = [name for name, _ in each.rows[0].outputs] if each.rows else []
    everyone = sum(row.heads for row in each.rows)
    names = [_row_name(row, each, shown) for row in each.rows]
    heads = Series(shown.of(HEAD_COUNT), HEADS, [row.heads for row in each.rows],
                   [shown.count(row.heads) for row in each.rows])  # fmt: skip
    titles: list[Child] = [shown.of(say("Row")), *map(_words, outputs), shown.of(HEAD_COUNT),
                           shown.of(say("Share"))]  # fmt: skip
    rows = [
        (name, *(_words(_output(value, shown)) for _, value in row.outputs),
         shown.count(row.heads), shown.percent(share(row.heads, everyone)))
        for name, row in zip(names, each.rows, strict=True)
    ]  # fmt: skip
    charted = [f"{name} · {first}" if (first := _first(row)) else name
               for name, row in zip(names, each.rows, strict=True)]  # fmt: skip
    return stack(
        element("h3", shown.named(each.name)),
        shown.chart(bars(charted, heads), shown.label(each.name)),
        folded(shown.of(say("All rows")), table(titles, rows), len(rows)),
    )


def _words(text: str) -> Html:
    return element("span", text, class_="words")


def _first(row: TableRow) -> str:
    return next((value for _, value in row.outputs if value is not None), "")


def _output(value: str | None, shown: Shown) -> str:
    return shown.of(say("differs")) if value is None else value


def _row_name(row: TableRow, table: Table, shown: Shown) -> str:
    if row.row is None:
        return shown.of(say("no row"))
    label = shown.label_of(f"{table.name}.row.{row.row}", "")
    return label or shown.of(say("row {row}", row=row.row))


# ---------------------------------------------------------------- indicators


def indicators(found: tuple[Indicator, ...], shown: Shown) -> Html:
    """The policy's own figures about everyone, by groups, and as they were."""
    compared = any(each.before is not None for each in found)
    heads = [shown.of(say("Indicator")), shown.of(say("Now"))]
    if compared:
        heads += [shown.of(say("Before")), shown.of(say("Change"))]
    rows = []
    for each in found:
        row: list[Child] = [shown.named(each.name), element("b", _value(each, each.value, shown))]
        if compared:
            row += [_value(each, each.before, shown), _difference(each, shown)]
        rows.append(row)
    grouped = (_groups(each, shown) for each in found if each.groups)
    return section(
        "indicators", shown.of(say("Indicators")), table(heads, rows),
        *(each for each in grouped),
    )  # fmt: skip


def _groups(each: Indicator, shown: Shown) -> Html:
    by = each.by or ""
    names = [
        shown.of(GROUPS[key]) if key in GROUPS else shown.case(by, key) for key, _, _ in each.groups
    ]
    now = Series(shown.of(say("Now")), HEADS, [_decimal(v) for _, v, _ in each.groups],
                 [_value(each, v, shown) for _, v, _ in each.groups])  # fmt: skip
    series, keys = [now], [(HEADS, now.name)]
    compared = any(before is not None for _, _, before in each.groups)
    if compared:
        then = Series(shown.of(say("Before")), PAST, [_decimal(b) for _, _, b in each.groups],
                      [_value(each, b, shown) for _, _, b in each.groups])  # fmt: skip
        series.append(then)
        keys.append((PAST, then.name))
    title = shown.of(say("{indicator} by {label}", indicator=shown.label(each.name),
                         label=shown.label(by)))  # fmt: skip
    heads = [shown.label(by), shown.of(say("Now")), *([shown.of(say("Before"))] * compared)]
    rows = [
        (name, _value(each, value, shown), *([_value(each, before, shown)] * compared))
        for name, (_, value, before) in zip(names, each.groups, strict=True)
    ]
    return stack(
        heading(title), legend(*keys) if compared else None,
        shown.chart(bars(names, *series), title), table(heads, rows),
    )  # fmt: skip


def _decimal(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        return None


def _is_share(each: Indicator) -> bool:
    """A decimal between -1 and 1, with its groups: a share, told in percent."""
    values = [_decimal(v) for v in (each.value, *(v for _, v, _ in each.groups)) if v is not None]
    small = all(v is not None and abs(v) <= 1 for v in values)
    return each.type.startswith(("decimal", "share")) and small and bool(values)


def _value(each: Indicator, text: str | None, shown: Shown) -> str:
    number = _decimal(text)
    if number is None:
        return text or NOTHING
    if _is_share(each):
        return shown.percent(number)
    if "money" in each.type or (shown.folder.currency and shown.folder.currency in each.type):
        return shown.money(number)
    return shown.number(number)


def _difference(each: Indicator, shown: Shown) -> str:
    now, then = _decimal(each.value), _decimal(each.before)
    if now is None or then is None:
        return NOTHING
    by = now - then
    sign = "+" if by > 0 else ""
    if _is_share(each):
        return shown.of(say("{points} points", points=f"{sign}{shown.number(by * 100, 1)}"))
    return f"{sign}{_value(each, str(by), shown)}"


# ---------------------------------------------------------------- rejects


def rejects(found: tuple[Reject, ...], shown: Shown) -> Html:
    """What was set aside, so that the figures can be trusted."""
    title = shown.of(say("Set aside"))
    about = shown.folder.part("occurred") or shown.folder.part("customers")
    read, rejected = int(about.get("read", 0)), int(about.get("rejected", 0))
    facts = {
        "rejected": shown.count(rejected), "read": shown.count(read),
        "share": shown.percent(share(rejected, read), 2),
    }  # fmt: skip
    lede = (
        say("{rejected} of {read} events, {share}, could not be decided about, and count nowhere "
            "on this page.", **facts)
        if shown.folder.about_events
        else say("{rejected} of {read} customers, {share}, could not be decided about, and count "
                 "nowhere on this page.", **facts)
    )  # fmt: skip
    if not found:
        return section("rejects", title, note(shown.of(say("Nothing was set aside."))))
    heads = (
        shown.of(say("Table")), shown.of(say("What")), shown.of(say("Field")),
        shown.of(say("Reason")), shown.of(say("Rows")), shown.of(say("Customers")),
    )  # fmt: skip
    rows = list(_rejects(found, shown))
    return section(
        "rejects", title,
        folded(shown.of(say("All reasons")), table(heads, rows, style="words4"), len(rows)),
        lede=shown.of(lede),
    )  # fmt: skip


def _reason(code: str, shown: Shown) -> Html:
    words = f"{shown.of(CODES[code])} " if code in CODES else None
    return element("span", words, element("code", code))


def _rejects(found: tuple[Reject, ...], shown: Shown) -> Iterator[tuple[Child, ...]]:
    for each in found:
        yield (
            each.source, shown.word(KINDS, each.kind),
            element("code", each.field) if each.field else NOTHING, _reason(each.code, shown),
            shown.count(each.rows), shown.count(each.customers),
        )  # fmt: skip
