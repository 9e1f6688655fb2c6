"""How far it is: to the next level, to the next point, to when a limit is free, to what expires."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import siyu
from siyu.explain import Outcome, Step
from siyu.population.files import PopulationValues
from siyu.words import ENGLISH
from tests.explain.packs import asked, loaded, tour
from tests.explain.told import all_steps, steps_of

FACTS = """\
schema: s
version: 1
enums: {channel: {app: App, sms: SMS}}
customer:
  key: id
  fields:
    id:    {type: text}
    n:     {type: int, default: 0}
    spent: {type: money, default: 0}
    vip:   {type: bool, default: false}
    held:  {type: level of rank, optional: true, role: held level of rank}
    until: {type: date, optional: true, role: kept until of rank}
    off:   {type: bool, role: opt-out}
collections:
  log:
    role: points log
    default: []
    time: at
    fields: {at: {type: datetime}, rule: {type: text}, account: {type: text},
      points: {type: int, optional: true}, worth: {type: money, optional: true},
      event: {type: text}, amount: {type: money, optional: true}}
  grants:
    role: incentive log
    default: []
    time: at
    fields: {at: {type: datetime}, incentive: {type: text}}
  sent:
    role: contact log
    default: []
    time: at
    fields: {at: {type: datetime}, contact: {type: text}, channel: {type: enum channel}}
  consents: {role: consents, fields: {channel: {type: enum channel}, granted: {type: bool}}}
events:
  paid:    {key: no, fields: {no: {type: text}, amount: {type: money, min: 0}}}
  redeems: {key: no, fields: {no: {type: text}, amount: {type: money, min: 0},
    offered: {type: int, min: 0}}}
"""
HEAD = """\
policy p
  language 1
  timezone "Asia/Shanghai"
  currency CNY
  schema "facts.yaml"

"""
AT = "2026-11-21T10:00:00+08:00"


def request(event: dict[str, Any] | None = None, **customer: Any) -> dict[str, Any]:
    facts = {"id": "a", "off": False, "consents": [], **customer}
    made: dict[str, Any] = {"customer": facts, "as_of": AT}
    return made if event is None else {**made, "event": {"no": "7", **event}}


def one(folder: Path, text: str, asked_for: dict[str, Any], what: str) -> Outcome:
    policy = loaded(folder, HEAD + text, FACTS)
    (outcome,) = policy.explain(asked_for, what).outcomes
    return outcome


def said(steps: tuple[Step, ...]) -> list[str]:
    """Steps as `text (remark)`."""
    return [
        str(ENGLISH.of(step.text)) + (f" ({ENGLISH.of(step.remark)})" if step.remark else "")
        for step in steps
    ]


# ---------------------------------------------------------------- levels

RANK = """\
tier rank by spent
  gold when n >= 3 and vip
  silver from 100 yuan
  plain otherwise
  keep 12 months
  grace 30 days
  fall one level
