"""Exact arithmetic as SQL: every step in a width that holds it, whatever the arguments.

Engines divide integers towards zero. Other roundings move the numerator first: half up by half the
divisor, `up` by all of it but one. Where a numerator could leave 38 digits, remainders decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from siyu.functions.declaration import OPEN, Dialect, SqlArg
from siyu.functions.sql import (
    MOST,
    Reach,
    cast,
    constant,
    fitted,
    integer,
    negative,
    number,
    reach_of,
    size,
    where,
    width,
)

# Days and times come without bounds. Moved by a field's length, a day may go beyond the calendar,
# and beyond what a column holds: it stops so far out that two of them still have a difference.
OUTERMOST = 10**9
NEAR = 4_000_000  # steps that no chain of moves makes dangerous
EXACT_QUOTIENT = 10**32  # from here on, Spark's quotient of decimals has no room before the point
SPLIT = 10**16


def _unbounded(arg: SqlArg) -> bool:
    return arg.value is OPEN and arg.low is None and arg.high is None and arg.bits == 32


def _moved(arg: SqlArg) -> Reach:
    return (-OUTERMOST, OUTERMOST) if _unbounded(arg) else reach_of(arg)


def _least_bits(bits: int, args: Sequence[SqlArg], *reaches: Reach) -> int:
    """The narrowest width for a result, its open arguments, and what comes between."""
    held = [arg.bits for arg in args if arg.value is OPEN]
    return max(bits, *held, *map(width, reaches))


def _sum(operator: str, dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    (a, b), (x, y) = (_moved(args[0]), _moved(args[1])), args
    if operator == "-":
        b = (-b[1], -b[0])
    reach = (a[0] + b[0], a[1] + b[1])
    both_days = _unbounded(x) and _unbounded(y)
    near = any(_unbounded(one) for one in args) and (both_days or _steps(args) <= NEAR)
    if near:
        return f"({f' {operator} '.join(_pair(args, bits, dialect))})"
    wide = _least_bits(bits, args, reach)
    total = f"({f' {operator} '.join(_pair(args, wide, dialect))})"
    if width(reach) <= bits:
        return fitted(total, wide, bits, dialect)
    low, high = integer(-OUTERMOST, dialect), integer(OUTERMOST, dialect)
    if bits > 32:
        return fitted(total, wide, bits, dialect)
    held = cast(total, bits, dialect)
    return (
        f"CASE WHEN {total} BETWEEN {low} AND {high} THEN {held} "
        f"WHEN {total} < 0 THEN {low} WHEN {total} > 0 THEN {high} END"
    )


def _pair(args: Sequence[SqlArg], bits: int, dialect: Dialect) -> tuple[str, str]:
    """Two operands of a width; beside one that has it, a constant needs no type."""
    a, b = args
    if isinstance(b.value, int) and a.value is OPEN and width(reach_of(b)) <= bits:
        return number(a, bits, dialect), integer(b.value, dialect)
    if isinstance(a.value, int) and b.value is OPEN and width(reach_of(a)) <= bits:
        return integer(a.value, dialect), number(b, bits, dialect)
    return number(a, bits, dialect), number(b, bits, dialect)


def _steps(args: Sequence[SqlArg]) -> int:
    """How far the argument that is no day moves the other one."""
    reaches = [reach_of(arg) for arg in args if not _unbounded(arg)]
    return max((max(abs(low), abs(high)) for low, high in reaches), default=0)


def add(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    return _sum("+", dialect, args, bits)


def sub(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    return _sum("-", dialect, args, bits)


def mul(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    corners = [x * y for x in reach_of(args[0]) for y in reach_of(args[1])]
    wide = _least_bits(bits, args, (min(corners), max(corners)))
    a, b = _pair(args, wide, dialect)
    return fitted(f"({a} * {b})", wide, bits, dialect)


def neg(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    low, high = reach_of(args[0])
    wide = _least_bits(bits, args, (-high, -low))
    return fitted(negative(number(args[0], wide, dialect), wide, dialect), wide, bits, dialect)


def absolute(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    low, high = reach_of(args[0])
    if low >= 0:
        return fitted(number(args[0], args[0].bits, dialect), args[0].bits, bits, dialect)
    wide = _least_bits(bits, args, (0, max(-low, high)))
    return fitted(size(number(args[0], wide, dialect), wide, dialect), wide, bits, dialect)


def _extreme(function: str, dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    """Engines pass over NULLs here; an unknown argument makes the value unknown."""
    if len(args) == 1:
        return number(args[0], bits, dialect)
    opened = [arg for arg in args if arg.value is OPEN]
    found = f"{function}({', '.join(arg.text for arg in args)})"
    if (
        any(arg.bits != bits for arg in opened)
        or not opened
        or any(arg.value is not OPEN and width(reach_of(arg)) > bits for arg in args)
    ):
        found = cast(found, bits, dialect)
    return where([f"{arg.text} IS NOT NULL" for arg in opened], found)


def least(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    return _extreme("least", dialect, args, bits)


def greatest(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    return _extreme("greatest", dialect, args, bits)


# ------------------------------------------------------------------------------------ division


@dataclass(frozen=True, slots=True)
class Term:
    """An operand of a division: its text in the width of the division, and its bounds."""

    text: str
    reach: Reach
    constant: int | None = None

    @property
    def most(self) -> int:
        return max(abs(self.reach[0]), abs(self.reach[1]))

    def some(self) -> str:
        """The text; NULL instead of zero."""
        return f"nullif({self.text}, 0)" if self.reach[0] <= 0 <= self.reach[1] else self.text


def _term(arg: SqlArg, bits: int, dialect: Dialect) -> Term:
    known = arg.value if isinstance(arg.value, int) else None
    text = number(arg, bits, dialect) if known is None else integer(known, dialect)
    return Term(text, reach_of(arg), known)


def _towards_zero(n: str, most: int, d: Term, bits: int, dialect: Dialect) -> tuple[str, int]:
    """The quotient without its fraction, and the width it comes in. `n` is at most `most` away
    from zero. Spark's decimals divide exactly what has no remainder."""
    if dialect == "duckdb":
        return f"({n} // {d.some()})", bits
    if bits < 128:
        return f"({n} div {d.some()})", 64
    smallest = min(abs(d.reach[0]), abs(d.reach[1])) if d.reach[0] * d.reach[1] > 0 else 1
    if most // smallest < EXACT_QUOTIENT:
        return _whole_quotient(n, d.some()), 128
    high, low = _whole_quotient(n, str(SPLIT)), f"({n} % {SPLIT})"
    rest = cast(f"({high} % {d.some()})", 128, dialect)
    second = _whole_quotient(f"({rest} * {SPLIT} + {low})", d.some())
    return f"({_whole_quotient(high, d.some())} * {SPLIT} + {second})", 128


