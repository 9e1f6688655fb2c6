"""The record-level stage of the benchmark policy in NumPy: decisions from members and consents, one
batch of rows after another. No outcomes, no ids, no reasons.

What may be missing is a pair of values and a mask. A condition is a pair, too: where it is true and
where it is false; where neither, it is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

LEVELS = ("standard", "silver", "gold", "platinum", "diamond")
BENEFITS = (
    "管家服务", "新品优先购", "专属回归礼", "满300减30", "满199减40", "无门槛20", "首单礼",
    "满199减10", "无",
)  # fmt: skip
COSTS = (6000, 1200, 8000, 800, 3000, 2000, 1500, 400, 0)
SCRIPTS = ("vip_save", "apology", "core_save", "escalate", "remind", "none")
OWNERS = ("advisor", "advisor", "shop", "service", "shop", "none")
STAGES = ("prospect", "lapsed", "dormant", "mature", "growth")
BANDS = ("vip", "core", "regular", "light")
CHANGES = ("entered", "upgraded", "kept", "in_grace", "downgraded")
RULES = ("cart_push", "double_points", "monthly_offer", "parent_box", "points_nudge", "save_call",
         "wake_big", "wake_small")  # fmt: skip
CONTACTS = ("wake_push", "cart_note", "thanks", "invite")
CHANNELS = ("sms", "app", "wecom")
BATCH = 131_072
Array = Any


@dataclass(frozen=True, slots=True)
class Fact:
    """Values, and where they are known."""

    values: Array
    known: Array

    def test(self, holds: Array) -> Test:
        return Test(holds & self.known, ~holds & self.known)


@dataclass(frozen=True, slots=True)
class Test:
    """Where a condition is true and where it is false."""

    true: Array
    false: Array

    def __and__(self, other: Test) -> Test:
        return Test(self.true & other.true, self.false | other.false)

    def __or__(self, other: Test) -> Test:
        return Test(self.true | other.true, self.false & other.false)

    def column(self) -> pa.Array:
        return pa.array(self.true, mask=~(self.true | self.false))


def sure(holds: Array) -> Test:
    """A condition that is never unknown."""
    return Test(holds, ~holds)


def choose(conditions: Sequence[Array], values: Sequence[Any], otherwise: Any) -> Array:
    return np.select(conditions, values, otherwise)


class Batch:
    """The columns of some members as arrays."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def numbers(self, name: str, scale: int = 0) -> Fact:
        column = self.table[name].combine_chunks()
        known = column.is_valid().to_numpy(zero_copy_only=False)
        if pa.types.is_decimal(column.type):
            wide = pa.decimal128(column.type.precision + scale, scale)
            raw = column.cast(wide).buffers()[1]
            pairs = np.frombuffer(raw, np.int64)[2 * column.offset :][: 2 * len(column)]
            return Fact(pairs[::2], known)
        if pa.types.is_date(column.type):
            column = column.cast(pa.int32())
        return Fact(column.fill_null(0).to_numpy(zero_copy_only=False), known)

    def sure(self, name: str, scale: int = 0) -> Array:
        return self.numbers(name, scale).values

    def flag(self, name: str) -> Array:
        return self.table[name].combine_chunks().to_numpy(zero_copy_only=False)

    def words(self, name: str, words: Sequence[str]) -> Array:
        """The place of each word, -1 where it is another one or missing."""
        found = pc.index_in(self.table[name].combine_chunks(), pa.array(words))
        return found.fill_null(-1).to_numpy(zero_copy_only=False)

    def missing(self, name: str) -> Array:
        return self.table[name].combine_chunks().is_null().to_numpy(zero_copy_only=False)


def agreed(path: Path) -> pa.Table:
    """Per member, in how far each channel was agreed to."""
    rows = pq.read_table(path)
    parts = []
    for channel in CHANNELS:
        own = rows.filter(pc.equal(rows["channel"], channel))
        made = own.group_by("member_id").aggregate([("granted", "all")])
        parts.append(made.rename_columns(["member_id", channel]))
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.join(part, "member_id", join_type="full outer")
    return joined


