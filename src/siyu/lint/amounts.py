"""How far a value can go, in words."""

from __future__ import annotations

from decimal import Decimal

from siyu.core.ir import Expr
from siyu.kinds.boxes import Ground, everything
from siyu.kinds.boxes import Words as Members
from siyu.semantics.phrases import UNITS
from siyu.types import DurationType, EnumType, MoneyType, Type, scale_of
from siyu.words import Words, either, say


def amount(held: int, kind: Type) -> Words:
    """A held number with its unit.

    >>> str(amount(19_90, MoneyType("CNY", 2))), str(amount(30, DurationType("day")))
    ('19.90 CNY', '30 days')
    """
    number = f"{Decimal(held).scaleb(-scale_of(kind)):f}"
    match kind:
        case MoneyType():
            return f"{number} {kind.currency}".strip()
        case DurationType():
            return say("{number} {unit}", number=number, unit=UNITS[kind.unit])
        case _:
            return number


def confines(subject: Expr, called: str, ground: Ground) -> Words:
    """Between what a value lies, or which words it can be; empty where there is no end."""
    kind = subject.type
    if isinstance(kind, EnumType) and isinstance(everything(subject, ground), Members):
        return say("`{subject}` is {words}", subject=called, words=either(kind.members))
    match ground.reaches.of(subject):
        case int(low), int(high):
            return say("`{subject}` lies between {low} and {high}", subject=called,
                       low=amount(low, kind), high=amount(high, kind))  # fmt: skip
        case int(low), None:
            return say("`{subject}` is at least {low}", subject=called, low=amount(low, kind))
        case None, int(high):
            return say("`{subject}` is at most {high}", subject=called, high=amount(high, kind))
        case _:
            return ""
