"""Arguments to try functions with on SQL engines: declared examples, edges, and seeded draws.

Arguments that are tried with the same constants and in columns of the same widths make a group:
one SELECT of the function's query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from siyu.functions import FUNCTIONS
from siyu.functions.declaration import Dialect, SqlArg
from siyu.functions.sql import INTEGERS, literal, width
from siyu.functions.sql_zones import clock
from siyu.functions.zones import DAY, EPOCH, FIRST, FIRST_DAY, LAST, LAST_DAY, SECOND

Args = tuple[Any, ...]
Reach = tuple[int, int]

# Which arguments the core always gives as constants.
FIXED = {
    "div": (2,), "rescale": (1,), "floor": (1,), "ceil": (1,), "quotient": (2,), "in_set": (1,),
    "rank": (1,), "item": (1,), "period_start": (1,), "period_end": (1,), "period_key": (1,),
    "local_date": (1,), "local_time": (1,), "at": (2,), "on_day": (1,), "next_day": (1,),
    "last_day": (1,), "day_start": (1,), "shift_days": (2,), "shift_months": (2,),
    "next_allowed": (1, 2), "next_open": (1,), "digits": (1,), "admitted": (0,),
}  # fmt: skip
ZONES = (
    "Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC", "America/Santiago",
    "Africa/Casablanca", "Australia/Lord_Howe", "America/Nuuk",
)  # fmt: skip
FEW = 60


@dataclass(frozen=True)
class Group:
    """`constants` by place; `reaches` by place: the bounds that the writer is told of the numbers
    in columns, None where it is told nothing but their width."""

    function: str
    constants: dict[int, Any]
    reaches: dict[int, Reach | None]
    rows: list[Args] = field(default_factory=list)
    bits: dict[int, int] = field(default_factory=dict)

    def expected(self) -> list[Any]:
        return [FUNCTIONS[self.function].python(*row) for row in self.rows]

    def result_bits(self) -> int:
        return width_of(self.expected())

    def columns(self) -> dict[int, str]:
        """Which column of the table of all cases holds an argument."""
        found = {}
        for place in range(len(self.rows[0])):
            if place not in self.constants:
                found[place] = f"{self.kind(place)}{place}"
        return found

    def kind(self, place: int) -> str:
        match self.rows[0][place]:
            case bool():
                return "bool"
            case int():
                return f"n{self.width(place)}_"
            case str():
                return "text"
            case frozenset():
                return "texts"
            case (float(), float()):
                return "geo"
            case _:
                return "bools"

    def width(self, place: int) -> int:
        values = [row[place] for row in self.rows]
        reach = self.reaches.get(place)
        return self.bits.get(place) or max(width_of(values), width(reach) if reach else 32)

    def args(self, dialect: Dialect) -> list[SqlArg]:
        found = []
        for place, value in enumerate(self.rows[0]):
            if place in self.constants:
                found.append(SqlArg(literal(value, dialect), *_ends(value), value, _bits(value)))
            else:
                low, high = self.reaches.get(place) or (None, None)
                whole = isinstance(value, int) and not isinstance(value, bool)
                bits = self.width(place) if whole else 64
                found.append(SqlArg(self.columns()[place], low, high, bits=bits))
        return found

    def sql(self, dialect: Dialect) -> str:
        return FUNCTIONS[self.function].sql[dialect](self.args(dialect), self.result_bits())

    def type(self, dialect: Dialect) -> str | None:
        """The type that a whole number must come in."""
        held = [value for value in self.expected() if value is not None]
        whole = held and isinstance(held[0], int) and not isinstance(held[0], bool)
        return INTEGERS[dialect][self.result_bits()] if whole else None


def _ends(value: Any) -> tuple[int | None, int | None]:
    return (value, value) if isinstance(value, int) else (None, None)


def _bits(value: Any) -> int:
    return width((value, value)) if isinstance(value, int) else 64


def width_of(values: Sequence[Any]) -> int:
    numbers = [v for v in values if isinstance(v, int) and not isinstance(v, bool)]
    return width((min(numbers), max(numbers))) if numbers else 32


def groups_of(name: str) -> list[Group]:
    """All groups of a function."""
    return [*_examples(name), *DRAWN.get(name, _nothing)(Random(name))]


def _grouped(
    name: str, rows: Sequence[Args], fixed: Sequence[int], reaches: dict[int, Reach | None]
) -> Iterator[Group]:
    """Rows of any constants, by those."""
    found: dict[str, Group] = {}
    for row in rows:
        constants = {place: row[place] for place in fixed}
        kinds = [(type(v).__name__, v if v == () else 0) for v in row]
        key = repr((constants, kinds, len(row)))
        found.setdefault(key, Group(name, constants, reaches)).rows.append(row)
    yield from found.values()


def _examples(name: str) -> Iterator[Group]:
    """As columns; then with constants for all but the first that may be a column."""
    rows = [example.args for example in FUNCTIONS[name].examples]
    fixed = FIXED.get(name, ())
    yield from _grouped(name, rows, fixed, {})
    opened = next((n for n in range(len(rows[0])) if n not in fixed), 0)
    for row in rows:
        constant = {n: value for n, value in enumerate(row) if n != opened}
        if set(constant) != set(fixed):
            yield Group(name, constant, {}, [row])


# ------------------------------------------------------------------------------------- numbers

INT, LONG, WIDE = 2**31 - 1, 2**63 - 1, 10**38 - 1
REACHES: tuple[Reach, ...] = (
    (0, 10**6), (-INT - 1, INT), (-(10**15), 10**15), (0, LONG), (-LONG - 1, LONG), (-WIDE, WIDE),
    (0, 10**30),
)  # fmt: skip


def _number(draw: Random, reach: Reach) -> int:
    """Often an end, or of few digits: evenly drawn numbers are all long."""
    low, high = reach
    match draw.randrange(6):
        case 0:
            return draw.choice((low, high, min(low + 1, high), max(high - 1, low)))
        case 1:
            return max(low, min(high, draw.randint(-20, 20)))
        case _:
            size = 10 ** draw.randint(0, len(str(max(abs(low), abs(high)))))
            return max(low, min(high, draw.randint(-size, size)))


def _fits(name: str, row: Args) -> bool:
    """Whether the language would allow it: nothing has more than 38 digits."""
    result: Any = FUNCTIONS[name].python(*row)
    return not isinstance(result, int) or abs(result) <= WIDE


def _pairs(name: str) -> Callable[[Random], Iterator[Group]]:
    def drawn(draw: Random) -> Iterator[Group]:
        for a, b in ((0, 0), (1, 1), (1, 2), (4, 4), (3, 5), (5, 5), (6, 1), (2, 4)):
            pair = (REACHES[a], REACHES[b])
            rows = [tuple(_number(draw, r) for r in pair) for _ in range(FEW)]
            yield from _kept(name, rows, (), dict(enumerate(pair)))

    return drawn


def _kept(
    name: str, rows: Sequence[Args], fixed: Sequence[int], reaches: dict[int, Reach | None]
) -> Iterator[Group]:
    yield from _grouped(name, [row for row in rows if _fits(name, row)], fixed, reaches)


def _single(name: str, *more: Any) -> Callable[[Random], Iterator[Group]]:
    """Of one number, and each of some constants."""

    def drawn(draw: Random) -> Iterator[Group]:
        for reach in REACHES:
            for last in more or (None,):
                numbers = [_number(draw, reach) for _ in range(FEW // 2)]
                rows: list[Args] = [(n,) if last is None else (n, last) for n in numbers]
                yield from _kept(name, rows, (1,) if more else (), {0: reach})

    return drawn


DIVISIONS: tuple[tuple[Reach, Reach], ...] = (
    ((0, 10**6), (0, 10**3)), ((-INT - 1, INT), (-INT - 1, INT)), ((0, 10**15), (1, 10**6)),
    ((-(10**15), 10**15), (-(10**12), 10**12)), ((0, LONG), (-LONG - 1, LONG)),
    ((-(10**30), 10**30), (-(10**12), 10**12)), ((-WIDE, WIDE), (-WIDE, WIDE)),
    ((-WIDE, WIDE), (10**20, 10**37)), ((-WIDE, 0), (1, 9)), ((0, 10**21), (0, 10**6)),
)  # fmt: skip


def _div(draw: Random) -> Iterator[Group]:
    for n, (a, b) in enumerate(DIVISIONS):
        for k in ((6, 0, -3), (4, 12, -9), (6, -1, 15))[n % 3]:
            if a[1] == WIDE and b[1] == WIDE and k > 0:
                continue  # the quotient could have more than 38 digits
            rows = [(_number(draw, a), _number(draw, b), k) for _ in range(FEW)]
            yield from _kept("div", rows, (2,), {0: a, 1: b})
    for divisor in (7, 100, -3, 10**20):
        rows = [(_number(draw, (-LONG, LONG)), divisor, 6) for _ in range(FEW)]
        yield from _grouped("div", rows, (1, 2), {0: (-LONG, LONG)})
    rows = [(10**6, _number(draw, (-LONG, LONG)), 6) for _ in range(FEW)]
    yield from _grouped("div", rows, (0, 2), {1: (-LONG, LONG)})


def _quotient(draw: Random) -> Iterator[Group]:
    for a, b in DIVISIONS:
        for mode in ("down", "up", "half_up"):
            rows = [(_number(draw, a), _number(draw, b), mode) for _ in range(FEW)]
            yield from _kept("quotient", rows, (2,), {0: a, 1: b})
    for divisor, mode in ((100, "down"), (86_400, "up"), (-7, "up"), (-7, "half_up")):
        rows = [(_number(draw, (-LONG, LONG)), divisor, mode) for _ in range(FEW)]
        yield from _grouped("quotient", rows, (1, 2), {0: (-LONG, LONG)})


TEXTS = (
    "", "a", "Z", "é", "金", "銀", "🏅", "a'b", 'a"b', "a\\b", "\\", "a\x00b", "a\x1fb", "${x}",
    "%_", "\n", "\u3000", "\u00a0 ", "a b", " ", "$", "{0}", "--", "/*", "\x7f", "\ufeff", "\uffff",
)  # fmt: skip


def _compared(name: str) -> Callable[[Random], Iterator[Group]]:
    def drawn(draw: Random) -> Iterator[Group]:
        for a, b in ((1, 1), (1, 4), (4, 5), (5, 5)):
            pair = (REACHES[a], REACHES[b])
            rows: list[Args] = [tuple(_number(draw, r) for r in pair) for _ in range(FEW)]
            yield from _grouped(name, [*rows, (5, 5)], (), dict(enumerate(pair)))
        rows = [(draw.choice(TEXTS), draw.choice(TEXTS)) for _ in range(4 * FEW)]
        yield from _grouped(name, rows, (), {})
        rows = [(text, "a'b\\$\x00é") for text in (*TEXTS, "a'b\\$\x00é")]
        yield from _grouped(name, rows, (1,), {})
        if name in ("eq", "ne"):
            sets = [frozenset(draw.sample(TEXTS, draw.randrange(3))) for _ in range(FEW)]
            yield from _grouped(name, [(a, b) for a in sets[:9] for b in sets], (), {})
            yield from _grouped(name, [(a, frozenset("a")) for a in sets], (1,), {})
            yield from _grouped(name, [(True, False), (True, True)], (), {})

    return drawn


def _in_set(draw: Random) -> Iterator[Group]:
    rows: list[Args] = [(text, frozenset(TEXTS[1:20:2])) for text in TEXTS]
    rows += [("a", frozenset()), (5, frozenset({-5, 5, 10**30}))]
    yield from _grouped("in_set", rows, (1,), {})


def _has(draw: Random) -> Iterator[Group]:
    sets = [frozenset(draw.sample(TEXTS, draw.randrange(6))) for _ in range(FEW)]
    rows = [(members, draw.choice(TEXTS)) for members in sets]
    yield from _grouped("has", rows, (), {})
    yield from _grouped("has", [(frozenset("ab"), text) for text in TEXTS], (0,), {})
    yield from _grouped("has", [(members, "a'b") for members in sets], (1,), {})


def _item(draw: Random) -> Iterator[Group]:
    for listed in ((5, -7, 10**12), ("a", "金"), (True, False), (frozenset("ab"), frozenset())):
        rows = [(listed, n) for n in range(len(listed))]
        yield from _grouped("item", rows, (0,), {})


# ------------------------------------------------------------------------------ days, instants

UNITS = ("day", "week", "month", "quarter", "year")
CALENDAR: Reach = (FIRST_DAY, LAST_DAY)
INSTANTS: Reach = (FIRST, LAST)


def _day(draw: Random, beyond: bool = False) -> int:
    edges = (*range(1, 500, 37), *range(LAST_DAY - 500, LAST_DAY + 1, 41), LAST_DAY, 1, 2, 59, 60)
    outside = (0, -1, -400, LAST_DAY + 1, LAST_DAY + 400, INT, -INT - 1)
    match draw.randrange(6):
        case 0:
            return draw.choice(edges)
        case 1 if beyond:
            return draw.choice(outside)
        case 2:
            return draw.randint(*CALENDAR)
        case 3:  # around the ends of February
            year = draw.randint(1600, 2500)
            return year * 365 + year // 4 - year // 100 + year // 400 + 59 + draw.randint(-2, 2)
        case _:
            return draw.randint(730_000, 742_000)


def _calendar(name: str, count: int, *more: Any) -> Callable[[Random], Iterator[Group]]:
    """Of some days, and of each of some constants; inside the calendar the writer is told so."""

    def drawn(draw: Random) -> Iterator[Group]:
        for last in more or (None,):
            tail = () if last is None else (last,)
            for beyond in (True, False):
                rows = [(*(_day(draw, beyond) for _ in range(count)), *tail) for _ in range(150)]
                reaches = {} if beyond else dict.fromkeys(range(count), CALENDAR)
                fixed = (count,) if more else ()
                yield from _grouped(name, rows, fixed, reaches)

    return drawn


def _listed(name: str) -> Callable[[Random], Iterator[Group]]:
    """Days in and around lists, and around what these cover."""

    def drawn(draw: Random) -> Iterator[Group]:
        low = date(2026, 1, 1).toordinal()
        for count in (0, 1, 7, 40):
            days = tuple(sorted(draw.sample(range(low, low + 90), count)))
            listed = ("cn.x", low, low + 100, days)
            rows = [(draw.randint(low - 5, low + 105), listed) for _ in range(60)]
            yield from _grouped(name, rows, (1,), {0: CALENDAR})
            yield from _grouped(name, [(_day(draw, True), listed), *rows], (1,), {})

    return drawn


def _add_months(draw: Random) -> Iterator[Group]:
    for n in (0, 1, -1, 12, 13, -600, 119_986, 119_987, -119_987, 119_988, 10**9):
        rows = [(_day(draw, True), n) for _ in range(40)]
        yield from _grouped("add_months", rows, (1,), {})
    for reach in ((-30, 30), (-200_000, 200_000), (-WIDE, WIDE)):
        rows = [(_day(draw, True), _number(draw, reach)) for _ in range(200)]
        yield from _grouped("add_months", rows, (), {1: reach})


def _anniversary_near(draw: Random) -> Iterator[Group]:
    yield from _calendar("anniversary_near", 3)(draw)
    rows = []
    for _ in range(600):
        low = _day(draw)
        rows.append((_day(draw), low, low + draw.choice((-1, 0, 3, 30, 400))))
    yield from _grouped("anniversary_near", rows, (), {})
    for low in (738_000, LAST_DAY - 3, 0, LAST_DAY + 1):
        rows = [(_day(draw), low, low + 20) for _ in range(200)]
        yield from _grouped("anniversary_near", rows, (1, 2), {})


def _instant(draw: Random, zone: str, beyond: bool = True) -> int:
    """Around the clock's changes, past and to come, around midnights, and anywhere."""
    match draw.randrange(8):
        case 0:
            edge = draw.choice((FIRST, LAST)) + draw.randint(-2 * DAY, 2 * DAY)
        case 1:
            edge = draw.randint(FIRST, LAST)
        case 2:
            edge = draw.choice(clock(zone).changes or ((0, 0),))[0] + _near(draw)
        case 3:
            edge = draw.choice(_coming(zone) or (0,)) + _near(draw)
        case 4:
            edge = (draw.randint(-30_000, 80_000) * 86_400 - 8 * 3600) * SECOND + _near(draw)
        case _:
            edge = draw.randint(1_400_000_000, 1_900_000_000) * SECOND + draw.randint(0, 10**6)
    return edge if beyond else max(FIRST, min(LAST, edge))


