"""Searching for records that show goals.

From the record that is nearest to a goal, one small change after the other brings its conditions
nearer, until the goal is shown. Everything is tried in a fixed order, so that the same policy gets
the same records.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from zoneinfo import ZoneInfo

from siyu.api.policy import Policy
from siyu.core.ir import Held
from siyu.core.program import Cut
from siyu.records import Rejection
from siyu.syntax import ast
from siyu.testing.coverage.lens import Lens, Seen, look
from siyu.testing.coverage.measure import Aims
from siyu.testing.coverage.model import Goal
from siyu.testing.coverage.rules import Rule
from siyu.testing.persona import request_of
from siyu.testing.suggest.distance import Distance
from siyu.testing.suggest.edits import field_edits
from siyu.testing.suggest.facts import facts_of
from siyu.testing.suggest.record import Draft, Maker
from siyu.testing.suggest.rows import row_edits
from siyu.testing.suggest.shrink import shrunk
from siyu.testing.suggest.targets import Aimed, Task, tasks_of
from siyu.testing.suggest.write import expected_of
from siyu.types import NumberType, scale_of
from siyu.words import Said

STEPS = 8
MOST_EDITS = 700  # of one step
LOOKS_EACH = 2_500  # of them for one goal
MOST_SEEDS = 40
FIRST_CUT = 10_000
FAR = float("inf")


@dataclass(frozen=True, slots=True)
class Found:
    """A record that shows goals of rules."""

    draft: Draft
    rule: Rule
    goals: frozenset[Goal]


@dataclass(slots=True)
class Search:
    policy: Policy
    wanted: dict[Goal, None]
    most: int
    step: Callable[[], None] | None = None
    looks: int = 0
    aims: Aims = field(init=False)
    maker: Maker = field(init=False)
    seeds: list[Draft] = field(init=False)
    found: list[Found] = field(init=False)

    def __post_init__(self) -> None:
        self.aims = Aims(self.policy)
        self.maker = Maker(self.policy.compiled.schema, ZoneInfo(self.policy.program.timezone))
        self.seeds = list(self._seeds())
        self.found = []

    def all(self) -> list[Found]:
        """A record for every goal for which one is found, in the order of the goals."""
        left = dict(self.wanted)
        for goal in sorted(self.wanted, key=_telling):
            if goal in left and self.looks < self.most:
                found = self._one(goal, left)
                if found is not None:
                    self.found.append(found)
                    self.seeds.append(found.draft)
                    for shown in found.goals:
                        left.pop(shown, None)
        return self.found

    def _seeds(self) -> Iterator[Draft]:
        """The records of the tests, and one that has nothing but what it must have."""
        moment: dt.datetime | None = None
        for case in self.policy.tests[:MOST_SEEDS]:
            request = request_of(case, self.policy)
            if isinstance(request, Said) or "as_of" not in request:
                continue
            draft = Draft(dict(request), {**self._cuts(), **case.cuts}).changed()
            self.maker.fill(draft.request["customer"], draft.moment)
            moment = moment or draft.moment
            yield draft
        moment = moment or dt.datetime(2026, 6, 15, 10, tzinfo=self.maker.zone)
        yield self.maker.minimal(moment, None, self._cuts())

    def _cuts(self) -> dict[str, Held]:
        """A figure for every population value, the later ones lower: levels come from above."""
        cuts = self.policy.program.cuts
        return {cut.name: _cut(cut, place, len(cuts)) for place, cut in enumerate(cuts)}

    # ------------------------------------------------------------ one goal

    def _one(self, goal: Goal, left: Mapping[Goal, None]) -> Found | None:
        until = min(self.looks + LOOKS_EACH, self.most)
        for rule in self._rules_for(goal):
            for seed in self._nearest_seeds(goal, rule):
                draft = self._climb(goal, rule, seed, until)
                if draft is not None:
                    return self._worth(draft, rule, left)
                if self.looks >= until:
                    return None
        return None

    def _rules_for(self, goal: Goal) -> list[Rule]:
        """The rules in which a goal can be shown."""
        if goal.aim in ("fired", "not_fired", "cannot_tell", "outcome", "stopped"):
            return [self.aims.rules[goal.rule]]
        names = dict.fromkeys(
            c.rule for c in self.aims.conditions if c.code == goal.code and c.owner == goal.rule
        )
        return [self.aims.rules[name] for name in names]

    def _lens(self, rule: Rule, draft: Draft) -> Lens:
        return self.aims.lens(rule.shown, draft.cuts)

    def _look(self, rule: Rule, draft: Draft) -> tuple[Lens, Seen] | None:
        lens = self._lens(rule, draft)
        self.looks += 1
        if self.step is not None:
            self.step()
        read = self.aims.reader(lens)(draft.request)
        return None if isinstance(read, Rejection) else (lens, look(lens.program, read))

    def _task(self, goal: Goal, rule: Rule, lens: Lens) -> Task | None:
        return next((task for task in tasks_of(goal, lens) if task.rule == rule.name), None)

    def _nearest_seeds(self, goal: Goal, rule: Rule) -> list[Draft]:
        """The two records that are nearest."""
        ranked: list[tuple[float, int, Draft]] = []
        for place, seed in enumerate(self.seeds):
            fits = rule.decided_on(seed.event)
            draft = seed if fits else self.maker.on(seed, rule.event)
            far = self._distance(goal, rule, draft)
            if far < FAR:
                ranked.append((far, place, draft))
        ranked.sort(key=lambda each: each[:2])
        return [draft for _, _, draft in ranked[:2]]

    def _distance(self, goal: Goal, rule: Rule, draft: Draft) -> float:
        looked = self._look(rule, draft)
        if looked is None:
            return FAR
        task = self._task(goal, rule, looked[0])
        return FAR if task is None else Distance(*looked).total(task.aimed)

    def _climb(self, goal: Goal, rule: Rule, draft: Draft, until: int) -> Draft | None:
        """The record changed until it shows the goal, or None where no change leads nearer."""
        looked = self._look(rule, draft)
        if looked is None:
            return None
        lens, seen = looked
        task = self._task(goal, rule, lens)
        if task is None:
            return None
        far = Distance(lens, seen).total(task.aimed)
        for _ in range(STEPS):
            if self._shows(goal, rule, lens, seen):
                return draft
            best: tuple[float, Draft, Seen] | None = None
            for edited in islice(self._edits(draft, task, lens, seen), MOST_EDITS):
                if self.looks >= until:
                    break
                again = self._look(rule, edited)
                if again is None:
                    continue
                nearer = Distance(*again).total(task.aimed)
                if nearer == 0 and self._shows(goal, rule, *again):
                    return edited
                if best is None or nearer < best[0]:
                    best = (nearer, edited, again[1])
            if best is None or best[0] >= far:
                return None
            far, draft, seen = best
        return None

    def _edits(self, draft: Draft, task: Task, lens: Lens, seen: Seen) -> Iterator[Draft]:
        """Changes of what the nodes hang on that are not yet as they should be."""
        distance = Distance(lens, seen)
        wrong: list[Aimed] = [each for each in task.aimed if distance.of(*each) > 0]
        facts = facts_of([node for node, _ in wrong or task.aimed], lens, seen)
        yield from field_edits(draft, facts, self.maker)
        yield from row_edits(draft, facts, self.maker, lens, seen)

    def _shows(self, goal: Goal, rule: Rule, lens: Lens, seen: Seen) -> bool:
        return goal in set(lens.shows(seen, [rule.name], {goal}))

    # ------------------------------------------------------------ what a record is worth

    def _worth(self, draft: Draft, rule: Rule, left: Mapping[Goal, None]) -> Found | None:
        """The record made small, with all that it shows of what is still wanted."""
        goals = self._goals(draft, rule, left)
        if not goals:
            return None
        needs = self._lens(rule, draft).program.needs
        smaller = shrunk(
            draft, needs, self.maker, lambda each: goals <= self._goals(each, rule, goals)
        )
        return Found(smaller, rule, self._goals(smaller, rule, self.wanted))

    def _goals(self, draft: Draft, rule: Rule, wanted: Iterable[Goal]) -> frozenset[Goal]:
        """The wanted goals that a test shows that expects something of the rule."""
        looked = self._look(rule, draft)
        if looked is None:
            return frozenset()
        lens, seen = looked
        named = [name for name in self.aims.observed([rule.main]) if name in lens.rules]
        return frozenset(lens.shows(seen, named, frozenset(wanted)))

    def told(self, found: Found) -> Draft:
        """The record with the population values that its rule needs, and no others."""
        read = {cut.name for cut in self.aims.narrowed(found.rule.shown).cuts}
        cuts = {name: value for name, value in found.draft.cuts.items() if name in read}
        return replace(found.draft, cuts=cuts)

    def expected(self, found: Found) -> tuple[ast.Expect | ast.ExpectNo, ...]:
        """What came of a record: of its rule, and of the rules behind it that it is there for."""
        looked = self._look(found.rule, found.draft)
        assert looked is not None, "what was found can be read"
        lens, seen = looked
        behind = dict.fromkeys(goal.rule for goal in self.wanted if goal in found.goals)
        names = [name for name in behind if name in lens.rules and name != found.rule.name]
        rules = [*(lens.rules[name] for name in names), found.rule]
        lines: list[ast.Expect | ast.ExpectNo] = []
        for rule in rules:
            if rule.decided_on(found.draft.event) and rule.main in seen.values:
                lines += expected_of(rule, seen.values, self.policy.program)
        return tuple(lines)


def _telling(goal: Goal) -> bool:
    """Whether another goal's record may show it beside its own: what decides alone also holds."""
    return goal.aim not in ("decides_true", "decides_false", "stopped")


def _cut(cut: Cut, place: int, count: int) -> Held:
    amount = FIRST_CUT // (place + 1)
    if isinstance(cut.type, NumberType):
        held = int(amount * 10 ** scale_of(cut.type))
        return min(max(held, cut.type.low), cut.type.high)
    return None