def _whole_quotient(n: str, d: str) -> str:
    return cast(f"(({n} - {n} % {d}) / {d})", 128, "spark")


def _by_remainder(n: Term, d: Term, mode: str, bits: int, dialect: Dialect) -> tuple[str, int]:
    quotient, have = _towards_zero(n.text, n.most, d, bits, dialect)
    rest, divisor = f"({n.text} % {d.some()})", size(d.text, bits, dialect)
    left = size(rest, bits, dialect)
    away = f"CASE WHEN ({n.text} < 0) = ({d.text} < 0) THEN 1 ELSE -1 END"
    further = {
        "half_up": f"CASE WHEN {left} >= {divisor} - {left} THEN {away} ELSE 0 END",
        "up": f"CASE WHEN {rest} <> 0 THEN {away} ELSE 0 END",
        "floor": f"CASE WHEN {rest} < 0 THEN -1 ELSE 0 END",
        "ceil": f"CASE WHEN {rest} > 0 THEN 1 ELSE 0 END",
    }
    return f"({quotient} + {further[mode]})", have


def _divided(n: Term, d: Term, mode: str, bits: int, dialect: Dialect) -> tuple[str, int]:
    """n / d rounded, in the width of both; for `floor` and `ceil` d is above zero."""
    if d.constant == 1:
        return n.text, bits
    if mode == "down":
        return _towards_zero(n.text, n.most, d, bits, dialect)
    add = d.most // 2 if mode == "half_up" else d.most - 1
    if n.most + add > MOST[bits] or (bits == 128 and dialect == "spark" and d.constant is None):
        return _by_remainder(n, d, mode, bits, dialect)
    moved = _towards(n, d, mode, bits, dialect)
    return _towards_zero(moved, n.most + add, d, bits, dialect)


