"""`siyu decide`: a decision for each line of a file.

Lines are read, decided and written one at a time, so that memory does not grow with their number.
A line that cannot be decided about is set aside with its number and the reasons.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from siyu.faces.options import (
    ALLOCATION,
    AS_OF,
    CALIBRATION,
    CUSTOMERS,
    FORMAT,
    fail,
    instant_option,
    telling,
    to_json,
)
from siyu.faces.speaking import LANG, colon, told, tongue
from siyu.words import Said, of_system, say, say_n

if TYPE_CHECKING:
    from datetime import datetime

    from siyu.api import Policy
    from siyu.faces.progress import Progress

EXAMPLE = """\b
Examples:
  siyu decide policy.siyu --customers members.jsonl -o decisions.jsonl
  siyu decide tour.siyu --customers members.jsonl --calibration calibration.yaml
  siyu decide policy.siyu --customers members.jsonl --as-of "2026-11-21 10:00"
  zcat members.jsonl.gz | siyu decide policy.siyu --customers - > decisions.jsonl
"""

HELP = say("help")
Reasons = list[dict[str, str]]


@dataclass(slots=True)
class Tally:
    """What a run has done so far."""

    decided: int = 0
    rejected: int = 0
    ignored: int = 0  # keys that the schema does not know and lets pass
    timeless: int = 0  # lines rejected for want of a time
    early: int = 0  # decisions about moments before the calibration was made
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are written; None is standard output for decisions, standard error for rejected
    lines. Beside a pipe or a device nothing is put."""

    decisions: Path | None
    rejects: Path | None


@click.command("decide", epilog=EXAMPLE)
@click.argument("policy", metavar="POLICY")
@CUSTOMERS
@AS_OF
@CALIBRATION
@ALLOCATION
@click.option(
    "-o",
    "--output",
    metavar="OUT.jsonl",
    help="Where decisions go; rejected lines go to OUT.rejects.jsonl. Default: standard output, "
    "rejected lines to standard error.",
)
@click.option("--strict", is_flag=True, help="Exit 1 when a line was rejected.")
@FORMAT
@LANG
def command(
    policy: str,
    customers: str,
    as_of: str | None,
    calibration: str | None,
    allocation: str | None,
    output: str | None,
    strict: bool,
    form: str,
) -> None:
    """Decide about customers: one request a line in, one decision a line out, in order.

    A request is {"customer": {…}, "event": {…}, "context": {…}, "metrics": {…}, "as_of": "…"};
    a line without "customer" is the customer itself. Empty lines are passed over. A line that
    cannot be decided about is set aside as {"line": n, "reasons": [{"path", "message"}]}. Files are
    complete or absent: an interrupted run leaves none. The summary goes to standard error, as JSON
    with --format json.

    Exits 0 when all lines were read (with --strict: and none was rejected), 1 when the policy has
    errors, 2 for bad usage.
    """
    from siyu import api
    from siyu.faces.lines import opened, size
    from siyu.faces.progress import Progress

    with telling(policy, form):
        loaded = api.load(policy, calibration=calibration, allocation=allocation)
        _ = loaded.ready  # says now, not at the first line, that a calibration is missing
    at = instant_option(as_of, loaded.program.timezone)
    tally = Tally()
    places = _places(output, [policy, customers, calibration, allocation])
    with opened(customers) as lines, Progress(size(lines), places.decisions is None) as progress:
        _decide_all(_decider(loaded, at, tally), tally, lines, places, progress, form)
    _tell(tally, places, form)
    if form == "text" and tally.timeless and as_of is None:
        advice = say("say when to decide with --as-of")
        print(f"{told(HELP)}{colon()}{told(advice)}", file=sys.stderr)
    raise SystemExit(1 if strict and tally.rejected else 0)


# ---------------------------------------------------------------- where things go


def _places(output: str | None, read: list[str | None]) -> Places:
    """Neither file may be one that is read."""
    if output is None or output == "-":
        return Places(None, None)
    path = Path(output)
    if path.exists() and not path.is_file() and not path.is_dir():
        return Places(path, None)
    rejects = path.with_name(f"{path.name.removesuffix('.jsonl')}.rejects.jsonl")
    if path.is_dir():
        raise _unfit(say("`{path}` is a folder", path=output))
    if not path.parent.is_dir():
        raise _unfit(say("there is no folder `{path}`", path=str(path.parent)))
    inputs = {Path(name).resolve() for name in read if name is not None and name != "-"}
    for written in (path, rejects):
        if written.resolve() in inputs:
            raise _unfit(
                say("`{path}` is read by this command, and would be lost", path=str(written))
            )
    return Places(path, rejects)


def _unfit(words: Said) -> click.BadParameter:
    return click.BadParameter(told(words), param_hint="--output")


@contextmanager
def _writers(
    places: Places, form: str
) -> Iterator[tuple[BinaryIO, Callable[[int, Reasons], None]]]:
    """Where decisions are written, and what takes a rejected line."""
    from siyu.faces.outputs import Outputs

    tell = _tell_rejected if form == "text" else _print_rejected
    if places.decisions is None:
        yield sys.stdout.buffer, tell
        return
    try:
        if places.rejects is None:
            with places.decisions.open("wb") as pipe:
                yield pipe, tell
            return
        with Outputs() as outputs:
            # The decisions last: where they are, the rejected lines are too.
            rejects = outputs.open(places.rejects)
            decisions = outputs.open(places.decisions)
            yield decisions, lambda line, reasons: _write_rejected(rejects, line, reasons)
            outputs.keep()
    except BrokenPipeError:
        raise
    except OSError as error:
        fail(say("the output cannot be written: {why}", why=of_system(error)), form=form)


