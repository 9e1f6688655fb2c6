"""The function behind a contact's hours: its examples, and who writes it."""

from __future__ import annotations

from siyu.functions import sql_openings
from siyu.functions.declaration import Function
from siyu.functions.moments import BERLIN, SHANGHAI, examples, held_day
from siyu.functions.openings import Hours, next_open
from siyu.functions.sql import written

_CALLS: tuple[Hours, ...] = (
    ("open", "Europe/Paris", (36_000, 46_800, 50_400, 72_000), (1, 2, 3, 4, 5),
     (held_day("2026-05-01"), held_day("2026-12-25")),
     (held_day("2026-01-01"), held_day("2026-12-31"))),
)  # fmt: skip
_SHORT: tuple[Hours, ...] = (
    ("open", SHANGHAI, (), (6,), (held_day("2026-11-21"),),
     (held_day("2026-11-01"), held_day("2026-11-27"))),
)  # fmt: skip
_TWO: tuple[Hours, ...] = (
    ("during", SHANGHAI, (36_000, 72_000), (), (), ()),
    ("open", BERLIN, (28_800, 43_200), (), (), ()),
)
_NEVER: tuple[Hours, ...] = (
    ("quiet", SHANGHAI, (0, 43_200), (), (), ()),
    ("during", SHANGHAI, (36_000, 43_200), (), (), ()),
)

DECLARED = (
    Function(
        "next_open",
        "The first instant from a given one on that all hours allow, each on the clock of its zone,"
        " on its weekdays, and not on its excluded days; unknown where a calendar does not cover a"
        " day that matters, where no moment comes within 400 days, and outside 2010 to 2059.",
        next_open,
        examples(
            ("2026-11-20T13:00:00+01:00", _CALLS, "2026-11-20T14:00:00+01:00"),
            ("2026-11-20T19:59:59.999999+01:00", _CALLS, "2026-11-20T19:59:59.999999+01:00"),
            ("2026-11-20T20:00:00+01:00", _CALLS, "2026-11-23T10:00:00+01:00"),
            ("2026-03-27T20:00:00+01:00", _CALLS, "2026-03-30T10:00:00+02:00"),
            ("2026-04-30T20:00:00+02:00", _CALLS, "2026-05-04T10:00:00+02:00"),
            ("2026-12-24T20:00:00+01:00", _CALLS, "2026-12-28T10:00:00+01:00"),
            ("2026-12-31T20:00:00+01:00", _CALLS, None),
            ("2025-12-31T19:00:00+01:00", _CALLS, None),
            ("2025-12-31T20:00:00+01:00", _CALLS, "2026-01-01T10:00:00+01:00"),
            ("2026-11-14T23:00:00+08:00", _SHORT, "2026-11-14T23:00:00+08:00"),
            ("2026-11-15T00:00:00+08:00", _SHORT, None),
            ("2026-11-21T12:00:00+08:00", _TWO, "2026-11-21T15:00:00+08:00"),
            ("2026-10-24T19:30:00+08:00", _TWO, "2026-10-25T15:00:00+08:00"),
            ("2026-11-21T12:00:00+08:00", _NEVER, None),
            ("2026-11-21T12:00:00+08:00", (), "2026-11-21T12:00:00+08:00"),
            ("2009-12-31T12:00:00+00:00", (), None),
        ),
        partial=True,
        sql=written(sql_openings.next_open),
    ),
)  # fmt: skip
