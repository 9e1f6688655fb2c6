"""The canonical format, case by case: what is written, and what `siyu fmt` makes of it."""

from __future__ import annotations

from textwrap import dedent

import pytest

from siyu.syntax import ast
from siyu.syntax.keywords import Language
from siyu.syntax.parse import parse
from siyu.syntax.unparse import main_language, unparse
from siyu.text import Source


def fmt(text: str, keywords: Language | None = None) -> str:
    source = Source.of("p.siyu", dedent(text).removeprefix("\n"))
    parsed = parse(source)
    assert not parsed.diagnostics, [d.text() for d in parsed.diagnostics]
    return unparse(parsed.file, keywords, source)


def becomes(before: str, after: str, keywords: Language | None = None) -> None:
    """Formatting turns one into the other, and leaves the other as it is."""
    expected = dedent(after).removeprefix("\n")
    assert fmt(before, keywords) == expected
    assert fmt(expected, keywords) == expected


# ---------------------------------------------------------------- lines and columns


def test_a_clause_is_a_line() -> None:
    becomes(
        "segment   at_risk \"流失预警\" when recency>90 days unless tags   has 'vip'".replace(
            "'", '"'
        ),
        """
        segment at_risk "流失预警"
          when recency > 90 days
          unless tags has "vip"
        """,
    )


def test_cases_stand_in_columns() -> None:
    becomes(
        """
        classify lifecycle
          prospect "潜客" when orders = 0
          dormant "休眠期" when recency > 90 days because "long"
          `no label` otherwise or unknown
        """,
        """
        classify lifecycle
          prospect   "潜客"   when orders = 0
          dormant    "休眠期" when recency > 90 days because "long"
          `no label`          otherwise or unknown
        """,
    )


def test_a_decision_table_lines_up_on_screen() -> None:
    becomes(
        """
        table offer "权益矩阵" first gives benefit, cost
          | 等级 | recency -> benefit | cost |
          | 白金, 金 | 0 days..<90 days -> "满199减10" | 4 yuan |
          | not 金 | any -> "无" | 0 yuan |
          | otherwise -> "x" | 0 yuan |
        """,
        """
        table offer "权益矩阵" first gives benefit, cost
          | 等级     | recency          -> benefit     | cost   |
          | 白金, 金 | 0 days..<90 days -> "满199减10" | 4 yuan |
          | not 金   | any              -> "无"        | 0 yuan |
          | otherwise                   -> "x"         | 0 yuan |
        """,
    )


def test_a_test_lists_its_records() -> None:
    becomes(
        """
        test "one" at 2026-11-21 10:00 given customer id = "M1", age = 30
          given orders | id | amount | | "o1" | 5 yuan | | "o10" | 1000 yuan |
          expect no purchase expect age = 30
        """,
        """
        test "one" at 2026-11-21 10:00
          given customer
            id = "M1", age = 30
          given orders
            | id    | amount    |
            | "o1"  | 5 yuan    |
            | "o10" | 1000 yuan |
          expect no purchase
          expect age = 30
        """,
    )


def test_a_long_condition_continues_at_its_ands() -> None:
    becomes(
        """
        segment s
          when recency between 60 days and 120 days and orders_12m >= 2 and
            (spend_12m >= 1000 yuan or vip) and city in (a, b)
          unless vip
        """,
        """
        segment s
          when recency between 60 days and 120 days
            and orders_12m >= 2
            and (spend_12m >= 1000 yuan or vip)
            and city in (a, b)
          unless vip
        """,
    )


def test_a_long_list_fills_its_lines() -> None:
    fields = ", ".join(f"field_{n} = {n} yuan" for n in range(12))
    formatted = fmt(f'test "t" given customer {fields} expect vip')
    rows = formatted.splitlines()
    assert [len(row) for row in rows[2:4]] == [93, 93]
    assert all(row.startswith("    field_") for row in rows[2:5])


# ---------------------------------------------------------------- blank lines


def test_one_blank_line_between_declarations() -> None:
    becomes(
        """
        policy p language 1
        use "a.siyu"
        use "b.siyu"
        metric x = 1
        segment s
          when x = 1


        segment t when x = 2
        """,
        """
        policy p
          language 1

        use "a.siyu"
        use "b.siyu"

        metric x = 1

        segment s
          when x = 1

        segment t
          when x = 2
        """,
    )


def test_one_liners_of_a_kind_keep_the_groups_of_their_author() -> None:
    becomes(
        """
        metric a = 1
        metric b = 2



        metric c = 3
        account growth
        """,
        """
        metric a = 1
        metric b = 2

        metric c = 3

        account growth
        """,
    )


# ---------------------------------------------------------------- comments


