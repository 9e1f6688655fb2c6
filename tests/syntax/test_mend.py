"""One run finds all mistakes of a declaration that can be told from what only follows from them."""

from __future__ import annotations

import pytest

from siyu.syntax import ast
from siyu.syntax.errors import UnknownDeclaration
from strategies.reading import read

HEAD = "policy p\n  language 1\n\n"
SEVERAL = {
    "a misspelt word in each clause": (
        'incentive a "A"\n  for x\n  giev coupon "c"\n  hard internel\n  becuase "b"',
        ["giev", "internel", "becuase"],
    ),
    "the same in Chinese": (
        '激励 a "A"\n  面相 x\n  给于 coupon "c"\n  因力 "b"',
        ["面相", "给于", "因力"],
    ),
    "two misspelt words of one line": ("segment a\n  whne x = 1 adn y = 2", ["whne", "adn"]),
    "a later word of several": (
        'tier t by x\n  a "A" from 5\n  b "B" othrwise\n  keep 5 days\n  fall one levl',
        ["othrwise", "levl"],
    ),
    "a sign, then a word": (
        'incentive a "A"\n  for x\n  give coupon "c" )\n  hard internel',
        [")", "internel"],
    ),
    "a length without its unit, then a word": (
        'incentive a "A"\n  for x\n  give coupon "c"\n  limit 1 per 90\n  hard internel',
        ["90", "internel"],
    ),
    "a row of a table": (
        "table t first gives y\n  | x -> y |\n  | 1 2 -> 3 |\n  | 4 5 -> 6 |\n  | otherwise -> 7 |",
        ["2", "5"],
    ),
    "an order that is missing": (
        'incentive a "A"\n  for x\n  give coupon "c"\n  budget 9 yuan per month\n  hard internel',
        ["month", "internel"],
    ),
    "words that people have for others": (
        '分群 a "A"\n  如果 x 不少于 4 并且 y 小于等于 30 天',
        ["如果", "不少于", "并且", "小于等于"],
    ),
    "the same behind the first word of two": (
        "触达策略 a\n  免打扰 21:00 到 09:00\n  禁止 如果 x",
        ["到", "如果"],
    ),
    "a misspelt kind": ("segmant a\n  whne x", ["segmant", "whne"]),
}


@pytest.mark.parametrize("which", SEVERAL)
def test_all_mistakes_of_a_declaration_are_found(which: str) -> None:
    text, wrong = SEVERAL[which]
    parsed = read(HEAD + text)
    found = [(HEAD + text)[d.span.start : d.span.end] for d in parsed.diagnostics]
    assert found == wrong


def test_what_can_only_mean_one_thing_is_read_as_that() -> None:
    parsed = read(HEAD + 'segment a "A"\n  whne x = 1 adn y = 2\n  becuase "b"')
    (segment,) = parsed.file.declarations
    assert isinstance(segment, ast.Segment)
    assert [type(clause) for clause in segment.clauses] == [ast.When, ast.Because]
    assert parsed.broken == ()


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("试图 a 取自 orders", "视图"),
        ("分裙 a\n  当 x", "分群"),
        ("人群 a\n  当 x", "分群"),
        ("audience a\n  when x", "segment"),
        ("触达总则 a\n  限 1 每 9 天", "触达策略"),
        ('优惠 a\n  面向 x\n  给予 "b"', "激励"),
    ],
)
def test_a_kind_is_known_by_what_follows_it(written: str, kind: str) -> None:
    found = read(HEAD + "param p = 1\n\n" + written).diagnostics[0]
    assert isinstance(found, UnknownDeclaration)
    assert found.candidates == (kind,)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ('contact a\n  for x\n  via sms\n  send "s"\n  during 8 to 20',
         "write a time of day, as in `20:00`"),
        ('incentive a\n  for x\n  give "c"',
         'say first what it is, in one word, as in `coupon "c"`'),
        ("test \"t\" at 2026-01-01\n  期望 没有 a", "write `期望没有`"),
    ],
)  # fmt: skip
def test_what_to_write_instead(text: str, advice: str) -> None:
    assert read(HEAD + text).diagnostics[0].help_text() == advice


def test_a_header_counts_as_far_as_it_can_be_read() -> None:
    parsed = read('policy p\n  language 1\n  version one\n  schema "s.yaml"\n')
    assert len(parsed.diagnostics) == 1
    assert parsed.file.header is not None
    assert parsed.file.header.schema is not None


def test_what_only_follows_from_a_mistake_is_not_told() -> None:
    missing = read(
        HEAD + 'incentive a "A"\n  give coupon "c"\n  hard internal\n  limit 1 per 9 days'
    )
    assert len(missing.diagnostics) == 1
    torn = read(HEAD + "segment a\n  when x and and y\n    or z\n  unless w")
    assert len(torn.diagnostics) == 1
