"""Exact arithmetic, comparison and membership, on scaled integers and other held values.

Rounding is half up, away from zero: 0.5 becomes 1 and -0.5 becomes -1. Scales are aligned before
these are called, so nothing here knows what a number's digits mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from siyu.functions import sql_members, sql_numbers
from siyu.functions.declaration import Example, Function
from siyu.functions.sql import written

POWERS: tuple[int, ...] = tuple(10**k for k in range(100))


def half_up(numerator: int, denominator: int) -> int | None:
    """The nearest integer to a fraction, halves away from zero; None where there is no fraction.

    >>> half_up(5, 2), half_up(-5, 2), half_up(7, 3), half_up(1, 0)
    (3, -3, 2, None)
    """
    if denominator == 0:
        return None
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    if numerator >= 0:
        return (2 * numerator + denominator) // (2 * denominator)
    return -((denominator - 2 * numerator) // (2 * denominator))


def div(a: int, b: int, k: int) -> int | None:
    return half_up(a * POWERS[k], b) if k >= 0 else half_up(a, b * POWERS[-k])


def rescale(a: int, k: int) -> int | None:
    return a * POWERS[k] if k >= 0 else half_up(a, POWERS[-k])


def floor(a: int, k: int) -> int:
    return a // POWERS[k]


def ceil(a: int, k: int) -> int:
    return -(-a // POWERS[k])


def quotient(n: int, d: int, mode: str) -> int | None:
    if mode == "half_up" or d == 0:
        return half_up(n, d)
    size = abs(n) // abs(d) if mode == "down" else -(-abs(n) // abs(d))
    return size if (n < 0) == (d < 0) else -size


def least(*values: int) -> int:
    return min(values)


def greatest(*values: int) -> int:
    return max(values)


def positions(members: Sequence[str]) -> dict[str, int]:
    """Where each member of an ordered enum stands, lowest first: what `rank` looks up."""
    return {member: place for place, member in enumerate(members)}


def rank(x: str, members: tuple[str, ...]) -> int | None:
    return members.index(x) if x in members else None


def _rescale_source(known: Mapping[int, Any]) -> str | None:
    return f"({{0}} * {POWERS[known[1]]})" if known.get(1, -1) >= 0 else None


def _floor_source(known: Mapping[int, Any]) -> str | None:
    return f"({{0}} // {POWERS[known[1]]})" if 1 in known else None


def _ceil_source(known: Mapping[int, Any]) -> str | None:
    return f"(-(-{{0}} // {POWERS[known[1]]}))" if 1 in known else None


def _examples(*rows: tuple[object, ...]) -> tuple[Example, ...]:
    """Each row is the arguments, then the result."""
    return tuple(Example(row[:-1], row[-1]) for row in rows)


ARITHMETIC = (
    Function(
        "add",
        "The sum of two numbers of one scale.",
        lambda a, b: a + b,
        _examples((1, 2, 3), (-5, 5, 0)),
        "({0} + {1})",
        sql=written(sql_numbers.add),
    ),
    Function(
        "sub",
        "The difference of two numbers of one scale.",
        lambda a, b: a - b,
        _examples((1, 2, -1), (-5, -5, 0)),
        "({0} - {1})",
        sql=written(sql_numbers.sub),
    ),
    Function(
        "mul",
        "The product; its scale is the sum of the scales.",
        lambda a, b: a * b,
        _examples((3, -4, -12), (10**18, 10**18, 10**36)),
        "({0} * {1})",
        sql=written(sql_numbers.mul),
    ),
    Function(
        "neg",
        "The number with the other sign.",
        lambda a: -a,
        _examples((3, -3)),
        "(-{0})",
        sql=written(sql_numbers.neg),
    ),
    Function(
        "abs",
        "The number without its sign.",
        lambda a: abs(a),
        _examples((-3, 3), (0, 0)),
        "abs({0})",
        sql=written(sql_numbers.absolute),
    ),
    Function(
        "div",
        "a times 10 to the k, divided by b, rounded half up; unknown where b is zero.",
        div,
        _examples(
            (1, 3, 6, 333333), (1, 2, 0, 1), (-1, 2, 0, -1), (5, -2, 0, -3), (1, 0, 6, None),
            (12345, 1, -2, 123), (12350, 1, -2, 124), (-12350, 1, -2, -124),
        ),
        partial=True,
        sql=written(sql_numbers.div),
    ),
    Function(
        "rescale",
        "The number with k more digits, or with -k fewer, rounded half up.",
        rescale,
        _examples((199, 2, 19900), (25, -1, 3), (-25, -1, -3), (24, -1, 2), (-24, -1, -2)),
        tailored=_rescale_source,
        sql=written(sql_numbers.rescale),
    ),
    Function(
        "floor",
        "The integer at or below a number of scale k.",
        floor,
        _examples((199, 2, 1), (-1, 2, -1), (200, 2, 2), (7, 0, 7)),
        tailored=_floor_source,
        sql=written(sql_numbers.floor),
    ),
    Function(
        "ceil",
        "The integer at or above a number of scale k.",
        ceil,
        _examples((199, 2, 2), (-199, 2, -1), (200, 2, 2), (7, 0, 7)),
        tailored=_ceil_source,
        sql=written(sql_numbers.ceil),
    ),
    Function(
        "quotient",
        "n divided by d as an integer: `down` towards zero, `up` away from it, or `half_up`.",
        quotient,
        _examples(
            (3999, 100, "down", 39), (-3999, 100, "down", -39), (3901, 100, "up", 40),
            (-3901, 100, "up", -40), (5, 2, "half_up", 3), (-5, 2, "half_up", -3),
            (4, -2, "up", -2), (-4, -3, "up", 2), (0, -3, "down", 0), (1, 0, "down", None),
        ),
        partial=True,
        sql=written(sql_numbers.quotient),
    ),
    Function("min", "The least of its arguments.", least, _examples((3, 1, 2, 1), (5, 5)),
             sql=written(sql_numbers.least)),
    Function("max", "The greatest of its arguments.", greatest, _examples((3, 1, 2, 3), (5, 5)),
             sql=written(sql_numbers.greatest)),
)  # fmt: skip

COMPARISONS = (
    Function(
        "eq",
        "Whether two values are the same.",
        lambda a, b: a == b,
        _examples((1, 1, True), ("a", "b", False), (frozenset("ab"), frozenset("ba"), True)),
        "({0} == {1})",
        sql=written(sql_members.compared("=")),
    ),
    Function(
        "ne",
        "Whether two values differ.",
        lambda a, b: a != b,
        _examples((1, 1, False), ("a", "b", True)),
        "({0} != {1})",
        sql=written(sql_members.compared("<>")),
    ),
    Function(
        "lt",
        "Whether the first value is less; texts by code point.",
        lambda a, b: a < b,
        _examples((1, 2, True), (2, 2, False), ("Z", "a", True), ("金", "銀", True)),
        "({0} < {1})",
        sql=written(sql_members.compared("<")),
    ),
    Function(
        "le",
        "Whether the first value is at most the second.",
        lambda a, b: a <= b,
        _examples((2, 2, True), (3, 2, False)),
        "({0} <= {1})",
        sql=written(sql_members.compared("<=")),
    ),
    Function(
        "gt",
        "Whether the first value is greater.",
        lambda a, b: a > b,
        _examples((2, 2, False), (3, 2, True)),
        "({0} > {1})",
        sql=written(sql_members.compared(">")),
    ),
    Function(
        "ge",
        "Whether the first value is at least the second.",
        lambda a, b: a >= b,
        _examples((2, 2, True), (1, 2, False)),
        "({0} >= {1})",
        sql=written(sql_members.compared(">=")),
    ),
)

MEMBERSHIP = (
    Function(
        "in_set",
        "Whether a value is one of a constant set.",
        lambda x, members: x in members,
        _examples(("a", frozenset("ab"), True), (3, frozenset({1, 2}), False)),
        "({0} in {1})",
        sql=written(sql_members.in_set),
    ),
    Function(
        "has",
        "Whether a set holds a value.",
        lambda members, x: x in members,
        _examples((frozenset({"vip"}), "vip", True), (frozenset(), "vip", False)),
        "({1} in {0})",
        sql=written(sql_members.has),
    ),
    Function(
        "rank",
        "The place of a member in an ordered enum, lowest first; unknown where it is none.",
        rank,
        _examples(
            ("gold", ("silver", "gold"), 1), ("silver", ("silver", "gold"), 0),
            ("wood", ("silver", "gold"), None),
        ),
        "{1}.get({0})",
        partial=True,
        prepared=((1, positions),),
        sql=written(sql_members.rank),
    ),
    Function(
        "item",
        "Whether candidate number i was chosen in a contest.",
        lambda contest, i: contest[i],
        _examples(((True, False), 1, False), ((True, False), 0, True)),
        "{0}[{1}]",
        sql=written(sql_members.item),
    ),
)  # fmt: skip

DECLARED = ARITHMETIC + COMPARISONS + MEMBERSHIP
