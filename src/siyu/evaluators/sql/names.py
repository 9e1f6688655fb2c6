"""What columns are called: readable, the same in every dialect, and never two alike.

SQL engines do not tell `Age` from `age`, so a name carries the place of what it stands for.
"""

from __future__ import annotations

import re

from siyu.core.ir import Input
from siyu.core.program import ColumnNeed, Needs, TableNeed

KEY = "key"
BAD = "bad"
COUNT = "n"
LONGEST = 40


def input_column(needs: Needs, origin: str, name: str) -> str:
    """The column of `records` that holds an input, `i3_age`; a KeyError for what is not needed."""
    for place, need in enumerate(needs.inputs):
        if (need.origin, need.name) == (origin, name):
            return column_of_input(place, need)
    raise KeyError((origin, name))


def column_of_input(place: int, need: Input) -> str:
    """The same by its place among the inputs of the needs."""
    return f"i{place}_{plain(need.name)}"


def table_column(need: TableNeed, column: str) -> str:
    """The column of a table's relation that holds a column, `c0_amount`; also the field's name
    where the rows stand inside a row."""
    for place, each in enumerate(need.columns):
        if each.name == column:
            return column_of_row(place, each)
    raise KeyError(column)


def column_of_row(place: int, column: ColumnNeed) -> str:
    """The same by its place among the columns of the need."""
    return f"c{place}_{plain(column.name)}"


def has_column(path: str) -> str:
    """The column of `records` that says whether an optional collection is there."""
    return f"has_{plain(path)}"


def count_column(place: int) -> str:
    """The column of the facts that counts a customer's rows of a checked table, by the table's
    place among the needs."""
    return f"{COUNT}{place}"


def given_column(metric: str) -> str:
    """The column of `records` that holds a metric which was brought along."""
    return f"given_{plain(metric)}"


def plain(name: str) -> str:
    """A name in small letters, digits and underscores; letters of any script stay.

    >>> plain("orders.Paid-At"), plain("等级")
    ('orders_paid_at', '等级')
    """
    return re.sub(r"\W", "_", name).lower()[:LONGEST]
