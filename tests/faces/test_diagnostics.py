"""Every message there is: its code, its words, and the examples on its page."""

from __future__ import annotations

import re
import string
from functools import cache

import pytest

from siyu.diagnostics import Diagnostic
from siyu.faces.catalogue import catalogue, classes
from siyu.faces.pages import Said, headline, message_for, page_text, say_of

EVERY = pytest.mark.parametrize("kind", classes(), ids=lambda kind: kind.code)


@cache
def said_of_wrong(kind: type[Diagnostic]) -> Said:
    return say_of(kind, kind.wrong)


def own(kind: type[Diagnostic]) -> list[Diagnostic]:
    return [each for each in said_of_wrong(kind).diagnostics if each.code == kind.code]


def test_codes_are_given_once() -> None:
    assert [each.code for each in classes()] == sorted({each.code for each in classes()})
    assert len(catalogue()) > 100


@EVERY
def test_a_page_has_all_its_parts(kind: type[Diagnostic]) -> None:
    assert re.fullmatch(r"[EW]\d{4}", kind.code)
    for part in (kind.message, kind.page.strip(), kind.wrong, kind.right):
        assert part
    assert kind.page.strip().endswith((".", "`", "```", "。"))


@EVERY
def test_the_wrong_example_earns_the_message(kind: type[Diagnostic]) -> None:
    found = said_of_wrong(kind).diagnostics
    assert {each.code for each in found} == {kind.code}, [each.text() for each in found]


@EVERY
def test_the_right_example_earns_nothing(kind: type[Diagnostic]) -> None:
    found = say_of(kind, kind.right).diagnostics
    assert [(each.code, each.text()) for each in found] == []


@EVERY
def test_messages_are_one_sentence_in_the_readers_words(kind: type[Diagnostic]) -> None:
    for each in own(kind):
        for words in filter(None, (each.text(), each.label_text(), each.help_text())):
            assert not words[0].isupper(), words
            assert not words.endswith("."), words
            assert "None" not in words, words
            assert "\n" not in words, words
            assert "{'" not in words, words


@EVERY
def test_templates_name_only_facts_that_are_there(kind: type[Diagnostic]) -> None:
    facts = own(kind)[0].facts()
    for template in (kind.message, kind.label, kind.help):
        for _, fact, _, _ in string.Formatter().parse(template):
            assert fact is None or fact in facts


@EVERY
def test_a_message_points_into_its_example(kind: type[Diagnostic]) -> None:
    sources = said_of_wrong(kind).sources
    for each in own(kind):
        spans = [each.span, *(note.span for note in each.notes if note.span is not None)]
        for span in spans:
            assert 0 <= span.start <= span.end <= len(sources[span.file].text)


@EVERY
def test_the_page_shows_message_and_examples(kind: type[Diagnostic]) -> None:
    page = page_text(kind)
    assert page.startswith(f"{kind.code}: {headline(kind)}\n")
    assert "{" not in headline(kind)
    first = message_for(kind).split("\n")[0]
    assert first.startswith(f"{kind.severity}[{kind.code}]: ")
    assert first in page
