"""The tests that are suggested: they compile, pass, and show what they say; pasted into the policy
they raise its coverage to what was promised."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

import siyu
from siyu.api import PolicyError
from siyu.api.policy import Policy
from siyu.resources import resource
from siyu.syntax.keywords import Language
from siyu.syntax.parse import parse
from siyu.syntax.unparse import unparse
from siyu.testing import run_tests
from siyu.testing.coverage.measure import measure
from siyu.testing.coverage.model import Goal
from siyu.testing.suggest.suggest import Suggested, suggest
from siyu.text import Source
from tests.faces.shell import siyu as run
from tests.strategies.policies import DAYS_FILE, FACTS, Maker
from tests.testing.test_coverage import FACTS as SHOP
from tests.testing.test_coverage import HEAD, RICH, shown

PACKS = {
    "starter": ("policy.siyu", 90.0),
    "retail_membership": ("tour.siyu", 90.0),
}


def pack(name: str, into: Path) -> Path:
    """A copy of a policy that comes with siyu, the starter with the first of its tests only."""
    shutil.copytree(resource("policies", name), into / name)
    tests = into / name / "tests.siyu"
    if tests.exists():
        first, *_ = tests.read_text(encoding="utf-8").split("\n\ntest ")[1:]
        tests.write_text(f"test {first}\n", encoding="utf-8")
    return into / name / PACKS[name][0]


def written(folder: Path, text: str, facts: str = SHOP, name: str = "shop.yaml") -> Path:
    """A policy in a folder with its facts."""
    (folder / name).write_text(facts, encoding="utf-8")
    (folder / "p.siyu").write_text(text, encoding="utf-8")
    return folder / "p.siyu"


def pasted(path: Path, found: Suggested) -> Policy:
    """The policy with all that was suggested behind it."""
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n{found.text}", encoding="utf-8")
    return siyu.load(path)


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was suggested for a policy, and the policy with it."""

    found: Suggested
    policy: Policy


@pytest.fixture(scope="module", params=PACKS)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pasted:
    path = pack(request.param, tmp_path_factory.mktemp("pack"))
    found = suggest(siyu.load(path))
    assert found.before.percent < PACKS[request.param][1] <= found.after.percent
    return Pasted(found, pasted(path, found))


def test_pasting_what_is_suggested_raises_the_coverage(both: Pasted) -> None:
    assert all(result.passed for result in run_tests(both.policy))
    after = measure(both.policy)
    assert after.percent == both.found.after.percent
    assert not after.left_out


def test_each_shows_what_it_says_by_itself(both: Pasted) -> None:
    by_title = {case.title: case for case in both.policy.tests}
    said: set[Goal] = set()
    for each in both.found.suggestions:
        alone = measure(both.policy, [by_title[each.title]])
        met = {s.goal for rule in alone.rules for s in rule.everything if s.met}
        assert met >= set(each.goals), each.title
        assert not said & set(each.goals), "a goal is counted with one test"
        said |= set(each.goals)
    left = {s.goal for s in both.found.after.counted if not s.met}
    assert left == set(both.found.not_found)


@pytest.mark.parametrize("seed", range(5))
def test_so_it_is_with_policies_of_chance(seed: int, tmp_path: Path) -> None:
    text = Maker(Random(seed)).policy()
    path = written(tmp_path, text, FACTS, "facts.yaml")
    path.with_name("days.yaml").write_text(DAYS_FILE, encoding="utf-8")
    try:
        policy = siyu.load(path)
    except PolicyError:
        return
    found = suggest(policy, most=1500)
    again = pasted(path, found)
    assert all(result.passed for result in run_tests(again))
    assert found.before.percent < measure(again).percent == found.after.percent


def test_the_same_policy_gets_the_same_tests(tmp_path: Path) -> None:
    path = pack("starter", tmp_path)
    assert suggest(siyu.load(path)).text == suggest(siyu.load(path)).text