def _near(draw: Random) -> int:
    half = draw.choice((-2, -1, 0, 1, 2, 3, 24, -24)) * 1_800 * SECOND
    return half + draw.choice((0, 0, -1, 1, draw.randint(-7_200, 7_200) * SECOND))


_kept_changes: dict[str, list[int]] = {}


def _coming(zone: str) -> list[int]:
    """Changes by the zone's rule in years near and far."""
    from siyu.functions.zones import change_after

    if clock(zone).rule is None:
        return []
    if zone not in _kept_changes:
        found = _kept_changes[zone] = []
        for year in (2001, 2019, 2024, 2026, 2099, 2100, 2101, 2399, 2400, 5003, 9997):
            at = (year - 1970) * 31_556_952 * SECOND
            for _ in range(2):
                at = change_after(at, zone, at + 400 * DAY)
                found.append(at)
    return _kept_changes[zone]


def _in_zones(
    name: str, row: Callable[[Random, str], Args], fixed: Sequence[int], **more: Any
) -> Callable[[Random], Iterator[Group]]:
    def drawn(draw: Random) -> Iterator[Group]:
        for zone in ZONES:
            rows = [row(draw, zone) for _ in range(400)]
            yield from _grouped(name, rows, fixed, more.get("reaches", {}))

    return drawn


