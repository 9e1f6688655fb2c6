"""The benchmark policy as a good programmer would write it by hand, for speed.

It decides what `policy/growth75.siyu` decides, with the same reason codes, from a validated
record: money is an int of fen, a decimal an int of its schema's scale, a date an ordinal, an enum
its member's name, and None is unknown. What is known before the run is a constant; conditions
that share an unknown value are decided under one test of it.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

Verdict = bool | None


class Consent(Protocol):
    """One row of the member's consents."""

    channel: str
    granted: bool


class Decided(NamedTuple):
    """Every outcome of the policy with the codes that led to it."""

    metrics: tuple[int | None, ...]  # in the order of METRICS
    segments: tuple[Verdict, ...]  # in the order of SEGMENTS
    classes: tuple[str | None, str]  # lifecycle, band
    churn_risk: tuple[int, list[str], list[str]]  # value, reasons, unknown
    intent: tuple[int, list[str], list[str]]
    tier: tuple[Any, ...]  # in the order of TIER
    offer: tuple[int, str, int]  # row, benefit, cost
    care: tuple[int, str, str]  # row, script, owner
    incentives: list[tuple[Any, ...]]  # id, rule, benefit, detail, worth, cost, end
    contacts: list[tuple[str, str, str]]  # id, rule, channel
    stopped: list[tuple[str, str, str]]  # rule, by, code
    claims: tuple[Verdict, Verdict]  # no_minors, no_staff


METRICS = (
    "tenure", "recency", "first_gap", "app_idle", "wecom_age", "refund_age", "net_spend",
    "aov", "refund_rate", "trend", "engagement", "points_left", "ltv",
)  # fmt: skip
SEGMENTS = (
    "newcomer", "active", "loyal", "bargain", "slipping", "lost", "returner", "unhappy",
    "promoter", "app_fan", "app_sleeper", "cart_leaver", "points_rich", "young_city", "rising",
    "reachable", "parent", "from_live",
)  # fmt: skip
TIER = (
    "level", "held", "change", "keep_until", "grace_until", "next", "next_missing", "keep_missing",
)  # fmt: skip

LEVELS = ("standard", "silver", "gold", "platinum", "diamond")
RANKS = {level: rank for rank, level in enumerate(LEVELS)}
THRESHOLDS = (0, 50_000, 300_000, 800_000, 2_000_000)  # fen of net_spend
LARGE_CITIES = frozenset(("city", "metro"))

OFFER = (
    (1, "管家服务", 6000),
    (2, "新品优先购", 1200),
    (3, "专属回归礼", 8000),
    (4, "满300减30", 800),
    (5, "满199减40", 3000),
    (6, "无门槛20", 2000),
    (7, "首单礼", 1500),
    (8, "满199减10", 400),
    (9, "无", 0),
)
CARE = (
    (1, "vip_save", "advisor"),
    (2, "apology", "advisor"),
    (3, "core_save", "shop"),
    (4, "escalate", "service"),
    (5, "remind", "shop"),
    (6, "none", "none"),
)

WAKE_BIG_UNLESS = ("wake_big", "unless", "wake_big.unless.1")
WAKE_BIG_GROUP = ("wake_big", "group", "wake_big.competes.1")
WAKE_SMALL_GROUP = ("wake_small", "group", "wake_small.competes.1")
CART_PUSH_UNLESS = ("cart_push", "unless", "cart_push.unless.1")
DOUBLE_POINTS_GROUP = ("double_points", "group", "double_points.competes.1")
PARENT_BOX_GROUP = ("parent_box", "group", "parent_box.competes.1")
MONTHLY_OFFER_UNLESS = ("monthly_offer", "unless", "monthly_offer.unless.1")