def _towards(n: Term, d: Term, mode: str, bits: int, dialect: Dialect) -> str:
    """The numerator, moved so far that dropping the fraction rounds as wanted."""
    if d.constant is not None:
        add = abs(d.constant) // 2 if mode == "half_up" else abs(d.constant) - 1
        step, back = integer(add, dialect), integer(-add, dialect)
        positive = d.constant > 0
    else:
        step, back = _opened_step(d, mode, dialect)
        positive = d.reach[0] >= 0
    if step == "0":
        return n.text
    if n.reach[0] >= 0 and positive:
        return n.text if mode == "floor" else f"({n.text} + {step})"
    if n.reach[1] <= 0 and positive:
        return n.text if mode == "ceil" else f"({n.text} + {back})"
    if mode == "floor":
        return f"({n.text} + CASE WHEN {n.text} < 0 THEN {back} ELSE 0 END)"
    if mode == "ceil":
        return f"({n.text} + CASE WHEN {n.text} > 0 THEN {step} ELSE 0 END)"
    if positive or d.constant is not None:
        return f"({n.text} + CASE WHEN {n.text} < 0 THEN {back} ELSE {step} END)"
    return f"({n.text} + CASE WHEN ({n.text} < 0) = ({d.text} < 0) THEN {step} ELSE {back} END)"


def _opened_step(d: Term, mode: str, dialect: Dialect) -> tuple[str, str]:
    """By how much to move where the signs of both are the same, and where they are not. The
    divisor's own sign is in it."""
    if mode == "half_up":
        half = f"({d.text} {'//' if dialect == 'duckdb' else 'div'} 2)"
        return half, f"(-{half})"
    if d.reach[0] >= 0:
        return f"({d.text} - 1)", f"(1 - {d.text})"
    step = f"CASE WHEN {d.text} < 0 THEN {d.text} + 1 ELSE {d.text} - 1 END"
    return step, f"(-({step}))"


def _quotient(dialect: Dialect, a: SqlArg, b: SqlArg, k: int, mode: str) -> tuple[str, int]:
    """a * 10^k / b rounded, k at least 0, in the narrowest width that holds all steps of it."""
    power = 10**k
    n, d = reach_of(a), reach_of(b)
    top = max(abs(n[0]), abs(n[1])) * power
    bottom = max(abs(d[0]), abs(d[1]))
    wide = _least_bits(32, (a, b), (-(top + bottom), top + bottom))
    if wide == 128 and top > MOST[128]:
        return _long(dialect, a, b, k, mode), 128
    upper = _term(a, wide, dialect)
    if upper.constant is not None:
        product = Term(integer(upper.constant * power, dialect, wide), (n[0] * power,) * 2)
    else:
        text = f"({upper.text} * {power})" if k else upper.text
        product = Term(text, (n[0] * power, n[1] * power))
    return _divided(product, _term(b, wide, dialect), mode, wide, dialect)