def _at(draw: Random, zone: str) -> Args:
    wall = _instant(draw, zone) + 3_600 * SECOND
    return wall // DAY + EPOCH, wall % DAY // SECOND, zone


def _midnight(draw: Random, zone: str) -> Args:
    return _instant(draw, zone) // DAY + EPOCH, zone


def _shift_days(draw: Random) -> Iterator[Group]:
    reaches: dict[int, Reach | None] = {1: (-(10**12), 10**12)}
    for zone in ZONES[:5]:
        steps = (0, 1, -1, 7, 30, -365, 10**12, -4_000_001, 100_000)
        rows: list[Args] = [(_instant(draw, zone), draw.choice(steps), zone) for _ in range(400)]
        yield from _grouped("shift_days", rows, (2,), reaches)
        for n in (1, -30)[: zone == "Europe/Berlin"]:
            rows = [(_instant(draw, zone), n, zone) for _ in range(150)]
            yield from _grouped("shift_days", rows, (1, 2), {})
    rows = [(_instant(draw, "UTC"), n, "UTC") for n in (5 * 10**6, -(10**12)) for _ in range(9)]
    yield from _grouped("shift_days", rows, (1, 2), {})


def _shift_months(draw: Random) -> Iterator[Group]:
    for zone in ZONES[:5]:
        steps = (0, 1, -1, 12, -25, 119_999, 10**9)
        rows: list[Args] = [(_instant(draw, zone), draw.choice(steps), zone) for _ in range(300)]
        yield from _grouped("shift_months", rows, (2,), {})
    for zone in ZONES[:2]:
        rows = [(_instant(draw, zone), -3, zone) for _ in range(150)]
        yield from _grouped("shift_months", rows, (1, 2), {})


