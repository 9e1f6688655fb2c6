"""Whether a rule is meant for members of a case: read from its conditions, as they are written.

A condition is looked at under the assumption that the member is in the case. It may then be ruled
out, name the case (and not be ruled out), say nothing of it, or depend on it in a way that cannot
be read here. Names of segments, incentives and contacts are looked through.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from siyu.kinds.kind import clauses
from siyu.semantics.build import Build, Declared
from siyu.semantics.order import meant, named, tree
from siyu.syntax import ast

Reading = Literal["out", "named", "open", "unsure"]
Bool3 = bool | None
DEEPEST = 12  # declarations that are looked through, one behind the other


@dataclass(frozen=True, slots=True)
class Assumed:
    """That the member is in a case: `owner` is the classification or tier (`members` its cases,
    lowest level first), or a segment, where `members` is empty."""

    owner: str
    case: str
    members: tuple[str, ...] = ()
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a condition comes to, whether it names the case on the way, and whether it depends on
    the owner in a way that was not understood."""

    value: Bool3
    names: bool = False
    unsure: bool = False


OPEN = _Seen(None)


def reading(rule: Declared, assumed: Assumed, build: Build) -> Reading:
    """How a rule stands to a case."""
    found = [_seen(each, rule.prefix, assumed, build, 0) for each in _ways_in(rule)]
    if not found:
        return "open"
    if any(each.names and each.value is not False for each in found):
        return "named"
    if all(each.value is False for each in found):
        return "out"
    alive = [each for each in found if each.value is not False]
    return "unsure" if any(each.unsure for each in alive) else "open"


def _ways_in(rule: Declared) -> Iterator[ast.Expr]:
    """The conditions under which a rule happens, or happens otherwise: any of them."""
    node = rule.node
    match node:
        case ast.Incentive(audience=audience) | ast.Contact(audience=audience):
            yield audience
        case ast.Points():
            whens = [clause.condition for clause in clauses(node, ast.When)]
            yield from whens
            for times in clauses(node, ast.Times):
                yield ast.And((*whens, times.when)) if whens else times.when
            if not whens:
                yield ast.Bool(True)
        case _:
            return


def _seen(expr: ast.Expr, prefix: str, assumed: Assumed, build: Build, depth: int) -> _Seen:
    match expr:
        case ast.Bool(value):
            return _Seen(value)
        case ast.And(items):
            return _all([_seen(each, prefix, assumed, build, depth) for each in items])
        case ast.Or(items):
            return _any([_seen(each, prefix, assumed, build, depth) for each in items])
        case ast.Not(value):
            inner = _seen(value, prefix, assumed, build, depth)
            turned = None if inner.value is None else not inner.value
            return _Seen(turned, unsure=inner.unsure)  # whom it leaves out, it does not name
        case ast.Is(ast.Name() as name, ast.Name() as member, negated) if _is(
            name, prefix, assumed, build
        ):
            return _Seen((member.text == assumed.case) is not negated, names=not negated)
        case ast.Compare(op, ast.Name() as name, ast.Name() as member) if _is(
            name, prefix, assumed, build
        ):
            return _compared(op, member.text, assumed)
        case ast.In(ast.Name() as name, items, negated) if _is(name, prefix, assumed, build):
            words = [item.text for item in items if isinstance(item, ast.Name)]
            return _Seen((assumed.case in words) is not negated, names=not negated)
        case ast.IsKnown(ast.Name() as name, known) if _is(name, prefix, assumed, build):
            return _Seen(known)
        case ast.Name():
            return _named(expr, prefix, assumed, build, depth)
        case _:
            return _Seen(None, unsure=_rests_on(expr, prefix, assumed, build))


def _is(name: ast.Name, prefix: str, assumed: Assumed, build: Build) -> bool:
    found = meant(name.parts, prefix, build.declared)
    whole = found is not None and name.text in (found.name, found.name.removeprefix(prefix))
    return found is not None and whole and found.name == assumed.owner and bool(assumed.members)


def _compared(op: str, member: str, assumed: Assumed) -> _Seen:
    if op in ("=", "!="):
        return _Seen((member == assumed.case) is (op == "="), names=op == "=")
    if not assumed.ordered or member not in assumed.members:
        return _Seen(None, unsure=True)
    here, there = assumed.members.index(assumed.case), assumed.members.index(member)
    holds: Mapping[str, bool] = {
        "<": here < there, "<=": here <= there, ">": here > there, ">=": here >= there,
    }  # fmt: skip
    return _Seen(holds[op], names=True)


def _named(name: ast.Name, prefix: str, assumed: Assumed, build: Build, depth: int) -> _Seen:
    """A declaration that is used as a condition."""
    found = meant(name.parts, prefix, build.declared)
    if found is None:
        return OPEN
    if found.name == assumed.owner:
        return _Seen(True, names=True) if not assumed.members else _Seen(None, unsure=True)
    whole = name.text in (found.name, found.name.removeprefix(prefix))
    if whole and depth < DEEPEST:
        inner: list[ast.Expr] = []
        match found.node:
            case ast.Segment():
                inner = [clause.condition for clause in clauses(found.node, ast.When)]
            case ast.Incentive(audience=audience) | ast.Contact(audience=audience):
                inner = [audience]
            case _:
                pass
        if inner:
            return _all([_seen(e, found.prefix, assumed, build, depth + 1) for e in inner])
    return _Seen(None, unsure=_reaches(found, assumed.owner, build))


def _all(found: list[_Seen]) -> _Seen:
    if any(each.value is False for each in found):
        return _Seen(False, any(each.names for each in found))
    value = True if all(each.value for each in found) else None
    return _Seen(value, any(e.names for e in found), any(e.unsure for e in found))


def _any(found: list[_Seen]) -> _Seen:
    alive = [each for each in found if each.value is not False]
    if not alive:
        return _Seen(False, any(each.names for each in found))
    value = True if any(each.value for each in alive) else None
    return _Seen(value, any(e.names for e in alive), any(e.unsure for e in alive))


def _rests_on(expr: ast.Expr, prefix: str, assumed: Assumed, build: Build) -> bool:
    """Whether something in an expression is made of the owner."""
    for node in tree(expr):
        if isinstance(node, ast.Name):
            found = meant(node.parts, prefix, build.declared)
            if found is not None and _reaches(found, assumed.owner, build):
                return True
    return False


def _reaches(start: Declared, owner: str, build: Build) -> bool:
    """Whether a declaration names another, directly or through others."""
    seen = {start.name}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here.name == owner:
            return True
        for each in named(here, build.declared):
            if each.name not in seen:
                seen.add(each.name)
                waiting.append(each)
    return False
