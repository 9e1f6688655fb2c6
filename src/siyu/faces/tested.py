"""Policies with how their tests came out, and the decisions that tests keep in files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from siyu.faces.options import fail, pack_folder
from siyu.faces.outputs import Outputs
from siyu.faces.progress import Progress
from siyu.words import Words, of_system, say

if TYPE_CHECKING:
    from siyu.api import Policy, PolicyError
    from siyu.testing import TestResult
    from siyu.text import Source

SHOWN = 8  # titles that are listed where no other is near


@dataclass(frozen=True, slots=True)
class Tested:
    """One policy: its results, or why it could not be run."""

    path: str
    policy: Policy | None = None
    results: tuple[TestResult, ...] = ()
    error: PolicyError | None = None
    unread: Words = ""
    sources: Mapping[str, Source] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether it could be run and every test passed."""
        return self.error is None and not self.unread and all(r.passed for r in self.results)

    @property
    def titles(self) -> tuple[str, ...]:
        """What its tests are called."""
        return () if self.policy is None else tuple(case.title for case in self.policy.tests)


def loaded(path: str) -> Tested:
    """A policy whose tests are still to be run."""
    from siyu import api
    from siyu.faces.render import seen_from_here

    try:
        policy = api.load(path)
        sources = seen_from_here(policy.compiled.sources, pack_folder(path))
        return Tested(path, policy, sources=sources)
    except api.PolicyError as error:
        return Tested(path, error=error, sources=seen_from_here(error.sources, pack_folder(path)))
    except api.InputFileError as error:
        return Tested(path, unread=error.message)


def run(tested: Sequence[Tested], names: Sequence[str], progress: Progress) -> list[Tested]:
    """All of them with the results of the tests that are asked for."""
    from siyu.testing import run_tests

    def step() -> None:
        progress.advance(1)

    return [
        each if each.policy is None
        else replace(each, results=run_tests(each.policy, names, step))
        for each in tested
    ]  # fmt: skip


def check_names(tested: Sequence[Tested], names: Sequence[str], form: str) -> None:
    """Fails where a text stands in no title, and says what may be meant: a run of no tests would
    look like one in which all pass."""
    from siyu.testing import matches, near_titles

    if any(each.policy is None for each in tested):
        return  # the test that is meant may stand in a policy that cannot be read
    titles = tuple(dict.fromkeys(title for each in tested for title in each.titles))
    for name in names:
        if any(matches(title, name) for title in titles):
            continue
        near = near_titles(name, titles)
        hint: Words = say("there are no tests at all")
        if near:
            hint = say("perhaps one of these is meant: {titles}", titles=near)
        elif titles:
            hint = say("there are {titles}", titles=titles[:SHOWN])
            if len(titles) > SHOWN:
                more = len(titles) - SHOWN
                hint = say("there are {titles}, and {more} more", titles=titles[:SHOWN], more=more)
        fail(say("no test has `{name}` in its title", name=name), hint, form)


# ---------------------------------------------------------------- decisions in files


def write_decisions(tested: Sequence[Tested], form: str) -> list[str]:
    """Writes every file that does not hold the decision made now: all of them, or none.

    Fails where two tests disagree about a file, or it cannot be written.
    """
    wanted: dict[Path, str] = {}
    for path, text in _decisions(tested):
        if wanted.setdefault(path, text) != text:
            said = say("two tests expect different decisions in `{path}`", path=str(path))
            fail(said, say("give each of them a file of its own"), form, code=1)
    try:
        with Outputs() as outputs:
            for path, text in wanted.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                outputs.open(path).write(text.encode())
            outputs.keep()
    except OSError as error:
        why = of_system(error)
        fail(say("the decisions cannot be written: {why}", why=why), "", form)
    return [str(path) for path in wanted]


def _decisions(tested: Sequence[Tested]) -> Iterator[tuple[Path, str]]:
    """Files that are new or would change. Evaluators that do not agree change nothing, and neither
    does a file that holds something else."""
    for each in tested:
        results = each.results
        for one, other in zip(results[::2], results[1::2], strict=True):
            for kept, again in zip(one.kept, other.kept, strict=True):
                if not kept.same and kept.text == again.text:
                    yield pack_folder(each.path) / kept.file.path, kept.text
