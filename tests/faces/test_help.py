"""`siyu help`: every word of the language has a page, and every page is complete."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from syrupy.assertion import SnapshotAssertion

from siyu.faces.cli import COMMANDS, command
from siyu.faces.concepts import CONCEPTS, Concept
from siyu.faces.help import drawn, found, topics
from siyu.faces.pages import say_of_policy
from siyu.faces.synopsis import synopsis
from siyu.kinds import KINDS
from siyu.locale import speech
from siyu.syntax.keywords import keywords
from siyu.words import ENGLISH

HEAD = (
    'policy p\n  language 1\n  timezone "Asia/Shanghai"\n  currency CNY\n  schema "retail.yaml"\n\n'
)
METRICS = """
metric orders_12m = count(orders over last 12 months)
metric spend_12m = sum(orders.amount over last 12 months)
metric aov = spend_12m / orders_12m
"""


def shown(*args: str) -> str:
    done = CliRunner().invoke(command, ["help", *args], env={"SIYU_LANG": "en"})
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("topic", ["incentive", "tier", "test", "holdout", "满", "unknown", "sum"])
def test_pages(topic: str, snapshot: SnapshotAssertion) -> None:
    assert shown(topic) == snapshot


def test_the_list_of_topics(snapshot: SnapshotAssertion) -> None:
    assert shown() == snapshot


@pytest.mark.parametrize("topic", topics())
def test_every_topic_has_a_page_in_both_languages(topic: str) -> None:
    for spoken in (ENGLISH, speech("zh")):
        pages = tuple(found(topic, spoken))
        assert pages, f"nothing is said about `{topic}`"
        assert all(drawn(page, spoken).strip() for page in pages)


@pytest.mark.parametrize("concept", [each for each in CONCEPTS if each.example], ids=str)
def test_examples_are_right(concept: Concept) -> None:
    said = say_of_policy(HEAD + METRICS + "\n" + concept.example)
    assert [each.text() for each in said.diagnostics if each.severity == "error"] == []


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda each: each.name)
def test_what_a_concept_sends_to_is_there(concept: Concept) -> None:
    for topic in concept.see:
        assert tuple(found(topic, ENGLISH))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.word)
def test_a_synopsis_begins_with_the_kind_in_either_language(kind: object) -> None:
    rule = getattr(kind, "word", "").replace(" ", "_")
    keyword = keywords().by_position[rule]
    assert synopsis(rule, "en", ENGLISH)[0].startswith(keyword.en[0])
    assert synopsis(rule, "zh", ENGLISH)[0].startswith(keyword.zh[0])


def test_no_synopsis_shows_a_name_of_the_grammar() -> None:
    names = {"expr", "sum", "path", "window", "order", "clause", "rider", "how_often", "amount"}
    for kind in KINDS:
        for language in ("en", "zh"):
            lines = synopsis(
                kind.word.replace(" ", "_"), "en" if language == "en" else "zh", ENGLISH
            )
            words = {word for line in lines for word in line.replace("[", " ").split()}
            assert not (names - {"sum"}) & words


def test_what_nobody_knows_gets_the_nearest() -> None:
    done = CliRunner().invoke(command, ["help", "incentve"], env={"SIYU_LANG": "en"})
    assert done.exit_code == 2
    assert "`incentive`" in done.output


def test_commands_are_topics() -> None:
    for name in COMMANDS:
        assert f"Usage: siyu {name}" in shown(name)
