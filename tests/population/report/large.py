# ruff: noqa: E501
"""Runs over a large base out of thin air, to look at and to measure: `python large.py FOLDER N`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from tests.population.report.making import COLUMNS, REJECTS, write_json

KINDS = {
    "aov": "metric", "ltv": "metric", "orders_12m": "metric", "recency": "metric",
    "spend_12m": "metric", "at_risk": "segment", "big_basket": "segment", "fans": "segment",
    "new_moms": "segment", "silent": "segment", "lifecycle": "classify", "churn_risk": "score",
    "member_level": "tier", "offer": "table", "purchase": "points", "growth_value": "points",
    "referral": "points", "cash_off": "points", "wakeup": "incentive",
    "monthly_offer": "incentive", "birthday": "incentive", "wakeup_push": "contact",
    "birthday_wish": "contact", "expiry_note": "contact", "house": "contact policy",
    "reactivation": "group", "repurchase_rate": "indicator", "nps": "indicator",
    "dormant_share": "indicator", "fair": "ensure", "no_minors": "ensure", "surge": "ensure",
}  # fmt: skip
LABELS = {
    "retail_membership": "零售会员增长", "aov": "客单价", "ltv": "客户终身价值",
    "orders_12m": "近12个月订单数", "recency": "距上次购买", "spend_12m": "近12个月消费",
    "at_risk": "流失预警", "big_basket": "大单客", "fans": "社群粉丝", "new_moms": "新手妈妈",
    "silent": "沉默会员", "lifecycle": "生命周期", "lifecycle.prospect": "潜客",
    "lifecycle.growth": "成长期", "lifecycle.mature": "成熟期", "lifecycle.dormant": "休眠期",
    "churn_risk": "流失风险分", "member_level": "会员等级", "member_level.platinum": "白金卡",
    "member_level.gold": "金卡", "member_level.silver": "银卡", "member_level.standard": "普卡",
    "offer": "权益矩阵", "purchase": "消费积分", "growth_value": "成长值入账",
    "referral": "推荐佣金", "cash_off": "积分抵现", "wakeup": "唤醒大额券",
    "monthly_offer": "当月权益", "birthday": "生日礼", "wakeup_push": "沉睡唤醒触达",
    "birthday_wish": "生日祝福", "expiry_note": "积分到期提醒", "house": "触达总则",
    "reactivation": "唤醒权益", "repurchase_rate": "复购率", "nps": "净推荐值",
    "dormant_share": "休眠占比", "fair": "消费越多等级不降", "surge": "休眠占比异常",
    "points": "积分", "growth": "成长值", "commission": "佣金",
}  # fmt: skip


def large_run(folder: Path, members: int = 20_000, shift: int = 0) -> Path:
    """A run over members who are the same each time; `shift` makes an earlier one of it."""
    db = duckdb.connect()
    db.execute(
        "CREATE MACRO u(i, s) AS ('0x' || substr(md5(i || ':' || s), 1, 8))::BIGINT / 4294967296.0"
    )
    db.execute(f"""
      CREATE TABLE base AS SELECT 'M' || lpad(i::VARCHAR, 7, '0') AS customer, i,
        u(i, 'a') AS a, u(i, 'b') AS b, u(i, 'c') AS c, u(i, 'd{shift}') AS d, u(i, 'e') AS e
      FROM range({members}) t(i) WHERE {shift} = 0 OR u(i, 'join') > 0.04""")
    db.execute(f"""
      CREATE TABLE facts AS
      WITH o AS (SELECT *, CASE WHEN b < 0.14 THEN 0 ELSE 1 + floor(power(a, 4) * 14
                 + d * 1.4 - {shift} * 0.12 * a)::BIGINT END AS orders_12m FROM base),
      s AS (SELECT *, (orders_12m * round(90 + 900 * power(c, 6) + 260 * power(a, 3)
                 + 40 * d - {shift} * 9 * c, 2))::DECIMAL(18,2) AS spend_12m,
                 CASE WHEN orders_12m = 0 THEN NULL
                      ELSE floor(170 * power(e, 2) + 20 * d)::BIGINT END AS recency FROM o),
      r AS (SELECT *, percent_rank() OVER (ORDER BY spend_12m DESC) AS place FROM s)
      SELECT *, CASE WHEN place < 0.05 THEN 'platinum' WHEN place < 0.2 THEN 'gold'
                     WHEN spend_12m >= 400 THEN 'silver' ELSE 'standard' END AS member_level
      FROM r""")
    db.execute("""
      CREATE TABLE decisions AS SELECT customer,
        (spend_12m / greatest(orders_12m, 1))::DECIMAL(18,2) AS aov,
        (spend_12m * 2.5)::DECIMAL(18,2) AS ltv, orders_12m, recency, spend_12m,
        CASE WHEN recency IS NULL THEN NULL ELSE recency > 75 AND orders_12m >= 2 END AS at_risk,
        spend_12m > 260 * greatest(orders_12m, 1) AS big_basket, u(i, 'fan') < 0.11 + a * 0.2 AS fans,
        CASE WHEN u(i, 'mom?') < 0.3 THEN NULL ELSE u(i, 'mom') < 0.08 END AS new_moms,
        coalesce(recency > 60, true) AND d < 0.7 AS silent,
        CASE WHEN orders_12m = 0 THEN 'prospect' WHEN recency > 90 THEN 'dormant'
             WHEN orders_12m >= 6 THEN 'mature' ELSE 'growth' END AS lifecycle,
        (20 + CASE WHEN recency > 120 THEN 40 ELSE 0 END - CASE WHEN orders_12m >= 6 THEN 20 ELSE 0 END
          + floor(d * 12)::BIGINT + CASE WHEN recency > 60 THEN 15 ELSE 0 END)::DECIMAL(18,0) AS churn_risk,
        list_filter([CASE WHEN recency > 120 THEN 'churn_risk.1' END,
          CASE WHEN orders_12m >= 6 THEN 'churn_risk.2' END,
          CASE WHEN recency > 60 THEN 'churn_risk.3' END], lambda x: x IS NOT NULL) AS "churn_risk.reasons",
        []::VARCHAR[] AS "churn_risk.unknown",
        member_level,
        CASE WHEN u(i, 'join') <= 0.04 THEN NULL WHEN d < 0.86 THEN member_level
             WHEN d < 0.95 THEN CASE member_level WHEN 'platinum' THEN 'gold' WHEN 'gold' THEN 'silver' ELSE 'standard' END
             ELSE CASE member_level WHEN 'gold' THEN 'platinum' WHEN 'silver' THEN 'gold' WHEN 'standard' THEN 'silver' ELSE 'platinum' END
        END AS "member_level.held",
        CASE member_level WHEN 'platinum' THEN NULL WHEN 'gold' THEN 'platinum' WHEN 'silver' THEN 'gold' ELSE 'silver' END AS "member_level.next",
        spend_12m AS "member_level.next.missing.spend_12m", d, i,
        CASE WHEN recency IS NULL THEN 4 WHEN member_level = 'platinum' AND recency < 30 THEN 1
             WHEN member_level IN ('platinum', 'gold') AND recency >= 90 THEN 2
             WHEN recency < 90 THEN 3 ELSE 4 END::BIGINT AS offer,
        true AS fair, i % 401 <> 0 AS no_minors
      FROM facts""")
    db.execute("""
      CREATE TABLE final AS SELECT * EXCLUDE (d, i, member_level),
        CASE WHEN "member_level.held" = 'platinum' AND member_level = 'gold' AND d > 0.97 THEN 'platinum'
             ELSE member_level END AS member_level,
        CASE WHEN "member_level.held" IS NULL THEN 'entered' WHEN "member_level.held" = member_level THEN 'kept'
             WHEN d < 0.95 THEN 'upgraded' WHEN "member_level.held" = 'platinum' AND d > 0.97 THEN 'in_grace'
             ELSE 'downgraded' END AS "member_level.change",
        CASE offer WHEN 1 THEN '新品优先购' WHEN 2 THEN '大额券' WHEN 3 THEN '满199减10' ELSE '无' END AS "offer.benefit",
        CASE offer WHEN 2 THEN 30 WHEN 3 THEN 4 ELSE 0 END::DECIMAL(18,2) AS "offer.cost" FROM decisions""")
    _large_outcomes(db)
    folder.mkdir(parents=True)
    db.execute(f"COPY final TO '{folder}/decisions.parquet' (FORMAT parquet, COMPRESSION zstd)")
    db.execute(f"COPY outcomes TO '{folder}/outcomes.parquet' (FORMAT parquet, COMPRESSION zstd)")
    columns = ", ".join(f'"{name}" {kind}' for name, kind in REJECTS.items())
    db.execute(f"CREATE TABLE rejects ({columns})")
    db.execute("""INSERT INTO rejects SELECT CASE WHEN i % 3 = 0 THEN 'customer' ELSE 'orders' END,
        CASE WHEN i % 7 = 0 THEN 'orphan' WHEN i % 3 = 0 THEN 'customer' ELSE 'row' END, customer,
        'o' || i, CASE WHEN i % 3 = 0 THEN 'birthday' ELSE 'amount' END,
        CASE WHEN i % 7 = 0 THEN 'no customer' WHEN i % 3 = 0 THEN 'not a date' ELSE 'too large' END, 'x'
        FROM base WHERE i % 241 = 0""")
    db.execute(f"COPY rejects TO '{folder}/rejects.parquet' (FORMAT parquet, COMPRESSION zstd)")
    _large_json(db, folder, shift)
    return folder


def _large_outcomes(db: duckdb.DuckDBPyConnection) -> None:
    columns = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
    db.execute(f"CREATE TABLE outcomes ({columns})")
    put = "INSERT INTO outcomes BY NAME SELECT customer, "
    db.execute(f"""{put} 'points' AS kind, 'purchase' AS rule, 'points' AS account,
        floor(aov)::BIGINT AS points FROM final WHERE recency < 9 AND aov >= 1""")
    db.execute(f"""{put} 'points' AS kind, 'cash_off' AS rule, 'points' AS account,
        -1000 AS points, -10::DECIMAL(18,2) AS worth FROM final WHERE recency < 2""")
    db.execute(f"""{put} 'points' AS kind, 'growth_value' AS rule, 'growth' AS account,
        floor(aov / 10)::BIGINT AS points FROM final WHERE recency < 9 AND aov >= 10""")
    db.execute(f"""{put} 'points' AS kind, 'referral' AS rule, 'commission' AS account,
        (aov * 0.05)::DECIMAL(18,2) AS worth FROM final WHERE recency < 4""")
    db.execute(f"""{put} 'incentive' AS kind, 'wakeup' AS rule, 'coupon' AS benefit,
        '50 off 199' AS detail, 50 AS worth, 17.50 AS cost FROM final
        WHERE lifecycle = 'dormant' AND ltv >= 500 QUALIFY row_number() OVER (ORDER BY ltv DESC, customer) <= 1600""")
    db.execute(f"""{put} 'incentive' AS kind, 'monthly_offer' AS rule, "offer.benefit" AS benefit,
        "offer.cost" AS cost FROM final WHERE offer < 4 AND member_level <> 'standard'""")
    db.execute(f"""{put} 'incentive' AS kind, 'birthday' AS rule, 'gift' AS benefit, '蛋糕券' AS detail,
        30 AS worth, 12 AS cost FROM final WHERE u(customer, 'bd') < 0.083 AND member_level <> 'standard'""")
    channel = "CASE WHEN u(customer, 'ch') < 0.55 THEN 'wecom' WHEN u(customer, 'ch') < 0.8 THEN 'sms' ELSE 'app' END"
    db.execute(f"""{put} 'contact' AS kind, 'wakeup_push' AS rule, 'recover' AS purpose,
        {channel} AS channel FROM outcomes o WHERE rule = 'wakeup' AND kind = 'incentive' AND u(customer, 'x') < 0.6""")
    db.execute(f"""{put} 'contact' AS kind, 'birthday_wish' AS rule, 'greeting' AS purpose,
        {channel} AS channel FROM final WHERE u(customer, 'bd') < 0.083 AND u(customer, 'y') < 0.7""")
    db.execute(f"""{put} 'contact' AS kind, 'expiry_note' AS rule, 'remind' AS purpose,
        {channel} AS channel FROM final WHERE u(customer, 'exp') < 0.09""")
    stops = [
        ("wakeup", "budget", "wakeup.budget.1", "lifecycle = 'dormant' AND ltv >= 500", 0.33),
        ("wakeup", "holdout", "wakeup.holdout.1", "lifecycle = 'dormant'", 0.1),
        ("wakeup", "limit", "wakeup.limit.1", "lifecycle = 'dormant'", 0.05),
        ("wakeup", "group", "reactivation.choose.1", "lifecycle = 'dormant'", 0.03),
        ("monthly_offer", "unless", "monthly_offer.unless.1", "offer = 4", 0.6),
        ("monthly_offer", "limit", "monthly_offer.limit.1", "offer < 4", 0.08),
        ("wakeup_push", "consent", "wakeup_push.via.1", "lifecycle = 'dormant'", 0.2),
        ("wakeup_push", "never", "house.never.1", "lifecycle = 'dormant'", 0.07),
        ("wakeup_push", "limit", "house.limit.1", "lifecycle = 'dormant'", 0.09),
        ("wakeup_push", "quota", "house.quota.1", "lifecycle = 'dormant'", 0.04),
        ("birthday_wish", "consent", "birthday_wish.via.1", "true", 0.02),
        ("birthday_wish", "arbitration", "house.choose.1", "true", 0.012),
        ("expiry_note", "consent", "expiry_note.via.1", "true", 0.035),
        ("expiry_note", "arbitration", "house.choose.1", "true", 0.02),
        ("expiry_note", "discard", "expiry_note.discard.1", "true", 0.008),
        ("purchase", "cap", "purchase.cap.1", "true", 0.004),
    ]
    for rule, by, code, where, part in stops:
        db.execute(f"""{put} 'stopped' AS kind, '{rule}' AS rule, '{by}' AS by, '{code}' AS code
            FROM final WHERE {where} AND u(customer, '{rule}{by}') < {part}""")


def _large_json(db: duckdb.DuckDBPyConnection, folder: Path, shift: int) -> None:
    def one(query: str) -> Any:
        return db.execute(query).fetchall()[0][0]

    decided, rejected = (
        one("SELECT count(*) FROM final"),
        one("SELECT count(DISTINCT customer) FROM rejects"),
    )
    rate = dict(
        db.execute("""SELECT member_level, (count_if(orders_12m >= 2) / greatest(count_if(orders_12m >= 1), 1))
        ::DECIMAL(9,6)::VARCHAR FROM final GROUP BY 1 ORDER BY 1""").fetchall()
    )
    dormant = one(
        "SELECT (count_if(lifecycle = 'dormant') / count(*))::DECIMAL(9,6)::VARCHAR FROM final"
    )
    run = {
        "run": 1,
        "policy": {"name": "retail_membership", "version": 3 - shift, "digest": "sha256:9f2c51e0aa417b6d", "label": "零售会员增长"},
        "schema": {"name": "retail", "version": 1},
        "as_of": "2026-11-21T10:00:00+08:00" if not shift else "2026-10-21T10:00:00+08:00",
        "timezone": "Asia/Shanghai", "currency": "CNY", "events": [], "engine": "duckdb",
        "calibration": {"digest": "sha256:77aa", "as_of": "2026-11-20T02:00:00+08:00", "population": decided},
        "allocation": "sha256:1c9d",
        "sources": {"customer": {"digest": "sha256:aa01", "rows": decided + rejected, "files": [{"path": "members.parquet", "bytes": 1, "digest": "sha256:aa01"}]},
                    "orders": {"digest": "sha256:bb02", "rows": 84211, "files": []}},
        "customers": {"read": decided + rejected, "decided": decided, "rejected": rejected},
        "rows": {"customer": decided + rejected, "orders": 84211},
        "counts": {"classes": {"lifecycle": {"prospect": 1, "growth": 1, "mature": 1, "dormant": 1}},
                   "tiers": {"member_level": {"levels": {"gold": 1, "platinum": 1, "silver": 1, "standard": 1}}}},
        "budgets": {"wakeup.budget.1": {"limit": "100000.00", "used_before": "20000.00", "spent": "80000.00", "wanted": 2410, "admitted": 1600, "refused": 810},
                    "birthday.budget.1": {"limit": "30000.00", "used_before": "0.00", "spent": "11220.00", "wanted": 374, "admitted": 374, "refused": 0}},
        "claims": {"fair": {"true": decided, "false": 0, "unknown": 0}, "no_minors": {"true": decided - 50, "false": 3, "unknown": 47}},
        "labels": LABELS, "kinds": KINDS,
        "versions": {"siyu": "0.4.0", "engine": "2.0.0", "language": 1},
    }  # fmt: skip
    indicators = {
        "as_of": run["as_of"],
        "indicators": {
            "repurchase_rate": {"label": "复购率", "type": "decimal", "value": "0.712345" if not shift else "0.698012", "by": {"declaration": "member_level", "groups": rate}, "before": None},
            "nps": {"label": "净推荐值", "type": "decimal", "value": "-0.043210" if not shift else "0.012000", "by": None, "before": None},
            "dormant_share": {"label": "休眠占比", "type": "decimal", "value": dormant, "by": None, "before": None},
        },
        "claims": {"surge": {"holds": False, "value": dormant}},
    }  # fmt: skip
    write_json(folder, run, indicators)


if __name__ == "__main__":
    import sys

    large_run(Path(sys.argv[1]) / "new", int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)
    large_run(Path(sys.argv[1]) / "old", int(sys.argv[2]) if len(sys.argv) > 2 else 20_000, shift=1)
