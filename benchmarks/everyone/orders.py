"""Seeded order rows as Parquet, in order of time as a shop's table has them; few customers order
most, and one in a thousand rows is dearer than a thousand yuan."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

FIRST, DAYS = "TIMESTAMPTZ '2024-11-21 00:00:00+08'", 731


@dataclass(frozen=True, slots=True)
class Orders:
    """The files of a base of orders."""

    folder: Path
    customers: int
    rows: int

    @property
    def members(self) -> Path:
        return self.folder / "members.parquet"

    @property
    def orders(self) -> Path:
        return self.folder / "orders.parquet"


def order_base(folder: Path, customers: int, rows: int) -> Orders:
    """The base of this size in a folder, made unless it is there."""
    base = Orders(folder, customers, rows)
    if not base.orders.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(config={"threads": 2}) as db:
            db.execute("SET TimeZone = 'UTC'")
            db.execute(
                f"COPY (SELECT printf('M%08d', i) AS member_id FROM range({customers}) AS r(i))"
                f" TO '{base.members}' (COMPRESSION zstd)"
            )
            db.execute(f"COPY ({_rows(customers, rows)}) TO '{base.orders}' (COMPRESSION zstd)")
    return base


def _rows(customers: int, rows: int) -> str:
    """The share of a customer falls with the number: half of the rows are of the first quarter."""
    span = DAYS * 86_400 // max(rows, 1)
    return f"""
SELECT printf('o%010d', i) AS order_id,
  printf('M%08d', least({customers} - 1, ({customers} * (u * u))::BIGINT)) AS member_id,
  {FIRST} + to_microseconds((i * {DAYS * 86_400_000_000}::HUGEINT // {rows})::BIGINT
    + (hash(i, 't') % {max(span, 1) * 1_000_000})::BIGINT) AS paid_at,
  ((CASE WHEN hash(i, 'dear') % 1000 = 0 THEN 100_000 + (hash(i, 'd') % 900_000)::BIGINT
     ELSE 500 + (hash(i, 'a') % 40_000)::BIGINT END) * 0.01::DECIMAL(3, 2))::DECIMAL(12, 2)
    AS amount,
  ['paid', 'paid', 'paid', 'paid', 'paid', 'paid', 'paid', 'placed', 'refunded']
    [1 + (hash(i, 's') % 9)::INTEGER] AS status,
  CASE WHEN hash(i, 'c?') % 20 > 0
    THEN ['food', 'beauty', 'baby', 'home'][1 + (hash(i, 'c') % 4)::INTEGER] END AS category
FROM (SELECT i, (hash(i, 'who') % 4_294_967_291) / 4_294_967_291.0 AS u
  FROM range({rows}) AS r(i))"""
