"""Tests of authors run on every evaluator, and a failure shows the values under it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

import siyu
from siyu.testing import EVALUATORS, Failure, TestResult, run_tests

ROOT = Path(__file__).resolve().parents[2]

FACTS = """\
schema: shop
version: 1
customer:
  key: id
  fields:
    id:    {type: text}
    spend: {type: money, default: 0, max: 1000}
    n:     {type: int, optional: true}
    level: {type: level of tier, optional: true, role: held level of tier}
    until: {type: date, optional: true, role: kept until of tier}
collections:
  orders:
    key: no
    time: at
    fields:
      no:     {type: text}
      at:     {type: datetime}
      amount: {type: money}
  log:
    role: points log
    default: []
    time: at
    fields:
      at:      {type: datetime}
      rule:    {type: text}
      account: {type: text}
      event:   {type: text}
      points:  {type: int, optional: true}
      amount:  {type: money, optional: true}
events:
  paid:    {key: no, fields: {no: {type: text}, amount: {type: money, min: 0}}}
  clocked: {key: no, time: at, fields: {no: {type: text}, at: {type: datetime}}}
"""
HEADER = """\
policy shop
  language 1
  timezone "Asia/Shanghai"
  currency CNY
  schema "shop.yaml"

metric total = sum(orders.amount over last 30 days)
metric since = days since max(orders.at)

segment best
  when top 5% by spend

segment rich
  when spend > 500 yuan or total > 500 yuan

points earned on paid
  earn 1 per 1 yuan of event.amount

"""


Run = Callable[..., tuple[TestResult, ...]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the tests of a policy: what the evaluators say, and they must say the same."""

    def results(text: str, *names: str) -> tuple[TestResult, ...]:
        (tmp_path / "shop.yaml").write_text(FACTS, encoding="utf-8")
        (tmp_path / "policy.siyu").write_text(HEADER + text, encoding="utf-8")
        policy = siyu.load(tmp_path, cache=False)
        ran = run_tests(policy, names)
        assert [result.evaluator for result in ran] == list(EVALUATORS) * (len(ran) // 2)
        for one, other in zip(ran[::2], ran[1::2], strict=True):
            assert (one.name, one.span, one.failures) == (other.name, other.span, other.failures)
        return ran[::2]

    return results


GIVEN = """  given customer
    id = "a", spend = 600 yuan
  given orders
    | no  | at               | amount |
    | "1" | 2026-11-01 12:00 | 7 yuan |
"""


def test_what_is_given_is_decided_about(run: Run) -> None:
    (result,) = run(
        'test "t" at 2026-11-21\n'
        + GIVEN
        + """\
  expect rich
  expect total = 7 yuan
  expect since = 20 days
  expect no earned
"""
    )
    assert result.passed
    assert result.failures == ()
    assert result.seconds > 0


def test_a_failure_shows_the_values_under_it(
    run: Run, tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    (result,) = run(
        'test "t" at 2026-11-21\n'
        + GIVEN
        + """\
  expect total * 2 = 15 yuan and rich
  expect n > 3
  expect no rich
  expect since in (1 day, 2 days)
  expect rich
"""
    )
    source = (tmp_path / "policy.siyu").read_text(encoding="utf-8")
    told = [
        (source[failure.span.start : failure.span.end], str(failure.text), values(failure, source))
        for failure in result.failures
    ]
    assert told == snapshot


def values(failure: Failure, source: str) -> list[tuple[str, str, str]]:
    """The text, the sign that speaks for it, and the value."""
    return [
        (source[each.span.start : each.span.end], source[each.anchor], str(each.text))
        for each in failure.values
    ]


def test_events_are_given_and_their_time_is_the_moment(run: Run) -> None:
    results = run("""\
test "paid" at 2026-11-21 10:00
  given customer
    id = "a"
  given paid
    no = "1", amount = 19.90 yuan
  expect earned
  expect earned.points = 19
  expect rich is unknown or not rich

test "clocked"
  given customer
    id = "a"
  given clocked
    no = "1", at = 2026-11-21 09:00
  expect as_of = 2026-11-21 09:00
  expect no earned
""")
    assert [(each.name, each.passed) for each in results] == [("paid", True), ("clocked", True)]


def test_given_metrics_are_used_as_they_are(run: Run) -> None:
    (result,) = run("""\
test "t" at 2026-11-21
  given customer
    id = "a"
  given metrics
    total = 501 yuan
  expect rich
  expect total = 501 yuan
""")
    assert result.passed, result.failures


def test_population_values_are_given_or_missed(run: Run) -> None:
    given, missed, without = run("""\
test "given" at 2026-11-21
  given calibration
    best.top_5 = 500 yuan
  given customer
    id = "a", spend = 500 yuan
  expect best

test "missed" at 2026-11-21
  given customer
    id = "a", spend = 500 yuan
  expect best

test "without" at 2026-11-21
  given customer
    id = "a"
  expect no rich
""")
    assert given.passed
    (failure,) = missed.failures
    assert (
        str(failure.text)
        == "it compares with the whole population: give the calibration `best.top_5`"
    )
    assert without.passed, "what a test does not ask for need not be given"


def test_what_is_no_record_fails_the_test(run: Run) -> None:
    results = run("""\
test "too much" at 2026-11-21
  given customer
    id = "a", spend = 5000 yuan
  expect rich
""")
    ((failure,),) = (each.failures for each in results)
    assert str(failure.text).startswith("what it gives is no record: customer.spend ")
    assert not any(each.passed for each in results)


def test_tests_are_chosen_by_their_titles(run: Run) -> None:
    text = "".join(
        f'test "{name}" at 2026-11-21\n  given customer\n    id = "a"\n  expect no rich\n\n'
        for name in ("one red", "one blue", "two red")
    )
    assert [each.name for each in run(text)] == ["one red", "one blue", "two red"]
    assert [each.name for each in run(text, "one")] == ["one red", "one blue"]
    assert [each.name for each in run(text, "blue", "two")] == ["one blue", "two red"]
    assert run(text, "none of them") == ()


@pytest.mark.parametrize("pack", ["starter", "retail_membership"])
def test_the_packs_tests_pass_fresh_and_out_of_the_cache(
    pack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIYU_CACHE_DIR", str(tmp_path))
    path = ROOT / "policies" / pack / ("tour.siyu" if pack != "starter" else "policy.siyu")
    for _ in range(2):
        policy = siyu.load(path)
        results = run_tests(policy)
        assert len(results) == len(EVALUATORS) * len(policy.tests)
        assert all(result.passed for result in results)
    assert len(list(tmp_path.iterdir())) == 1