def decide(m: Batch, today: int) -> dict[str, Any]:
    """The columns of the decisions about a batch."""
    n = m.numbers
    day = {name: n(name) for name in (
        "joined_on", "last_paid_on", "first_paid_on", "app_opened_on", "wecom_since",
        "refunded_on", "member_level_until")}  # fmt: skip
    tenure = today - day["joined_on"].values
    since = {name: Fact(today - f.values, f.known) for name, f in day.items()}
    recency, gap = since["last_paid_on"], since["first_paid_on"]
    idle, friends, refunded = since["app_opened_on"], since["wecom_since"], since["refunded_on"]
    r = recency.values
    spend, refund = m.sure("spend_12m", 2), m.sure("refund_12m", 2)
    orders, orders_90d = m.sure("orders_12m").astype(np.int64), m.sure("orders_90d")
    total, staff = m.sure("orders_total"), m.flag("is_employee")
    unsubscribed = m.flag("unsubscribed")
    net = spend - refund
    aov = np.where(orders == 0, 0, (20_000 * spend + orders) // np.maximum(2 * orders, 1))
    rate = Fact((2_000_000 * refund + spend) // np.maximum(2 * spend, 1), spend > 0)
    trend = m.sure("spend_90d", 2) * 4 - spend
    visits, carts = m.sure("visits_30d"), m.sure("carts_30d")
    engagement = visits + carts * 3
    left = m.sure("points_balance") - m.sure("points_expiring")
    ltv = net * 10 + m.sure("total_spend", 2) * 3
    age, nps, discount = n("age"), n("nps_score"), n("avg_discount", 4)
    complaints = m.sure("complaints_12m")
    app, friend = m.flag("app_installed"), m.flag("wecom_friend")
    favourite = m.words("favourite", ("food", "beauty", "baby", "home", "fresh"))
    gender = m.words("gender", ("female", "male"))
    city = m.words("city_tier", ("county", "town", "city", "metro"))
    prefers, came = m.words("prefers", CHANNELS), m.words("came_from", ("live", "short_video"))
    came_known = ~m.missing("came_from")
    held = m.words("member_level_held", LEVELS)
    coupons = m.sure("coupons_open")

    idle_14, idle_60 = idle.test(idle.values <= 14), idle.test(idle.values > 60)
    rising = (trend > 100_000) & (orders_90d >= 3)
    cart_leaver = (carts >= 2) & (orders_90d <= 3)
    rich = (m.sure("points_balance") >= 20_000) & (m.sure("points_expiring") >= 1_000)
    slipping = recency.test((r >= 60) & (r <= 120)) & sure(orders >= 2) & sure(~staff)
    promoter = nps.test(nps.values >= 9) & sure(complaints == 0)
    app_fan = sure(app) & idle_14
    parent = (
        Fact(favourite, favourite >= 0).test(favourite == 2) & sure(gender != 1)
        & age.test((age.values >= 22) & (age.values <= 45))
    )  # fmt: skip
    segments = {
        "newcomer": sure((tenure <= 30) & (total <= 1)),
        "active": recency.test(r <= 30) & sure(orders_90d >= 2),
        "loyal": sure(orders >= 12) & recency.test(r <= 60) & rate.test(rate.values < 100_000),
        "bargain": discount.test(discount.values > 3000) & sure(m.sure("coupons_used") >= 3),
        "slipping": slipping,
        "lost": recency.test(r > 365) | (recency.test(r > 180) & sure(orders == 0)),
        "returner": rate.test(rate.values > 200_000) | sure(m.sure("refunds_12m") >= 5),
        "unhappy": sure(complaints >= 2) | nps.test(nps.values <= 6),
        "promoter": promoter,
        "app_fan": app_fan,
        "app_sleeper": sure(app) & idle_60,
        "cart_leaver": sure(cart_leaver),
        "points_rich": sure(rich),
        "young_city": age.test((age.values >= 18) & (age.values <= 35))
        & Fact(city, city >= 0).test(city >= 2),
        "rising": sure(rising),
        "reachable": sure((friend | app) & ~staff & ~unsubscribed),
        "parent": parent,
        "from_live": Fact(came, came_known).test(came >= 0) & gap.test(gap.values <= 90),
    }
    stage = choose(
        [total == 0, ~recency.known, r > 180, r > 90, orders < 6, ~gap.known, gap.values > 180],
        [0, -1, 1, 2, 4, -1, 3], 4,
    )  # fmt: skip
    band = choose([ltv >= 30_000_000, (net >= 300_000) | (orders >= 10),
                   (net >= 50_000) & (aov >= 50_000_000)], [0, 1, 2], 3)  # fmt: skip
    churn = np.clip(
        20 + np.where(recency.known & (r >= 60), np.where(r > 120, 30, 15), 0)
        + 10 * (complaints >= 1) + 12 * (~app & ~friend) + 14 * (nps.known & (nps.values <= 6))
        - 20 * (orders >= 6) - 8 * (idle.known & (idle.values <= 7)) - 16 * (trend > 50_000),
        0, 100,
    )  # fmt: skip
    intent = np.clip(
        10 + 25 * (carts >= 1) + 15 * (visits >= 5) + 20 * (engagement >= 20)
        + 10 * ((favourite == 1) | (favourite == 2)) + 12 * (coupons >= 2) - 30 * unsubscribed,
        0, 100,
    )  # fmt: skip
    earned = np.searchsorted([50_000, 300_000, 800_000, 2_000_000], net, "right")
    until = day["member_level_until"]
    kept_until = np.where(until.known, until.values, today)
    change = choose(
        [held < 0, earned > held, (earned == held) | (today <= kept_until),
         until.known & (today <= until.values + 60)], [0, 1, 2, 3], 4,
    )  # fmt: skip
    level = choose([change <= 1, change == 4], [earned, held - 1], held)
    renewed = (change <= 1) | (change == 4) | ((earned == held) & (kept_until <= today))
    keep = np.where(renewed, today + 365, kept_until)
    steps = np.array([0, 50_000, 300_000, 800_000, 2_000_000, 0])
    top = level == 4
    offer = choose(
        [top & ~recency.known, top & (r <= 30), stage < 0, (level >= 3) & (stage >= 3),
         (level >= 3) & (stage >= 1), (level == 2) & (stage == 3) & (r >= 0) & (r < 60),
         (level >= 1) & (level <= 2) & (stage == 2), (level > 0) & (stage == 1) & (r > 270),
         stage == 0, (stage == 4) & (r >= 0) & (r < 90)],
        [8, 0, 8, 1, 2, 3, 4, 5, 6, 7], 8,
    )  # fmt: skip
    care = choose(
        [(band == 0) & (churn >= 60), (band <= 1) & (complaints >= 1), (band == 1) & (churn >= 50),
         complaints >= 3, (band == 2) & (churn >= 40)], [0, 1, 2, 3, 4], 5,
    )  # fmt: skip
    cart_push = cart_leaver & (intent >= 40) & (coupons < 3)
    double = rising & ((prefers == 1) | app_fan.true)
    box = parent.true & (orders >= 2)
    save = (churn >= 70) & (band <= 1)
    big = ((stage == 1) | (stage == 2)) & (ltv >= 2_000_000) & ~staff
    small = slipping.true | (stage == 2)
    given = {
        "cart_push": cart_push, "double_points": double & ~cart_push,
        "monthly_offer": (level > 0) & (offer < 8), "parent_box": box & ~cart_push & ~double,
        "points_nudge": rich & (left < 50_000), "save_call": save, "wake_big": big & ~save,
        "wake_small": small & ~save & ~big,
    }  # fmt: skip
    sms_ok, app_ok, wecom_ok = (m.flag(channel) for channel in CHANNELS)
    reach = ~unsubscribed
    thanked = recency.known & (r <= 3) & (~refunded.known | (refunded.values > 30))
    invited = promoter.true & (m.sure("referrals") < 5)
    old_friend = wecom_ok & friends.known & (friends.values >= 30)
    contact = choose(
        [reach & (given["wake_big"] | given["wake_small"]) & ((friend & wecom_ok) | sms_ok),
         reach & cart_push & ((app & app_ok) | sms_ok),
         reach & thanked & ((friend & wecom_ok) | app_ok | sms_ok),
         reach & invited & (old_friend | (app_ok & app_fan.true) | sms_ok)], [0, 1, 2, 3], -1,
    )  # fmt: skip
    grown = np.where(contact == 0, age.known & (age.values >= 18), True)
    names = ("recency", "first_gap", "app_idle", "wecom_age", "refund_age")
    days = (recency, gap, idle, friends, refunded)
    below = change == 2
    return {
        "customer": m.table["member_id"],
        "tenure": tenure.astype(np.int64),
        **{name: pa.array(f.values.astype(np.int64), mask=~f.known)
           for name, f in zip(names, days, strict=True)},
        "net_spend": money(net), "aov": money((aov + 5000) // 10_000),
        "refund_rate": decimals(rate.values, 6, ~rate.known), "trend": money(trend),
        "engagement": engagement, "points_left": left,
        "ltv": money(np.sign(ltv) * ((np.abs(ltv) + 5) // 10)),
        **{name: test.column() for name, test in segments.items()},
        "lifecycle": named(stage, STAGES), "band": named(band, BANDS),
        "churn_risk": churn, "intent": intent,
        "member_level": named(level, LEVELS), "member_level.held": named(held, LEVELS),
        "member_level.change": named(change, CHANGES), "member_level.keep_until": dates(keep),
        "member_level.grace_until": dates(until.values + 60, change != 3),
        "member_level.next": named(np.where(top, -1, level + 1), LEVELS),
        "member_level.next.missing.net_spend": money(steps[level + 1] - net, top),
        "member_level.keep.missing.net_spend": money(steps[level] - net, (earned >= level)),
        "offer": offer + 1, "offer.benefit": named(offer, BENEFITS),
        "offer.cost": money(np.array(COSTS)[offer]),
        "care": care + 1, "care.script": named(care, SCRIPTS), "care.owner": named(care, OWNERS),
        "no_minors": pa.array(grown, mask=(contact == 0) & ~age.known),
        "no_staff": np.ones_like(below),
        "incentives": lists(given), "contacts": one_of(contact),
    }  # fmt: skip


def named(place: Array, names: Sequence[str]) -> pa.Array:
    codes = pa.array(place.astype(np.int32), mask=place < 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array(names)).cast(pa.string())


def dates(ordinals: Array, unknown: Array | None = None) -> pa.Array:
    return pa.array(ordinals.astype(np.int32), mask=unknown).cast(pa.date32())


def money(fen: Array, unknown: Array | None = None) -> pa.Array:
    return decimals(fen, 2, unknown)


def decimals(scaled: Array, scale: int, unknown: Array | None) -> pa.Array:
    pairs = np.empty((len(scaled), 2), np.int64)
    pairs[:, 0], pairs[:, 1] = scaled, scaled >> 63
    mask = None if unknown is None else pa.array(~unknown).buffers()[1]
    return pa.Array.from_buffers(pa.decimal128(18, scale), len(scaled), [mask, pa.py_buffer(pairs)])


def lists(given: dict[str, Array]) -> pa.Array:
    """For each member the names of the rules that gave."""
    hits = np.stack([given[rule] for rule in RULES], axis=1)
    _, places = np.nonzero(hits)
    ends = np.concatenate(([0], np.cumsum(hits.sum(axis=1)))).astype(np.int32)
    return pa.ListArray.from_arrays(ends, named(places, RULES))


def one_of(contact: Array) -> pa.Array:
    ends = np.concatenate(([0], np.cumsum(contact >= 0))).astype(np.int32)
    return pa.ListArray.from_arrays(ends, named(contact[contact >= 0], CONTACTS))


def run(members: Path, consents: Path, out: Path, today: str) -> None:
    """Decide about everyone and write `decisions.parquet`."""
    out.mkdir(parents=True, exist_ok=True)
    yes = agreed(consents)
    # Each member's row among the consents, found once: a table of them is dear to make.
    places = pc.index_in(pq.read_table(members, columns=["member_id"])[0], yes["member_id"])
    answers = {name: pc.fill_null(yes[name].take(places), False) for name in CHANNELS}
    day = (date.fromisoformat(today) - date(1970, 1, 1)).days
    writer: pq.ParquetWriter | None = None
    done = 0
    for batch in pq.ParquetFile(members).iter_batches(BATCH):
        table = pa.Table.from_batches([batch])
        for name, column in answers.items():
            table = table.append_column(name, column.slice(done, len(table)))
        done += len(table)
        made = pa.table(decide(Batch(table), day))
        if writer is None:
            writer = pq.ParquetWriter(out / "decisions.parquet", made.schema, compression="zstd")
        writer.write_table(made)
    if writer is not None:
        writer.close()
