"""The files of an identity: who is one customer, what kept others apart, what was set aside."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from siyu import api
from siyu.api.identifying import IdentityOptions, asked_for, explain_identity, identify
from siyu.api.running import RunFailed, run
from siyu.population.engines.spark import SparkEngine
from siyu.population.identity.customers import fresh_key, keys_of
from siyu.population.identity.reference import Ref
from siyu.population.identity.run import Done
from siyu.population.identity.run import identify as identify_with
from siyu.population.identity.why import tell
from tests.population.identity.shop import ONE, ORDERS, TWO, shop
from tests.population.run.test_run_spark import Borrowed


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    folder = tmp_path_factory.mktemp("shop")
    return identify(shop(folder), folder / "one_id")


def rows(done: Done, select: str) -> list[tuple[Any, ...]]:
    """A SELECT over the files, each called as it is without its ending."""
    with duckdb.connect() as db:
        for path in done.place.glob("*.parquet"):
            db.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM read_parquet('{path}')")
        return db.execute(select).fetchall()


def customers(done: Done) -> list[set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for channel, profile, customer in rows(
        done, "SELECT channel, profile, customer FROM identities"
    ):
        found[customer].add(f"{channel}:{profile}")
    return sorted(found.values(), key=lambda each: (-len(each), min(each)))


def test_who_is_one_customer(done: Done) -> None:
    large, small, *alone = customers(done)
    assert (large, small) == (ONE, TWO)
    assert {len(each) for each in alone} == {1}
    assert done.document["customers"] == {"all": 15, "of_one_profile": 13, "largest": 5}


def test_what_joined_each(done: Done) -> None:
    found = dict(rows(done, "SELECT profile, joined_by FROM identities"))
    assert found["W1"] == found["T1"] == "one_id.join.1"
    assert found["S1"] == "one_id.join.2"
    assert found["T2"] == "one_id.join.3"
    assert found["A1"] == "one_id.join.4"
    assert found["T4"] is None


def test_conflicts_are_told_with_their_sides_and_no_personal_value(done: Done) -> None:
    found = rows(
        done, "SELECT rule, kind, field, profile, side, value FROM conflicts ORDER BY profile"
    )
    told = ("one_id.join.2", "value", "birthday")
    assert found == [
        (*told, "S3", None, None), (*told, "S4", 1, None), (*told, "T3", 1, None),
        (*told, "T4", 2, None),
    ]  # fmt: skip


def test_links_say_what_does_not_join(done: Done) -> None:
    found = rows(done, "SELECT status, profile FROM links WHERE status <> 'joined' ORDER BY ALL")
    assert found == [
        *(("ambiguous", each) for each in ("A2", "T3", "T4")),
        *(("conflict", each) for each in ("S3", "T4")),
        *(("shared", f"B{n}") for n in range(5)),
    ]
    values = rows(done, "SELECT DISTINCT field, value FROM links ORDER BY ALL")
    assert values == [("device", "d1"), ("device", "d2"), ("email", None), ("phone", None),
                      ("union_id", "u1")]  # fmt: skip


def test_what_is_no_evidence_is_counted(done: Done) -> None:
    phone = done.document["lines"][1]
    # 13800000000 is ignored (two profiles), 123 is no number, T5's is not verified.
    assert (phone["known"], phone["no_key"], phone["condition_unmet"]) == (16, 3, 1)
    assert phone["shared"] == {"values": 1, "profiles": 5}


def test_bad_rows_are_set_aside_with_their_reason(done: Done) -> None:
    assert rows(done, "SELECT customer, code FROM rejects ORDER BY ALL") == [
        ("tmall:T8", "type"), ("tmall:T9", "repeated"), (None, "no_key"),
    ]  # fmt: skip
    assert done.document["profiles"] == {"read": 22, "set_aside": 2, "used": 20}


def test_too_many_rejects_stop_it(tmp_path: Path) -> None:
    policy = shop(tmp_path)
    with pytest.raises(RunFailed, match="2 of 22 profiles are set aside"):
        identify(policy, tmp_path / "one_id", max_rejects=1)
    assert not (tmp_path / "one_id").exists()


def test_the_same_tables_give_the_same_bytes(done: Done, tmp_path: Path) -> None:
    again = identify(shop(tmp_path), tmp_path / "one_id")
    for path in sorted(done.place.iterdir()):
        assert path.read_bytes() == (again.place / path.name).read_bytes(), path.name


def test_a_run_decides_about_the_joined_customers(tmp_path: Path) -> None:
    policy = shop(tmp_path)
    found = identify(policy, tmp_path / "one_id")
    made = run(policy, "2026-11-21T00:00:00+08:00", tmp_path / "run")
    assert made.place is not None
    one = dict(rows(found, "SELECT profile, customer FROM identities"))["T1"]
    with duckdb.connect() as db:
        large = db.execute(
            f"SELECT customer, spend FROM '{made.place}/decisions.parquet' WHERE large"
        ).fetchall()
    # o1 of T1 and o2 of S1 are one customer's: 60 + 50.
    assert [(customer, str(spend)) for customer, spend in large] == [(one, "110.00")]
    assert ORDERS.count("\n") == 4
    sources = made.run["sources"]
    assert [each["path"] for each in sources["orders.through"]["files"]] == [
        "one_id/identities.parquet"
    ]
    assert [each["path"] for each in sources["orders"]["files"]] == ["orders.csv"]


# ---------------------------------------------------------------- keys that stay


def test_a_customer_keeps_its_key(tmp_path: Path) -> None:
    policy = shop(tmp_path)
    first = identify(policy, tmp_path / "one_id")
    before = dict(rows(first, "SELECT profile, customer FROM identities"))
    # T3 says that it is born when T4 is, and W1 loses its union id; T7 comes by S1's phone. The
    # device of T3 and T4 points to one customer now, and so brings A2.
    text = (tmp_path / "tmall.csv").read_text("utf-8")
    text = text.replace("1980-01-01", "2005-02-02").replace("T7,,123", "T7,,13800138001")
    (tmp_path / "tmall.csv").write_text(text.replace("T1,u1", "T1,u2"), "utf-8")
    second = identify(policy, tmp_path / "next", previous=first.place)
    after = dict(rows(second, "SELECT profile, customer FROM identities"))
    assert after["T1"] == before["T1"] == after["T7"]
    assert after["W1"] not in before.values()
    assert after["T3"] == after["T4"] == after["A2"] == before["A2"]
    assert after["S4"] == before["S4"] == before["T3"]
    changed = rows(second, "SELECT * FROM changes ORDER BY kind, was")
    assert {(kind, reason, rule) for _, _, kind, reason, rule, _ in changed} == {
        ("merged", "joined", "one_id.join.2"), ("split", "no_evidence", None),
        ("split", "conflict", "one_id.join.2"),
    }  # fmt: skip
    assert second.document["changes"] == {
        "kept": 13, "new": 0, "merged": 2, "split": 2, "gone": 0,
    }  # fmt: skip
    again = identify(policy, tmp_path / "third", previous=second.place)
    assert dict(rows(again, "SELECT profile, customer FROM identities")) == after
    assert rows(again, "SELECT * FROM changes") == []


def test_another_identity_is_no_previous_one(tmp_path: Path) -> None:
    policy = shop(tmp_path)
    (tmp_path / "old").mkdir()
    with pytest.raises(RunFailed, match="is not the folder of an identity"):
        identify(policy, tmp_path / "one_id", previous=tmp_path / "old")


A, B, C, D = (("x", each) for each in "abcd")


def test_the_key_goes_where_most_profiles_are() -> None:
    before: dict[Ref, str] = {A: "K", B: "K", C: "K"}
    keys = keys_of({A: A, B: B, C: B, D: D}, before, "i")
    assert keys == {A: fresh_key("i", A), B: "K", C: "K", D: fresh_key("i", D)}


def test_a_key_that_is_not_taken_falls_to_the_next() -> None:
    """K has two profiles in each, and the first customer keeps Z, of which it has three."""
    first = {("x", f"{n}"): A for n in range(5)} | {C: C, D: C}
    before = {ref: "Z" if ref[1] < "3" else "K" for ref in first}
    assert set(keys_of(first, before, "i").values()) == {"Z", "K"}


def test_of_equal_shares_the_first_profile_decides() -> None:
    keys = keys_of({A: A, B: B}, {A: "K", B: "K"}, "i")
    assert keys == {A: "K", B: fresh_key("i", B)}


def test_of_two_keys_that_of_most_profiles_stays_then_the_least() -> None:
    assert set(keys_of({A: A, B: A, C: A}, {A: "Z", B: "Z", C: "K"}, "i").values()) == {"Z"}
    assert set(keys_of({A: A, B: A}, {A: "Z", B: "K"}, "i").values()) == {"K"}


def test_a_new_key_is_none_that_somebody_had() -> None:
    own = fresh_key("i", A)
    keys = keys_of({A: A, B: B, C: B}, {A: own, B: own, C: own}, "i")
    assert keys == {A: fresh_key("i", A, 1), B: own, C: own}


# ---------------------------------------------------------------- Spark


def test_spark_writes_the_same_files(spark: SparkEngine, done: Done, tmp_path: Path) -> None:
    policy = shop(tmp_path)
    sources = (tmp_path / "sources.yaml").read_text("utf-8")
    with duckdb.connect() as db:
        for name, read in (("tmall", "read_csv"), ("others", "read_json")):
            (path,) = tmp_path.glob(f"{name}.*")
            more = ", all_varchar = true" if read == "read_csv" else ""
            db.execute(
                f"COPY (SELECT * FROM {read}('{path}'{more})) TO '{tmp_path / name}.parquet'"
            )
            sources = sources.replace(path.name, f"{name}.parquet")
    (tmp_path / "sources.yaml").write_text(sources, "utf-8")
    asked = asked_for(policy, tmp_path / "one_id", IdentityOptions())
    made = identify_with(replace(asked, open_engine=lambda _: Borrowed(spark)))
    for path in sorted(done.place.glob("*.parquet")):
        # Text files have lines, which stand for the keys of rows.
        read = "SELECT * EXCLUDE (key) FROM" if path.stem == "rejects" else "SELECT * FROM"
        mine = duckdb.sql(f"{read} '{made.place / path.name}/*.parquet'").fetchall()
        assert mine == duckdb.sql(f"{read} '{path}'").fetchall(), path.name
    kept = {name: made.document[name] for name in ("profiles", "customers", "lines", "conflicts")}
    assert kept == {name: done.document[name] for name in kept}
    assert told(made, "tmall:T1", "tmall:T2") == told(done, "tmall:T1", "tmall:T2")


# ---------------------------------------------------------------- why


def told(done: Done, a: str, b: str, **more: Any) -> list[str]:
    answer = explain_identity(done.place, a, b, **more)
    marks = {"head": "", "line": "- ", "more": "-- "}
    return [marks[kind] + str(words) for kind, words in tell(answer)]


def test_why_two_are_one_is_the_shortest_chain(done: Done) -> None:
    head, *chain = told(done, "wecom:W1", "tmall:T2")
    assert head.startswith("`wecom:W1` and `tmall:T2` are one customer, `")
    assert chain == [
        "- `wecom:W1` and `tmall:T1` have the same union id, `u1` (`one_id.join.1`)",
        "- `tmall:T1` and `store:S1` have the same phone (`one_id.join.2`)",
        "- `store:S1` and `tmall:T2` have the same e-mail (`one_id.join.3`)",
    ]


def test_personal_values_are_shown_only_where_asked_for(done: Done) -> None:
    policy = done.place.parent / "shop.siyu"
    assert told(done, "tmall:T1", "store:S1", policy=policy)[1] == (
        "- `tmall:T1` and `store:S1` have the same phone, `+8613800138001` (`one_id.join.2`)"
    )
    assert told(done, "tmall:T3", "tmall:T4", policy=policy)[2] == (
        "-- but they differ in birthday: `1980-01-01` and `2005-02-02`"
    )


def test_why_a_conflict_keeps_two_apart(done: Done) -> None:
    assert told(done, "tmall:T3", "tmall:T4")[1:] == [
        "- `tmall:T3` and `tmall:T4` have the same phone (`one_id.join.2`)",
        "-- but they differ in birthday",
        "-- were that the same, they would be one customer",
        "- `tmall:T3` and `tmall:T4` have the same device, `d2` (`one_id.join.4`)",
        "-- it is a weak key: it never joins customers who each have a strong key, and says "
        "nothing where it points to several of them",
    ]
    assert told(done, "tmall:T3", "store:S3")[1:] == [
        "- `tmall:T3` and `store:S3` have the same phone (`one_id.join.2`)",
        "-- others with it differ in birthday, and of `store:S3` it is not known",
    ]


def test_why_a_shared_value_says_nothing(done: Done) -> None:
    assert told(done, "app:B0", "app:B4")[1:] == [
        "- `app:B0` and `app:B4` have the same phone (`one_id.join.2`)",
        "-- 5 profiles have it, more than the 4 that one value may have: it says nothing of a "
        "person",
    ]


def test_why_nothing_joins_two(done: Done) -> None:
    assert told(done, "tmall:T5", "app:A1")[1:] == [
        "- no profile of the one has a key in common with one of the other",
        "-- `tmall:T5` has no key that it could be joined by",
        "-- `app:A1` can be joined by device",
        "-- one of these, the same in both, would join them: union id, phone, e-mail",
    ]


def test_profiles_that_are_not_there(done: Done) -> None:
    with pytest.raises(RunFailed, match="there is no profile `tmall:T99`"):
        told(done, "tmall:T99", "tmall:T1")
    with pytest.raises(RunFailed, match="`tmall:T8` was set aside: `birthday` must be a date"):
        told(done, "tmall:T8", "tmall:T1")
    with pytest.raises(api.InputFileError, match="`T1` names no profile"):
        told(done, "T1", "tmall:T1")