def _write_rejected(file: BinaryIO, line: int, reasons: Reasons) -> None:
    entry = json.dumps({"line": line, "reasons": reasons}, ensure_ascii=False)
    file.write(entry.encode("utf-8", "backslashreplace") + b"\n")


def _print_rejected(line: int, reasons: Reasons) -> None:
    print(json.dumps({"line": line, "reasons": reasons}), file=sys.stderr)


def _tell_rejected(line: int, reasons: Reasons) -> None:
    from siyu.faces.excerpt import harmless

    why = ("；" if tongue() == "zh" else "; ").join(map(_of_reason, reasons))
    said = say("line {line} is rejected: {why}", line=line, why=harmless(why))
    print(told(said), file=sys.stderr)


def _of_reason(reason: dict[str, str]) -> str:
    if reason["path"] == "line":
        return told(say("the line {problem}", problem=reason["message"]))
    return f"{reason['path']} {reason['message']}"


# ---------------------------------------------------------------- the run


Decided = bytes | Reasons
"""The canonical bytes of a decision, or why there is none."""


def _decider(policy: Policy, at: datetime | None, tally: Tally) -> Callable[[bytes], Decided]:
    from siyu.faces.lines import LONGEST, request_of
    from siyu.records import Rejection

    key = policy.program.customer_key
    calibrated = policy.calibrated_at

    def decide(line: bytes) -> Decided:
        if len(line) > LONGEST:
            long = say("is longer than {size} MB", size=LONGEST >> 20)
            return [{"path": "line", "message": told(long)}]
        request = request_of(line, key)
        read = request if isinstance(request, Rejection) else policy.read(request, at)
        if isinstance(read, Rejection):
            return [{"path": each.path, "message": told(each.said)} for each in read.reasons]
        tally.ignored += read.ignored
        tally.early += calibrated is not None and read.as_of < calibrated
        return policy.decide_about(read).to_json()

    return decide


def _decide_all(
    decide: Callable[[bytes], Decided],
    tally: Tally,
    lines: BinaryIO,
    places: Places,
    progress: Progress,
    form: str,
) -> None:
    from siyu.faces.lines import numbered

    started = time.perf_counter()
    with _writers(places, form) as (out, reject):
        for number, line in numbered(lines):
            progress.advance(len(line))
            if not line.strip():
                continue
            try:
                decided = decide(line)
            except Exception as error:
                error.add_note(told(say("at line {line} of the requests", line=number)))
                raise
            if isinstance(decided, bytes):
                out.write(decided + b"\n")
                tally.decided += 1
            else:
                reject(number, decided)
                tally.rejected += 1
                tally.timeless += any(reason["path"] == "as_of" for reason in decided)
        out.flush()
    tally.seconds = time.perf_counter() - started


# ---------------------------------------------------------------- what is said about it


def _tell(tally: Tally, places: Places, form: str) -> None:
    if form == "json":
        print(to_json(_document(tally, places)), file=sys.stderr)
        return
    lines = tally.decided + tally.rejected
    speed = tally.decided / tally.seconds if tally.seconds else 0
    done = say(
        "{decisions} from {lines} in {seconds} s, {speed} a second; {rejected} rejected",
        decisions=say_n("{number} decision", "{number} decisions", tally.decided,
                        number=f"{tally.decided:,}"),
        lines=say_n("{number} line", "{number} lines", lines, number=f"{lines:,}"),
        seconds=f"{tally.seconds:.1f}",
        speed=f"{speed:,.0f}",
        rejected=f"{tally.rejected:,}",
    )  # fmt: skip
    print(told(done), file=sys.stderr)
    if tally.ignored:
        keys = say_n("{number} unknown key ignored", "{number} unknown keys ignored",
                     tally.ignored, number=f"{tally.ignored:,}")  # fmt: skip
        print(told(keys), file=sys.stderr)
    if tally.early:
        early = say_n(
            "warning: 1 decision is about a moment before the calibration was made, and measures "
            "its member by what was not known then",
            "warning: {number} decisions are about moments before the calibration was made, and "
            "measure their members by what was not known then",
            tally.early,
            number=f"{tally.early:,}",
        )
        print(told(early), file=sys.stderr)
    if places.decisions is not None:
        print(told(say("decisions: {path}", path=str(places.decisions))), file=sys.stderr)
    if places.rejects is not None:
        print(told(say("rejected:  {path}", path=str(places.rejects))), file=sys.stderr)


def _document(tally: Tally, places: Places) -> dict[str, object]:
    return {
        "decided": tally.decided,
        "rejected": tally.rejected,
        "ignored": tally.ignored,
        "before_calibration": tally.early,
        "seconds": round(tally.seconds, 3),
        "decisions": None if places.decisions is None else str(places.decisions),
        "rejects": None if places.rejects is None else str(places.rejects),
    }
