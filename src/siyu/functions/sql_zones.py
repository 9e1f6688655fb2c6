"""How far a zone's clock is ahead, as SQL that knows no time zones.

Engines bring their own time zone data, of another year than Python's. So the changes of a zone are
asked of Python, and written down: those of the past as nested comparisons, the newest first; the
yearly ones that go on for ever as arithmetic. Such a rule names a day of the week in a stretch of
seven days, "the last Sunday of March", which is: the clock was changed this year, if the latest
such weekday lies on that stretch's first day or later. Nothing here ends with some year.

The same is done for the wall, where a change is seen when the clock shows a time that is beyond
both what it skips and what it repeats (see `zones`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from siyu.functions.declaration import Dialect
from siyu.functions.zones import DAY, EPOCH, FIRST, SECOND, change_after, plain_offset

WEEK = 7 * DAY
STEP = 3 * DAY  # no two changes of any zone are as near to each other
# Python's data begin after the one and have only rules after the other.
BEFORE_ALL, RULES_ONLY, ENOUGH = -4_200_000_000 * SECOND, 4_102_444_800 * SECOND, 41 * 366 * DAY
MARCH = 719_468  # days from 1 March of the year 0 to 1970


@dataclass(frozen=True, slots=True)
class Turn:
    """A yearly change: `ahead` from a moment on that, moved by `shift`, begins a week; its day is
    within seven days from day `low` of the year, counted from 1 March."""

    shift: int
    low: int
    ahead: int


@dataclass(frozen=True, slots=True)
class Rule:
    """The two turns of a year that begins in March, in their order."""

    first: Turn
    second: Turn


@dataclass(frozen=True, slots=True)
class Clock:
    """Microseconds ahead of UTC: `initial`, then from each change on what stands beside it, and
    from the last one on the rule, if there is one."""

    initial: int
    changes: tuple[tuple[int, int], ...]
    rule: Rule | None

    @property
    def always(self) -> int | None:
        """The offset, where it never changes."""
        return None if self.changes else self.initial


@cache
def clock(zone: str, *, wall: bool = False) -> Clock:
    """What a zone's clock does, by instants or by what the wall shows."""
    seen = [
        (at + (max(before, after) if wall else 0), after) for at, before, after in _changes(zone)
    ]
    initial = plain_offset(BEFORE_ALL, zone)
    fixed = [change for change in seen if change[0] < RULES_ONLY]
    yearly = [change for change in seen if change[0] >= RULES_ONLY]
    if not yearly:
        return Clock(initial, tuple(fixed), None)
    rule = _rule(yearly)
    start = next(n for n in range(len(seen)) if _follows(rule, seen[n:]))
    return Clock(initial, tuple(seen[: start + 1]), rule)


@cache
def _changes(zone: str) -> tuple[tuple[int, int, int], ...]:
    """The instants at which the offset becomes another: when, what it was, what it becomes."""
    found = []
    at, before = BEFORE_ALL, plain_offset(BEFORE_ALL, zone)
    while at < RULES_ONLY + ENOUGH:
        if plain_offset(at + STEP, zone) == before:
            at += STEP
            continue
        change = change_after(at, zone, at + STEP + 1)
        after = plain_offset(change, zone)
        found.append((change, before, after))
        at, before = change, after
    return tuple(found)


def changes_between(zone: str, low: int, high: int) -> list[int]:
    """The instants after one and before another at which the offset becomes another."""
    return [at for at, _, _ in _changes(zone) if low < at < high]


def _march_day(day: int) -> tuple[int, int]:
    """The year of a day since 1970, counted from March, and the day in it."""
    n = 4 * (day + MARCH) + 3
    rest = n % 146_097 // 4 * 4 + 3
    return n // 146_097 * 100 + rest // 1461, rest % 1461 // 4


