"""What kinds decide, against the guide's sentences told a second time, in plain Python.

Each policy is compiled once and asked about generated customers. Both evaluators must give the
same document; the figures in it are compared with the oracle's.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from siyu.api.policy import Policy
from siyu.records import Read
from tests.corpus.engines import ENGINES, policy_of
from tests.corpus.read import Chapter, facts

HEAD = 'policy p\n  language 1\n  timezone "UTC"\n  currency CNY\n  schema "facts.yaml"\n\n'
TODAY = dt.date(2026, 11, 21)
NOW = "2026-11-21T10:00:00Z"


@cache
def policy(text: str) -> Policy:
    return policy_of(Chapter("oracles", 1, "", HEAD + text, facts(), "UTC", None))


def decided(text: str, customer: Mapping[str, Any], event: Any = None) -> dict[str, Any]:
    request: dict[str, Any] = {
        "customer": {"id": "M1", "unsubscribed": False, "consents": [], **customer},
        "as_of": NOW,
    }
    if event is not None:
        request["event"] = event
    made = policy(text)
    read = made.read(request)
    assert isinstance(read, Read), read
    documents = {ask(made, read) for ask in ENGINES.values()}
    assert len(documents) == 1
    found = json.loads(documents.pop())
    assert isinstance(found, dict)
    return found


# ---------------------------------------------------------------- the life of a level

LEVELS = ("standard", "silver", "gold", "platinum")
LIFE = """
tier level by n_opt
  platinum from 300
  gold     from 200
  silver   from 100
  standard otherwise
  keep 14 months
  grace 1 month
  {fall}
  lifetime silver when vip
"""


def months_later(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(
        year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1])
    )


def life(
    n: int | None, vip: bool, held: str | None, until: dt.date | None, one_level: bool
) -> tuple[str | None, str | None, dt.date | None, dt.date | None]:
    """Level shown, change, kept until, grace until."""
    renewed = months_later(TODAY, 14)
    if n is None:
        # Platinum cannot be told, and it stands above the lifetime level.
        return held, None, until, None
    earned = min(max(n, 0) // 100, 3)
    if vip:
        earned = max(earned, 1)
    if held is None:
        return LEVELS[earned], "entered", renewed, None
    before = LEVELS.index(held)
    date = until or TODAY
    if earned > before:
        return LEVELS[earned], "upgraded", renewed, None
    if earned == before:
        return held, "kept", renewed if date <= TODAY else date, None
    if date >= TODAY:
        return held, "kept", date, None
    grace = months_later(date, 1)
    if grace >= TODAY:
        return held, "in_grace", date, grace
    return LEVELS[before - 1 if one_level else earned], "downgraded", renewed, None


dates = st.sampled_from([-400, -61, -32, -31, -30, -29, -2, -1, 0, 1, 30, 500]).map(
    lambda days: TODAY + dt.timedelta(days)
)


@given(
    st.none() | st.sampled_from([-1, 0, 99, 100, 199, 200, 299, 300, 999]),
    st.booleans(),
    st.none() | st.sampled_from(LEVELS),
    st.none() | dates,
    st.booleans(),
)
def test_a_level_lives_as_told(
    n: int | None, vip: bool, held: str | None, until: dt.date | None, one_level: bool
) -> None:
    text = LIFE.format(fall="fall one level" if one_level else "")
    customer = {"n_opt": n, "vip": vip, "level_held": held,
                "level_until": until.isoformat() if until else None}  # fmt: skip
    found = decided(text, customer)["tiers"]["level"]
    level, change, kept, grace = life(n, vip, held, until, one_level)
    assert (found["level"], found["change"], found["held"]) == (level, change, held)
    assert found["keep_until"] == (kept.isoformat() if kept else None)
    assert found["grace_until"] == (grace.isoformat() if grace else None)
    if level is None or n is None:
        return
    place = LEVELS.index(level)
    above = LEVELS[place + 1] if place < 3 else None
    lacking = (place + 1) * 100 - n
    expected = above and {"level": above, "missing": {"n_opt": lacking} if lacking > 0 else {}}
    assert found["next"] == expected
    short = place * 100 - n
    assert found["keep"]["missing"] == ({"n_opt": short} if short > 0 and place else {})


# ---------------------------------------------------------------- earning

EARN = """
points p on paid
  earn {rate} per {full}{unit} yuan of event.amount
  times 2 when vip
  times 1.25 when n = 1
  times 0.1 when shy
  multipliers {how}
  round {mode}
  at most {most} per day
  at least {least}
"""


def rounded(exact: Fraction, mode: str) -> int:
    match mode:
        case "down":
            return floor(exact)
        case "up":
            return ceil(exact)
        case _:
            return floor(exact + Fraction(1, 2))


rules = st.fixed_dictionaries(
    {
        "rate": st.sampled_from(["1", "0.5", "3", "0.333"]),
        "full": st.sampled_from(["", "full "]),
        "unit": st.sampled_from(["1", "0.30", "7"]),
        "how": st.sampled_from(["highest", "product", "sum"]),
        "mode": st.sampled_from(["down", "half_up", "up"]),
        "most": st.sampled_from(["40", "1000"]),
        "least": st.sampled_from(["0", "3"]),
    }
)


@given(
    rules,
    st.integers(0, 20_000),
    st.booleans(),
    st.sampled_from([0, 1]),
    st.sampled_from([True, False, None]),
    st.sampled_from([0, 15, 40, 60]),
)
def test_what_is_earned(
    rule: dict[str, str], fen: int, vip: bool, n: int, shy: bool | None, posted: int
) -> None:
    amount = Fraction(fen, 100)
    share = amount / Fraction(rule["unit"])
    exact = Fraction(rule["rate"]) * (floor(share) if rule["full"] else share)
    factors = [f for f, holds in ((Fraction(2), vip), (Fraction(5, 4), n == 1),
                                  (Fraction(1, 10), shy is True)) if holds]  # fmt: skip
    if factors:
        product = Fraction(1)
        for factor in factors:
            product *= factor
        exact *= {"highest": max(factors), "product": product, "sum": sum(factors)}[rule["how"]]
    due = min(rounded(exact, rule["mode"]), max(0, int(rule["most"]) - posted))
    due = due if due >= int(rule["least"]) else 0
    log = [{"at": "2026-11-21T08:00:00Z", "rule": "p", "points": posted, "event": "before"}]
    event = {"type": "paid", "order_id": "o1", "amount": f"{fen / 100:.2f}"}
    customer = {"vip": vip, "n": n, "shy": shy, "points_log": log if posted else []}
    found = decided(EARN.format(**rule), customer, event)["points"]
    assert [each["points"] for each in found] == ([due] if due else [])


# ---------------------------------------------------------------- taking back

BACK = """
points buy on paid
  earn 1 per 1 yuan of event.amount
