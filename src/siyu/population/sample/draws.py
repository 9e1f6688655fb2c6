"""Chance as SQL: functions of the seed, a place in the schema, and the number of a row.

Expressions are in whole numbers. Lists live in variables of the connection (`Draws.lists`), so that
the text of a query stays short.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Draws:
    """Draws for one seed. `lists` are the variables that must be set before a query is run."""

    seed: int
    lists: dict[str, tuple[str, ...] | tuple[int, ...] | tuple[tuple[str, ...], ...]] = field(
        default_factory=dict
    )
    _known: dict[object, str] = field(default_factory=dict)

    def salt(self, *place: str) -> int:
        """A number of its own for each place, below 2^62."""
        digest = hashlib.sha256("\0".join((str(self.seed), *place)).encode()).digest()
        return int.from_bytes(digest[:8], "big") >> 2

    def number(self, row: str, place: Sequence[str], limit: int) -> str:
        """A whole number from 0 to below `limit`."""
        return f"(hash(xor({row}, {self.salt(*place)})) % {limit})::BIGINT"

    def chance(self, row: str, place: Sequence[str], per_mille: int) -> str:
        """True for so many rows of a thousand."""
        return f"({self.number(row, place, 1000)} < {per_mille})"

    def listed(
        self, values: Sequence[int] | Sequence[str] | Sequence[tuple[str, ...]], index: str
    ) -> str:
        """The value at an index from 0 of a list."""
        kept: tuple[object, ...] = tuple(values)
        name = self._known.setdefault(kept, f"l{len(self._known)}")
        self.lists[name] = kept  # type: ignore[assignment]
        return f"getvariable('{name}')[1 + {index}]"

    def one_of(self, values: Sequence[str] | Sequence[int], row: str, place: Sequence[str]) -> str:
        """One of the values, each as often as it stands in the list."""
        if len(values) == 1:
            return text(values[0]) if isinstance(values[0], str) else str(values[0])
        return self.listed(values, self.number(row, place, len(values)))

    def amount(self, quantiles: Sequence[int], row: str, place: Sequence[str]) -> str:
        """An amount with these quantiles (a power of two of them, none negative), or a little more:
        up to 1023/32768 of it."""
        if len(set(quantiles)) == 1:
            return str(quantiles[0])
        size = len(quantiles)
        where = self.number(row, place, size * 1024)
        found = self.listed(quantiles, f"({where} >> 10)")
        return f"({found} + {found} * ({where} & 1023) // 32768)"


def text(value: str) -> str:
    """A text in SQL.

    >>> text("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def name(value: str) -> str:
    """A name in SQL.

    >>> name('a"b')
    '"a""b"'
    """
    return '"' + value.replace('"', '""') + '"'


def listed_texts(values: Sequence[str]) -> str:
    """A list of texts in SQL."""
    return f"[{', '.join(map(text, values))}]"


def literal(values: Sequence[object]) -> str:
    """A list in SQL, of whole numbers, texts or lists of texts.

    >>> literal(("a", "b")), literal((1, 2))
    ("['a', 'b']", '[1, 2]::BIGINT[]')
    """
    if values and isinstance(values[0], int):
        wide = any(not -(2**63) <= each < 2**63 for each in values if isinstance(each, int))
        return f"[{', '.join(map(str, values))}]::{'HUGEINT' if wide else 'BIGINT'}[]"
    if values and isinstance(values[0], tuple):
        inner = (f"{listed_texts(each)}::VARCHAR[]" for each in values if isinstance(each, tuple))
        return f"[{', '.join(inner)}]"
    return f"[{', '.join(text(str(each)) for each in values)}]"
