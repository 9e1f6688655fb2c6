"""One cause is told once: where it is, with what was probably meant, in both languages."""

import pytest

from siyu.diagnostics import Diagnostic
from siyu.faces.pages import say_of_policy
from siyu.locale import speech

HEAD = (
    'policy p\n  language 1\n  timezone "Asia/Shanghai"\n  currency CNY\n  schema "retail.yaml"\n\n'
    "metric spend = sum(orders.amount)\n\n"
)
ZH = speech("zh")


def told(text: str) -> list[tuple[str, str]]:
    """Each message's code and the text it points at."""
    said = say_of_policy(HEAD + text)
    return [(each.code, _at(each, HEAD + text)) for each in said.diagnostics]


def _at(found: Diagnostic, text: str) -> str:
    return text[found.span.start : found.span.end]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (
            "table t first gives b\n  | spendd    -> b |\n  | >= 5 yuan -> 1 |\n"
            "  | >= 3 yuan -> 2 |\n  | otherwise -> 3 |\n",
            [("E0303", "spendd")],
        ),
        ("tier t by spend\n  gold from 5000\n  basic otherwise\n", [("E0403", "from 5000")]),
        (
            "points p on order_paid\n  earn 1 per 10 days of event.amount\n",
            [("E0406", "10 days")],
        ),
        (
            "points p on order_paid\n  earn 1 per 1 yuan of event.amount\n  at least 5 yuan\n",
            [("E0406", "5 yuan")],
        ),
        (
            "points p on checkout\n  redeem 100 for 1 yuan of event.points_offered\n"
            "  at least 2 days\n",
            [("E0406", "2 days")],
        ),
        (
            'incentive i\n  for spend > 0 yuan\n  give coupon "A"\n  costs 2 yuan\n'
            "  soft internal\n  budget 5 per month by spend\n",
            [("E0406", "5")],
        ),
        (
            "score s from 0 to 100\n  start 0\n  add 5 when spendd > 1 yuan\n"
            "  add 5 when spendd > 2 yuan\n",
            [("E0303", "spendd")],
        ),
    ],
    ids=["column", "level", "per", "earn at least", "redeem at least", "budget", "name"],
)
def test_one_cause_one_message(text: str, messages: list[tuple[str, str]]) -> None:
    assert told(text) == messages


def test_a_name_missed_in_two_declarations_is_told_in_both() -> None:
    text = "metric a = spendd\nmetric b = spendd + spendd\n"
    assert told(text) == [("E0303", "spendd")] * 2
    _, second = say_of_policy(HEAD + text).diagnostics
    (note,) = second.notes
    assert (str(note.message), ZH.of(note.message)) == ("here, too", "这里也是")
    assert note.span is not None and note.span.start == (HEAD + text).rindex("spendd")


@pytest.mark.parametrize(
    ("written", "en", "zh"),
    [
        ("变化了", "did you mean `change`?", "是不是想写 `change`？"),
        ("chagne", "did you mean `change`?", "是不是想写 `change`？"),
        ("colour", "`change` (how the level moved)", "`change` (等级变化)"),
    ],
)
def test_parts_of_outcomes_are_explained(written: str, en: str, zh: str) -> None:
    tier = "tier t by spend\n  gold from 5 yuan\n  basic otherwise\n\n"
    text = HEAD + tier + f"segment s\n  when t.{written} is upgraded\n"
    (found,) = say_of_policy(text).diagnostics
    assert found.code == "E0304"
    assert en in found.help_text()
    assert zh in found.help_text(ZH)


@pytest.mark.parametrize(
    ("expr", "meant"), [("spend > 300", "300 yuan"), ("spend > 2.5", "5 yuan")]
)
def test_the_amount_that_was_probably_meant(expr: str, meant: str) -> None:
    (found,) = say_of_policy(HEAD + f"segment s\n  when {expr}\n").diagnostics
    assert found.help_text() == f"write the number with its currency, as in `{meant}`"
    assert f"`{meant}`" in found.help_text(ZH)
