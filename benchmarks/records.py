"""Seeded requests for the benchmark policy, and the same members as validated records.

Values gather at the policy's boundaries, and every optional field is missing now and then, so
that a few thousand members reach every outcome. The same seed gives the same members.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")

AS_OF = "2026-11-21T10:00:00+08:00"
TODAY = dt.date(2026, 11, 21).toordinal()
TODAY_TEXT = "2026-11-21"

LEVELS = ("standard", "silver", "gold", "platinum", "diamond")
CITIES = ("county", "town", "city", "metro")
CHANNELS = ("wecom", "sms", "app")

DAYS = (0, 1, 3, 4, 7, 8, 14, 15, 29, 30, 31, 45, 59, 60, 61, 75, 89, 90, 91, 100, 119, 120, 121)
LONG = (150, 179, 180, 181, 200, 269, 270, 271, 300, 364, 365, 366, 367, 700)
SPENDS = (0, 1, 49_999, 50_000, 50_001, 120_000, 299_999, 300_000, 300_001, 650_000, 799_999)
LARGE = (800_000, 1_200_000, 1_999_999, 2_000_000, 2_500_000, 2_999_999, 3_000_000, 9_000_000)


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent row."""

    channel: str
    granted: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A validated member: fen, ordinals of days, scaled ints of decimals, names of members."""

    member_id: str
    joined_on: int
    age: int | None
    gender: str | None
    city_tier: str | None
    total_spend: int
    spend_12m: int
    spend_90d: int
    refund_12m: int
    orders_total: int
    orders_12m: int
    orders_90d: int
    refunds_12m: int
    refunded_on: int | None
    first_paid_on: int | None
    last_paid_on: int | None
    avg_discount: int | None
    visits_30d: int
    carts_30d: int
    app_installed: bool
    app_opened_on: int | None
    wecom_friend: bool
    wecom_since: int | None
    coupons_used: int
    coupons_open: int
    points_balance: int
    points_expiring: int
    nps_score: int | None
    complaints_12m: int
    favourite: str | None
    prefers: str | None
    came_from: str | None
    referrals: int
    is_employee: bool
    unsubscribed: bool
    member_level_held: str | None
    member_level_until: int | None
    consents: tuple[Consent, ...]


def members(count: int, seed: int = 20261121) -> list[Member]:
    """The first `count` members of a seed."""
    rng = random.Random(seed)
    return [_member(rng, number) for number in range(count)]


def _member(rng: random.Random, number: int) -> Member:
    busy = rng.random() < 0.7
    orders_12m = rng.choice((0, 1, 2, 3, 5, 6, 7, 9, 10, 11, 12, 15)) if busy else 0
    orders_90d = min(orders_12m, rng.choice((0, 0, 1, 2, 3, 4)))
    spend_12m = _spend(rng) if orders_12m else rng.choice((0, 0, 0, 5000))
    spend_90d = rng.choice((0, spend_12m // 4, spend_12m // 2, spend_12m, _trend(rng, spend_12m)))
    refund = rng.choice((0, 0, spend_12m // 10, spend_12m // 5, spend_12m // 5 + 1, 3333, 80_000))
    orders_total = orders_12m + rng.choice((0, 0, 1, 8))
    recency = _days(rng) if orders_total or rng.random() < 0.1 else None
    return Member(
        member_id=f"M{number:06d}",
        joined_on=TODAY - rng.choice((0, 12, 29, 30, 31, 200, 900, 4000)),
        age=_maybe(rng, rng.choice((12, 17, 18, 21, 22, 30, 35, 36, 45, 46, 70))),
        gender=_maybe(rng, rng.choice(("female", "female", "male"))),
        city_tier=_maybe(rng, rng.choice(CITIES)),
        total_spend=spend_12m + rng.choice((0, 0, 666_667, 5_000_000, 12_345_678)),
        spend_12m=spend_12m,
        spend_90d=max(spend_90d, 0),
        refund_12m=refund,
        orders_total=orders_total,
        orders_12m=orders_12m,
        orders_90d=orders_90d,
        refunds_12m=rng.choice((0, 0, 0, 1, 4, 5, 9)),
        refunded_on=_maybe(rng, TODAY - rng.choice((1, 29, 30, 31, 32, 400)), 0.5),
        first_paid_on=None if recency is None else _first(rng, recency),
        last_paid_on=None if recency is None else TODAY - recency,
        avg_discount=_maybe(rng, rng.choice((0, 1250, 2999, 3000, 3001, 6000, 10_000))),
        visits_30d=rng.choice((0, 1, 4, 5, 6, 12, 17, 19, 20, 40)),
        carts_30d=rng.choice((0, 0, 1, 2, 3, 6)),
        app_installed=rng.random() < 0.6,
        app_opened_on=_maybe(rng, TODAY - rng.choice(DAYS), 0.25),
        wecom_friend=rng.random() < 0.5,
        wecom_since=_maybe(rng, TODAY - rng.choice((1, 29, 30, 31, 500)), 0.4),
        coupons_used=rng.choice((0, 1, 2, 3, 4, 10)),
        coupons_open=rng.choice((0, 0, 1, 2, 3, 4)),
        points_balance=rng.choice((0, 300, 19_999, 20_000, 20_001, 51_000, 51_001, 90_000)),
        points_expiring=rng.choice((0, 0, 999, 1000, 1001, 5000)),
        nps_score=_maybe(rng, rng.randrange(11), 0.3),
        complaints_12m=rng.choice((0, 0, 0, 0, 1, 2, 3, 5)),
        favourite=_maybe(rng, rng.choice(("food", "beauty", "baby", "baby", "home", "fresh"))),
        prefers=_maybe(rng, rng.choice(CHANNELS)),
        came_from=_maybe(rng, rng.choice(("live", "short_video", "search", "门店"))),
        referrals=rng.choice((0, 0, 1, 4, 5, 6)),
        is_employee=rng.random() < 0.06,
        unsubscribed=rng.random() < 0.1,
        member_level_held=_maybe(rng, rng.choice(LEVELS), 0.3),
        member_level_until=_maybe(rng, TODAY + rng.choice((-200, -61, -60, -59, -1, 0, 1, 90))),
        consents=_consents(rng),
    )


def _maybe(rng: random.Random, value: T, missing: float = 0.15) -> T | None:
    return None if rng.random() < missing else value


def _days(rng: random.Random) -> int | None:
    return _maybe(rng, rng.choice(DAYS if rng.random() < 0.7 else LONG), 0.08)


def _first(rng: random.Random, recency: int) -> int | None:
    return _maybe(rng, TODAY - recency - rng.choice((0, 0, 5, 60, 90, 150, 181, 900)), 0.1)


def _spend(rng: random.Random) -> int:
    base = rng.choice(SPENDS if rng.random() < 0.55 else LARGE)
    return base if rng.random() < 0.35 else max(0, base + rng.randrange(-40_000, 40_000))


def _trend(rng: random.Random, spend_12m: int) -> int:
    return (spend_12m + rng.choice((50_000, 50_004, 99_996, 100_000, 100_004, 300_000))) // 4


def _consents(rng: random.Random) -> tuple[Consent, ...]:
    rows = [Consent(channel, rng.random() < 0.85) for channel in CHANNELS if rng.random() < 0.75]
    if rows and rng.random() < 0.1:
        rows.append(Consent(rows[0].channel, not rows[0].granted))
    return tuple(rows)


def request(member: Member) -> dict[str, Any]:
    """The member as a service would send it: JSON values, missing fields left out."""
    customer: dict[str, Any] = {}
    for name in Member.__slots__:
        value = getattr(member, name)
        if value is None:
            continue
        customer[name] = _WRITTEN.get(name, _as_it_is)(value)
    return {"customer": customer, "as_of": AS_OF}


def _as_it_is(value: Any) -> Any:
    return value


def _money(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _date(ordinal: int) -> str:
    return dt.date.fromordinal(ordinal).isoformat()


_WRITTEN: dict[str, Any] = {
    "total_spend": _money,
    "spend_12m": _money,
    "spend_90d": _money,
    "refund_12m": _money,
    "joined_on": _date,
    "refunded_on": _date,
    "first_paid_on": _date,
    "last_paid_on": _date,
    "app_opened_on": _date,
    "wecom_since": _date,
    "member_level_until": _date,
    "avg_discount": lambda scaled: f"{scaled // 10_000}.{scaled % 10_000:04d}",
    "consents": lambda rows: [{"channel": row.channel, "granted": row.granted} for row in rows],
}
