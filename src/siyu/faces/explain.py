"""`siyu explain`: why a decision is as it is, and what an error code means."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import click

from siyu.faces.options import (
    ALLOCATION,
    AS_OF,
    CALIBRATION,
    FORMAT,
    fail,
    instant_option,
    telling,
    to_json,
)

if TYPE_CHECKING:
    from siyu.api import Policy

EXAMPLE = """\b
Examples:
  siyu explain policy.siyu --customers members.jsonl --customer M02
  siyu explain policy.siyu --customers members.jsonl --customer M02 member_level
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
    "--line",
    type=click.IntRange(min=1),
    metavar="N",
    help="The line to explain, where a customer has several.",
)
@click.option("--show-pii", is_flag=True, help="Show personal values, which are masked else.")
@AS_OF
@CALIBRATION
@ALLOCATION
@FORMAT
def command(
    subject: str,
    what: str | None,
    customers: str | None,
    customer: str | None,
    line: int | None,
    show_pii: bool,
    as_of: str | None,
    calibration: str | None,
    allocation: str | None,
    form: str,
) -> None:
    """Say why a decision is as it is, or what an error code means.

    With a POLICY: why the customer gets what it gets, and why not the rest. WHAT names one outcome,
    such as an incentive or a level; without it all are explained. With a CODE such as E0303: its
    page, with a wrong and a right example.

    Exits 0, 1 when the policy has errors or the request cannot be decided about, 2 for bad usage.
    """
    if re.fullmatch(r"[EWew]\d{4}", subject):
        _explain_code(subject.upper(), form)
        return
    if customers is None or (customer is None and line is None):
        raise click.UsageError(
            "say who is to be explained: --customers FILE.jsonl --customer KEY", None
        )
    from siyu import api
    from siyu.faces.excerpt import harmless

    with telling(subject, form):
        policy = api.load(subject, calibration=calibration, allocation=allocation)
        _ = policy.ready  # says that a calibration is missing before a customer is looked for
    at = instant_option(as_of, policy.program.timezone)
    request = _find(customers, policy.program.customer_key, customer, line, form)
    try:
        explanation = policy.explain(request, what, at, show_pii)
    except KeyError:
        _no_such_outcome(what or "", policy, form)
    except api.Rejected as rejected:
        said = "; ".join(f"{reason.path} {reason.message}" for reason in rejected.reasons)
        fail(f"the request cannot be decided about: {said}", form=form, code=1)
    if form == "json":
        click.echo(to_json(explanation.to_dict()))
    else:
        click.echo("\n".join(map(harmless, explanation.text().splitlines())))


def _no_such_outcome(what: str, policy: Policy, form: str) -> NoReturn:
    from siyu.diagnostics import nearest

    names = sorted({part.name for part in policy.program.parts})
    near = nearest(what, names)
    listed = ", ".join(f"`{name}`" for name in near or names)
    hint = f"did you mean {listed}?" if near else f"it has {listed}"
    fail(f"policy `{policy.name}` decides nothing called `{what}`", hint, form)


# ---------------------------------------------------------------- a code


def _explain_code(code: str, form: str) -> None:
    from siyu.diagnostics import nearest
    from siyu.faces.catalogue import catalogue
    from siyu.faces.pages import headline, message_for, page_text

    kind = catalogue().get(code)
    if kind is None:
        near = nearest(code, catalogue())
        hint = f"did you mean {' or '.join(f'`{each}`' for each in near)}" if near else ""
        fail(f"no message has the code `{code}`", hint, form)
    elif form == "json":
        click.echo(
            to_json(
                {
                    "code": code,
                    "severity": kind.severity,
                    "message": headline(kind),
                    "page": kind.page.strip(),
                    "wrong": kind.wrong,
                    "says": message_for(kind),
                    "right": kind.right,
                }
            )
        )
    else:
        click.echo(page_text(kind), nl=False)


# ---------------------------------------------------------------- a customer's request


@dataclass(frozen=True, slots=True)
class _Found:
    """A request of the file, with the customer around it that a line may leave out."""

    line: int
    request: dict[str, Any]


def _requests(customers: str, key_field: str) -> Iterator[_Found]:
    """Those lines that are JSON objects."""
    from siyu.faces.lines import numbered, opened, request_of
    from siyu.records import Rejection

    with opened(customers) as file:
        for number, line in numbered(file):
            if not line.strip():
                continue
            request = request_of(line, key_field)
            if not isinstance(request, Rejection):
                yield _Found(number, request)


def _find(
    customers: str, key_field: str, customer: str | None, line: int | None, form: str
) -> dict[str, Any]:
    """The first request of the customer, or the one of the line; says so when there are more."""
    found = [
        each
        for each in _requests(customers, key_field)
        if (line is None or each.line == line)
        and (customer is None or _key(each.request, key_field) == customer)
    ]
    if not found:
        who = f"customer `{customer}`" if customer is not None else "request"
        where = f"line {line} of `{customers}`" if line is not None else f"`{customers}`"
        fail(f"there is no {who} in {where}", form=form)
    if len(found) > 1:
        others = ", ".join(str(each.line) for each in found[1:6]) + ("…" if len(found) > 6 else "")
        print(
            f"note: this is line {found[0].line}; the customer stands in {others} too (see --line)",
            file=sys.stderr,
        )
    return found[0].request


def _key(request: dict[str, Any], field: str) -> str | None:
    customer = request.get("customer")
    value = customer.get(field) if isinstance(customer, dict) else None
    return None if value is None else str(value)