"""


def test_what_a_level_by_condition_lacks_is_listed(tmp_path: Path) -> None:
    outcome = one(tmp_path, RANK, request(n=3, spent="150.00"), "rank")
    upper, kept = outcome.progress
    assert said((upper,)) == ["to reach gold (what is missing stands below)"]
    assert said(upper.below) == ["vip"]
    assert said((kept,)) == [
        "silver is kept until 21 Nov 2027 (it would be earned again as things stand)"
    ]


def test_what_a_level_by_amount_lacks_is_told(tmp_path: Path) -> None:
    outcome = one(tmp_path, RANK, request(spent="30.00"), "rank")
    assert said(outcome.progress[:1]) == ["to reach silver (¥70.00 more of spent)"]
    assert said(outcome.progress[-1:]) == ["plain is kept until 21 Nov 2027 (it needs nothing)"]


@pytest.mark.parametrize(
    ("until", "decided", "otherwise"),
    [
        ("2026-12-31", "gold is kept until 31 Dec 2026, and that day has not passed",
         "otherwise silver from 31 Jan 2027 on"),
        ("2026-11-01", "gold was kept until 1 Nov 2026, and the time of grace lasts until "
         "1 Dec 2026", "otherwise silver from 2 Dec 2026 on"),
    ],
)  # fmt: skip
def test_a_level_that_is_not_earned_any_more(
    tmp_path: Path, until: str, decided: str, otherwise: str
) -> None:
    outcome = one(tmp_path, RANK, request(held="gold", until=until), "rank")
    assert said(outcome.steps[:1]) == [decided]
    assert outcome.steps[0].decisive
    assert said(outcome.steps[1:2]) == [
        f"level held until now (kept until {ENGLISH.shown(_day(outcome))})"
    ]
    assert said(outcome.progress)[0] == "there is no higher level"
    assert said(outcome.progress)[1].startswith("to keep gold beyond ")
    assert said(outcome.progress[1].below) == ["n >= 3", "vip"]
    assert said(outcome.progress)[-1] == otherwise


def _day(outcome: Outcome) -> object:
    remark = outcome.steps[1].remark
    assert not isinstance(remark, str)
    return dict(remark.facts)["day"]


def test_nobody_falls_further_than_a_level(tmp_path: Path) -> None:
    outcome = one(tmp_path, RANK, request(held="gold", until="2026-01-01"), "rank")
    assert said(outcome.steps[:2]) == [
        "gold was kept until 1 Jan 2026, and that day has passed",
        "nobody falls further than one level at once",
    ]
    assert ENGLISH.of(outcome.headline) == "silver, downgraded from gold, until 21 Nov 2027"


def test_who_fell_keeps_the_new_level_from_now_on(tmp_path: Path) -> None:
    """What keeps a level after a fall is asked at the end of the new period, not of the old."""
    outcome = one(tmp_path, RANK, request(held="gold", until="2026-01-01"), "rank")
    assert said(outcome.progress[1:2]) == [
        "to keep silver beyond 21 Dec 2027 (¥100.00 more of spent)"
    ]
    assert said(outcome.progress[-1:]) == ["otherwise plain from 22 Dec 2027 on"]
    policy = loaded(tmp_path, HEAD + RANK, FACTS)
    for day, level in (("2027-12-21", "silver"), ("2027-12-22", "plain")):
        then = {**request(held="silver", until="2027-11-21"), "as_of": f"{day}T10:00:00+08:00"}
        assert policy.decide(then).tiers["rank"]["level"] == level


def test_what_will_be_missing_when_orders_are_too_old() -> None:
    """M04 earns gold today; the order of 12 December 2025 is too old by the end of the year."""
    (outcome,) = tour().explain(asked("M04"), "member_level").outcomes
    assert said(outcome.progress[-1:]) == [
        "金卡 (gold) is kept until 31 Dec 2026 (if nothing is added, ¥2,500.00 of 近12个月消费 "
        "(spend_12m) will be missing on that day)"
    ]
    then = {**asked("M04"), "as_of": "2026-12-31T10:00:00+08:00"}
    level = tour().decide(then).tiers["member_level"]
    assert level["keep"]["missing"] == {"spend_12m": "2500.00"}


# ---------------------------------------------------------------- points

EARN = """\
points buy on paid
  earn {earn} of event.amount
  {more}
  expire at end of next year
