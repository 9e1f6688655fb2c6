"""The generated reader holds no text of the author that could be executed."""

import ast

from siyu.core.ir import Input
from siyu.core.program import Needs
from siyu.records import Read, reader
from siyu.schema import load_schema
from siyu.text import Source
from siyu.types import TEXT

from .shop import READ

ATTACKS = (
    "x'] or boom() or a['",
    'x"] or boom() or a["',
    "x\\'] or boom() #",
    "{boom()}",
    "%s' % boom() #",
    "'''+boom()+'''",
)


def test_names_and_members_are_never_code() -> None:
    names = "".join(
        f"    {_quoted(name)}: {{type: enum e, default: {_quoted(name)}}}\n" for name in ATTACKS
    )
    members = ", ".join(f"{_quoted(name)}: x" for name in ATTACKS)
    text = (
        f"schema: s\nenums:\n  e: {{{members}}}\n"
        f"customer:\n  key: id\n  fields:\n    id: {{type: text}}\n{names}"
        f"events:\n  {_quoted(ATTACKS[0])}: {{fields: {{}}}}\n"
    )
    loaded = load_schema(Source.of("s.yaml", text))
    assert loaded.schema is not None and loaded.ok
    kinds = {name: field.type for name, field in loaded.schema.fields.items()}
    inputs = tuple(Input("customer", name, kinds[name]) for name in ATTACKS)
    metrics = dict.fromkeys(ATTACKS, TEXT)
    read = reader(loaded.schema, Needs(inputs, ()), "UTC", metrics=metrics)
    request = {
        "customer": {"id": "boom()", ATTACKS[1]: ATTACKS[0]},
        "event": {"type": ATTACKS[0]},
        "metrics": {ATTACKS[2]: "boom()"},
    }
    found = read(request, 0)
    assert isinstance(found, Read)
    assert found == read._fast(request, 0)
    assert found.facts.values == (ATTACKS[0], ATTACKS[0], *ATTACKS[2:])
    assert "boom" not in _names(read.source())


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _names(source: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


def test_variables_are_numbered() -> None:
    words = {name for name in _names(READ.source()) if name.isupper() is False}
    known = {
        "request", "otherwise", "customer", "event", "event_key", "happened", "found", "context",
        "given", "metrics", "more", "read_metrics", "as_of", "facts", "new", "set_values",
        "set_tables", "set_given", "key", "ignored", "type", "dict", "list", "len", "str", "int",
        "float", "set", "tuple", "Facts", "Read",
    }  # fmt: skip
    assert {
        word for word in words - known if not (word[0].isalpha() and word[1:].isdigit())
    } == set()
