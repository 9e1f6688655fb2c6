"""The corpus: what the language means, on every evaluator, and equal to the last byte."""

from __future__ import annotations

from functools import cache

import pytest

from siyu.api.policy import Policy
from tests.corpus.engines import ENGINES, compiled, outcome, policy_of, wrong
from tests.corpus.read import Case, Chapter, files, read

CHAPTERS: list[Chapter] = []
CASES: list[Case] = []
for _path in files():
    _chapters, _cases = read(_path)
    CHAPTERS += _chapters
    CASES += _cases
REFUSED = [chapter for chapter in CHAPTERS if chapter.errors is not None]


@cache
def policy(chapter_id: str) -> Policy:
    return policy_of(next(chapter for chapter in CHAPTERS if chapter.id == chapter_id))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_comes_out_as_written(case: Case, engine: str) -> None:
    assert wrong(case, outcome(case, policy(case.chapter.id), ENGINES[engine])) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_evaluator_writes_the_same_bytes(case: Case) -> None:
    found = {name: outcome(case, policy(case.chapter.id), ask) for name, ask in ENGINES.items()}
    assert len(set(found.values())) == 1, found


@pytest.mark.parametrize("chapter", REFUSED, ids=lambda chapter: chapter.id)
def test_a_policy_that_means_nothing_is_refused(chapter: Chapter) -> None:
    """Each line is a code, and behind `at` the text that the message points to."""
    made = compiled(chapter)
    texts = {"policy.siyu": chapter.policy, **chapter.used}
    found = [
        f"{d.code} at {texts[d.span.file][d.span.start : d.span.end]}" for d in made.diagnostics
    ]
    assert found == list(chapter.errors or ())
    assert made.program is None


def test_cases_have_names_of_their_own() -> None:
    ids = [case.id for case in CASES]
    assert len(ids) == len(set(ids))
    assert len(CASES) >= 200
