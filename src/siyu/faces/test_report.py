"""How tests came out: for people, and for machines."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from siyu.faces.options import tell_policy_error
from siyu.faces.speaking import current, told
from siyu.faces.tested import Tested
from siyu.text import harmless
from siyu.words import Said, say, say_n

if TYPE_CHECKING:
    from siyu.faces.render import Paint
    from siyu.testing import Failure, TestResult
    from siyu.testing.junit import Suite

MOST_DIFFERENCES = 20


# ---------------------------------------------------------------- for people


def tell(tested: Sequence[Tested]) -> None:
    """What failed, and how many tests there were."""
    from siyu.faces.render import paint_for

    paint = paint_for(sys.stdout)
    for each in tested:
        _tell_one(each, paint)
    role = "head" if all(each.good for each in tested) else "error"
    click.echo(paint(role, told(_summary(tested))), color=True)


def _summary(tested: Sequence[Tested]) -> Said:
    names = {(each.path, result.name) for each in tested for result in each.results}
    failed = {(e.path, r.name) for e in tested for r in e.results if not r.passed}
    unrun = sum(each.error is not None or bool(each.unread) for each in tested)
    ways = sorted({result.evaluator for each in tested for result in each.results})
    outcome = (
        say_n("1 failure", "{count} failures", len(failed)) if failed
        else say("all passed") if names
        else say("none")
    )  # fmt: skip
    facts = {
        "tests": say_n("1 test", "{count} tests", len(names)),
        "policies": say_n("1 policy", "{count} policies", len(tested)),
        "outcome": outcome,
    }
    line = say("{tests} in {policies}: {outcome}", **facts)
    if len(ways) == 2:
        both = say("{one} and {other}", one=ways[0], other=ways[1])
        line = say("{tests} in {policies} on {both}: {outcome}", both=both, **facts)
    if not unrun:
        return line
    wrong = say_n("1 policy", "{count} policies", unrun)
    return say("{line}; {policies} with errors", line=line, policies=wrong)


def _tell_one(tested: Tested, paint: Paint) -> None:
    from siyu.faces.render import COLON, SEVERITIES

    if tested.unread:
        head = paint("error", told(SEVERITIES["error"]))
        said = harmless(told(tested.unread))
        click.echo(f"{head}{COLON[current().tongue]}{said}\n", color=True)
    if tested.error is not None:
        tell_policy_error(tested.path, tested.error, "text")
    for (name, failures), ways in _alike(tested.results).items():
        failed = paint("error", told(say("failed")))
        click.echo(
            f"{failed}{COLON[current().tongue]}{paint('head', harmless(told(_title(name, ways))))}",
            color=True,
        )
        for failure in failures:
            click.echo(_failure_text(failure, tested, paint), color=True)
        click.echo()


def _title(name: str, ways: Sequence[str]) -> Said:
    if len(ways) == 1:
        return say('test "{name}" fails on {way} alone', name=name, way=ways[0])
    return say('test "{name}" fails', name=name)


def _alike(
    results: Sequence[TestResult],
) -> dict[tuple[str, tuple[Failure, ...]], list[str]]:
    """The evaluators on which a test fails in one and the same way."""
    found: dict[tuple[str, tuple[Failure, ...]], list[str]] = {}
    for result in results:
        if not result.passed:
            found.setdefault((result.name, result.failures), []).append(result.evaluator)
    return found


def _failure_text(failure: Failure, tested: Tested, paint: Paint) -> str:
    """The expectation as written, with what its parts are; of a decision, what is different."""
    from siyu.faces.render import place_lines
    from siyu.faces.valued import valued_lines

    if failure.values:
        return "\n".join(valued_lines(failure, tested.sources, paint))
    lines = place_lines(failure.span, harmless(told(failure.text)), tested.sources, paint)
    nothing = told(say("nothing"))
    for each in failure.differences[:MOST_DIFFERENCES]:
        expected, found = (harmless(side or nothing) for side in (each.expected, each.found))
        lines += [f"    {harmless(each.path)}", f"      - {expected}", f"      + {found}"]
    more = len(failure.differences) - MOST_DIFFERENCES
    if more > 0:
        lines.append(f"    {told(say_n('and 1 place more', 'and {count} places more', more))}")
    if failure.differences:
        lines.append(f"    {told(EXPLAINED)}")
    return "\n".join(lines)


EXPLAINED = say(
    "`-` is what the file expects, `+` what is decided; if that is right, `siyu test --update` "
    "writes it"
)


def tell_written(paths: Sequence[str], passed: bool) -> None:
    """Which decisions were written; where tests fail, they say themselves why none was."""
    for path in paths:
        click.echo(told(say("wrote {path}", path=harmless(path))))
    if not paths and passed:
        click.echo(told(say("no decision is new or different: nothing was written")))


# ---------------------------------------------------------------- for machines


def document(tested: Sequence[Tested], wrote: Sequence[str] | None) -> dict[str, object]:
    """All results as JSON; `wrote` are the decisions that were written, where that was wanted."""
    made: dict[str, object] = {"passed": all(each.good for each in tested)}
    if wrote is not None:
        made["wrote"] = list(wrote)
    return {**made, "policies": list(map(_entry, tested))}


def _entry(tested: Tested) -> dict[str, object]:
    from siyu.faces.render import as_json

    error = tested.error
    found = () if error is None else error.diagnostics
    return {
        "path": tested.path,
        "passed": tested.good,
        "unread": told(tested.unread) or None,
        "diagnostics": [as_json(each, tested.sources, current()) for each in found],
        "tests": [_result(result, tested) for result in tested.results],
    }


def _result(result: TestResult, tested: Tested) -> dict[str, object]:
    return {
        "name": result.name,
        "evaluator": result.evaluator,
        "passed": result.passed,
        "seconds": round(result.seconds, 6),
        "failures": [_failure(failure, tested) for failure in result.failures],
    }


def _failure(failure: Failure, tested: Tested) -> dict[str, object]:
    from siyu.faces.render import where
    from siyu.faces.valued import written

    made: dict[str, object] = {
        "message": told(failure.text),
        **where(failure.span, tested.sources),
        "values": [
            {
                "text": written(value.span, tested.sources[value.span.file]),
                "value": told(value.text),
            }
            for value in failure.values
        ],
    }
    if failure.differences:
        made["differences"] = [
            {"path": each.path, "expected": each.expected, "found": each.found}
            for each in failure.differences
        ]
    return made


def suite(tested: Tested) -> Suite:
    """The results of one policy, as JUnit reports them."""
    from siyu.testing.junit import Suite

    problems = [told(tested.unread)] if tested.unread else []
    if tested.error is not None:
        speech = current()
        for each in tested.error.diagnostics:
            source = tested.sources.get(each.span.file)
            line = source.place(each.span.start).line if source is not None else 0
            at = f"{source.name}:{line}: " if source is not None else ""
            problems.append(f"{at}{each.code} {each.text(speech)}")
    return Suite(tested.path, tested.results, tested.sources, tuple(problems))
