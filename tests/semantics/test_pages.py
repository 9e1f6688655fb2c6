"""The examples on the page of every message: the wrong one gives it, the right one none."""

import pytest

from siyu.compiler import Pack, Used, compile_pack
from siyu.diagnostics import Diagnostic
from siyu.resources import resource
from siyu.schema.load import load_schema
from siyu.semantics import errors, type_errors, unknown_errors
from siyu.syntax.parse import parse
from siyu.text import Source

CLASSES: list[type[Diagnostic]] = [
    each
    for module in (errors, type_errors, unknown_errors)
    for each in vars(module).values()
    if isinstance(each, type)
    and issubclass(each, Diagnostic)
    and each.__module__ == module.__name__
]
BY_CODE = pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.code)


def told(text: str, facts: str) -> list[Diagnostic]:
    source = Source.of("p.siyu", text)
    retail = resource("policies", "retail_membership", "retail.yaml").read_text("utf-8")
    schema = Source.of("retail.yaml", facts or retail)
    loaded = load_schema(schema, "CNY") if "retail.yaml" in text else None
    sources = {source.name: source, schema.name: schema}
    return list(compile_pack(Pack((Used("p.siyu", parse(source)),), loaded, sources)).diagnostics)


@BY_CODE
def test_the_wrong_example_gives_this_message_and_no_other(kind: type[Diagnostic]) -> None:
    found = told(kind.wrong, kind.example_facts)
    assert {each.code for each in found} == {kind.code}, [each.text() for each in found]


@BY_CODE
def test_the_right_example_gives_none(kind: type[Diagnostic]) -> None:
    assert [(each.code, each.text()) for each in told(kind.right, kind.example_facts)] == []


@BY_CODE
def test_a_message_is_one_plain_sentence_with_advice(kind: type[Diagnostic]) -> None:
    for found in told(kind.wrong, kind.example_facts):
        for said in (found.text(), found.label_text(), found.help_text()):
            assert said
            assert not said.endswith(".")
            assert not said[0].isupper()
            assert "{" not in said
        assert kind.wrong[found.span.start : found.span.end].strip()


def test_codes_differ() -> None:
    codes = [kind.code for kind in CLASSES]
    assert len(codes) == len(set(codes)) and len(codes) > 30
