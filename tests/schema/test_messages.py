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


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("schema: shop\ncustomer: {key: id\n", "{"),
        ("schema: shop\ncustomer: [a, b\n  key: id\n", "["),
        ('schema: "shop\ncustomer: {key: id}\n', '"'),
    ],
)
def test_what_is_not_closed_is_shown_where_it_begins(text: str, begins: str) -> None:
    (said,) = load_schema(Source.of("shop.yaml", text)).diagnostics
    (note,) = said.notes
    assert note.span is not None
    assert text[note.span.start] == begins
    assert text[said.span.start : said.span.end].strip()


@pytest.mark.parametrize(
    ("written", "meant"),
    [("String", "text"), ("integer", "int"), ("float", "decimal"), ("moeny", "money")],
)
def test_types_are_known_by_what_others_call_them(written: str, meant: str) -> None:
    text = (
        f"schema: s\ncustomer: {{key: id, fields: {{id: {{type: text}}, x: {{type: {written}}}}}}}"
    )
    (said,) = load_schema(Source.of("shop.yaml", text)).diagnostics
    assert (said.code, said.help_text()) == ("E0220", f"did you mean `{meant}`?")


def test_a_nested_collection_has_no_roles() -> None:
    text = """\
schema: s
customer: {key: id, fields: {id: {type: text}}}
collections:
  orders:
    fields: {at: {type: datetime, role: opt-out}}
    collections:
      lines: {role: contact log, fields: {sku: {type: text}}}
"""
    found = load_schema(Source.of("shop.yaml", text)).diagnostics
    assert [each.code for each in found] == ["E0240", "E0240"]
    advice = "leave it out: only the customer's own fields and collections have roles"
    assert {each.help_text() for each in found} == {advice}
