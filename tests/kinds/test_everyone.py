"""What a run over everyone asks for: budgets, quotas, figures, cuts, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from siyu.compiler import Pack, Used, compile_pack
from siyu.core.program import Allotment, Program
from siyu.functions.identity import tie
from siyu.resources import resource
from siyu.schema.load import load_schema
from siyu.syntax.parse import parse
from siyu.text import Source
from siyu.types import scale_of
from tests.population.people import HEAD, answers, compiled

RETAIL = resource("policies", "retail_membership", "retail.yaml").read_text("utf-8")
GIFT = """
incentive gift
  for total_spend > 0 yuan
  give coupon "A"
  worth 5 yuan
  soft internal
  limit 3 per month
"""


CONSENTS = [{"channel": channel, "granted": True} for channel in ("sms", "wecom")]


def person(key: str = "M1", **fields: Any) -> dict[str, Any]:
    known = {"member_id": key, "joined_on": "2024-01-01", "unsubscribed": False}
    return {**known, "orders": [], "consents": CONSENTS, **fields}


def granted(at: str, rule: str = "gift", **fields: Any) -> dict[str, Any]:
    return {"at": f"{at}T12:00:00+08:00", "incentive": rule, **fields}


def sent(at: str, channel: str = "sms", contact: str = "note") -> dict[str, Any]:
    return {"at": f"{at}T12:00:00+08:00", "contact": contact, "channel": channel}


def program_of(text: str) -> Program:
    program = compiled(text, RETAIL).program
    assert program is not None
    return program


def allotments(text: str) -> dict[str, Allotment]:
    return {each.code: each for each in program_of(text).everyone.allotments}


def values(text: str, *customers: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    return answers(compiled(text, RETAIL), customers, **more)


# ---------------------------------------------------------------- budgets


BUDGET = GIFT + "  budget 100 yuan per month by total_spend\n"


def test_a_budget_names_what_it_holds_and_who_wants_it() -> None:
    made = allotments(BUDGET)["gift.budget.1"]
    (want,) = made.wants
    assert (made.kind, made.window, made.count, made.after) == ("budget", "month", None, ())
    (found,) = values(BUDGET, person(total_spend=70))
    assert found[made.limit] == 100_00
    assert found[want.wants] is True
    assert found[want.amount or ""] == 5_00
    assert found[want.rank] == 70_00
    assert found[want.tie] == f"gift {tie('gift', 'M1')}"
    assert found[want.sender] == ""
    assert found[made.used or ""] == 0


def test_what_stops_an_award_before_the_budget_keeps_it_from_wanting() -> None:
    full = [granted(f"2026-11-{day:02}", worth=5) for day in (2, 3, 4)]
    nobody, limited, held = values(
        BUDGET + "  holdout 100%\n", person(), person(total_spend=1, grants=full),
        person(total_spend=1),
    )  # fmt: skip
    name = "gift.budget.1.gift.wants"
    assert (nobody[name], limited[name], held[name]) == (False, False, False)
    assert values(BUDGET, person(total_spend=1))[0][name] is True


@pytest.mark.parametrize(
    ("window", "used"),
    [
        ("per day", 0), ("per week", 500), ("per month", 1500), ("per quarter", 3500),
        ("per year", 7500), ("per 3 days", 500), ("per 60 days", 3500), ("ever", 15500),
    ],
)  # fmt: skip
def test_the_log_counts_what_it_holds_of_the_period(window: str, used: int) -> None:
    text = GIFT + f"  budget 100 yuan {window} by total_spend\n"
    log = [
        granted("2026-11-20", worth=5), granted("2026-11-01", worth=10),
        granted("2026-10-01", worth=20), granted("2026-01-01", worth=40),
        granted("2025-12-31", worth=80), granted("2026-11-22", worth=1000),
        granted("2026-11-20", "other", worth=1000),
    ]  # fmt: skip
    made = allotments(text)["gift.budget.1"]
    (found,) = values(text, person(grants=log))
    assert found[made.used or ""] == used


def test_a_budget_per_run_counts_nothing_of_the_log() -> None:
    made = allotments(GIFT + "  budget 100 yuan per run by total_spend\n")["gift.budget.1"]
    assert (made.window, made.used, made.used_sender) == ("run", None, None)


def test_a_row_of_the_log_without_an_amount_counts_what_the_award_is_worth_today() -> None:
    log = [granted("2026-11-02", worth=7), granted("2026-11-03"), granted("2026-11-04", cost=1)]
    (found,) = values(BUDGET, person(grants=log))
    assert found["gift.budget.1.used"] == 7_00 + 5_00 + 5_00


def test_the_log_is_read_under_all_names_and_kept_under_the_oldest() -> None:
    text = BUDGET.replace("  limit 3 per month\n", "") + "  formerly present\n  formerly treat\n"
    made = allotments(text)["treat.budget.1"]
    log = [granted("2026-11-02", rule, worth=1) for rule in ("gift", "present", "treat", "other")]
    (found,) = values(text, person(grants=log, total_spend=1))
    assert found[made.used or ""] == 3_00
    assert made.wants[0].rule == "treat"
    assert found[made.wants[0].tie] == f"treat {tie('treat', 'M1')}"


def test_costs_are_rounded_as_they_are_paid_and_read_in_their_own_column() -> None:
    text = GIFT + "  costs 5 yuan * 0.333\n  budget 100 yuan per month by total_spend\n"
    log = [granted("2026-11-02", worth=7, cost=2), granted("2026-11-03", worth=9)]
    (found,) = values(text, person(total_spend=1, grants=log))
    assert found["gift.budget.1.gift.amount"] == 1_67
    assert found["gift.budget.1.used"] == 2_00 + 1_67


def test_all_amounts_of_a_budget_are_held_in_one_scale() -> None:
    text = GIFT + "  budget 100 yuan * 0.123 per month by total_spend\n"
    program = program_of(text)
    (made,) = program.everyone.allotments
    types = {b.name: b.type for b in (*program.bindings, *program.everyone.bindings)}
    names = (made.limit, made.used, made.wants[0].amount)
    assert {scale_of(types[name or ""]) for name in names} == {5}
    (found,) = values(text, person(grants=[granted("2026-11-02", worth=1)], total_spend=1))
    assert [found[name or ""] for name in names] == [12_30000, 1_00000, 5_00000]


def test_an_award_whose_amount_nobody_can_tell_draws_nothing() -> None:
    text = BUDGET.replace("worth 5 yuan", "worth max(orders.amount)")
    (found,) = values(text, person(total_spend=1))
    assert found["gift.budget.1.gift.amount"] == 0


def test_the_lowest_first_is_negated_and_a_level_is_ranked_by_its_place() -> None:
    text = "tier lv by total_spend\n  gold from 10 yuan\n  plain otherwise\n" + GIFT
    by_level = text + "  budget 100 yuan per run by lv ascending\n"
    rich, poor = values(by_level, person(total_spend=20), person(total_spend=1))
    name = "gift.budget.1.gift.rank"
    assert (rich[name], poor[name]) == (-1, 0)


# ---------------------------------------------------------------- what depends on what


CHAIN = (
    GIFT
    + """  budget 100 yuan per month by total_spend

