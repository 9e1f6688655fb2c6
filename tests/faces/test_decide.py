"""`siyu decide`: lines in, decisions out, and what becomes of bad lines and bad places."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

import siyu as api
from siyu.faces import decide as face
from siyu.faces import lines as requests
from siyu.faces.outputs import Outputs
from siyu.faces.progress import Progress
from tests.faces.shell import HEAD, POLICY, RETAIL, Ran, pack, process, siyu, timeless

TIME = "2026-11-21T10:00:00+08:00"
GOOD = f'{{"as_of": "{TIME}", "customer": {{"id": "M1", "spend": 99.99}}}}'
BAD = b"""\
{"customer": {"id": 1}, "as_of": "2026-11-21T10:00:00+08:00"}

{bad
\xff\xfe
[1]
{"as_of": "2026-11-21T10:00:00+08:00"}
{"id": "M2", "spendd": 1}
{"id": "M3", "spend": NaN}
{"id": "M4", "id": "M5"}
"""


@pytest.fixture
def policy(here: Path) -> Path:
    return pack(here, policy=POLICY) / "policy.siyu"


def customers(data: str | bytes, name: str = "in.jsonl") -> Path:
    path = Path(name)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def decided(ran: Ran) -> Iterator[tuple[str, bool | None]]:
    """Each decision's customer, and whether it is rich."""
    for line in ran.out.splitlines():
        decision = json.loads(line)
        yield decision["customer"], decision["segments"]["rich"]


# ---------------------------------------------------------------- lines become decisions


def test_the_retail_members(here: Path) -> None:
    """The bytes are those of the API, in order, whatever way they take."""
    calibration = RETAIL / "calibration.yaml"
    policy = api.load(RETAIL / "tour.siyu", calibration=calibration)
    lines = (RETAIL / "customers.jsonl").read_bytes().splitlines()
    wanted = b"".join(policy.decide_json(line).to_json() + b"\n" for line in lines)
    args = ("decide", RETAIL / "tour.siyu", "--calibration", calibration, "--strict", "--customers")
    ran = siyu(*args, RETAIL / "customers.jsonl", "-o", "out.jsonl")
    assert (ran.code, ran.out) == (0, "")
    assert Path("out.jsonl").read_bytes() == wanted
    assert Path("out.rejects.jsonl").read_bytes() == b""
    piped = process(*args, "-", stdin=b"\n".join(lines))
    assert (piped.returncode, piped.stdout) == (0, wanted)


def test_a_line_may_be_the_customer_itself(policy: Path) -> None:
    lines = customers('{"id": "M1", "spend": "100.00"}\n \n\n' + GOOD)
    ran = siyu("decide", policy, "--customers", lines, "--as-of", TIME)
    assert list(decided(ran)) == [("M1", True), ("M1", False)]
    assert timeless(ran.err) == "2 decisions from 2 lines in some time; 0 rejected\n"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-21", "2026-11-21T00:00:00+08:00"),
        ("2026-11-21 10:00", "2026-11-21T10:00:00+08:00"),
        ("2026-11-21T10:00:01.5", "2026-11-21T10:00:01.5+08:00"),
        ("2026-11-21T10:00Z", "2026-11-21T18:00:00+08:00"),
        ("2026-11-21 10:00 -0500", "2026-11-21T23:00:00+08:00"),
    ],
)
def test_the_time_to_decide_at(written: str, read: str, policy: Path) -> None:
    lines = customers('{"id": "M1"}\n' + GOOD.replace(TIME, "2020-01-01T00:00:00+08:00"))
    ran = siyu("decide", policy, "--customers", lines, "--as-of", written)
    times = [json.loads(line)["as_of"] for line in ran.out.splitlines()]
    assert times[0].replace(".500000", ".5") == read
    assert times[1] == "2020-01-01T00:00:00+08:00", "what a request says counts"


@pytest.mark.parametrize(
    "written", ["", "soon", "2026-02-30", "2026-11-21 24:30", "21.11.2026", "2026-11-21+99:00",
                "0001-01-01 00:00", "2026-11-21T10:00:00.1234567"],
)  # fmt: skip
def test_what_is_no_time(written: str, policy: Path) -> None:
    ran = siyu("decide", policy, "--customers", customers(GOOD), "--as-of", written)
    assert (ran.code, ran.out) == (2, "")
    assert f"Invalid value for --as-of: `{written}` is no time: " in ran.err


def test_a_line_of_megabytes(policy: Path) -> None:
    tags = json.dumps(["t" * 100] * 20_000)
    line = f'{{"id": "M1", "spend": 100, "tags": {tags}}}'
    ran = siyu("decide", policy, "--customers", customers(f"{line}\n{GOOD}"), "--as-of", TIME)
    assert list(decided(ran)) == [("M1", True), ("M1", False)]