points back on refunded
  reverse buy
"""


@given(
    st.integers(1, 5_000),
    st.integers(1, 9_999),
    st.lists(st.integers(0, 12_000), min_size=1, max_size=5).map(sorted),
)
def test_refunds_in_parts_take_back_their_share_and_no_more(
    posted: int, paid: int, refunds: list[int]
) -> None:
    log: list[dict[str, Any]] = [
        {"at": "2026-11-01T08:00:00Z", "rule": "buy", "points": posted, "event": "o1",
         "amount": f"{paid / 100:.2f}"}
    ]  # fmt: skip
    for so_far in refunds:
        event = {"type": "refunded", "order_id": "o1", "amount": f"{so_far / 100:.2f}"}
        found = decided(BACK, {"points_log": log}, event)["points"]
        share = Decimal(posted) * min(so_far, paid) / paid
        total = int(share.quantize(Decimal(1), ROUND_HALF_UP))
        before = -sum(row["points"] for row in log[1:])
        assert [each["points"] for each in found] == ([before - total] if total != before else [])
        log += [{"at": "2026-11-02T08:00:00Z", "rule": "back", "points": each["points"],
                 "event": "o1", "amount": each["amount"]} for each in found]  # fmt: skip
    assert sum(row["points"] for row in log) >= 0


# ---------------------------------------------------------------- arbitration

ARBITRATION = """
contact a recover
  for n >= 0
  via wecom, sms
  send "x"
  priority n
contact b recover
  for yes
  via sms, wecom
  send "x"
  priority n_opt
contact c greeting
  for no
  via wecom
  send "x"
  priority 3
contact d
  for true
  via app, sms
  send "x"
contact policy house
  limit 2 per week on wecom
  limit 3 per day
  limit 1 per week for greeting
  choose {choose} by priority
"""
VIA = {"a": ("wecom", "sms"), "b": ("sms", "wecom"), "c": ("wecom",), "d": ("app", "sms")}
PURPOSE = {"a": "recover", "b": "recover", "c": "greeting", "d": None}


@given(
    st.integers(0, 5),
    st.none() | st.integers(0, 5),
    st.booleans(),
    st.booleans(),
    st.frozensets(st.sampled_from(["wecom", "sms", "app"])),
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["wecom", "sms", "app"]),
                       st.booleans()), max_size=4),
    st.integers(1, 3),
)  # fmt: skip
def test_who_is_chosen(
    n: int,
    n_opt: int | None,
    yes: bool,
    no: bool,
    consented: frozenset[str],
    sent: list[tuple[str, str, bool]],
    choose: int,
) -> None:
    def rooms() -> dict[str, int]:
        """What the log leaves: rows are of today, or of yesterday in the same week."""
        return {
            "wecom": 2 - sum(channel == "wecom" for _, channel, _ in sent),
            "day": 3 - sum(today for _, _, today in sent),
            "greeting": 1 - sum(PURPOSE[name] == "greeting" for name, _, _ in sent),
        }

    def uses(name: str, channel: str) -> list[str]:
        used = ["day", *(["wecom"] if channel == "wecom" else [])]
        return [*used, *(["greeting"] if PURPOSE[name] == "greeting" else [])]

    left = rooms()
    wanted = {"a": True, "b": yes, "c": no, "d": True}
    ready = {}
    for name in "abcd":
        channels = [c for c in VIA[name] if c in consented and (c != "wecom" or left["wecom"] > 0)]
        if wanted[name] and channels and all(left[u] > 0 for u in uses(name, channels[0])):
            ready[name] = channels[0]
    priority = {"a": n, "b": n_opt, "c": 3, "d": None}
    order = sorted(ready, key=lambda name: (priority[name] is None, -(priority[name] or 0), name))
    chosen: list[str] = []
    for name in order:
        if len(chosen) < choose and all(left[u] > 0 for u in uses(name, ready[name])):
            chosen.append(name)
            for used in uses(name, ready[name]):
                left[used] -= 1
    customer = {
        "n": n, "n_opt": n_opt, "yes": yes, "no": no,
        "consents": [{"channel": c, "granted": True, "at": "2026-01-01T00:00:00Z"}
                     for c in sorted(consented)],
        "contacts": [{"at": f"2026-11-{'21' if today else '20'}T08:00:00Z", "contact": name,
                      "channel": channel} for name, channel, today in sent],
    }  # fmt: skip
    found = decided(ARBITRATION.format(choose=choose), customer)
    assert {each["rule"]: each["channel"] for each in found["contacts"]} == {
        name: ready[name] for name in sorted(chosen)
    }
    lost = {each["rule"] for each in found["stopped"] if each["by"] == "arbitration"}
    assert lost == ready.keys() - set(chosen)
