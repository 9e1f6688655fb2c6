"""What people meet when they slip: the commonest mistakes in both languages, and every message's
own examples."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from siyu.diagnostics import Diagnostic
from siyu.syntax.errors import ERRORS
from strategies.reading import codes, read, shown

MISTAKES = {
    "a keyword is misspelt": (
        "segment loyal\n  whne recency < 30 days",
        "分群 loyal\n  除菲 recency < 30 天",
    ),
    "a kind is misspelt": (
        'segmant loyal "Loyal"\n  when recency < 30 days',
        '分裙 loyal "熟客"\n  当 recency < 30 天',
    ),
    "and with or": (
        "segment loyal\n  when a = 1 and b = 2 or c = 3",
        "分群 loyal\n  当 a = 1 或 b = 2 且 c = 3",
    ),
    "two comparisons in a row": (
        "segment loyal\n  when 1 < orders_12m <= 5",
        "分群 loyal\n  当 1 < orders_12m <= 5",
    ),
    "a parenthesis stays open": (
        "metric m = sum(orders.amount over last 12 months\n\nmetric n = 1",
        "指标 m = 求和(orders.amount 近 12 个月\n\n指标 n = 1",
    ),
    "text stays open": (
        'segment loyal "Loyal\n  when recency < 30 days',
        "分群 loyal “熟客\n  当 recency < 30 天",
    ),
    "a label without quotes": (
        "segment loyal Loyal members\n  when recency < 30 days",
        "分群 loyal 熟客\n  当 recency < 30 天",
    ),
    "a space is missing": (
        "segment loyal\n  when recency介于 60 days and 120 days",
        "分群 loyal\n  当 消费 > 1000 元且 次数 > 3",
    ),
    "the condition is missing": (
        "segment loyal\n  when\n\nmetric m = 1",
        "分群 loyal\n  当\n\n指标 m = 1",
    ),
    "the word of another language": (
        "segment loyal\n  when status == paid",
        "分群 loyal\n  当 status == paid && a = 1",
    ),
    "an empty cell": (
        "table t first gives b\n  | x | y -> b |\n  | > 1 | -> 2 |",
        "决策表 t 首个 给出 b\n  | x | y → b |\n  | > 1 | → 2 |",
    ),
    "a date as people say it": (
        "param p = 1\n  from 2027/1/1 = 2",
        "参数 p = 1\n  自 2027年1月1日 = 2",
    ),
    "a window without per": (
        "incentive i\n  for x\n  limit 3 week",
        "激励 i\n  面向 x\n  限 3 次 周",
    ),
    "a name of two words": (
        "metric total spend = 1",
        "指标 总 消费 = 1",
    ),
    "a case without a condition": (
        'classify c\n  a "A" recency > 90 days\n  b otherwise',
        '分类 c\n  a "甲" recency > 90 天\n  b 其余',
    ),
    "no name": (
        "segment\n  when x = 1",
        "分群\n  当 x = 1",
    ),
    "a hyphen in a name": (
        "segment at-risk\n  when x = 1",
        "分群 at-risk\n  当 x = 1",
    ),
    "a number as in a spreadsheet": (
        "param p = 1. yuan",
        "参数 p = 1__000 元",
    ),
    "thousands with a comma": (
        "segment loyal\n  when spend >= 5,250 yuan",
        "分群 loyal\n  当 spend >= 5，250 元",
    ),
    "thousands with a comma in a list": (
        "segment loyal\n  when visits in (1,000, 2)",
        "分群 loyal\n  当 visits 属于 (1，000, 2)",
    ),
    "a clause before the one it follows": (
        "incentive i\n  give coupon\n  limit 1 per day\n  for x",
        "激励 i\n  给予 coupon\n  面向 x",
    ),
    "a word for a sign": (
        "segment loyal\n  when spend equals 5",
        "分群 loyal\n  当 spend 大于等于 5 元 且 a = 1",
    ),
    "a condition that chooses a value": (
        "metric m = if age > 3 then 1 else 2",
        "指标 m = 如果 age > 3 1 否则 2",
    ),
    "rows for what takes none": (
        "metric m = round(orders over last 30 days)",
        "指标 m = 数量(orders 近 30 天)",
    ),
    "a label without a name": (
        'segment "Loyal"\n  when age > 3',
        '分群 "熟客"\n  当 age > 3',
    ),
    "a word that other languages have": (
        "segment loyal\n  if spend > 5",
        "分群 loyal\n  如果 spend > 5 且 a = 1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_commonest_mistakes(mistake: str, snapshot: SnapshotAssertion) -> None:
    english, chinese = MISTAKES[mistake]
    assert f"{shown(english)}\n\n{shown(chinese)}\n" == snapshot


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_gives_one_message(mistake: str) -> None:
    for text in MISTAKES[mistake]:
        assert len(read(text).diagnostics) == 1


# ---------------------------------------------------------------- every message


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_the_wrong_example_gives_this_message_and_the_right_one_none(
    error: type[Diagnostic],
) -> None:
    assert codes(error.wrong) == [error.code]
    assert codes(error.right) == []


def test_codes_are_in_order_and_pages_are_written() -> None:
    assert [error.code for error in ERRORS] == [f"E{101 + n:04}" for n in range(len(ERRORS))]
    for error in ERRORS:
        assert error.page.strip() and error.message


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_messages_are_one_sentence_without_capital_and_full_stop(error: type[Diagnostic]) -> None:
    (found,) = read(error.wrong).diagnostics
    for said in (found.text(), found.label_text(), found.help_text()):
        assert "{" not in said.replace("`{`", "")
        assert not said.endswith(".")
        assert not said[:1].isupper()
    assert found.facts().keys() >= set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("metric a = 1\nmetric b = 2)", "E0106"),
        ('policy p\n  schema "a"\n  version 1\n  schema "b"', "E0113"),
        ("policy p\n\npolicy q", "E0113"),
        ("contact policy h\n  limit 1 per day on a on b", "E0113"),
        ("hello\n\nmetric a = 1", "E0111"),
        ("metric a = 1_", "E0116"),
        ("metric a = .5", "E0116"),
        ("metric a = 1.2.3", "E0116"),
        ("metric a = " + "1" * 101, "E0116"),
        ("metric a = 2026-1-5", "E0117"),
        ("metric a = 2026-11-21T10:00:00+08:00", "E0117"),
        ("metric a = x's", "E0104"),
        ("metric a = 'x'", "E0121"),
        ("metric a = {x}", "E0121"),
        ("segment a\n  when x in [1, 2]", "E0121"),
        ("segment a\n  when x > 1\n  // why", "E0121"),
        ("metric a = x;", "E0121"),
        ("metric a = x。", "E0115"),
        ("metric a = ``", "E0115"),
        ("metric a = x @ y", "E0115"),
        ("metric a = 30daysago", "E0120"),
        ("incentive i for x limit 1 per 2 km", "E0101"),
    ],
)
def test_other_slips(text: str, code: str) -> None:
    assert codes(text) == [code]


@pytest.mark.parametrize(
    ("text", "first", "then"),
    [
        ('incentive i\n  give coupon "x"\n  for s\n', "for", "give"),
        ("incentive new formerly old\n  for s\n", "for", "formerly"),
        ("incentive new formerly old for s\n", "for", "formerly"),
        ("激励 三\n  给予 券\n  面向 s\n", "面向", "给予"),
    ],
)
def test_a_clause_too_early_is_told_which_one_comes_before(
    text: str, first: str, then: str
) -> None:
    (found,) = read(text).diagnostics
    assert found.code == "E0101"
    assert found.help_text() == f"`{first}` comes before `{then}`"


def test_a_rider_is_no_label_that_lacks_its_quotes() -> None:
    (found,) = read("metric m formerly n = 5\n").diagnostics
    assert (found.code, found.label_text()) == ("E0101", "expected text in quotes or `=`")
