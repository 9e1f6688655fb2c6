"""The figures of Marketing 5.0 over small bases, worked out by hand."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

import siyu
from siyu import api
from siyu.core.passes import specialise
from siyu.population.calibration import calibrate
from siyu.population.figures import bindings_of, figures_document, find_figures
from tests.policies.bases import POLICIES
from tests.population.people import people_of


def known(pack: str, customers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Indicators and claims of a base by name, its layers and levels being those of its own
    calibration: `{"heads_month": {"p2": "1", …}, "lifetime_found": "4.000000", "claim": True}`."""
    compiled = siyu.load(POLICIES / pack, cache=False).compiled
    with people_of(compiled, customers) as base:
        made = calibrate(
            base.engine, base.program, base.plan, base.facts, base.relations, base.as_of, None, None
        )
        program = specialise(base.program, made.values, {})
        relation, columns = base.decided(program, bindings_of(program))
        found = find_figures(base.engine, program, columns, relation)
        told = figures_document(tuple(found), compiled.labels, base.as_of, program.timezone)
    return {
        **{name: each["by"]["groups"] if each["by"] else each["value"]
           for name, each in told["indicators"].items()},
        **{name: each["holds"] for name, each in told["claims"].items()},
    }  # fmt: skip


def member(number: int, *paid: tuple[str, int], **more: Any) -> dict[str, Any]:
    """A member since 2024 with orders of a day and an amount."""
    orders = [
        {"order_id": f"{day}-{n}", "paid_at": f"{day}T10:00:00+08:00", "amount": amount,
         "status": "paid", "category": "茶", "lines": []}
        for n, (day, amount) in enumerate(paid)
    ]  # fmt: skip
    return {"member_id": f"M{number:03d}", "joined_on": "2024-03-01", "unsubscribed": False,
            "orders": orders, "consents": [], **more}  # fmt: skip


def test_the_pyramid_by_hand() -> None:
    """100 members who spent 10, 20, … 1,000 yuan: the first 2 %, then to 5, 10, 15 and 20 % are 2,
    3, 5, 5 and 5 members, the rest 80. Three who are no members and one who joined this month
    stand apart, whatever they spent, and move nobody.

    The first two spent 1,000 + 990 = 1,990, the next three 980 + 970 + 960 = 2,910."""
    base = [member(n, ("2026-09-01", 10 * n)) for n in range(1, 101)]
    apart = [member(200 + n, ("2026-09-01", 9_000), joined_on=None) for n in range(3)]
    new = member(300, ("2026-11-01", 9_000), joined_on="2026-11-01")
    found = known("marketing5", [*base, *apart, new])
    assert found["layer_members"] == {
        "p2": "2", "p5": "3", "p10": "5", "p15": "5", "p20": "5", "p100": "80", "outside": "4"
    }  # fmt: skip
    assert found["layer_sales"]["p2"] == "1990.00"
    assert found["layer_sales"]["p5"] == "2910.00"
    assert found["layer_sales"]["outside"] == "36000.00"


# Ten members, so the first 2 % is the first alone: A, of whom all orders are in the two quarters
# that are compared, (05-21, 08-21] and (08-21, 11-21]. The second is the layer to 15 %: B.
EARLIER = (("2026-06-01", 1_000), ("2026-07-01", 1_000))
A = member(1, *EARLIER, ("2026-09-01", 500), ("2026-10-01", 500), ("2026-11-01", 500))
B = member(2, ("2026-06-02", 300), ("2026-11-02", 500))
OTHERS = [member(n, ("2026-01-05", 10 * n)) for n in range(3, 11)]


