"""Budgets and quotas over everyone: against a plain walk down the list, and as the service reads
them out of the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siyu.core.passes.samples import PROGRAM
from siyu.core.program import Allotment, Cut, Program, Want
from siyu.functions.allocation import admitted
from siyu.functions.identity import tie as tie_of
from siyu.population.files import read_allocation
from siyu.population.run.allocate import Settled, in_rounds, settled, settling_select
from siyu.population.run.allocation_file import allocation_text
from siyu.population.run.problems import RunProblem
from siyu.population.run.sql_duckdb import Duck
from siyu.text import Source
from siyu.types import DATE, INT, DurationType, EnumType, MoneyType, Type

TODAY = 739_576  # 2025-11-21
MONEY = MoneyType("CNY", 4)
CODE = "wakeup.budget.1"
RULES = ("wakeup", "win back")


def allotment(rules: tuple[str, ...] = RULES, window: str = "month") -> Allotment:
    wants = tuple(
        Want(rule, f"w{n}", f"a{n}", f"r{n}", f"t{n}", f"s{n}") for n, rule in enumerate(rules)
    )
    return Allotment(CODE, "budget", "limit", window, None, wants, "used", "us")


def program(kind: Type = MONEY, ascending: bool = False) -> Program:
    cut = Cut(CODE, kind, ascending=ascending)
    return replace(PROGRAM, ranked=(cut,), allocations=(CODE, f"{CODE}.period"))


@dataclass(frozen=True)
class Person:
    """Wants by rule: (wants, amount, rank, sender); and what was used before, of whom."""

    key: str
    wants: tuple[tuple[bool | None, int | None, int | None, str | None], ...]
    used: int = 0
    used_sender: str = ""


COLUMNS = ("key", "w0", "a0", "r0", "t0", "s0", "w1", "a1", "r1", "t1", "s1", "used", "us", "limit")
NAMES = {name: name for name in COLUMNS}


def settle(people: list[Person], limit: int | None, which: Allotment) -> Settled:
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(
        "CREATE TABLE everyone (key VARCHAR, w0 BOOLEAN, a0 BIGINT, r0 BIGINT, t0 VARCHAR, "
        "s0 VARCHAR, w1 BOOLEAN, a1 BIGINT, r1 BIGINT, t1 VARCHAR, s1 VARCHAR, used BIGINT, "
        'us VARCHAR, "limit" BIGINT)'
    )
    for each in people:
        row: list[Any] = [each.key]
        for rule, (wants, amount, rank, sender) in zip(RULES, each.wants, strict=True):
            row += [wants, amount, rank, f"{rule} {tie_of(rule, each.key)}", sender]
        marks = ", ".join("?" * len(COLUMNS))
        values = [*row, each.used, each.used_sender, limit]
        connection.execute(f"INSERT INTO everyone VALUES ({marks})", values)
    select = settling_select(which, limit, NAMES, "everyone", Duck())
    return settled(which, limit, connection.execute(select).fetchall())


def walk(people: list[Person], limit: int | None, rules: int) -> dict[tuple[str, str], bool]:
    """Who is admitted, by (customer, rule): the definition, one after another."""
    lists: dict[str, list[tuple[Any, ...]]] = {}
    left: dict[str, int] = {}
    for each in people:
        left[each.used_sender] = left.get(each.used_sender, 0) + each.used
        for rule, (wants, amount, rank, sender) in list(zip(RULES, each.wants, strict=True))[
            :rules
        ]:
            if wants:
                place = (rank is None, -(rank or 0), f"{rule} {tie_of(rule, each.key)}")
                lists.setdefault(sender or "", []).append((place, amount or 0, each.key, rule))
    found = {}
    for sender, wanting in lists.items():
        total, open_ = left.get(sender, 0), True
        for _, amount, key, rule in sorted(wanting):
            total += amount
            open_ = open_ and limit is not None and total <= limit
            found[key, rule] = open_
    return found


NUMBERS = st.integers(0, 4)
WANT = st.tuples(
    st.sampled_from([True, True, False, None]), st.none() | NUMBERS, st.none() | NUMBERS,
    st.sampled_from(["", "", "li", "王", "e\u0301", None]),
)  # fmt: skip
PERSON = st.tuples(WANT, WANT, st.sampled_from([0, 0, 1, 3]), st.sampled_from(["", "li"]))


@given(
    st.lists(PERSON, max_size=9), st.none() | st.integers(0, 20), st.booleans(), st.integers(1, 2)
)
def test_cuts_are_where_a_walk_down_the_list_ends(
    drawn: list[Any], limit: int | None, ascending: bool, rules: int
) -> None:
    people = [Person(f"M{n}", (a, b), used, us) for n, (a, b, used, us) in enumerate(drawn)]
    which = allotment(RULES[:rules])
    found = settle(people, limit, which)
    expected = walk(people, limit, rules)
    assert found.total("wanted") == len(expected)
    assert found.total("admitted") == sum(expected.values())
    assert found.total("used") == sum(each.used for each in people)
    # As the service reads it.
    made = program(ascending=ascending)
    text = allocation_text(made, 0, TODAY, [found])
    read = read_allocation(Source.of("allocation.yaml", text), made)
    assert read.problems == (), text
    assert read.values[f"{CODE}.period"] == "2025-11"
    cuts = read.values[CODE]
    assert isinstance(cuts, tuple)
    for each in people:
        for rule, (wants, _, rank, sender) in list(zip(RULES, each.wants, strict=True))[:rules]:
            if wants:
                tie = f"{rule} {tie_of(rule, each.key)}"
                inside = admitted(cuts, sender or "", rank is not None, rank or 0, tie)
                assert inside == expected[each.key, rule], text


def test_nobody_behind_the_first_misfit_gets_anything() -> None:
    """Worked by hand: 100 yuan, 30 of them spent; ranks 9, 8, 7 take 40, 50, 10."""
    people = [
        Person("A", ((True, 40, 9, ""), (None, 0, 0, ""))),
        Person("B", ((True, 50, 8, ""), (None, 0, 0, ""))),
        Person("C", ((True, 10, 7, ""), (None, 0, 0, "")), used=30),
    ]
    found = settle(people, 100, allotment(RULES[:1]))
    (verdict,) = found.verdicts
    assert (verdict.verdict, verdict.rank, verdict.used, verdict.spent) == ("cut", 9, 30, 40)
    assert (verdict.wanted, verdict.admitted) == (3, 1)
    assert verdict.tie == f"wakeup {tie_of('wakeup', 'A')}"


@pytest.mark.parametrize(
    ("limit", "verdict"), [(0, "none"), (99, "none"), (100, "all"), (None, "none")]
)
def test_all_and_none(limit: int | None, verdict: str) -> None:
    people = [Person("A", ((True, 100, None, ""), (None, 0, 0, "")))]
    assert [v.verdict for v in settle(people, limit, allotment(RULES[:1])).verdicts] == [verdict]


def test_a_used_up_share_that_nobody_wants_is_none() -> None:
    people = [Person("A", ((False, 1, 1, ""), (None, 0, 0, "")), used=5, used_sender="li")]
    (verdict,) = settle(people, 5, allotment(RULES[:1])).verdicts
    assert (verdict.sender, verdict.verdict) == ("li", "none")


@pytest.mark.parametrize(
    ("kind", "rank", "ascending"),
    [
        (MoneyType("CNY", 6), -1_234_567, False),
        (INT, 7, True),
        (DATE, 739_000, False),
        (DATE, -739_000, True),
        (DurationType("day", 2), 1750, False),
        (EnumType("level", ("low", "mid", "high"), True), 2, False),
    ],
)
def test_ranks_of_every_type_come_back(kind: Type, rank: int, ascending: bool) -> None:
    people = [
        Person("A", ((True, 1, rank, ""), (None, 0, 0, ""))),
        Person("B", ((True, 1, rank - 1, ""), (None, 0, 0, ""))),
    ]
    made = program(kind, ascending)
    text = allocation_text(made, 0, TODAY, [settle(people, 1, allotment(RULES[:1]))])
    read = read_allocation(Source.of("allocation.yaml", text), made)
    assert read.problems == (), text
    cuts: Any = read.values[CODE]
    assert cuts[0][:4] == ("", "cut", True, rank)


def test_allotments_that_must_come_first_do() -> None:
    one, two = allotment(), replace(allotment(), code="b", after=(CODE, "not of this event"))
    assert [[a.code for a in each] for each in in_rounds([two, one])] == [[CODE], ["b"]]
    with pytest.raises(RunProblem):
        list(in_rounds([replace(one, after=("b",)), two]))
