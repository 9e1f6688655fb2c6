"""Many tests in one generated function say what each would say in its own."""

from __future__ import annotations

from pathlib import Path

import pytest

import siyu
from siyu.evaluators import record
from siyu.records import Read
from siyu.testing.generated import MOST, Asked, answers, facts_for, some_value
from siyu.testing.persona import request_of
from siyu.testing.programs import Programs
from siyu.types import BOOL, DATE, DATETIME, GEO, INT, TEXT, TIME, EnumType, SetType, Type
from tests.testing.shop import load

ROOT = Path(__file__).resolve().parents[2]
PACKS = ("starter/policy.siyu", "retail_membership/tour.siyu", "retail_membership/tour_zh.siyu")


def asked(policy: siyu.Policy, programs: Programs) -> list[Asked]:
    """Every test of a policy with its own program and facts."""
    found = []
    for case in policy.tests:
        program = programs.of((case,))
        read = programs.reader(program)(request_of(case, policy))
        assert isinstance(read, Read), read
        found.append(Asked(case, program, read))
    return found


def alone(each: Asked) -> dict[str, object]:
    decide = record.compile_record(each.program, each.read.event, each.given)
    return decide.values(each.read.facts)


def check(policy: siyu.Policy) -> None:
    programs = Programs(policy)
    tests = asked(policy, programs)
    together = list(answers(tests, programs))
    for each, values in zip(tests, together, strict=True):
        for name, value in alone(each).items():
            assert values[name] == value, (each.case.title, name)


@pytest.mark.parametrize("pack", PACKS)
def test_together_and_alone(pack: str) -> None:
    check(siyu.load(ROOT / "policies" / pack))


def test_tests_that_need_different_facts_and_give_different_things(tmp_path: Path) -> None:
    """More than fit into one function: events, metrics, population values, collections."""
    texts = []
    for number in range(MOST + 20):
        given = [f'    id = "m{number}", spend = {number} yuan']
        expect = [f"  expect spend = {number} yuan"]
        if number % 2:
            given += [
                "  given orders",
                "    | no  | at         | amount |",
                f'    | "1" | 2026-11-01 | {number} yuan |',
                "  given orders.lines",
                "    | orders.no | sku | qty |",
                f'    | "1"       | "x" | {number} |',
            ]
            expect.append(f"  expect total = {number} yuan or pieces > {number}")
        if number % 3 == 0:
            given += ["  given calibration", f"    best.top_5 = {20 * (number % 2)} yuan"]
            expect.append("  expect best or n > 5")
        if number % 5 == 0:
            given += ["  given paid", f'    no = "9", amount = {number} yuan']
            expect.append("  expect event.amount < 40 yuan")
        if number % 7 == 0:
            given += ["  given metrics", f"    total = {number} yuan"]
            expect.append("  expect rich or pieces is known")
        head = f'test "member {number}" at 2026-11-21\n  given customer\n'
        texts.append(head + "\n".join([*given, *expect]) + "\n\n")
    check(load(tmp_path, "".join(texts)))


def test_facts_for_more_needs_keep_what_was_read(tmp_path: Path) -> None:
    policy = load(tmp_path, """\
test "one" at 2026-11-21
  given customer
    id = "a", n = 4
  given orders
    | no  | at         | amount |
    | "1" | 2026-11-01 | 7 yuan |
  expect total = 7 yuan and n = 4
""")  # fmt: skip
    programs = Programs(policy)
    (one,) = asked(policy, programs)
    wanted = policy.program.needs
    facts = facts_for(wanted, one.program.needs, one.read.facts)
    assert len(facts.values) == len(wanted.inputs)
    for table, rows in zip(wanted.tables, facts.tables, strict=True):
        assert rows is not None
        assert all(len(row) == len(table.columns) for row in rows), table.path
    (need,) = [table for table in wanted.tables if table.path == "orders"]
    amount = [column.name for column in need.columns].index("amount")
    (row,) = facts.tables[wanted.tables.index(need)] or ()
    assert row[amount] == 700


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (BOOL, False), (INT, 0), (TEXT, ""), (TIME, 0), (DATETIME, 0), (SetType(TEXT), frozenset()),
        (EnumType("e", ("a", "b")), "a"), (EnumType("e", ()), None), (GEO, (0.0, 0.0)),
        (DATE, 738_000),
    ],
)  # fmt: skip
def test_some_value_of_a_type(kind: Type, value: object) -> None:
    assert some_value(kind) == value
