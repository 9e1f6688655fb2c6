"""Calendar files: what is read, and every mistake at its place."""

from __future__ import annotations

import json

import pytest

from siyu.schema.calendars import RIGHT, load_calendar
from siyu.text import Source


def told(text: str) -> list[tuple[str, str]]:
    found = load_calendar(Source.of("days.yaml", text)).diagnostics
    return [(each.code, text[each.span.start : each.span.end]) for each in found]


def test_days_are_read_in_order_and_labels_in_both_languages() -> None:
    text = RIGHT.replace(
        "  sale: {dates: [2026-06-18, 2026-11-01..2026-11-11]}",
        "  sale: {label: {zh: 大促, en: Sale}, dates: [2026-11-11, 2026-06-18]}\n"
        "  大促: {covers: {from: 2026-01-01, to: 2028-12-31}, dates: [2028-02-29..2028-03-01]}\n"
        "  never: {dates: []}",
    )
    made = load_calendar(Source.of("days.yaml", text)).calendar
    assert made is not None and told(text) == []
    sale, long, never = (made.lists[name] for name in ("sale", "大促", "never"))
    assert list(sale.days) == sorted(sale.days) and len(sale.days) == 2
    assert (sale.labels.zh, sale.labels.en) == ("大促", "Sale")
    assert long.days == (long.days[0], long.days[0] + 1) and long.last > sale.last
    assert never.days == ()


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("calendar: 1", "calendar: 2", ("E0804", "2")),
        ("calendar: 1", "calender: 1", ("E0208", "calender")),
        ("source: the shop's own plan\n", "", ("E0209", None)),
        ("covers:", "cover:", ("E0208", "cover")),
        ("to: 2026-12-31", "until: 2026-12-31", ("E0208", "until")),
        ("to: 2026-12-31", "to: the end", ("E0801", "the end")),
        ("from: 2026-01-01", "from: 2027-01-01", ("E0805", "2026-12-31")),
        ("sale:", "big.sale:", ("E0211", "big.sale")),
        ("dates:", "dats:", ("E0208", "dats")),
        ("[2026-06-18, 2026-11-01..2026-11-11]", "2026-06-18", ("E0210", "2026-06-18")),
        ("2026-06-18", "2026-6-18", ("E0801", "2026-6-18")),
        ("2026-06-18", "20260618", ("E0801", "20260618")),
        ("2026-06-18", "2026-02-29", ("E0801", "2026-02-29")),
        ("2026-06-18", "{day: 2026-06-18}", ("E0801", "{day: 2026-06-18}")),
        ("2026-11-01..2026-11-11", "2026-11-11..2026-11-01", ("E0801", "2026-11-11..2026-11-01")),
        ("2026-06-18", "2025-12-31", ("E0802", "2025-12-31")),
        ("2026-11-01..2026-11-11", "2026-12-30..2027-01-02", ("E0802", "2026-12-30..2027-01-02")),
        ("2026-06-18", "2026-11-11", ("E0803", "2026-11-01..2026-11-11")),
        ("days:\n", "days: &a\n", None),
    ],
)
def test_a_mistake_is_told_at_its_place(
    old: str, new: str, found: tuple[str, str | None] | None
) -> None:
    assert old in RIGHT
    reported = told(RIGHT.replace(old, new))
    if found is None:
        assert reported == []
        return
    code, text = found
    assert code in [each for each, _ in reported]
    if text is not None:
        assert found in reported


def test_the_nearest_setting_is_offered() -> None:
    (found,) = load_calendar(Source.of("d", RIGHT.replace("dates:", "date:", 1))).diagnostics[:1]
    assert "dates" in found.help_text()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "1", "calendar", "calendar: 1", "days: {a: [1]}", "{", "days: {a: {dates: [[]]}}",
     json.dumps({"calendar": 1, "covers": [], "days": []}), "a: &a [*a]", "\t"],
)  # fmt: skip
def test_nothing_in_a_file_raises(text: str) -> None:
    loaded = load_calendar(Source.of("days.yaml", text))
    assert loaded.diagnostics


def test_endless_stretches_are_refused() -> None:
    wide = RIGHT.replace("from: 2026-01-01", "from: 0001-01-01").replace("12-31", "12-31")
    assert ("E0801", "0001-01-01..2026-12-31") in told(
        wide.replace("2026-06-18", "0001-01-01..2026-12-31")
    )
