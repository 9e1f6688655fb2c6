"""Seeded customer bases as Parquet, of any size: members like those of `benchmarks.records`.

Every value comes from a hash of the member's number, so the same size gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

TODAY = "DATE '2026-11-21'"
DAYS = (0, 1, 3, 4, 7, 8, 14, 15, 29, 30, 31, 45, 59, 60, 61, 75, 89, 90, 91, 100, 119, 120, 121)
LONG = (150, 179, 180, 181, 200, 269, 270, 271, 300, 364, 365, 366, 367, 700)
SPENDS = (0, 1, 49_999, 50_000, 50_001, 120_000, 299_999, 300_000, 300_001, 650_000, 799_999)
LARGE = (800_000, 1_200_000, 1_999_999, 2_000_000, 2_500_000, 2_999_999, 3_000_000, 9_000_000)


@dataclass(frozen=True, slots=True)
class Base:
    """The files of a customer base."""

    folder: Path
    customers: int

    @property
    def members(self) -> Path:
        return self.folder / "members.parquet"

    @property
    def consents(self) -> Path:
        return self.folder / "consents.parquet"


def customer_base(folder: Path, customers: int) -> Base:
    """The base of this size in a folder, made unless it is there; one that has no rows for 0."""
    base = Base(folder, customers)
    if not base.consents.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(config={"threads": 2}) as db:
            db.execute(f"COPY ({_members(customers)}) TO '{base.members}' (COMPRESSION zstd)")
            db.execute(f"COPY ({_consents(customers)}) TO '{base.consents}' (COMPRESSION zstd)")
    return base


def _pick(salt: str, values: tuple[object, ...]) -> str:
    """One of several values, by the member's number."""
    listed = ", ".join(f"'{v}'" if isinstance(v, str) else str(v) for v in values)
    return f"[{listed}][1 + (hash(i, '{salt}') % {len(values)})::INTEGER]"


def _chance(salt: str, share: float) -> str:
    return f"(hash(i, '{salt}') % 1000 < {round(share * 1000)})"


def _maybe(salt: str, value: str, missing: float = 0.15) -> str:
    return f"CASE WHEN {_chance(salt + '?', missing)} THEN NULL ELSE {value} END"


def _fen(value: str) -> str:
    return f"({value} * 0.01::DECIMAL(3, 2))::DECIMAL(12, 2)"


def _ago(days: str) -> str:
    return f"{TODAY} - ({days})::INTEGER"