def _long(dialect: Dialect, a: SqlArg, b: SqlArg, k: int, mode: str) -> str:
    """Division on paper: some digits at a time, because the numerator has more than 38."""
    d = _term(b, 128, dialect)
    rest = Term(number(a, 128, dialect), reach_of(a))
    parts: list[str] = []
    left = k
    while True:
        quotient, _ = _towards_zero(rest.text, rest.most, d, 128, dialect)
        parts.append(f"{quotient} * {integer(10**left, dialect)}" if left else "")
        if not left:
            last, _ = _divided(rest, d, mode, 128, dialect)
            return f"({' + '.join([*parts[:-1], last])})"
        most = min(rest.most, d.most - 1)
        digits = min(left, len(str(MOST[128] // max(most, 1))) - 1)
        assert digits > 0, "a divisor of 38 digits divides no number of 38 digits further"
        remainder = cast(f"({rest.text} % {d.some()})", 128, dialect)
        step = 10**digits
        rest = Term(f"({remainder} * {step})", (-most * step, most * step))
        left -= digits


def _rounded(dialect: Dialect, a: SqlArg, b: SqlArg, k: int, mode: str, bits: int) -> str:
    """The same in the bits of the result; without wide numbers where the values at hand allow."""
    text, have = _quotient(dialect, a, b, k, mode)
    exact = fitted(text, have, bits, dialect)
    if have < 128 or a.value is not OPEN:
        return exact
    low, high = reach_of(b)
    most = min(max(abs(low), abs(high)), 10**12)
    room = (MOST[64] - most) // 10**k
    if room < 10**6:
        return exact
    tests = [f"{a.text} BETWEEN {-room} AND {room}"]
    if b.value is OPEN and (low < -most or high > most):
        tests.append(f"{b.text} BETWEEN {max(low, -most)} AND {min(high, most)}")
    small = (_narrowed(a, room, dialect), _narrowed(b, most, dialect))
    fast, come = _quotient(dialect, *small, k, mode)
    held = fitted(fast, come, bits, dialect)
    return f"CASE WHEN {' AND '.join(tests)} THEN {held} ELSE {exact} END"


def _narrowed(arg: SqlArg, most: int, dialect: Dialect) -> SqlArg:
    """An argument of which is known that it is not further from zero than `most`."""
    if arg.value is not OPEN:
        return arg
    low, high = reach_of(arg)
    text = fitted(arg.text, arg.bits, min(arg.bits, 64), dialect)
    return SqlArg(text, max(low, -most), min(high, most), OPEN, min(arg.bits, 64))


def _power(k: int) -> SqlArg:
    return SqlArg(str(10**k), 10**k, 10**k, 10**k, 128)


def div(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    a, b, k = args[0], args[1], constant(args[2], "a number of digits")
    if k >= 0:
        return _rounded(dialect, a, b, k, "half_up", bits)
    low, high = reach_of(b)
    if isinstance(b.value, int):
        return _rounded(dialect, a, _known(b.value * 10**-k), 0, "half_up", bits)
    if max(abs(low), abs(high)) * 10**-k * 2 <= MOST[64]:
        scaled = SqlArg(
            f"({number(b, 64, dialect)} * {10**-k})", low * 10**-k, high * 10**-k, OPEN, 64
        )
        return _rounded(dialect, a, scaled, 0, "half_up", bits)
    # Halves are whole numbers of the last digit, so what division by b drops does not matter.
    whole = _rounded(dialect, a, b, 0, "down", max(a.bits, b.bits))
    least, most = reach_of(a)
    furthest = max(abs(least), abs(most))
    quotient = SqlArg(f"({whole})", -furthest, furthest, OPEN, max(a.bits, b.bits))
    return _rounded(dialect, quotient, _power(-k), 0, "half_up", bits)


def _known(value: int) -> SqlArg:
    return SqlArg(str(value), value, value, value, 128)


def rescale(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    k = constant(args[1], "a number of digits")
    if k > 0:
        return mul(dialect, (args[0], _known(10**k)), bits)
    if k == 0:
        return number(args[0], bits, dialect)
    return _rounded(dialect, args[0], _power(-k), 0, "half_up", bits)


def floor(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    power = _power(constant(args[1], "a number of digits"))
    return _rounded(dialect, args[0], power, 0, "floor", bits)


def ceil(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    power = _power(constant(args[1], "a number of digits"))
    return _rounded(dialect, args[0], power, 0, "ceil", bits)


def quotient(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    return _rounded(dialect, args[0], args[1], 0, constant(args[2], "a rounding"), bits)