def test_they_are_written_as_the_formatter_writes(tmp_path: Path) -> None:
    path = pack("starter", tmp_path)
    found = suggest(siyu.load(path))
    source = Source.of("t.siyu", found.text)
    parsed = parse(source)
    assert not parsed.diagnostics
    assert unparse(parsed.file, "en", source) == found.text


def test_they_speak_the_language_of_the_keywords(tmp_path: Path) -> None:
    path = written(tmp_path, RICH)
    chinese: Language = "zh"
    source = Source.of("p.siyu", path.read_text(encoding="utf-8"))
    path.write_text(unparse(parse(source).file, chinese, source), encoding="utf-8")
    found = suggest(siyu.load(path))
    assert found.after.percent == 100.0
    assert '测试 "rich：' in found.text
    assert "# 请确认结果符合本意" in found.text
    assert all(result.passed for result in run_tests(pasted(path, found)))


def test_a_policy_without_tests_begins_with_what_the_schema_asks_for(tmp_path: Path) -> None:
    found = suggest(siyu.load(written(tmp_path, RICH)))
    assert (found.before.percent, found.after.percent) == (0.0, 100.0)
    assert len(found.suggestions) == 3


def test_rows_are_made_that_count(tmp_path: Path) -> None:
    text = HEAD + (
        'incentive gift\n  for vip\n  give coupon "A"\n  soft internal\n  limit 3 per 30 days\n'
    )
    path = written(tmp_path, text)
    found = suggest(siyu.load(path), ["gift"])
    stopped = {"limit gift.limit.1"}
    rows = next(e.text for e in found.suggestions if stopped & {g.code for g in e.goals})
    assert rows.count('"gift"') == 3
    assert "stopped" in shown(measure(pasted(path, found)))["limit gift.limit.1"]


def test_what_cannot_be_found_is_said(tmp_path: Path) -> None:
    text = HEAD + "segment odd\n  when n > 5 and n < 3\n"
    found = suggest(siyu.load(written(tmp_path, text)))
    assert ("odd", "fired") in {(goal.code, goal.aim) for goal in found.not_found}


def test_only_the_declarations_that_are_named(tmp_path: Path) -> None:
    text = RICH + "\nsegment other\n  when n > 5\n"
    found = suggest(siyu.load(written(tmp_path, text)), ["other"])
    assert {goal.rule for each in found.suggestions for goal in each.goals} == {"other"}


# ---------------------------------------------------------------- the command


def test_the_command_writes_a_new_file(tmp_path: Path) -> None:
    path = written(tmp_path, RICH)
    out = tmp_path / "more.siyu"
    ran = run("test", str(path), "--suggest", "-o", str(out))
    assert ran.code == 0
    assert "3 tests suggested; with all of them 100 % is covered, now 0 %" in ran.err
    path.write_text(RICH + "\n" + out.read_text(encoding="utf-8"), encoding="utf-8")
    assert run("test", str(path), "--fail-under", "100").code == 0
    again = run("test", str(path), "--suggest", "-o", str(out))
    assert (again.code, "is there already" in again.err) == (2, True)


def test_too_little_coverage_fails(tmp_path: Path) -> None:
    path = written(tmp_path, RICH + '\ntest "t" at 2026-06-15\n  expect no rich\n')
    ran = run("test", str(path), "--coverage", "--fail-under", "99.5")
    assert ran.code == 1
    assert "the tests cover 50 %, less than the 99.5 % that are asked for" in ran.err
    assert "7 of 14 shown" in ran.out
    assert run("test", str(path), "--fail-under", "50").code == 0


def test_a_rule_that_nobody_declares_is_told(tmp_path: Path) -> None:
    ran = run("test", str(written(tmp_path, RICH)), "--suggest", "--rule", "rish")
    assert (ran.code, "perhaps `rich` is meant" in ran.err) == (2, True)
