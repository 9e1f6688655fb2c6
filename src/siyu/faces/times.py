"""Instants as people type them on a command line."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from siyu.functions.zones import instant_of
from siyu.words import Said, say

_FORM = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?"
    r"(?:\s*(Z|[+-]\d{2}:?\d{2}))?"
)
_EPOCH = datetime(1970, 1, 1)


class NotATime(ValueError):
    """The text is no instant; `why` says why."""

    def __init__(self, why: Said) -> None:
        super().__init__(str(why))
        self.why = why


def instant(text: str, zone: str) -> datetime:
    """The instant that a date or a date and time means, without a zone on the clock of `zone`.

    A date is its first moment. Times that the clock skips move forward, those it shows twice are
    the first of the two. Raises `NotATime`.

    >>> instant("2026-11-21", "Asia/Shanghai").isoformat()
    '2026-11-20T16:00:00+00:00'
    >>> instant("2026-11-21 10:00", "Asia/Shanghai").isoformat()
    '2026-11-21T02:00:00+00:00'
    >>> instant("2026-11-21T10:00:00Z", "Asia/Shanghai").isoformat()
    '2026-11-21T10:00:00+00:00'
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise NotATime(say("it is not written as `2026-11-21` or `2026-11-21 10:00`"))
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    fraction = int((found[7] or "").ljust(6, "0") or 0)
    try:
        wall = datetime(year, month, day, hour, minute, second, fraction)
    except ValueError:
        raise NotATime(say("the calendar or the clock has no such moment")) from None
    if found[8] is not None:
        return _in_utc(wall, found[8])
    micros = instant_of((wall - _EPOCH) // timedelta(microseconds=1), zone)
    if micros is None:
        raise NotATime(say("it is too early or too late"))
    return (_EPOCH + timedelta(microseconds=micros)).replace(tzinfo=UTC)


def _in_utc(wall: datetime, offset: str) -> datetime:
    try:
        return datetime.fromisoformat(f"{wall.isoformat()}{offset}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotATime(
            say("there is no zone `{offset}`, or the time is too early or too late", offset=offset)
        ) from None