def _shift_seconds(draw: Random) -> Iterator[Group]:
    steps = (0, 1, -1, 3_600, 10**9, -(10**12), 4 * 10**15)
    rows: list[Args] = [(_instant(draw, "UTC"), draw.choice(steps)) for _ in range(300)]
    yield from _grouped("shift_seconds", rows, (), {1: (-(10**16), 10**16)})
    for n in (60, -86_400, 10**15):
        rows = [(_instant(draw, "UTC"), n) for _ in range(100)]
        yield from _grouped("shift_seconds", rows, (1,), {})


def _two_instants(name: str) -> Callable[[Random], Iterator[Group]]:
    def drawn(draw: Random) -> Iterator[Group]:
        rows = []
        for _ in range(300):
            a = _instant(draw, "UTC", beyond=False)
            near = a + draw.choice((0, 1, -1, 60, -3_600, 10**6)) * SECOND + draw.randint(-2, 2)
            rows.append((a, draw.choice((near, _instant(draw, "UTC", beyond=False)))))
        yield from _grouped(name, rows, (), {0: INSTANTS})

    return drawn


WINDOWS = (
    (("during", 36_000, 72_000),), (("quiet", 75_600, 32_400),),
    (("during", 79_200, 7_200), ("quiet", 82_800, 3_600)), (("during", 9_000, 9_060),),
    (("during", 3_600, 7_201), ("quiet", 5_400, 5_400 + 1_799)), (("quiet", 3_600, 10_800),),
    (("during", 36_000, 46_800, 50_400, 72_000), ("quiet", 0, 3_600, 79_200, 82_800)),
)  # fmt: skip


