"""Instants and the clocks of zones as SQL; how far a clock is ahead comes from `sql_zones`.

Nearly all moments are later than a zone's last change, or where its yearly rule has begun. Moving
such a moment takes arithmetic only; the others are put through a list of one, as their texts are
too long to be written several times.
"""

from __future__ import annotations

from collections.abc import Sequence

from siyu.functions import sql_calendar
from siyu.functions.declaration import Dialect, SqlArg
from siyu.functions.sql import Writer, between, bound, cast, constant, fitted, number, where
from siyu.functions.sql_zones import Clock, Moment, ahead, by_rule, clock, days
from siyu.functions.zones import DAY, EPOCH, FIRST, LAST, SECOND, plain_offset

SAFE_DAYS = 4_000_000  # moving by more leaves the calendar
SAFE_SECONDS = SAFE_DAYS * 86_400
LATE = LAST - 30 * DAY  # until then no offset leads beyond the calendar


def _by(dialect: Dialect) -> str:
    return "//" if dialect == "duckdb" else "div"


def _zone(arg: SqlArg) -> str:
    zone: str = constant(arg, "a time zone")
    return zone


def _walls(zone: str) -> tuple[int, int]:
    """Between which instants the wall shows a time of the calendar."""
    first, last = plain_offset(FIRST, zone), plain_offset(LAST, zone)
    return max(FIRST, FIRST - first), min(LAST, LAST - last)


def _instants(zone: str) -> tuple[int, int]:
    """Between which times on the wall there is an instant of the calendar."""
    first, last = plain_offset(FIRST, zone), plain_offset(LAST, zone)
    return max(FIRST, FIRST + first), min(LAST, LAST + last)


def _wall(instant: str, zone: str, more: int, dialect: Dialect) -> str:
    """What the wall shows, and a constant, which keeps what follows above zero."""
    known = clock(zone)
    if known.always is not None:
        total = known.always + more
        return f"({instant} {'+' if total >= 0 else '-'} {abs(total)})" if total else instant
    offset = ahead(Moment(instant), known, dialect)
    return f"({instant} + {offset}{f' + {more}' if more else ''})"


