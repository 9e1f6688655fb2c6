"""W0714: money in another currency than the policy's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from siyu.lint.finding import Finding, Lint
from siyu.lint.look import Look
from siyu.semantics.errors import HEAD
from siyu.syntax import ast
from siyu.text import Span
from siyu.words import say

CODE = 3  # letters of a currency; no other unit is written in three capitals


@dataclass(frozen=True, slots=True)
class ForeignCurrency(Finding):
    code: ClassVar[str] = "W0714"
    message: ClassVar[str] = "this is money in {currency}, and the policy speaks of {own}"
    label: ClassVar[str] = "nothing turns one currency into another"
    help: ClassVar[str] = "write the amount in {own}"
    page: ClassVar[str] = (
        "Two currencies are never added or compared, and no rate is known here. So an amount in "
        "another currency than that of the header goes into decisions as it stands, and reports "
        "that add up costs and worth leave it out or get it wrong."
    )
    wrong: ClassVar[str] = (
        HEAD + 'incentive gift\n  for true\n  give coupon "A"\n  worth 5 USD\n  costs 5 yuan\n'
        "  soft internal\n"
    )
    right: ClassVar[str] = (
        HEAD + 'incentive gift\n  for true\n  give coupon "A"\n  worth 35 yuan\n  costs 5 yuan\n'
        "  soft internal\n"
    )

    currency: str
    own: str


def find(look: Look) -> Iterator[ForeignCurrency]:
    own = look.build.currency
    for written in look.written if own else ():
        for node in written.nodes:
            found = _currency(node)
            if found is not None and found[0] != own:
                yield ForeignCurrency(found[1], found[0], own)


def _currency(node: ast.Node) -> tuple[str, Span] | None:
    match node:
        case ast.Number(unit=str(unit)) if len(unit) == CODE and unit.isupper():
            return unit, node.span
        case ast.Account(currency=str(currency)):
            return currency, node.span
        case _:
            return None


LINT = Lint(
    "foreign-currency", say("money in a currency that is not the policy's"), ForeignCurrency, find
)
