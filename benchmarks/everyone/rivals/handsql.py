"""The benchmark policy as DuckDB SQL written by hand, for speed and without any reasons.

It checks its input as the schema asks (keys, ranges, members of enums, what may be missing) and
sets aside who fails; it writes decisions, outcomes and state as `siyu run` does, less the codes of
what counted in a score and of what was stopped.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

DECIDED = """
CREATE OR REPLACE TEMP TABLE decided AS
WITH consents AS (
  SELECT member_id,
    coalesce(bool_and(granted) FILTER (channel = 'sms'), false) AS sms_ok,
    coalesce(bool_and(granted) FILTER (channel = 'app'), false) AS app_ok,
    coalesce(bool_and(granted) FILTER (channel = 'wecom'), false) AS wecom_ok,
    bool_or(granted IS NULL OR channel IS NULL OR channel NOT IN ('sms', 'app', 'wecom')) AS wrong
  FROM read_parquet('{consents}') GROUP BY member_id),
a AS (
  SELECT m.*,
    DATE '{today}' - joined_on AS tenure,
    DATE '{today}' - last_paid_on AS recency,
    DATE '{today}' - first_paid_on AS first_gap,
    DATE '{today}' - app_opened_on AS app_idle,
    DATE '{today}' - wecom_since AS wecom_age,
    DATE '{today}' - refunded_on AS refund_age,
    (spend_12m * 100)::BIGINT AS spend, (refund_12m * 100)::BIGINT AS refund,
    (spend_90d * 100)::BIGINT AS spend_q, (total_spend * 100)::BIGINT AS spend_ever,
    visits_30d + carts_30d * 3 AS engagement,
    points_balance - points_expiring AS points_left,
    coalesce(sms_ok, false) AS sms, coalesce(app_ok, false) AS app,
    coalesce(wecom_ok, false) AS wecom,
    coalesce(CASE member_level_held WHEN 'standard' THEN 0 WHEN 'silver' THEN 1 WHEN 'gold' THEN 2
      WHEN 'platinum' THEN 3 WHEN 'diamond' THEN 4 END, -1) AS held
  FROM read_parquet('{members}') m LEFT JOIN consents USING (member_id)
  WHERE member_id <> '' AND joined_on IS NOT NULL
    AND coalesce(age BETWEEN 0 AND 120, true)
    AND coalesce(gender IN ('female', 'male'), true)
    AND coalesce(city_tier IN ('county', 'town', 'city', 'metro'), true)
    AND total_spend BETWEEN 0 AND 10000000 AND spend_12m BETWEEN 0 AND 10000000
    AND spend_90d BETWEEN 0 AND 10000000 AND refund_12m BETWEEN 0 AND 10000000
    AND orders_total BETWEEN 0 AND 100000 AND orders_12m BETWEEN 0 AND 100000
    AND orders_90d BETWEEN 0 AND 100000 AND refunds_12m BETWEEN 0 AND 100000
    AND coalesce(avg_discount BETWEEN 0 AND 1, true)
    AND visits_30d BETWEEN 0 AND 100000 AND carts_30d BETWEEN 0 AND 100000
    AND app_installed IS NOT NULL AND wecom_friend IS NOT NULL
    AND coupons_used BETWEEN 0 AND 10000 AND coupons_open BETWEEN 0 AND 10000
    AND points_balance BETWEEN 0 AND 100000000 AND points_expiring BETWEEN 0 AND 100000000
    AND coalesce(nps_score BETWEEN 0 AND 10, true)
    AND complaints_12m BETWEEN 0 AND 1000
    AND coalesce(favourite IN ('food', 'beauty', 'baby', 'home', 'fresh'), true)
    AND coalesce(prefers IN ('wecom', 'sms', 'app'), true)
    AND referrals BETWEEN 0 AND 10000
    AND is_employee IS NOT NULL AND unsubscribed IS NOT NULL
    AND coalesce(member_level_held IN
      ('standard', 'silver', 'gold', 'platinum', 'diamond'), true)
    AND NOT coalesce(wrong, false)),
b AS (
  SELECT *,
    spend - refund AS net,
    CASE WHEN orders_12m = 0 THEN 0
      ELSE (20000 * spend + orders_12m) // (2 * orders_12m) END AS aov,
    CASE WHEN spend > 0 THEN (2000000 * refund + spend) // (2 * spend) END AS rate,
    spend_q * 4 - spend AS trend
  FROM a),
