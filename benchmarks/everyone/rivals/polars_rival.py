"""The record-level stage of the benchmark policy in Polars: decisions from members and consents, in
its streaming engine. No outcomes, no ids, no reasons."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

LEVELS = ["standard", "silver", "gold", "platinum", "diamond"]
BENEFITS = [
    "管家服务", "新品优先购", "专属回归礼", "满300减30", "满199减40", "无门槛20", "首单礼",
    "满199减10", "无",
]  # fmt: skip
COSTS = [6000, 1200, 8000, 800, 3000, 2000, 1500, 400, 0]
SCRIPTS = ["vip_save", "apology", "core_save", "escalate", "remind", "none"]
OWNERS = ["advisor", "advisor", "shop", "service", "shop", "none"]


def first(*arms: tuple[pl.Expr, object], otherwise: object) -> pl.Expr:
    """The value of the first arm that holds; unknown does not hold."""
    made = pl.when(arms[0][0]).then(_value(arms[0][1]))
    for when, value in arms[1:]:
        made = made.when(when).then(_value(value))
    return made.otherwise(_value(otherwise))


def _value(value: object) -> pl.Expr:
    return value if isinstance(value, pl.Expr) else pl.lit(value)


def points(when: pl.Expr, size: int) -> pl.Expr:
    return first((when, size), otherwise=0)


def looked_up(place: pl.Expr, names: list[str]) -> pl.Expr:
    return place.replace_strict(
        list(range(len(names))), names, default=None, return_dtype=pl.String
    )


def plan(members: Path, consents: Path, day: str) -> pl.LazyFrame:
    """Everything that is decided, as a lazy frame."""
    c = pl.col
    today = pl.lit(date.fromisoformat(day))
    agreed = (
        pl.scan_parquet(consents)
        .group_by("member_id")
        .agg(
            *(
                c("granted").filter(c("channel") == name).all().alias(f"{name}_all")
                & (c("channel") == name).any().alias(f"{name}_any")
                for name in ("sms", "app", "wecom")
            )
        )
        .rename({f"{name}_all": name for name in ("sms", "app", "wecom")})
    )
    days = ("joined_on", "last_paid_on", "first_paid_on", "app_opened_on", "wecom_since",
            "refunded_on")  # fmt: skip
    names = ("tenure", "recency", "first_gap", "app_idle", "wecom_age", "refund_age")
    a = (
        pl.scan_parquet(members)
        .join(agreed, on="member_id", how="left", maintain_order="left")
        .with_columns(
            *((today - c(d)).dt.total_days().alias(n) for d, n in zip(days, names, strict=True)),
            *(
                (c(n) * 100).cast(pl.Int64).alias(f"{n}_fen")
                for n in ("spend_12m", "refund_12m", "spend_90d", "total_spend")
            ),
            engagement=c("visits_30d") + c("carts_30d") * 3,
            points_left=c("points_balance") - c("points_expiring"),
            sms=c("sms").fill_null(False),
            app=c("app").fill_null(False),
            wecom=c("wecom").fill_null(False),
            held=c("member_level_held").replace_strict(
                LEVELS, list(range(5)), default=None, return_dtype=pl.Int32
            ),
        )
    )
    spend, refund = c("spend_12m_fen"), c("refund_12m_fen")
    b = a.with_columns(
        net=spend - refund,
        aov=first(
            (c("orders_12m") == 0, 0),
            otherwise=(20000 * spend + c("orders_12m")) // (2 * c("orders_12m")),
        ),
        rate=first(
            (spend > 0, (2_000_000 * refund + spend) // (2 * spend)),
            otherwise=pl.lit(None, pl.Int64),
        ),
        trend=c("spend_90d_fen") * 4 - spend,
    )
    net, recency, rate, gap = c("net"), c("recency"), c("rate"), c("first_gap")
    m = b.with_columns(
        ltv=net * 10 + c("total_spend_fen") * 3,
        newcomer=(c("tenure") <= 30) & (c("orders_total") <= 1),
        active=(recency <= 30) & (c("orders_90d") >= 2),
        loyal=(c("orders_12m") >= 12) & (recency <= 60) & (rate < 100_000),
        bargain=(c("avg_discount") > pl.lit(0.3).cast(pl.Decimal(5, 4))) & (c("coupons_used") >= 3),
        slipping=recency.is_between(60, 120) & (c("orders_12m") >= 2) & ~c("is_employee"),
        lost=(recency > 365) | ((recency > 180) & (c("orders_12m") == 0)),
        returner=(rate > 200_000) | (c("refunds_12m") >= 5),
        unhappy=(c("complaints_12m") >= 2) | (c("nps_score") <= 6),
        promoter=(c("nps_score") >= 9) & (c("complaints_12m") == 0),
        app_fan=c("app_installed") & (c("app_idle") <= 14),
        app_sleeper=c("app_installed") & (c("app_idle") > 60),
        cart_leaver=(c("carts_30d") >= 2) & (c("orders_90d") <= 3),
        points_rich=(c("points_balance") >= 20_000) & (c("points_expiring") >= 1_000),
        young_city=c("age").is_between(18, 35) & c("city_tier").is_in(["city", "metro"]),
        rising=(c("trend") > 100_000) & (c("orders_90d") >= 3),
        reachable=(c("wecom_friend") | c("app_installed"))
        & ~c("is_employee")
        & ~c("unsubscribed"),
        parent=(c("favourite") == "baby")
        & (c("gender").is_null() | (c("gender") == "female"))
        & c("age").is_between(22, 45),
        from_live=c("came_from").is_in(["live", "short_video"]) & (gap <= 90),
        lifecycle=first(
            (c("orders_total") == 0, "prospect"),
            (recency.is_null(), pl.lit(None, pl.String)),
            (recency > 180, "lapsed"),
            (recency > 90, "dormant"),
            (c("orders_12m") < 6, "growth"),
            (gap.is_null(), pl.lit(None, pl.String)),
            (gap > 180, "mature"),
            otherwise="growth",
        ),
        churn=(
            20
            + first((recency > 120, 30), (recency >= 60, 15), otherwise=0)
            + points(c("complaints_12m") >= 1, 10)
            + points(~c("app_installed") & ~c("wecom_friend"), 12)
            + points(c("nps_score") <= 6, 14)
            - points(c("orders_12m") >= 6, 20)
            - points(c("app_idle") <= 7, 8)
            - points(c("trend") > 50_000, 16)
        ).clip(0, 100),
        intent=(
            10
            + points(c("carts_30d") >= 1, 25)
            + points(c("visits_30d") >= 5, 15)
            + points(c("engagement") >= 20, 20)
            + points(c("favourite").is_in(["beauty", "baby"]), 10)
            + points(c("coupons_open") >= 2, 12)
            - points(c("unsubscribed"), 30)
        ).clip(0, 100),
        earned=first(
            (net >= 2_000_000, 4), (net >= 800_000, 3), (net >= 300_000, 2), (net >= 50_000, 1),
            otherwise=0,
        ),
    )  # fmt: skip
    until, held, earned = c("member_level_until"), c("held"), c("earned")
    d = m.with_columns(
        band=first(
            (c("ltv") >= 30_000_000, "vip"),
            ((net >= 300_000) | (c("orders_12m") >= 10), "core"),
            ((net >= 50_000) & (c("aov") >= 50_000_000), "regular"),
            otherwise="light",
        ),
        change=first(
            (held.is_null(), "entered"),
            (earned > held, "upgraded"),
            (earned == held, "kept"),
            (today <= until.fill_null(today), "kept"),
            (today <= until + pl.duration(days=60), "in_grace"),
            otherwise="downgraded",
        ),
    )
    fresh = today + pl.duration(days=365)
    e = d.with_columns(
        level=first(
            (c("change").is_in(["entered", "upgraded"]), earned),
            (c("change") == "downgraded", held - 1),
            otherwise=held,
        ),
        keep_until=first(
            (c("change").is_in(["entered", "upgraded", "downgraded"]), fresh),
            ((earned == held) & (until <= today).fill_null(True), fresh),
            otherwise=until.fill_null(today),
        ),
        grace_until=first(
            (c("change") == "in_grace", until + pl.duration(days=60)),
            otherwise=pl.lit(None, pl.Date),
        ),
    )
    level, stage = c("level"), c("lifecycle")
    nothing = pl.lit(None, pl.Int64)
    f = e.with_columns(
        next_missing=first(
            (level == 0, 50_000 - net), (level == 1, 300_000 - net), (level == 2, 800_000 - net),
            (level == 3, 2_000_000 - net), otherwise=nothing,
        ),
        keep_missing=first(
            (earned >= level, nothing), (level == 1, 50_000 - net), (level == 2, 300_000 - net),
            (level == 3, 800_000 - net), (level == 4, 2_000_000 - net), otherwise=nothing,
        ),
        offer=first(
            ((level == 4) & recency.is_null(), 9),
            ((level == 4) & (recency <= 30), 1),
            (stage.is_null(), 9),
            ((level >= 3) & stage.is_in(["mature", "growth"]), 2),
            ((level >= 3) & stage.is_in(["dormant", "lapsed"]), 3),
            ((level == 2) & (stage == "mature") & (recency >= 0) & (recency < 60), 4),
            (level.is_in([1, 2]) & (stage == "dormant"), 5),
            ((level > 0) & (stage == "lapsed") & (recency > 270), 6),
            (stage == "prospect", 7),
            ((stage == "growth") & (recency >= 0) & (recency < 90), 8),
            otherwise=9,
        ),
        care=first(
            ((c("band") == "vip") & (c("churn") >= 60), 1),
            (c("band").is_in(["vip", "core"]) & (c("complaints_12m") >= 1), 2),
            ((c("band") == "core") & (c("churn") >= 50), 3),
            (c("complaints_12m") >= 3, 4),
            ((c("band") == "regular") & (c("churn") >= 40), 5),
            otherwise=6,
        ),
        cart_push=c("cart_leaver") & (c("intent") >= 40) & (c("coupons_open") < 3),
        wants_double=(c("rising") & ((c("prefers") == "app") | c("app_fan"))).fill_null(False),
        wants_box=(c("parent") & (c("orders_12m") >= 2)).fill_null(False),
        points_nudge=c("points_rich") & (c("points_left") < 50_000),
        save_call=(c("churn") >= 70) & c("band").is_in(["vip", "core"]),
        wants_big=(
            stage.is_in(["dormant", "lapsed"]) & (c("ltv") >= 2_000_000) & ~c("is_employee")
        ).fill_null(False),
        wants_small=(c("slipping") | (stage == "dormant")).fill_null(False),
    )  # fmt: skip
    g = f.with_columns(
        double_points=c("wants_double") & ~c("cart_push"),
        parent_box=c("wants_box") & ~c("cart_push") & ~c("wants_double"),
        monthly_offer=(level > 0) & (c("offer") < 9),
        wake_big=c("wants_big") & ~c("save_call"),
        wake_small=c("wants_small") & ~c("save_call") & ~c("wants_big"),
    )
    reach = ~c("unsubscribed")
    wake = reach & (c("wake_big") | c("wake_small"))
    none = pl.lit(None, pl.String)
    thanked = (
        reach
        & (recency <= 3).fill_null(False)
        & (c("refunded_on").is_null() | (c("refund_age") > 30))
    )
    invited = reach & (c("promoter") & (c("referrals") < 5)).fill_null(False)
    h = g.with_columns(
        wake_ok=wake & ((c("wecom_friend") & c("wecom")) | c("sms")),
        cart_ok=reach & c("cart_push") & ((c("app_installed") & c("app")) | c("sms")),
        thanks_ok=thanked & ((c("wecom_friend") & c("wecom")) | c("app") | c("sms")),
        invite_ok=invited
        & (
            (c("wecom") & (c("wecom_age") >= 30).fill_null(False))
            | (c("app") & c("app_fan").fill_null(False))
            | c("sms")
        ),
    ).with_columns(
        contact=first(
            (c("wake_ok"), "wake_push"), (c("cart_ok"), "cart_note"), (c("thanks_ok"), "thanks"),
            (c("invite_ok"), "invite"), otherwise=none,
        )
    )  # fmt: skip
    rules = ("cart_push", "double_points", "monthly_offer", "parent_box", "points_nudge",
             "save_call", "wake_big", "wake_small")  # fmt: skip
    return h.select(
        c("member_id").alias("customer"),
        *(c(n) for n in names),
        _money(net, 0).alias("net_spend"), _money(c("aov"), 4).alias("aov"),
        (rate.cast(pl.Decimal(18, 0)) * pl.lit(1).cast(pl.Decimal(7, 6)) / 1_000_000)
        .cast(pl.Decimal(18, 6)).alias("refund_rate"),
        _money(c("trend"), 0).alias("trend"), c("engagement"), c("points_left"),
        _money(c("ltv"), 1).alias("ltv"),
        *(c(n) for n in (
            "newcomer", "active", "loyal", "bargain", "slipping", "lost", "returner", "unhappy",
            "promoter", "app_fan", "app_sleeper", "cart_leaver", "points_rich", "young_city",
            "rising", "reachable", "parent", "from_live", "lifecycle", "band")),
        c("churn").alias("churn_risk"), c("intent"),
        looked_up(level, LEVELS).alias("member_level"),
        c("member_level_held").alias("member_level.held"),
        c("change").alias("member_level.change"),
        c("keep_until").alias("member_level.keep_until"),
        c("grace_until").alias("member_level.grace_until"),
        looked_up(level + 1, LEVELS).alias("member_level.next"),
        _money(c("next_missing"), 0).alias("member_level.next.missing.net_spend"),
        _money(c("keep_missing"), 0).alias("member_level.keep.missing.net_spend"),
        c("offer"), looked_up(c("offer") - 1, BENEFITS).alias("offer.benefit"),
        _money((c("offer") - 1).replace_strict(list(range(9)), COSTS), 0).alias("offer.cost"),
        c("care"), looked_up(c("care") - 1, SCRIPTS).alias("care.script"),
        looked_up(c("care") - 1, OWNERS).alias("care.owner"),
        first(((c("contact") == "wake_push").fill_null(False), c("age") >= 18), otherwise=True)
        .alias("no_minors"),
        pl.lit(True).alias("no_staff"),
        pl.concat_list([first((c(n), n), otherwise=none) for n in rules]).list.drop_nulls()
        .alias("incentives"),
        pl.concat_list(c("contact")).list.drop_nulls().alias("contacts"),
    )  # fmt: skip


def _money(fen: pl.Expr, more: int) -> pl.Expr:
    """Fen with `more` digits beyond, as an amount; half up."""
    unit = 10**more
    rounded = fen if more == 0 else (fen.abs() + unit // 2) // unit * fen.sign()
    return (rounded.cast(pl.Decimal(18, 2)) / 100).cast(pl.Decimal(18, 2))


def run(members: Path, consents: Path, out: Path, today: str) -> None:
    """Decide about everyone and write `decisions.parquet`."""
    out.mkdir(parents=True, exist_ok=True)
    plan(members, consents, today).sink_parquet(out / "decisions.parquet", compression="zstd")