def decide(m: Any, today: int) -> tuple[Any, ...]:
    """Decide about member `m` on the day with ordinal `today`: the fields of `Decided`, unnamed."""
    # Metrics -----------------------------------------------------------------------------
    orders_12m = m.orders_12m
    orders_90d = m.orders_90d
    complaints = m.complaints_12m
    app_installed = m.app_installed
    wecom_friend = m.wecom_friend
    is_employee = m.is_employee
    nps = m.nps_score
    spend_12m = m.spend_12m
    refund_12m = m.refund_12m
    coupons_open = m.coupons_open
    carts = m.carts_30d
    points_balance = m.points_balance
    points_expiring = m.points_expiring
    favourite = m.favourite
    age = m.age

    tenure = today - m.joined_on
    day = m.last_paid_on
    recency: Any = None if day is None else today - day
    day = m.first_paid_on
    first_gap = None if day is None else today - day
    day = m.app_opened_on
    app_idle = None if day is None else today - day
    day = m.wecom_since
    wecom_age = None if day is None else today - day
    day = m.refunded_on
    refund_age = None if day is None else today - day
    net_spend = spend_12m - refund_12m
    aov = (20_000 * spend_12m + orders_12m) // (2 * orders_12m) if orders_12m else 0
    rate = (2_000_000 * refund_12m + spend_12m) // (2 * spend_12m) if spend_12m else None
    trend = m.spend_90d * 4 - spend_12m
    engagement = m.visits_30d + carts * 3
    points_left = points_balance - points_expiring
    ltv = net_spend * 10 + m.total_spend * 3

    # What depends on the days since the last purchase: segments, lifecycle, churn ---------
    churn = 20
    reasons: list[str] = []
    unknown: list[str] = []
    active: Verdict
    slipping: Verdict
    lost: Verdict
    loyal: Verdict
    lifecycle: str | None
    if recency is None:
        active = None if orders_90d >= 2 else False
        slipping = None if orders_12m >= 2 and not is_employee else False
        lost = None
        surely_not = orders_12m < 12 or (rate is not None and rate >= 100_000)
        loyal = False if surely_not else None
        lifecycle = None if m.orders_total else "prospect"
        unknown.append("churn_risk.1")
        unknown.append("churn_risk.2")
        if orders_12m >= 6:
            churn = 0
            reasons.append("churn_risk.6")
        if trend > 50_000:
            churn -= 16
            reasons.append("churn_risk.8")
    else:
        active = recency <= 30 and orders_90d >= 2
        slipping = 60 <= recency <= 120 and orders_12m >= 2 and not is_employee
        lost = recency > 365 or (recency > 180 and orders_12m == 0)
        if orders_12m < 12 or recency > 60:
            loyal = False
        elif rate is None:
            loyal = None
        else:
            loyal = rate < 100_000
        if m.orders_total == 0:
            lifecycle = "prospect"
        elif recency > 180:
            lifecycle = "lapsed"
        elif recency > 90:
            lifecycle = "dormant"
        elif orders_12m < 6:
            lifecycle = "growth"
        elif first_gap is None:
            lifecycle = None
        else:
            lifecycle = "mature" if first_gap > 180 else "growth"
        if recency > 120:
            churn = 50
            reasons.append("churn_risk.1")
        if orders_12m >= 6:
            churn -= 20
            reasons.append("churn_risk.6")
        if trend > 50_000:
            churn -= 16
            reasons.append("churn_risk.8")
        if 60 <= recency <= 120:
            churn += 15
            reasons.append("churn_risk.2")

    # The other segments --------------------------------------------------------------------
    newcomer = tenure <= 30 and m.orders_total <= 1
    if m.coupons_used < 3:
        bargain: Verdict = False
    else:
        bargain = None if m.avg_discount is None else m.avg_discount > 3000
    if m.refunds_12m >= 5:
        returner: Verdict = True
    else:
        returner = None if rate is None else rate > 200_000
    if complaints >= 2:
        unhappy: Verdict = True
    else:
        unhappy = None if nps is None else nps <= 6
    if complaints:
        promoter: Verdict = False
    else:
        promoter = None if nps is None else nps >= 9
    app_fan: Verdict
    app_sleeper: Verdict
    if not app_installed:
        app_fan = app_sleeper = False
    elif app_idle is None:
        app_fan = app_sleeper = None
    else:
        app_fan = app_idle <= 14
        app_sleeper = app_idle > 60
    cart_leaver = carts >= 2 and orders_90d <= 3
    points_rich = points_balance >= 20_000 and points_expiring >= 1_000
    city = m.city_tier
    young_city: Verdict
    if age is None:
        young_city = None if city is None or city in LARGE_CITIES else False
    elif 18 <= age <= 35:
        young_city = None if city is None else city in LARGE_CITIES
    else:
        young_city = False
    rising = trend > 100_000 and orders_90d >= 3
    reachable = (wecom_friend or app_installed) and not (is_employee or m.unsubscribed)
    if m.gender == "male" or (favourite is not None and favourite != "baby"):
        parent: Verdict = False
    elif age is None:
        parent = None
    elif 22 <= age <= 45:
        parent = None if favourite is None else True
    else:
        parent = False
    came_from = m.came_from
    from_live: Verdict
    if first_gap is None:
        live = came_from is None or came_from == "live" or came_from == "short_video"
        from_live = None if live else False
    elif first_gap > 90:
        from_live = False
    elif came_from is None:
        from_live = None
    else:
        from_live = came_from == "live" or came_from == "short_video"

    # Value band ----------------------------------------------------------------------------
    if ltv >= 30_000_000:
        band = "vip"
    elif net_spend >= 300_000 or orders_12m >= 10:
        band = "core"
    elif net_spend >= 50_000 and aov >= 50_000_000:
        band = "regular"
    else:
        band = "light"

    # Scores: lines are tried by size, so that their reasons come out in order ----------------
    if nps is None:
        unknown.append("churn_risk.5")
    elif nps <= 6:
        churn += 14
        reasons.append("churn_risk.5")
    if not app_installed and not wecom_friend:
        churn += 12
        reasons.append("churn_risk.4")
    if complaints:
        churn += 10
        reasons.append("churn_risk.3")
    if app_idle is None:
        unknown.append("churn_risk.7")
    elif app_idle <= 7:
        churn -= 8
        reasons.append("churn_risk.7")
    if churn < 0:
        churn = 0
    elif churn > 100:
        churn = 100

    intent = 10
    intent_reasons: list[str] = []
    intent_unknown: list[str] = []
    if m.unsubscribed:
        intent = -20
        intent_reasons.append("intent.6")
    if carts:
        intent += 25
        intent_reasons.append("intent.1")
    if engagement >= 20:
        intent += 20
        intent_reasons.append("intent.3")
    if m.visits_30d >= 5:
        intent += 15
        intent_reasons.append("intent.2")
    if coupons_open >= 2:
        intent += 12
        intent_reasons.append("intent.5")
    if favourite is None:
        intent_unknown.append("intent.4")
    elif favourite == "beauty" or favourite == "baby":
        intent += 10
        intent_reasons.append("intent.4")
    if intent < 0:
        intent = 0

    # Tier ------------------------------------------------------------------------------------
    if net_spend >= 300_000:
        earned = 4 if net_spend >= 2_000_000 else 3 if net_spend >= 800_000 else 2
    else:
        earned = 1 if net_spend >= 50_000 else 0
    held_level = m.member_level_held
    held = None if held_level is None else RANKS[held_level]
    until = m.member_level_until
    grace_until = None
    keep_missing = None
    if held is None:
        level, change, keep_until = earned, "entered", today + 365
    elif earned > held:
        level, change, keep_until = earned, "upgraded", today + 365
    elif earned == held:
        level, change = held, "kept"
        keep_until = today + 365 if until is None or until <= today else until
    else:
        level = held
        keep_until = today if until is None else until
        if today <= keep_until:
            change = "kept"
            keep_missing = THRESHOLDS[held] - net_spend
        elif today <= keep_until + 60:
            change = "in_grace"
            grace_until = keep_until + 60
            keep_missing = THRESHOLDS[held] - net_spend
        else:
            level, change, keep_until = held - 1, "downgraded", today + 365
            if earned < level:
                keep_missing = THRESHOLDS[level] - net_spend
    tier: tuple[Any, ...]
    if level == 4:
        tier = ("diamond", held_level, change, keep_until, grace_until, None, None, keep_missing)
    else:
        above = level + 1
        missing = THRESHOLDS[above] - net_spend
        tier = (
            LEVELS[level], held_level, change, keep_until, grace_until,
            LEVELS[above], missing, keep_missing,
        )  # fmt: skip

    # Tables ------------------------------------------------------------------------------------
    if level == 4 and recency is None:
        offer = OFFER[8]
    elif level == 4 and recency <= 30:
        offer = OFFER[0]
    elif lifecycle is None:
        offer = OFFER[8]
    elif lifecycle == "growth":
        offer = OFFER[1] if level >= 3 else OFFER[7] if 0 <= recency < 90 else OFFER[8]
    elif lifecycle == "mature":
        if level >= 3:
            offer = OFFER[1]
        elif level == 2 and 0 <= recency < 60:
            offer = OFFER[3]
        else:
            offer = OFFER[8]
    elif lifecycle == "dormant":
        offer = OFFER[2] if level >= 3 else OFFER[4] if level else OFFER[8]
    elif lifecycle == "lapsed":
        offer = OFFER[2] if level >= 3 else OFFER[5] if level and recency > 270 else OFFER[8]
    else:
        offer = OFFER[6]

    if band == "vip" and churn >= 60:
        care = CARE[0]
    elif complaints and (band == "vip" or band == "core"):
        care = CARE[1]
    elif band == "core" and churn >= 50:
        care = CARE[2]
    elif complaints >= 3:
        care = CARE[3]
    elif band == "regular" and churn >= 40:
        care = CARE[4]
    else:
        care = CARE[5]

    # Incentives: the winners of both groups first, then all in the order of their names --------
    incentives: list[tuple[Any, ...]] = []
    stopped: list[tuple[str, str, str]] = []
    tail = f"\x1f{m.member_id}\x1f{date.fromordinal(today).isoformat()}".encode()
    lapsing = lifecycle == "dormant" or lifecycle == "lapsed"
    wake_big = wake_small = False
    if cart_leaver and intent >= 40:
        if coupons_open >= 3:
            stopped.append(CART_PUSH_UNLESS)
            cart_push = False
        else:
            cart_push = True
            incentives.append((
                outcome_id(b"cart_push", tail),
                "cart_push", "coupon", "10 off 59", 1000, 500, today + 3,
            ))  # fmt: skip
    else:
        cart_push = False
    grown = cart_push
    if rising and (app_fan or m.prefers == "app"):
        if grown:
            stopped.append(DOUBLE_POINTS_GROUP)
        else:
            grown = True
            incentives.append((
                outcome_id(b"double_points", tail),
                "double_points", "card", "double points", 2000, 800, today + 30,
            ))  # fmt: skip
    if level:
        if offer is OFFER[8]:
            stopped.append(MONTHLY_OFFER_UNLESS)
        else:
            incentives.append((
                outcome_id(b"monthly_offer", tail),
                "monthly_offer", offer[1], None, None, offer[2], None,
            ))  # fmt: skip
    if parent and orders_12m >= 2:
        if grown:
            stopped.append(PARENT_BOX_GROUP)
        else:
            incentives.append((
                outcome_id(b"parent_box", tail),
                "parent_box", "gift", "sample box", 2500, 1800, today + 30,
            ))  # fmt: skip
    if points_rich and points_left < 50_000:
        incentives.append((
            outcome_id(b"points_nudge", tail),
            "points_nudge", "credit", "500", 500, 450, today + 30,
        ))  # fmt: skip
    won = churn >= 70 and (band == "vip" or band == "core")
    if won:
        incentives.append((
            outcome_id(b"save_call", tail),
            "save_call", "service", "advisor call", 3000, 2500, today + 7,
        ))  # fmt: skip
    if lapsing and ltv >= 2_000_000:
        if is_employee:
            stopped.append(WAKE_BIG_UNLESS)
        elif won:
            stopped.append(WAKE_BIG_GROUP)
        else:
            wake_big = won = True
            incentives.append((
                outcome_id(b"wake_big", tail),
                "wake_big", "coupon", "50 off 199", 5000, 1750, today + 14,
            ))  # fmt: skip
    if slipping or lifecycle == "dormant":
        if won:
            stopped.append(WAKE_SMALL_GROUP)
        else:
            wake_small = True
            incentives.append((
                outcome_id(b"wake_small", tail),
                "wake_small", "coupon", "15 off 99", 1500, 600, today + 14,
            ))  # fmt: skip

    # Contacts: one at most, by priority ----------------------------------------------------------
    contacts: list[tuple[str, str, str]] = []
    wake_push = False
    wake = wake_big or wake_small
    thanks = recency is not None and recency <= 3 and (refund_age is None or refund_age > 30)
    invite = promoter and m.referrals < 5
    if wake or cart_push or thanks or invite:
        if m.unsubscribed:
            for name, asked in zip(CONTACTS, (cart_push, invite, thanks, wake), strict=True):
                if asked:
                    stopped.append((name, "never", "house.never.1"))
        else:
            sms: Verdict = None
            app: Verdict = None
            wecom: Verdict = None
            for row in m.consents:
                if row.channel == "sms":
                    sms = row.granted and sms is not False
                elif row.channel == "app":
                    app = row.granted and app is not False
                else:
                    wecom = row.granted and wecom is not False
            chosen = None
            if wake:
                channel = "wecom" if wecom_friend and wecom else "sms" if sms else None
                if channel is None:
                    stopped.append(("wake_push", "consent", "wake_push.via.1"))
                else:
                    wake_push = True
                    chosen = ("wake_push", channel)
            if cart_push:
                channel = "app" if app_installed and app else "sms" if sms else None
                if channel is None:
                    stopped.append(("cart_note", "consent", "cart_note.via.1"))
                elif chosen is None:
                    chosen = ("cart_note", channel)
                else:
                    stopped.append(("cart_note", "arbitration", "cart_note.priority.1"))
            if thanks:
                if wecom_friend and wecom:
                    channel = "wecom"
                else:
                    channel = "app" if app else "sms" if sms else None
                if channel is None:
                    stopped.append(("thanks", "consent", "thanks.via.1"))
                elif chosen is None:
                    chosen = ("thanks", channel)
                else:
                    stopped.append(("thanks", "arbitration", "thanks.priority.1"))
            if invite:
                if wecom and wecom_age is not None and wecom_age >= 30:
                    channel = "wecom"
                else:
                    channel = "app" if app and app_fan else "sms" if sms else None
                if channel is None:
                    stopped.append(("invite", "consent", "invite.via.1"))
                elif chosen is None:
                    chosen = ("invite", channel)
                else:
                    stopped.append(("invite", "arbitration", "invite.priority.1"))
            if chosen is not None:
                name, channel = chosen
                contacts.append((outcome_id(name.encode(), tail), name, channel))
        stopped.sort()

    return (
        (
            tenure, recency, first_gap, app_idle, wecom_age, refund_age, net_spend,
            aov, rate, trend, engagement, points_left, ltv,
        ),
        (
            newcomer, active, loyal, bargain, slipping, lost, returner, unhappy,
            promoter, app_fan, app_sleeper, cart_leaver, points_rich, young_city, rising,
            reachable, parent, from_live,
        ),
        (lifecycle, band),
        (churn, reasons, unknown),
        (intent, intent_reasons, intent_unknown),
        tier,
        offer,
        care,
        incentives,
        contacts,
        stopped,
        (not wake_push or (None if age is None else age >= 18), True),
    )  # fmt: skip


def outcome_id(rule: bytes, tail: bytes) -> str:
    """What names an outcome once and for all; `tail` is the member and the day."""
    return sha256(b"growth75\x1f" + rule + tail).hexdigest()[:32]


def decided(m: Any, today: int) -> Decided:
    """The same with names; naming them takes a tenth longer."""
    return Decided._make(decide(m, today))


CONTACTS = ("cart_note", "invite", "thanks", "wake_push")
