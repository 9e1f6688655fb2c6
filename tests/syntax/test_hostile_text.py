"""Whatever a file holds, it is read or refused with a message: no exception, no hang."""

from __future__ import annotations

import gc
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siyu.syntax.keywords import keywords
from siyu.syntax.lexer import tokenise
from siyu.syntax.memo import MEMO
from siyu.syntax.parse import Parsed, parse
from siyu.syntax.unparse import unparse
from siyu.text import Source
from strategies.reading import TOUR, codes, read

# ---------------------------------------------------------------- nesting


@pytest.mark.parametrize(
    ("opening", "middle", "closing", "most"),
    [
        ("(", "1", ")", 200),
        ("f(", "1", ")", 100),
        ("sum(", "x", ")", 100),
        ("round(", "1", ", 2)", 100),
        ("-", "x", "", 100),
        ("x + ", "1", "", 100),
        ("days since ", "x", "", 100),
        ("share(not ", "x", " where x)", 50),
    ],
)
def test_nesting_ends_at_a_hundred_levels(
    opening: str, middle: str, closing: str, most: int
) -> None:
    """So that everything behind the parser may walk a tree by calling itself."""

    def nested(levels: int) -> str:
        return f"metric a = {opening * levels}{middle}{closing * levels}\n\nmetric b = 1"

    assert codes(nested(most)) == []
    assert codes(nested(most + 1)) == ["E0119"]
    assert codes(nested(20_000)) == ["E0119"]
    assert unparse(read(nested(most)).file, "zh")


def test_a_hundred_thousand_parentheses() -> None:
    assert codes("metric a = " + "(" * 100_000 + "1\n\nmetric b = 1") == ["E0105"]
    assert codes("metric a = " + ")" * 100_000 + "1\n\nmetric b = 1") == ["E0106"]


def test_long_lists_are_flat() -> None:
    assert codes("segment a when " + " and ".join(["x = 1"] * 2_000)) == []
    assert codes("segment a when x in (" + ", ".join(["1"] * 5_000) + ")") == []


# ---------------------------------------------------------------- long lines, odd characters

