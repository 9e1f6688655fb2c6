"""Contacts, and what stopped whatever was not done, on the page."""

from __future__ import annotations

from collections.abc import Iterable

from siyu.explain.html_parts import Child, Html
from siyu.population.report.drawn import Series, bars
from siyu.population.report.model import Outreach, Stopped
from siyu.population.report.parts import (
    folded,
    legend,
    section,
    table,
)  # fmt: skip
from siyu.population.report.said import (
    KINDS,
    PURPOSE_TONES,
    PURPOSES,
    STOP_TONES,
    STOPS,
    TONES,
)  # fmt: skip
from siyu.population.report.show_outcomes import RULE, coded
from siyu.population.report.shown import NOTHING, Shown
from siyu.words import say


def contacts(found: Outreach, shown: Shown) -> Html:
    """Contacts by channel and purpose, and by rule."""
    purposes = list(dict.fromkeys([p for p in PURPOSES if any(s.purpose == p for s in found.sent)]))
    purposes += sorted({s.purpose for s in found.sent if s.purpose and s.purpose not in PURPOSES})
    sums: dict[str, int] = {}
    for each in found.sent:
        sums[each.channel or ""] = sums.get(each.channel or "", 0) + each.contacts
    channels = sorted(sums, key=lambda name: (-sums[name], name))
    names = [shown.label(each) or NOTHING for each in channels]
    tones = {p: PURPOSE_TONES.get(p, TONES[place % len(TONES)]) for place, p in enumerate(purposes)}
    series = []
    for purpose in purposes:
        values = [_sent(found, purpose, channel) for channel in channels]
        series.append(Series(shown.word(PURPOSES, purpose), tones[purpose], values,
                             [shown.count(v) for v in values]))  # fmt: skip
    title = shown.of(say("Contacts"))
    heads = [shown.of(say("Channel")), *(each.name for each in series), shown.of(say("All"))]
    rows: list[tuple[Child, ...]] = [
        (name, *(shown.count(int(each.values[row] or 0)) for each in series),
         shown.count(sums[channels[row]]))
        for row, name in enumerate(names)
    ]  # fmt: skip
    totals = [sum(int(v or 0) for v in each.values) for each in series]
    rows.append((shown.of(say("All")), *map(shown.count, totals), shown.count(sum(sums.values()))))
    return section(
        "contacts", title, legend(*((tones[p], shown.word(PURPOSES, p)) for p in purposes)),
        shown.chart(bars(names, *series, stacked=True), title), table(heads, rows, total=True),
        _by_rule(found, shown), lede=_reached(found, shown),
    )  # fmt: skip


def _sent(found: Outreach, purpose: str, channel: str) -> int:
    return sum(s.contacts for s in found.sent
               if s.purpose == purpose and (s.channel or "") == channel)  # fmt: skip


def _reached(found: Outreach, shown: Shown) -> str:
    stopped = sum(each.times for each in found.stopped if each.kind == "contact")
    sent = sum(each.contacts for each in found.sent)
    said = say("{sent} contacts go out; {stopped} were wanted and stopped.",
               sent=shown.count(sent), stopped=shown.count(stopped))  # fmt: skip
    return shown.of(said)


def _by_rule(found: Outreach, shown: Shown) -> Html:
    counts: dict[tuple[str, str | None], int] = {}
    for each in found.sent:
        key = each.rule, each.purpose
        counts[key] = counts.get(key, 0) + each.contacts
    rows = [
        (shown.named(rule), shown.word(PURPOSES, purpose), shown.count(count))
        for (rule, purpose), count in counts.items()
    ]
    heads = (shown.of(RULE), shown.of(say("Purpose")), shown.of(say("Contacts")))
    return folded(shown.of(say("By rule")), table(heads, rows, style="words2"), len(rows))


# ---------------------------------------------------------------- what stopped the others


def stopped(found: tuple[Stopped, ...], shown: Shown) -> Html:
    """Why what could have been given, sent or posted was not, rule by rule."""
    rules = _ranked((each.rule, each.times) for each in found)
    present = _ranked((each.by, each.times) for each in found)
    words = [by for by in STOPS if by in present] + [by for by in present if by not in STOPS]
    tones = {by: STOP_TONES.get(by, TONES[place % len(TONES)]) for place, by in enumerate(words)}
    series = []
    for by in words:
        values = [sum(s.times for s in found if s.rule == rule and s.by == by) for rule in rules]
        series.append(Series(shown.word(STOPS, by), tones[by], values,
                             [shown.count(v) for v in values]))  # fmt: skip
    title = shown.of(say("What stopped the others"))
    heads = (shown.of(RULE), shown.of(say("Kind")), shown.of(say("Stopped by")),
             shown.of(say("Where the policy says so")), shown.of(say("Times")))  # fmt: skip
    rows = [
        (shown.label(s.rule), shown.word(KINDS, s.kind), shown.word(STOPS, s.by),
         coded(s.code, shown), shown.count(s.times))
        for s in found
    ]  # fmt: skip
    return section(
        "stopped", title, legend(*((tones[by], shown.word(STOPS, by)) for by in words)),
        shown.chart(bars([shown.label(r) for r in rules], *series, stacked=True), title),
        folded(shown.of(say("All reasons, with their codes")), table(heads, rows, style="words4"),
               len(rows)),
        lede=_commonest(found, present, shown),
    )  # fmt: skip


def _ranked(counts: Iterable[tuple[str, int]]) -> list[str]:
    sums: dict[str, int] = {}
    for name, times in counts:
        sums[name] = sums.get(name, 0) + times
    return sorted(sums, key=lambda name: (-sums[name], name))


def _commonest(found: tuple[Stopped, ...], present: list[str], shown: Shown) -> str:
    times = sum(each.times for each in found if each.by == present[0])
    all_times = sum(each.times for each in found)
    said = say(
        "The commonest reason is “{reason}”: {times} of {all}.",
        reason=shown.word(STOPS, present[0]), times=shown.count(times), all=shown.count(all_times),
    )  # fmt: skip
    return shown.of(said)
