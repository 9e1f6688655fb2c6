"""`siyu fmt`: write policy files in the one canonical format.

A file is replaced only when it parses and only as a whole; one with errors is left as it is.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import click

from siyu.faces.files import LARGEST, policy_files
from siyu.faces.options import FORMAT, to_json
from siyu.faces.speaking import LANG, current, told
from siyu.words import Words, of_system, say, say_n

if TYPE_CHECKING:
    from siyu.diagnostics import Diagnostic
    from siyu.syntax.keywords import Language
    from siyu.text import Source

State = Literal["unchanged", "changed", "errors"]

EXAMPLE = """\b
Examples:
  siyu fmt policies/
  siyu fmt --check --diff member.siyu
  siyu fmt --keywords zh member.siyu
  siyu fmt - < draft.siyu > member.siyu
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. `before` and `after` are its text; equal unless `changed`.

    `diagnostics` are the mistakes in it, `failure` says why it could not even be looked at.
    """

    path: str
    state: State
    before: str = ""
    after: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()
    failure: Words = ""

    @property
    def sources(self) -> dict[str, Source]:
        """What the diagnostics point into."""
        from siyu.text import Source

        return {self.path: Source.of(self.path, self.before)}


@click.command("fmt", epilog=EXAMPLE)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a file would be changed.")
@click.option("--diff", is_flag=True, help="Change nothing; show what would be changed.")
@click.option(
    "--keywords",
    type=click.Choice(["zh", "en"]),
    help="Write keywords in Chinese or English. Default: as most of the file's declarations.",
)
@FORMAT
@LANG
def command(
    paths: tuple[str, ...], check: bool, diff: bool, keywords: Language | None, form: str
) -> None:
    """Write policy files in the canonical format, comments kept.

    PATH is a policy file, a folder (all its *.siyu files) or - (standard input to standard
    output). Exits 0 when all is well, 1 when a file has errors (it is left as it is) or when
    --check finds one that is not formatted, 2 for bad usage.
    """
    if paths == ("-",):
        outcomes = [_read_stdin(keywords)]
    else:
        if "-" in paths:
            said = say("`-` stands alone: standard input cannot be mixed with files")
            raise click.UsageError(told(said))
        outcomes = [_read(path, keywords) for path in policy_files(paths)]
        if not (check or diff):
            outcomes = [_replaced(outcome) for outcome in outcomes]
    if form == "json":
        click.echo(_as_json(outcomes, diff))
    else:
        _tell(outcomes, check=check, diff=diff)
    wrong = {"errors", "changed"} if check else {"errors"}
    raise SystemExit(1 if any(outcome.state in wrong for outcome in outcomes) else 0)


# ---------------------------------------------------------------- one file


def _read(path: Path, keywords: Language | None) -> Outcome:
    name = str(path)
    try:
        if path.stat().st_size > LARGEST:
            size = LARGEST // 1_000_000
            return _failed(
                name, say("`{path}` is larger than {megabytes} MB", path=name, megabytes=size)
            )
        data = path.read_bytes()
    except OSError as error:
        reason = of_system(error)
        return _failed(name, say("`{path}` cannot be read: {reason}", path=name, reason=reason))
    return _formatted(name, data, keywords)


def _read_stdin(keywords: Language | None) -> Outcome:
    return _formatted("-", sys.stdin.buffer.read(), keywords)


def _formatted(name: str, data: bytes, keywords: Language | None) -> Outcome:
    """What the bytes of a file become; the file itself is not touched."""
    from siyu.syntax.parse import parse
    from siyu.syntax.unparse import unparse
    from siyu.text import Source

    try:
        before = data.decode("utf-8")
    except UnicodeDecodeError as error:
        place = error.start
        return _failed(
            name, say("`{path}` is not UTF-8 text at byte {place}", path=name, place=place)
        )
    source = Source.of(name, before.removeprefix("\ufeff"))
    parsed = parse(source)
    if errors := tuple(each for each in parsed.diagnostics if each.severity == "error"):
        return Outcome(name, "errors", source.text, source.text, errors)
    after = unparse(parsed.file, keywords, source)
    if parse(Source.of(name, after)).file != parsed.file:
        reason = say(
            "`{path}` would not keep its meaning, so it was left as it is; please report it",
            path=name,
        )
        return _failed(name, reason)
    return Outcome(name, "unchanged" if after == before else "changed", before, after)


def _failed(name: str, message: Words) -> Outcome:
    return Outcome(name, "errors", failure=message)


def _replaced(outcome: Outcome) -> Outcome:
    """Writes what changed; a file that cannot be written is one with errors."""
    if outcome.state != "changed":
        return outcome
    try:
        _replace(Path(outcome.path), outcome.after)
    except OSError as error:
        return _failed(
            outcome.path,
            say("`{path}` cannot be written: {reason}", path=outcome.path, reason=of_system(error)),
        )
    return outcome


def _replace(path: Path, text: str) -> None:
    """All of the new text or none of it; the mode is kept, and a link stays a link."""
    import os
    import shutil
    import tempfile

    target = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
        shutil.copymode(target, name)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


# ---------------------------------------------------------------- what is said about it


def _tell(outcomes: list[Outcome], *, check: bool, diff: bool) -> None:
    """Results to standard output, problems to standard error."""
    from siyu.faces.render import COLON, SEVERITIES, paint_for, render_all

    paint, speech = paint_for(sys.stderr), current()
    head = f"{paint('error', speech.of(SEVERITIES['error']))}{COLON[speech.tongue]}"
    for outcome in outcomes:
        if outcome.failure:
            click.echo(f"{head}{_failure(outcome)}\n", err=True, color=True)
        drawn = render_all(outcome.diagnostics, outcome.sources, paint, speech)
        click.echo(drawn, err=True, nl=False, color=True)
    changed = [outcome for outcome in outcomes if outcome.state == "changed"]
    if diff:
        click.echo("".join(_diff(outcome) for outcome in changed), nl=False)
    elif outcomes[0].path == "-":
        _write_stdout(outcomes[0], check)
    else:
        for outcome in changed:
            done = say("not formatted: {path}", path=outcome.path)
            if not check:
                done = say("formatted: {path}", path=outcome.path)
            click.echo(told(done))
    if outcomes[0].path != "-":
        click.echo(_summary(outcomes, dry=check or diff), err=True)


def _write_stdout(outcome: Outcome, check: bool) -> None:
    if not check and outcome.state != "errors":
        sys.stdout.buffer.write(outcome.after.encode("utf-8"))


def _failure(outcome: Outcome) -> str:
    from siyu.faces.excerpt import harmless

    return harmless(told(outcome.failure))


def _summary(outcomes: list[Outcome], *, dry: bool) -> str:
    counts = {state: sum(o.state == state for o in outcomes) for state in get_args(State)}
    changed, same, left = counts["changed"], counts["unchanged"], counts["errors"]
    parts = {
        "changed": say_n("1 file would be formatted", "{count} files would be formatted", changed)
        if dry
        else say_n("1 file formatted", "{count} files formatted", changed),
        "unchanged": say_n("1 file already formatted", "{count} files already formatted", same),
        "errors": say_n(
            "1 file left alone because of errors",
            "{count} files left alone because of errors",
            left,
        ),
    }
    comma = {"en": ", ", "zh": "，"}[current().tongue]
    return comma.join(told(words) for state, words in parts.items() if counts[state])


def _diff(outcome: Outcome) -> str:
    from difflib import unified_diff

    old, new = _lines(outcome.before), _lines(outcome.after)
    rows = unified_diff(old, new, outcome.path, f"{outcome.path} (formatted)")
    return "".join(r if r.endswith("\n") else f"{r}\n\\ No newline at end of file\n" for r in rows)


def _lines(text: str) -> list[str]:
    """Lines with their ends; only a line feed ends one."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1].removesuffix("\n")
    return lines if lines[-1] else lines[:-1]


def _as_json(outcomes: list[Outcome], diff: bool) -> str:
    """`{"files": [{"path", "state", "errors", "diff"?, "text"?}]}`; text only for `-`."""
    return to_json({"files": [_file_entry(outcome, diff) for outcome in outcomes]})


def _file_entry(outcome: Outcome, diff: bool) -> dict[str, object]:
    from siyu.faces.render import as_json

    errors = [as_json(each, outcome.sources, current()) for each in outcome.diagnostics]
    errors += [{"code": None, "message": _failure(outcome)}] if outcome.failure else []
    entry: dict[str, object] = {"path": outcome.path, "state": outcome.state, "errors": errors}
    if diff:
        entry["diff"] = _diff(outcome)
    if outcome.path == "-" and not errors:
        entry["text"] = outcome.after
    return entry
