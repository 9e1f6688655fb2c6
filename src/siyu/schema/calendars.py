"""Calendars: YAML files of named days, as a policy's `calendar` names them.

calendar: 1
labels: {zh: 中国节假日, en: Holidays of China}
source: 国务院办公厅关于2026年部分节假日安排的通知
covers: {from: 2026-01-01, to: 2026-12-31}
days:
  national_day:
    label: {zh: 国庆节, en: National Day}
    dates: [2026-10-01..2026-10-07]
  mid_autumn:
    label: {zh: 中秋节, en: Mid-Autumn Festival}
    covers: {from: 2026-01-01, to: 2027-12-31}      # a list may be known for longer than the others
    dates: [2026-09-25, 2027-09-15]

Pure: text in, values out. Reads on after a mistake, so that one run reports all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from siyu.diagnostics import Diagnostic, Note, in_source_order
from siyu.schema import diagnostics as problems
from siyu.schema.loading import Loading, described, setting
from siyu.schema.model import Labels
from siyu.schema.tree import List, Map, Pair, Scalar, Tree, read_tree
from siyu.text import Source, Span
from siyu.words import Words, say

TOP = ("calendar", "labels", "source", "covers", "days")
COVERS = ("from", "to")
DAYS = ("label", "covers", "dates")
VERSION = 1
MOST_DAYS = 5_000  # of one list: a day in three for forty years
THE_FILE = say("the calendar")
RIGHT = """\
calendar: 1
source: the shop's own plan
covers: {from: 2026-01-01, to: 2026-12-31}
days:
  sale: {dates: [2026-06-18, 2026-11-01..2026-11-11]}
"""


@dataclass(frozen=True, slots=True)
class Days:
    """One list of days: proleptic ordinals, ascending, each once. Between `first` and `last`, both
    included, it is known which days are in it and which are not."""

    name: str
    labels: Labels
    first: int
    last: int
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a file says."""

    labels: Labels
    source: str
    lists: Mapping[str, Days]


@dataclass(frozen=True, slots=True)
class LoadedCalendar:
    """`calendar` is None where nothing could be made of the file; after errors it is only good for
    finding more errors."""

    calendar: Calendar | None
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class NotADay(Diagnostic):
    code: ClassVar[str] = "E0801"
    message: ClassVar[str] = "{found} is no day"
    label: ClassVar[str] = "not a day"
    help: ClassVar[str] = (
        "write a date as in 2026-10-01, or the first and the last day as in 2026-10-01..2026-10-07"
    )
    page: ClassVar[str] = (
        "A calendar lists dates of the form year-month-day, or `first..last` for days in a row, "
        "both included; the first is not after the last."
    )
    wrong: ClassVar[str] = RIGHT.replace("2026-06-18", "2026-06-31")
    right: ClassVar[str] = RIGHT

    found: Words


@dataclass(frozen=True, slots=True)
class DayOutside(Diagnostic):
    code: ClassVar[str] = "E0802"
    message: ClassVar[str] = "`{day}` lies outside of the days that the calendar covers"
    label: ClassVar[str] = "not from {first} to {last}"
    help: ClassVar[str] = "correct the date, or say with `covers` that the calendar goes further"
    page: ClassVar[str] = (
        "`covers` says for which days the calendar is complete. Within them a day that is not "
        "listed is none; outside of them nobody can tell, so no day outside may be listed."
    )
    wrong: ClassVar[str] = RIGHT.replace("2026-06-18", "2025-06-18")
    right: ClassVar[str] = RIGHT

    day: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class DayListedTwice(Diagnostic):
    code: ClassVar[str] = "E0803"
    message: ClassVar[str] = "`{day}` is listed twice in `{name}`"
    label: ClassVar[str] = "the second one"
    help: ClassVar[str] = "keep one of the two"
    page: ClassVar[str] = (
        "A day that is listed twice is mostly another day, written wrongly. It may be in several "
        "lists of a calendar."
    )
    wrong: ClassVar[str] = RIGHT.replace("2026-06-18", "2026-11-11")
    right: ClassVar[str] = RIGHT

    day: str
    name: str
    first: Span

    @property
    def notes(self) -> tuple[Note, ...]:
        """Where it is listed first."""
        return (Note(say("the first one"), self.first),)


@dataclass(frozen=True, slots=True)
class WrongCalendar(Diagnostic):
    code: ClassVar[str] = "E0804"
    message: ClassVar[str] = "there is no calendar format {found} yet"
    label: ClassVar[str] = "not known"
    help: ClassVar[str] = "write `calendar: 1`"
    page: ClassVar[str] = "The first line of a calendar says in which format it is written."
    wrong: ClassVar[str] = RIGHT.replace("calendar: 1", "calendar: 2")
    right: ClassVar[str] = RIGHT

    found: Words


@dataclass(frozen=True, slots=True)
class CoversNothing(Diagnostic):
    code: ClassVar[str] = "E0805"
    message: ClassVar[str] = "the calendar covers no day: {first} is after {last}"
    label: ClassVar[str] = "the last day covered"
    help: ClassVar[str] = "write the earlier day behind `from`"
    page: ClassVar[str] = "`covers` names the first and the last day for which the lists are whole."
    wrong: ClassVar[str] = RIGHT.replace("to: 2026-12-31", "to: 2025-12-31").replace(
        "[2026-06-18, 2026-11-01..2026-11-11]", "[]"
    )
    right: ClassVar[str] = RIGHT

    first: str
    last: str


