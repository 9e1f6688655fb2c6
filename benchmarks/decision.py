"""One decision with its reason codes, from a validated record, beside its rivals."""

from __future__ import annotations

from importlib.util import find_spec
from itertools import cycle

from benchmarks import handwritten
from benchmarks.harness import Rival, compare, over, shared
from benchmarks.records import TODAY, Member, members
from benchmarks.report import Finding, Row, Target, duration
from benchmarks.rivals import datalogic, siyu, zen
from benchmarks.rivals.policy import record

ENGINES = {
    "datalogic-py": datalogic.load,
    "zen-engine": zen.load,
    "zen-engine, compiling at every call": zen.load_text,
}
SHARE = 200  # members that a rival decides about in one turn; no turn meets them again
TARGETS = {
    "datalogic-py": Target(8, at_least=True),
    "zen-engine": Target(50, at_least=True),
}
NOTES = (
    "Every rival decides about the same members and gives the same outcomes and reason codes:",
    "13 metrics, 18 segments, 2 classes, 2 scores, a tier, 2 tables, 8 incentives, 4 contacts,",
    "their ids, what was stopped by what, and 2 claims. Records are made before the measurement,",
    "in the form each rival reads fastest; tests/benchmarks compares the outcomes.",
    "datalogic-py gets the policy as one template in which every intermediate value is computed",
    "once; rules that are written one by one would compute them again and again. zen-engine gets",
    "it as one expression node, compiled beforehand; the last row is the same decision made from",
    "JSON text, as its documentation begins.",
)


def run(quick: bool) -> Finding:
    """Measure siyu, the hand-written function and the engines that are installed."""
    turns = 5 if quick else 40
    found = compare(rivals(members(SHARE * turns), turns), turns)
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
            target=TARGETS.get(engine.name),
        )
        for engine in engines
    ]
    notes = [*NOTES, *(f"{name} is not installed (extra `bench`)." for name in absent())]
    if engines:
        reached = (f"than {e.name} {e.ratio / hand.ratio:.1f} ×" for e in engines)
        notes.append(f"The hand-written function itself is faster {'; '.join(reached)}.")
    return Finding("decision", "One decision, from a validated record", tuple(rows), tuple(notes))


def rivals(people: list[Member], turns: int) -> list[Rival]:
    """siyu first, the base; then the hand-written function; then the engines."""
    evaluate, facts = siyu.load()
    found = [
        over("siyu", evaluate, [facts(member) for member in people], turns),
        by_hand(people, turns),
    ]
    records = [record(member, TODAY) for member in people]
    missing = absent()
    for name, load in ENGINES.items():
        if name.split(",")[0] not in missing:
            found.append(over(name, load(), records, turns))
    return found


def by_hand(people: list[Member], turns: int) -> Rival:
    """The hand-written function, called without anything between."""
    decide = handwritten.decide
    shares = cycle(shared(people, turns))

    def run() -> None:
        for member in next(shares):
            decide(member, TODAY)

    return Rival("hand-written", run, len(people) // turns)


def absent() -> list[str]:
    """The engines that are not installed."""
    modules = {"datalogic-py": "datalogic_py", "zen-engine": "zen"}
    return [name for name, module in modules.items() if find_spec(module) is None]