c AS (
  SELECT *,
    net * 10 + spend_ever * 3 AS ltv,
    tenure <= 30 AND orders_total <= 1 AS newcomer,
    recency <= 30 AND orders_90d >= 2 AS active,
    orders_12m >= 12 AND recency <= 60 AND rate < 100000 AS loyal,
    avg_discount > 0.3 AND coupons_used >= 3 AS bargain,
    recency BETWEEN 60 AND 120 AND orders_12m >= 2 AND NOT is_employee AS slipping,
    recency > 365 OR (recency > 180 AND orders_12m = 0) AS lost,
    rate > 200000 OR refunds_12m >= 5 AS returner,
    complaints_12m >= 2 OR nps_score <= 6 AS unhappy,
    nps_score >= 9 AND complaints_12m = 0 AS promoter,
    app_installed AND app_idle <= 14 AS app_fan,
    app_installed AND app_idle > 60 AS app_sleeper,
    carts_30d >= 2 AND orders_90d <= 3 AS cart_leaver,
    points_balance >= 20000 AND points_expiring >= 1000 AS points_rich,
    age BETWEEN 18 AND 35 AND city_tier IN ('city', 'metro') AS young_city,
    trend > 100000 AND orders_90d >= 3 AS rising,
    (wecom_friend OR app_installed) AND NOT is_employee AND NOT unsubscribed AS reachable,
    favourite = 'baby' AND (gender IS NULL OR gender = 'female') AND age BETWEEN 22 AND 45
      AS parent,
    came_from IN ('live', 'short_video') AND first_gap <= 90 AS from_live,
    CASE WHEN orders_total = 0 THEN 'prospect'
      WHEN recency IS NULL THEN NULL
      WHEN recency > 180 THEN 'lapsed' WHEN recency > 90 THEN 'dormant'
      WHEN orders_12m < 6 THEN 'growth'
      WHEN first_gap IS NULL THEN NULL
      WHEN first_gap > 180 THEN 'mature' ELSE 'growth' END AS lifecycle,
    greatest(0, least(100, 20
      + CASE WHEN recency > 120 THEN 30 WHEN recency >= 60 THEN 15 ELSE 0 END
      + CASE WHEN complaints_12m >= 1 THEN 10 ELSE 0 END
      + CASE WHEN NOT app_installed AND NOT wecom_friend THEN 12 ELSE 0 END
      + CASE WHEN nps_score <= 6 THEN 14 ELSE 0 END
      - CASE WHEN orders_12m >= 6 THEN 20 ELSE 0 END
      - CASE WHEN app_idle <= 7 THEN 8 ELSE 0 END
      - CASE WHEN trend > 50000 THEN 16 ELSE 0 END)) AS churn,
    greatest(0, least(100, 10
      + CASE WHEN carts_30d >= 1 THEN 25 ELSE 0 END
      + CASE WHEN visits_30d >= 5 THEN 15 ELSE 0 END
      + CASE WHEN engagement >= 20 THEN 20 ELSE 0 END
      + CASE WHEN favourite IN ('beauty', 'baby') THEN 10 ELSE 0 END
      + CASE WHEN coupons_open >= 2 THEN 12 ELSE 0 END
      - CASE WHEN unsubscribed THEN 30 ELSE 0 END)) AS intent,
    CASE WHEN net >= 2000000 THEN 4 WHEN net >= 800000 THEN 3 WHEN net >= 300000 THEN 2
      WHEN net >= 50000 THEN 1 ELSE 0 END AS earned
  FROM b),
d AS (
  SELECT *,
    CASE WHEN ltv >= 30000000 THEN 'vip' WHEN net >= 300000 OR orders_12m >= 10 THEN 'core'
      WHEN net >= 50000 AND aov >= 50000000 THEN 'regular' ELSE 'light' END AS band,
    CASE WHEN held < 0 THEN 'entered' WHEN earned > held THEN 'upgraded'
      WHEN earned = held THEN 'kept'
      WHEN DATE '{today}' <= coalesce(member_level_until, DATE '{today}') THEN 'kept'
      WHEN DATE '{today}' <= member_level_until + 60 THEN 'in_grace'
      ELSE 'downgraded' END AS change
  FROM c),
e AS (
  SELECT *,
    CASE change WHEN 'entered' THEN earned WHEN 'upgraded' THEN earned
      WHEN 'downgraded' THEN held - 1 ELSE held END AS level,
    CASE WHEN change IN ('entered', 'upgraded', 'downgraded') THEN DATE '{today}' + 365
      WHEN earned = held AND coalesce(member_level_until <= DATE '{today}', true)
        THEN DATE '{today}' + 365
      ELSE coalesce(member_level_until, DATE '{today}') END AS keep_until,
    CASE WHEN change = 'in_grace' THEN member_level_until + 60 END AS grace_until
  FROM d),
