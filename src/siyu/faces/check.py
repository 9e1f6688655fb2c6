"""`siyu check`: every mistake in policies, in one run."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from siyu.faces.files import Policies, policies
from siyu.faces.options import to_json
from siyu.faces.speaking import LANG, current, told
from siyu.words import Words, say

if TYPE_CHECKING:
    from datetime import date, datetime

    from siyu.diagnostics import Diagnostic
    from siyu.text import Source

EXAMPLE = """\b
Examples:
  siyu check .
  siyu check policies/retail_membership/tour.siyu
  siyu check --format json policies > problems.json
  siyu check --format sarif policies > problems.sarif
"""
FORMATS = ("text", "json", "github", "sarif")


Place = tuple[str, int, int, str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic with the sources of its pack."""

    diagnostic: Diagnostic
    sources: Mapping[str, Source]

    @property
    def place(self) -> Place:
        """What two findings share that say the same of the same file, in the order to tell them."""
        span, source = self.diagnostic.span, self.sources.get(self.diagnostic.span.file)
        name = source.name if source is not None else ""
        return name, span.start, span.end, self.diagnostic.code, self.diagnostic.text()


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in all files. `unread` are files that could not be read, with the reason;
    `remarks` are said and change nothing."""

    findings: tuple[Finding, ...]
    files: tuple[str, ...]
    unread: tuple[tuple[str, Words], ...] = ()
    remarks: tuple[Words, ...] = ()

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """In the order of the findings."""
        return [each.diagnostic for each in self.findings]

    def count(self, severity: str) -> int:
        """How many of a severity; a file that cannot be read is an error."""
        found = sum(each.severity == severity for each in self.diagnostics)
        return found + (len(self.unread) if severity == "error" else 0)


@click.command("check", epilog=EXAMPLE)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="For people, for machines, or for what shows findings beside the lines of a change.",
)
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Also say what is over on this day; without it nothing depends on the day of the check.",
)
@LANG
def command(paths: tuple[str, ...], form: str, today: datetime | None) -> None:
    """Find every mistake in policies, and in all they use.

    PATH is a policy file or a folder (all its *.siyu files, at any depth). Files without a `policy`
    line are checked through the policies that use them. A policy without errors is also looked at
    by lints, as severely as `siyu.yaml` beside it says (see `siyu lint`). Exits 0 when there are no
    errors (warnings do not count), 1 when there are, 2 for bad usage.
    """
    for name in paths:
        if name.endswith((".yaml", ".yml")) and Path(name).is_file():
            instead = say(
                "`{path}` is no policy file; did you mean `siyu schema check {path}`?", path=name
            )
            raise click.UsageError(told(instead))
    report = checked(policies(paths), today.date() if today is not None else None)
    match form:
        case "json":
            click.echo(to_json(_document(report)))
        case "github":
            from siyu.faces.formats import github

            lines = github(report.findings, report.unread, report.remarks, current())
            click.echo(lines, nl=False)
        case "sarif":
            from siyu.faces.formats import sarif

            click.echo(to_json(sarif(report.findings, report.unread, current())))
        case _:
            _tell(report)
    raise SystemExit(1 if report.count("error") else 0)


# ---------------------------------------------------------------- what there is to find


def checked(found: Policies, today: date | None = None) -> Report:
    """Everything there is to say about policies, what they use, and parts that nobody uses."""
    from siyu import api
    from siyu.faces.render import seen_from_here

    findings: dict[Place, Finding] = {}
    files: dict[str, None] = {}
    unread: list[tuple[str, Words]] = []
    for root in found.roots:
        try:
            one = api.check(root, today=today)
        except api.InputFileError as error:
            unread.append((str(root), error.message))
            continue
        sources = seen_from_here(one.sources, root.parent)
        _add(findings, one.diagnostics, sources)
        files.update(dict.fromkeys(source.name for source in sources.values()))
    used = {Path(name).resolve() for name in files}
    alone = [part for part in found.parts if part.resolve() not in used]
    for part in alone:
        source, said = _parsed(part)
        _add(findings, said, {source.name: source})
        files[source.name] = None
    told = tuple(findings[place] for place in sorted(findings))
    return Report(told, tuple(files), tuple(unread), tuple(_remark(part) for part in alone))


def _add(
    findings: dict[Place, Finding],
    diagnostics: tuple[Diagnostic, ...],
    sources: Mapping[str, Source],
) -> None:
    """Each once, though two policies use the file that it is about."""
    for diagnostic in diagnostics:
        finding = Finding(diagnostic, sources)
        findings.setdefault(finding.place, finding)


def _parsed(part: Path) -> tuple[Source, tuple[Diagnostic, ...]]:
    from siyu.syntax.parse import parse
    from siyu.text import Source

    source = Source.of(str(part), part.read_text(encoding="utf-8-sig"))
    return source, parse(source).diagnostics


def _remark(part: Path) -> Words:
    return say(
        "`{part}` has no `policy` line, and no policy checked here uses it; only its wording was "
        "checked",
        part=str(part),
    )


# ---------------------------------------------------------------- telling it


def _tell(report: Report) -> None:
    from siyu.faces import render
    from siyu.faces.excerpt import harmless

    paint, speech = render.paint_for(sys.stdout), current()
    colon, seen = render.COLON[speech.tongue], set[str]()
    for _, reason in report.unread:
        head = paint("error", speech.of(render.SEVERITIES["error"]))
        click.echo(f"{head}{colon}{harmless(speech.of(reason))}\n", color=True)
    for each in report.findings:
        code = each.diagnostic.code
        more = code not in seen
        seen.add(code)
        drawn = render.render(each.diagnostic, each.sources, paint, speech, more=more)
        click.echo(f"{drawn}\n", color=True)
    for remark in report.remarks:
        head = paint("note", speech.of(render.NOTE))
        click.echo(f"{head}{colon}{harmless(speech.of(remark))}\n", color=True)
    told = render.summary(report.diagnostics, len(report.files), paint, speech)
    click.echo(told, color=True)


def _document(report: Report) -> dict[str, object]:
    """`errors` and `warnings` count, `unread` are files that could not be read."""
    from siyu.faces.render import as_json

    speech = current()
    return {
        "errors": report.count("error"),
        "warnings": report.count("warning"),
        "files": list(report.files),
        "unread": [{"file": name, "message": speech.of(reason)} for name, reason in report.unread],
        "diagnostics": [as_json(each.diagnostic, each.sources, speech) for each in report.findings],
        "remarks": [speech.of(remark) for remark in report.remarks],
    }
