"""What `expect` says of tables, looked at before anything is decided: enough rows, none too old,
no day missing. All that does not hold is told at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from siyu.functions.zones import EPOCH, wall_of
from siyu.population.files import Problem
from siyu.population.sources.failed import unfit
from siyu.population.sources.filters import problem
from siyu.population.sources.model import Column
from siyu.population.sources.opened import Opened, OpenSources
from siyu.population.sources.scan import Scan, Setting
from siyu.schema import Field
from siyu.types import DATE, DATETIME
from siyu.words import Words, say, say_n

MICROSECONDS = 60_000_000  # of a minute
DAY = 86_400_000_000
FIRST, LAST = -(10**18), 10**18
UTC = "UTC"


@dataclass(frozen=True, slots=True)
class Freshness:
    """How new a table is: `latest` as people write it (None: it has no rows)."""

    latest: str | None
    stale: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """What was found of the expectations: rows that are read, by table, and freshness."""

    rows: Mapping[str, int]
    fresh: Mapping[str, Freshness]
    problems: tuple[Problem, ...]


def look(sources: OpenSources, as_of: int, zone: str = UTC) -> Counted:
    """Counts rows and compares with what is expected, at the instant `as_of`; days are those of
    `zone`."""
    rows, fresh, problems = {}, {}, []
    for name, opened in sources.tables.items():
        if opened.missing:
            rows[name] = 0
        else:
            ((count,),) = sources.engine.rows(
                f"SELECT count(*) FROM {opened.read(sources.dialect)} t"
            )
            rows[name] = int(count)
        looking = _Looking(sources, opened, as_of, zone, rows[name])
        problems += looking.problems()
        if looking.fresh is not None:
            fresh[name] = looking.fresh
    return Counted(rows, fresh, tuple(problems))


def check_expected(sources: OpenSources, as_of: int, zone: str = UTC) -> Counted:
    """The same; raises SourcesFailed with all expectations that do not hold."""
    found = look(sources, as_of, zone)
    if found.problems:
        advice = say("wait for the tables, or change what is expected if it is not meant any more")
        raise unfit(sources.sources.source, found.problems, advice)
    return found


@dataclass(slots=True)
class _Looking:
    sources: OpenSources
    opened: Opened
    as_of: int
    zone: str
    rows: int
    fresh: Freshness | None = None

    def problems(self) -> list[Problem]:
        table, expect = self.opened.table, self.opened.table.expect
        found: list[Problem] = []

        def wrong(said: Words) -> None:
            found.append(Problem(say("`{table}` {said}", table=table.name, said=said), expect.span))

        if expect.least is not None and self.rows < expect.least:
            wrong(say_n("has 1 row, and {least} at least are expected",
                        "has {count} rows, and {least} at least are expected", self.rows,
                        least=expect.least))  # fmt: skip
        if expect.most is not None and self.rows > expect.most:
            wrong(say_n("has 1 row, and {most} at most are expected",
                        "has {count} rows, and {most} at most are expected", self.rows,
                        most=expect.most))  # fmt: skip
        for each in (expect.fresh, expect.complete):
            if each is not None and each.column not in self.opened.columns:
                if not self.opened.missing:
                    found.append(problem(each.column, self.opened.columns, table.name, each.span))
                return found
        if expect.fresh is not None:
            self._freshness(expect.fresh.column, expect.fresh.minutes, wrong)
        if expect.complete is not None:
            self._days(expect.complete.column, expect.complete.days, wrong)
        return found

    def _freshness(self, column: str, minutes: int, wrong: Any) -> None:
        days, found = self._latest(column)
        if found is None:
            self.fresh = Freshness(None, True)
            wrong(say("has no time in `{column}`", column=column))
            return
        if days:
            shown = dt.date.fromordinal(found).isoformat()
            oldest = self._day(self.as_of - minutes * MICROSECONDS)
        else:
            shown = _shown(found, self.zone)
            oldest = self.as_of - minutes * MICROSECONDS
        self.fresh = Freshness(shown, found < oldest)
        if found < oldest:
            wrong(say("is not fresh: the latest `{column}` is {latest}", column=column,
                      latest=shown))  # fmt: skip

    def _day(self, instant: int) -> int:
        wall = wall_of(instant, self.zone)
        return EPOCH if wall is None else wall // DAY + EPOCH

    def _latest(self, column: str) -> tuple[bool, int | None]:
        """Whether the column has days, and the latest of its values."""
        if self.opened.missing:
            return True, None
        select, days = self._held(column)
        ((found,),) = self.sources.engine.rows(f"SELECT max(t) FROM ({select}) x")
        if found is None and not days and self.opened.columns[column].kind in ("text", "json"):
            select, _ = self._held(column, day=True)
            ((found,),) = self.sources.engine.rows(f"SELECT max(t) FROM ({select}) x")
            days = True
        return days, None if found is None else int(found)

    def _held(self, column: str, day: bool = False) -> tuple[str, bool]:
        kind = self.opened.columns[column].kind
        days = day or kind == "date"
        setting = Setting(self.sources.dialect, self.sources.timezone or self.zone, FIRST, LAST)
        scan = Scan(self.opened, setting)
        mapped = next((each for each in self.opened.table.columns.values()
                       if each.names == (column,)), Column((column,)))  # fmt: skip
        read = scan.read(Field(column, DATE if days else DATETIME, optional=True), mapped, True)
        if scan.problems:
            raise unfit(self.sources.sources.source, tuple(scan.problems))
        return f"SELECT {read.held} AS t FROM ({scan.layers()}) l", days

    def _days(self, column: str, days: int, wrong: Any) -> None:
        today = self._day(self.as_of)
        wanted = set(range(today - days + 1, today + 1))
        is_day, _ = self._latest(column)
        select, _ = self._held(column, day=is_day)
        found = {
            int(each) if is_day else self._day(int(each))
            for (each,) in self.sources.engine.rows(
                f"SELECT DISTINCT t FROM ({select}) x WHERE t IS NOT NULL"
                if is_day
                else f"SELECT DISTINCT t - t % {DAY // 96} FROM ({select}) x WHERE t BETWEEN "
                f"{self.as_of - (days + 1) * DAY} AND {self.as_of}"
            )
        }
        if missing := sorted(wanted - found):
            shown = tuple(dt.date.fromordinal(each).isoformat() for each in missing[:5])
            wrong(say_n("has no rows of {days}", "has no rows of {count} days, such as {days}",
                        len(missing), days=shown))  # fmt: skip


def _shown(instant: int, zone: str) -> str:
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=instant)
    return moment.astimezone(ZoneInfo(zone)).replace(microsecond=0).isoformat()
