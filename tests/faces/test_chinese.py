"""The commands in Chinese, as processes: what click says, too, and help in wide characters."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from siyu.faces.cli import COMMANDS
from siyu.faces.excerpt import width
from tests.faces.shell import HEAD, POLICY, STARTER, pack, process, timeless

CHINESE = {"SIYU_LANG": "zh"}
COLUMNS = 80
HELP = (("--help",), *((name, "--help") for name in COMMANDS), ("schema", "show", "--help"))


def said(*args: str, stdin: bytes = b"", code: int = 0) -> str:
    """All that a command prints, results first."""
    ran = process(*args, stdin=stdin, env=CHINESE)
    assert ran.returncode == code, ran.stderr.decode()
    return timeless(ran.stdout.decode() + ran.stderr.decode())


# ---------------------------------------------------------------- help


@pytest.mark.parametrize("args", HELP, ids=" ".join)
def test_help_is_all_in_chinese(args: tuple[str, ...]) -> None:
    page = said(*args)
    prose = re.sub(r"^用法：.*|(示例|从这里开始)：\n(    .*\n)+|`[^`]*`", "", page)
    assert not re.search(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", prose), page


@pytest.mark.parametrize("args", HELP, ids=" ".join)
def test_help_stays_within_its_columns(args: tuple[str, ...]) -> None:
    example = re.compile(r"    \w+ ")  # commands are not broken
    wide = [line for line in said(*args).splitlines() if width(line) > COLUMNS]
    assert all(example.match(line) for line in wide)


@pytest.mark.parametrize(
    "args", [("--help",), ("decide", "--help"), ("help", "incentive")], ids=str
)
def test_pages(args: tuple[str, ...], snapshot: SnapshotAssertion) -> None:
    assert said(*args) == snapshot


def test_the_language_may_be_asked_for_anywhere() -> None:
    for args in (("check", "--lang", "zh", "--help"), ("check", "--help", "--lang=zh")):
        assert process(*args).stdout.decode() == said("check", "--help")
    assert process("--lang", "zh", "--help").stdout.decode() == said("--help")
    wrong = process("--lang", "zh", "chek").stderr.decode()
    assert wrong == said("chek", code=2)
    english = process("check", "--lang", "en", "--help", env=CHINESE).stdout.decode()
    assert english.startswith("Usage: siyu check")


# ---------------------------------------------------------------- bad usage


@pytest.mark.parametrize(
    "args",
    [
        ("chek", "."),
        ("tour.siyu",),
        ("check",),
        ("check", "--frmat"),
        ("check", "."),
        ("decide", "p.siyu"),
        ("decide", "p.siyu", "--customers", "c", "--format", "xml"),
        ("decide", "p.siyu", "--customers"),
        ("decide", "nothing.siyu", "--customers", "-"),
        ("test", ".", "--fail-under", "lots"),
        ("test", ".", "--fail-under", "200"),
        ("schema", "chek"),
        ("show", "p.siyu", "q.siyu"),
        ("help", "nothing"),
        ("--nope",),
    ],
    ids=" ".join,
)
def test_bad_usage(args: tuple[str, ...], here: Path, snapshot: SnapshotAssertion) -> None:
    assert said(*args, code=2) == snapshot


# ---------------------------------------------------------------- work


@pytest.fixture
def members(here: Path) -> Path:
    shutil.copytree(STARTER, here / "members")
    return here


def test_a_new_pack(here: Path, snapshot: SnapshotAssertion) -> None:
    assert said("init", "会员") == snapshot
    assert "策略 会员" in (here / "会员" / "policy.siyu").read_text("utf-8")


def test_a_policy_with_errors(here: Path, snapshot: SnapshotAssertion) -> None:
    pack(here, policy=POLICY.replace("spend", "spent"))
    assert said("check", ".", code=1) == snapshot


def test_a_test_that_fails(here: Path, snapshot: SnapshotAssertion) -> None:
    test = '\ntest "少了" at 2026-11-21 10:00\n  given customer\n    id = "M1", spend = 99 yuan\n'
    pack(here, policy=POLICY + test + "  expect rich\n")
    assert said("test", ".", code=1) == snapshot


def test_decisions_and_what_is_rejected(members: Path, snapshot: SnapshotAssertion) -> None:
    lines = b'{"member_id": "M1"}\nnot json\n[]\n'
    told = process("decide", "members/policy.siyu", "--customers", "-", stdin=lines, env=CHINESE)
    assert re.sub(r"用时.*个；", "", told.stderr.decode()) == snapshot


def test_a_schema(here: Path, snapshot: SnapshotAssertion) -> None:
    pack(here, policy=HEAD)
    assert said("schema", "show", "facts.yaml") == snapshot
    assert said("schema", "check", "facts.yaml") == "facts.yaml：没有问题\n"


def test_lints(members: Path, snapshot: SnapshotAssertion) -> None:
    assert said("lint", "members") == snapshot
