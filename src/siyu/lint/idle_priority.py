"""W0717: a priority that nobody asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from siyu.kinds.kind import clauses
from siyu.lint.finding import Finding, Lint
from siyu.lint.look import Look
from siyu.semantics.build import Declared
from siyu.semantics.errors import HEAD
from siyu.syntax import ast
from siyu.words import Words, say


@dataclass(frozen=True, slots=True)
class IdlePriority(Finding):
    code: ClassVar[str] = "W0717"
    message: ClassVar[str] = "the priority of `{name}` decides nothing"
    label: ClassVar[str] = "{why}"
    help: ClassVar[str] = "let it compete by `priority`, or take the line away"
    page: ClassVar[str] = (
        "An incentive's priority counts in its group, where that chooses `by priority`; a "
        "contact's counts in the arbitration, unless a contact policy chooses by something else. "
        "Anywhere else it is a figure that people change in vain."
    )
    wrong: ClassVar[str] = (
        HEAD + 'incentive gift\n  for true\n  give coupon "A"\n  costs 5 yuan\n  soft internal\n'
        "  priority 10\n"
    )
    right: ClassVar[str] = (
        HEAD + "group gifts choose 1 by priority\n\n"
        'incentive gift\n  for true\n  give coupon "A"\n  costs 5 yuan\n  soft internal\n'
        "  competes in gifts\n  priority 10\n"
    )

    name: str
    why: Words


def find(look: Look) -> Iterator[IdlePriority]:
    for declared in (*look.of_kind(ast.Incentive), *look.of_kind(ast.Contact)):
        for clause in clauses(declared.node, ast.Priority):
            why = _why(declared, look)
            if why is not None:
                yield IdlePriority(clause.span, declared.name, why)


def _why(declared: Declared, look: Look) -> Words | None:
    if isinstance(declared.node, ast.Contact):
        chosen = [c for house in look.of_kind(ast.ContactPolicy)
                  for c in clauses(house.node, ast.Choose)]  # fmt: skip
        if not chosen or any(_by_priority(each.by) for each in chosen):
            return None
        return say("contacts are chosen by something else")
    for competes in clauses(declared.node, ast.Competes):
        group = look.meant(competes.group.text, declared.prefix)
        if group is not None and isinstance(group.node, ast.Group):
            if _by_priority(group.node.by):
                return None
            return say("group `{group}` chooses by something else", group=group.name)
    return say("it competes in no group")


def _by_priority(keys: tuple[ast.Order, ...]) -> bool:
    return any(order.key == "priority" for order in keys)


LINT = Lint("idle-priority", say("a priority that decides nothing"), IdlePriority, find)
