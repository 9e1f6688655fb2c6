"""Why a contact waits, and why nobody can tell for how long."""

from __future__ import annotations

import pytest

from siyu.explain.text import text_of
from siyu.locale import speech
from siyu.words import Tongue
from tests.corpus.engines import policy_of
from tests.corpus.read import HERE, read

_, CASES = read(HERE / "hours.yaml")


def told(says: str, tongue: Tongue) -> str:
    case = next(each for each in CASES if each.says == says)
    rule = case.chapter.policy.partition("contact ")[2].split()[0]
    explanation = policy_of(case.chapter).explain(case.request, rule)
    return " ".join(text_of(explanation, speech(tongue), "full", 200).split())


@pytest.mark.parametrize(
    ("says", "en", "zh"),
    [
        ("between the two", "moved by its hours · not before 21 Nov 2026 14:00", "因发送时段"),
        ("inside the first", "within its hours", "在发送时段内"),
        ("between the two", "sent within 10:00–13:00, 14:00–20:00",
         "在 10:00–13:00、14:00–20:00 之间发送"),
        ("on Martinique, five hours behind",
         "Monday to Friday, by the clock of America/Martinique",
         "周一至周五、按 America/Martinique 的时间"),
        ("on Martinique, five hours behind", "quiet from 22:00 to 09:00", "22:00 至 09:00 免打扰"),
        ("on Monday at once", "sent at any time of day · Monday", "全天都可发送 · 周一"),
        ("the holidays and the own days together", "without the 6 days that the calendar excludes",
         "不含日历排除的 6 天"),
        ("where nobody knows the zone, nobody calls",
         "not sent: nobody can tell when it may go out", "未发送：无法判断什么时候可以发"),
        ("where nobody knows the zone, nobody calls",
         "nobody knows the person's time zone, `home_zone` · of fr [fr.open.1]",
         "不知道这个人的时区，即 `home_zone`"),
        ("a moment that is not covered cannot be told",
         "the calendar does not cover the days that come next · of house [house.open.1]",
         "日历没有覆盖接下来的日子"),
    ],
)  # fmt: skip
def test_hours_are_told_in_both_languages(says: str, en: str, zh: str) -> None:
    assert en in told(says, "en")
    assert zh in told(says, "zh")


def test_only_hours_that_bind_are_told() -> None:
    text = told("without the quiet hours of Paris it had begun before", "en")
    assert "by the clock of Indian/Reunion" in text and "quiet from" not in text
    assert "sent within" not in told("the other channel is always open", "en")
