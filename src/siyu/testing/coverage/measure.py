"""Which rules and conditions of a policy its tests show, and how.

A test shows something of a rule only if it expects something that hangs on that rule: a test that
expects nothing of a rule would pass whatever the rule says. Of such a rule it shows every condition
that was evaluated for it, on the whole of the rule, not only on what the expectation reads. Tests
that fail show nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from siyu.api.deciding import make_reader
from siyu.api.policy import Policy
from siyu.compiler import of_library
from siyu.core.compiled import TestCase
from siyu.core.ir import Held, Input
from siyu.core.passes import needs_of, specialise
from siyu.core.passes.prune import needed
from siyu.core.program import Binding, Program
from siyu.core.walk import walk
from siyu.records import Reader, Rejection
from siyu.testing.coverage.lens import Lens, look
from siyu.testing.coverage.model import ConditionCoverage, Coverage, Goal, RuleCoverage, Shown
from siyu.testing.coverage.reach import Reachable
from siyu.testing.coverage.rules import Condition, Rule, conditions_of, goals_of, rules_of
from siyu.testing.persona import request_of
from siyu.text import NOWHERE, Span
from siyu.words import Said

__all__ = ["Aims", "Coverage", "measure"]


class Aims:
    """What there is to show of one policy. The rules of a library are shown by its own tests."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.program = policy.program
        self.kinds = policy.compiled.kinds
        self.rules: Mapping[str, Rule] = rules_of(self.program, self.kinds)
        self.conditions = conditions_of(self.program, self.rules, self.kinds)
        goals = goals_of(self.program, self.rules, self.conditions)
        ours = {goal.rule: not of_library(self.place(goal.rule).file) for goal in goals}
        self.goals = tuple(goal for goal in goals if ours[goal.rule])
        self._lenses: dict[object, Lens] = {}
        self._readers: dict[int, tuple[Lens, Reader]] = {}

    def place(self, name: str) -> Span:
        """Where a declaration is named, or else its first condition."""
        rule = self.rules.get(name)
        for binding in self.program.bindings:
            own = binding.name == name or (rule is not None and binding.name == rule.main)
            if own and binding.span is not NOWHERE:
                return binding.span
        spans = [each.node.span for each in self.conditions if each.owner == name]
        return min(spans, key=lambda span: (span.start, -span.end), default=NOWHERE)

    def narrowed(self, names: Iterable[str], own: Sequence[Binding] = ()) -> Program:
        """The program of these bindings and all that they are built on."""
        bindings = needed((*self.program.bindings, *own), names)
        read = {
            node.name
            for binding in bindings
            for node in walk(binding.expr)
            if isinstance(node, Input) and node.origin == "cut"
        }
        return replace(
            self.program,
            bindings=bindings,
            cuts=tuple(cut for cut in self.program.cuts if cut.name in read),
            needs=needs_of(bindings, self.policy.compiled.tables),
            parts=(),
        )

    def lens(
        self, names: Iterable[str], cuts: Mapping[str, Held], own: Sequence[Binding] = ()
    ) -> Lens:
        """A lens on the program of these bindings, with these population values."""
        wanted = tuple(sorted(set(names)))
        key = (wanted, tuple(sorted(cuts.items())), tuple(id(binding) for binding in own))
        if key not in self._lenses:
            program = specialise(self.narrowed(wanted, own), cuts, {})
            self._lenses[key] = Lens(program, self.rules, self.kinds)
        return self._lenses[key]

    def reader(self, lens: Lens) -> Reader:
        """What reads records for the program of a lens."""
        if id(lens) not in self._readers:
            made = make_reader(self.policy.compiled.schema, lens.program)
            self._readers[id(lens)] = (lens, made)
        return self._readers[id(lens)][1]

    def observed(self, names: Iterable[str], own: Sequence[Binding] = ()) -> tuple[str, ...]:
        """The rules that bindings hang on."""
        bindings = {b.name for b in needed((*self.program.bindings, *own), names)}
        return tuple(
            rule.name
            for rule in self.rules.values()
            if rule.main in bindings or any(name in bindings for name in rule.shown)
        )