def test_heads_by_hand() -> None:
    """A layer of one: A bought 3 times in the last quarter for 1,500 yuan: 1 head × 3 times × 500
    yuan = 1,500 yuan. In the quarter before 1 × 2 × 1,000 = 2,000 yuan. In the last month (from
    2026-10-21) 1 × 1 × 500, in the month before (from 2026-09-21) the same; in the year 1 × 5 × 700
    = 3,500 yuan. The eight others bought in January: heads of the year, not of the quarter."""
    found = known("marketing5", [A, B, *OTHERS])
    for window, heads, times, value, sales in (
        ("quarter", "1", "3.000000", "500.00", "1500.00"),
        ("quarter_before", "1", "2.000000", "1000.00", "2000.00"),
        ("month", "1", "1.000000", "500.00", "500.00"),
        ("month_before", "1", "1.000000", "500.00", "500.00"),
        ("year", "1", "5.000000", "700.00", "3500.00"),
    ):
        top = "y2" if window == "year" else "p2"
        assert found[f"heads_{window}"][top] == heads
        assert found[f"frequency_{window}"][top] == times
        assert found[f"order_value_{window}"][top] == value
        assert found[f"sales_{window}"][top] == sales
    assert sum(int(each) for each in found["heads_year"].values()) == 10
    assert sum(int(each) for each in found["heads_quarter"].values()) == 2
    assert found["heads_year_before"]["y2"] == "0"


def test_which_layer_fell_and_why_by_hand() -> None:
    """A's layer fell by 2,000 - 1,500 = 500 yuan, B's rose by 500 - 300 = 200: it is A's layer.
    Why: heads (1 - 1) × 2,000 = 0; frequency (3 - 1 × 2) × 1,000 = 1,000 more; value 1,500 - 3 ×
    1,000 = 1,500 less: together -500. Buying more often did not make up for smaller orders."""
    found = known("marketing5", [A, B, *OTHERS])
    change = {layer: float(each) for layer, each in found["sales_quarter_change"].items()}
    assert min(change, key=change.__getitem__) == "p2"
    assert change["p2"] == -500.0
    assert sum(change.values()) == -300.0
    assert found["heads_quarter_change"]["p2"] == "0"
    assert found["drop_by_heads"]["p2"] == "0.00"
    assert found["drop_by_frequency"]["p2"] == "1000.00"
    assert found["drop_by_value"]["p2"] == "-1500.00"


def test_a_year_is_compared_over_two_years() -> None:
    """The best customer of the year before has left: 5,000 yuan then, nothing now. By the spend of
    this year she is at the bottom, and the bottom would be what fell; over both years she is the
    first of ten, and the top layer lost 5,000 yuan and its one head. The nine others spent 100 each
    year."""
    best = member(1, ("2025-06-01", 5_000))
    others = [member(n, ("2025-06-01", 100), ("2026-06-01", 100)) for n in range(2, 11)]
    found = known("marketing5", [best, *others])
    assert found["sales_year_change"] == {"y2": "-5000.00", "y100": "0.00"}
    assert found["heads_year_change"] == {"y2": "-1", "y100": "0"}
    assert found["sales_year_before"] == {"y2": "5000.00", "y100": "900.00"}


def test_a_lost_head_is_told_by_hand() -> None:
    """All ten spent the same in the year, so that nobody is above anybody: one layer, to 100 %. In
    the quarter before two of them bought twice for 100 yuan each time: 2 × 2 × 100 = 400. In this
    one only the first, 3 times for 80: 1 × 3 × 80 = 240, which is 160 less. Heads (1 - 2) × 200 =
    -200, frequency (3 - 1 × 2) × 100 = +100, value 240 - 3 × 100 = -60: -160."""
    first = member(1, ("2026-01-05", 560), ("2026-06-01", 100), ("2026-07-01", 100),
                   *((f"2026-{month}-01", 80) for month in ("09", "10", "11")))  # fmt: skip
    second = member(2, ("2026-01-05", 800), ("2026-06-01", 100), ("2026-07-01", 100))
    others = [member(n, ("2026-01-05", 1_000)) for n in range(3, 11)]
    found = known("marketing5", [first, second, *others])
    assert found["layer_members"]["p100"] == "10"
    assert found["heads_quarter_change"]["p100"] == "-1"
    assert found["sales_quarter_change"]["p100"] == "-160.00"
    assert found["drop_by_heads"]["p100"] == "-200.00"
    assert found["drop_by_frequency"]["p100"] == "100.00"
    assert found["drop_by_value"]["p100"] == "-60.00"


