"""The calendars that packs share: days that can be worked out are, and the notices add up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from siyu.resources import resource
from siyu.schema.calendars import Calendar, load_calendar
from siyu.text import Source


def calendar(name: str) -> Calendar:
    text = resource("policies", "shared", "calendars", name).read_text("utf-8")
    loaded = load_calendar(Source.of(name, text))
    assert loaded.diagnostics == () and loaded.calendar is not None
    return loaded.calendar


def days(name: str, listed: str) -> set[date]:
    return {date.fromordinal(day) for day in calendar(name).lists[listed].days}


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus (Meeus, Jones, Butcher).

    By hand for 2026: a = 12, b = 20, c = 26, d = 5, e = 0, g = 6; h = 19·12 + 20 − 5 − 6 + 15,
    which is 252, and modulo 30 that is 12; i = 6, k = 2; (32 + 0 + 12 − 12 − 2) modulo 7 is 2;
    m = 166 // 451 = 0; 12 + 2 + 114 = 128 = 4 · 31 + 4: 5 April.
    """
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), (i, k) = divmod(b, 4), divmod(c, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    rest = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * rest) // 451
    month, day = divmod(h + rest - 7 * m + 114, 31)
    return date(year, month, day + 1)


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05"), (2027, "2027-03-28"),
     (2028, "2028-04-16"), (2038, "2038-04-25")],
)  # fmt: skip
def test_easter_is_worked_out_rightly(year: int, sunday: str) -> None:
    assert easter(year).isoformat() == sunday


@pytest.mark.parametrize("year", [2026, 2027])
def test_french_holidays_are_those_of_the_law(year: int) -> None:
    fixed = ["01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25"]
    wanted = {date.fromisoformat(f"{year}-{day}") for day in fixed}
    wanted |= {easter(year) + timedelta(days=n) for n in (1, 39, 50)}
    assert {day for day in days("fr.yaml", "holiday") if day.year == year} == wanted


@pytest.mark.parametrize(("year", "off", "worked"), [(2025, 28, 5), (2026, 33, 6)])
def test_chinese_notices_add_up(year: int, off: int, worked: int) -> None:
    """2025: 1 + 8 + 3 + 5 + 3 + 8 days off; 2026: 3 + 9 + 3 + 5 + 3 + 3 + 7. Who works on a weekend
    does so for a day off that would have been a working day."""
    holidays = {day for day in days("cn.yaml", "holiday") if day.year == year}
    weekends = {day for day in days("cn.yaml", "workday") if day.year == year}
    assert (len(holidays), len(weekends)) == (off, worked)
    assert all(day.isoweekday() > 5 for day in weekends)
    assert not holidays & weekends


@pytest.mark.parametrize(
    "festival",
    ["new_year", "spring_festival", "new_years_eve", "qingming", "labour_day", "dragon_boat",
     "mid_autumn", "national_day"],
)  # fmt: skip
def test_statutory_festivals_are_days_off(festival: str) -> None:
    holidays = days("cn.yaml", "holiday")
    assert {day for day in days("cn.yaml", festival) if day.year < 2027} <= holidays


def test_lunar_festivals_keep_their_distance() -> None:
    """The eve, the first and the fifteenth of the first month follow each other; the moon is full
    on the fifteenth, so every two such days are months of 29 or 30 days apart."""
    new = sorted(days("cn.yaml", "spring_festival"))
    assert [day - timedelta(days=1) for day in new] == sorted(days("cn.yaml", "new_years_eve"))
    assert [day + timedelta(days=14) for day in new] == sorted(days("cn.yaml", "lantern_festival"))
    for first, moon in zip(new, sorted(days("cn.yaml", "mid_autumn")), strict=True):
        months, rest = divmod((moon - first).days - 14, 29)
        assert months in (7, 8) and 0 <= rest <= 8  # eight months, in 2025 with a sixth one twice


def test_what_is_covered_is_said() -> None:
    lists = calendar("cn.yaml").lists
    assert date.fromordinal(lists["holiday"].last) == date(2026, 12, 31)
    assert date.fromordinal(lists["mid_autumn"].last) == date(2027, 12, 31)
