"""The corpus: what the language means, on every evaluator, and equal to the last byte."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import settings

from siyu.api.policy import Policy
from siyu.population.engines.spark import SparkEngine
from siyu.records import Rejection
from tests.agreement.sql import documents
from tests.corpus.engines import (
    BATCHES,
    ENGINES,
    EvaluateAll,
    compiled,
    outcome,
    outcomes,
    policy_of,
    wrong,
)
from tests.corpus.read import Case, Chapter, files, read

CHAPTERS: list[Chapter] = []
CASES: list[Case] = []
for _path in files():
    _chapters, _cases = read(_path)
    CHAPTERS += _chapters
    CASES += _cases
REFUSED = [chapter for chapter in CHAPTERS if chapter.errors is not None]


# Chapters that Spark plans for long: seconds each, where others take half of one. What they ask is
# asked of it in the long profile.
LONG_ON_SPARK = {
    "arbitration-1", "arbitration-2", "arbitration-5", "chinese-1", "contact-2", "contact-4",
    "contact-5", "contact-7", "limits-1", "limits-2", "names-1", "points_caps-2", "points_earn-1",
    "points_redeem-1", "points_redeem-2", "points_reverse-1", "points_reverse-2",
    "points_reverse-3", "time-3",
}  # fmt: skip


@cache
def policy(chapter_id: str) -> Policy:
    return policy_of(next(chapter for chapter in CHAPTERS if chapter.id == chapter_id))


class Asked:
    """What an engine that answers for many requests at once says of each case; chapter by chapter,
    when the first of its cases wants to know. Where a chapter fails, each of its cases does."""

    def __init__(self, evaluate: EvaluateAll) -> None:
        self.evaluate = evaluate
        self.found: dict[str, dict[str, bytes | Rejection] | Exception] = {}

    def about(self, case: Case) -> bytes | Rejection:
        chapter = case.chapter.id
        if chapter not in self.found:
            cases = [each for each in CASES if each.chapter.id == chapter]
            try:
                self.found[chapter] = outcomes(cases, policy(chapter), self.evaluate)
            except Exception as error:
                self.found[chapter] = error
        found = self.found[chapter]
        if isinstance(found, Exception):
            raise found
        return found[case.id]


ASKED = {name: Asked(evaluate) for name, evaluate in BATCHES.items()}


@pytest.fixture(scope="session")
def on_spark(spark: SparkEngine) -> Asked:
    """A query is dear there: cases at several moments share one that finds them in a column."""
    return Asked(
        lambda policy, reads: documents(
            spark, policy, reads, fixed=len({read.as_of for read in reads}) == 1
        )
    )


def spark_cases() -> list[Case]:
    """In the long profile all of them."""
    if settings.get_current_profile_name() == "long":
        return CASES
    return [case for case in CASES if case.chapter.id not in LONG_ON_SPARK]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "spark_case" in metafunc.fixturenames:
        metafunc.parametrize("spark_case", spark_cases(), ids=lambda case: case.id)


def asked(engine: str, case: Case) -> bytes | Rejection:
    if engine in ASKED:
        return ASKED[engine].about(case)
    return outcome(case, policy(case.chapter.id), ENGINES[engine])


@pytest.mark.parametrize("engine", [*ENGINES, *BATCHES])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_comes_out_as_written(case: Case, engine: str) -> None:
    assert wrong(case, asked(engine, case)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_evaluator_writes_the_same_bytes(case: Case) -> None:
    found = {name: asked(name, case) for name in (*ENGINES, *BATCHES)}
    assert len(set(found.values())) == 1, found


def test_a_case_comes_out_of_spark_as_written_and_in_the_same_bytes(
    spark_case: Case, on_spark: Asked
) -> None:
    found = on_spark.about(spark_case)
    assert wrong(spark_case, found) == []
    assert found == asked("python", spark_case)


@pytest.mark.parametrize("chapter", REFUSED, ids=lambda chapter: chapter.id)
def test_a_policy_that_means_nothing_is_refused(chapter: Chapter) -> None:
    """Each line is a code, and behind `at` the text that the message points to."""
    made = compiled(chapter)
    texts = {"policy.siyu": chapter.policy, **chapter.used, **chapter.calendars}
    found = [
        f"{d.code} at {texts[d.span.file][d.span.start : d.span.end]}" for d in made.diagnostics
    ]
    assert found == list(chapter.errors or ())
    assert made.program is None


def test_cases_have_names_of_their_own() -> None:
    ids = [case.id for case in CASES]
    assert len(ids) == len(set(ids))
    assert len(CASES) >= 200
    assert {case.chapter.id for case in CASES} >= LONG_ON_SPARK
