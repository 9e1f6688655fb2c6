"""Windows of limits and caps, and clocks that are changed."""

from typing import Any

import pytest

from siyu.core.ir import Expr
from siyu.semantics import check
from siyu.semantics.build import Scope
from siyu.syntax import ast
from siyu.text import NOWHERE

from .harness import checked, counted, worth

SENT = [
    {"at": at, "contact": "c", "channel": "sms"}
    for at in (
        "2025-12-31T23:59:59+08:00", "2026-01-01T00:00:00+08:00", "2026-09-30T23:59:59+08:00",
        "2026-10-31T23:59:59+08:00", "2026-11-01T00:00:00+08:00", "2026-11-15T23:59:59+08:00",
        "2026-11-16T00:00:00+08:00", "2026-11-20T10:00:00+08:00", "2026-11-20T10:00:01+08:00",
        "2026-11-21T00:00:00+08:00", "2026-11-21T10:00:00+08:00", "2026-11-21T10:00:01+08:00",
    )
]  # fmt: skip


@pytest.mark.parametrize(
    ("window", "rows"),
    [
        (ast.Window("ever"), 11),
        (ast.Window("posting"), 11),
        (ast.Window("year"), 10),
        (ast.Window("quarter"), 8),
        (ast.Window("month"), 7),
        (ast.Window("week"), 5),
        (ast.Window("day"), 2),
        (ast.Window("hour"), 1),
        (ast.Window("hour", "24"), 3),
        (ast.Window("day", "1"), 3),
        (ast.Window("day", "5"), 4),
        (ast.Window("week", "1"), 6),
        (ast.Window("month", "1"), 8),
    ],
)
def test_rows_in_a_window(window: ast.Window, rows: int) -> None:
    """Calendar windows hold the local date of as_of; rolling ones hold what `last N` holds. Rows
    later than as_of do not count."""

    def where(row: Scope) -> Expr:
        return check.in_window(check.column("at", row), window, row, NOWHERE)

    assert counted("contacts", where, customer={"contacts": SENT}) == rows


def test_every_row_counts_where_a_rule_says_so() -> None:
    build = checked("").build
    scope = Scope(build, "rule", 2)
    every = check.aggregate("count", "points_log", None, None, scope, every_row=True)
    now = check.aggregate("count", "points_log", None, None, scope)
    assert getattr(every, "where", "") is None
    assert getattr(now, "where", None) is not None


NEW_YORK = "America/New_York"  # 2026-03-08 02:00 -> 03:00 and 2026-11-01 02:00 -> 01:00


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        # days move the local clock, hours elapse
        ("2026-03-07 10:00 + 1 day = 2026-03-08 10:00", True),
        ("2026-03-07 10:00 + 24 hours = 2026-03-08 11:00", True),
        ("hours since 2026-03-08 00:00", "9 hours"),
        ("days since 2026-03-08 00:00", "0 days"),
        # a gap moves forward, a fold means its first time
        ("2026-03-08 02:30 = 2026-03-08 03:30", True),
        ("2026-03-07 02:30 + 1 day = 2026-03-08 03:30", True),
        ("2026-11-01 01:30 - 2026-11-01 00:30", "3600 seconds"),
        ("2026-11-01 02:30 - 2026-11-01 00:30", "10800 seconds"),
        ("2026-10-31 01:30 + 1 day = 2026-11-01 01:30", True),
        ("2026-10-01 01:30 + 1 month = 2026-11-01 01:30", True),
        # the last day holds 23 hours, the last 24 hours hold 24
        ("2026-03-07 10:30 within last 1 day", True),
        ("2026-03-07 09:30 within last 1 day", False),
        ("2026-03-07 09:30 within last 24 hours", True),
        ("2026-03-07 09:00 within last 24 hours", False),
    ],
)
def test_where_clocks_change(expr: str, value: object) -> None:
    assert worth(expr, zone=NEW_YORK, as_of="2026-03-08T10:00:00-04:00") == value


@pytest.mark.parametrize(
    ("as_of", "days"),
    [("2026-11-20T15:59:59Z", "0 days"), ("2026-11-20T16:00:00Z", "1 days")],
)
def test_the_day_begins_by_the_policys_clock(as_of: str, days: str) -> None:
    assert worth("days since 2026-11-20", as_of=as_of) == days


@pytest.mark.parametrize(
    ("today", "value"),
    [
        ("2025-02-27", "2025-02-28"),
        ("2024-12-31", None),
        ("2028-02-01", "2028-02-29"),
    ],
)
def test_a_birthday_on_29_february(today: str, value: str | None) -> None:
    """It falls on 28 February in other years, and the first one is a year later."""
    as_of = f"{today}T12:00:00+08:00"
    assert worth("anniversary of 2024-02-29", as_of=as_of) == value


def test_an_anniversary_is_near_across_the_turn_of_the_year() -> None:
    near: dict[str, Any] = {"as_of": "2026-12-30T12:00:00+08:00"}
    assert worth("anniversary of 1990-01-02 within next 7 days", **near) is True
    assert worth("anniversary of 1990-01-02 within next 3 days", **near) is False
    after: dict[str, Any] = {"as_of": "2027-01-02T12:00:00+08:00"}
    assert worth("anniversary of 1990-12-31 within last 3 days", **after) is True
    assert worth("anniversary of 1990-12-30 within last 3 days", **after) is False
