"""What counts as another outcome, for each kind of declaration, and what is said of it then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from siyu.core.compiled import Compiled
from siyu.core.program import Binding, Program
from siyu.explain.changes.labels import shown
from siyu.explain.changes.probe import Outcome
from siyu.explain.model import Shown
from siyu.types import EnumType
from siyu.words import Said, Words, say

Reached = Callable[[Outcome, Outcome], bool]
LISTED = {"points": "points", "incentive": "incentives", "contact": "contacts"}
HAPPENS: dict[str, tuple[Said, Said]] = {
    "points": (say("posted"), say("not posted")),
    "incentive": (say("given"), say("not given")),
    "contact": (say("sent"), say("not sent")),
    "segment": (say("in the segment"), say("not in the segment")),
    "ensure": (say("holds"), say("does not hold")),
}
UNKNOWN = say("cannot be told")


@dataclass(frozen=True, slots=True)
class Goal:
    """What is watched, and when it is another outcome: `reached(before, then)` of what is watched.

    `waited` is the same for what time alone does. `threatened`: a level that is about to be lost
    before this outcome; the day on which it is lost is then the day by which to act.
    `settled`: it happens already, so that nobody looks for two things at once that end it.
    """

    watched: tuple[str, ...]
    reached: Reached
    result: Callable[[Outcome], Words]
    waited: Reached | None = None
    threatened: Callable[[Outcome], bool] | None = None
    settled: Callable[[Outcome], bool] = lambda _: False


def goal_of(compiled: Compiled, program: Program, event: str | None, what: str) -> Goal | None:
    """The goal for a declaration or one of its cases, levels or rows; None where nothing of the
    kind is decided in such a request."""
    name, part = _split(compiled, what)
    bound = {binding.name: binding for binding in program.bindings}
    match compiled.kinds.get(name):
        case "segment" | "ensure" as kind if name in bound:
            return _verdict(name, kind)
        case "classify" if name in bound:
            return _classify(bound[name], part, compiled)
        case "tier" if name in bound:
            return _tier(bound[name], part, compiled)
        case "table":
            return _table(name, part, bound)
        case "score" if name in bound:
            return _score(bound[name], part, bound)
        case "points" | "incentive" | "contact" as kind:
            return _listed(name, kind, program, event, compiled, bound)
        case _:
            return None


def _split(compiled: Compiled, what: str) -> tuple[str, str]:
    words = what.split(".")
    for end in range(len(words), 0, -1):
        name = ".".join(words[:end])
        if name in compiled.kinds:
            return name, ".".join(words[end:])
    return what, ""


# ---------------------------------------------------------------- yes, no, unknown


def _verdict(name: str, kind: str) -> Goal:
    def result(then: Outcome) -> Words:
        yes, no = HAPPENS[kind]
        return UNKNOWN if then[0] is None else yes if then[0] else no

    def reached(before: Outcome, then: Outcome) -> bool:
        if kind == "segment":
            return (before[0] is True) != (then[0] is True)
        return then[0] is not None and bool(then[0] != before[0])

    return Goal((name,), reached, result, settled=_happens)


def _happens(now: Outcome) -> bool:
    return now[0] is True


def _listed(
    name: str,
    kind: str,
    program: Program,
    event: str | None,
    compiled: Compiled,
    bound: dict[str, Binding],
) -> Goal | None:
    """What is posted, given or sent, or not."""
    parts = (p for p in program.emits(event) if p.section == LISTED[kind] and p.name == name)
    part = next(parts, None)
    if part is None or part.guard is None:
        return None
    channel = f"{name}.channel"
    through = (channel,) if kind == "contact" and channel in bound else ()

    def result(then: Outcome) -> Words:
        yes, no = HAPPENS[kind]
        if then[0] is not True:
            return no
        if through and then[1] is not None:
            return say("sent through {channel}", channel=_channel(str(then[1]), compiled))
        return yes

    def reached(before: Outcome, then: Outcome) -> bool:
        return (before[0] is True) != (then[0] is True)

    return Goal((part.guard, *through), reached, result, settled=_happens)


def _channel(name: str, compiled: Compiled) -> Shown | str:
    """What people call a channel."""
    for rows in compiled.schema.collections.values():
        if rows.role == "consents" and "channel" in rows.fields:
            return shown(rows.fields["channel"].type, name, compiled)
    return name


# ---------------------------------------------------------------- cases, rows, scores


def _classify(binding: Binding, case: str, compiled: Compiled) -> Goal:
    def result(then: Outcome) -> Words:
        if then[0] is None:
            return UNKNOWN
        return say("the case becomes {case}", case=shown(binding.type, then[0], compiled))

    kind = binding.type
    known = isinstance(kind, EnumType) and case in kind.members
    return Goal((binding.name,), _another(case if known else None), result)


def _another(wanted: Any) -> Reached:
    """Another known value; where one is wanted, that one, or if it is there already any other."""

    def reached(before: Outcome, then: Outcome) -> bool:
        if wanted is not None and before[0] != wanted:
            return bool(then[0] == wanted)
        return then[0] is not None and bool(then[0] != before[0])

    return reached


def _table(name: str, part: str, bound: dict[str, Binding]) -> Goal | None:
    number = part.removeprefix("row.")
    row = int(number) if number.isdigit() else None
    if f"{name}.row" in bound:
        return Goal((f"{name}.row",), _another(row), _row)
    rows = tuple(n for n in _numbered(f"{name}.row", bound) if row is None or n.endswith(f".{row}"))
    numbers = [int(each.rpartition(".")[2]) for each in rows]

    def result(then: Outcome) -> Words:
        there = [n for n, verdict in zip(numbers, then, strict=True) if verdict is True]
        if not there:
            return say("no row applies")
        return say("rows that apply: {rows}", rows=", ".join(map(str, there)))

    def reached(before: Outcome, then: Outcome) -> bool:
        return [v is True for v in before] != [v is True for v in then]

    return Goal(rows, reached, result) if rows else None


def _row(then: Outcome) -> Words:
    return UNKNOWN if then[0] is None else say("row {row} applies", row=then[0])


def _numbered(start: str, bound: dict[str, Binding], end: str = "") -> list[str]:
    """`start.1`, `start.2`, … with the same end, as far as there are any."""
    found = []
    for n in range(1, len(bound) + 1):
        if f"{start}.{n}{end}" in bound:
            found.append(f"{start}.{n}{end}")
        elif found or n > 1:
            break
    return found


def _score(binding: Binding, line: str, bound: dict[str, Binding]) -> Goal:
    own = f"{binding.name}.{line}.fired"
    fired = (own,) if own in bound else tuple(_numbered(binding.name, bound, ".fired"))

    def result(then: Outcome) -> Words:
        if then[0] is None:
            return UNKNOWN
        return say("the score becomes {value}", value=Shown(binding.type, then[0]))

    def reached(before: Outcome, then: Outcome) -> bool:
        return [v is True for v in before[1:]] != [v is True for v in then[1:]]

    return Goal((binding.name, *fired), reached, result)


# ---------------------------------------------------------------- levels


def _tier(binding: Binding, wanted: str, compiled: Compiled) -> Goal:
    """A higher level, or a named one; of a level in danger what keeps it; of the highest its loss.

    Watched are the level shown, the one earned, the one held, and what became of it.
    """
    kind = binding.type
    assert isinstance(kind, EnumType)
    name, ranks = binding.name, {level: rank for rank, level in enumerate(kind.members)}
    highest = kind.members[-1]

    def threatened(then: Outcome) -> bool:
        _, earned, held, change = then
        below = None not in (earned, held) and ranks[earned] < ranks.get(held, 0)
        return below and change in ("kept", "in_grace")

    def reached(before: Outcome, then: Outcome) -> bool:
        if None in (before[0], then[0]):
            return then[0] is not None and before[0] is None
        if wanted in ranks and wanted != before[0]:
            return _passes(ranks[before[0]], ranks[then[0]], ranks[wanted])
        if threatened(before):
            return ranks[then[0]] >= ranks[before[0]] and not threatened(then)
        if before[0] == highest or wanted == before[0]:
            return ranks[then[0]] < ranks[before[0]]
        return ranks[then[0]] > ranks[before[0]]

    def result(then: Outcome) -> Words:
        level = shown(kind, then[0], compiled)
        if then[3] == "kept":
            return say("the level stays {level}", level=level)
        return say("the level becomes {level}", level=level)

    def waited(before: Outcome, then: Outcome) -> bool:
        return None not in (before[0], then[0]) and bool(before[0] != then[0])

    def settled(now: Outcome) -> bool:
        return not threatened(now) and now[0] in (highest, wanted)

    watched = (name, f"{name}.earned", f"{name}.held", f"{name}.change")
    return Goal(watched, reached, result, waited, threatened, settled)


def _passes(before: int, then: int, wanted: int) -> bool:
    """Whether a level is as high, or as low, as the wanted one."""
    return then >= wanted if wanted > before else then <= wanted
