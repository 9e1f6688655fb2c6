"""Keys of rows: unique without counting."""

from __future__ import annotations

from dataclasses import dataclass

from siyu.population.sample.draws import listed_texts, text
from siyu.schema.model import Field
from siyu.types import DateTimeType, DateType, EnumType, IntType


@dataclass(frozen=True, slots=True)
class Digits:
    """Room in a key: digits for the customer (0: the key is unique in its row only), and for the
    row."""

    customer: int
    row: int


def row_key(field: Field, path: str, place: str, digits: Digits, as_of: int) -> str:
    """The held key of the row at a place among its siblings, `i` being the customer's number."""
    number = f"(i * {10**digits.row} + {place})" if digits.customer else place
    match field.type:
        case IntType():
            return f"({number} + {max(1, field.type.low)})"
        case EnumType():
            return f"{listed_texts(field.type.members)}[1 + {place} % {len(field.type.members)}]"
        case DateType():
            return f"({as_of // 86_400_000_000} - 1 - {place})"
        case DateTimeType():
            return f"({as_of} - (1 + {place}) * 3600000000)"
        case _:
            letter = path.rpartition("/")[2].rpartition(".")[2][:1].upper()
            start = 10 ** (digits.customer + digits.row)
            return f"({text(letter)} || ({start} + {number}))"
