"""The ten figures over orders as one GROUP BY, written by hand."""

from __future__ import annotations

from pathlib import Path

import duckdb

QUERY = """
COPY (
SELECT m.member_id AS customer, coalesce(orders_total, 0) AS orders_total,
  coalesce(orders_12m, 0) AS orders_12m, coalesce(spend_12m, 0) AS spend_12m,
  coalesce(spend_90d, 0) AS spend_90d, best,
  CASE WHEN orders_total > 0 THEN (2 * spend_ever + orders_total) // (2 * orders_total) END AS mean,
  DATE '2026-11-21' - ((last_paid + INTERVAL 8 HOUR)::TIMESTAMP::DATE) AS recency,
  coalesce(beauty_spend, 0) AS beauty_spend, last_category, coalesce(refunds, 0) AS refunds
FROM read_parquet('{members}') m LEFT JOIN (
  SELECT member_id,
    count(*) FILTER (paid) AS orders_total,
    count(*) FILTER (paid AND year) AS orders_12m,
    sum(fen) FILTER (paid AND year) AS spend_12m,
    sum(fen) FILTER (paid AND quarter) AS spend_90d,
    max(fen) FILTER (paid) AS best,
    sum(fen) FILTER (paid) AS spend_ever,
    max(paid_at) FILTER (paid) AS last_paid,
    sum(fen) FILTER (paid AND category = 'beauty') AS beauty_spend,
    arg_max_null(category, (paid_at, order_id)) FILTER (paid) AS last_category,
    count(*) FILTER (status = 'refunded') AS refunds
  FROM (SELECT *, (amount * 100)::BIGINT AS fen, status = 'paid' AS paid,
      paid_at > TIMESTAMPTZ '2025-11-21 10:00:00+08' AS year,
      paid_at > TIMESTAMPTZ '2026-08-23 10:00:00+08' AS quarter
    FROM read_parquet('{orders}') WHERE paid_at <= TIMESTAMPTZ '2026-11-21 10:00:00+08')
  GROUP BY member_id) o USING (member_id)
) TO '{out}/decisions.parquet' (COMPRESSION zstd)
"""


def run(members: Path, orders: Path, out: Path, memory: str = "16GB") -> None:
    """Find the figures of everyone and write them."""
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"threads": 2, "memory_limit": memory}) as db:
        db.execute("SET TimeZone = 'UTC'")
        db.execute(QUERY.format(members=members, orders=orders, out=out))
