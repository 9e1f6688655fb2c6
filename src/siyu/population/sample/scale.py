"""How many rows there are, and how long keys must be."""

from __future__ import annotations

from siyu.population.sample import shapes
from siyu.population.sample.keys import Digits
from siyu.population.sample.model import MILLION, Wish
from siyu.schema.model import Collection, Field
from siyu.types import MoneyType

ROWS = 16_777_216  # of one collection of one customer, in the number of a row
LINES = 1_024  # of one row, in the number of a nested row
MEANS = {"contact log": 4.0, "incentive log": 1.0, "points log": 4.0}
OF_LEDGER, OF_ANY, NESTED, EVENTS = 12.0, 3.0, 2.4, 0.3


def means(wish: Wish) -> dict[str, float]:
    """Rows per customer (of nested ones: per row around them) by path and by "events/NAME"."""
    found: dict[str, float] = {}
    ledger = ledger_of(wish)
    for path, rows in wish.schema.walk():
        if "." in path:
            usual = NESTED
        elif rows.role is not None:
            usual = MEANS.get(rows.role, 1.0)
        else:
            usual = OF_LEDGER if path == ledger else OF_ANY
        found[path] = wish.rows.get(path, usual)
    for each in wish.schema.events:
        found[f"events/{each}"] = wish.rows.get(each, EVENTS)
    return found


def ledger_of(wish: Wish) -> str | None:
    """The collection of what customers bought: the first with a time and an amount."""
    timed = [c for c in wish.schema.collections.values() if c.role is None and c.time]
    for rows in timed:
        if first_money(rows) is not None:
            return rows.name
    return timed[0].name if timed else None


def extra_rows(wish: Wish, path: str) -> int:
    """Rows that the heavy customer has beside its own, so that its share of all is as wished."""
    if not wish.skew or "." in path:
        return 0
    return round(wish.customers * means(wish)[path] * wish.skew / (MILLION - wish.skew))


def digits_of(wish: Wish, path: str) -> Digits:
    """Room in keys: for the customers, and for the rows of one of them."""
    most = shapes.counts(means(wish)[path])[-1] + extra_rows(wish, path) + 1
    return Digits(len(str(wish.customers)), len(str(most)))


def first_money(rows: Collection) -> Field | None:
    """The amount of a row."""
    return next((f for f in rows.fields.values() if isinstance(f.type, MoneyType)), None)