def _next_allowed(draw: Random) -> Iterator[Group]:
    for n, zone in enumerate(ZONES[:5]):
        for windows in (WINDOWS[n], WINDOWS[3], WINDOWS[6])[n % 2 : 2 + n % 2]:
            rows = [(_instant(draw, zone), zone, windows) for _ in range(250)]
            yield from _grouped("next_allowed", rows, (1, 2), {})


def _next_open(draw: Random) -> Iterator[Group]:
    """Instants around changes of clocks, excluded days, and the ends of what is known."""
    low, high = (date(y, m, d).toordinal() for y, m, d in ((2025, 1, 1), (2026, 12, 31)))
    shanghai: tuple[Any, ...] = ("open", ZONES[0], (36_000, 46_800), (1, 2, 5), (), ())
    for hours in ((shanghai,), ((*shanghai[:4], (low + 7, high), (low, high)),)):
        rows = [(_instant(draw, ZONES[0]), hours) for _ in range(60)]
        rows += [((day - EPOCH) * DAY + draw.randrange(DAY), hours) for day in (low, low + 7, high)]
        yield from _grouped("next_open", rows, (1,), {})
    for n, zone in enumerate(ZONES[:5]):
        closed = tuple(sorted(draw.sample(range(low, high + 1), 60)))
        other = ZONES[n - 1]
        night = ("quiet", other, (75_600, 32_400), (), (), ())
        for hours in (
            (("open", zone, (36_000, 46_800, 50_400, 72_000), (1, 2, 3, 4, 5), closed,
              (low, high)),),
            (("during", zone, (7_200, 57_600), (), (), ()), night),
            (("open", zone, (), (6, 7), closed, (low, high)),
             ("open", other, (43_200, 50_400), (), closed[:5], ()), night),
        ):  # fmt: skip
            days = [*closed[:9], low, high, high + 1]
            rows = [(_instant(draw, zone), hours) for _ in range(60)]
            for _ in range(120):
                day = draw.choice((*days, draw.randint(low - 40, high + 40)))
                rows.append(((day - EPOCH) * DAY + draw.randint(-30, 30) * 1_800 * SECOND, hours))
            yield from _grouped("next_open", rows, (1,), {})


