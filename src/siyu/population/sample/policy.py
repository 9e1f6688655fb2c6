"""What a sample takes from a policy: the names of its rules, its levels, the words it looks for."""

from __future__ import annotations

from typing import TypeGuard

from siyu.core.ir import Call, Column, Const, Expr, Input
from siyu.core.program import Fields, Fixed, Maybe, Part, Program, Shape
from siyu.core.walk import walk
from siyu.population.sample.model import Names
from siyu.types import EnumType, SetType, TextType

COMPARING = frozenset({"eq", "ne", "in_set", "has"})


def names_of(program: Program) -> Names:
    """The names of a program, with placeholders where it has no rule of a kind."""
    usual = Names()
    found: dict[str, list[str]] = {"contacts": [], "incentives": []}
    points: list[tuple[str, str]] = []
    plain: list[tuple[str, str]] = []  # those that post points, not money, and cost none
    for part in program.parts:
        if part.section in found:
            found[part.section].append(part.name)
        elif part.section == "points":
            points.append((part.name, _account(part)))
            plain += [points[-1]] if _in_points(part) else []
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
    )


def _account(part: Part) -> str:
    """The account that a rule posts to."""
    account = _items(part).get("account")
    return str(account.value) if isinstance(account, Fixed) else "points"


def _in_points(part: Part) -> bool:
    worth = _items(part).get("worth")
    return isinstance(worth, Fixed) and worth.value is None


def _items(part: Part) -> dict[str, Shape]:
    shape: Shape = part.shape
    while isinstance(shape, Maybe):
        shape = shape.shape
    return dict(shape.items) if isinstance(shape, Fields) else {}


def _words(program: Program) -> dict[str, tuple[str, ...]]:
    """The texts that fields are compared with, by the field's name."""
    found: dict[str, dict[str, None]] = {}
    for node in walk(*(binding.expr for binding in program.bindings)):
        if not isinstance(node, Call) or node.function not in COMPARING:
            continue
        fields = [a for a in node.args if _is_field(a)]
        texts = [a.value for a in node.args if isinstance(a, Const) and isinstance(a.value, str)]
        sets = [a.value for a in node.args if isinstance(a, Const)]
        texts += [w for s in sets if isinstance(s, frozenset) for w in sorted(s)]
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
