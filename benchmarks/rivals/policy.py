"""The benchmark policy in the terms of `rivals.terms`: it says what `growth75.siyu` says.

It is the one place where the rivals' rules stand; `decided` puts their outputs together.
"""

from __future__ import annotations

from typing import Any

from benchmarks.handwritten import (
    CARE,
    LEVELS,
    METRICS,
    OFFER,
    SEGMENTS,
    THRESHOLDS,
    TIER,
    Decided,
    outcome_id,
)
from benchmarks.records import CITIES, TODAY_TEXT, Member
from benchmarks.rivals.plan import Plan
from benchmarks.rivals.terms import Condition, Term, between, first, get


def _plan() -> Plan:
    plan = Plan()
    plan.optional.update(n for n, t in Member.__annotations__.items() if t.endswith("| None"))
    _metrics(plan)
    _segments(plan)
    _classes(plan)
    _scores(plan)
    _tier(plan)
    _tables(plan)
    _incentives(plan)
    _contacts(plan)
    return plan


def _metrics(plan: Plan) -> None:
    plan.since("tenure", "joined_on")
    plan.since("recency", "last_paid_on")
    plan.since("first_gap", "first_paid_on")
    plan.since("app_idle", "app_opened_on")
    plan.since("wecom_age", "wecom_since")
    plan.since("refund_age", "refunded_on")
    spend, orders, refund = get("spend_12m"), get("orders_12m"), get("refund_12m")
    plan.let("net_spend", ("-", spend, refund))
    aov = ("half_up", ("*", spend, 10_000), orders)
    plan.let("aov", ("if", ("==", orders, 0), 0, aov))
    rate = ("half_up", ("*", refund, 1_000_000), spend)
    plan.let("refund_rate", ("if", ("==", spend, 0), None, rate), optional=True)
    plan.let("trend", ("-", ("*", get("spend_90d"), 4), spend))
    plan.let("engagement", ("+", get("visits_30d"), ("*", get("carts_30d"), 3)))
    plan.let("points_left", ("-", get("points_balance"), get("points_expiring")))
    plan.let("ltv", ("+", ("*", get("net_spend"), 10), ("*", get("total_spend"), 3)))


def _segments(plan: Plan) -> None:
    recency, nps, rate = get("recency"), get("nps_score"), get("refund_rate")
    orders, installed = get("orders_12m"), ("flag", "app_installed")
    staff = ("flag", "is_employee")
    plan.segment("newcomer", ("and", ("<=", get("tenure"), 30), ("<=", get("orders_total"), 1)))
    plan.segment("active", ("and", ("<=", recency, 30), (">=", get("orders_90d"), 2)))
    plan.segment("loyal", ("and", (">=", orders, 12), ("<=", recency, 60), ("<", rate, 100_000)))
    plan.segment(
        "bargain", ("and", (">", get("avg_discount"), 3000), (">=", get("coupons_used"), 3))
    )
    plan.segment("slipping", ("and", between(recency, 60, 120), (">=", orders, 2)), unless=staff)
    silent = ("and", (">", recency, 180), ("==", orders, 0))
    plan.segment("lost", ("or", (">", recency, 365), silent))
    plan.segment("returner", ("or", (">", rate, 200_000), (">=", get("refunds_12m"), 5)))
    plan.segment("unhappy", ("or", (">=", get("complaints_12m"), 2), ("<=", nps, 6)))
    plan.segment("promoter", ("and", (">=", nps, 9), ("==", get("complaints_12m"), 0)))
    plan.segment("app_fan", ("and", installed, ("<=", get("app_idle"), 14)))
    plan.segment("app_sleeper", ("and", installed, (">", get("app_idle"), 60)))
    plan.segment("cart_leaver", ("and", (">=", get("carts_30d"), 2), ("<=", get("orders_90d"), 3)))
    expiring = (">=", get("points_expiring"), 1_000)
    plan.segment("points_rich", ("and", (">=", get("points_balance"), 20_000), expiring))
    plan.segment(
        "young_city",
        ("and", between(get("age"), 18, 35), (">=", get("city_tier"), CITIES.index("city"))),
    )
    plan.segment("rising", ("and", (">", get("trend"), 100_000), (">=", get("orders_90d"), 3)))
    plan.segment(
        "reachable",
        ("or", ("flag", "wecom_friend"), installed),
        unless=("or", staff, ("flag", "unsubscribed")),
    )
    plan.segment(
        "parent",
        (
            "and",
            ("==", get("favourite"), "baby"),
            ("or", ("unknown", "gender"), ("==", get("gender"), "female")),
            between(get("age"), 22, 45),
        ),
    )
    live = ("in", get("came_from"), ("live", "short_video"))
    plan.segment("from_live", ("and", live, ("<=", get("first_gap"), 90)))


