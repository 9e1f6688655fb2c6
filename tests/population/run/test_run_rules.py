"""What runs must do, on bases small enough to be worked out by hand."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import siyu
from siyu.api.errors import InputFileError
from siyu.api.replaying import replay
from siyu.api.running import RunFailed, run
from siyu.population.engines import duck
from tests.population.run.bases import AS_OF, Base, customer, files_of, make_base

GIFT = """incentive gift
  for spend >= 10 yuan
  give coupon "A"
  worth 40 yuan
  costs 10 yuan
  hard internal
  budget 100 yuan of worth per month by spend

"""
TIER = """tier grade by spend
  high from 100 yuan
  low otherwise
  keep 12 months

"""
POINTS = """points buy on paid
  earn 1 per 1 yuan of event.amount
  at most 100 per day

points back on refunded
  reverse buy

"""


@pytest.fixture
def shop(tmp_path: Path) -> Any:
    def make(policy: str, customers: list[dict[str, Any]], **tables: Any) -> Base:
        named = {name.replace("__", "."): rows for name, rows in tables.items()}
        more = named.pop("more", "")
        return make_base(tmp_path, policy, {"customers": customers, **named}, more)

    return make


# ---------------------------------------------------------------- budgets and quotas


def test_a_budget_is_given_out_by_rank_until_the_first_does_not_fit(shop: Any) -> None:
    """40 of 100 yuan were given this month; the best gets 40, and the second does not fit."""
    base = shop(
        GIFT,
        [customer("A", "30"), customer("B", "50"), customer("C", "20"), customer("D", "5")],
        grants=[
            {"id": "D", "at": "2026-11-02 09:00", "incentive": "gift", "worth": "40"},
            {"id": "D", "at": "2026-10-31 09:00", "incentive": "gift", "worth": "900"},
        ],
    )
    finished = base.run()
    given = {
        row["customer"] for row in base.rows("night", "outcomes") if row["kind"] == "incentive"
    }
    assert given == {"B"}
    stopped = {r["customer"]: (r["by"], r["code"]) for r in base.rows("night", "outcomes")
               if r["kind"] == "stopped"}  # fmt: skip
    assert stopped == {"A": ("budget", "gift.budget.1"), "C": ("budget", "gift.budget.1")}
    told = finished.run["budgets"]["gift.budget.1"]
    assert {k: told[k] for k in ("limit", "used_before", "spent", "wanted", "admitted")} == {
        "limit": "100.00", "used_before": "40.00", "spent": "40.00", "wanted": 3, "admitted": 1,
    }  # fmt: skip
    # The service decides with the allocation as the run did.
    service = base.loaded(allocation=base.folder / "night" / "allocation.yaml")
    for key, spend in (("B", "50"), ("A", "30"), ("C", "20")):
        request = {"customer": {**customer(key, spend), "grants": []}}
        decided = service.decide(request, AS_OF)
        assert [each["rule"] for each in decided.incentives] == (["gift"] if key == "B" else [])
        assert decided.incentives == [] or decided.incentives[0]["budget"] == "applied"


QUOTA = """contact hello greeting
  for spend > 0 yuan
  via app
  send "hello"

contact news greeting
  for spend > 0 yuan
  via app
  send "news"

contact policy house
  quota 2 per day same advisor by spend
  choose 2 by priority

"""


def test_quotas_bind_each_sender_and_several_wants_of_one_customer(shop: Any) -> None:
    """Li has two: one customer with two messages takes both. Nobody's share is one of its own."""
    consents = [{"id": key, "channel": "app", "granted": True} for key in "ABCD"]
    base = shop(
        QUOTA.replace("send", "priority 1\n  send"),
        [
            customer("A", "90", advisor="li"), customer("B", "80", advisor="li"),
            customer("C", "70"), customer("D", "60", advisor="wang"),
        ],
        consents=consents,
    )  # fmt: skip
    base.run()
    rows = base.rows("night", "outcomes")
    sent = sorted((r["customer"], r["rule"]) for r in rows if r["kind"] == "contact")
    both = [(key, rule) for key in "ACD" for rule in ("hello", "news")]
    assert sent == both
    assert {r["quota"] for r in rows if r["kind"] == "contact"} == {"applied"}
    text = (base.folder / "night" / "allocation.yaml").read_text()
    assert '"li":' in text and '"":' in text


