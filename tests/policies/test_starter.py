"""The starter in both keyword languages: what `siyu init` gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from siyu.syntax.parse import parse
from siyu.syntax.unparse import main_language
from siyu.text import Source

POLICIES = Path(__file__).resolve().parents[2] / "policies"
EN, ZH = POLICIES / "starter", POLICIES / "starter_zh"


def source(path: Path) -> Source:
    return Source.of(path.name, path.read_text("utf-8"))


def test_the_policy_is_some_thirty_lines() -> None:
    lines = (EN / "policy.siyu").read_text("utf-8").splitlines()
    assert sum(bool(line.strip()) for line in lines) <= 40


@pytest.mark.parametrize("name", ["policy.siyu", "tests.siyu"])
def test_the_twin_says_the_same_in_chinese_keywords(name: str) -> None:
    english, chinese = source(EN / name), source(ZH / name)
    one, other = parse(english).file, parse(chinese).file
    assert (one.header, one.uses, one.declarations) == (
        other.header,
        other.uses,
        other.declarations,
    )
    assert (main_language(one, english), main_language(other, chinese)) == ("en", "zh")


@pytest.mark.parametrize("name", ["schema.yaml", "customers.jsonl"])
def test_the_twin_has_the_same_facts(name: str) -> None:
    assert (EN / name).read_text("utf-8") == (ZH / name).read_text("utf-8")


def test_comments_are_in_the_language_of_the_keywords() -> None:
    for name in ("policy.siyu", "tests.siyu"):
        said = [line for line in source(ZH / name).text.splitlines() if line.startswith("#")]
        assert said and not any(line.isascii() for line in said)