def _rule(yearly: Sequence[tuple[int, int]]) -> Rule:
    turns: dict[int, list[int]] = {}
    for at, ahead in yearly:
        turns.setdefault(ahead, []).append(at)
    assert len(turns) == 2, "a rule has two turns a year"
    found = []
    for ahead, moments in turns.items():
        days = [_march_day(at // DAY)[1] for at in moments]
        assert len({at % WEEK for at in moments}) == 1 and max(days) - min(days) == 6, "a weekday"
        found.append(Turn(-moments[0] % WEEK, min(days), ahead))
    first, second = sorted(found, key=lambda turn: turn.low)
    # What begins or ends a year would be told from last year's by more than this arithmetic.
    assert 7 <= first.low < second.low - 13 and second.low < 340, "turns apart from March's start"
    return Rule(first, second)


def _follows(rule: Rule, changes: Sequence[tuple[int, int]]) -> bool:
    """Whether all of these changes are those of the rule, with none left out."""
    places = []
    for at, ahead in changes:
        turn = rule.first if ahead == rule.first.ahead else rule.second
        year, day = _march_day(at // DAY)
        if at < 0 or ahead != turn.ahead or (at + turn.shift) % WEEK:
            return False
        if not turn.low <= day <= turn.low + 6:
            return False
        places.append(2 * year + (turn is rule.second))
    return all(b == a + 1 for a, b in pairwise(places))


# ------------------------------------------------------------------------------------- as SQL


@dataclass(frozen=True, slots=True)
class Moment:
    """An operand that holds moments: `text` less `base` counts `unit` microseconds since 1970."""

    text: str
    unit: int = 1
    base: int = 0

    def since(self, at: int) -> str:
        """Whether the moment is not before another."""
        return f"{self.text} >= {-(-at // self.unit) + self.base}"


def ahead(moment: Moment, known: Clock, dialect: Dialect) -> str:
    """The offset at a moment: in seconds for one that counts seconds, else in microseconds."""
    size = SECOND if moment.unit == SECOND else 1
    leaves = [str(known.initial // size), *(str(value // size) for _, value in known.changes)]
    if known.rule is not None:
        leaves[-1] = by_rule(moment, known.rule, dialect)
    return _tree(moment, [at for at, _ in known.changes], leaves)


def by_rule(moment: Moment, rule: Rule, dialect: Dialect) -> str:
    """The same for a moment that the rule speaks of."""
    size = SECOND if moment.unit == SECOND else 1
    first, second = (_latest(moment, turn, dialect) for turn in (rule.first, rule.second))
    # Up to two weeks after the second turn both tell: longer must the first not be asked, as the
    # year begins anew for one of them earlier than for the other.
    summer = f"{first} BETWEEN {rule.first.low} AND {rule.second.low + 13}"
    return (
        f"CASE WHEN {summer} AND {second} < {rule.second.low} "
        f"THEN {rule.first.ahead // size} ELSE {rule.second.ahead // size} END"
    )


def _week(moment: Moment, turn: Turn, dialect: Dialect) -> str:
    """How many of the turn's weeks have gone by since 1970."""
    by = "//" if dialect == "duckdb" else "div"
    more = turn.shift // moment.unit - moment.base
    return f"({moment.text} {'+' if more >= 0 else '-'} {abs(more)}) {by} {WEEK // moment.unit}"


def _latest(moment: Moment, turn: Turn, dialect: Dialect) -> str:
    """The day of the year, from 1 March, of the latest moment at which the turn might have been."""
    by = "//" if dialect == "duckdb" else "div"
    start = 4 * (MARCH - -(-turn.shift // DAY)) + 3
    century = f"(({_week(moment, turn, dialect)}) * 28 + {start}) % 146097"
    return f"((({century}) {by} 4 * 4 + 3) % 1461 {by} 4)"


def next_change(moment: Moment, known: Clock, dialect: Dialect) -> str:
    """The first change after a moment, where one comes within a day; else anything."""
    times = [at for at, _ in known.changes]
    leaves = [*map(str, times), str(FIRST)]
    if known.rule is not None:
        one, other = known.rule.first, known.rule.second
        now = by_rule(moment, known.rule, dialect)
        turns = [
            f"((({_week(moment, turn, dialect)}) + 1) * {WEEK} - {turn.shift})"
            for turn in (one, other)
        ]
        leaves[-1] = f"CASE WHEN {now} = {other.ahead} THEN {turns[0]} ELSE {turns[1]} END"
    return _tree(moment, times, leaves)


def _tree(moment: Moment, times: Sequence[int], leaves: Sequence[str]) -> str:
    """The newest apart, as nearly all moments are new; the others in halves."""
    if not times:
        return leaves[0]
    rest = halves(moment, times[:-1], leaves[:-1])
    return f"CASE WHEN {moment.since(times[-1])} THEN {leaves[-1]} ELSE {rest} END"


def halves(moment: Moment, times: Sequence[int], leaves: Sequence[str]) -> str:
    """The leaf of the stretch that a moment lies in: the first is before all times."""
    if not times:
        return leaves[0]
    middle = len(times) // 2
    before = halves(moment, times[:middle], leaves[: middle + 1])
    after = halves(moment, times[middle + 1 :], leaves[middle + 1 :])
    return f"CASE WHEN {moment.since(times[middle])} THEN {after} ELSE {before} END"


def days(text: str) -> Moment:
    """Midnights, of an operand that holds days."""
    return Moment(text, DAY, EPOCH)
