"""Laws of the functions that examples cannot show: against other definitions, for any argument."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from siyu.functions import FUNCTIONS
from siyu.functions.zones import DAY, FIRST, LAST, instant_of, offset, wall_of

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")
YEAR_2000, YEAR_2040 = 946_684_800_000_000, 2_208_988_800_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

numbers = st.integers(-(10**20), 10**20)
zones = st.sampled_from(ZONES)
instants = st.integers(YEAR_2000, YEAR_2040)
any_instant = st.integers(FIRST - DAY, LAST + DAY)
days = st.integers(date(1999, 1, 1).toordinal(), date(2041, 1, 1).toordinal())
any_day = st.integers(-400, date.max.toordinal() + 400)


def call(name: str, *args: object) -> object:
    return FUNCTIONS[name].python(*args)


@given(numbers, numbers, st.integers(-9, 12))
def test_division_rounds_as_decimal_does(a: int, b: int, k: int) -> None:
    if b == 0:
        assert call("div", a, b, k) is None
        return
    with localcontext() as context:
        context.prec = 120
        exact = Decimal(a) * Decimal(10) ** k / Decimal(b)
        assert call("div", a, b, k) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(numbers, st.integers(0, 9))
def test_rescaling_up_and_down_is_the_same_number(a: int, k: int) -> None:
    assert call("rescale", call("rescale", a, k), -k) == a


@given(numbers, st.integers(0, 9))
def test_floor_and_ceiling_enclose(a: int, k: int) -> None:
    low, high = call("floor", a, k), call("ceil", a, k)
    assert isinstance(low, int) and isinstance(high, int)
    assert low * 10**k <= a <= high * 10**k
    assert high - low == (a % 10**k != 0)


@given(instants, zones)
def test_the_local_clock_is_the_one_of_zoneinfo(instant: int, zone: str) -> None:
    local = (EPOCH + timedelta(microseconds=instant)).astimezone(ZoneInfo(zone))
    assert call("local_date", instant, zone) == local.date().toordinal()
    clock = local.hour * 3600 + local.minute * 60 + local.second
    assert call("local_time", instant, zone) == clock


@given(instants, zones)
def test_back_from_the_wall_is_the_same_instant_or_its_first_occurrence(
    instant: int, zone: str
) -> None:
    wall = wall_of(instant, zone)
    assert wall is not None
    back = instant_of(wall, zone)
    assert back is not None
    assert wall_of(back, zone) == wall
    assert back <= instant


@given(instants, st.integers(-1000, 1000), zones)
def test_moving_days_moves_the_date(instant: int, n: int, zone: str) -> None:
    moved = call("shift_days", instant, n, zone)
    assert call("local_date", moved, zone) == call("local_date", instant, zone) + n


@given(days, st.integers(-600, 600))
def test_months_between_is_the_largest_that_fits(day: int, n: int) -> None:
    target = day + n * 17
    months = call("months_between", day, target)
    assert isinstance(months, int)
    reached, beyond = call("add_months", day, months), call("add_months", day, months + 1)
    assert isinstance(reached, int) and isinstance(beyond, int)
    assert reached <= target < beyond


@given(days, st.sampled_from(("day", "week", "month", "quarter", "year")))
def test_a_period_holds_the_days_of_its_key(day: int, unit: str) -> None:
    first, last = call("period_start", day, unit), call("period_end", day, unit)
    assert isinstance(first, int) and isinstance(last, int)
    assert first <= day <= last
    key = call("period_key", day, unit)
    assert key == call("period_key", first, unit) == call("period_key", last, unit)
    assert key != call("period_key", first - 1, unit)
    assert key != call("period_key", last + 1, unit)


@given(days, days, st.integers(0, 800))
def test_an_anniversary_near_is_one_of_some_year(day: int, low: int, length: int) -> None:
    born, high = date.fromordinal(day), low + length
    years = range(born.year + 1, 2060)
    occurrences = [
        date(y, born.month, 28 if (born.month, born.day) == (2, 29) and y % 4 else born.day)
        for y in years
    ]
    expected = any(low <= d.toordinal() <= high for d in occurrences)
    assert call("anniversary_near", day, low, high) is expected


clock = st.integers(0, 47).map(lambda half: half * 1800)
windows = st.lists(st.tuples(st.sampled_from(("during", "quiet")), clock, clock), max_size=3)
near_changes = st.sampled_from(
    ("2026-03-29T01:00:00", "2026-10-25T01:00:00", "2026-04-04T15:00:00", "2026-11-01T06:00:00")
)


@given(near_changes, st.integers(-90, 90), zones, windows.map(tuple))
def test_the_next_allowed_moment_is_the_first(
    base: str, minutes: int, zone: str, windows: tuple[tuple[str, int, int], ...]
) -> None:
    """Against trying every half hour; all windows and changes of clocks lie on them."""
    start = datetime.fromisoformat(base + "+00:00") + timedelta(minutes=minutes)

    def allowed(moment: datetime) -> bool:
        local = moment.astimezone(ZoneInfo(zone))
        now = local.hour * 60 + local.minute
        for kind, low, high in windows:
            a, b = low // 60, high // 60
            inside = a <= now < b if a < b else (a == b or now >= a or now < b)
            if inside != (kind == "during"):
                return False
        return True

    step = timedelta(minutes=1)
    moment, tries = start, 0
    while not allowed(moment) and tries < 3 * 1440:
        moment, tries = moment + step, tries + 1
    expected = (moment - EPOCH) // timedelta(microseconds=1) if allowed(moment) else None
    given_instant = (start - EPOCH) // timedelta(microseconds=1)
    assert call("next_allowed", given_instant, zone, windows) == expected


spans = st.lists(st.tuples(clock, clock), max_size=2).map(lambda found: sum(found, ()))
weekdays = st.sets(st.integers(1, 7), max_size=4).map(lambda found: tuple(sorted(found)))
# Days around the changes of clocks; what a calendar covers ends among them.
DAY_ZERO = date(2026, 3, 27).toordinal()
closed = st.sets(st.integers(DAY_ZERO, DAY_ZERO + 9), max_size=4).map(
    lambda found: tuple(sorted(found))
)
covers = st.just(()) | st.integers(3, 9).map(lambda n: (DAY_ZERO, DAY_ZERO + n))
hours = st.tuples(
    st.sampled_from(("during", "quiet", "open")), zones, spans, weekdays, closed, covers
)


@given(st.integers(0, 5 * 48), st.lists(hours, min_size=1, max_size=3).map(tuple))
def test_the_next_open_moment_is_the_first(halves: int, hours: tuple[Any, ...]) -> None:
    """Against trying every half hour of ten days; whatever binds lies on them."""
    start = datetime(2026, 3, 27, tzinfo=UTC) + timedelta(minutes=30 * halves)

    def allowed(moment: datetime) -> bool | None:
        verdicts: list[bool | None] = []
        for kind, zone, ends, days, closed, covers in hours:
            local = moment.astimezone(ZoneInfo(zone))
            now, day = local.hour * 3600 + local.minute * 60, local.date().toordinal()
            inside = not ends or (kind == "quiet") != any(
                a <= now < b if a < b else (a == b or now >= a or now < b)
                for a, b in zip(ends[::2], ends[1::2], strict=True)
            )
            verdicts.append(inside and (not days or local.isoweekday() in days))
            known = not covers or covers[0] <= day <= covers[1]
            verdicts.append(False if day in closed else True if known else None)
        return False if False in verdicts else None if None in verdicts else True

    step = timedelta(minutes=30)
    moment, tries = start, 0
    while allowed(moment) is False and tries < 10 * 48:
        moment, tries = moment + step, tries + 1
    assume(tries < 10 * 48)
    expected = (moment - EPOCH) // timedelta(microseconds=1) if allowed(moment) else None
    given_instant = (start - EPOCH) // timedelta(microseconds=1)
    assert call("next_open", given_instant, hours) == expected


@given(any_instant, zones, st.integers(-(10**6), 10**6), any_day)
def test_nothing_raises_at_the_ends_of_the_calendar(
    instant: int, zone: str, n: int, day: int
) -> None:
    for name, args in (
        ("local_date", (instant, zone)), ("local_time", (instant, zone)),
        ("shift_days", (instant, n, zone)), ("shift_months", (instant, n, zone)),
        ("shift_seconds", (instant, n)), ("at", (day, 86_400, zone)), ("day_start", (day, zone)),
        ("next_allowed", (instant, zone, (("quiet", 0, 0),))), ("add_months", (day, n)),
        ("months_between", (day, day + n)), ("period_start", (day, "week")),
        ("period_end", (day, "week")), ("period_key", (day, "week")), ("iso_date", (day,)),
        ("anniversary", (day, day + n)), ("anniversary_near", (day, day, day + n)),
    ):  # fmt: skip
        result = call(name, *args)
        assert result is None or isinstance(result, int | str)


@given(any_instant, zones)
def test_an_offset_is_remembered_only_for_days_that_have_one(instant: int, zone: str) -> None:
    inside = min(max(instant, FIRST + DAY), LAST - DAY)
    local = (EPOCH + timedelta(microseconds=inside)).astimezone(ZoneInfo(zone))
    assert offset(inside, zone) == (local.utcoffset() or timedelta()) // timedelta(microseconds=1)
