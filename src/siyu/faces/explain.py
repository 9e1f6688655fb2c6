"""`siyu explain`: why a decision is as it is, what would change it, and what a code means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn, get_args

import click

from siyu.faces.options import (
    ALLOCATION,
    AS_OF,
    CALIBRATION,
    fail,
    instant_option,
    telling,
    to_json,
)
from siyu.faces.speaking import LANG, current, told
from siyu.words import either, say

if TYPE_CHECKING:
    from siyu.api import Policy, Request
    from siyu.api.deciding import When
    from siyu.api.replaying import Replayed
    from siyu.explain.model import Explanation, Level
    from siyu.explain.names import NoSuchOutcome

Form = Literal["text", "json", "html"]
ENDINGS: dict[str, Form] = {".html": "html", ".htm": "html", ".json": "json"}
MOST_NAMES = 12  # that are listed where none is near

EXAMPLE = """\b
Examples:
  siyu explain policy.siyu --customers members.jsonl --customer M02
  siyu explain policy.siyu --customers members.jsonl --customer M02 member_level
  siyu explain policy.siyu --customers members.jsonl --customer M02 --why-not welcome_back
  siyu explain policy.siyu --customers members.jsonl --customer M02 gold --what-if --lang zh
  siyu explain policy.siyu --customers members.jsonl --customer M02 -o M02.html
  siyu explain policy.siyu --run out/2026-11-21 --customer M02 member_level
  siyu explain E0303
"""


@click.command("explain", epilog=EXAMPLE)
@click.argument("subject", metavar="POLICY|CODE")
@click.argument("what", required=False, metavar="[WHAT]")
@click.option(
    "--customers", metavar="FILE.jsonl", help="Requests, one a line; `-` is standard input."
)
@click.option("--customer", metavar="KEY", help="The customer to explain.")
@click.option(
    "--run",
    "past",
    metavar="DIR",
    help="Explain what this run decided, from the tables that it was made of.",
)
@click.option(
    "--sources",
    metavar="FILE",
    help="With --run: where the tables are; otherwise sources.yaml beside POLICY.",
)
@click.option(
    "--event", metavar="KEY", help="With --run: the key of the event, where there are several."
)
@click.option(
    "--line",
    type=click.IntRange(min=1),
    metavar="N",
    help="The line to explain, where a customer has several.",
)
@click.option(
    "--why-not",
    metavar="RULE",
    help="Say why this is not what came out: a rule, or a case or level such as member_level.gold.",
)
@click.option("--what-if", is_flag=True, help="Say too what would change it, figure by figure.")
@click.option(
    "--level",
    type=click.Choice(["line", "short", "full"]),
    help="How much is said: a line for each outcome, what decided, or everything. Otherwise full "
    "where one outcome is asked about, and short where all are.",
)
@click.option("--show-pii", is_flag=True, help="Show personal values, which are masked else.")
@AS_OF
@CALIBRATION
@ALLOCATION
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(Form)),
    help="For people, for machines, or as a page to keep, send and print. Otherwise as the ending "
    "of OUT says, else text.",
)
@click.option(
    "-o", "--output", metavar="OUT", help="The file to write; it is complete or not there."
)
@LANG
def command(
    subject: str,
    what: str | None,
    customers: str | None,
    customer: str | None,
    past: str | None,
    sources: str | None,
    event: str | None,
    line: int | None,
    why_not: str | None,
    what_if: bool,
    level: Level | None,
    show_pii: bool,
    as_of: str | None,
    calibration: str | None,
    allocation: str | None,
    form: Form | None,
    output: str | None,
) -> None:
    """Say why a decision is as it is, or what an error code means.

    With a POLICY: why the customer gets what it gets. WHAT names one outcome, such as an incentive
    or a level, by its name, its label or the code of one of its parts; without it all are
    explained. With --why-not RULE: which of its conditions fail and all that would stop it. With
    --what-if: the smallest change of a single figure that makes another outcome of it, each tried
    out. With --run DIR: what a past run decided, replayed from the same inputs; refused where they
    have changed. With a CODE such as E0303: its page, with a wrong and a right example.

    Exits 0, 1 when the policy has errors, the request cannot be decided about or a run cannot be
    replayed, 2 for bad usage.
    """
    from siyu.faces.one_file import put, writable

    chosen: Form = form or _form_of(output)
    told_as = "json" if chosen == "json" else "text"
    writable(output, [subject, customers, calibration, allocation])
    if re.fullmatch(r"[EWew]\d{4}", subject):
        put(_page(subject.upper(), chosen), output, told_as)
        return
    if what is not None and why_not is not None:
        raise click.UsageError(
            told(say("name one thing: `{what}` or --why-not `{rule}`", what=what, rule=why_not))
        )
    if past is not None:
        found = _of_run(subject, past, sources, customer, event, told_as, (
            customers, line, as_of, calibration, allocation
        ))  # fmt: skip
        _explain(found.policy, found.request, found.as_of, told_as, _Asked(
            what, why_not, what_if, show_pii, chosen, level, output
        ))  # fmt: skip
        return
    if sources is not None or event is not None:
        raise click.UsageError(told(say("--sources and --event go with --run")))
    if customers is None or (customer is None and line is None):
        raise click.UsageError(
            told(say("say who is to be explained: --customers FILE.jsonl --customer KEY"))
        )
    from siyu import api
    from siyu.faces.customers import request_for

    with telling(subject, told_as):
        policy = api.load(subject, calibration=calibration, allocation=allocation)
        _ = policy.ready  # says that a calibration is missing before a customer is looked for
    at = instant_option(as_of, policy.program.timezone)
    request = request_for(customers, policy.program.customer_key, customer, line, told_as)
    asked = _Asked(what, why_not, what_if, show_pii, chosen, level, output)
    _explain(policy, request, at, told_as, asked)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be explained, and how it is to be said."""

    what: str | None
    why_not: str | None
    what_if: bool
    show_pii: bool
    form: Form
    level: Level | None
    output: str | None


