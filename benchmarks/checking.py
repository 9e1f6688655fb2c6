"""What an author waits for: checking 1,000 lines, checking them again, and running 200 tests."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.compiling import write
from benchmarks.harness import Rival, compare
from benchmarks.processes import SCRIPTS, milliseconds, process, python
from benchmarks.report import Finding, Row, Target
from siyu import api

LINES = 1_000
TESTS = 200
NOTES = (
    "Cold: whole processes, what a person waits for. Checked again: in one process, as an editor",
    "would, after one line in the middle has changed; nothing but the files is given to it anew.",
    "A test is one of 200 that differ in their figures, each run on every evaluator.",
)


def run(quick: bool) -> Finding:
    """Measure `siyu check` and `siyu test`."""
    with tempfile.TemporaryDirectory() as folder:
        path, lines = write(Path(folder, "long"), LINES)
        tests = write_tests(Path(folder, "tests"), TESTS)
        siyu = str(SCRIPTS / "siyu")
        cold = compare(
            [
                python("python -c pass", "pass"),
                process(f"siyu check, {lines:,} lines, with lints", siyu, "check", str(path)),
                process(f"siyu test, {TESTS} tests", siyu, "test", str(tests)),
            ],
            3 if quick else 11,
        )
        (warm,) = compare([Rival("warm", changing(path))], 5 if quick else 25)
    bare, checked, tested = cold
    rows = (
        milliseconds(bare),
        milliseconds(checked, 1_500),
        Row(
            f"{lines:,} lines checked again after one line changed",
            warm.nanoseconds / 1e6,
            "ms",
            target=Target(100),
        ),
        milliseconds(tested, 2_000),
    )
    return Finding("checking", "Checking and testing", rows, NOTES)


def changing(path: Path) -> Callable[[], object]:
    """Changes one number in the middle of a policy at every call, and checks it again."""
    text = path.read_text(encoding="utf-8")
    middle = text.index("\nsegment ", len(text) // 2)
    place = text.index("when ", middle) + len("when ")
    turn = 0

    def check() -> object:
        nonlocal turn
        turn += 1
        path.write_text(f"{text[:place]}{turn} < 1_000 and {text[place:]}", encoding="utf-8")
        return api.check(path)

    return check


HEAD = """\
policy two_hundred "两百个测试"
  language 1
  timezone "Asia/Shanghai"
  currency CNY
  schema "retail.yaml"

view purchases of orders
  where status is paid

metric spend = sum(purchases.amount over last 12 months)
metric recency = days since max(purchases.paid_at)

classify stage
  prospect when not exists(purchases)
  dormant  when recency > 90 days
  active   otherwise

segment valuable
  when spend >= 5_000 yuan
"""
CASE = """
test "member {number}" at 2026-11-21 10:00
  given customer
    member_id = "M{number}", joined_on = 2024-01-01, unsubscribed = false
  given orders
    | order_id | paid_at    | amount | status |
    | "a"      | {day} | {amount} yuan | paid |
    | "b"      | 2026-01-02 | 20 yuan | refunded |
  expect spend = {amount} yuan
  expect stage is {stage}
  expect {no}valuable
"""


def write_tests(folder: Path, count: int) -> Path:
    """A policy with so many tests that pass."""
    from siyu.resources import resource

    folder.mkdir()
    facts = resource("policies", "retail_membership", "retail.yaml").read_text(encoding="utf-8")
    (folder / "retail.yaml").write_text(facts, encoding="utf-8")
    cases = [
        CASE.format(
            number=number,
            day="2026-11-01" if number % 2 else "2026-05-01",
            stage="active" if number % 2 else "dormant",
            amount=number * 50,
            no="" if number * 50 >= 5_000 else "no ",
        )
        for number in range(1, count + 1)
    ]
    path = folder / "policy.siyu"
    path.write_text(HEAD + "".join(cases), encoding="utf-8")
    return path
