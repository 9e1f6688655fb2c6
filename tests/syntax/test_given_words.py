"""What a test gives has Chinese names of its own: 客户, 情境, 校准值, 指标值, 未知."""

from __future__ import annotations

from siyu.syntax.parse import parse
from siyu.syntax.unparse import unparse
from siyu.text import Source

ENGLISH = """\
test "missing" at 2026-11-21
  given customer
    birthday = unknown, tags = ()
  given metrics
    recency = unknown
  given orders
    | order_id | category |
    | "a"      | unknown  |
  expect birthday is unknown

test "like it" at 2026-11-21
  given customer like "missing"
    age = unknown
  expect age is unknown
"""
CHINESE = """\
测试 "missing" 于 2026-11-21
  给定 客户
    birthday = 未知, tags = ()
  给定 指标值
    recency = 未知
  给定 orders
    | order_id | category |
    | "a"      | 未知     |
  期望 birthday 未知

测试 "like it" 于 2026-11-21
  给定 客户 如同 "missing"
    age = 未知
  期望 age 未知
"""


def tree(text: str) -> object:
    parsed = parse(Source.of("t.siyu", text))
    assert parsed.diagnostics == ()
    return parsed.file


def test_a_missing_value_is_called_so_in_both_languages() -> None:
    assert tree(CHINESE) == tree(ENGLISH)
    for language, text in (("en", ENGLISH), ("zh", CHINESE)):
        for written in (ENGLISH, CHINESE):
            parsed = parse(Source.of("t.siyu", written)).file
            assert unparse(parsed, language) == text  # type: ignore[arg-type]


def test_a_column_of_that_name_keeps_it() -> None:
    text = (
        'test "t" at 2026-11-21\n  given orders\n    | unknown | 未知 |\n    | 1       | 2    |\n'
    )
    written = f"{text}  expect true\n"
    assert unparse(parse(Source.of("t.siyu", written)).file, "en") == written
