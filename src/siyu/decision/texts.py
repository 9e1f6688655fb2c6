"""Held values as JSON text, remembered: the same dates, words and stops are written over and over.

Each table fills itself, and begins anew when it is full; None is written `null`.
"""

from __future__ import annotations

import datetime as dt
import json
from json.encoder import encode_basestring
from typing import Any, Final

from siyu.decision.values import date_text, datetime_text, on_calendar

FULL = 1 << 15


class _Texts(dict[Any, str]):
    """JSON texts by value."""

    __slots__ = ()

    def __missing__(self, value: Any) -> str:
        made = "null" if value is None else self.write(value)
        if len(self) >= FULL:
            self.clear()
        self[value] = made
        return made

    def write(self, value: Any) -> str:
        raise NotImplementedError


class Quoted(_Texts):
    """Members of enums."""

    __slots__ = ()

    def write(self, value: str) -> str:
        return encode_basestring(value)


class Dates(_Texts):
    """Dates by ordinal."""

    __slots__ = ()

    def write(self, value: int) -> str:
        return f'"{date_text(value)}"' if on_calendar(value) else "null"


class Instants(_Texts):
    """Instants in one zone."""

    __slots__ = ("zone",)

    def __init__(self, zone: dt.tzinfo) -> None:
        super().__init__()
        self.zone = zone

    def write(self, value: int) -> str:
        return f'"{datetime_text(value, self.zone)}"'


class Stops(_Texts):
    """What stopped one rule, by "by code"."""

    __slots__ = ("rule",)

    def __init__(self, rule: str) -> None:
        super().__init__()
        self.rule = rule

    def write(self, value: str) -> str:
        by, _, code = value.partition(" ")
        parts = {"rule": self.rule, "by": by, "code": code}
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


QUOTED: Final = Quoted()
DATES: Final = Dates()
BOOLS: Final = {None: "null", True: "true", False: "false"}


def set_text(value: frozenset[str] | None) -> str:
    """A set of text, sorted; not remembered, because sets can be large."""
    return "null" if value is None else f"[{','.join(map(encode_basestring, sorted(value)))}]"