# ---------------------------------------------------------------- events


def paid(key: str, order: str, at: str, amount: str) -> dict[str, Any]:
    return {"id": key, "order_id": order, "at": at, "amount": amount}


def test_caps_count_what_the_run_itself_has_posted(shop: Any) -> None:
    """100 a day: 60, then 40 of 70, then nothing; a new day, 30. A refund takes back its part."""
    base = shop(
        POINTS,
        [customer("A"), customer("B")],
        events__paid=[
            paid("A", "o3", "2026-11-20 12:00", "50"), paid("A", "o2", "2026-11-20 11:00", "70"),
            paid("A", "o1", "2026-11-20 10:00", "60"), paid("A", "o4", "2026-11-21 09:00", "30"),
            paid("B", "o5", "2026-11-20 10:00", "5"), paid("B", "o5", "2026-11-20 10:00", "5"),
        ],
        events__refunded=[paid("A", "o2", "2026-11-21 08:00", "35")],
    )  # fmt: skip
    base.run(events=["paid,refunded"])
    points = {
        (r["event"], r["rule"]): r["points"]
        for r in base.rows("night", "outcomes")
        if r["kind"] == "points"
    }
    assert points == {
        ("o1", "buy"): 60, ("o2", "buy"): 40, ("o4", "buy"): 30, ("o2", "back"): -20,
        ("o5", "buy"): 5,
    }  # fmt: skip
    stopped = [r for r in base.rows("night", "outcomes") if r["kind"] == "stopped"]
    assert [(r["event"], r["by"]) for r in stopped] == [("o3", "cap")]
    told = {(r["rule"], r["event_type"]) for r in base.rows("night", "outcomes")}
    assert told == {("buy", "paid"), ("back", "refunded")}
    decided = base.rows("night")
    assert [r["event"] for r in decided if r["customer"] == "A"] == ["o1", "o2", "o3", "o2", "o4"]
    assert len([r for r in decided if r["customer"] == "B"]) == 1, "equal events are one"
    found = replay(base.policy, base.folder / "night", "A", "o4")
    assert found.problems == ()
    posted = {row["event"] for row in found.request["customer"]["points_log"]}
    assert posted == {"o1", "o2"}
    with pytest.raises(RunFailed, match="5 events"):
        replay(base.policy, base.folder / "night", "A")


