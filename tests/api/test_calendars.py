"""Calendars as files beside a policy: where they may lie, and what hangs on them."""

from __future__ import annotations

from pathlib import Path

import pytest

import siyu
from siyu import api
from siyu.explain.text import text_of
from siyu.locale import speech
from tests.api.packs import MEMBER, pack

DAYS = """\
calendar: 1
labels: {zh: 店庆日历, en: Our days}
source: for the tests
covers: {from: 2026-01-01, to: 2026-12-31}
days:
  feast: {label: {zh: 店庆, en: Anniversary sale}, dates: [2026-11-21, 2026-11-25]}
"""
RULE = 'calendar ours "Our days" from "{path}"\n\nsegment now "Now"\n  when today is ours.feast\n'


def made(folder: Path, days: str = DAYS, path: str = "days/ours.yaml") -> Path:
    """A pack with a calendar in a folder of its own."""
    folder.mkdir(exist_ok=True)
    (folder / "days").mkdir(exist_ok=True)
    (folder / "days" / "ours.yaml").write_text(days, encoding="utf-8")
    return pack(folder, RULE.format(path=path))


def codes(policy: Path) -> list[str]:
    return [each.code for each in api.check(policy, lints=False).diagnostics]


def test_a_calendar_decides_and_is_part_of_the_digest(tmp_path: Path) -> None:
    first = siyu.load(made(tmp_path / "a"))
    other = siyu.load(made(tmp_path / "b", DAYS.replace("2026-11-21", "2026-11-20")))
    assert first.decide(MEMBER).segments == {"now": True}
    assert other.decide(MEMBER).segments == {"now": False}
    assert first.digest != other.digest


def test_a_changed_calendar_is_read_anew(tmp_path: Path) -> None:
    policy = made(tmp_path)
    assert siyu.load(policy).decide(MEMBER).segments == {"now": True}
    made(tmp_path, DAYS.replace("2026-11-21", "2026-11-22"))
    assert siyu.load(policy).decide(MEMBER).segments == {"now": False}


@pytest.mark.parametrize(
    "path", ["../ours.yaml", "/etc/hosts", "days/nothing.yaml", "", "days", "~/ours.yaml"]
)
def test_a_calendar_lies_in_the_packs_folder(path: str, tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(DAYS, encoding="utf-8")
    assert codes(made(tmp_path / "pack", path=path)) == ["E0004"]


def test_a_calendar_may_lie_in_a_library(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "ours.yaml").write_text(DAYS, encoding="utf-8")
    policy = made(tmp_path / "pack", path="shared/ours.yaml")
    (policy.parent / "siyu.yaml").write_text("libraries: {shared: ../shared}\n", encoding="utf-8")
    assert codes(policy) == []
    assert siyu.load(policy).decide(MEMBER).segments == {"now": True}


def test_mistakes_of_a_calendar_are_told_once_at_their_line(tmp_path: Path) -> None:
    policy = made(tmp_path, DAYS.replace("2026-11-25", "2026-11-31"))
    more = policy.read_text("utf-8").replace("segment", 'calendar b from "days/ours.yaml"\nsegment')
    policy.write_text(more, encoding="utf-8")
    (found,) = api.check(policy, lints=False).diagnostics
    assert (found.code, found.span.file) == ("E0801", "days/ours.yaml")


@pytest.mark.parametrize(
    ("at", "en", "zh"),
    [
        ("2026-11-21", "21 Nov 2026 is Anniversary sale (ours.feast)",
         "2026年11月21日是店庆 (ours.feast)"),
        ("2026-11-22", "22 Nov 2026 is not Anniversary sale (ours.feast) · "
         "the next one is 25 Nov 2026",
         "2026年11月22日不是店庆 (ours.feast) · 下一个是2026年11月25日"),
        ("2027-01-01", "Anniversary sale (ours.feast): known from 1 Jan 2026 to 31 Dec 2026 only",
         "店庆 (ours.feast)：只知道2026年1月1日至2026年12月31日的情况"),
    ],
)  # fmt: skip
def test_explanations_name_the_day(at: str, en: str, zh: str, tmp_path: Path) -> None:
    policy = siyu.load(made(tmp_path))
    told = policy.explain({**MEMBER, "as_of": f"{at}T10:00:00+08:00"})
    for tongue, words in (("en", en), ("zh", zh)):
        assert words in text_of(told, speech(tongue), columns=200)