"""


@pytest.mark.parametrize(
    ("earn", "amount", "gap"),
    [("1 per 1 yuan", "19.90", "¥0.10"), ("1 per full 10 yuan", "25.00", "¥5.00"),
     ("0.5 per 1 yuan", "20.00", "¥2.00"), ("3 per 2 yuan", "1.00", "¥0.34"),
     ("2 per full 0.50 yuan", "1.00", "¥0.50")],
)  # fmt: skip
def test_how_much_more_earns_more(tmp_path: Path, earn: str, amount: str, gap: str) -> None:
    text = EARN.format(earn=earn, more="round down")
    policy = loaded(tmp_path, HEAD + text, FACTS)
    (outcome,) = policy.explain(request({"type": "paid", "amount": amount}), "buy").outcomes
    assert said(outcome.progress) == [f"{gap} more of `event.amount` earns more"]

    def points(cents: int) -> int:
        event = {"type": "paid", "amount": f"{cents // 100}.{cents % 100:02d}"}
        found = policy.decide(request(event)).points
        return int(found[0]["points"]) if found else 0

    now = int(amount.replace(".", ""))
    more = now + int(gap.replace("¥", "").replace(".", ""))
    assert points(more) > points(now) == points(more - 1), "it is the least that does it"


def test_how_much_more_reaches_the_minimum(tmp_path: Path) -> None:
    text = EARN.format(earn="2 per 1 yuan", more="at least 100")
    outcome = one(tmp_path, text, request({"type": "paid", "amount": "20.10"}), "buy")
    assert outcome.status == "no"
    assert said(outcome.progress) == ["¥29.90 more of `event.amount` reaches the minimum"]
    least = request({"type": "paid", "amount": "50.00"})
    assert one(tmp_path, text, least, "buy").status == "yes"


def test_what_caps_leave(tmp_path: Path) -> None:
    text = EARN.format(earn="1 per 1 yuan", more="at most 100 per month")
    log = [{"at": "2026-11-02T10:00:00+08:00", "rule": "buy", "account": "points", "points": 30,
            "event": "1"}]  # fmt: skip
    outcome = one(tmp_path, text, request({"type": "paid", "amount": "50"}, log=log), "buy")
    assert "20 left of `at most 100 per month`" in said(outcome.progress)
    outcome = one(tmp_path, text, request({"type": "paid", "amount": "90"}, log=log), "buy")
    assert said(outcome.progress)[0] == "0 left of `at most 100 per month`"
    (cap,) = (step for step in outcome.steps if step.role == "cap")
    assert (cap.verdict, ENGLISH.of(cap.remark)) == ("true", "room for 70")


def test_what_expires_when(tmp_path: Path) -> None:
    text = EARN.format(earn="1 per 1 yuan", more="formerly shop") + (
        "\npoints gift on paid\n  earn 5\n  expire 30 days after earning\n"
    )
    rows = [
        ("2024-03-01", "buy", 1), ("2025-03-01", "shop", 20), ("2026-03-01", "buy", 300),
        ("2026-11-01", "gift", 5), ("2026-09-01", "gift", 5), ("2026-11-20", "buy", -7),
    ]  # fmt: skip
    log = [{"at": f"{day}T10:00:00+08:00", "rule": rule, "account": "points", "points": points,
            "event": f"{n}"} for n, (day, rule, points) in enumerate(rows)]  # fmt: skip
    (lots,) = one(tmp_path, text, request(log=log), "buy").progress
    assert said((lots,)) == [
        "what expires, the soonest first "
        "(as posted; what was spent or taken back since is not counted against it)"
    ]
    assert said(lots.below) == [
        "20 posted on 1 Mar 2025, until 31 Dec 2026",
        "300 posted on 1 Mar 2026, until 31 Dec 2027",
    ]
    (gifts,) = one(tmp_path, text, request(log=log), "gift").progress
    assert said(gifts.below) == ["5 posted on 1 Nov 2026, until 1 Dec 2026"]


def test_lots_expire_by_the_rule_that_posted_them(tmp_path: Path) -> None:
    """What is said of a lot is what the decision of its day said of the posting."""
    text = EARN.format(earn="1 per 1 yuan", more="round down")
    policy = loaded(tmp_path, HEAD + text, FACTS)
    event = {"type": "paid", "amount": "10.00"}
    then = {**request(event), "as_of": "2025-07-03T23:30:00+08:00"}
    (posted,) = policy.decide(then).points
    assert posted["expires_on"] == "2026-12-31"
    log = [{"at": then["as_of"], "rule": "buy", "account": "points", "points": 10, "event": "7"}]
    (outcome,) = policy.explain(request(log=log), "buy").outcomes
    assert said(outcome.progress[0].below) == ["10 posted on 3 Jul 2025, until 31 Dec 2026"]


REDEEM = """\
points cash_off on redeems
  redeem 100 for 1 yuan of event.offered
  at least 1000
  at most 50% of event.amount
"""


def test_how_many_more_points_redeem(tmp_path: Path) -> None:
    event = {"type": "redeems", "offered": 730, "amount": "100"}
    outcome = one(tmp_path, REDEEM, request(event), "cash_off")
    assert outcome.status == "no"
    assert said(outcome.progress) == [
        "270 more points reach `at least 1000`",
        "70 more points make another 100",
    ]
    enough = {**event, "offered": 1000}
    assert one(tmp_path, REDEEM, request(enough), "cash_off").status == "yes"
    capped = {**event, "offered": 9_950}
    outcome = one(tmp_path, REDEEM, request(capped), "cash_off")
    assert said(outcome.progress) == [
        "50 more points make another 100 (`at most 50% of event.amount` lets no more of them count)"
    ]


# ---------------------------------------------------------------- limits

GIFT = """\
incentive gift
  for true
  give coupon "A"
  soft internal
  limit {limit}
"""


@pytest.mark.parametrize(
    ("limit", "given", "again"),
    [
        ("1 per 90 days", ("2026-11-01T09:00",), "30 Jan 2027 09:00"),
        ("2 per 30 days", ("2026-11-01T09:00", "2026-11-11T09:00"), "1 Dec 2026 09:00"),
        ("1 per 30 days", ("2026-11-01T09:00", "2026-11-11T09:00"), "11 Dec 2026 09:00"),
        ("1 per 24 hours", ("2026-11-21T08:30",), "22 Nov 2026 08:30"),
        ("1 per day", ("2026-11-21T08:30",), "22 Nov 2026"),
        ("1 per month", ("2026-11-21T08:30",), "1 Dec 2026"),
        ("1 per week", ("2026-11-20T08:30",), "23 Nov 2026"),
        ("1 per year", ("2026-01-20T08:30",), "1 Jan 2027"),
        ("1 ever", ("2020-01-20T08:30",), None),
    ],
)
def test_when_a_limit_is_free_again(
    tmp_path: Path, limit: str, given: tuple[str, ...], again: str | None
) -> None:
    policy = loaded(tmp_path, HEAD + GIFT.format(limit=limit), FACTS)
    grants = [{"at": f"{at}:00+08:00", "incentive": "gift"} for at in given]
    (outcome,) = policy.explain(request(grants=grants), "gift").outcomes
    (stop,) = (step for step in outcome.chain if step.decisive)
    counted = f"{len(given)} of at most {limit.split()[0]}"
    remark = counted if again is None else f"{counted}, again from {again}"
    assert ENGLISH.of(stop.remark) == remark
    if again is None:
        return
    assert not isinstance(stop.remark, str)
    moment = dict(stop.remark.facts)["moment"]
    assert isinstance(moment, siyu.explain.Shown)
    at = moment.held if ":" in again else _midnight(moment.held)
    for as_of, free in ((at, True), (at - 1_000_000, False)):
        then = request(grants=grants)
        del then["as_of"]
        assert bool(policy.decide(then, as_of=as_of).incentives) is free


def _midnight(day: int) -> int:
    return (day - 719_163) * 86_400_000_000 - 8 * 3_600_000_000


# ---------------------------------------------------------------- what else stops

SEVERAL = """\
incentive gift
  for true
  give coupon "A"
  costs 5 yuan
  soft internal
  budget 100 yuan per month by spent