incentive more
  for gift
  give coupon "B"
  costs 1 yuan
  soft internal
  budget 10 yuan per run by total_spend

contact note recover
  for more
  via wecom, sms
  send "x"

contact word remind
  for true
  via sms
  send "y"
  priority 5

contact policy house
  quota 2 per day by total_spend
  quota 3 per day on sms same advisor by age
  choose 2 by priority
"""
)


def test_allotments_come_after_those_that_they_depend_on() -> None:
    made = program_of(CHAIN).everyone.allotments
    assert [(each.code, each.after) for each in made] == [
        ("gift.budget.1", ()),
        ("more.budget.1", ("gift.budget.1",)),
        ("house.quota.1", ("gift.budget.1", "more.budget.1")),
        ("house.quota.2", ("gift.budget.1", "house.quota.1", "more.budget.1")),
    ]


def test_wants_know_the_allotments_before_and_not_their_own() -> None:
    someone = person(total_spend=1, advisor="li", age=30)
    none = (("", "none", True, 0, ""),)
    refused = {"gift.budget.1": none, "gift.budget.1.period": "2026-11"}
    (free,) = values(CHAIN, someone)
    (stopped,) = values(CHAIN, someone, allotted=refused)
    for name, before, after in (
        ("gift.budget.1.gift.wants", True, True),
        ("more.budget.1.more.wants", True, False),
        ("house.quota.1.note.wants", True, False),
        ("house.quota.1.word.wants", True, True),
        ("house.quota.2.note.wants", False, False),  # it goes through wecom
        ("house.quota.2.word.wants", True, True),
    ):
        assert (free[name], stopped[name]) == (before, after), name


def test_a_quota_stopped_by_one_before_it_is_not_asked_for() -> None:
    someone = person(total_spend=1)
    refused = {"house.quota.1": (("", "none", True, 0, ""),), "house.quota.1.period": "2026-11-21"}
    (found,) = values(CHAIN, someone, allotted=refused)
    assert found["house.quota.1.word.wants"] is True
    assert found["house.quota.2.word.wants"] is False


def test_a_quota_counts_the_log_for_the_sender_of_today() -> None:
    made = allotments(CHAIN)
    log = [sent("2026-11-20"), {**sent("2026-11-21"), "at": "2026-11-21T08:00:00+08:00"},
           {**sent("2026-11-21", "wecom"), "at": "2026-11-21T09:00:00+08:00"}]  # fmt: skip
    known, unknown = values(CHAIN, person(advisor="li", contacts=log), person(contacts=log))
    one, two = made["house.quota.1"], made["house.quota.2"]
    assert (known[one.used or ""], known[one.used_sender or ""]) == (2, "")
    assert (known[two.used or ""], known[two.used_sender or ""]) == (1, "li")
    assert unknown[two.used_sender or ""] == ""
    assert (known[one.limit], known[two.limit]) == (2, 3)
    assert known[two.wants[0].sender] == "li"


def test_a_quota_of_a_policy_that_does_not_bind_is_not_asked_for() -> None:
    text = CHAIN + "  effective from 2020-01-01 to 2020-12-31\n"
    (found,) = values(text, person(total_spend=1))
    assert found["house.quota.1.word.wants"] is False


def test_contacts_on_events_want_nothing_where_there_is_no_event() -> None:
    text = CHAIN.replace("contact word remind\n", "contact word remind on order_paid\n")
    (found,) = values(text, person(total_spend=1))
    assert found["house.quota.1.word.wants"] is False


# ---------------------------------------------------------------- apart from decisions


def test_decisions_read_nothing_of_what_everyone_needs() -> None:
    with_all, without = program_of(BUDGET), program_of(GIFT)
    grants = {t.path: [c.name for c in t.columns] for t in with_all.needs.tables}["grants"]
    assert grants == ["at", "incentive"]
    everyone = {t.path: [c.name for c in t.columns] for t in with_all.everyone.needs.tables}
    assert everyone["grants"] == ["at", "incentive", "worth"]
    assert {b.name for b in without.bindings} <= {b.name for b in with_all.bindings}
    names = {b.name for b in with_all.bindings}
    assert not any(b.name in names for b in with_all.everyone.bindings)


def test_cuts_that_only_figures_read_are_not_asked_of_decisions() -> None:
    program = program_of("indicator i = share(top 5% by total_spend)\n")
    assert program.cuts == ()
    assert [rule.name for rule in program.everyone.cuts] == ["i.top_5"]


def told(text: str) -> list[str]:
    source = Source.of("p.siyu", HEAD + text)
    pack = Pack((Used("p.siyu", parse(source)),), load_schema(Source.of("s.yaml", RETAIL), "CNY"),
                {"p.siyu": source})  # fmt: skip
    return [each.code for each in compile_pack(pack).diagnostics if each.severity == "error"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("indicator i = total_spend\n", "E0685"),
        ("indicator i = sum(total_spend over last 3 days)\n", "E0313"),
        ("indicator i = latest(total_spend)\n", "E0313"),
        ("indicator i = sum(advisor)\n", "E0406"),
        ("indicator i = max(advisor)\n", "E0406"),
        ("indicator i = share(share(age > 1) > 5%)\n", "E0314"),
        ("ensure e: share(age > 1) > 5% and age > 1\n", "E0685"),
        ("indicator i = i + 1\n", "E0301"),
        ("indicator i = share(age > 1)\nindicator j = share(age > i)\n", "E0305"),
        ("indicator i = share(age > 1) by advisor\nindicator j = i\n", "E0305"),
        ("indicator i = share(age > 1)\nsegment s\n  when i > 1\n", "E0302"),
        (GIFT + "  budget total_spend per run by age\n", "E0685"),
        (GIFT + "  budget 5 yuan per run by advisor\n", "E0406"),
        ("view v of orders where amount > total_spend\nrecommend r from v.category\n", "E0685"),
    ],
)
def test_what_cannot_be_said_of_everyone_is_told(text: str, code: str) -> None:
    assert told(text) == [code]