def test_lifetime_and_ltv_by_hand() -> None:
    """Four bought in the year before, one of them not since: 25 % leave in a year, so a customer
    stays 1 / 25 % = 4 years. LTV takes 3 years until somebody changes it: the three spent 100 yuan
    once in the year, 3 × 100 × 1 = 300 yuan each, and the one who left is not averaged."""
    stayed = [member(n, ("2025-06-01", 100), ("2026-06-01", 100)) for n in range(3)]
    left = member(9, ("2025-06-01", 100))
    found = known("marketing5", [*stayed, left])
    assert found["lifetime_found"] == "4.000000"
    assert found["average_ltv"]["ordinary"] == "300.00"


def test_the_threshold_is_compared_with_the_base() -> None:
    """Who redeemed held 1,400 points at the time: 100 less than the 1,500 that are set. Of the two
    members one now holds 1,300 points: half are near the threshold."""

    def posted(at: str, rule: str, points: int) -> dict[str, Any]:
        return {"at": f"{at}T10:00:00+08:00", "rule": rule, "account": "points", "points": points,
                "event": at, "amount": None}  # fmt: skip

    redeemed = member(
        1, points_log=[posted("2026-03-01", "purchase_points", 1_400),
                       posted("2026-04-01", "cash_off", -1_000)],
    )  # fmt: skip
    lot = {"lot_id": "a", "earned_at": "2026-06-01T10:00:00+08:00", "account": "points",
           "left": 1_300, "usable_on": None, "expires_on": None}  # fmt: skip
    found = known("marketing5", [redeemed, member(2, points_lots=[lot])])
    assert found["threshold_gap"] == "-100.000000"
    assert found["near_threshold"] == "0.500000"


def acting(number: int, *acts: tuple[str, int]) -> dict[str, Any]:
    rows = [
        {"act_id": f"a{n}", "at": "2026-11-10T10:00:00+08:00", "community": "茶友一群", "act": act,
         "replies": replies}
        for n, (act, replies) in enumerate(acts)
    ]  # fmt: skip
    return {"member_id": f"M{number:03d}", "unsubscribed": False, "community_activity": rows}


def community(tips: int, organisers: int, fans: int, base: int) -> list[dict[str, Any]]:
    kinds = [
        *[(("organise", 60), ("organise", 40))] * tips,
        *[(("organise", 5), ("organise", 4))] * organisers,
        *[(("message", 0),) * 8] * fans,
        *[(("message", 0),)] * base,
    ]
    return [acting(n, *acts) for n, acts in enumerate(kinds)]


CHECKS = ("healthy_tip", "healthy_organisers", "healthy_fans", "healthy_base")


def test_a_healthy_community_by_hand() -> None:
    """100 people: 1 at the top, 4 organisers, 10 fans (10 %), 85 of the base (85 %)."""
    found = known("marketing5/community_check.siyu", community(1, 4, 10, 85))
    assert found["community_people"] == "100"
    assert found["community_tips"] == "1"
    assert found["community_organisers"] == "4"
    assert found["community_fans"] == "0.100000"
    assert found["community_base"] == "0.850000"
    assert [found[name] for name in CHECKS] == [True] * 4


