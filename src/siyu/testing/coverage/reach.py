"""Goals that no test can ever show, and why: reasoning about ranges, nothing evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from siyu.core.ir import And, Cases, Coalesce, Const, Contest, Expr, Or
from siyu.core.program import Program
from siyu.core.walk import parts
from siyu.kinds.boxes import MOST_BOXES, Box, Ground, TooMany, both, where
from siyu.semantics.reach import Reaches
from siyu.testing.coverage.missing import Missing
from siyu.testing.coverage.model import Goal
from siyu.testing.coverage.rules import ALLOTTED, Condition, Rule
from siyu.testing.coverage.unknown import Unknowns
from siyu.words import Words, say

Verdict = Literal["true", "false", "not_true", "not_false"]
Wanted = tuple[Expr, Verdict]


NEVER = say("it can never hold within the schema's ranges")
ALWAYS = say("it always holds within the schema's ranges")
MASKED = say("the conditions around it never let it decide alone")
ALWAYS_TOLD = say("whatever is missing, something else decides it then")


class Reachable:
    """Answers for one program, before its population values are put in."""

    def __init__(
        self, program: Program, rules: Mapping[str, Rule], conditions: Sequence[Condition]
    ) -> None:
        self.bindings = {binding.name: binding for binding in program.bindings}
        self.conditions: dict[str, list[Condition]] = {}
        for condition in conditions:
            self.conditions.setdefault(condition.code, []).append(condition)
        self.rules = rules
        self.unknowns = Unknowns(self.bindings)
        self.missing = Missing(self.bindings)
        params = {
            name: binding.expr
            for name, binding in self.bindings.items()
            if isinstance(binding.expr, Const) and not binding.metric
        }
        self.ground = Ground(params, Reaches(self.bindings), self.unknowns.may)

    def reason(self, goal: Goal) -> Words | None:
        """Why no record could show a goal; None where one might."""
        match goal.aim:
            case "stopped":
                return self._never_stops(goal)
            case "cannot_tell":
                main = self.bindings[self.rules[goal.rule].main].expr
                return None if self.missing.may_be_unknown(main) else ALWAYS_TOLD
            case "fired" | "not_fired" | "outcome":
                return None
        found = [self._reason(goal, condition) for condition in self.conditions[goal.code]]
        return found[0] if found and all(each is not None for each in found) else None

    def _never_stops(self, goal: Goal) -> Words | None:
        by = goal.code.split(" ")[0]
        if by in ALLOTTED:
            return say("only the allocation of a run decides this, and a test has none")
        if by in ("group", "arbitration") and not self._has_rivals(goal.rule):
            return say("nothing that competes with it comes before it")
        return None

    def _has_rivals(self, rule: str) -> bool:
        """Whether a rule can lose in a contest: enough others may come before it."""
        contests = (
            binding.expr for binding in self.bindings.values() if isinstance(binding.expr, Contest)
        )
        return any(_may_lose(rule, contest) for contest in contests)

    def _reason(self, goal: Goal, condition: Condition) -> Words | None:
        node = condition.node
        if goal.aim == "unknown":
            return None if self.missing.may_be_unknown(node) else ALWAYS_TOLD
        verdict: Verdict = "true" if goal.aim in ("true", "decides_true") else "false"
        if not self.possible([(node, verdict)]):
            return NEVER if verdict == "true" else ALWAYS
        if goal.aim == verdict:
            return None
        around = self.around(condition)
        if around is None:
            return None
        # Where what stands around may be unknown, the rule may come out otherwise all the same.
        sure = [each for each in around if not self.unknowns.may(each[0])]
        return None if self.possible([*sure, (node, verdict)]) else MASKED

    def around(self, condition: Condition) -> tuple[Wanted, ...] | None:
        """What must hold for the verdict to reach the binding; None where that has several ways."""
        root = self.bindings[condition.binding].expr
        path = path_to(condition.node, root)
        return None if path is None else unmasked(path)

    def possible(self, wanted: Iterable[Wanted]) -> bool:
        """Whether values within their ranges could give all these verdicts; true where in doubt."""
        found: list[Box] = [{}]
        try:
            for node, verdict in wanted:
                if verdict.startswith("not_") and self.unknowns.may(node):
                    continue
                ways = where(node, self.ground, verdict in ("true", "not_false"))
                found = [box for a in found for b in ways if (box := both(a, b)) is not None]
                if len(found) > MOST_BOXES:
                    return True
        except TooMany:
            return True
        return bool(found)


def _may_lose(rule: str, contest: Contest) -> bool:
    own = next((each for each in contest.candidates if each.name == rule), None)
    if own is None:
        return False
    others = [each for each in contest.candidates if each is not own]
    if contest.rooms or not own.keys:
        return bool(others)
    down = contest.descending[0]
    ahead = sum(not _behind(each.keys[0], own.keys[0], down) for each in others)
    return ahead >= contest.take


def _behind(key: Expr, own: Expr, descending: bool) -> bool:
    """Whether a candidate with this first key always comes behind."""
    if not (isinstance(key, Const) and isinstance(own, Const)):
        return False
    a, b = key.value, own.value
    if not (isinstance(a, int) and isinstance(b, int)):
        return False
    return a < b if descending else a > b


@dataclass(frozen=True, slots=True)
class Step:
    """A node on the way up, and which of its parts one comes from."""

    node: Expr
    part: int


def path_to(node: Expr, root: Expr) -> tuple[Step, ...] | None:
    """The way from a node up to the root, inner first; None where there are several or none."""
    found: list[tuple[Step, ...]] = []
    waiting: list[tuple[Expr, tuple[Step, ...]]] = [(root, ())]
    while waiting and len(found) < 2:
        here, path = waiting.pop()
        if here is node:
            found.append(path)
            continue
        waiting += [(part, (Step(here, n), *path)) for n, part in enumerate(parts(here))]
    return found[0] if len(found) == 1 else None


def unmasked(path: Sequence[Step]) -> tuple[Wanted, ...]:
    """What must hold beside a node for its verdict to get through to the top."""
    wanted: list[Wanted] = []
    for step in path:
        match step.node:
            case And(items=items):
                wanted += [(item, "true") for n, item in enumerate(items) if n != step.part]
            case Or(items=items):
                wanted += [(item, "false") for n, item in enumerate(items) if n != step.part]
            case Coalesce(default=default):
                wanted = [_softened(each, default) for each in wanted]
            case Cases():
                wanted += _before(step.node, step.part)
            case _:
                pass
    return tuple(wanted)


def _softened(wanted: Wanted, default: Expr) -> Wanted:
    """Under a default, unknown does as well as what the default is."""
    node, verdict = wanted
    value = default.value if isinstance(default, Const) else None
    if verdict == "false" and value is False:
        return node, "not_true"
    if verdict == "true" and value is True:
        return node, "not_false"
    return wanted


def _before(node: Cases, part: int) -> Iterator[Wanted]:
    """What cases must have said for a condition or value of one to be looked at."""
    place, is_value = divmod(part, 2)
    no: Verdict = "not_true" if node.on_unknown == "skip" else "false"
    yield from ((arm.when, no) for arm in node.arms[:place])
    if is_value and place < len(node.arms):
        yield node.arms[place].when, "true"
