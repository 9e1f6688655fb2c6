"""Exact arithmetic of the report: shares and averages rounded once, half up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

SHARE_DIGITS = 6
Number = int | Decimal


def rounded(number: Fraction | Number, digits: int) -> Decimal:
    """A number with so many digits after the point, halves away from zero.

    >>> rounded(Fraction(1, 3), 2), rounded(Decimal("-0.005"), 2)
    (Decimal('0.33'), Decimal('-0.01'))
    """
    scaled = Fraction(number) * 10**digits
    doubled = abs(scaled.numerator) * 2 + scaled.denominator
    whole = doubled // (scaled.denominator * 2)
    return Decimal(whole if scaled >= 0 else -whole).scaleb(-digits)


def share(part: Number | None, whole: Number | None) -> Decimal | None:
    """A part of a whole, six digits; None where there is no whole.

    >>> share(1, 3), share(1, 0)
    (Decimal('0.333333'), None)
    """
    return ratio(part, whole, SHARE_DIGITS)


def ratio(over: Number | None, under: Number | None, digits: int) -> Decimal | None:
    """A quotient with so many digits; None where nothing is to be divided, or by nothing.

    >>> ratio(Decimal("10.00"), 4, 2)
    Decimal('2.50')
    """
    if over is None or not under:
        return None
    return rounded(Fraction(over) / Fraction(under), digits)


def total(numbers: list[Number | None]) -> Number | None:
    """The sum of what is known; None where nothing is."""
    known = [each for each in numbers if each is not None]
    return sum(known[1:], known[0]) if known else None
