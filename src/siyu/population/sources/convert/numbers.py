"""Numbers of source columns as integers of the field's scale: exactly, or not at all."""

from __future__ import annotations

from siyu.functions.declaration import Dialect
from siyu.population.sources.convert.converted import Why, fitted
from siyu.population.sources.physical import Physical
from siyu.population.sources.sqltext import as_text, integer_type, literals, matches, try_cast
from siyu.schema.numbers import A_NUMBER, A_WHOLE_NUMBER, UNITS, UNITS_WANTED, range_wanted
from siyu.types import MAX_DIGITS, DurationType, IntType, NumberType, scale_of
from siyu.words import Words, say_n

NARROW = 18  # digits of decimals that stay in 64 bits
NUMBER = "-?[0-9]{1,60}(?:[.][0-9]{1,60})?"


def from_column(kind: NumberType, x: str, column: Physical, dialect: Dialect) -> str:
    """The held number of a column of numbers; NULL outside the range, or of too many digits."""
    match column.kind:
        case "int":
            return _from_int(kind, x, column, dialect)
        case "decimal":
            return _from_decimal(kind, x, column.digits, column.scale, dialect)
        case _:
            return _from_float(kind, x, column, dialect)


def _from_int(kind: NumberType, x: str, column: Physical, dialect: Dialect) -> str:
    power = int(10 ** scale_of(kind))
    low, high = -(-kind.low // power), kind.high // power
    held = integer_type(kind.low, kind.high, dialect)
    made = f"CAST({x} AS {held})"
    if power > 1:
        made = f"CAST({made} * CAST({power} AS {held}) AS {held})"
    tests = [f"{x} >= {low}"] if low > column.low else []
    tests += [f"{x} <= {high}"] if high < column.high else []
    return f"CASE WHEN {' AND '.join(tests)} THEN {made} END" if tests else made


def _from_decimal(kind: NumberType, x: str, digits: int, scale: int, dialect: Dialect) -> str:
    """The bounds are decimals of the column's own type, so that comparing with them is cheap."""
    target = scale_of(kind)
    power = int(10**target)
    held = integer_type(kind.low, kind.high, dialect)
    low, high = -_down(-kind.low, target, scale), _down(kind.high, target, scale)
    most = 10**digits - 1
    if low > most or high < -most:
        return f"CAST(NULL AS {held})"
    kept = min(scale, target)
    whole = len(str(max(abs(kind.low), abs(kind.high)) // power))
    room = max(1, min(whole, digits - scale) + kept)
    if room + target + 2 > MAX_DIGITS:
        return from_text(kind, as_text(x, dialect), dialect)
    tests = []
    if low > -most:
        tests.append(f"{x} >= CAST('{_point(low, scale)}' AS DECIMAL({digits}, {scale}))")
    if high < most:
        tests.append(f"{x} <= CAST('{_point(high, scale)}' AS DECIMAL({digits}, {scale}))")
    number = try_cast(x, f"DECIMAL({room}, {kept})")
    if kept < scale:
        tests.append(f"{number} = {x}")
    if target:
        if room <= NARROW < room + target + 1:  # DuckDB's product would not get any wider
            number = f"CAST({number} AS DECIMAL({MAX_DIGITS}, {kept}))"
        number = f"{number} * CAST({power} AS DECIMAL({target + 1}, 0))"
    made = f"CAST({number} AS {held})"
    return f"CASE WHEN {' AND '.join(tests)} THEN {made} END" if tests else made


def _down(value: int, scale: int, other: int) -> int:
    """A number of one scale in another, rounded down."""
    if other >= scale:
        return value * int(10 ** (other - scale))
    return value // int(10 ** (scale - other))


def _point(value: int, scale: int) -> str:
    text = str(abs(value)).rjust(scale + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{text[:-scale]}.{text[-scale:]}" if scale else f"{sign}{text}"


def _from_float(kind: NumberType, x: str, column: Physical, dialect: Dialect) -> str:
    """The shortest digits that mean the binary fraction: they must mean it, and fit the scale."""
    scale = scale_of(kind)
    shortest = try_cast(as_text(x, dialect), f"DECIMAL({MAX_DIGITS}, {scale})")
    binary = "FLOAT" if column.bits == 32 else "DOUBLE"
    value = f"CASE WHEN CAST({shortest} AS {binary}) = {x} THEN {shortest} END"
    return _from_decimal(kind, f"({value})", MAX_DIGITS, scale, dialect)


# ---------------------------------------------------------------- numbers that are written


def from_text(kind: NumberType, x: str, dialect: Dialect) -> str:
    """The held number of digits; NULL of everything else."""
    made = _written(kind, x, dialect)
    return f"CASE WHEN {matches(x, pattern(scale_of(kind)), dialect)} THEN {made} END"


def from_text_with_unit(kind: DurationType, x: str, dialect: Dialect) -> str:
    """The held duration of a text like `30 days`."""
    digits = f"split_part({x}, ' ', 1)"
    arms = []
    for factor in sorted({factor for unit, factor in UNITS.values() if unit == kind.unit}):
        words = [word for word, meant in UNITS.items() if meant == (kind.unit, factor)]
        like = f"{pattern(kind.scale)} (?:{'|'.join(words)})"
        made = _written(kind, digits, dialect, factor)
        arms.append(f"WHEN {matches(x, like, dialect)} THEN {made}")
    return f"CASE {' '.join(arms)} END"


def _written(kind: NumberType, x: str, dialect: Dialect, factor: int = 1) -> str:
    scale = scale_of(kind)
    whole = f"split_part({x}, '.', 1)"
    digits = f"substr(rpad(split_part({x}, '.', 2), {scale}, '0'), 1, {scale})"
    low, high = -(-kind.low // factor), kind.high // factor
    number = try_cast(
        f"concat({whole}, {digits})" if scale else whole, integer_type(low, high, dialect)
    )
    made = fitted(number, low, high, dialect)
    if factor == 1:
        return made
    held = integer_type(kind.low, kind.high, dialect)
    return f"CAST(CAST(({made}) AS {held}) * CAST({factor} AS {held}) AS {held})"


def pattern(scale: int) -> str:
    """Digits that a scale can hold: what is beyond it is zeros."""
    if scale == 0:
        return "-?[0-9]{1,60}(?:[.]0{1,60})?"
    return f"-?[0-9]{{1,60}}(?:[.][0-9]{{1,{scale}}}0{{0,{60 - scale}}})?"


# ---------------------------------------------------------------- why there is none


def whys(kind: NumberType, text: str, dialect: Dialect, unit: bool = False) -> tuple[Why, ...]:
    """Why the text of a number is none of the field's."""
    wanted: Words = A_WHOLE_NUMBER if isinstance(kind, IntType) else A_NUMBER
    if unit and isinstance(kind, DurationType):
        wanted = UNITS_WANTED[kind.unit]
    digits = f"split_part({text}, ' ', 1)" if unit else text
    number = matches(digits, NUMBER, dialect)
    if unit and isinstance(kind, DurationType):
        words = [word for word, (meant, _) in UNITS.items() if meant == kind.unit]
        number = f"({number} AND split_part({text}, ' ', 2) IN ({literals(words, dialect)}))"
    fits = matches(digits, pattern(scale_of(kind)), dialect)
    return (
        Why("type", f"NOT {number}", wanted),
        Why("digits", f"NOT {fits}", digits_wanted(scale_of(kind))),
        Why("range", "TRUE", range_wanted(kind)),
    )


def digits_wanted(scale: int) -> Words:
    """How many digits there may be."""
    if scale == 0:
        return A_WHOLE_NUMBER
    return say_n(
        "must have at most 1 digit after the point",
        "must have at most {count} digits after the point",
        scale,
    )