def _classes(plan: Plan) -> None:
    recency, orders = get("recency"), get("orders_12m")
    plan.classify(
        "lifecycle",
        [
            ("prospect", ("==", get("orders_total"), 0)),
            ("lapsed", (">", recency, 180)),
            ("dormant", (">", recency, 90)),
            ("mature", ("and", (">=", orders, 6), (">", get("first_gap"), 180))),
        ],
        "growth",
    )
    net = get("net_spend")
    plan.classify(
        "band",
        [
            ("vip", (">=", get("ltv"), 30_000_000)),
            ("core", ("or", (">=", net, 300_000), (">=", orders, 10))),
            ("regular", ("and", (">=", net, 50_000), (">=", get("aov"), 50_000_000))),
        ],
        "light",
    )


def _scores(plan: Plan) -> None:
    recency = get("recency")
    apart = ("and", ("not", ("flag", "app_installed")), ("not", ("flag", "wecom_friend")))
    plan.score(
        "churn_risk",
        20,
        [
            (30, (">", recency, 120)),
            (15, between(recency, 60, 120)),
            (10, (">=", get("complaints_12m"), 1)),
            (12, apart),
            (14, ("<=", get("nps_score"), 6)),
            (-20, (">=", get("orders_12m"), 6)),
            (-8, ("<=", get("app_idle"), 7)),
            (-16, (">", get("trend"), 50_000)),
        ],
    )
    plan.score(
        "intent",
        10,
        [
            (25, (">=", get("carts_30d"), 1)),
            (15, (">=", get("visits_30d"), 5)),
            (20, (">=", get("engagement"), 20)),
            (10, ("in", get("favourite"), ("beauty", "baby"))),
            (12, (">=", get("coupons_open"), 2)),
            (-30, ("flag", "unsubscribed")),
        ],
    )


def _tier(plan: Plan) -> None:
    net, held, until = get("net_spend"), get("member_level_held"), get("member_level_until")
    earned, level, today = get("earned"), get("level_no"), get("today")
    at_least = [((">=", net, THRESHOLDS[n]), n) for n in (4, 3, 2, 1)]
    plan.let("earned", first(at_least, 0, None, plan.optional), output=False)
    plan.let("until", ("if", ("known", "member_level_until"), until, today), output=False)
    in_time, in_grace = ("<=", today, get("until")), ("<=", today, ("+", get("until"), 60))
    lower = ("if", in_time, "kept", ("if", in_grace, "in_grace", "downgraded"))
    higher = ("if", (">", earned, held), "upgraded", ("if", ("==", earned, held), "kept", lower))
    plan.let("tier_change", ("if", ("unknown", "member_level_held"), "entered", higher))
    change = get("tier_change")
    shown = ("if", ("==", change, "downgraded"), ("-", held, 1), held)
    anew = ("in", change, ("entered", "upgraded"))
    plan.let("level_no", ("if", anew, earned, shown), output=False)
    reached = ("and", ("==", earned, held), ("<=", get("until"), today))
    renewed = ("or", ("in", change, ("entered", "upgraded", "downgraded")), reached)
    plan.let("tier_keep_until", ("if", renewed, ("+", today, 365), get("until")))
    grace = ("if", ("==", change, "in_grace"), ("+", get("until"), 60), None)
    plan.let("tier_grace_until", grace)
    named = [(("==", level, n), LEVELS[n]) for n in range(4)]
    plan.let("tier_level", first(named, LEVELS[4], None, set()))
    above = [(("==", level, n), LEVELS[n + 1]) for n in range(4)]
    plan.let("tier_next", first(above, None, None, set()))
    missing = [(("==", level, n), ("-", THRESHOLDS[n + 1], net)) for n in range(4)]
    plan.let("tier_next_missing", first(missing, None, None, set()))
    own = [(("==", level, n), ("-", THRESHOLDS[n], net)) for n in range(1, 4)]
    short = first(own, ("-", THRESHOLDS[4], net), None, set())
    plan.let("tier_keep_missing", ("if", ("<", earned, level), short, None))


