"""`policies/INDEX.md`: every concept has a rule and a test, and the page is as it would be made."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODEL = """\
schema: facts
customer:
  key: id
  fields:
    id: {type: text}
    spend: {type: money, min: 0, default: 0}
"""
POLICY = """\
policy p
  language 1
  currency CNY
  schema "facts.yaml"

param rich_from "Rich from" = 100 yuan

segment rich "Rich"
  when spend >= rich_from

segment lonely "Nobody asks"
  when spend >= 5 yuan

indicator share_rich = share(rich)

test "a hundred" at 2026-11-21
  given customer
    spend = 100 yuan
  expect rich
"""


@cache
def maker() -> ModuleType:
    """docs/library.py as a module."""
    spec = importlib.util.spec_from_file_location("library_index", ROOT / "docs/library.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@cache
def library() -> Any:
    return maker().library()


def test_every_concept_has_a_rule_and_a_test() -> None:
    assert library().wrong == []
    assert list(library().missing()) == []


def test_the_page_is_as_it_would_be_made() -> None:
    page = maker().INDEX.read_text("utf-8")
    assert page == maker().page(library()), "run: python docs/library.py"


@pytest.mark.parametrize(
    ("entry", "wrong", "missing"),
    [
        ("[rich]", [], []),
        ("[rich_from]", [], []),  # a test hangs on what names it
        ("[share_rich]", [], []),  # a test expects something of what it counts
        ("[lonely]", [], ["c: no test shows it"]),
        ("[lonly]", ["p: c: there is no lonly (perhaps lonely)"], ["c: no declaration says it"]),
        ('["command: siyu diagnose"]', [], ["c: no test shows it"]),
        ('["test: tests/policies/test_index.py::library"]', [], ["c: no declaration says it"]),
        ('["test: tests/nowhere.py::t"]', ["p: c: there is no test tests/nowhere.py::t"],
         ["c: no declaration says it"]),
        ("[]", [], ["c: no declaration says it"]),
    ],
)  # fmt: skip
def test_what_is_missing_is_told(
    entry: str,
    wrong: list[str],
    missing: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(maker(), "ROOT", tmp_path)
    pack, shared = tmp_path / "policies/p", tmp_path / "policies/shared"
    pack.mkdir(parents=True)
    shared.mkdir()
    (tmp_path / "tests/policies").mkdir(parents=True)
    (tmp_path / "tests/policies/test_index.py").write_text("def library() -> None: ...\n")
    (shared / "concepts.yaml").write_text(
        "sections: {s: {zh: 一, en: One, concepts: {c: {zh: 概念, en: concept}}}}\nconcepts: {}\n"
    )
    (pack / "facts.yaml").write_text(MODEL)
    (pack / "policy.siyu").write_text(POLICY)
    (pack / "concepts.yaml").write_text(f"concepts:\n  c: {entry}\n")
    found = maker().library(tmp_path / "policies")
    assert (found.wrong, list(found.missing())) == (wrong, missing)
    assert "**概念**<br>concept" in maker().page(found)


def test_a_concept_that_nobody_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maker(), "ROOT", tmp_path)
    (tmp_path / "policies/shared").mkdir(parents=True)
    (tmp_path / "policies/shared/concepts.yaml").write_text(
        "sections: {s: {zh: 一, en: One, concepts: {rfm: {zh: 概念, en: c}}}}\n"
        "concepts: {rfn: []}\n"
    )
    found = maker().library(tmp_path / "policies")
    assert found.wrong == ["shared: there is no concept rfn (perhaps rfm)"]
