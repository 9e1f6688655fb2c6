"""Whole decisions, kept in files beside the policy: compared, and what they should hold.

A file holds the decision document without what names the versions of files (`policy`,
`calibration`), so that it stays as it is while nothing changes for the customer. How it is laid out
does not matter when it is compared; what siyu writes is indented by two blanks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from siyu.api.policy import Policy
from siyu.core.compiled import TestFile
from siyu.testing.persona import path_of, read_object
from siyu.testing.result import Difference, Failure, Kept
from siyu.words import Said, say, say_n

VERSIONS = ("policy", "calibration")
PARTS = ("customer", "incentives", "contacts", "points")  # what tells a decision from other JSON
Document = Mapping[str, Any]


def kept_text(document: Document) -> str:
    """A decision as a file holds it."""
    return json.dumps(_outcomes(document), ensure_ascii=False, indent=2) + "\n"


def compared(file: TestFile, document: Document, policy: Policy) -> tuple[Kept, Failure | None]:
    """A decision beside the one in a file."""
    text = kept_text(document)
    where = path_of(file, policy)
    if not isinstance(where, Said) and not where.exists():
        missing = say(
            "`{path}` is not there yet: look at the decision that `siyu test --update` writes",
            path=file.path,
        )
        return Kept(file, text, False), Failure(file.span, missing)
    found = read_object(file, policy)
    if isinstance(found, Said):
        return Kept(file, text, True), Failure(file.span, found)
    if not all(part in found for part in PARTS):
        other = say(
            "`{path}` holds something else than a decision: `siyu test --update` leaves it, unless "
            "you take it away first",
            path=file.path,
        )
        return Kept(file, text, True), Failure(file.span, other)
    expected = json.loads(json.dumps(_outcomes(found), default=str))
    differing = tuple(differences(expected, json.loads(text)))
    if not differing:
        return Kept(file, text, True), None
    said = say_n(
        "the decision is not that of `{path}` in 1 place",
        "the decision is not that of `{path}` in {count} places",
        len(differing),
        path=file.path,
    )
    return Kept(file, text, False), Failure(file.span, said, differences=differing)


def _outcomes(document: Document) -> dict[str, Any]:
    return {name: part for name, part in document.items() if name not in VERSIONS}


# ---------------------------------------------------------------- what is different

ABSENT = object()


def differences(expected: object, found: object, path: str = "") -> Iterator[Difference]:
    """Every place where two documents are not the same. Outcomes are told apart by their rule:
    one more does not shift the others."""
    if isinstance(expected, dict) and isinstance(found, dict):
        yield from _of_maps(expected, found, f"{path}." if path else "")
    elif isinstance(expected, list) and isinstance(found, list):
        yield from _of_lists(expected, found, path)
    elif expected != found or type(expected) is not type(found):
        yield Difference(path, _shown(expected), _shown(found))


def _of_maps(expected: Document, found: Document, lead: str) -> Iterator[Difference]:
    for name in dict.fromkeys((*expected, *found)):
        pair = expected.get(name, ABSENT), found.get(name, ABSENT)
        yield from differences(*pair, f"{lead}{name}")


def _of_lists(expected: list[Any], found: list[Any], path: str) -> Iterator[Difference]:
    one, other = _by_rule(expected), _by_rule(found)
    for name in dict.fromkeys((*one, *other)):
        pair = one.get(name, ABSENT), other.get(name, ABSENT)
        yield from differences(*pair, f"{path}[{name}]")


def _by_rule(items: list[Any]) -> dict[object, Any]:
    """Outcomes by rule, where each has one of its own; otherwise by place, from 1."""
    rules = [item.get("rule") if isinstance(item, dict) else None for item in items]
    named = None not in rules and len({*rules}) == len(rules)
    return dict(zip(rules if named else range(1, len(items) + 1), items, strict=True))


def _shown(value: object) -> str | None:
    """A value as JSON in one line; None where there is none."""
    return None if value is ABSENT else json.dumps(value, ensure_ascii=False)