def test_comments_stay_in_place() -> None:
    becomes(
        """
        # The file.

        # The policy.
        policy p # its name
         # before the version
           version 3 # which
           language 1


        # A group
        # of two.
        metric a = 1 # one
        # Not a group.
        metric b = 2
           # still b

        segment s
          # first
             when a = 1 # because
           # last
        # The end.

        # Really.
        """,
        """
        # The file.

        # The policy.
        policy p  # its name
          # before the version
          version 3  # which
          language 1

        # A group
        # of two.
        metric a = 1  # one
        # Not a group.
        metric b = 2
          # still b

        segment s
          # first
          when a = 1  # because
          # last

        # The end.

        # Really.
        """,
    )


def test_comments_inside_a_condition_break_it() -> None:
    becomes(
        """
        segment s
          when a = 1 # one
           and # what follows
           # is two
           (b = 2 or c = 3) # three
        """,
        """
        segment s
          when a = 1  # one
            # what follows
            # is two
            and (b = 2 or c = 3)  # three
        """,
    )


def test_comments_inside_grids() -> None:
    becomes(
        """
        test "t"
          given orders # of May
            # heading
            | id | n | # keyed by id
            # first
            | "o1" | 1 |
            | "o2" | 100 | # last
          expect vip
        """,
        """
        test "t"
          given orders  # of May
            # heading
            | id   | n   |  # keyed by id
            # first
            | "o1" | 1   |
            | "o2" | 100 |  # last
          expect vip
        """,
    )


# ---------------------------------------------------------------- names, strings, numbers


@pytest.mark.parametrize(
    "condition",
    [
        "points >= 100 and level = 2 and score < 3 and group is a and year = 2026",
        "count > 1 and day = 3 and priority.level = 1 and product is valid and orders.top > 2",
        "`not` and x.not",
        "`a b` = 1",
        "x is `known` or x is known",
    ],
)
def test_backticks_stand_only_where_a_word_would_be_a_keyword(condition: str) -> None:
    line = f"metric m = {condition}\n"
    assert fmt(line) == line


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("¥199", "199 yuan"),
        ("1_000 CNY", "1000 yuan"),
        ("20 dollars", "20 USD"),
        ("5 万元", "5 万元"),
        ("1 days", "1 day"),
        ("2 day", "2 days"),
        ("5%", "5%"),
        ("1 个月", "1 month"),
        ("“it's”", '"it\'s"'),
        ('“say "hi"”', '“say "hi"”'),
        ("（1＋2）＊3", "(1 + 2) * 3"),
        ("((a)) - (b - c)", "a - (b - c)"),
        ("(a or b) and not (c = 1)", "(a or b) and not c = 1"),
        ("- (-x)", "--x"),
        ("top 5% by (x) among (y >= 1)", "top 5% by x among y >= 1"),
        ("top 5% by x among (y and z)", "top 5% by x among (y and z)"),
        ("not (not (x))", "not not x"),
        ("(x otherwise 1) + 2", "(x otherwise 1) + 2"),
        ("a / (b * c) * d", "a / (b * c) * d"),
    ],
)
def test_one_spelling_of_many(written: str, canonical: str) -> None:
    becomes(f"metric m = {written}", f"metric m = {canonical}\n", "en")


# ---------------------------------------------------------------- languages


def test_keywords_in_chinese_and_back() -> None:
    english = """
        points purchase "消费积分" on order_paid
          earn 1 per full 10 yuan of event.amount
          at most 5000 per day
          at most 50% of event.amount
          expire 365 days after earning
          expire at end of next year

        contact policy house
          limit 1 per 24 hours on wecom for recover, opportunity
          never when days since joined_on < 30 or anniversary of birthday within next 7 days
        """
    chinese = """
        积分 purchase "消费积分" 于 order_paid
          按 event.amount 每满 10 元 得 1 分
          每日 至多 5000 分
          至多 event.amount 的 50%
          获得后 365 天 过期
          明年 末 过期

        触达策略 house
          每 24 小时 限 1 次 经 wecom 面向 挽回, 机会
          禁止 当 距 joined_on 的天数 < 30 或 birthday 的周年 在 未来 7 天 内
        """
    becomes(english, chinese, "zh")
    becomes(chinese, english, "en")


def test_without_a_choice_the_language_of_most_declarations_is_kept() -> None:
    becomes(
        "指标 a = 1\nmetric b = 2\n参数 c = 3",
        "指标 a = 1\n\n指标 b = 2\n\n参数 c = 3\n".replace("\n\n指标 b", "\n指标 b"),
    )
    becomes("指标 a = 1 metric b = 2", "metric a = 1\nmetric b = 2\n")


def test_a_tree_made_by_hand_is_written_in_english() -> None:
    file = ast.File(None, (), (ast.Account(ast.Ident("growth"), "成长值"),))
    assert main_language(file, None) == "en"
    assert unparse(file) == 'account growth "成长值"\n'


def test_an_empty_file_stays_empty() -> None:
    becomes("", "")
    becomes("\n\n# only this\n", "# only this\n")
