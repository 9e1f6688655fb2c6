"""`siyu schema …` from outside."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from siyu.faces.schema import command

ROOT = Path(__file__).resolve().parents[2]
RETAIL = str(ROOT / "policies" / "retail_membership" / "retail.yaml")
WRONG = (
    "schema: shop\ncustomer:\n  key: id\n  fields:\n    编号: {type: textt}\n    id: {type: text}\n"
)


def run(*args: str) -> Result:
    return CliRunner().invoke(command, args)


@pytest.fixture
def wrong(tmp_path: Path) -> str:
    path = tmp_path / "shop.yaml"
    path.write_text(WRONG, encoding="utf-8")
    return str(path)


def test_check_of_a_right_file() -> None:
    result = run("check", RETAIL)
    assert (result.exit_code, result.stdout) == (0, f"{RETAIL}: right\n")


def test_check_draws_what_is_wrong(wrong: str) -> None:
    result = run("check", wrong, RETAIL)
    assert result.exit_code == 1
    assert result.stdout == f"{wrong}: 1 error\n{RETAIL}: right\n"
    assert result.stderr == (
        "error[E0220]: `textt` is not a type\n"
        f" --> {wrong}:5:16\n"
        "  |\n"
        "5 |     编号: {type: textt}\n"
        "  |                  ^^^^^ no such type\n"
        "  = help: did you mean `text`?\n"
        "  = read more: siyu explain E0220\n\n"
    )


def test_check_for_machines(wrong: str) -> None:
    (found,) = json.loads(run("check", wrong, "--format", "json").stdout)
    assert found["line"] == 5
    assert found["column"] == 16
    assert found["code"] == "E0220"
    assert found["help"] == "did you mean `text`?"
    assert json.loads(run("check", RETAIL, "--format", "json").stdout) == []


def test_show_for_people() -> None:
    result = run("show", RETAIL)
    assert result.exit_code == 0
    for words in (
        "orders.lines",
        "Retail members",
        "入会日期",
        "0 to 120",
        "contact log",
        "opt-out",
    ):
        assert words in result.stdout


def test_show_for_machines() -> None:
    data = json.loads(run("show", RETAIL, "--format", "json").stdout)
    fields = data["customer"]["fields"]
    assert data["customer"]["key"] == "member_id"
    assert (fields["age"]["min"], fields["age"]["max"]) == ("0", "120")
    assert fields["total_spend"]["default"] == "0.00"
    assert fields["tags"]["default"] == []
    assert fields["birthday"]["pii"] is True
    assert data["collections"]["orders"]["collections"]["lines"]["key"] == "line_no"
    assert data["enums"]["channel"]["values"]["sms"] == {"zh": "短信", "en": "短信"}


def test_show_of_a_wrong_file_tells(wrong: str) -> None:
    result = run("show", wrong)
    assert result.exit_code == 1
    assert "E0220" in result.stderr


@pytest.mark.parametrize("args", [("check",), ("check", "nothing.yaml"), ("show", "nothing.yaml")])
def test_bad_usage(args: tuple[str, ...]) -> None:
    assert run(*args).exit_code == 2


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"schema: \xff\n")
    result = run("check", str(path))
    assert result.exit_code == 2
    assert "not UTF-8 text at byte 8" in result.stderr


@pytest.mark.parametrize("name", ["check", "show", "json", "decision"])
def test_help_shows_an_example(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert f"siyu schema {name}" in result.stdout


@pytest.mark.parametrize("name", ["json", "decision"])
def test_printed_schemas_are_those_published(name: str) -> None:
    page = {"json": "schema", "decision": "decision"}[name]
    path = ROOT / "docs" / "reference" / f"{page}.schema.json"
    assert run(name).stdout == path.read_text(encoding="utf-8")