contact hello greeting
  for true
  via sms, app
  send "hi"
  during 12:00 to 20:00
  discard after 1 hour

contact policy house
  quiet 21:00 to 09:00
  never when off
  quota 10 per day on sms by spent
"""


def test_hours_move_a_contact_and_discard_it(tmp_path: Path) -> None:
    consents = [{"channel": "sms", "granted": True}]
    outcome = one(tmp_path, SEVERAL, request(consents=consents), "hello")
    assert ENGLISH.of(outcome.headline) == "not sent: it would come too late"
    assert said(outcome.chain)[-2:] == [
        "moved by its hours (not before 21 Nov 2026 12:00)",
        "discard after 1 hour (not before 21 Nov 2026 12:00, discarded after 21 Nov 2026 11:00)",
    ]
    assert said(outcome.chain[-2].below) == [
        "sent between 12:00 and 20:00", "quiet from 21:00 to 09:00",
    ]  # fmt: skip
    policy = loaded(tmp_path, HEAD + SEVERAL, FACTS)
    (whole,) = policy.explain(request(consents=consents), why_not="hello").outcomes
    assert [step.code for step in whole.chain if not step.reached] == [
        "hello.priority.1", "house.quota.1",
    ]  # fmt: skip


def test_channels_are_told_one_by_one(tmp_path: Path) -> None:
    outcome = one(tmp_path, SEVERAL, request(consents=[]), "hello")
    (consent,) = (step for step in outcome.chain if step.decisive)
    assert consent.code == "hello.via.1"
    assert said(consent.below) == ["sms", "app"]
    assert [step.verdict for step in consent.below] == ["false", "false"]


@pytest.mark.parametrize(
    ("period", "remark", "status"),
    [(None, "no allocation is there, so it does not bind yet", "yes"),
     ("2026-10", "no allocation is there, so it does not bind yet", "yes"),
     ("2026-11", "ranked behind where the allocation ends", "stopped")],
)  # fmt: skip
def test_a_budget_says_whether_it_was_applied(
    tmp_path: Path, period: str | None, remark: str, status: str
) -> None:
    policy = loaded(tmp_path, HEAD + SEVERAL, FACTS)
    if period is not None:
        last = ("", "cut", True, 100_000, "0")
        cuts = {"gift.budget.1": (last,), "gift.budget.1.period": period}
        policy = policy.with_values(None, PopulationValues(cuts, "sha256:" + "0" * 64))
    (outcome,) = policy.explain(request(spent="10.00"), "gift").outcomes
    (budget,) = (step for step in outcome.chain if step.code == "gift.budget.1")
    assert ENGLISH.of(budget.remark) == remark
    assert ENGLISH.of(budget.text) == "budget 100 yuan per month by spent"
    assert outcome.status == status


def test_the_hold_out_tells_its_bucket() -> None:
    (outcome,) = tour().explain(asked("M04"), "wakeup").outcomes
    (held,) = (step for step in outcome.chain if step.code == "wakeup.holdout.1")
    assert ENGLISH.of(held.remark) == "bucket 6,620 of 10,000; below 1,000 is held out"


def test_why_not_reaches_through_what_a_rule_rests_on() -> None:
    (outcome,) = tour().explain(asked("M12"), why_not="wakeup_push").outcomes
    rests = next(step for step in steps_of(outcome.steps) if step.role == "fact")
    assert ENGLISH.of(rests.remark) == "not given: stopped by a limit"
    assert [step.code for step in rests.below] == ["wakeup.limit.1"]
    assert all(not step.reached for step in outcome.chain)
    assert not any(step.decisive for step in outcome.chain)
    assert len(list(all_steps(outcome))) > 20