MEGABYTE = 1_000_000
LONG_LINES = {
    "a word": ("x" * MEGABYTE, []),
    "a Chinese word": ("当" * MEGABYTE, []),
    "a string": ('"' + "x" * MEGABYTE + '"', []),
    "an open string": ('"' + "x" * MEGABYTE, ["E0104"]),
    "open quotes": ("“" * MEGABYTE, ["E0104"]),
    "digits": ("1" * MEGABYTE, ["E0116"]),
    "digits and dots": ("1." * (MEGABYTE // 2), ["E0116"]),
    "digits and letters": ("1x" * (MEGABYTE // 2), ["E0120"]),
    "underscores": ("1" + "_" * MEGABYTE, ["E0116"]),
    "spaces": (" " * MEGABYTE + "1", []),
    "a comment": ("1 #" + "#" * MEGABYTE, []),
    "NUL": ("\0" * (MEGABYTE // 10), ["E0114"]),
    "a lone surrogate": ("\ud800", ["E0115"]),
    "a sum": (" + ".join(["x"] * 50_000), ["E0119"]),
    "a path": (".".join(["x"] * 50_000), []),
}


@pytest.mark.parametrize("content", LONG_LINES)
def test_lines_of_a_megabyte(content: str) -> None:
    text, expected = LONG_LINES[content]
    parsed = read(f"metric a = {text}\n\nmetric b = 1")
    assert [d.code for d in parsed.diagnostics] == expected
    assert parsed.file.declarations[-1].name.text == "b"
    for diagnostic in parsed.diagnostics:
        assert len(diagnostic.text()) + len(diagnostic.help_text()) < 400


# ---------------------------------------------------------------- many declarations


def test_ten_thousand_declarations_take_ten_times_as_long_as_a_thousand() -> None:
    def seconds(count: int, keyword: str) -> float:
        text = "\n".join(
            f'segment s{n} "分群"\n  {keyword} recency between 60 days and {n} days'
            for n in range(count)
        )
        source = Source.of("many.siyu", text)
        MEMO.clear()
        gc.collect()
        begin = time.process_time()
        parsed = parse(source)
        assert len(parsed.file.declarations) == (count if keyword == "when" else 500)
        assert len(parsed.diagnostics) == (0 if keyword == "when" else count)
        return time.process_time() - begin

    for keyword in ("when", "whne"):
        assert seconds(10_000, keyword) < 25 * max(seconds(1_000, keyword), 0.05)


def test_a_thousand_lines_are_read_well_within_half_a_second() -> None:
    text = TOUR.read_text(encoding="utf-8")
    body = text[text.index("param ") :]
    source = Source.of("long.siyu", text + "\n" + "\n".join([body] * 6))
    assert len(source.line_starts) > 1_000

    def seconds() -> float:
        MEMO.clear()
        begin = time.process_time()
        parse(source)
        return time.process_time() - begin

    assert min(seconds() for _ in range(3)) < 0.5


# ---------------------------------------------------------------- soup

WORDS = sorted({word for k in keywords().by_position.values() for word in k.spellings})
OTHER = [
    *("x", "event.amount", '"a"', "“b”", '"', "“", "1", "2.5", "5%", "¥", "元", "2026-01-01"),
    *("10:00", "9:00", "(", ")", "->", "..", "..<", "=", ">=", ".", ",", ":", "+", "-", "*", "/"),
    *(
        "\n",
        "\n  ",
        "\n\n",
        "`q w`",
        "「名」",
        "`",
        "#c\n",
        "1000元且",
        "当x",
        "\0",
        "$",
        "。",
        "{",
    ),
    *("== ", "|", "\nmetric m = ", "\n\nsegment s when "),
]
soups = st.lists(st.sampled_from(WORDS) | st.sampled_from(OTHER), max_size=60).map(" ".join)


def check(text: str) -> Parsed:
    """Reads a text, and asks every message for its words and for a place within the text."""
    source = Source.of("soup.siyu", text)
    parsed = parse(source)
    for diagnostic in parsed.diagnostics:
        assert diagnostic.span.file == "soup.siyu"
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(source.text)
        assert diagnostic.text() and diagnostic.label_text()
        diagnostic.help_text()
        for note in diagnostic.notes:
            assert note.span is None or note.span.end <= len(source.text)
    return parsed


@settings(max_examples=6 * settings.default.max_examples)
@given(soups)
def test_any_words_in_any_order_are_read_or_refused(text: str) -> None:
    check(text)


@given(st.text())
def test_any_characters_are_read_or_refused(text: str) -> None:
    check(text)


@given(st.text(max_size=20), st.integers(0, 5_000))
def test_any_characters_in_the_midst_of_a_policy_cost_little(text: str, place: int) -> None:
    """The declaration they fall into is lost, or two when they fall between words of its head."""
    tour = TOUR.read_text(encoding="utf-8")
    place = min(place, len(tour))
    parsed = check(tour[:place] + text + tour[place:])
    assert len(parsed.file.declarations) >= 29 - 2 - text.count("\n") - text.count("\r")


def test_one_word_left_out_doubled_or_changed_costs_one_declaration() -> None:
    """Every word of the tour in turn, each in one of three ways."""
    tour = TOUR.read_text(encoding="utf-8")
    tokens = tokenise(Source.of("tour", tour)).items
    for number, token in enumerate(tokens):
        before, word, after = (
            tour[: token.start],
            tour[token.start : token.end],
            tour[token.end :],
        )
        other = tokens[(number * 7919) % len(tokens)]
        changed = ("", f"{word} {word}", tour[other.start : other.end])[number % 3]
        parsed = check(f"{before}{changed}{after}")
        assert len(parsed.diagnostics) <= 1, (word, changed)
        # Without its kind a declaration is a part of the one before it.
        assert len(parsed.file.declarations) >= 27
