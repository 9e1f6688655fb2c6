"""`siyu check`: which files are meant, and everything that is wrong with them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.faces.shell import HEAD, POLICY, RETAIL, ROOT, STARTER, pack, siyu

PART = "segment big\n  when spend >= 500 yuan\n"
WRONG_PART = "segment big\n  when spendd >= 500 yuan\n"


def using(*parts: str) -> str:
    return HEAD + "".join(f'use "{part}.siyu"\n' for part in parts) + "\n" + POLICY[len(HEAD) :]


def test_policies_of_the_repository_are_right() -> None:
    for path in (RETAIL, STARTER, RETAIL / "tour.siyu", ROOT / "examples"):
        ran = siyu("check", path)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.endswith(" files, no errors\n")


def test_all_mistakes_of_all_files_in_one_run(here: Path, snapshot: SnapshotAssertion) -> None:
    wrong = (
        HEAD + 'use "part.siyu"\n\nsegment a\n  when spend >= 30 days\n\nsegmnt b\n  when 1 > 0\n'
    )
    pack(here / "one", policy=wrong, part=WRONG_PART)
    pack(here / "two", policy=POLICY + "segment c\n  when not spend < 5 yuan\n")
    (here / "two" / "facts.yaml").write_text(
        "schema: x\ncustomer: {fields: {spend: {type: mony}}}\n"
    )
    ran = siyu("check", ".")
    assert ran.code == 1
    assert ran.out == snapshot


def test_for_machines(here: Path, snapshot: SnapshotAssertion) -> None:
    pack(here, policy=using("part"), part=WRONG_PART)
    ran = siyu("check", "--format", "json", "policy.siyu")
    assert (ran.code, ran.err) == (1, "")
    assert json.loads(ran.out) == snapshot


def test_a_part_is_checked_through_what_uses_it(here: Path) -> None:
    pack(here, policy=using("part"), part=PART)
    ran = siyu("check", ".")
    assert (ran.code, ran.out) == (0, "3 files, no errors\n")


def test_a_part_used_twice_is_told_once(here: Path) -> None:
    pack(here, one=using("part"), two=using("part"), part=WRONG_PART)
    ran = siyu("check", ".")
    assert ran.code == 1
    assert ran.out.count("nothing is called `spendd`") == 1
    assert "1 error in 4 files\n" in ran.out


def test_a_part_that_nobody_uses(here: Path, snapshot: SnapshotAssertion) -> None:
    pack(here, policy=POLICY, part=WRONG_PART, other="segment big\n  whn spend >= 5 yuan\n")
    ran = siyu("check", ".")
    assert ran.code == 1
    assert ran.out == snapshot


def test_a_part_alone(here: Path) -> None:
    pack(here, part=PART)
    ran = siyu("check", "part.siyu")
    assert ran.code == 0
    assert ran.out.startswith("note: `part.siyu` has no `policy` line")


@pytest.mark.parametrize("word", ["策略", "\ufeffpolicy", "# a remark\n\npolicy", "oops\npolicy"])
def test_a_policy_is_known_by_its_first_line(word: str, here: Path) -> None:
    text = POLICY.replace("policy", word, 1)
    pack(here, policy=text.encode())
    ran = siyu("check", ".")
    assert "note:" not in ran.out
    assert ran.code == (1 if "oops" in word else 0)


def test_warnings_are_told_and_do_no_harm(here: Path) -> None:
    pack(here, policy=POLICY)
    facts = (here / "facts.yaml").read_text() + "enums: {seen: {known: x, other: y}}\n"
    (here / "facts.yaml").write_text(facts)
    ran = siyu("check", ".")
    assert ran.code == 0
    assert "warning[E0214]" in ran.out
    assert "1 warning in 2 files" in ran.out


@pytest.mark.parametrize(
    "args", [(), ("missing",), ("empty",), ("facts.yaml",), ("--format", "xml", ".")]
)
def test_bad_usage(args: tuple[str, ...], here: Path, snapshot: SnapshotAssertion) -> None:
    pack(here, policy=POLICY)
    (here / "empty").mkdir()
    ran = siyu("check", *args)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == snapshot


# ---------------------------------------------------------------- in which language

CHINESE = """\
错误[E0303]：没有叫 `spendd` 的东西
 --> policy.siyu:8:8
  |