# ------------------------------------------------------------------------------------ identity


def _texts(name: str, count: int) -> Callable[[Random], Iterator[Group]]:
    def drawn(draw: Random) -> Iterator[Group]:
        rows: list[Args] = [
            tuple(draw.choice((*TEXTS, str(draw.random()))) for _ in range(count))
            for _ in range(300)
        ]
        yield from _grouped(name, rows, (), {})
        for first in ("a'b\\$\x00${x}", "盐"):
            yield from _grouped(name, [(first, *row[1:]) for row in rows[:40]], (0,), {})

    return drawn


def _held_in(name: str) -> Callable[[Random], Iterator[Group]]:
    """Texts in texts that are made of them; signs of patterns mean nothing."""

    def drawn(draw: Random) -> Iterator[Group]:
        for part in TEXTS:
            whole = ["".join(draw.choice((*TEXTS, part)) for _ in range(4)) for _ in range(12)]
            yield from _grouped(name, [(text, part) for text in whole], (1,), {})
            yield from _grouped(name, [(text, part) for text in whole], (), {})

    return drawn


def _distance(draw: Random) -> Iterator[Group]:
    def place() -> tuple[float, float]:
        return draw.uniform(-90, 90), draw.uniform(-180, 180)

    yield from _grouped("distance", [(place(), place()) for _ in range(300)], (), {})
    yield from _grouped("distance", [(place(), (31.2304, 121.4737)) for _ in range(50)], (1,), {})