f AS (
  SELECT *,
    CASE level WHEN 0 THEN 50000 WHEN 1 THEN 300000 WHEN 2 THEN 800000 WHEN 3 THEN 2000000 END
      - net AS next_missing,
    CASE WHEN earned < level THEN CASE level WHEN 1 THEN 50000 WHEN 2 THEN 300000
      WHEN 3 THEN 800000 WHEN 4 THEN 2000000 END - net END AS keep_missing,
    CASE WHEN level = 4 AND recency IS NULL THEN 9
      WHEN level = 4 AND recency <= 30 THEN 1
      WHEN lifecycle IS NULL THEN 9
      WHEN level >= 3 AND lifecycle IN ('mature', 'growth') THEN 2
      WHEN level >= 3 AND lifecycle IN ('dormant', 'lapsed') THEN 3
      WHEN level = 2 AND lifecycle = 'mature' AND recency >= 0 AND recency < 60 THEN 4
      WHEN level IN (1, 2) AND lifecycle = 'dormant' THEN 5
      WHEN level > 0 AND lifecycle = 'lapsed' AND recency > 270 THEN 6
      WHEN lifecycle = 'prospect' THEN 7
      WHEN lifecycle = 'growth' AND recency >= 0 AND recency < 90 THEN 8 ELSE 9 END AS offer,
    CASE WHEN band = 'vip' AND churn >= 60 THEN 1
      WHEN band IN ('vip', 'core') AND complaints_12m >= 1 THEN 2
      WHEN band = 'core' AND churn >= 50 THEN 3 WHEN complaints_12m >= 3 THEN 4
      WHEN band = 'regular' AND churn >= 40 THEN 5 ELSE 6 END AS care,
    coalesce(cart_leaver AND intent >= 40 AND coupons_open < 3, false) AS cart_push,
    coalesce(rising AND (prefers = 'app' OR app_fan), false) AS wants_double,
    coalesce(parent AND orders_12m >= 2, false) AS wants_box,
    coalesce(points_rich AND points_left < 50000, false) AS points_nudge,
    churn >= 70 AND band IN ('vip', 'core') AS save_call,
    coalesce(lifecycle IN ('dormant', 'lapsed') AND ltv >= 2000000 AND NOT is_employee, false)
      AS wants_big,
    coalesce(slipping OR lifecycle = 'dormant', false) AS wants_small
  FROM e),
g AS (
  SELECT *,
    wants_double AND NOT cart_push AS double_points,
    wants_box AND NOT cart_push AND NOT wants_double AS parent_box,
    level > 0 AND offer < 9 AS monthly_offer,
    wants_big AND NOT save_call AS wake_big,
    wants_small AND NOT save_call AND NOT wants_big AS wake_small
  FROM f),
h AS (
  SELECT *,
    CASE WHEN unsubscribed THEN NULL
      WHEN (wake_big OR wake_small) AND wecom_friend AND wecom THEN 'wecom'
      WHEN (wake_big OR wake_small) AND sms THEN 'sms' END AS wake_via,
    CASE WHEN unsubscribed OR NOT cart_push THEN NULL WHEN app_installed AND app THEN 'app'
      WHEN sms THEN 'sms' END AS cart_via,
    CASE WHEN unsubscribed OR NOT coalesce(recency <= 3, false)
        OR (refunded_on IS NOT NULL AND refund_age <= 30) THEN NULL
      WHEN wecom_friend AND wecom THEN 'wecom' WHEN app THEN 'app' WHEN sms THEN 'sms' END
      AS thanks_via,
    CASE WHEN unsubscribed OR NOT coalesce(promoter AND referrals < 5, false) THEN NULL
      WHEN wecom AND coalesce(wecom_age >= 30, false) THEN 'wecom'
      WHEN app AND coalesce(app_fan, false) THEN 'app' WHEN sms THEN 'sms' END AS invite_via
  FROM g)
SELECT member_id, tenure, recency, first_gap, app_idle, wecom_age, refund_age, net, aov, rate,
  trend, engagement, points_left, ltv, newcomer, active, loyal, bargain, slipping, lost, returner,
  unhappy, promoter, app_fan, app_sleeper, cart_leaver, points_rich, young_city, rising, reachable,
  parent, from_live, lifecycle, band, churn, intent, level, member_level_held, change, keep_until,
  grace_until, next_missing, keep_missing, offer, care, age, cart_push, double_points,
  monthly_offer, parent_box, points_nudge, save_call, wake_big, wake_small,
  CASE WHEN wake_via IS NOT NULL THEN 'wake_push' WHEN cart_via IS NOT NULL THEN 'cart_note'
    WHEN thanks_via IS NOT NULL THEN 'thanks' WHEN invite_via IS NOT NULL THEN 'invite' END
    AS contact,
  coalesce(wake_via, cart_via, thanks_via, invite_via) AS via
