"""The reader of one policy: fast where a request is as it should be, careful where it is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from siyu.core.program import Needs
from siyu.records.detailed import read_in_detail
from siyu.records.outcome import Read, Rejection
from siyu.records.plan import Levels, Plan, plan_reading
from siyu.records.source import FastReader, compile_reader, write_reader
from siyu.schema import Schema
from siyu.schema.values import DAY, EPOCH, Mistake, held
from siyu.types import DATETIME, Type
from siyu.words import say


class Reader:
    """Reads requests for one policy; safe to share between threads."""

    __slots__ = ("_fast", "plan")

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._fast: FastReader = compile_reader(plan)

    def __call__(self, request: object, as_of: int | None = None) -> Read | Rejection:
        """The facts of a request as `json` or `read_json` gives it, or why it is rejected.

        `as_of` serves requests that do not say when to decide (see `instant`). Never raises,
        whatever the request is.
        """
        try:
            return self._fast(request, as_of)
        except Exception:  # whatever it is, the careful reader finds the reason
            return read_in_detail(self.plan, request, as_of)

    def source(self) -> str:
        """The generated Python, for those who want to look."""
        return write_reader(self.plan).text()


def reader(
    schema: Schema,
    needs: Needs,
    timezone: str,
    *,
    levels: Levels | None = None,
    metrics: Mapping[str, Type] | None = None,
) -> Reader:
    """A reader of what a program needs. `schema` is that of the policy's currency.

    `timezone` is the policy's, `levels` its tiers' levels (lowest first), `metrics` those that a
    request may bring, with their types.
    """
    instants = _instants(ZoneInfo(timezone))
    return Reader(plan_reading(schema, needs, levels or {}, metrics or {}, instants))


def _instants(zone: dt.tzinfo) -> tuple[int, int]:
    """The first and last instant that lie within the years 1 to 9999, here and in UTC."""
    last_day = dt.datetime(9999, 12, 30, tzinfo=zone).utcoffset() or dt.timedelta()
    first_day = dt.datetime(1, 1, 2, tzinfo=zone).utcoffset() or dt.timedelta()
    ahead = max(last_day, dt.timedelta()) // dt.timedelta(microseconds=1)
    behind = max(-first_day, dt.timedelta()) // dt.timedelta(microseconds=1)
    first = (dt.date.min.toordinal() - EPOCH) * DAY + behind
    return first, (dt.date.max.toordinal() + 1 - EPOCH) * DAY - 1 - ahead


def instant(text: str) -> int | Mistake:
    """The held instant of text like "2026-11-21T10:00:00+08:00", or what is wrong with it."""
    value = held(DATETIME, text)
    return value if isinstance(value, int | Mistake) else Mistake(say("must be an instant"))
