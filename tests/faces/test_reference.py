"""The pages of the reference that are made from the program: up to date, and true."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from siyu.faces.pages import say_of_policy
from siyu.kinds import KINDS
from siyu.semantics.errors import HEAD
from siyu.semantics.functions import AGGREGATE_ENTRIES, BUILT_INS
from siyu.syntax.keywords import keywords
from siyu.syntax.parse import parse
from siyu.syntax.unparse import unparse
from siyu.text import Source
from tests.faces.shell import ROOT, pack, siyu


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATE = script()


@pytest.mark.parametrize("name", GENERATE.PAGES)
def test_a_page_is_what_the_script_writes(name: str) -> None:
    written = (ROOT / "docs" / "reference" / name).read_text("utf-8")
    assert GENERATE.PAGES[name]() == written, "run: python docs/generate.py"


def test_stale_pages_are_named_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(GENERATE, "REFERENCE", tmp_path)
    monkeypatch.setattr(GENERATE, "PAGES", {"keywords.md": GENERATE.keywords_page})
    assert GENERATE.main(["--check"]) == 1
    assert not list(tmp_path.iterdir())
    assert GENERATE.main([]) == 0
    assert GENERATE.main(["--check"]) == 0
    assert capsys.readouterr().out == (
        "stale: docs/reference/keywords.md\nwritten: docs/reference/keywords.md\n"
    )
    assert sys.modules.get("docs_generate") is None


@pytest.mark.parametrize("name", GENERATE.PAGES)
def test_links_lead_to_sections(name: str) -> None:
    folder = ROOT / "docs" / "reference"
    for file, anchor in re.findall(r"\]\(([\w.]*)#([^)]+)\)", (folder / name).read_text("utf-8")):
        text = (folder / (file or name)).read_text("utf-8")
        anchors = [
            re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
            for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        ]
        assert anchor in anchors, (file, anchor)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.word)
def test_the_example_of_a_kind_is_written_as_siyu_writes_it(kind: object) -> None:
    examples = re.findall(r"```siyu[^\n]*\n(.*?)```", kind.page, re.DOTALL)
    assert examples
    for example in examples:
        source = Source.of("example.siyu", example)
        parsed = parse(source)
        assert parsed.diagnostics == ()
        assert unparse(parsed.file, None, source) == example


def test_every_keyword_has_a_row() -> None:
    page = (ROOT / "docs" / "reference" / "keywords.md").read_text("utf-8")
    for keyword in keywords().by_position.values():
        for spelling in keyword.spellings:
            assert f"`{spelling}`" in page


def test_the_examples_of_functions_hold(tmp_path: Path) -> None:
    head = HEAD.replace('  schema "retail.yaml"\n', "")
    expected = "".join(
        f"  expect {example}\n" for each in BUILT_INS.values() for example in each.examples
    )
    given = '  given customer\n    key = "M1"\n'
    policy = f'{head}test "examples" at 2026-11-21 10:00\n{given}{expected}'
    folder = pack(tmp_path, policy=policy)
    ran = siyu("test", folder)
    assert (ran.code, "all passed" in ran.out) == (0, True), ran.out


@pytest.mark.parametrize("example", [each.example for each in AGGREGATE_ENTRIES])
def test_the_examples_of_aggregates_are_understood(example: str) -> None:
    assert say_of_policy(f"{HEAD}metric m = {example}\n").diagnostics == ()


@pytest.mark.parametrize(
    "entry", [*GENERATE.EVERYONE["en"], *GENERATE.EVERYONE["zh"]], ids=lambda entry: entry[0]
)
def test_the_examples_of_figures_of_everyone_are_understood(entry: tuple[str, str, str]) -> None:
    assert say_of_policy(f"{HEAD}segment s\n  when {entry[2]}\n").diagnostics == ()
