"""Writing the tests that policies lack, and saying what they add."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from siyu.faces.covering import write_text
from siyu.faces.options import fail, tell_policy_error, to_json
from siyu.faces.progress import Progress
from siyu.faces.speaking import current, told
from siyu.faces.tested import Tested
from siyu.text import harmless
from siyu.words import Words, either, say, say_n

if TYPE_CHECKING:
    from siyu.testing.coverage.model import Goal
    from siyu.testing.suggest.suggest import Suggested

LOOKING = say("looking for records")


def suggest_tests(
    ready: Sequence[Tested], rules: Sequence[str], output: str | None, form: str
) -> bool:
    """Suggests tests for every policy, to a new file or to standard output; whether all policies
    could be read. What was not found is said on standard error."""
    from siyu.testing.suggest.suggest import suggest

    if output is not None and Path(output).exists():
        hint = say("name a new file, and move the tests you confirm from there")
        fail(say("`{path}` is there already", path=output), hint, form)
    _check_rules(ready, rules, form)
    good = [each for each in ready if each.policy is not None]
    found: list[tuple[str, Suggested]] = []
    with Progress(None, beside=True, task=LOOKING, counted=True) as progress:
        for each in good:
            assert each.policy is not None
            made = suggest(each.policy, rules, step=lambda: progress.advance(1))
            found.append((each.path, made))
    bad = [each for each in ready if each.policy is None]
    for each in bad:
        if each.error is None:
            fail(each.unread, "", form)
        tell_policy_error(each.path, each.error, form)
    if form == "json":
        click.echo(to_json({"policies": [_entry(path, each) for path, each in found]}))
        return not bad
    text = "\n".join(each.text for _, each in found if each.suggestions)
    if output is not None and text:
        write_text(text, output, form)
    elif text:
        click.echo(text)
    for path, made in found:
        _tell(path, made)
    return not bad


def _check_rules(ready: Sequence[Tested], rules: Sequence[str], form: str) -> None:
    from siyu.diagnostics import nearest

    known = tuple(dict.fromkeys(
        name for each in ready if each.policy is not None for name in each.policy.compiled.kinds
    ))  # fmt: skip
    for rule in rules:
        if rule not in known:
            near = nearest(rule, known)
            hint: Words = say("perhaps {near} is meant", near=either(near)) if near else ""
            fail(say("no policy declares `{name}`", name=rule), hint, form)


def _tell(path: str, found: Suggested) -> None:
    from siyu.testing.coverage.words import plain_percent

    tests = say_n("1 test", "{count} tests", len(found.suggestions))
    said = say(
        "{path}: {tests} suggested; with all of them {after} % is covered, now {before} %",
        path=harmless(path), tests=tests,
        before=plain_percent(found.before.percent), after=plain_percent(found.after.percent),
    )  # fmt: skip
    click.echo(told(said), err=True)
    if found.not_found:
        head = say_n(
            "among {looked} records none was found that shows this; it may be impossible:",
            "among {looked} records none was found for these {count}; some may be impossible:",
            len(found.not_found), looked=found.looked_at,
        )  # fmt: skip
        click.echo(told(head), err=True)
    for goal in found.not_found:
        click.echo(f"  {_goal(goal)}", err=True)


def _goal(goal: Goal) -> str:
    from siyu.faces.render import COLON
    from siyu.testing.coverage.words import of_goal

    code = goal.rule if " " in goal.code else goal.code
    return f"`{code}`{COLON[current().tongue]}{told(of_goal(goal))}"


def _entry(path: str, found: Suggested) -> dict[str, object]:
    return {
        "path": path,
        "before": found.before.percent,
        "after": found.after.percent,
        "tests": [
            {"title": each.title, "text": each.text, "shows": [_aim(goal) for goal in each.goals]}
            for each in found.suggestions
        ],
        "not_found": [_aim(goal) for goal in found.not_found],
        "records": found.looked_at,
    }


def _aim(goal: Goal) -> dict[str, str]:
    return {"rule": goal.rule, "aim": goal.aim, "code": goal.code}
