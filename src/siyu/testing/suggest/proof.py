"""Records as tests, and the proof that these are right.

They are compiled with the policy and run, and only what they show then counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from siyu.api.files import read_files
from siyu.api.policy import Policy
from siyu.compiler import compile_pack
from siyu.core.compiled import Compiled
from siyu.locale import speech
from siyu.syntax import ast
from siyu.syntax.keywords import Language
from siyu.syntax.parse import parse
from siyu.syntax.unparse import main_language
from siyu.testing.coverage.measure import Aims, goals_shown, measure
from siyu.testing.coverage.model import Coverage, Goal
from siyu.testing.suggest.search import Found, Search
from siyu.testing.suggest.words import by_telling, comment_of, title_of
from siyu.testing.suggest.write import CannotWrite, test_node, test_text
from siyu.text import Source


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A test to be pasted, with what it shows that no other test shows."""

    title: str
    text: str
    goals: tuple[Goal, ...]


def verified(
    policy: Policy, search: Search, found: Sequence[Found], before: Coverage
) -> tuple[tuple[Suggestion, ...], Coverage]:
    """The tests that compile, pass, and show something; and the coverage with them."""
    writing = _Writing(policy, search)
    drafts = list(writing.nodes(_fewest(found)))
    cases = _compiled(policy, writing, drafts)
    aims = Aims(cases) if cases is not None else search.aims
    left = dict(search.wanted)
    made: list[Suggestion] = []
    by_title = {case.title: case for case in cases.tests} if cases is not None else {}
    for node in drafts:
        shown = goals_shown(by_title[node.title], aims) if node.title in by_title else None
        new = tuple(goal for goal in left if goal in (shown or ()))
        for goal in new:
            del left[goal]
        if new:
            made.append(Suggestion(node.title, writing.text(node, new), new))
    kept = {each.title for each in made}
    if cases is None:
        return (), before
    own = len(policy.tests)
    tests = [case for n, case in enumerate(cases.tests) if n < own or case.title in kept]
    return tuple(made), measure(cases, tests)


def _fewest(found: Sequence[Found]) -> list[Found]:
    """Records that show everything together, each the most of what is left."""
    left = {goal for each in found for goal in each.goals}
    waiting, chosen = list(enumerate(found)), []
    while left and waiting:
        place, best = max(waiting, key=lambda each: (len(each[1].goals & left), -each[0]))
        if not best.goals & left:
            break
        waiting.remove((place, best))
        chosen.append((place, best))
        left -= best.goals
    return [each for _, each in sorted(chosen, key=lambda each: each[0])]


@dataclass(slots=True)
class _Writing:
    """Writes tests into the policy's own file, in the language of its keywords."""

    policy: Policy
    search: Search
    tongue: Language = field(init=False)
    source: Source = field(init=False)
    taken: set[str] = field(init=False)
    texts: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        pack = read_files(self.policy.path).pack
        first = pack.files[0]
        self.source = pack.sources[first.path]
        self.tongue = main_language(first.parsed.file, self.source)
        self.texts = {
            condition.code: " ".join(pack.sources[span.file].text[span.start : span.end].split())
            for condition in self.search.aims.conditions
            if (span := condition.node.span).file in pack.sources
        }
        self.taken = {case.title for case in self.policy.tests}

    def nodes(self, found: Sequence[Found]) -> Iterator[ast.Test]:
        """The tests of records, each called by what those before it do not show."""
        left = dict(self.search.wanted)
        for each in found:
            new = [goal for goal in left if goal in each.goals]
            node = self._node(each, new) if new else None
            if node is not None:
                yield node
                for goal in new:
                    del left[goal]

    def _node(self, found: Found, goals: Sequence[Goal]) -> ast.Test | None:
        """A test of a record, under a title that no other has; None where it cannot be written."""
        title = self._title(goals)
        try:
            expected = self.search.expected(found)
            if not expected:
                return None
            program = self.policy.program
            node = test_node(title, self.search.told(found), expected, self.search.maker, program)
        except CannotWrite:
            return None
        self.taken.add(title)
        return node

    def _title(self, goals: Sequence[Goal]) -> str:
        """The first thing that the test shows and no other title says."""
        labels, talk = self.policy.compiled.labels, speech(self.tongue)
        titles = [
            title_of(goal, labels.get(goal.rule, ""), self.texts, talk)
            for goal in by_telling(goals)
        ]
        free = next((title for title in titles if title not in self.taken), None)
        number = 2
        while free is None:
            numbered = f"{titles[0]} {number}"
            free, number = None if numbered in self.taken else numbered, number + 1
        return free

    def text(self, node: ast.Test, goals: Sequence[Goal]) -> str:
        """The test as it is pasted, with what is asked of the person who does."""
        return comment_of(by_telling(goals), self.texts, speech(self.tongue)) + test_text(
            node, self.tongue
        )


def _compiled(policy: Policy, writing: _Writing, nodes: Sequence[ast.Test]) -> Policy | None:
    """The policy with the tests behind it; those that do not compile are left out."""
    for _ in range(2):
        compiled, bad = _attempt(policy, writing, nodes)
        if not bad:
            return Policy(compiled, policy.path)
        nodes = [node for node in nodes if node.title not in bad]
    return None


def _attempt(
    policy: Policy, writing: _Writing, nodes: Sequence[ast.Test]
) -> tuple[Compiled, set[str]]:
    """The compiled policy, and the titles of the tests that have mistakes."""
    pack = read_files(policy.path).pack
    first = pack.files[0]
    text = writing.source.text.rstrip("\n") + "\n"
    places: list[tuple[int, int, str]] = []
    for node in nodes:
        start = len(text)
        text += "\n" + test_text(node, writing.tongue)
        places.append((start, len(text), node.title))
    source = Source.of(first.path, text)
    used = replace(first, parsed=parse(source))
    sources = {**pack.sources, first.path: source}
    compiled = compile_pack(replace(pack, files=(used, *pack.files[1:]), sources=sources))
    bad = {
        title
        for found in compiled.diagnostics
        if found.severity == "error"
        for start, end, title in places
        if start <= found.span.start < end
    }
    return compiled, bad