def load_calendar(source: Source) -> LoadedCalendar:
    """Reads a calendar file.

    >>> found = load_calendar(Source.of("cn.yaml", RIGHT)).calendar
    >>> len(found.lists["sale"].days)
    12
    """
    tree, found = read_tree(source)
    run = Loading("", found)
    top = run.object(tree, say("a calendar")) if tree is not None else None
    if top is None:
        if not found:
            run.report(problems.KeyMissing(Span(source.name, 0, 0), THE_FILE, "calendar"))
        return LoadedCalendar(None, in_source_order(found))
    calendar = _calendar(run, top)
    return LoadedCalendar(calendar, in_source_order(found))


def _calendar(run: Loading, top: Map) -> Calendar | None:
    run.check_keys(top, TOP, THE_FILE)
    _check_version(run, top)
    labels = run.labels(top.get("labels"), setting("labels", THE_FILE))
    source = run.word(run.need(top, "source", THE_FILE), setting("source", THE_FILE)) or ""
    covers = run.need(top, "covers", THE_FILE)
    covered = None if covers is None else _covered(run, covers, THE_FILE)
    tree = run.need(top, "days", THE_FILE)
    lists = {
        pair.key: _days(run, pair, covered) for pair in run.named(tree, setting("days", THE_FILE))
    }
    if covered is None:
        return None
    return Calendar(labels, source, {name: days for name, days in lists.items() if days})


def _check_version(run: Loading, top: Map) -> None:
    tree = run.need(top, "calendar", THE_FILE)
    if tree is not None and not (isinstance(tree, Scalar) and tree.text == str(VERSION)):
        run.report(WrongCalendar(tree.span, described(tree)))


def _covered(run: Loading, tree: Tree, of: Words) -> tuple[int, int] | None:
    """The first and the last day covered; None after a report."""
    where = setting("covers", of)
    covers = run.object(tree, where)
    if covers is None:
        return None
    run.check_keys(covers, COVERS, where)
    trees = [run.need(covers, key, where) for key in COVERS]
    days = [None if tree is None else _day(run, tree) for tree in trees]
    first, last = days
    if first is None or last is None or trees[1] is None:
        return None
    if first > last:
        run.report(CoversNothing(trees[1].span, _iso(first), _iso(last)))
        return None
    return first, last


def _day(run: Loading, tree: Tree) -> int | None:
    day = _ordinal(tree.text) if isinstance(tree, Scalar) else None
    if day is None:
        run.report(NotADay(tree.span, described(tree)))
    return day


def _ordinal(text: str) -> int | None:
    """The day of a text like 2026-10-01, in just this form."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day.toordinal() if day.isoformat() == text else None


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _days(run: Loading, pair: Pair, covered: tuple[int, int] | None) -> Days | None:
    """A list; None where nothing can be said about its days, after a report."""
    where = say("`{name}`", name=pair.key)
    of = run.object(pair.value, where)
    if of is None:
        return None
    own = of.get("covers")
    if own is not None:
        covered = _covered(run, own, where)
    run.check_keys(of, DAYS, where)
    labels = run.labels(of.get("label"), setting("label", where))
    dates = run.need(of, "dates", where)
    found: dict[int, Span] = {}
    if isinstance(dates, List):
        for item in dates.items:
            _take(run, item, pair.key, covered, found)
    elif dates is not None:
        run.wrong(dates, setting("dates", where), say("a list of dates"))
    return None if covered is None else Days(pair.key, labels, *covered, tuple(sorted(found)))


def _take(
    run: Loading, item: Tree, name: str, covered: tuple[int, int] | None, found: dict[int, Span]
) -> None:
    """Puts the days of one item among those found, with where they stand."""
    ends = _ends(item)
    if ends is None or ends[0] > ends[1] or ends[1] - ends[0] >= MOST_DAYS:
        run.report(NotADay(item.span, described(item)))
        return
    outside = _outside(ends, covered)
    if outside is not None and covered is not None:
        run.report(DayOutside(item.span, _iso(outside), _iso(covered[0]), _iso(covered[1])))
        return
    for day in range(ends[0], ends[1] + 1):
        if day in found:
            run.report(DayListedTwice(item.span, _iso(day), name, found[day]))
            return
        found[day] = item.span


def _ends(item: Tree) -> tuple[int, int] | None:
    if not isinstance(item, Scalar):
        return None
    first, dots, last = item.text.partition("..")
    start, end = _ordinal(first.strip()), _ordinal(last.strip() if dots else first.strip())
    return None if start is None or end is None else (start, end)


def _outside(ends: tuple[int, int], covered: tuple[int, int] | None) -> int | None:
    if covered is None or covered[0] <= ends[0] <= ends[1] <= covered[1]:
        return None
    return ends[0] if ends[0] < covered[0] or ends[0] > covered[1] else ends[1]
