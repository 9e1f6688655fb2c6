"""W0712: a contact that may reach somebody as often as it likes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from siyu.kinds.kind import clauses
from siyu.lint.finding import Finding, Lint
from siyu.lint.look import Look
from siyu.semantics.errors import HEAD
from siyu.syntax import ast
from siyu.words import Words, say


@dataclass(frozen=True, slots=True)
class UnlimitedContact(Finding):
    code: ClassVar[str] = "W0712"
    message: ClassVar[str] = "no limit binds contact `{name}`"
    label: ClassVar[str] = "{why}"
    help: ClassVar[str] = "add a line such as `limit 1 per 7 days`, here or in a contact policy"
    page: ClassVar[str] = (
        "Whoever meets the conditions of a contact meets them tomorrow, too. Without a limit of "
        "its own, and without one in a contact policy that speaks of its purpose and of every "
        "channel it uses, a member gets the message again with every run."
    )
    wrong: ClassVar[str] = HEAD + 'contact hello greeting\n  for true\n  via app\n  send "hello"\n'
    right: ClassVar[str] = (
        HEAD + 'contact hello greeting\n  for true\n  via app\n  send "hello"\n'
        "  limit 1 per 7 days\n"
    )

    name: str
    why: Words


def find(look: Look) -> Iterator[UnlimitedContact]:
    shared = [
        limit
        for house in look.of_kind(ast.ContactPolicy)
        for limit in clauses(house.node, ast.Limit)
    ]
    for declared in look.of_kind(ast.Contact):
        node = declared.node
        assert isinstance(node, ast.Contact)
        binding = [limit for limit in shared if _concerns(limit, node)]
        free = _free([*clauses(node, ast.Limit), *binding], node)
        if free is not None:
            yield UnlimitedContact(node.name.span, declared.name, free)


def _concerns(limit: ast.Limit, node: ast.Contact) -> bool:
    return not limit.purposes or node.purpose in limit.purposes


def _free(limits: list[ast.Limit], node: ast.Contact) -> Words | None:
    """What the limits leave free; None: nothing."""
    if any(limit.channel is None for limit in limits):
        return None
    limited = {limit.channel.text for limit in limits if limit.channel is not None}
    used = [channel.name.text for via in clauses(node, ast.Via) for channel in via.channels]
    free = [channel for channel in used if channel not in limited]
    if not limited:
        return say("it is sent again whenever its conditions hold")
    return say("through `{channel}` nothing limits it", channel=free[0]) if free else None


LINT = Lint("unlimited-contact", say("a contact that no limit binds"), UnlimitedContact, find)
