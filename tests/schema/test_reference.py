"""What the reference shows is true: its schema loads, its request is read."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

from siyu.core.program import ColumnNeed, Needs, TableNeed
from siyu.records import Read, read_json, reader
from siyu.schema import Schema, load_schema
from siyu.schema.shape import COLLECTION_ROLES, FIELD_ROLES, PLAIN_TYPES, ROLE_COLUMNS
from siyu.text import Source

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGE = (REFERENCE / "schema.md").read_text(encoding="utf-8")


def block(name: str, kind: str) -> str:
    text = (REFERENCE / name).read_text(encoding="utf-8")
    (found,) = re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)
    return str(found)


def shown() -> Schema:
    loaded = load_schema(Source.of("shop.yaml", block("schema.md", "yaml")), "CNY")
    assert loaded.diagnostics == ()
    assert loaded.schema is not None
    return loaded.schema


def test_the_schema_of_the_reference_is_right() -> None:
    assert set(shown().collections) == {"orders", "consents"}


def test_the_request_of_the_reference_is_read() -> None:
    schema = shown()
    amount = schema.collections["orders"].fields["amount"]
    orders = TableNeed("orders", (ColumnNeed("amount", amount.type, False),))
    read = reader(schema, Needs((), (orders,)), "Asia/Shanghai")
    found = read(read_json(block("requests.md", "json")))
    assert isinstance(found, Read)
    assert (found.key, found.event_key, found.facts.tables) == ("M1", "o2", (((900_000,),),))


def test_every_type_and_role_is_described() -> None:
    for word in (*PLAIN_TYPES, "enum NAME", "level of TIER", *COLLECTION_ROLES, *FIELD_ROLES):
        assert f"`{word}`" in PAGE, word
    for columns in ROLE_COLUMNS.values():
        for column in columns:
            assert f"`{column.name}`" in PAGE, column.name


DOCUMENTED = ("siyu.schema", "siyu.records", "siyu.decision")


def modules() -> list[str]:
    found = []
    for package in DOCUMENTED:
        path = importlib.import_module(package).__path__
        found += [each.name for each in pkgutil.walk_packages(path, f"{package}.")]
    return found


@pytest.mark.parametrize("name", modules())
def test_examples_in_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
