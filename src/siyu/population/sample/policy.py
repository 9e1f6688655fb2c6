"""What a sample takes from a policy: the names of its rules, its levels, the words it looks for."""

from __future__ import annotations

from typing import TypeGuard

from siyu.core.ir import Call, Column, Const, Expr, Input, Ref
from siyu.core.program import Fields, Fixed, Items, Maybe, Part, Program, Shape
from siyu.core.walk import walk
from siyu.population.sample.model import Names
from siyu.types import EnumType, SetType, TextType

COMPARING = frozenset({"eq", "ne", "in_set", "has"})


def names_of(program: Program) -> Names:
    """The names of a program, with placeholders where it has no rule of a kind."""
    usual = Names()
    found: dict[str, list[str]] = {"contacts": [], "incentives": []}
    points: list[tuple[str, str]] = []
    plain: list[tuple[str, str]] = []  # those by which points are earned, not money
    redeeming: list[tuple[str, str]] = []
    for part in program.parts:
        if part.section in found:
            found[part.section].append(part.name)
        elif part.section == "points":
            points.append((part.name, _account(part)))
            does = _does(part)
            redeeming += [points[-1]] if does == "redeem" else []
            plain += [points[-1]] if does == "earn" and _in_points(part) else []
    return Names(
        tuple(found["contacts"]) or usual.contacts,
        tuple(found["incentives"]) or usual.incentives,
        tuple(plain) or tuple(points) or usual.points,
        {
            binding.type.name: binding.type.members
            for binding in program.bindings
            if isinstance(binding.type, EnumType) and binding.type.ordered
        },
        _words(program),
        tuple(redeeming),
    )


def _account(part: Part) -> str:
    """The account that a rule posts to."""
    account = _items(part).get("account")
    return str(account.value) if isinstance(account, Fixed) else "points"


def _in_points(part: Part) -> bool:
    worth = _items(part).get("worth")
    return isinstance(worth, Fixed) and worth.value is None


def _does(part: Part) -> str:
    """Whether it earns points, redeems or reverses them: its reasons are codes of that clause."""
    reasons = _items(part).get("reasons")
    entries = reasons.entries if isinstance(reasons, Items) else ()
    codes = [str(each.shape.value) for each in entries if isinstance(each.shape, Fixed)]
    clauses = [code.removeprefix(f"{part.name}.").partition(".")[0] for code in codes]
    return next((word for word in clauses if word in ("earn", "redeem", "reverse")), "")


def _items(part: Part) -> dict[str, Shape]:
    shape: Shape = part.shape
    while isinstance(shape, Maybe):
        shape = shape.shape
    return dict(shape.items) if isinstance(shape, Fields) else {}


def _words(program: Program) -> dict[str, tuple[str, ...]]:
    """The texts that fields are compared with, by the field's name."""
    found: dict[str, dict[str, None]] = {}
    params = {each.name: each.expr for each in program.bindings if isinstance(each.expr, Const)}
    for node in walk(*(binding.expr for binding in program.bindings)):
        if not isinstance(node, Call) or node.function not in COMPARING:
            continue
        fields = [a for a in node.args if _is_field(a)]
        args = [params.get(a.name, a) if isinstance(a, Ref) else a for a in node.args]
        values = [a.value for a in args if isinstance(a, Const)]
        texts = [value for value in values if isinstance(value, str)]
        texts += [w for s in values if isinstance(s, frozenset) for w in sorted(map(str, s))]
        for field in fields:
            name = field.name.rpartition(".")[2]
            found.setdefault(name, {}).update(dict.fromkeys(texts))
    return {name: tuple(words) for name, words in sorted(found.items()) if words}


def _is_field(node: Expr) -> TypeGuard[Column | Input]:
    """A field of the data that holds words."""
    if isinstance(node, Input):
        return node.origin in ("customer", "event", "context") and _wordy(node.type)
    return isinstance(node, Column) and _wordy(node.type)


def _wordy(kind: object) -> bool:
    return isinstance(kind, TextType) or (
        isinstance(kind, SetType) and isinstance(kind.item, TextType)
    )
