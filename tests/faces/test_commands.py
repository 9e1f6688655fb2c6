"""`siyu test`, `siyu show` and `siyu init`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from siyu.faces.tree import tree_data, tree_text
from siyu.syntax.parse import parse
from siyu.text import Source
from tests.faces.shell import HEAD, POLICY, RETAIL, STARTER, pack, siyu

TESTS = """\

test "who spends is rich" at 2026-11-21 10:00
  given customer
    id = "M1", spend = 100 yuan
  expect rich

test "who spends less is not" at 2026-11-21 10:00
  given customer
    id = "M1", spend = 99 yuan
  expect no rich
"""
WRONG = TESTS.replace("99 yuan", "101 yuan") + '  expect spend >= 100 yuan and tags has "vip"\n'


# ---------------------------------------------------------------- test


def test_tests_that_pass(here: Path) -> None:
    pack(here, policy=POLICY + TESTS)
    ran = siyu("test", ".")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "2 tests in 1 policy on python and reference: all passed\n"


def test_tests_that_fail_show_the_values(here: Path, snapshot: SnapshotAssertion) -> None:
    pack(here, policy=POLICY + WRONG)
    ran = siyu("test", "policy.siyu")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out == snapshot


def test_results_for_machines(here: Path, snapshot: SnapshotAssertion) -> None:
    pack(here, policy=POLICY + WRONG)
    ran = siyu("test", ".", "--format", "json")
    assert ran.code == 1
    document = json.loads(ran.out)
    for test in document["policies"][0]["tests"]:
        assert test.pop("seconds") >= 0
    assert document == snapshot


def test_policies_with_errors_fail_and_the_others_are_run(
    here: Path, snapshot: SnapshotAssertion
) -> None:
    pack(here / "a", policy=POLICY + TESTS)
    pack(here / "b", policy=POLICY.replace("spend", "spendd"))
    pack(here / "c", policy=b"policy p\xff\n")
    ran = siyu("test", ".")
    assert ran.code == 1
    assert ran.out == snapshot
    assert "error[E0303]" in ran.err
    document = json.loads(siyu("test", ".", "--format", "json").out)
    assert [policy["passed"] for policy in document["policies"]] == [True, False, False]


def test_no_tests_are_no_failure(here: Path) -> None:
    pack(here, policy=POLICY)
    ran = siyu("test", ".")
    assert (ran.code, ran.out) == (0, "0 tests in 1 policy: none\n")


@pytest.mark.parametrize("path", ["part.siyu", "nowhere", "."])
def test_nothing_to_test_is_bad_usage(path: str, here: Path) -> None:
    pack(here, part="segment big\n  when spend >= 5 yuan\n")
    assert siyu("test", path).code == 2


def test_the_tests_of_the_packs_pass() -> None:
    for folder in (RETAIL, STARTER):
        assert siyu("test", folder).code == 0


# ---------------------------------------------------------------- show


def test_the_tree_as_written(here: Path, snapshot: SnapshotAssertion) -> None:
    pack(here, policy=POLICY + TESTS)
    ran = siyu("show", "policy.siyu", "--stage", "ast")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == snapshot


def test_the_tree_of_a_file_with_errors(here: Path) -> None:
    pack(here, policy=POLICY + "segment x\n  whn 1 > 0\n")
    ran = siyu("show", "policy.siyu", "--stage", "ast")
    assert ran.code == 1
    assert "Segment name=rich" in ran.out
    assert "error[E0102]" in ran.err


def test_the_tree_for_machines(here: Path) -> None:
    pack(here, policy=POLICY)
    document = json.loads(siyu("show", "policy.siyu", "--stage", "ast", "--format", "json").out)
    (segment,) = document["tree"]["declarations"]
    assert segment["node"] == "Segment"
    assert segment["name"] == {"node": "Ident", "text": "rich"}


def test_every_tree_of_the_packs_can_be_shown() -> None:
    for path in (*RETAIL.glob("*.siyu"), *STARTER.glob("*.siyu")):
        file = parse(Source.of(path.name, path.read_text("utf-8"))).file
        assert " object at 0x" not in tree_text(file)
        json.dumps(tree_data(file))


def test_the_core(here: Path) -> None:
    pack(here, policy=POLICY)
    ran = siyu("show", "policy.siyu")
    assert ran.code == 0
    assert ran.out.startswith("program p version 1")
    assert json.loads(siyu("show", ".", "--format", "json").out)["text"].strip() == ran.out.strip()


def test_the_generated_program(here: Path) -> None:
    fields = "{k: {type: text}, at: {type: datetime}}"
    facts = f"events:\n  order_paid: {{key: k, time: at, fields: {fields}}}\n"
    pack(here, policy=POLICY)
    (here / "facts.yaml").write_text((here / "facts.yaml").read_text() + facts)
    plain = siyu("show", "policy.siyu", "--stage", "python")
    assert plain.code == 0
    compile(plain.out, "shown", "exec")
    event = siyu("show", "policy.siyu", "--stage", "python", "--event", "order_paid")
    assert event.code == 0
    compile(event.out, "shown", "exec")
    query = siyu("show", "policy.siyu", "--stage", "sql", "--as-of", "2026-11-21")
    assert query.code == 0
    assert "FROM records AS r" in query.out


@pytest.mark.parametrize(
    "args",
    [
        ("nowhere.siyu",),
        ("nowhere.siyu", "--stage", "ast"),
        (".", "--stage", "ast"),
        ("policy.siyu", "--event", "x"),
        ("policy.siyu", "--stage", "python", "--event", "x"),
        ("best.siyu", "--stage", "python"),
        ("policy.siyu", "--stage", "dot"),
        ("policy.siyu", "--engine", "spark"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_shown(
    args: tuple[str, ...], here: Path, snapshot: SnapshotAssertion
) -> None:
    pack(here, policy=POLICY, best=HEAD + "segment best\n  when top 5% by spend\n")
    ran = siyu("show", *args)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == snapshot


# ---------------------------------------------------------------- init


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_new_pack_checks_tests_and_is_formatted(lang: str, here: Path) -> None:
    ran = siyu("init", "shop/我的-members", "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    folder = here / "shop" / "我的-members"
    text = (folder / "policy.siyu").read_text("utf-8")
    assert ("策略 我的_members" if lang == "zh" else "policy 我的_members") in text
    for args in (("check", folder), ("test", folder), ("fmt", "--check", folder)):
        assert siyu(*args).code == 0
    assert [path.name for path in (here / "shop").iterdir()] == ["我的-members"]


def test_what_it_says(here: Path, snapshot: SnapshotAssertion) -> None:
    assert siyu("init", "shop").out == snapshot
    told = json.loads(siyu("init", "other", "--format", "json").out)
    assert told["files"] == sorted(path.name for path in (here / "other").iterdir())


@pytest.mark.parametrize("name", ["2026 campaign!", "policy", "when", "a.b", "x" * 200])
def test_a_folder_whose_name_is_no_name(name: str, here: Path) -> None:
    assert siyu("init", name).code == 0
    assert siyu("check", here / name).code == 0


def test_an_empty_folder_is_filled_and_stays_the_same_folder(here: Path) -> None:
    before = here.stat().st_ino
    assert siyu("init", ".").code == 0
    assert here.stat().st_ino == before
    assert siyu("check", ".").code == 0
    assert not list(here.glob(".*"))


def test_nothing_is_overwritten(here: Path, snapshot: SnapshotAssertion) -> None:
    (here / "shop").mkdir()
    (here / "shop" / "notes.txt").write_text("mine")
    (here / "file").write_text("mine")
    for name in ("shop", "file", "file/inside"):
        ran = siyu("init", name)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == snapshot
    assert (here / "shop" / "notes.txt").read_text() == "mine"
    assert sorted(path.name for path in here.iterdir()) == ["file", "shop"]