def test_a_round_decides_only_what_the_next_one_has_to_know(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The query of a whole decision is planned once, however many rounds there are."""
    from siyu.population.run import rounds

    asked: list[tuple[str, ...]] = []
    written = rounds.decide_query

    def query(plan: Any, program: Any, good: Any, engine: Any, names: Any, keep: Any) -> Any:
        asked.append(tuple(names))
        return written(plan, program, good, engine, names, keep)

    monkeypatch.setattr(rounds, "decide_query", query)
    many = [paid("A", f"o{n}", f"2026-11-20 {n:02}:00", "1") for n in range(9)]
    base = shop(POINTS + "\nmetric twice = spend * 2\n", [customer("A")], events__paid=many)
    base.run(events=["paid"])
    assert len(base.rows("night")) == 9 and len(asked) == 2
    part, whole = map(set, asked)
    assert part < whole and "twice" in whole - part


def test_events_that_differ_under_one_key_are_set_aside(shop: Any) -> None:
    base = shop(
        POINTS,
        [customer("A")],
        events__paid=[
            paid("A", "o1", "2026-11-20 10:00", "60"), paid("A", "o1", "2026-11-20 10:00", "61"),
            paid("nobody", "o9", "2026-11-20 10:00", "61"),
        ],
    )  # fmt: skip
    finished = base.run(events=["paid"])
    assert base.rows("night") == []
    assert finished.run["rejects"]["events.paid"] == {"differs": 1, "no_customer": 1}


def test_the_queries_of_a_long_tail_stay_few(shop: Any) -> None:
    """More events than relations that are kept apart."""
    many = [paid("A", f"o{n:03}", f"2026-11-20 {n // 6:02}:{n % 6}0", "2") for n in range(60)]
    base = shop(POINTS, [customer("A")], events__paid=many)
    base.run(events=["paid"])
    rows = [r for r in base.rows("night", "outcomes") if r["kind"] == "points"]
    assert [r["points"] for r in rows] == [2] * 50


# ---------------------------------------------------------------- state


def test_the_next_run_begins_with_what_this_one_found(shop: Any) -> None:
    also = """  also:
    - from: last/state.parquet
      customer: customer
      columns: {level_held: level_held, level_until: level_until}
      missing: allowed
"""
    base = shop(TIER, [customer("A", "500"), customer("B", "5")])
    text = (
        (base.folder / "sources.yaml")
        .read_text()
        .replace(
            "customer: {from: customers.jsonl}",
            "customer:\n  from: customers.jsonl\n" + also.rstrip(),
        )
    )
    (base.folder / "sources.yaml").write_text(text)
    base.run("last")
    state = {r["customer"]: (r["level_held"], str(r["level_until"])) for r in
             base.rows("last", "state")}  # fmt: skip
    assert state == {"A": ("high", "2027-11-21"), "B": ("low", "2027-11-21")}
    lines = [customer("A", "1"), {**customer("B", "5"), "spend": "much"}]
    (base.folder / "customers.jsonl").write_text("".join(json.dumps(x) + "\n" for x in lines))
    base.run("next")
    (row,) = base.rows("next")
    assert (row["grade"], row["grade.change"]) == ("high", "kept")
    again = {r["customer"]: r["level_held"] for r in base.rows("next", "state")}
    assert again == {"A": "high", "B": "low"}, "whoever is set aside keeps the level"


# ---------------------------------------------------------------- what stops a run


def test_a_claim_that_does_not_hold_stops_publication(shop: Any) -> None:
    text = "segment big\n  when spend > 10 yuan\n\n"
    claims = "ensure few: share(spend > 10 yuan) <= 40%\nensure young: never big and age > 90\n"
    people = [customer("A", "50", age=95), customer("B", "5"), customer("C", "50")]
    base = shop(text + claims, people)
    finished = base.run()
    assert finished.place is None and not (base.folder / "night").exists()
    assert [str(each) for each in finished.why] == [
        "the claim `young` does not hold for 1 customer: young",
        "the claim `few` does not hold of everyone (0.666667): few",
    ]
    assert finished.run["counts"]["claims"]["young"] == {"true": 1, "false": 1, "unknown": 1}
    assert finished.indicators["claims"]["few"]["holds"] is False
    (base.folder / "customers.jsonl").write_text(json.dumps(customer("C", "5")) + "\n")
    assert base.run().place is not None


def test_a_calibration_is_there_and_young(shop: Any) -> None:
    base = shop(
        "segment best\n  when top 50% by spend\n\n", [customer("A", "5"), customer("B", "9")]
    )
    with pytest.raises(RunFailed, match="has no calibration"):
        base.run()
    base.run("first", calibrate=True)
    kept = base.folder / "first" / "calibration.yaml"
    base.run("young", calibration=kept)
    assert (
        files_of(base.folder / "young")["decisions.parquet"]
        == (files_of(base.folder / "first")["decisions.parquet"])
    )
    later = "2026-11-29T10:00:00+08:00"
    with pytest.raises(RunFailed, match="8 days before this run"):
        base.run("old", calibration=kept, as_of=later)
    base.run("old", calibration=kept, as_of=later, max_calibration_age="8d")
    early = base.run("early", calibration=kept, as_of="2026-11-20T10:00:00+08:00")
    assert [str(each) for each in early.warnings] == early.run["warnings"]
    assert "later than this run" in early.run["warnings"][0]
    with pytest.raises(InputFileError, match="no length of time"):
        base.run("bad", calibration=kept, max_calibration_age="soon")
    with pytest.raises(InputFileError, match="not both"):
        base.run("bad", calibration=kept, calibrate=True)


def test_too_many_rejects_stop_a_run(shop: Any) -> None:
    base = shop("segment s\n  when spend > 1 yuan\n", [customer("A", "x"), customer("B", "1")])
    assert base.run("all").run["customers"] == {"read": 2, "decided": 1, "rejected": 1}
    base.run("half", max_rejects="50%")
    with pytest.raises(RunFailed, match="1 of 2 customers are set aside"):
        base.run("night", max_rejects=0)
    with pytest.raises(RunFailed, match="set aside"):
        base.run("night", max_rejects="49.99%")
    with pytest.raises(InputFileError, match="no number of rejects"):
        base.run("night", max_rejects="many")
    assert not (base.folder / "night").exists()


def test_expectations_stop_a_run(shop: Any) -> None:
    base = shop("segment s\n  when spend > 1 yuan\n", [customer("A", "1")])
    text = (base.folder / "sources.yaml").read_text()
    changed = text.replace("customers.jsonl}", "customers.jsonl, expect: {rows: {min: 5}}}")
    (base.folder / "sources.yaml").write_text(changed)
    with pytest.raises(RunFailed, match="5 at least"):
        base.run()
    assert sorted(p.name for p in base.folder.iterdir() if p.name.startswith(".")) == []


def test_a_full_disk_is_said_and_leaves_nothing(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    base = shop("segment s\n  when spend > 1 yuan\n", [customer("A", "1")])
    before = sorted(p.name for p in base.folder.iterdir())

    def full(self: Any, select: str, path: Path) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(duck.DuckEngine, "write", full)
    with pytest.raises(RunFailed, match="No space left"):
        base.run()
    assert sorted(p.name for p in base.folder.iterdir()) == before


KILLED = """
import sys
from pathlib import Path
from siyu.population.engines import duck
from siyu.api.running import run
real = duck.DuckEngine.write
def slow(self, select, path):
    done = real(self, select, path)
    print("written", flush=True)
    import time; time.sleep(60)
    return done
duck.DuckEngine.write = slow
run(sys.argv[1], sys.argv[2], sys.argv[3])
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_run_is_swept_by_the_next(shop: Any, how: signal.Signals) -> None:
    base = shop("segment s\n  when spend > 1 yuan\n", [customer("A", "1")])
    csv = [sys.executable, "-c", KILLED, str(base.policy), AS_OF, str(base.folder / "night")]
    begun = subprocess.Popen(csv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert begun.stdout is not None
    with begun.stdout:
        for line in begun.stdout:
            if line == "written\n":
                break
        begun.send_signal(how)
        begun.wait(30)
    left = [p.name for p in base.folder.iterdir() if p.name.startswith(".night.part-")]
    assert len(left) == (1 if how is signal.SIGKILL else 0)
    assert not (base.folder / "night").exists()
    base.run()
    assert not [p for p in base.folder.iterdir() if p.name.startswith(".night.part-")]


# ---------------------------------------------------------------- replaying


def test_a_replay_needs_the_same_inputs(shop: Any) -> None:
    base = shop(TIER + GIFT, [customer("A", "500"), customer("B", "x")], grants=[])
    base.run()
    found = replay(base.policy, base.folder / "night", "A")
    assert found.problems == ()
    assert found.policy.decide(found.request, found.as_of).incentives[0]["budget"] == "applied"
    with pytest.raises(RunFailed, match="was set aside by this run"):
        replay(base.policy, base.folder / "night", "B")
    with pytest.raises(RunFailed, match="decided nothing about a customer `Z`"):
        replay(base.policy, base.folder / "night", "Z")
    with pytest.raises(RunFailed, match="is not the folder of a run"):
        replay(base.policy, base.folder, "A")
    lines = (base.folder / "customers.jsonl").read_text()
    (base.folder / "customers.jsonl").write_text(lines + "\n")
    with pytest.raises(RunFailed, match="`customer` changed since the run"):
        replay(base.policy, base.folder / "night", "A")
    base.policy.write_text(base.policy.read_text().replace("100 yuan", "101 yuan"))
    with pytest.raises(RunFailed, match="`policy`, `customer` changed"):
        replay(base.policy, base.folder / "night", "A")


def test_a_replay_finds_what_a_run_has_written_otherwise(shop: Any) -> None:
    import duckdb

    base = shop(TIER, [customer("A", "500")])
    base.run()
    path = base.folder / "night" / "decisions.parquet"
    changed = f"SELECT * REPLACE ('low' AS grade) FROM read_parquet('{path}')"
    duckdb.connect().execute(f"COPY ({changed}) TO '{path}.new' (FORMAT parquet)")
    Path(f"{path}.new").replace(path)
    (problem,) = replay(base.policy, base.folder / "night", "A").problems
    assert str(problem) == "`grade`: the run says low, the replay high"


# ---------------------------------------------------------------- arguments


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"events": ["sold"]}, "has no event `sold`"),
        ({"allocation": "a.yaml"}, "shares out budgets and quotas itself"),
        ({"events": ["paid"], "calibrate": True}, "events are not everyone"),
        ({"sources": "nowhere.yaml"}, "there is no file"),
        ({"threads": 0}, "one thread"),
        ({"memory": "much"}, "memory"),
        ({"previous": "nowhere"}, "not the folder of a run"),
    ],
)
def test_bad_arguments_are_said(shop: Any, options: dict[str, Any], said: str) -> None:
    base = shop(POINTS, [customer("A")], events__paid=[])
    with pytest.raises(siyu.api.SiyuError, match=said):
        base.run(**options)
    assert not (base.folder / "night").exists()


