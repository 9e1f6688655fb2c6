"""The JSON Schema for editors says the same as the loader, and what is published is not stale."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from siyu.faces.schema import published
from siyu.schema import load_schema, shape
from siyu.schema import published as models
from siyu.schema.diagnostics import DIAGNOSTICS
from siyu.schema.published import file_schema
from siyu.text import Source

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "schema.schema.json"
VALIDATOR = Draft202012Validator(file_schema())


def plain(text: str) -> Any:
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))


def test_the_published_file_is_not_stale() -> None:
    fresh = published(file_schema())
    assert PAGE.read_text(encoding="utf-8") == fresh, (
        "docs/reference/schema.schema.json is stale: write it again with `siyu schema json`"
    )


def test_it_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(file_schema())


@pytest.mark.parametrize(
    ("model", "keys"),
    [
        (models.SchemaFile, shape.TOP),
        (models.CustomerPart, shape.CUSTOMER),
        (models.ContextPart, shape.CONTEXT),
        (models.CollectionPart, shape.COLLECTION),
        (models.EventPart, shape.EVENT),
        (models.FieldPart, shape.FIELD),
        (models.EnumPart, shape.ENUM),
        (models.LabelsPart, shape.LANGUAGES),
    ],
)
def test_the_same_settings_stand_at_the_same_places(
    model: type[models.Part], keys: tuple[str, ...]
) -> None:
    assert {each.alias or name for name, each in model.model_fields.items()} == set(keys)


SCHEMAS = [
    *ROOT.glob("policies/*/retail.yaml"),
    ROOT / "examples" / "complete_journey" / "journey.yaml",
    ROOT / "benchmarks" / "policy" / "growth75.yaml",
]


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_schemas_of_the_repository_fit(path: Path) -> None:
    found = VALIDATOR.iter_errors(plain(path.read_text(encoding="utf-8")))
    assert [error.message for error in found] == []


SHAPES = ("E0208", "E0209", "E0210", "E0220", "E0240")  # mistakes that an editor can see


@pytest.mark.parametrize("kind", DIAGNOSTICS, ids=[each.__name__ for each in DIAGNOSTICS])
def test_editors_accept_every_right_example(kind: Any) -> None:
    assert VALIDATOR.is_valid(plain(kind.right))


@pytest.mark.parametrize("code", SHAPES)
def test_editors_see_mistakes_of_shape(code: str) -> None:
    (kind,) = (each for each in DIAGNOSTICS if each.code == code)
    assert not VALIDATOR.is_valid(plain(kind.wrong))


def test_what_editors_accept_loads_or_is_told_about() -> None:
    text = "schema: s\ncustomer: {key: id, fields: {id: {type: enum nothing}}}\n"
    assert VALIDATOR.is_valid(plain(text))
    assert not load_schema(Source.of("s.yaml", text)).ok