def _tables(plan: Plan) -> None:
    level, stage, recency = get("level_no"), get("lifecycle"), get("recency")
    band, risk, complaints = get("band"), get("churn_risk"), get("complaints_12m")
    early = ("and", (">=", recency, 0), ("<", recency, 60))
    rows: list[Condition] = [
        ("and", ("==", level, 4), ("<=", recency, 30)),
        ("and", (">=", level, 3), ("in", stage, ("mature", "growth"))),
        ("and", (">=", level, 3), ("in", stage, ("dormant", "lapsed"))),
        ("and", ("==", level, 2), ("==", stage, "mature"), early),
        ("and", ("in", level, (1, 2)), ("==", stage, "dormant")),
        ("and", (">=", level, 1), ("==", stage, "lapsed"), (">", recency, 270)),
        ("==", stage, "prospect"),
        ("and", ("==", stage, "growth"), (">=", recency, 0), ("<", recency, 90)),
    ]
    out = [("list", row) for row in OFFER]
    plan.let("offer", first(list(zip(rows, out, strict=False)), out[8], out[8], plan.optional))
    cares: list[Condition] = [
        ("and", ("==", band, "vip"), (">=", risk, 60)),
        ("and", ("in", band, ("vip", "core")), (">=", complaints, 1)),
        ("and", ("==", band, "core"), (">=", risk, 50), ("==", complaints, 0)),
        (">=", complaints, 3),
        ("and", ("==", band, "regular"), (">=", risk, 40), ("<=", risk, 100)),
    ]
    served = [("list", row) for row in CARE]
    plan.let("care", first(list(zip(cares, served, strict=False)), served[5], None, set()))


