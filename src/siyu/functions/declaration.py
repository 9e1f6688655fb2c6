"""What a function is declared by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Dialect = Literal["duckdb", "spark"]
OPEN: Final = object()  # instead of a constant's value: it is not known before the query runs


@dataclass(frozen=True, slots=True)
class Example:
    """Held values in, held value out; run on every evaluator."""

    args: tuple[object, ...]
    result: object


@dataclass(frozen=True, slots=True)
class SqlArg:
    """An argument as SQL. `text` may be repeated and needs no brackets: a column, a literal, or
    something in brackets. `low` and `high` are bounds of a number (None: not a number, or none
    known); `value` is a constant's held value, else OPEN. `bits` is the width in which a number is
    held: 32, 64, or 128 (HUGEINT in DuckDB, DECIMAL(38, 0) in Spark)."""

    text: str
    low: int | None = None
    high: int | None = None
    value: Any = OPEN
    bits: int = 64


# Arguments, and the bits in which the result must be held, as an SQL expression.
SqlWriter = Callable[[Sequence[SqlArg], int], str]


@dataclass(frozen=True, slots=True)
class Function:
    """A strict function of held values: evaluators call it only with known arguments.

    `python` is the definition; it may return None (unknown), never raise on values of its types.
    `partial` is true where it may return None for known arguments. `source` is the same as a
    Python expression over `{0}`, `{1}`, … for the generated evaluator, already safe to nest;
    None: call `python`. In `source` every argument may be used several times only if `{0}` is
    atomic, so write it with each argument once, or leave it None. `prepared` names arguments that
    `source` wants in another form, and what brings a constant into it: ((1, positions),) says that
    `{1}` is `positions(constant)`; where such an argument is no constant, `python` is called.
    `tailored` gives a `source` for known values of some arguments, by place, where there is one.

    `sql` is the same in each dialect: NULL in, NULL out; the text needs no brackets around it.
    Values are held as `siyu.evaluators.sql` says.
    """

    name: str
    doc: str
    python: Callable[..., object]
    examples: tuple[Example, ...]
    source: str | None = None
    partial: bool = False
    prepared: tuple[tuple[int, Callable[..., object]], ...] = ()
    tailored: Callable[[Mapping[int, Any]], str | None] | None = None
    sql: Mapping[Dialect, SqlWriter] = field(default_factory=dict)