def _members(count: int) -> str:
    spend = (
        f"CASE WHEN {_chance('base', 0.55)} THEN {_pick('spend', SPENDS)} "
        f"ELSE {_pick('large', LARGE)} END"
    )
    return f"""
WITH a AS (SELECT i,
    CASE WHEN {_chance("busy", 0.7)}
         THEN {_pick("orders", (0, 1, 2, 3, 5, 6, 7, 9, 10, 11, 12, 15))} ELSE 0 END AS orders_12m
  FROM range({count}) AS r(i)),
b AS (SELECT *,
    least(orders_12m, {_pick("orders90", (0, 0, 1, 2, 3, 4))}) AS orders_90d,
    orders_12m + {_pick("earlier", (0, 0, 1, 8))} AS orders_total,
    CASE WHEN orders_12m = 0 THEN {_pick("little", (0, 0, 0, 5000))}
         WHEN {_chance("exact", 0.35)} THEN {spend}
         ELSE greatest(0, {spend} + (hash(i, 'off') % 80000)::BIGINT - 40000)
    END::BIGINT AS spend_12m FROM a),
c AS (SELECT *,
    CASE WHEN orders_total > 0 OR {_chance("odd", 0.1)}
         THEN {
        _maybe(
            "day",
            f"CASE WHEN {_chance('near', 0.7)} THEN {_pick('days', DAYS)} "
            f"ELSE {_pick('long', LONG)} END",
            0.08,
        )
    } END AS recency FROM b)
SELECT printf('M%08d', i) AS member_id,
  {_ago(_pick("tenure", (0, 12, 29, 30, 31, 200, 900, 4000)))} AS joined_on,
  {_maybe("age", _pick("years", (18, 19, 21, 22, 30, 35, 36, 45, 46, 70)))}::INTEGER AS age,
  {_maybe("gender", _pick("sex", ("female", "female", "male")))} AS gender,
  {_maybe("city", _pick("tier", ("county", "town", "city", "metro")))} AS city_tier,
  {_fen("(spend_12m + " + _pick("before", (0, 0, 666_667, 5_000_000, 12_345_678)) + ")")}
    AS total_spend,
  {_fen("spend_12m")} AS spend_12m,
  {
        _fen(
            "[0, spend_12m // 4, spend_12m // 2, spend_12m, (spend_12m + 100_004) // 4]"
            "[1 + (hash(i, 's90') % 5)::INTEGER]"
        )
    } AS spend_90d,
  {
        _fen(
            "[0, 0, spend_12m // 10, spend_12m // 5, spend_12m // 5 + 1, 3333, 80_000]"
            "[1 + (hash(i, 'refund') % 7)::INTEGER]"
        )
    } AS refund_12m,
  orders_total::INTEGER AS orders_total,
  orders_12m::INTEGER AS orders_12m,
  orders_90d::INTEGER AS orders_90d,
  {_pick("refunds", (0, 0, 0, 1, 4, 5, 9))}::INTEGER AS refunds_12m,
  {_maybe("refunded", _ago(_pick("ref", (1, 29, 30, 31, 32, 400))), 0.5)} AS refunded_on,
  CASE WHEN recency IS NOT NULL
       THEN {
        _maybe("first", _ago("recency + " + _pick("gap", (0, 0, 5, 60, 90, 150, 181, 900))), 0.1)
    } END AS first_paid_on,
  {_ago("recency")} AS last_paid_on,
  ({_maybe("discount", _pick("disc", (0, 1250, 2999, 3000, 3001, 6000, 10_000)))}
    * 0.0001::DECIMAL(5, 4))::DECIMAL(5, 4) AS avg_discount,
  {_pick("visits", (0, 1, 4, 5, 6, 12, 17, 19, 20, 40))}::INTEGER AS visits_30d,
  {_pick("carts", (0, 0, 1, 2, 3, 6))}::INTEGER AS carts_30d,
  {_chance("app", 0.6)} AS app_installed,
  {_maybe("opened", _ago(_pick("open", DAYS)), 0.25)} AS app_opened_on,
  {_chance("wecom", 0.5)} AS wecom_friend,
  {_maybe("since", _ago(_pick("friend", (1, 29, 30, 31, 500))), 0.4)} AS wecom_since,
  {_pick("used", (0, 1, 2, 3, 4, 10))}::INTEGER AS coupons_used,
  {_pick("coupons", (0, 0, 1, 2, 3, 4))}::INTEGER AS coupons_open,
  {_pick("points", (0, 300, 19_999, 20_000, 20_001, 51_000, 51_001, 90_000))}::INTEGER
    AS points_balance,
  {_pick("expiring", (0, 0, 999, 1000, 1001, 5000))}::INTEGER AS points_expiring,
  {_maybe("nps", "(hash(i, 'score') % 11)", 0.3)}::INTEGER AS nps_score,
  {_pick("complaints", (0, 0, 0, 0, 1, 2, 3, 5))}::INTEGER AS complaints_12m,
  {_maybe("fav", _pick("cat", ("food", "beauty", "baby", "baby", "home", "fresh")))} AS favourite,
  {_maybe("pref", _pick("chan", ("wecom", "sms", "app")))} AS prefers,
  {_maybe("came", _pick("from", ("live", "short_video", "search", "门店")))} AS came_from,
  {_pick("referrals", (0, 0, 1, 4, 5, 6))}::INTEGER AS referrals,
  {_chance("staff", 0.06)} AS is_employee,
  {_chance("unsub", 0.1)} AS unsubscribed,
  {_maybe("held", _pick("level", ("standard", "silver", "gold", "platinum", "diamond")), 0.3)}
    AS member_level_held,
  {_maybe("until", f"{TODAY} + {_pick('kept', (-200, -61, -60, -59, -1, 0, 1, 90))}::INTEGER")}
    AS member_level_until
FROM c ORDER BY i"""


def _consents(count: int) -> str:
    """Of each member a row a channel or none; some say it twice and mean two things."""
    return f"""
SELECT printf('M%08d', i) AS member_id, channel,
  hash(i, channel, n, 'yes') % 100 < 85 AS granted
FROM range({count}) AS r(i),
  (VALUES ('wecom', 0), ('sms', 0), ('app', 0), ('wecom', 1)) c(channel, n)
WHERE (n = 0 AND hash(i, channel, 'there') % 4 > 0) OR (n = 1 AND hash(i, 'twice') % 13 = 0)
ORDER BY i, channel, n"""