def _incentives(plan: Plan) -> None:
    stage, today = get("lifecycle"), get("today")
    lasting = ("in", stage, ("dormant", "lapsed"))
    wake_big = ("and", lasting, (">=", get("ltv"), 2_000_000))
    wake_small = ("or", ("flag", "slipping"), ("==", stage, "dormant"))
    worthy = ("in", get("band"), ("vip", "core"))
    save_call = ("and", (">=", get("churn_risk"), 70), worthy)
    cart_push = ("and", ("flag", "cart_leaver"), (">=", get("intent"), 40))
    keen = ("or", ("==", get("prefers"), "app"), ("flag", "app_fan"))
    double_points = ("and", ("flag", "rising"), keen)
    parent_box = ("and", ("flag", "parent"), (">=", get("orders_12m"), 2))
    rich = ("and", ("flag", "points_rich"), ("<", get("points_left"), 50_000))
    staff, stocked = ("flag", "is_employee"), (">=", get("coupons_open"), 3)
    none_left = ("==", ("item", "offer", 0), 9)
    member = (">=", get("level_no"), 1)
    for name, audience in (
        ("for_wake_big", wake_big),
        ("for_wake_small", wake_small),
        ("for_save_call", save_call),
        ("for_cart_push", cart_push),
        ("for_double_points", double_points),
        ("for_parent_box", parent_box),
    ):
        plan.let(name, ("if", plan.sure(audience), True, False), output=False)
    big, small, call = (("flag", f"for_{n}") for n in ("wake_big", "wake_small", "save_call"))
    cart, double, box = (("flag", f"for_{n}") for n in ("cart_push", "double_points", "parent_box"))
    given = {
        "cart_push": ("and", cart, ("not", stocked)),
        "double_points": ("and", double, ("not", ("and", cart, ("not", stocked)))),
        "monthly_offer": ("and", member, ("not", none_left)),
        "parent_box": (
            "and", box, ("not", double), ("not", ("and", cart, ("not", stocked))),
        ),
        "points_nudge": plan.sure(rich),
        "save_call": call,
        "wake_big": ("and", big, ("not", staff), ("not", call)),
        "wake_small": ("and", small, ("not", call), ("not", ("and", big, ("not", staff)))),
    }  # fmt: skip
    benefit, cost = ("item", "offer", 1), ("item", "offer", 2)
    items: dict[str, tuple[Term, ...]] = {
        "cart_push": ("coupon", "10 off 59", 1000, 500, ("+", today, 3)),
        "double_points": ("card", "double points", 2000, 800, ("+", today, 30)),
        "monthly_offer": (benefit, None, None, cost, None),
        "parent_box": ("gift", "sample box", 2500, 1800, ("+", today, 30)),
        "points_nudge": ("credit", "500", 500, 450, ("+", today, 30)),
        "save_call": ("service", "advisor call", 3000, 2500, ("+", today, 7)),
        "wake_big": ("coupon", "50 off 199", 5000, 1750, ("+", today, 14)),
        "wake_small": ("coupon", "15 off 99", 1500, 600, ("+", today, 14)),
    }
    pairs = tuple((given[name], ("list", (name, *items[name]))) for name in given)
    plan.let("incentives", ("chosen", pairs))
    for name in ("cart_push", "wake_big", "wake_small"):
        plan.let(f"has_{name}", ("if", given[name], True, False), output=False)
    stopped = (
        (("and", cart, stocked), ("cart_push", "unless", "cart_push.unless.1")),
        (
            ("and", double, ("flag", "has_cart_push")),
            ("double_points", "group", "double_points.competes.1"),
        ),
        (("and", member, none_left), ("monthly_offer", "unless", "monthly_offer.unless.1")),
        (
            ("and", box, ("or", ("flag", "has_cart_push"), double)),
            ("parent_box", "group", "parent_box.competes.1"),
        ),
        (("and", big, staff), ("wake_big", "unless", "wake_big.unless.1")),
        (("and", big, ("not", staff), call), ("wake_big", "group", "wake_big.competes.1")),
        (
            ("and", small, ("or", call, ("flag", "has_wake_big"))),
            ("wake_small", "group", "wake_small.competes.1"),
        ),
    )
    plan.let("ungiven", ("chosen", tuple((c, ("list", item)) for c, item in stopped)))


