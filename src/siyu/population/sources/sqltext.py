"""SQL text that both dialects have, each in its own way."""

from __future__ import annotations

from collections.abc import Iterable

from siyu.functions.declaration import Dialect
from siyu.functions.sql import INTEGERS, TEXT, literal, width

__all__ = ["literal"]


def name(text: str, dialect: Dialect) -> str:
    """A column's or table's name, whatever it holds.

    >>> name('a"b', "duckdb"), name("a`b", "spark")
    ('"a""b"', '`a``b`')
    """
    mark = '"' if dialect == "duckdb" else "`"
    return f"{mark}{text.replace(mark, mark * 2)}{mark}"


def literals(texts: Iterable[str], dialect: Dialect) -> str:
    """Several text constants, with commas between."""
    return ", ".join(literal(each, dialect) for each in texts)


def matches(value: str, pattern: str, dialect: Dialect) -> str:
    """Whether a whole text is as a pattern says; one that RE2, Java and Python read alike."""
    if dialect == "duckdb":
        return f"regexp_full_match({value}, {literal(pattern, dialect)})"
    whole = literal(rf"^(?:{pattern})\z", dialect)
    return f"regexp_like({value}, {whole})"


def extract(value: str, pattern: str, dialect: Dialect) -> str:
    """What the first group of a pattern finds; empty where nothing is found."""
    return f"regexp_extract({value}, {literal(pattern, dialect)}, 1)"


def try_cast(value: str, kind: str) -> str:
    """A cast that gives NULL where it cannot."""
    return f"TRY_CAST({value} AS {kind})"


def as_text(value: str, dialect: Dialect) -> str:
    """A value as text."""
    return f"CAST({value} AS {TEXT[dialect]})"


def integer_type(low: int, high: int, dialect: Dialect) -> str:
    """The type of a column that holds numbers of a range."""
    return INTEGERS[dialect][width((low, high))]


def any_of(conditions: Iterable[str]) -> str:
    """Whether one of some conditions holds, which are never NULL; FALSE of none."""
    held = [each for each in conditions if each != "FALSE"]
    return " OR ".join(held) if held else "FALSE"