def test_a_folder_is_replaced_only_where_told(shop: Any) -> None:
    base = shop("segment s\n  when spend > 1 yuan\n", [customer("A", "1")])
    base.run()
    with pytest.raises(RunFailed, match="is there already"):
        base.run()
    before = (base.folder / "night" / "run.json").stat().st_ino
    time.sleep(0.01)
    base.run(force=True)
    assert (base.folder / "night" / "run.json").stat().st_ino != before


def test_an_empty_base_is_decided(shop: Any) -> None:
    base = shop(TIER + GIFT + "indicator big = share(spend > 1 yuan)\n", [customer("A")])
    text = (base.folder / "sources.yaml").read_text()
    nobody = text.replace("customers.jsonl}", "customers.jsonl, where: {id: nobody}}")
    (base.folder / "sources.yaml").write_text(nobody)
    finished = base.run()
    assert finished.run["customers"] == {"read": 0, "decided": 0, "rejected": 0}
    assert base.rows("night") == base.rows("night", "outcomes") == []
    assert finished.indicators["indicators"]["big"]["value"] is None


def test_an_earlier_run_is_one_of_the_same_policy(shop: Any) -> None:
    base = shop("indicator big = share(spend > 1 yuan)\n", [customer("A", "1")])
    base.run()
    earlier = base.folder / "night" / "run.json"
    earlier.write_text(earlier.read_text().replace('"name": "shop"', '"name": "other"'))
    with pytest.raises(RunFailed, match="is a run of the policy `other`"):
        base.run(previous=base.folder / "night", force=True)


def test_customers_without_a_key_are_listed_though_nobody_is_set_aside(shop: Any) -> None:
    base = shop("segment s\n  when spend > 1 yuan\n", [customer("A", "1"), customer("", "2")])
    finished = base.run()
    assert finished.run["customers"] == {"read": 1, "decided": 1, "rejected": 0}
    assert [(row["source"], row["code"]) for row in base.rows("night", "rejects")] == [
        ("customer", "no_key")
    ]
    assert finished.run["rejects"] == {"customer": {"no_key": 1}}


def test_runs_from_python_say_what_they_take() -> None:
    with pytest.raises(TypeError):
        run("policy.siyu", AS_OF, "x", nonsense=True)