def test_memory_does_not_grow_with_lines(policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is too long is passed over without being held."""
    monkeypatch.setattr(requests, "LONGEST", 200)
    data = b'{"id": "M0"}\n{"id": "' + b"M" * 5_000_000 + b'"}\n{"id": "M1"}'
    ran = siyu("decide", policy, "--customers", customers(data), "--as-of", TIME)
    assert [name for name, _ in decided(ran)] == ["M0", "M1"]
    assert "line 2 is rejected: the line is longer than" in ran.err


# ---------------------------------------------------------------- lines that are set aside


def test_bad_lines_are_set_aside(policy: Path, snapshot: SnapshotAssertion) -> None:
    lines = customers(BAD + GOOD.encode())
    ran = siyu("decide", policy, "--customers", lines, "-o", "out.jsonl")
    assert ran.code == 0
    assert timeless(ran.err) == snapshot
    assert Path("out.rejects.jsonl").read_text("utf-8") == snapshot
    assert len(Path("out.jsonl").read_text("utf-8").splitlines()) == 1


def test_without_a_file_they_go_to_standard_error(
    policy: Path, snapshot: SnapshotAssertion
) -> None:
    ran = siyu("decide", policy, "--customers", customers(BAD + GOOD.encode()), "--as-of", TIME)
    assert ran.code == 0
    assert timeless(ran.err) == snapshot
    assert list(decided(ran)) == [("M1", False)]


def test_strictly_they_are_a_failure(policy: Path) -> None:
    lines = customers(BAD)
    assert siyu("decide", policy, "--customers", lines, "--strict").code == 1
    assert siyu("decide", policy, "--customers", customers(GOOD), "--strict").code == 0


def test_the_summary_for_machines(policy: Path) -> None:
    lines = customers(BAD + GOOD.encode())
    ran = siyu("decide", policy, "--customers", lines, "--format", "json", "-o", "out")
    told = json.loads(ran.err)
    assert told.pop("seconds") >= 0
    assert told == {
        "decided": 1,
        "rejected": 8,
        "ignored": 0,
        "before_calibration": 0,
        "decisions": "out",
        "rejects": "out.rejects.jsonl",
    }
    said = siyu("decide", policy, "--customers", customers("[]"), "--format", "json").err
    rejected = json.loads(said.splitlines()[0])
    assert (rejected["line"], rejected["reasons"][0]["path"]) == (1, "line")


def test_ignored_keys_are_counted(policy: Path) -> None:
    facts = Path("facts.yaml")
    facts.write_text(facts.read_text() + "extra: ignore\n")
    lines = customers('{"id": "M1", "a": 1, "b": 2}\n{"id": "M2", "c": 3}')
    ran = siyu("decide", policy, "--customers", lines, "--as-of", TIME)
    assert "0 rejected\n3 unknown keys ignored\n" in ran.err


def test_empty_input_is_no_error(policy: Path) -> None:
    ran = siyu("decide", policy, "--customers", customers(""), "-o", "out.jsonl")
    assert ran.code == 0
    assert Path("out.jsonl").read_bytes() == b""


# ---------------------------------------------------------------- places to write


def test_files_are_replaced_as_a_whole_and_keep_their_mode(policy: Path) -> None:
    old = Path("out.jsonl")
    old.write_text("old\n")
    old.chmod(0o640)
    Path("link.jsonl").symlink_to(old)
    ran = siyu("decide", policy, "--customers", customers(GOOD), "-o", "link.jsonl")
    assert ran.code == 0
    assert Path("link.jsonl").is_symlink()
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert json.loads(old.read_text())["customer"] == "M1"
    assert not list(Path().glob(".*"))


@pytest.mark.parametrize(
    "output", ["in.jsonl", "./in.jsonl", "policy.siyu", "folder", "nowhere/out.jsonl"]
)
def test_places_where_nothing_can_go(
    output: str, policy: Path, snapshot: SnapshotAssertion
) -> None:
    Path("folder").mkdir()
    ran = siyu("decide", "policy.siyu", "--customers", customers(GOOD), "-o", output)
    assert (ran.code, ran.err) == (2, snapshot)
    assert Path("in.jsonl").read_text() == GOOD
    assert policy.read_text("utf-8") == POLICY


def test_rejected_lines_never_replace_what_is_read(policy: Path) -> None:
    lines = customers(GOOD, "out.rejects.jsonl")
    assert siyu("decide", policy, "--customers", lines, "-o", "out.jsonl").code == 2
    assert lines.read_text() == GOOD


def test_a_device_is_written_to_and_not_replaced(policy: Path) -> None:
    ran = siyu("decide", policy, "--customers", customers(BAD), "-o", os.devnull)
    assert ran.code == 0
    assert Path(os.devnull).is_char_device()
    assert not Path(f"{os.devnull}.rejects.jsonl").exists()
    assert "line 3 is rejected" in ran.err


def test_both_files_or_none(policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Outputs, "keep", broken)
    ran = siyu("decide", policy, "--customers", customers(GOOD), "-o", "out.jsonl")
    assert (ran.code, ran.err) == (
        2,
        "error: the output cannot be written: No space left on device\n",
    )
    assert not list(Path().glob("*out*")) and not list(Path().glob(".*out*"))


def test_a_mistake_of_ours_leaves_no_files(policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(api.Policy, "decide_about", broken)
    with pytest.raises(ZeroDivisionError) as caught:
        siyu("decide", policy, "--customers", customers(f"\n{GOOD}"), "-o", "out.jsonl")
    assert caught.value.__notes__ == ["at line 2 of the requests"]
    assert not list(Path().glob("*out*")) and not list(Path().glob(".*out*"))


# ---------------------------------------------------------------- files that are not right


def test_a_policy_with_errors(here: Path, snapshot: SnapshotAssertion) -> None:
    policy = pack(here / "p", policy=POLICY.replace("spend", "spendd")) / "policy.siyu"
    for form in ("text", "json"):
        ran = siyu("decide", policy.relative_to(here), "--customers", "x", "--format", form)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err == snapshot


def test_a_calibration_is_asked_for(here: Path, snapshot: SnapshotAssertion) -> None:
    policy = pack(here, policy=HEAD + "segment best\n  when top 5% by spend\n") / "policy.siyu"
    wrong = here / "wrong.yaml"
    wrong.write_text("calibration: 1\npolicy: p\ncuts:\n  best.top_6: 5\n")
    args = ("decide", policy, "--customers", customers(GOOD))
    for more in ((), ("--calibration", "nowhere"), ("--calibration", wrong.name)):
        ran = siyu(*args, *more)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == snapshot
    right = here / "right.yaml"
    right.write_text('calibration: 1\npolicy: p\ncuts:\n  best.top_5: "50.00"\n')
    assert '"best":true' in siyu(*args, "--calibration", right).out


@pytest.mark.parametrize("name", ["nowhere.jsonl", "."])
def test_customers_that_cannot_be_read(name: str, policy: Path) -> None:
    ran = siyu("decide", policy, "--customers", name)
    assert ran.code == 2
    assert f"`{name}`" in ran.err


def test_a_policy_that_is_not_there(here: Path) -> None:
    ran = siyu("decide", "nowhere.siyu", "--customers", "-")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "error: there is no file `nowhere.siyu`")


# ---------------------------------------------------------------- progress


def test_progress_is_for_long_runs_on_terminals(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from siyu.faces import progress

    monkeypatch.setattr(progress, "AFTER", 0.0)
    with Progress(100) as quiet:
        quiet.advance(50)
    assert capsys.readouterr().err == "", "this is no terminal"
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with Progress(100) as shown:
        shown.advance(50)
    assert "deciding" in capsys.readouterr().err


def test_requests_are_told_from_customers() -> None:
    for line, wanted in {
        b'{"customer": {"id": 1}, "as_of": "x"}': {"customer": {"id": 1}, "as_of": "x"},
        b'{"id": 1, "event": 2}': {"customer": {"id": 1, "event": 2}},
        b'{"event": 2}': {"event": 2},
        b"{}": {"customer": {}},
    }.items():
        assert requests.request_of(line, "id") == wanted
    assert face.command.name == "decide"


def test_a_calibration_from_the_future_is_told(here: Path) -> None:
    """The retail calibration was made at ten o'clock on 21 November 2026."""
    written = (RETAIL / "customers.jsonl").read_text(encoding="utf-8").splitlines()
    requests = [{**json.loads(line), "as_of": None} for line in written]
    members = customers("\n".join(map(json.dumps, requests)))
    given = ("decide", RETAIL / "tour.siyu", "--customers", members,
             "--calibration", RETAIL / "calibration.yaml", "-o", "out.jsonl")  # fmt: skip

    def early(as_of: str) -> int:
        found = json.loads(siyu(*given, "--as-of", as_of, "--format", "json").err)
        assert found["decided"] == len(requests)
        return int(found["before_calibration"])

    assert (early("2026-11-21T09:59:59+08:00"), early(TIME)) == (len(requests), 0)
    assert "before the calibration was made" in siyu(*given, "--as-of", "2026-01-01").err
    assert "before the calibration was made" not in siyu(*given, "--as-of", TIME).err
