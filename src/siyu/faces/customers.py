"""The one request of a file that is asked about."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from siyu.faces.options import fail
from siyu.faces.speaking import comma, told
from siyu.words import say

NAMED = 5  # further lines of the customer that are named


@dataclass(frozen=True, slots=True)
class _Found:
    """A request of the file, with the customer around it that a line may leave out."""

    line: int
    request: dict[str, Any]


def request_for(
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
        _nobody(customers, customer, line, form)
    if len(found) > 1:
        others = comma().join(str(each.line) for each in found[1 : NAMED + 1])
        note = say(
            "note: this is line {line}; the customer stands in {others} too (see --line)",
            line=found[0].line,
            others=others + ("…" if len(found) > NAMED + 1 else ""),
        )
        print(told(note), file=sys.stderr)
    return found[0].request


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


def _nobody(customers: str, customer: str | None, line: int | None, form: str) -> NoReturn:
    if customer is None:
        said = say("there is no request in line {line} of `{file}`", line=line, file=customers)
    elif line is None:
        said = say("there is no customer `{customer}` in `{file}`",
                   customer=customer, file=customers)  # fmt: skip
    else:
        said = say("there is no customer `{customer}` in line {line} of `{file}`",
                   customer=customer, line=line, file=customers)  # fmt: skip
    fail(told(said), form=form)


def _key(request: dict[str, Any], field: str) -> str | None:
    customer = request.get("customer")
    value = customer.get(field) if isinstance(customer, dict) else None
    return None if value is None else str(value)