8 |   when spendd >= 100 yuan
"""


def test_the_language_that_is_asked_for(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(here, policy=POLICY.replace("spend", "spendd"))
    ran = siyu("check", "--lang", "zh", ".")
    assert ran.out.startswith(CHINESE)
    assert "  = 建议：是不是想写 `spend`？\n  = 详见：siyu explain E0303\n" in ran.out
    assert ran.out.endswith("2 个文件：1 个错误\n")
    (found,) = json.loads(siyu("check", "--lang", "zh", "--format", "json", ".").out)["diagnostics"]
    assert (found["severity"], found["message"]) == ("error", "没有叫 `spendd` 的东西")
    monkeypatch.setenv("SIYU_LANG", "zh")
    assert siyu("check", ".").out == ran.out
    assert siyu("check", "--lang", "en", ".").out.startswith("error[E0303]: nothing is called")


def test_each_code_leads_to_its_page_once(here: Path) -> None:
    text = HEAD + "segment a\n  when one >= 5\n\nsegment b\n  when two >= 5\n"
    pack(here, policy=text + "\nsegmnt c\n  when 1 > 0\n")
    out = siyu("check", ".").out
    assert out.count("error[E0303]") == 2
    assert out.count("read more: siyu explain E0303") == 1
    assert out.count("read more: siyu explain E0112") == 1


# ---------------------------------------------------------------- files that mean harm


HOSTILE = {
    "empty": b"",
    "blank": b" \n\t\n",
    "nul": b"\0\0\0",
    "nul_inside": POLICY.encode() + b"segment \0 x\n",
    "not_utf8": POLICY.encode() + b"segment \xff\xfe\n",
    "utf16": POLICY.encode("utf-16"),
    "binary": bytes(range(256)) * 40,
    "long_line": HEAD.encode() + b"segment a\n  when " + b"1 + " * 20_000 + b"1 > 0\n",
    "long_name": HEAD.encode() + b"segment " + b"a" * 1_000_000 + b"\n  when spend >= x\n",
    "deep": HEAD.encode()
    + b"segment a\n  when "
    + b"(" * 20_000
    + b"1"
    + b")" * 20_000
    + b" > 0\n",
    "open_quotes": HEAD.encode() + b'segment a "' * 2_000,
    "itself": HEAD.encode() + b'use "itself.siyu"\n',
    "outside": HEAD.encode() + b'use "../../../etc/passwd"\nuse "/etc/passwd"\nuse "~/x.siyu"\n',
    "no_schema": POLICY.replace("facts.yaml", "nowhere.yaml").encode(),
    "folder_as_schema": POLICY.replace("facts.yaml", ".").encode(),
    "commands": b"policy p\x1b[2J\n  language 1\n\nsegment \x1b]0;owned\x07\n",
    "backwards": "policy p\n  language 1\n\nsegment \u202e\u2066x\n  when y\n".encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_told_and_no_more(name: str, here: Path) -> None:
    pack(here, **{name: HOSTILE[name]})
    ran = siyu("check", f"{name}.siyu")
    assert (ran.code, ran.err) == (1, "")
    assert "error" in ran.out
    assert len(ran.out) < 200_000
    assert all(char.isprintable() or char == "\n" for char in ran.out)
    assert siyu("check", f"{name}.siyu", "--format", "json").code == 1
    assert siyu("test", f"{name}.siyu").code in (1, 2)


def test_a_folder_called_like_a_file_and_one_that_cannot_be_read(here: Path) -> None:
    pack(here, policy=POLICY)
    (here / "odd.siyu").mkdir()
    (here / "gone.siyu").symlink_to(here / "nowhere")
    assert siyu("check", ".").code == 0
    ran = siyu("check", "gone.siyu")
    assert (ran.code, ran.err.count("there is no file or folder `gone.siyu`")) == (2, 1)


def test_what_is_too_large_or_no_file_is_not_read(here: Path) -> None:
    with (here / "huge.siyu").open("wb") as file:
        file.truncate(30_000_000)
    for name in ("check", "test", "fmt"):
        ran = siyu(name, "huge.siyu")
        assert ran.code == 1
        assert "`huge.siyu` is larger than 20 MB" in ran.out + ran.err
    assert siyu("show", "huge.siyu", "--stage", "ast").code == 2
    for name in ("check", "test", "fmt"):
        ran = siyu(name, os.devnull)
        assert (ran.code, "is neither a file nor a folder" in ran.err) == (2, True)
