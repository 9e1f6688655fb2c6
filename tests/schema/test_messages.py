"""Every message is earned by its wrong example, and absent from its right one."""

import string

import pytest

from siyu.diagnostics import Diagnostic
from siyu.schema import load_schema
from siyu.schema.diagnostics import DIAGNOSTICS
from siyu.text import Source

NAMES = [each.__name__ for each in DIAGNOSTICS]


def codes(text: str) -> list[str]:
    return [each.code for each in load_schema(Source.of("shop.yaml", text)).diagnostics]


@pytest.mark.parametrize("kind", DIAGNOSTICS, ids=NAMES)
def test_the_wrong_example_gives_the_message_alone(kind: type[Diagnostic]) -> None:
    assert codes(kind.wrong) == [kind.code]


@pytest.mark.parametrize("kind", DIAGNOSTICS, ids=NAMES)
def test_the_right_example_gives_nothing(kind: type[Diagnostic]) -> None:
    assert codes(kind.right) == []


@pytest.mark.parametrize("kind", DIAGNOSTICS, ids=NAMES)
def test_the_words_are_filled_in_and_well_kept(kind: type[Diagnostic]) -> None:
    (said,) = load_schema(Source.of("shop.yaml", kind.wrong)).diagnostics
    for words in (said.text(), said.label_text(), said.help_text()):
        assert words
        assert not words[0].isupper()
        assert not words.endswith(".")
        assert "None" not in words
    assert said.page
    assert 0 <= said.span.start <= said.span.end <= len(kind.wrong)
    for note in said.notes:
        assert note.span is not None


def test_codes_are_given_once_and_in_order() -> None:
    found = [each.code for each in DIAGNOSTICS]
    assert found == sorted(set(found))


@pytest.mark.parametrize("kind", DIAGNOSTICS, ids=NAMES)
def test_templates_speak_only_of_facts_that_the_message_has(kind: type[Diagnostic]) -> None:
    (said,) = load_schema(Source.of("shop.yaml", kind.wrong)).diagnostics
    for template in (kind.message, kind.label, kind.help):
        for _, fact, _, _ in string.Formatter().parse(template):
            assert fact is None or fact in said.facts()
