"""One decision with its reason codes, from a validated record, beside its rivals."""

from __future__ import annotations

from importlib.util import find_spec

from benchmarks import handwritten
from benchmarks.harness import Rival, compare, over
from benchmarks.records import TODAY, Member, members
from benchmarks.report import Finding, Row, Target, duration
from benchmarks.rivals import datalogic, siyu, zen

ENGINES = {"datalogic-py": datalogic, "zen-engine": zen}
TARGETS = {"datalogic-py": 8.0, "zen-engine": 50.0}
NOTES = (
    "Every rival decides about the same members and gives the same outcomes and reason codes:",
    "13 metrics, 18 segments, 2 classes, 2 scores, a tier, 2 tables, 8 incentives, 4 contacts,",
    "what was stopped by what, and 2 claims. Records are made before the measurement, in the form",
    "each rival reads fastest; outcomes are compared after it (tests/benchmarks).",
)


def run(quick: bool) -> Finding:
    """Measure siyu, the hand-written function and the engines that are installed."""
    people = members(60 if quick else 200)
    found = compare(rivals(people, 1 if quick else 5), 5 if quick else 40)
    mine, hand, *engines = found
    rows = [
        Row(
            what="siyu ÷ hand-written",
            value=1 / hand.ratio,
            unit="×",
            lowest=1 / hand.highest,
            highest=1 / hand.lowest,
            time=f"{duration(mine.nanoseconds)} ÷ {duration(hand.nanoseconds)}",
            target=Target(1.2),
        )
    ]
    rows += [
        Row(
            what=f"{engine.name} ÷ siyu",
            value=engine.ratio,
            unit="×",
            lowest=engine.lowest,
            highest=engine.highest,
            time=f"{duration(engine.nanoseconds)} ÷ {duration(mine.nanoseconds)}",
            target=Target(TARGETS[engine.name], at_least=True),
        )
        for engine in engines
    ]
    missing = tuple(f"{name} is not installed (extra `bench`)." for name in absent())
    return Finding(
        "decision", "One decision, from a validated record", tuple(rows), NOTES + missing
    )


def rivals(people: list[Member], times: int) -> list[Rival]:
    """siyu first, the base; then the hand-written function; then the engines."""
    evaluate, facts = siyu.load()
    found = [
        over("siyu", evaluate, [facts(member) for member in people], times),
        by_hand(people, times),
    ]
    for name, engine in ENGINES.items():
        if name not in absent():
            records = [engine.record(member, TODAY) for member in people]
            found.append(over(name, engine.load(), records))
    return found


def by_hand(people: list[Member], times: int) -> Rival:
    """The hand-written function, called without anything between."""
    decide = handwritten.decide

    def run() -> None:
        for _ in range(times):
            for member in people:
                decide(member, TODAY)

    return Rival("hand-written", run, len(people) * times)


def absent() -> list[str]:
    """The engines that are not installed."""
    modules = {"datalogic-py": "datalogic_py", "zen-engine": "zen"}
    return [name for name, module in modules.items() if find_spec(module) is None]
