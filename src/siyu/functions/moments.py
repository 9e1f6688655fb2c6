"""Examples written for people: dates and instants as texts, which are held as the core does."""

from __future__ import annotations

from datetime import date, datetime

from siyu.functions.declaration import Example
from siyu.functions.zones import LAST_DAY, SECOND

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"
BEYOND = LAST_DAY + 1


def held_day(text: str) -> int:
    """A day as the core holds it.

    >>> held_day("1970-01-01")
    719163
    """
    return date.fromisoformat(text).toordinal()


def held_instant(text: str) -> int:
    """An instant as the core holds it, of a text with an offset.

    >>> held_instant("1970-01-01T08:00:01+08:00")
    1000000
    """
    moment = datetime.fromisoformat(text)
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * SECOND + moment.microsecond


def _held(value: object) -> object:
    match value:
        case str() if "T" in value and value[:1].isdigit():
            return held_instant(value)
        case str() if len(value) == 10 and value[:4].isdigit():
            return held_day(value)
        case _:
            return value


def examples(*rows: tuple[object, ...]) -> tuple[Example, ...]:
    """Each row is the arguments, then the result.

    >>> examples(("1970-01-02", 1))
    (Example(args=(719164,), result=1),)
    """
    return tuple(Example(tuple(map(_held, row[:-1])), _held(row[-1])) for row in rows)
