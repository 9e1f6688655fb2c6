"""What can be unknown where, and what a condition's truth tells about it.

A variable is known by its text. An `Env` is what is sure at a place in the source: variables that
were tested before, and variables that were found unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from siyu.core.ir import (
    Aggregate,
    And,
    Call,
    Cases,
    Coalesce,
    Column,
    Const,
    Contest,
    Expr,
    Input,
    Known,
    Not,
    Or,
    Ref,
)
from siyu.core.walk import walk
from siyu.evaluators.record.names import Names
from siyu.functions import FUNCTIONS
from siyu.types import EnumType

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Env:
    known: frozenset[str] = NOTHING
    unknown: frozenset[str] = NOTHING

    def knowing(self, names: frozenset[str]) -> Env:
        return Env(self.known | names, self.unknown) if names - self.known else self

    def lacking(self, name: str) -> Env:
        return Env(self.known, self.unknown | {name})


EMPTY = Env()


class Is(Enum):
    """Whether a value is known whatever the record, may be unknown, or is unknown for sure."""

    KNOWN = 1
    MAYBE = 2
    UNKNOWN = 3


class Knowledge:
    """Answers about expressions over the variables of `names`."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._statuses: dict[int, tuple[Expr, Is]] = {}

    def status(self, node: Expr, env: Env) -> Is:
        """Remembered where nothing is sure beforehand, which is most of the time."""
        if env is not EMPTY:
            return self._status(node, env)
        found = self._statuses.get(id(node))
        if found is None:
            found = self._statuses[id(node)] = (node, self._status(node, env))
        return found[1]

    def forget(self) -> None:
        """Called where columns begin to mean other variables."""
        self._statuses.clear()

    def _status(self, node: Expr, env: Env) -> Is:
        match node:
            case Const() | Input() | Ref() | Column():
                return self._leaf(node, env)
            case Call():
                return self._call(node, env)
            case Not():
                return self.status(node.value, env)
            case And():
                return self._junction(guards_first(node), env, truth=True)
            case Or():
                return self._junction(guards_first(node), env, truth=False)
            case Known() | Contest():
                return Is.KNOWN
            case Coalesce():
                value = self.status(node.value, env)
                return value if value is Is.KNOWN else self._either(value, node.default, env)
            case Cases():
                return self._cases(node, env)
            case Aggregate():
                return Is.MAYBE
            case _:
                assert_never(node)

    def maybe(self, node: Expr, env: Env) -> bool:
        return self.status(node, env) is not Is.KNOWN

    def _leaf(self, node: Expr, env: Env) -> Is:
        var = self.names.atom(node)
        assert var is not None
        if not var.optional or var.text in env.known:
            return Is.KNOWN
        return Is.UNKNOWN if var.text == "None" or var.text in env.unknown else Is.MAYBE

    def _call(self, node: Call, env: Env) -> Is:
        args = [self.status(arg, env) for arg in node.args]
        if Is.UNKNOWN in args:
            return Is.UNKNOWN
        return Is.MAYBE if Is.MAYBE in args or not total(node) else Is.KNOWN

    def _junction(self, items: tuple[Expr, ...], env: Env, *, truth: bool) -> Is:
        """Items are decided in order, so that each may rely on those before it."""
        found = []
        for item in items:
            status = self.status(item, env)
            found.append(status)
            if status is Is.KNOWN:
                env = env.knowing(self.told(item, truth))
        if all(status is Is.UNKNOWN for status in found):
            return Is.UNKNOWN
        return Is.KNOWN if all(status is Is.KNOWN for status in found) else Is.MAYBE

    def _either(self, status: Is, other: Expr, env: Env) -> Is:
        last = self.status(other, env)
        if status is Is.UNKNOWN:
            return last
        return Is.KNOWN if last is Is.KNOWN else Is.MAYBE

    def _cases(self, node: Cases, env: Env) -> Is:
        found = set()
        for when, value in self.arms(node, env):
            if node.on_unknown == "stop" and self.maybe(when[0], when[1]):
                found.add(Is.UNKNOWN)
            found.add(self.status(*value))
        found.add(self.status(node.otherwise, self.after(node, env)))
        return found.pop() if len(found) == 1 else Is.MAYBE

    # ------------------------------------------------------------- what is sure in the arms

    def arms(self, node: Cases, env: Env) -> Iterable[tuple[tuple[Expr, Env], tuple[Expr, Env]]]:
        """Each arm's condition and value, with what is sure where they are evaluated."""
        for arm in node.arms:
            if self.never(arm.when, env):
                continue
            yield (arm.when, env), (arm.value, env.knowing(self.told(arm.when, True)))
            env = self._past(arm.when, env)

    def never(self, when: Expr, env: Env) -> bool:
        """Whether a condition is false whatever the record: it asks what is sure already."""
        match when:
            case Const(value=value):
                return value is False
            case Known(value=value):
                return self.status(value, env) is Is.UNKNOWN
            case Not(value=Known(value=value)):
                return self.status(value, env) is Is.KNOWN
            case _:
                return False

    def after(self, node: Cases, env: Env) -> Env:
        """What is sure in `otherwise`; nothing more than before where unknown leads there too."""
        inside = env
        for arm in node.arms:
            if node.on_unknown == "otherwise" and self.maybe(arm.when, inside):
                return env
            inside = self._past(arm.when, inside)
        return inside

    def _past(self, when: Expr, env: Env) -> Env:
        known = self.status(when, env) is Is.KNOWN
        return env.knowing(self.told(when, False)) if known else env

    # --------------------------------------------------------------- what a verdict tells

    def told(self, node: Expr, verdict: bool) -> frozenset[str]:
        """Variables that must be known when the condition is `verdict`."""
        match node:
            case Call():
                return frozenset().union(*(self.told_by_value(arg) for arg in node.args))
            case Not():
                return self.told(node.value, not verdict)
            case And():
                return self._told_by_items(node.items, verdict, every=verdict)
            case Or():
                return self._told_by_items(node.items, verdict, every=not verdict)
            case Known():
                return self.told_by_value(node.value) if verdict else NOTHING
            case _:
                return self.told_by_value(node)

    def _told_by_items(
        self, items: tuple[Expr, ...], verdict: bool, *, every: bool
    ) -> frozenset[str]:
        """`every`: all items have the verdict; else one of them, nobody knows which."""
        told = [self.told(item, verdict) for item in items]
        if not told:
            return NOTHING
        return frozenset().union(*told) if every else frozenset.intersection(*told)

    def told_by_value(self, node: Expr) -> frozenset[str]:
        """Variables that must be known when the value is."""
        match node:
            case Input() | Ref() | Column():
                var = self.names.atom(node)
                assert var is not None
                return frozenset({var.text}) if var.optional else NOTHING
            case Call():
                return frozenset().union(*(self.told_by_value(arg) for arg in node.args))
            case Not():
                return self.told_by_value(node.value)
            case _:
                return NOTHING

    def doubts(self, node: Expr, env: Env) -> list[str]:
        """Variables in an expression that may be unknown, in order."""
        found: dict[str, None] = {}
        for leaf in walk(node):
            if isinstance(leaf, Input | Ref | Column) and self._leaf(leaf, env) is Is.MAYBE:
                var = self.names.atom(leaf)
                assert var is not None
                found[var.text] = None
        return list(found)


def guards_first(node: And | Or) -> tuple[Expr, ...]:
    """The items with tests for being known before the others, which may rely on them."""
    guards = [item for item in node.items if _is_guard(item)]
    if not guards:
        return node.items
    return (*guards, *(item for item in node.items if not _is_guard(item)))


def _is_guard(node: Expr) -> bool:
    return isinstance(node, Known) or (isinstance(node, Not) and isinstance(node.value, Known))


def total(call: Call) -> bool:
    """Whether a function of known arguments is known, given the constants among them."""
    if not FUNCTIONS[call.function].partial:
        return True
    match call.function, call.args:
        case ("div", (_, Const(value=int(divisor)), _)) | (
            "quotient",
            (_, Const(value=int(divisor)), _),
        ):
            return divisor != 0
        case "rank", (member, Const(value=tuple(members))):
            kind = member.type
            if not isinstance(kind, EnumType) or not kind.members:
                return False
            return set(kind.members) <= set(members)
        case _:
            return False
