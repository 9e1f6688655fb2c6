"""`siyu test`: the tests that policies hold, on every evaluator."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from siyu.faces.files import policies
from siyu.faces.options import FORMAT, pack_folder, tell_policy_error, to_json

if TYPE_CHECKING:
    from siyu.api import PolicyError
    from siyu.faces.render import Paint
    from siyu.testing import Failure, TestResult
    from siyu.text import Source, Span

EXAMPLE = """\b
Examples:
  siyu test .
  siyu test policies/retail_membership/tour.siyu --format json
"""


@dataclass(frozen=True, slots=True)
class Tested:
    """One policy: its results, or why it could not be run."""

    path: str
    results: tuple[TestResult, ...] = ()
    sources: Mapping[str, Source] | None = None
    error: PolicyError | None = None
    unread: str = ""

    @property
    def seen(self) -> Mapping[str, Source]:
        """The sources, called as the command line calls them."""
        from siyu.faces.render import seen_from_here

        return seen_from_here(self.sources or {}, pack_folder(self.path))

    @property
    def good(self) -> bool:
        """Whether it could be run and every test passed."""
        return self.error is None and not self.unread and all(r.passed for r in self.results)


@click.command("test", epilog=EXAMPLE)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@FORMAT
def command(paths: tuple[str, ...], form: str) -> None:
    """Run the tests that policies hold, on every evaluator.

    PATH is a policy file or a folder (all its policies, at any depth). A test that fails shows the
    values under what was expected. Exits 0 when all pass, 1 when one fails or a policy has errors,
    2 for bad usage.
    """
    found = policies(paths)
    if not found.roots:
        raise click.UsageError("none of these files has a `policy` line, so there is none to test")
    tested = [_tested(str(root)) for root in found.roots]
    if form == "json":
        click.echo(to_json(_document(tested)))
    else:
        _tell(tested)
    raise SystemExit(0 if all(each.good for each in tested) else 1)


def _tested(path: str) -> Tested:
    from siyu import api
    from siyu.testing import run_tests

    try:
        results = tuple(run_tests(api.load(path)))
        good = all(result.passed for result in results)
        return Tested(path, results, None if good else api.check(path).sources)
    except api.PolicyError as error:
        return Tested(path, error=error)
    except api.InputFileError as error:
        return Tested(path, unread=error.message)


# ---------------------------------------------------------------- for people


def _tell(tested: list[Tested]) -> None:
    from siyu.faces.render import counted, paint_for

    paint = paint_for(sys.stdout)
    for each in tested:
        _tell_one(each, paint)
    results = [result for each in tested for result in each.results]
    names = {(each.path, result.name) for each in tested for result in each.results}
    failed = {(e.path, r.name) for e in tested for r in e.results if not r.passed}
    unrun = sum(each.error is not None or bool(each.unread) for each in tested)
    ways = " and ".join(sorted({result.evaluator for result in results}))
    line = f"{counted(len(names), 'test')} in {_policies(len(tested))}"
    line += f" on {ways}: " if ways else ": "
    line += f"{counted(len(failed), 'failure')}" if failed else "all passed" if names else "none"
    if unrun:
        line += f"; {_policies(unrun)} with errors"
    click.echo(paint("error" if failed or unrun else "head", line), color=True)


def _policies(number: int) -> str:
    return f"{number:,} {'policy' if number == 1 else 'policies'}"


def _tell_one(tested: Tested, paint: Paint) -> None:
    from siyu.faces.excerpt import harmless

    if tested.unread:
        click.echo(f"{paint('error', 'error')}: {harmless(tested.unread)}\n", color=True)
    if tested.error is not None:
        tell_policy_error(tested.path, tested.error, "text")
    for (name, failures), ways in _alike(tested.results).items():
        title = f'test "{harmless(name)}" fails on {" and ".join(ways)}'
        click.echo(f"{paint('error', 'failed')}: {paint('head', title)}", color=True)
        for failure in failures:
            click.echo(_failure_text(failure, tested.seen, paint), color=True)
        click.echo()


def _alike(
    results: tuple[TestResult, ...],
) -> dict[tuple[str, tuple[Failure, ...]], list[str]]:
    """The evaluators on which a test fails in one and the same way."""
    found: dict[tuple[str, tuple[Failure, ...]], list[str]] = {}
    for result in results:
        if not result.passed:
            found.setdefault((result.name, result.failures), []).append(result.evaluator)
    return found


def _failure_text(failure: Failure, sources: Mapping[str, Source], paint: Paint) -> str:
    """The expectation as written, and below it what its parts are."""
    from siyu.faces.excerpt import harmless, width
    from siyu.faces.render import place_lines

    lines = place_lines(failure.span, failure.text, sources, paint)
    values = [
        (harmless(_written(span, sources)), harmless(value)) for span, value in failure.values
    ]
    room = max((width(text) for text, _ in values), default=0)
    lines += [f"    {text}{' ' * (room - width(text))}  is {value}" for text, value in values]
    return "\n".join(lines)


def _written(span: Span, sources: Mapping[str, Source]) -> str:
    """The author's text at a span, in one line."""
    source = sources.get(span.file)
    return "" if source is None else " ".join(source.text[span.start : span.end].split())


# ---------------------------------------------------------------- for machines


def _document(tested: list[Tested]) -> dict[str, object]:
    return {"passed": all(each.good for each in tested), "policies": list(map(_entry, tested))}


def _entry(tested: Tested) -> dict[str, object]:
    from siyu.faces.render import as_json, seen_from_here

    error = tested.error
    sources = {} if error is None else seen_from_here(error.sources, pack_folder(tested.path))
    found = [] if error is None else [as_json(each, sources) for each in error.diagnostics]
    return {
        "path": tested.path,
        "passed": tested.good,
        "unread": tested.unread or None,
        "diagnostics": found,
        "tests": [_result(result, tested.seen) for result in tested.results],
    }


def _result(result: TestResult, sources: Mapping[str, Source]) -> dict[str, object]:
    from siyu.faces.render import where

    return {
        "name": result.name,
        "evaluator": result.evaluator,
        "passed": result.passed,
        "seconds": round(result.seconds, 6),
        "failures": [
            {
                "message": failure.text,
                **where(failure.span, sources),
                "values": [
                    {"text": _written(span, sources), "value": value}
                    for span, value in failure.values
                ],
            }
            for failure in result.failures
        ],
    }