FROM h
"""
PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"
BENEFITS = (
    "['管家服务', '新品优先购', '专属回归礼', '满300减30', '满199减40', '无门槛20', '首单礼',"
    " '满199减10', '无']"
)
COSTS = "[60.00, 12.00, 80.00, 8.00, 30.00, 20.00, 15.00, 4.00, 0.00]"
LEVEL = "['standard', 'silver', 'gold', 'platinum', 'diamond']"
DECISIONS = f"""
COPY (SELECT member_id AS customer,
  tenure, recency, first_gap, app_idle, wecom_age, refund_age,
  net::DECIMAL(13, 0) * 0.01::DECIMAL(3, 2) AS net_spend,
  ((aov + 5000) // 10000)::DECIMAL(13, 0) * 0.01::DECIMAL(3, 2) AS aov,
  rate * 0.000001::DECIMAL(7, 6) AS refund_rate,
  trend::DECIMAL(13, 0) * 0.01::DECIMAL(3, 2) AS trend, engagement, points_left,
  ((ltv + CASE WHEN ltv < 0 THEN -5 ELSE 5 END) // 10)::DECIMAL(13, 0) * 0.01::DECIMAL(3, 2)
    AS ltv,
  newcomer, active, loyal, bargain, slipping, lost, returner, unhappy, promoter, app_fan,
  app_sleeper, cart_leaver, points_rich, young_city, rising, reachable, parent, from_live,
  lifecycle, band, churn AS churn_risk, intent,
  {LEVEL}[level + 1] AS member_level, member_level_held AS "member_level.held",
  change AS "member_level.change", keep_until AS "member_level.keep_until",
  grace_until AS "member_level.grace_until", {LEVEL}[level + 2] AS "member_level.next",
  next_missing::DECIMAL(13, 0) * 0.01::DECIMAL(3, 2) AS "member_level.next.missing.net_spend",
  keep_missing::DECIMAL(13, 0) * 0.01::DECIMAL(3, 2) AS "member_level.keep.missing.net_spend",
  offer, {BENEFITS}[offer] AS "offer.benefit", {COSTS}[offer] AS "offer.cost",
  care, ['vip_save', 'apology', 'core_save', 'escalate', 'remind', 'none'][care] AS "care.script",
  ['advisor', 'advisor', 'shop', 'service', 'shop', 'none'][care] AS "care.owner",
  CASE WHEN coalesce(contact = 'wake_push', false) THEN age >= 18 ELSE true END AS no_minors,
  true AS no_staff,
  list_filter([CASE WHEN cart_push THEN 'cart_push' END,
    CASE WHEN double_points THEN 'double_points' END,
    CASE WHEN monthly_offer THEN 'monthly_offer' END, CASE WHEN parent_box THEN 'parent_box' END,
    CASE WHEN points_nudge THEN 'points_nudge' END, CASE WHEN save_call THEN 'save_call' END,
    CASE WHEN wake_big THEN 'wake_big' END, CASE WHEN wake_small THEN 'wake_small' END],
    lambda x: x IS NOT NULL) AS incentives,
  CASE WHEN contact IS NULL THEN [] ELSE [contact] END AS contacts
FROM decided) TO '{{out}}/decisions.parquet' ({PARQUET})
"""
SENT = (
    ("wake_push", "recover", "wake_v2"),
    ("cart_note", "remind", "cart_v1"),
    ("thanks", "greeting", "thanks_v3"),
    ("invite", "opportunity", "invite_v1"),
)
GIVEN = (
    ("cart_push", "coupon", "10 off 59", "10.00", "5.00", 3),
    ("double_points", "card", "double points", "20.00", "8.00", 30),
    ("parent_box", "gift", "sample box", "25.00", "18.00", 30),
    ("points_nudge", "credit", "500", "5.00", "4.50", 30),
    ("save_call", "service", "advisor call", "30.00", "25.00", 7),
    ("wake_big", "coupon", "50 off 199", "50.00", "17.50", 14),
    ("wake_small", "coupon", "15 off 99", "15.00", "6.00", 14),
)
ID = (
    "substr(sha256('growth75' || chr(31) || {rule} || chr(31) || member_id || chr(31)"
    " || '{today}'), 1, 32)"
)


COLUMNS = {
    "customer": "VARCHAR", "event": "VARCHAR", "event_type": "VARCHAR", "kind": "VARCHAR",
    "rule": "VARCHAR", "id": "VARCHAR", "code": "VARCHAR", "by": "VARCHAR", "change": "VARCHAR",
    "from": "VARCHAR", "to": "VARCHAR", "until": "DATE", "account": "VARCHAR",
    "receiver": "VARCHAR", "points": "BIGINT", "amount": "DECIMAL(18, 2)",
    "worth": "DECIMAL(18, 2)", "cost": "DECIMAL(18, 2)", "benefit": "VARCHAR", "detail": "VARCHAR",
    "purpose": "VARCHAR", "channel": "VARCHAR", "send": "VARCHAR", "params": "VARCHAR",
    "not_before": "TIMESTAMPTZ", "usable_on": "DATE", "expires_on": "DATE", "valid_until": "DATE",
    "budget": "VARCHAR", "quota": "VARCHAR", "reasons": "VARCHAR[]",
}  # fmt: skip


def rows(where: str, **columns: str) -> str:
    """A row of all columns for each member of whom a condition holds."""
    named = {"customer": "member_id", "from_": "NULL"} | columns
    given = {name.rstrip("_"): text for name, text in named.items()}
    listed = ", ".join(
        f'CAST({given.get(name, "NULL")} AS {kind}) AS "{name}"' for name, kind in COLUMNS.items()
    )
    return f"SELECT {listed} FROM decided WHERE {where}"


def outcomes(out: Path, today: str) -> str:
    """The statement that writes a row for each outcome."""
    listed = [
        rows(
            rule, kind="'incentive'", rule=f"'{rule}'", id=ID.format(rule=f"'{rule}'", today=today),
            worth=worth, cost=cost, benefit=f"'{benefit}'", detail=f"'{detail}'",
            valid_until=f"DATE '{today}' + {days}",
        )
        for rule, benefit, detail, worth, cost, days in GIVEN
    ]  # fmt: skip
    listed.append(
        rows(
            "monthly_offer", kind="'incentive'", rule="'monthly_offer'",
            id=ID.format(rule="'monthly_offer'", today=today), cost=f"{COSTS}[offer]",
            benefit=f"{BENEFITS}[offer]",
        )
    )  # fmt: skip
    listed += [
        rows(
            f"contact = '{rule}'", kind="'contact'", rule="contact",
            id=ID.format(rule="contact", today=today), purpose=f"'{purpose}'", channel="via",
            send=f"'{send}'", params="'{}'", not_before=f"TIMESTAMPTZ '{today} 10:00:00+08'",
        )
        for rule, purpose, send in SENT
    ]  # fmt: skip
    listed.append(
        rows(
            "change <> 'kept'", kind="'tier'", rule="'member_level'", code="change",
            change="change", from_="member_level_held", to=f"{LEVEL}[level + 1]",
            until="keep_until",
        )
    )  # fmt: skip
    return f"COPY ({' UNION ALL '.join(listed)}) TO '{out}/outcomes.parquet' ({PARQUET})"


def state(out: Path) -> str:
    """The statement that writes the levels held."""
    return f"""COPY (SELECT member_id AS customer, {LEVEL}[level + 1] AS member_level_held,
  keep_until AS member_level_until FROM decided) TO '{out}/state.parquet' ({PARQUET})"""


def refuse_doubles(db: duckdb.DuckDBPyConnection, members: Path) -> None:
    """Raises ValueError where a member is there twice."""
    doubles = f"""SELECT count(*) FROM (SELECT member_id FROM read_parquet('{members}')
      GROUP BY member_id HAVING count(*) > 1)"""
    (repeated,) = db.execute(doubles).fetchone() or (0,)
    if repeated:
        raise ValueError("a member is there twice")


def run(members: Path, consents: Path, out: Path, today: str, database: Path) -> int:
    """Decide about everyone and write the files; the number of those set aside."""
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(database, config={"threads": 2}) as db:
        refuse_doubles(db, members)
        db.execute(DECIDED.format(members=members, consents=consents, today=today))
        db.execute(DECISIONS.format(out=out))
        db.execute(outcomes(out, today))
        db.execute(state(out))
        asked = f"SELECT (SELECT count(*) FROM '{members}') - (SELECT count(*) FROM decided)"
        (aside,) = db.execute(asked).fetchone() or (0,)
        return int(aside)