def _explain(policy: Policy, request: Request, at: When, told_as: str, asked: _Asked) -> None:
    from siyu import api

    try:
        explanation = policy.explain(
            request,
            asked.what,
            why_not=asked.why_not,
            what_if=asked.what_if,
            as_of=at,
            show_pii=asked.show_pii,
        )
    except api.NoSuchOutcome as missing:
        _no_such_outcome(missing, policy, told_as)
    except api.Rejected as rejected:
        said = say("the request cannot be decided about: {reasons}", reasons=rejected.said)
        fail(told(said), form=told_as, code=1)
    one = asked.what is not None or asked.why_not is not None
    _write(explanation, asked.form, asked.level or ("full" if one else "short"), asked.output)


def _of_run(
    subject: str,
    past: str,
    sources: str | None,
    customer: str | None,
    event: str | None,
    told_as: str,
    others: tuple[object, ...],
) -> Replayed:
    """The request that a past run decided about. What it has written must be what comes out now."""
    from siyu import api
    from siyu.api.replaying import replay
    from siyu.api.running import RunFailed

    if any(other is not None for other in others):
        raise click.UsageError(
            told(say("--run brings its own customers, time, calibration and allocation"))
        )
    if customer is None:
        raise click.UsageError(told(say("say who is to be explained: --customer KEY")))
    with telling(subject, told_as):
        try:
            found = replay(subject, past, customer, event, sources)
        except RunFailed as error:
            fail(error.said, error.advice, told_as, error.code)
        except api.Rejected as rejected:
            said = say("the request cannot be decided about: {reasons}", reasons=rejected.said)
            fail(told(said), form=told_as, code=1)
    if found.problems:
        said = say("the run and the replay differ, which is a mistake of siyu itself: {problems}",
                   problems="; ".join(told(each) for each in found.problems))  # fmt: skip
        fail(said, say("please report it"), told_as, 70)
    return found


def _no_such_outcome(missing: NoSuchOutcome, policy: Policy, form: str) -> NoReturn:
    names = tuple(dict.fromkeys(part.name for part in policy.program.parts))
    if missing.shared:
        said = say("several are called `{name}` in policy `{policy}`",
                   policy=policy.name, name=missing.name)  # fmt: skip
        fail(told(said), told(say("say which by its name: {names}", names=missing.near)), form)
    if missing.near:
        hint = say("did you mean {near}?", near=either(_apart(missing.near, policy)))
    elif len(names) <= MOST_NAMES:
        hint = say("it has {names}", names=names)
    else:
        hint = say("it has {names} and more; `siyu explain` without a name explains all of them",
                   names=names[:MOST_NAMES])  # fmt: skip
    said = say("policy `{policy}` decides nothing called `{name}`",
               policy=policy.name, name=missing.name)  # fmt: skip
    fail(told(said), told(hint), form)


def _apart(near: tuple[str, ...], policy: Policy) -> tuple[str, ...]:
    """Names and labels that may be meant, one for each thing."""
    names = {label: name for name, label in policy.compiled.labels.items()}
    found: dict[str, str] = {}
    for each in near:
        found.setdefault(names.get(each, each), each)
    return tuple(found.values())


# ---------------------------------------------------------------- what is written


def _form_of(output: str | None) -> Form:
    """What the ending of a file's name says."""
    return "text" if output is None else ENDINGS.get(Path(output).suffix.lower(), "text")


def _write(explanation: Explanation, form: Form, level: Level, output: str | None) -> None:
    from siyu.faces.one_file import put
    from siyu.faces.painted import show

    if form == "text" and output in (None, "-"):
        show(explanation, current(), level)
    else:
        put(_written(explanation, form, level), output, form)


def _written(explanation: Explanation, form: Form, level: Level) -> str:
    """The explanation as the text of a file."""
    speech, sources = current(), explanation.sources
    match form:
        case "json":
            from siyu.explain.document import document_of

            return to_json(document_of(explanation, speech, sources)) + "\n"
        case "html":
            from siyu.explain.html import html_of

            return html_of(explanation, speech, sources)
        case "text":
            from siyu.explain.text import text_of

            return text_of(explanation, speech, level)


# ---------------------------------------------------------------- a code


def _page(code: str, form: Form) -> str:
    """The page of a message."""
    from siyu.diagnostics import nearest
    from siyu.faces.catalogue import catalogue
    from siyu.faces.pages import headline, message_for, page_text

    kind, speech = catalogue().get(code), current()
    if form == "html":
        raise click.UsageError(told(say("the page of a message is text or JSON")))
    if kind is None:
        near = nearest(code, catalogue())
        hint = told(say("did you mean {near}?", near=either(near))) if near else ""
        fail(told(say("no message has the code `{code}`", code=code)), hint, form)
    if form == "text":
        return page_text(kind, speech)
    page = {
        "code": code,
        "severity": kind.severity,
        "message": headline(kind, speech),
        "page": speech.text(kind.page.strip()),
        "wrong": kind.wrong,
        "says": message_for(kind, speech),
        "right": kind.right,
    }
    return to_json(page) + "\n"
