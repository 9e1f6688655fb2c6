"""Python text for reading one object: its fields, their types, and its unknown names.

No text of a schema becomes code: variables are numbered, names stand in string literals written
by `ascii`, everything else is handed in as a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import assert_never

from siyu.records.memo import AMOUNTS, CLOCKS, DATES, DAYS, EXACT, STUMBLE, TIMES, Texts, known
from siyu.records.plan import Fields
from siyu.schema import MISSING, Field
from siyu.schema.values import held
from siyu.types import (
    BoolType,
    DateTimeType,
    DateType,
    DecimalType,
    DurationType,
    EnumType,
    ErrorType,
    GeoType,
    IntType,
    LevelType,
    MoneyType,
    SetType,
    TextType,
    TimeType,
    Type,
)


class Code:
    """Lines of Python, and the values they need by name."""

    def __init__(self, first: int, last: int) -> None:
        self.lines: list[str] = []
        self.depth = 0
        self.count = 0
        self.given: dict[str, object] = {
            "STUMBLE": STUMBLE, "DATES": DATES, "TIMES": TIMES, "DAYS": DAYS, "CLOCKS": CLOCKS,
            "SHIFT": EXACT.scaleb, "KNOWN": known, "HELD": held, "FIRST": first, "LAST": last,
        }  # fmt: skip

    def text(self) -> str:
        """The whole source."""
        return "\n".join(self.lines) + "\n"

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Indents what is written inside."""
        self.line(head)
        self.depth += 1
        yield
        self.depth -= 1

    def name(self, letter: str = "v") -> str:
        """A variable that nobody else uses."""
        self.count += 1
        return f"{letter}{self.count}"

    def hand_in(self, value: object) -> str:
        """A name by which the source knows a value."""
        name = self.name("K")
        self.given[name] = value
        return name

    def stumble(self, condition: str) -> None:
        """Gives up where the condition holds."""
        with self.block(f"if {condition}:"):
            self.line("raise STUMBLE")


def maybe_absent(field: Field) -> bool:
    """Whether a record need not bring the field."""
    return field.optional or field.default is not MISSING


def write_fields(
    code: Code, of: str, fields: Fields, beside: int = 0
) -> tuple[dict[str, str], str]:
    """Reads the fields of the object in the variable `of`: their variables by name, and the
    variable that counts the known keys found (`beside`: keys that are there besides fields)."""
    code.stumble(f"type({of}) is not dict")
    counter = code.name("n")
    code.line(f"{counter} = {beside + sum(not maybe_absent(each) for each in fields.read)}")
    found = {each.name: _write_field(code, of, each, counter) for each in fields.read}
    return found, counter


def write_names(code: Code, of: str, fields: Fields, counter: str) -> None:
    """Looks for unknown keys, where an object has more keys than were found."""
    names = code.hand_in(fields.known)
    unknown = f"len({of}) != {counter} and not {of}.keys() <= {names}"
    if not fields.ignore:
        code.stumble(unknown)
        return
    with code.block(f"if {unknown}:"):
        code.line(f"ignored += len({of}.keys() - {names})")


def _write_field(code: Code, of: str, field: Field, counter: str) -> str:
    var = code.name()
    if not maybe_absent(field):
        code.line(f"{var} = {of}[{field.name!a}]")
        write_value(code, var, field.type, field)
        return var
    code.line(f"{var} = {of}.get({field.name!a})")
    if field.default is not MISSING:
        with code.block(f"if {var} is None:"):
            code.line(f"{var} = {code.hand_in(field.default)}")
    with code.block("else:" if field.default is not MISSING else f"if {var} is not None:"):
        write_value(code, var, field.type, field)
        code.line(f"{counter} += 1")
    return var


def write_value(code: Code, var: str, kind: Type, field: Field) -> None:
    """Turns the raw value in a variable into the held one, or stumbles."""
    match kind:
        case BoolType():
            code.stumble(f"{var} is not True and {var} is not False")
        case IntType():
            code.stumble(f"type({var}) is not int or not {kind.low} <= {var} <= {kind.high}")
        case DecimalType() | MoneyType() | DurationType():
            _write_scaled(code, var, kind)
        case DateType():
            code.line(f"{var} = DATES[{var}]")
            _write_date_range(code, var, field)
        case TimeType():
            code.line(f"{var} = TIMES[{var}]")
        case DateTimeType():
            write_instant(code, var, var)
        case TextType() | LevelType() | ErrorType():
            with code.block(f"if type({var}) is not str or not {var}.isprintable():"):
                code.line(f"{var} = KNOWN(HELD({code.hand_in(kind)}, {var}))")
        case EnumType():
            members = code.hand_in({member: member for member in kind.members})
            code.line(f"{var} = {members}[{var}]")
        case SetType() | GeoType():
            code.line(f"{var} = KNOWN(HELD({code.hand_in(kind)}, {var}))")
        case _:
            assert_never(kind)


def write_instant(code: Code, var: str, raw: str) -> None:
    """An instant within the years that every zone can show."""
    code.line(f"{var} = DAYS[{raw}[:10]] + CLOCKS[{raw}[10:]]")
    code.stumble(f"not FIRST <= {var} <= LAST")


def _write_scaled(code: Code, var: str, kind: DecimalType | MoneyType | DurationType) -> None:
    texts = Texts(kind) if isinstance(kind, DurationType) else AMOUNTS[kind.scale]
    with code.block(f"if type({var}) is str:"):
        code.line(f"{var} = {code.hand_in(texts)}[{var}]")
    with code.block(f"elif type({var}) is int:"):
        code.line(f"{var} *= {10**kind.scale}")
    with code.block(f"elif type({var}) is float or {var} is True or {var} is False:"):
        code.line("raise STUMBLE")
    with code.block("else:"):
        exact = code.name("d")
        code.line(f"{exact} = SHIFT({var}, {kind.scale})")
        code.line(f"{var} = int({exact})")
        code.stumble(f"{var} != {exact}")
    code.stumble(f"not {kind.low} <= {var} <= {kind.high}")


def _write_date_range(code: Code, var: str, field: Field) -> None:
    if field.low is not None:
        code.stumble(f"{var} < {field.low}")
    if field.high is not None:
        code.stumble(f"{var} > {field.high}")
