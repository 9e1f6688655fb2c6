"""Every pack of `policies/`: checked, formatted, tested, every rule and every condition shown."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import siyu
from siyu import api
from siyu.faces.files import policies
from siyu.syntax.parse import parse
from siyu.syntax.unparse import main_language, unparse
from siyu.testing import run_tests
from siyu.testing.coverage.measure import measure
from siyu.text import Source

POLICIES = Path(__file__).resolve().parents[2] / "policies"
APART = ("retail_membership",)  # a tour of the language, with a few tests as examples
ROOTS = [
    p for p in policies([str(POLICIES)]).roots if p.relative_to(POLICIES).parts[0] not in APART
]
WANTED = ("true", "false", "fired", "not_fired", "outcome")
IDS = [path.relative_to(POLICIES).as_posix() for path in ROOTS]
FILES = sorted(p for p in POLICIES.rglob("*.siyu"))


@cache
def loaded(root: Path) -> Any:
    return siyu.load(root, cache=False)


@pytest.mark.parametrize("root", ROOTS, ids=IDS)
def test_nothing_is_wrong_and_no_lint_speaks_up(root: Path) -> None:
    assert [each.text() for each in api.check(root).diagnostics] == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(POLICIES).as_posix())
def test_files_are_formatted_in_one_language(path: Path) -> None:
    source = Source.of(path.name, path.read_text("utf-8"))
    tree = parse(source).file
    assert unparse(tree, main_language(tree, source), source) == source.text


@pytest.mark.parametrize("root", ROOTS, ids=IDS)
def test_its_tests_pass(root: Path) -> None:
    failed = [(each.name, each.failures) for each in run_tests(loaded(root)) if not each.passed]
    assert failed == []


@pytest.mark.parametrize("folder", sorted({root.parent for root in ROOTS}), ids=lambda p: p.name)
def test_every_rule_fires_and_every_condition_is_shown_true_and_false(folder: Path) -> None:
    """By the tests of the folder's policies together. What cannot be shown the coverage knows,
    or stands with its reason in the pack's `unshown.yaml`: `thanks.via.1 false: …`."""
    beside = folder / "unshown.yaml"
    reasons = YAML(typ="safe").load(beside.read_text("utf-8")) if beside.exists() else {}
    left: dict[str, bool] = {}
    for root in (root for root in ROOTS if root.parent == folder):
        for rule in measure(loaded(root)).rules:
            for shown in (each for each in rule.everything if each.goal.aim in WANTED):
                name = f"{shown.goal.code} {shown.goal.aim}"
                left[name] = left.get(name, True) and shown.counts and not shown.met
    unshown = {name for name, is_left in left.items() if is_left}
    assert sorted(unshown - set(reasons)) == []
    assert sorted(set(reasons) - unshown) == [], "these are shown by now"
    assert all(reasons.values())
