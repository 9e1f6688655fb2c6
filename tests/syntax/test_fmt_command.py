"""`siyu fmt` on files, folders and standard input: what it writes, says and returns."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from syrupy.assertion import SnapshotAssertion

from siyu.faces.fmt import command

NEAT = 'segment vip "贵宾"\n  when spend_12m >= 1000 yuan  # 高消费\n'
MESSY = 'segment vip "贵宾" when spend_12m>=¥1_000  # 高消费'
WRONG = "segment vip\n  when spend_12m >=\n\nmetric a = 1 +\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: str | bytes) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def run(*args: str, stdin: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(command, args, input=stdin, prog_name="siyu fmt")
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def said(result: Result) -> dict[str, object]:
    """What a snapshot holds: all that the caller sees."""
    return {"exit": result.exit_code, "stdout": result.stdout, "stderr": result.stderr}


def test_help(snapshot: SnapshotAssertion) -> None:
    assert said(run("--help")) == snapshot


def test_files_and_folders_are_rewritten(snapshot: SnapshotAssertion) -> None:
    messy, neat = write("pack/a.siyu", MESSY), write("pack/deep/b.siyu", NEAT)
    hidden, other = write("pack/.old/c.siyu", MESSY), write("pack/notes.txt", MESSY)
    assert said(run("pack", "pack/a.siyu")) == snapshot
    assert messy.read_text("utf-8") == neat.read_text("utf-8") == NEAT
    assert hidden.read_text("utf-8") == other.read_text("utf-8") == MESSY
    assert sorted(path.name for path in Path("pack").iterdir()) == [
        ".old",
        "a.siyu",
        "deep",
        "notes.txt",
    ]


def test_check_changes_nothing(snapshot: SnapshotAssertion) -> None:
    messy = write("a.siyu", MESSY)
    write("b.siyu", NEAT)
    assert said(run("--check", ".")) == snapshot
    assert messy.read_text("utf-8") == MESSY
    assert run("--check", "b.siyu").exit_code == 0


def test_diff_changes_nothing(snapshot: SnapshotAssertion) -> None:
    messy = write("a.siyu", MESSY)
    assert said(run("--diff", "a.siyu")) == snapshot
    assert messy.read_text("utf-8") == MESSY
    assert run("--diff", "--check", "a.siyu").exit_code == 1


def test_keywords_are_rewritten_and_back() -> None:
    path = write("a.siyu", NEAT)
    run("--keywords", "zh", "a.siyu")
    assert path.read_text("utf-8") == '分群 vip "贵宾"\n  当 spend_12m >= 1000 元  # 高消费\n'
    assert run("--check", "a.siyu").exit_code == 0
    run("--keywords", "en", "a.siyu")
    assert path.read_text("utf-8") == NEAT


def test_a_file_with_errors_is_left_alone_and_others_are_not(snapshot: SnapshotAssertion) -> None:
    wrong, messy = write("a.siyu", WRONG), write("b.siyu", MESSY)
    assert said(run("a.siyu", "b.siyu")) == snapshot
    assert wrong.read_text("utf-8") == WRONG
    assert messy.read_text("utf-8") == NEAT


def test_what_is_no_text_is_left_alone(snapshot: SnapshotAssertion) -> None:
    path = write("a.siyu", b"segment \xff")
    assert said(run("a.siyu")) == snapshot
    assert path.read_bytes() == b"segment \xff"


@pytest.mark.parametrize(
    "args",
    [(), ("missing.siyu",), ("empty",), ("-", "a.siyu"), ("--keywords", "fr", "a.siyu")],
    ids=" ".join,
)
def test_bad_usage(args: tuple[str, ...], snapshot: SnapshotAssertion) -> None:
    write("a.siyu", MESSY)
    Path("empty").mkdir()
    assert said(run(*args)) == snapshot
    assert Path("a.siyu").read_text("utf-8") == MESSY


def test_standard_input_becomes_standard_output() -> None:
    result = run("-", stdin=MESSY)
    assert (result.exit_code, result.stdout_bytes, result.stderr) == (0, NEAT.encode(), "")
    checked = run("--check", "-", stdin=MESSY)
    assert (checked.exit_code, checked.stdout, checked.stderr) == (1, "", "")


def test_wrong_standard_input_gives_no_output(snapshot: SnapshotAssertion) -> None:
    assert said(run("-", stdin=WRONG)) == snapshot


def test_for_machines(snapshot: SnapshotAssertion) -> None:
    write("a.siyu", MESSY)
    write("b.siyu", WRONG)
    result = run("--format", "json", "--diff", "a.siyu", "b.siyu")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == snapshot
    assert json.loads(run("--format", "json", "-", stdin=MESSY).stdout)["files"][0]["text"] == NEAT


def test_line_ends_and_byte_order_marks_are_plain_afterwards() -> None:
    path = write("a.siyu", b"\xef\xbb\xbf" + NEAT.replace("\n", "\r\n").encode())
    assert run("a.siyu").exit_code == 0
    assert path.read_bytes() == NEAT.encode()


def test_mode_and_links_are_kept() -> None:
    path = write("a.siyu", MESSY)
    path.chmod(0o640)
    Path("link.siyu").symlink_to(path)
    run("link.siyu")
    assert Path("link.siyu").is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.read_text("utf-8") == NEAT


def test_a_write_that_fails_leaves_the_old_file(monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("a.siyu", MESSY)

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    result = run("a.siyu")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "`a.siyu` cannot be written: No space left on device" in result.stderr
    assert path.read_text("utf-8") == MESSY
    assert [entry.name for entry in Path().iterdir()] == ["a.siyu"]


def test_a_text_that_would_mean_something_else_is_never_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = write("a.siyu", MESSY)
    monkeypatch.setattr("siyu.syntax.unparse.unparse", lambda *_: "metric a = 1\n")
    result = run("a.siyu")
    assert result.exit_code == 1
    assert "would not keep its meaning" in result.stderr
    assert path.read_text("utf-8") == MESSY