def local_date(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    zone = _zone(args[1])
    instant = number(args[0], 64, dialect)
    day = f"({_wall(instant, zone, DAY - FIRST, dialect)} {_by(dialect)} {DAY})"
    return where([between(args[0], *_walls(zone))], fitted(day, 64, bits, dialect))


def local_time(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    zone = _zone(args[1])
    instant = number(args[0], 64, dialect)
    clock_time = f"({_wall(instant, zone, -FIRST, dialect)} % {DAY} {_by(dialect)} {SECOND})"
    return where([between(args[0], *_walls(zone))], fitted(clock_time, 64, bits, dialect))


def at(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    """Worked out in seconds, in which no day and no number of seconds is too much."""
    zone, (day, seconds) = _zone(args[2]), args[:2]
    text = f"({number(day, 64, dialect)} * 86400 + {number(seconds, 64, dialect)})"
    shown = Moment(text, SECOND, EPOCH * 86_400)
    low, high = (end // SECOND + shown.base for end in _instants(zone))
    offset = ahead(shown, clock(zone, wall=True), dialect)
    instant = f"(({text} - {shown.base} - {offset}) * {SECOND})"
    far = [between(seconds, -(10**15), 10**15)] if seconds.bits == 128 else []
    found = where([f"{text} BETWEEN {low} AND {high}"], instant)
    return where(far, found)


def day_start(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    zone = _zone(args[1])
    low, high = _instants(zone)
    inside = between(args[0], -(-low // DAY) + EPOCH, high // DAY + EPOCH)
    offset = ahead(days(number(args[0], 32, dialect)), clock(zone, wall=True), dialect)
    midnight = f"{number(args[0], 64, dialect)} * {DAY} - {EPOCH * DAY}"
    return where([inside], f"({midnight} - {offset})" if offset != "0" else f"({midnight})")


def _instant_of(wall: str, zone: str, dialect: Dialect) -> str:
    """The instant of a time on the wall that has a short text."""
    low, high = _instants(zone)
    offset = ahead(Moment(wall), clock(zone, wall=True), dialect)
    return where([f"{wall} BETWEEN {low} AND {high}"], f"({wall} - {offset})")


def shift_days(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    instant, n, zone = number(args[0], 64, dialect), args[1], _zone(args[2])
    steps = number(n, 64, dialect)
    if isinstance(n.value, int):
        reachable = abs(n.value) <= SAFE_DAYS
        moved = f"({instant} + {n.value * DAY})" if reachable else "CAST(NULL AS BIGINT)"
    else:
        moved = f"({instant} + {steps} * {DAY})"
    known, shown = clock(zone), clock(zone, wall=True)
    if known.always is not None:
        low, high = _instants(zone)
        ends = (low - known.always, high - known.always)
        found = where([f"{moved} BETWEEN {ends[0]} AND {ends[1]}"], moved)
    else:
        new = _soon(instant, moved, known, shown, dialect)
        wall = f"({moved} + {ahead(Moment(instant), known, dialect)})"
        old = bound("wall", wall, _instant_of("wall", zone, dialect), dialect)
        found = f"CASE WHEN {new[0]} THEN {new[1]} ELSE {old} END"
    inside = [between(args[0], *_walls(zone)), between(n, -SAFE_DAYS, SAFE_DAYS)]
    return where(inside, found)


def _soon(
    instant: str, moved: str, known: Clock, shown: Clock, dialect: Dialect
) -> tuple[str, str]:
    """When the last known clock tells everything, and what it then tells."""
    begun, begun_on_wall = known.changes[-1][0], shown.changes[-1][0] + 2 * DAY
    test = f"{instant} >= {begun} AND {moved} BETWEEN {begun_on_wall} AND {LATE}"
    if known.rule is None or shown.rule is None:
        return test, moved
    wall = f"({moved} + {by_rule(Moment(instant), known.rule, dialect)})"
    return test, f"({wall} - {by_rule(Moment(wall), shown.rule, dialect)})"


def shift_months(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    instant, zone = number(args[0], 64, dialect), _zone(args[2])
    known, shown = clock(zone), clock(zone, wall=True)
    inside = [between(args[0], *_walls(zone))]
    general = _months_on(_wall(instant, zone, 0, dialect), args[1], zone, dialect)
    if known.rule is not None:
        return where(inside, general)
    last = known.changes[-1][1] if known.changes else known.initial
    wall = f"({instant} + {last})" if last else instant
    later = _wall_months(wall, args[1], dialect)
    low, high = _instants(zone)
    if known.always is not None:
        return where([*inside, f"{later} BETWEEN {low} AND {high}"], f"({later} - {last})")
    new = f"{instant} >= {known.changes[-1][0]} AND {later} >= {shown.changes[-1][0]}"
    held = f"CASE WHEN {new} AND {later} <= {high} THEN {later} - {last} ELSE {general} END"
    return where(inside, held)


def _months_on(wall: str, n: SqlArg, zone: str, dialect: Dialect) -> str:
    later = _wall_months("wall", n, dialect)
    found = bound("later", later, _instant_of("later", zone, dialect), dialect)
    return bound("wall", wall, found, dialect)


def _wall_months(wall: str, n: SqlArg, dialect: Dialect) -> str:
    """A time on the wall so many months later."""
    by = _by(dialect)
    day = cast(f"(({wall} - {FIRST}) {by} {DAY} + 1)", 32, dialect)
    later = sql_calendar.add_months(dialect, (SqlArg(day, bits=32), n), 32)
    return f"(({cast(later, 64, dialect)} - {EPOCH}) * {DAY} + ({wall} - {FIRST}) % {DAY})"


def shift_seconds(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    instant, n = args
    if isinstance(n.value, int):
        low, high = FIRST - n.value * SECOND, LAST - n.value * SECOND
        if abs(n.value) > SAFE_SECONDS:
            return "CAST(NULL AS BIGINT)"
        moved = f"({number(instant, 64, dialect)} + {n.value * SECOND})"
        return where([between(instant, low, high)], moved)
    moved = f"({number(instant, 64, dialect)} + {number(n, 64, dialect)} * {SECOND})"
    found = where([f"{moved} BETWEEN {FIRST} AND {LAST}"], moved)
    return where([between(n, -SAFE_SECONDS, SAFE_SECONDS)], found)


def seconds_between(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    a, b = (number(arg, 64, dialect) for arg in args)
    return fitted(f"(({b} - {a}) {_by(dialect)} {SECOND})", 64, bits, dialect)


def whole_between(size: int) -> Writer:
    """What writes how many lengths of time lie between two instants, rounded down."""

    def write(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
        a, b = (number(arg, 64, dialect) for arg in args)
        down = f"CASE WHEN {b} < {a} THEN {size - 1} ELSE 0 END"
        return fitted(f"(({b} - {a} - {down}) {_by(dialect)} {size})", 64, bits, dialect)

    return write