@pytest.mark.parametrize(
    ("people", "wrong"),
    [
        ((0, 4, 10, 86), ["healthy_tip"]),  # nobody at the top
        ((3, 2, 10, 85), ["healthy_tip"]),  # too many
        ((2, 2, 10, 86), []),
        ((1, 1, 10, 88), ["healthy_organisers"]),
        ((2, 11, 50, 437), ["healthy_organisers"]),  # 500: fans 10 %, base 87.4 %
        ((1, 2, 4, 93), ["healthy_fans"]),
        ((1, 4, 15, 80), ["healthy_base"]),  # 15 % and 80 %
        ((0, 0, 0, 19), []),  # too few to speak of
        ((0, 0, 0, 20), ["healthy_tip", "healthy_organisers", "healthy_fans"]),
    ],
)
def test_what_is_not_healthy(people: tuple[int, int, int, int], wrong: list[str]) -> None:
    found = known("marketing5/community_check.siyu", community(*people))
    assert [name for name in CHECKS if not found[name]] == wrong


# ---------------------------------------------------------------- who comes first

SOURCES = """sources: 1
timezone: Asia/Shanghai
currency: CNY
customer: {from: members.csv}
collections:
  orders: {from: orders.csv, customer: member_id}
  orders.lines: {from: lines.csv, customer: member_id, parent: order_id}
  consents: {from: consents.csv, customer: member_id}
"""
CUTS = """calibration: 1
policy: marketing5
as_of: 2026-11-21T10:00:00+08:00
population: 100
cuts:
  member_level.platinum: "20000.00"
  member_level.gold: "5000.00"
  pyramid.top_2: "90000.00"
  pyramid.top_5: "80000.00"
  pyramid.top_10: "70000.00"
  pyramid.top_15: "60000.00"
  pyramid.top_20: "50000.00"
  two_years.top_2: "90000.00"
  two_years.top_5: "80000.00"
  two_years.top_10: "70000.00"
  two_years.top_15: "60000.00"
  two_years.top_20: "50000.00"
"""


