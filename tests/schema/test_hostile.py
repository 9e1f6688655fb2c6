"""Whatever stands in a schema file, loading ends soon and with a diagnostic, never an exception."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from siyu.schema import load_schema
from siyu.text import Source

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(12)
)
HOSTILE = {
    "nothing": "",
    "a comment": "# nothing\n",
    "a list": "- 1\n- 2\n",
    "a word": "schema\n",
    "bomb": BOMB,
    "self": "a: &a [*a]\n",
    "deep flow": "a: " + "[" * 50_000,
    "deep braces": "{a: " * 50_000,
    "deep block": "\n".join("  " * depth + "a:" for depth in range(500)),
    "nul": "schema: a\0b\n",
    "tag": "schema: !!python/object/apply:os.system [ls]\n",
    "two documents": "schema: a\n---\nschema: b\n",
    "complex key": "? [a, b]\n: c\n",
    "merge": "customer:\n  <<: {key: id}\n",
    "control": "schema: \x07\n",
    "huge number": "schema: s\nversion: " + "9" * 10_000 + "\n",
    "huge exponent": "customer: {key: a, fields: {a: {type: int, max: 1e999999999}}}\n",
    "long line": "schema: " + "x" * 500_000,
    "percent": "%YAML 9.9\n---\nschema: a\n",
    "bad escape": 'schema: "\\q"\n',
    "unclosed": 'schema: "a\n',
    "half a pair": "schema: \ud800\n",
    "many": "schema: s\n" + "".join(f"key{i}: 1\n" for i in range(2_000)),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_give_errors(text: str) -> None:
    began = time.perf_counter()
    loaded = load_schema(Source.of("shop.yaml", text))
    assert not loaded.ok
    assert loaded.diagnostics
    assert time.perf_counter() - began < 20
    for each in loaded.diagnostics:
        assert each.text() and each.label_text()


WORDS = st.sampled_from(
    [
        "schema",
        "version",
        "labels",
        "extra",
        "enums",
        "customer",
        "collections",
        "events",
        "context",
        "key",
        "time",
        "fields",
        "role",
        "type",
        "default",
        "optional",
        "label",
        "min",
        "max",
        "scale",
        "currency",
        "unit",
        "pii",
        "immutable",
        "values",
        "ordered",
        "a",
        "b",
        "id",
        "ignore",
        "int",
        "text",
        "money",
        "decimal",
        "date",
        "bool",
        "geo",
        "zh",
        "en",
        "opt-out",
        "0",
        "1",
        "-5",
        "1.5",
        "true",
        "~",
        "2026-01-01",
        "CNY",
    ]
)
TREES = st.recursive(
    WORDS | st.text(max_size=5).map(repr),
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda items: "[" + ", ".join(items) + "]")
        | st.dictionaries(WORDS, inner, max_size=6).map(
            lambda pairs: "{" + ", ".join(f"{k}: {v}" for k, v in pairs.items()) + "}"
        )
    ),
    max_leaves=40,
)


@given(TREES)
@example("{schema: [], customer: {key: {}, fields: {id: 1}}}")
def test_any_tree_of_the_right_words_is_told_about(text: str) -> None:
    loaded = load_schema(Source.of("shop.yaml", text))
    for each in loaded.diagnostics:
        assert each.text() and each.code
        assert 0 <= each.span.start <= each.span.end <= len(text) + 1
    assert loaded.ok or loaded.diagnostics


@given(st.text())
def test_any_text_is_told_about(text: str) -> None:
    loaded = load_schema(Source.of("shop.yaml", text))
    assert loaded.ok or loaded.diagnostics
