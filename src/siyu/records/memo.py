"""Text that was read before: dates, clocks and amounts repeat, and looking up is ten times faster.

Each table fills itself as texts are first met, and begins anew when it is full. A text that is no
value raises `Stumble`, and so does whatever else is wrong on the fast way.
"""

from __future__ import annotations

from decimal import Context, Inexact, InvalidOperation, Overflow
from typing import Final

from siyu.schema.values import DAY, EPOCH, Mistake, clock_of, held
from siyu.types import DATE, TIME, DecimalType, Type

FULL = 1 << 16


class Stumble(Exception):
    """The fast reader cannot go on; the careful one says why."""


STUMBLE: Final = Stumble()


def known(value: object) -> object:
    """The value, if it is one."""
    if isinstance(value, Mistake):
        raise STUMBLE
    return value


class Texts(dict[str, int]):
    """Held values of one type, by the text they were written as."""

    __slots__ = ("kind",)

    def __init__(self, kind: Type) -> None:
        super().__init__()
        self.kind = kind

    def __missing__(self, text: str) -> int:
        value = held(self.kind, text)
        if type(text) is not str or not isinstance(value, int):
            raise STUMBLE
        if len(self) >= FULL:
            self.clear()
        self[text] = value
        return value


class Days(dict[str, int]):
    """Microseconds from 1970 to midnight UTC of a date."""

    __slots__ = ()

    def __missing__(self, text: str) -> int:
        value = (DATES[text] - EPOCH) * DAY
        if len(self) >= FULL:
            self.clear()
        self[text] = value
        return value


class Clocks(dict[str, int]):
    """Microseconds from midnight UTC to a time of day with its zone; fractions are not kept."""

    __slots__ = ()

    def __missing__(self, text: str) -> int:
        value = clock_of(text)
        if isinstance(value, Mistake):
            raise STUMBLE
        if len(text) < 16:
            if len(self) >= FULL:
                self.clear()
            self[text] = value
        return value


DATES: Final = Texts(DATE)
TIMES: Final = Texts(TIME)
DAYS: Final = Days()
CLOCKS: Final = Clocks()

# Moving the point must be exact and small, or the careful reader decides.
EXACT: Final = Context(prec=60, Emax=60, Emin=-60, traps=[Inexact, Overflow, InvalidOperation])


# Amounts written as text, by their digits after the point; the reader checks their range.
AMOUNTS: Final = tuple(Texts(DecimalType(scale, -(10**60), 10**60)) for scale in range(10))