def given(
    folder: Path, rule: str, budget: str, orders: dict[str, list[tuple[str, int]]]
) -> set[str]:
    """Who is given an incentive in a run in which its budget is so small (`30 yuan`)."""
    for name in ("marketing5", "shared"):
        shutil.copytree(POLICIES / name, folder / name)
    pack = folder / "marketing5"
    for path in pack.glob("*.siyu"):
        text = re.sub(r"\n  holdout 10%", "", path.read_text("utf-8"))
        head, found, rest = text.partition(f"incentive {rule} ")
        rest = re.sub(r"budget \d+ yuan", f"budget {budget}", rest, count=1)
        path.write_text(head + found + rest, encoding="utf-8")
    (pack / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (folder / "cuts.yaml").write_text(CUTS, encoding="utf-8")
    members = "".join(f"{name},2024-03-01,false\n" for name in orders)
    (pack / "members.csv").write_text(f"member_id,joined_on,unsubscribed\n{members}")
    rows = "".join(
        f"{name},{name}{n},{day}T10:00:00,{amount},paid,tea\n"
        for name, bought in orders.items()
        for n, (day, amount) in enumerate(bought)
    )
    (pack / "orders.csv").write_text(f"member_id,order_id,paid_at,amount,status,category\n{rows}")
    (pack / "lines.csv").write_text(
        "member_id,order_id,line_no,category,launched_on,qty,price,unit_cost\n"
        + "".join(f"{name},{name}0,1,tea,,1,1,1\n" for name in orders)
    )
    (pack / "consents.csv").write_text(
        "member_id,at,channel,granted\n"
        + "".join(f"{name},2026-01-01T00:00:00,wecom,false\n" for name in orders)
    )
    out = folder / "out"
    siyu.run(pack / "policy.siyu", "2026-11-21T10:00:00+08:00", out,
             calibration=folder / "cuts.yaml", threads=1)  # fmt: skip
    found = duckdb.read_parquet(str(out / "outcomes.parquet"))
    return {row[0] for row in found.filter(f"rule = '{rule}' AND kind = 'incentive'")
            .project("customer").fetchall()}  # fmt: skip


def test_upgrade_candidates_in_order(tmp_path: Path) -> None:
    """20 yuan each, so 40 yuan are for two. A step away (200 yuan and less) are `near` with 4,900,
    `nearer` with 4,990 and `rich` with 19,850 yuan, and they come before `far`, who spent 19,400
    and needs 600. Of the three `rich` has contributed the most, then `nearer`."""
    base = {
        "near": [("2026-11-01", 4_900)],
        "nearer": [("2026-11-01", 4_990)],
        "rich": [("2026-11-01", 19_850)],
        "far": [("2026-11-01", 19_400)],
        "away": [("2026-11-01", 3_000)],
    }
    assert given(tmp_path, "upgrade_help", "40 yuan", base) == {"nearer", "rich"}


def test_early_leavers_come_first(tmp_path: Path) -> None:
    """Light costs 3 yuan, medium 15, severe 30: of 18 yuan the first two are paid, of 3 the light
    one alone, although the severe one has spent the most."""
    start, end = [("2026-02-01", 100), ("2026-03-01", 100)], [("2026-06-15", 100)]
    base = {
        "light": [*start, ("2026-06-01", 100), *end],
        "medium": [*start, ("2026-04-01", 100), *end],
        "severe": [("2026-02-01", 4_000)],
    }
    assert given(tmp_path / "two", "keep_gift", "18 yuan", base) == {"light", "medium"}
    assert given(tmp_path / "one", "keep_gift", "3 yuan", base) == {"light"}


# ---------------------------------------------------------------- the scheme as a whole


def test_the_matrix_of_incentives_is_full() -> None:
    """All four cells of internal or external × hard or soft, and all six types of benefit."""
    found = siyu.diagnose(POLICIES / "marketing5/policy.siyu").matrix
    assert {(each.cost, each.source) for each in found} == {
        (cost, source) for cost in ("hard", "soft") for source in ("internal", "external")
    }
    types = {"free", "discount", "upgrade", "privilege", "welfare", "points"}
    assert types <= {each.benefit for each in found}


def test_every_principle_is_served() -> None:
    found = siyu.diagnose(POLICIES / "marketing5/policy.siyu").principles
    assert len(found) == 6
    assert [each.name for each in found if not each.rules] == []


def test_every_quadrant_has_contacts() -> None:
    """CRM and big data, mobile scene, one face per customer, social media."""
    found = siyu.diagnose(POLICIES / "marketing5/policy.siyu").quadrants
    contacts = {(each.timing, each.direction): each.contacts for each in found}
    assert "birthday_greeting" in contacts["planned", "outbound"]
    assert "fence_rival" in contacts["triggered", "outbound"]
    assert "own_page" in contacts["planned", "inbound"]
    assert "share_thanks" in contacts["triggered", "inbound"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("title: 上新3款", "title: 您常买的上新3款了", "E0678"),  # nine characters
        ("title: 上新3款", "title: 上新三款", "E0678"),  # no number
    ],
)
def test_a_title_that_nobody_would_read(old: str, new: str, code: str, tmp_path: Path) -> None:
    for name in ("marketing5", "shared"):
        shutil.copytree(POLICIES / name, tmp_path / name)
    path = tmp_path / "marketing5/messages.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    found = api.check(tmp_path / "marketing5/policy.siyu").diagnostics
    assert [each.code for each in found] == [code]


def test_a_price_that_looks_at_the_place_is_refused(tmp_path: Path) -> None:
    for name in ("marketing5", "shared"):
        shutil.copytree(POLICIES / name, tmp_path / name)
    path = tmp_path / "marketing5/promise.siyu"
    text = path.read_text("utf-8")
    changed = text.replace("| member_level         ->", "| member_level | touchpoint ->")
    changed = changed.replace("| platinum             ->", "| platinum | at_store ->")
    changed = changed.replace("| gold                 ->", "| gold | any ->")
    assert changed.count("touchpoint") == 1
    path.write_text(changed, encoding="utf-8")
    found = api.check(tmp_path / "marketing5/policy.siyu").diagnostics
    assert {each.code for each in found} == {"E0686", "E0687"}
