"""Printing and reading undo each other, whatever the file, the language and the comments."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from siyu.syntax import ast
from siyu.syntax.keywords import Language, keywords
from siyu.syntax.parse import parse
from siyu.syntax.unparse import unparse
from siyu.text import Source
from strategies.asts import DECLARATIONS, files

ROOT = Path(__file__).parents[2]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
languages = st.sampled_from(LANGUAGES)
thorough = settings(max_examples=3 * settings.default.max_examples)


def read(text: str) -> ast.File:
    """The tree of a text without mistakes."""
    parsed = parse(Source.of("drawn.siyu", text))
    assert not parsed.diagnostics, (parsed.diagnostics[0].text(), text)
    return parsed.file


def fmt(text: str, keywords: Language | None = None) -> str:
    return unparse(read(text), keywords, Source.of("drawn.siyu", text))


# ---------------------------------------------------------------- trees


@thorough
@given(files(), languages)
def test_reading_gives_back_the_tree_that_was_printed(file: ast.File, keywords: Language) -> None:
    assert read(unparse(file, keywords)) == file


@thorough
@given(files(), languages)
def test_formatting_twice_is_formatting_once(file: ast.File, keywords: Language) -> None:
    once = unparse(file, keywords)
    assert fmt(once, keywords) == once
    assert fmt(once) == once or not file.declarations


@thorough
@given(files(), languages, st.sampled_from((0, 30)))
def test_lines_break_where_they_may(file: ast.File, keywords: Language, columns: int) -> None:
    with patch("siyu.syntax.unparse.layout.WIDTH", columns):
        narrow = unparse(file, keywords)
        assert read(narrow) == file
        assert fmt(narrow, keywords) == narrow
    assert fmt(narrow, keywords) == unparse(file, keywords)


@thorough
@given(files())
def test_english_after_chinese_gives_what_english_gave(file: ast.File) -> None:
    english, chinese = unparse(file, "en"), unparse(file, "zh")
    assert fmt(chinese, "en") == english
    assert fmt(english, "zh") == chinese


def test_every_kind_of_node_is_drawn() -> None:
    waited_for = {
        value
        for value in vars(ast).values()
        if isinstance(value, type) and issubclass(value, ast.Node)
    } - {ast.Node, ast.Comment}

    def look(tree: ast.Node) -> None:
        waited_for.difference_update(map(type, nodes(tree)))

    # Many short searches differ more than one long one, which varies what it found first.
    few = settings(max_examples=8, derandomize=False, database=None)
    for again, kind in product(range(20), (files, *DECLARATIONS)):
        if waited_for:
            seed(again)(few(given(kind())(look)))()
    assert not waited_for


def nodes(value: object) -> Iterator[ast.Node]:
    """A node and all below it."""
    if isinstance(value, tuple):
        for item in value:
            yield from nodes(item)
    elif isinstance(value, ast.Node):
        yield value
        for field in dataclasses.fields(value):
            yield from nodes(getattr(value, field.name))


# ---------------------------------------------------------------- comments


ASIDE = re.compile(r'"[^"\n]*"|“[^”\n]*”|＂[^＂\n]*＂|`[^`\n]*`')


GAP = re.compile(r"[ \n](?=(\w*))")
# A name that is also a kind of declaration stays on its line: where a line begins it would be one.
KINDS = {
    spelled
    for keyword in keywords().by_position.values()
    if keyword.section == "declaration"
    for spelled in keyword.spellings
}


@st.composite
def commented(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A text with comments and blank lines where any white space was, and the comments."""
    text = unparse(draw(files()), draw(languages))
    bare = ASIDE.sub(lambda aside: "x" * len(aside[0]), text)
    gaps = [gap.start() for gap in GAP.finditer(bare) if gap[1] not in KINDS]
    chosen = draw(st.lists(st.sampled_from(gaps), max_size=6)) if gaps else []
    comments: list[str] = []
    pieces: list[str] = []
    last = 0
    for place in sorted(chosen):
        comments.append(f"# {len(comments)} 注")
        lead = draw(st.sampled_from((" ", "\n", "\n   ", "\n\n", "\t")))
        end = draw(st.sampled_from(("\n", "  \n", "\n\n", "\n\n\n  ")))
        pieces += [text[last:place], lead, comments[-1], end]
        last = place
    return "".join([*pieces, text[last:]]), comments


@thorough
@given(commented(), st.none() | languages)
def test_no_comment_is_lost_or_overtaken(
    drawn: tuple[str, list[str]], keywords: Language | None
) -> None:
    text, comments = drawn
    formatted = fmt(text, keywords)
    assert read(formatted) == read(text)
    assert [comment.text for comment in read(formatted).comments] == comments


@thorough
@given(commented())
def test_comments_stay_where_they_were_put(drawn: tuple[str, list[str]]) -> None:
    text, _ = drawn
    english, chinese = fmt(text, "en"), fmt(text, "zh")
    assert fmt(english, "en") == english
    assert fmt(chinese, "zh") == chinese
    assert fmt(chinese, "en") == english
    assert fmt(english, "zh") == chinese


# ---------------------------------------------------------------- the policies of this repository


def policies() -> list[Path]:
    folders = (
        ROOT / name for name in ("benchmarks", "docs", "examples", "policies", "src", "tests")
    )
    found = (path.relative_to(ROOT) for folder in folders for path in folder.rglob("*.siyu"))
    return sorted(found)


@pytest.mark.parametrize("path", policies(), ids=str)
@pytest.mark.parametrize("keywords", LANGUAGES)
def test_policies_of_this_repository(path: Path, keywords: Language) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    formatted = fmt(text, keywords)
    assert read(formatted) == read(text)
    assert fmt(formatted, keywords) == formatted
    assert fmt(fmt(text, "zh"), "en") == fmt(text, "en")
    assert [c.text for c in read(formatted).comments] == [c.text for c in read(text).comments]


@pytest.mark.parametrize("folder", ["policies", "examples"])
def test_policies_to_learn_from_are_in_the_canonical_format(folder: str) -> None:
    for path in sorted((ROOT / folder).rglob("*.siyu")):
        text = path.read_text(encoding="utf-8")
        assert fmt(text) == text, path