def _admitted(draw: Random) -> Iterator[Group]:
    senders = ("", "li", "o'hara", "wang")
    for known, last in ((True, "r 8"), (True, "8"), (False, "r 8"), (False, "b")):
        cuts = (("", "cut", known, 100, last), ("li", "none", True, 0, ""),
                ("o'hara", "cut", known, -(10**20), last), ("li", "all", True, 0, ""))  # fmt: skip
        rows = [
            (cuts, draw.choice(senders), draw.random() < 0.7, draw.choice((99, 100, -(10**20))),
             draw.choice(("r 8", "q 9", "s 7", "r 9", "8", "a b c")))
            for _ in range(200)
        ]  # fmt: skip
        yield from _grouped("admitted", rows, (0,), {})
    rows = [((), "", True, 5, "r 8")]
    yield from _grouped("admitted", rows, (0,), {})


def _nothing(draw: Random) -> Iterator[Group]:
    yield from ()


DRAWN: dict[str, Callable[[Random], Iterator[Group]]] = {
    **{name: _pairs(name) for name in ("add", "sub", "mul", "min", "max")},
    **{name: _single(name) for name in ("neg", "abs", "to_text")},
    **{name: _compared(name) for name in ("eq", "ne", "lt", "le", "gt", "ge")},
    "rescale": _single("rescale", 0, 2, 7, -1, -4, -9),
    "floor": _single("floor", 0, 2, 9),
    "ceil": _single("ceil", 0, 2, 9),
    "digits": _single("digits", 0, 2, 6, 9),
    "div": _div,
    "quotient": _quotient,
    "in_set": _in_set,
    "has": _has,
    "item": _item,
    "add_months": _add_months,
    "months_between": _calendar("months_between", 2),
    "period_start": _calendar("period_start", 1, *UNITS),
    "period_end": _calendar("period_end", 1, *UNITS),
    "period_key": _calendar("period_key", 1, *UNITS),
    "iso_date": _calendar("iso_date", 1),
    **{name: _calendar(name, 1) for name in ("weekday", "day_of_month", "month_of", "year_of",
                                             "days_in_month")},
    **{name: _listed(name) for name in ("on_day", "next_day", "last_day")},
    "anniversary": _calendar("anniversary", 2),
    "anniversary_near": _anniversary_near,
    "local_date": _in_zones("local_date", lambda d, z: (_instant(d, z), z), (1,)),
    "local_time": _in_zones("local_time", lambda d, z: (_instant(d, z), z), (1,)),
    "at": _in_zones("at", _at, (2,)),
    "day_start": _in_zones("day_start", _midnight, (1,)),
    "shift_days": _shift_days,
    "shift_months": _shift_months,
    "shift_seconds": _shift_seconds,
    **{name: _two_instants(name) for name in ("seconds_between", "hours_between",
                                              "minutes_between")},
    "next_allowed": _next_allowed,
    "next_open": _next_open,
    **{name: _texts(name, 1) for name in ("length", "has_digit")},
    **{name: _held_in(name) for name in ("contains", "starts_with")},
    "bucket": _texts("bucket", 2),
    "tie": _texts("tie", 2),
    "join": _texts("join", 3),
    "outcome_id": _texts("outcome_id", 4),
    "distance": _distance,
    "admitted": _admitted,
}  # fmt: skip