def _contacts(plan: Plan) -> None:
    friend, installed = ("flag", "wecom_friend"), ("flag", "app_installed")
    wecom, app, sms = (("flag", f"ok_{name}") for name in ("wecom", "app", "sms"))
    for name in ("wecom", "app", "sms"):
        plan.let(f"ok_{name}", ("if", ("granted", name), True, False), output=False)
    wake = ("or", ("flag", "has_wake_big"), ("flag", "has_wake_small"))
    long_ago = ("or", ("unknown", "refunded_on"), (">", get("refund_age"), 30))
    thanks = plan.sure(("and", ("<=", get("recency"), 3), long_ago))
    invite = plan.sure(("and", ("flag", "promoter"), ("<", get("referrals"), 5)))
    old_friend = plan.sure((">=", get("wecom_age"), 30))
    fan = plan.sure(("flag", "app_fan"))
    via: dict[str, tuple[Condition, list[tuple[Condition, Term]]]] = {
        "wake_push": (wake, [(("and", friend, wecom), "wecom"), (sms, "sms")]),
        "cart_note": (
            ("flag", "has_cart_push"),
            [(("and", installed, app), "app"), (sms, "sms")],
        ),
        "thanks": (thanks, [(("and", friend, wecom), "wecom"), (app, "app"), (sms, "sms")]),
        "invite": (
            invite,
            [(("and", wecom, old_friend), "wecom"), (("and", app, fan), "app"), (sms, "sms")],
        ),
    }
    silent = ("flag", "unsubscribed")
    for name, (audience, channels) in via.items():
        reach = first(channels, "none", None, set())
        plan.let(
            f"via_{name}",
            ("if", audience, ("if", silent, "never", reach), None),
            optional=True,
            output=False,
        )
    chosen: Term = None
    sent = {name: ("in", get(f"via_{name}"), ("wecom", "app", "sms")) for name in via}
    for name in reversed(via):
        chosen = ("if", sent[name], name, chosen)
    plan.let("chosen", chosen, output=False)
    plan.let(
        "contacts",
        (
            "chosen",
            tuple(
                (("==", get("chosen"), name), ("list", (name, get(f"via_{name}"))))
                for name in sorted(via)
            ),
        ),
    )
    stopped = []
    for name in sorted(via):
        channel = get(f"via_{name}")
        stopped += [
            (("==", channel, "never"), (name, "never", "house.never.1")),
            (("==", channel, "none"), (name, "consent", f"{name}.via.1")),
            (
                ("and", sent[name], ("!=", get("chosen"), name)),
                (name, "arbitration", f"{name}.priority.1"),
            ),
        ]
    plan.let("unsent", ("chosen", tuple((c, ("list", item)) for c, item in stopped)))
    pushed, age = ("==", get("chosen"), "wake_push"), get("age")
    grown = ("if", ("unknown", "age"), None, ("if", (">=", age, 18), True, False))
    plan.let("no_minors", ("if", pushed, grown, True))
    plan.let(
        "no_staff", ("if", ("and", ("flag", "has_wake_big"), ("flag", "is_employee")), False, True)
    )


PLAN = _plan()


def record(member: Member, today: int) -> dict[str, Any]:
    """What rivals read, built outside what is measured: JSON values, ordered enums as ranks."""
    fields = {name: getattr(member, name) for name in Member.__slots__}
    fields["consents"] = [{"channel": r.channel, "granted": r.granted} for r in member.consents]
    fields["today"] = today
    for name, ranks in (("city_tier", CITIES), ("member_level_held", LEVELS)):
        fields[name] = None if fields[name] is None else ranks.index(fields[name])
    return fields


def identify(out: dict[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    """Name each outcome, which no engine can: the host does it, as a part of the decision."""
    if out["incentives"] or out["contacts"]:
        tail = f"\x1f{record['member_id']}\x1f{TODAY_TEXT}".encode()
        for outcomes in (out["incentives"], out["contacts"]):
            for item in outcomes:
                item.insert(0, outcome_id(item[0].encode(), tail))
    return out


def decided(out: dict[str, Any]) -> Decided:
    """A rival's output in the shape that outcomes are compared in."""
    stopped = sorted(map(tuple, [*out["ungiven"], *out["unsent"]]))
    return Decided(
        metrics=tuple(out[name] for name in METRICS),
        segments=tuple(out[name] for name in SEGMENTS),
        classes=(out["lifecycle"], out["band"]),
        churn_risk=(out["churn_risk"], out["churn_risk_reasons"], out["churn_risk_unknown"]),
        intent=(out["intent"], out["intent_reasons"], out["intent_unknown"]),
        tier=tuple(
            out["member_level_held"] if name == "held" else out[f"tier_{name}"] for name in TIER
        ),
        offer=tuple(out["offer"]),
        care=tuple(out["care"]),
        incentives=[tuple(item) for item in out["incentives"]],
        contacts=[tuple(item) for item in out["contacts"]],
        stopped=stopped,
        claims=(out["no_minors"], out["no_staff"]),
    )
