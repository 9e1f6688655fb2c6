"""What writers of SQL share: types, literals and small forms, for each dialect.

Every text made here may be put anywhere an operand may stand: it is a name, a literal, a call, or
something in brackets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from siyu.functions.declaration import OPEN, Dialect, SqlArg, SqlWriter

INTEGERS: Mapping[Dialect, Mapping[int, str]] = {
    "duckdb": {32: "INTEGER", 64: "BIGINT", 128: "HUGEINT"},
    "spark": {32: "INT", 64: "BIGINT", 128: "DECIMAL(38, 0)"},
}
TEXT: Mapping[Dialect, str] = {"duckdb": "VARCHAR", "spark": "STRING"}
TEXTS: Mapping[Dialect, str] = {"duckdb": "VARCHAR[]", "spark": "ARRAY<STRING>"}
MOST = {32: 2**31 - 1, 64: 2**63 - 1, 128: 10**38 - 1}  # what each width surely holds, either sign

# What writes a function for either dialect: the dialect, the arguments, the bits of the result.
Writer = Callable[[Dialect, Sequence[SqlArg], int], str]
Reach = tuple[int, int]  # inclusive bounds


def written(writer: Writer) -> Mapping[Dialect, SqlWriter]:
    """The entries of a function's `sql` that one writer serves."""
    return {"duckdb": partial(writer, "duckdb"), "spark": partial(writer, "spark")}


def literal(value: Any, dialect: Dialect, bits: int | None = None) -> str:
    """A held value as SQL. Where `bits` are given, a number is of that width whatever its size;
    else of the narrowest that the engine finds for it. Texts hold no lone surrogates.

    >>> literal("it's", "duckdb"), literal("it's", "spark"), literal(None, "spark")
    ("'it''s'", "'it\\\\'s'", 'NULL')
    >>> literal(-5, "duckdb", 64), literal(frozenset("ba"), "spark")
    ('CAST(-5 AS BIGINT)', "array('a', 'b')")
    """
    match value:
        case None:
            return "NULL" if bits is None else f"CAST(NULL AS {INTEGERS[dialect][bits]})"
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return integer(value, dialect, bits)
        case str():
            return _quoted[dialect](value)
        case frozenset():
            held = array([literal(each, dialect) for each in sorted(value)], dialect)
            return held if value else f"CAST({held} AS {TEXTS[dialect]})"
        case (float(lat), float(lon)):
            if dialect == "duckdb":
                return f"{{'lat': CAST({lat!r} AS DOUBLE), 'lon': CAST({lon!r} AS DOUBLE)}}"
            return f"named_struct('lat', {lat!r}D, 'lon', {lon!r}D)"
        case tuple():
            return array([literal(each, dialect) for each in value], dialect)
        case _:
            raise AssertionError(f"{type(value).__name__} is no held value")


def integer(value: int, dialect: Dialect, bits: int | None = None) -> str:
    """A number as SQL; negative ones in brackets, so that they may follow an operator."""
    if bits is not None and bits != 32:
        held = f"'{value}'" if dialect == "spark" and bits == 128 else str(value)
        return f"CAST({held} AS {INTEGERS[dialect][bits]})"
    if value < -MOST[32] or (dialect == "spark" and abs(value) > MOST[64]):
        return integer(value, dialect, width((value, value)))
    return str(value) if value >= 0 else f"({value})"


def array(items: Sequence[str], dialect: Dialect) -> str:
    held = ", ".join(items)
    return f"[{held}]" if dialect == "duckdb" else f"array({held})"


def _duckdb_text(text: str) -> str:
    """Control characters by number: a NUL would end the query, and none can be read."""
    parts: list[str] = []
    plain = ""
    for letter in text:
        if letter < " " or letter == "\x7f":
            parts += [f"'{plain}'"] * bool(plain) + [f"chr({ord(letter)})"]
            plain = ""
        else:
            plain += letter.replace("'", "''")
    parts += [f"'{plain}'"] * (bool(plain) or not parts)
    return parts[0] if len(parts) == 1 else f"({' || '.join(parts)})"


def _spark_text(text: str) -> str:
    """Spark reads backslashes in literals, and puts settings in for `${…}` wherever it stands."""
    return "'" + "".join(_SPARK.get(letter, letter) for letter in text) + "'"


_SPARK = {chr(n): f"\\u{n:04X}" for n in (*range(32), 0x7F, ord("$"))} | {"\\": "\\\\", "'": "\\'"}
_quoted: Mapping[Dialect, Callable[[str], str]] = {"duckdb": _duckdb_text, "spark": _spark_text}


def width(reach: Reach) -> int:
    """The narrowest bits that hold every number between two; 128 where none do."""
    furthest = max(-reach[0] - 1, reach[1])
    return next((bits for bits in (32, 64) if furthest <= MOST[bits]), 128)


def reach_of(arg: SqlArg) -> Reach:
    """Between what an argument lies: what its width holds, where nothing is known."""
    if isinstance(arg.value, int):
        return arg.value, arg.value
    most = MOST[arg.bits]
    lowest = -most if arg.bits == 128 else -most - 1
    return (lowest if arg.low is None else arg.low, most if arg.high is None else arg.high)


def cast(text: str, bits: int, dialect: Dialect) -> str:
    return f"CAST({text} AS {INTEGERS[dialect][bits]})"


def fitted(text: str, have: int, bits: int, dialect: Dialect) -> str:
    """An expression of one width in another."""
    return text if have == bits else cast(text, bits, dialect)


def number(arg: SqlArg, bits: int, dialect: Dialect) -> str:
    """An argument as a number of a width."""
    if isinstance(arg.value, int):
        return integer(arg.value, dialect, bits)
    return fitted(arg.text, arg.bits, bits, dialect)


def negative(text: str, bits: int, dialect: Dialect) -> str:
    """A number with the other sign. Spark's minus before a decimal rounds it to 34 digits."""
    return f"(0 - {text})" if dialect == "spark" and bits == 128 else f"(-{text})"


def size(text: str, bits: int, dialect: Dialect) -> str:
    """A number without its sign; Spark's abs rounds as its minus does."""
    if dialect == "spark" and bits == 128:
        return f"greatest({text}, 0 - {text})"
    return f"abs({text})"


def constant(arg: SqlArg, what: str) -> Any:
    """The value of an argument that the core always gives as a constant."""
    assert arg.value is not OPEN, f"{what} is a constant of the policy"
    return arg.value


def between(arg: SqlArg, low: int, high: int) -> str:
    """A test whether an argument lies between two numbers; nothing where that is certain."""
    reach = reach_of(arg)
    ends = (reach[0] >= low, reach[1] <= high)
    match ends:
        case (True, True):
            return ""
        case (False, True):
            return f"{arg.text} >= {low}"
        case (True, False):
            return f"{arg.text} <= {high}"
        case _:
            return f"{arg.text} BETWEEN {low} AND {high}"


def where(tests: Sequence[str], value: str) -> str:
    """A value where all tests hold, else unknown. The value is worked out there only."""
    held = [test for test in tests if test]
    return f"CASE WHEN {' AND '.join(held)} THEN {value} END" if held else value


def bound(name: str, value: str, body: str, dialect: Dialect) -> str:
    """`body`, in which `name` stands for a value that is worked out once.

    Costs a list for each row, so only for long texts that are seldom wanted.
    """
    if dialect == "duckdb":
        return f"list_transform([{value}], lambda {name}: {body})[1]"
    return f"transform(array({value}), {name} -> {body})[0]"