def measure(
    policy: Policy,
    tests: Sequence[TestCase] | None = None,
    failed: Collection[str] = frozenset(),
) -> Coverage:
    """What the tests of a policy show of it: all its tests, or these. `failed` are titles of tests
    that are known to fail; whatever expects something that does not hold fails anyhow."""
    aims = Aims(policy)
    shown: dict[Goal, dict[str, None]] = {goal: {} for goal in aims.goals}
    left_out: list[str] = []
    for case in policy.tests if tests is None else tests:
        found = None if case.title in failed else goals_shown(case, aims)
        if found is None:
            left_out.append(case.title)
            continue
        for goal in found:
            if goal in shown:
                shown[goal][case.title] = None
    return _told(aims, shown, tuple(left_out))


def goals_shown(case: TestCase, aims: Aims) -> tuple[Goal, ...] | None:
    """The goals that one test shows; None where it fails or cannot be run."""
    request = request_of(case, aims.policy)
    if isinstance(request, Said):
        return None
    expected = tuple(expectation.binding for expectation in case.expectations)
    observed = aims.observed(expected, case.bindings)
    if case.decisions:  # they show every rule
        observed = tuple(name for name, r in aims.rules.items() if r.decided_on(case.event))
    wide = [name for rule in observed for name in aims.rules[rule].shown]
    for names in ((*expected, *wide), expected):
        lens = aims.lens(names, case.cuts, case.bindings)
        read = aims.reader(lens)(request)
        if isinstance(read, Rejection) or any(c.name not in case.cuts for c in lens.program.cuts):
            continue
        seen = look(lens.program, read)
        if any(seen.values[name] is not True for name in expected):
            return None
        return tuple(lens.shows(seen, [rule for rule in observed if rule in lens.rules]))
    return None


# ---------------------------------------------------------------- put together


def _told(
    aims: Aims, shown: Mapping[Goal, Mapping[str, None]], left_out: tuple[str, ...]
) -> Coverage:
    reachable = Reachable(aims.program, aims.rules, aims.conditions)
    by_rule: dict[str, list[Shown]] = {}
    for goal, titles in shown.items():
        reason = None if titles else reachable.reason(goal)
        by_rule.setdefault(goal.rule, []).append(Shown(goal, tuple(titles), reason))
    places: dict[str, Condition] = {}
    for condition in aims.conditions:
        places.setdefault(condition.code, condition)
    rules = [
        _rule(name, kind, by_rule[name], places, aims)
        for name, kind in aims.kinds.items()
        if name in by_rule
    ]
    return Coverage(aims.policy.name, tuple(sorted(rules, key=_source_order)), left_out)


def _rule(
    name: str,
    kind: str,
    shown: Sequence[Shown],
    places: Mapping[str, Condition],
    aims: Aims,
) -> RuleCoverage:
    of_rule = tuple(s for s in shown if s.goal.aim not in _CONDITION)
    codes = dict.fromkeys(s.goal.code for s in shown if s.goal.aim in _CONDITION)
    conditions = [
        ConditionCoverage(
            code,
            places[code].node.span,
            tuple(s for s in shown if s.goal.code == code and s.goal.aim in _CONDITION),
        )
        for code in codes
    ]
    conditions.sort(key=lambda each: (each.span.start, -each.span.end, each.code))
    label = aims.policy.compiled.labels.get(name, name)
    return RuleCoverage(name, kind, label, aims.place(name), of_rule, tuple(conditions))


_CONDITION = ("true", "false", "unknown", "decides_true", "decides_false")


def _source_order(rule: RuleCoverage) -> tuple[str, int]:
    return rule.span.file, rule.span.start


def unmet(coverage: Coverage) -> Iterator[Shown]:
    """The goals that no test shows and some could."""
    return (shown for shown in coverage.counted if not shown.met)
