"""The three faces of an explanation: text, a page, and JSON, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise, product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from syrupy.assertion import SnapshotAssertion

import siyu
from siyu.explain.document import ExplanationModel, document_of, explanation_schema
from siyu.explain.html import html_of
from siyu.explain.model import Explanation, Level, Outcome, Step
from siyu.explain.text import lines_of, text_of
from siyu.faces.schema import published
from siyu.locale import speech
from siyu.text import width
from siyu.words import TONGUES, Tongue
from tests.agreement.engine import compiled_policy, with_cuts
from tests.explain.samples import EVERYTHING, GIVEN, LEVEL, PERSONAL, SOURCES, STOPPED, explained
from tests.strategies.customers import People
from tests.strategies.policies import Maker

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "policies/retail_membership"
SCHEMA = ROOT / "docs/reference/explanation.schema.json"
LEVELS: tuple[Level, ...] = ("line", "short", "full")


@pytest.fixture(scope="module")
def real() -> tuple[siyu.Policy, tuple[Explanation, ...]]:
    """Explanations of every member of the retail policy: why, and why not what they did not get."""
    policy = siyu.load(PACK / "tour.siyu", calibration=PACK / "calibration.yaml", cache=False)
    made = []
    for name in ("customers.jsonl", "events.jsonl"):
        for line in (PACK / name).read_text(encoding="utf-8").splitlines():
            request = json.loads(line)
            made.append(policy.explain(request))
            made.append(policy.explain(request, why_not="wakeup_push"))
    asked = json.loads((PACK / "customers.jsonl").read_text(encoding="utf-8").splitlines()[1])
    made.append(policy.explain(asked, "member_level", what_if=True))
    return policy, tuple(made)


# ---------------------------------------------------------------- text


@pytest.mark.parametrize(("level", "tongue"), tuple(product(LEVELS, TONGUES)))
def test_text(level: Level, tongue: Tongue, snapshot: SnapshotAssertion) -> None:
    assert text_of(EVERYTHING, speech(tongue), level) == snapshot


def test_what_stopped_it_comes_first() -> None:
    text = text_of(explained(STOPPED), speech("en"))
    assert text.index("What stopped it") < text.index("Its conditions")


def test_a_why_not_says_so() -> None:
    told = explained(PERSONAL, why_not=True)
    assert "Why not" in text_of(told, speech("en"))
    assert "为什么没有" in html_of(told, speech("zh"))


@pytest.mark.parametrize("columns", [40, 60, 100])
def test_lines_fit_their_columns_and_keep_their_guides(columns: int) -> None:
    lines = text_of(EVERYTHING, speech("zh"), "full", columns).splitlines()
    assert max(map(width, lines)) <= columns
    for above, line in pairwise(lines):
        for column, char in enumerate(line):
            if char in "├└" and column > 2:  # it hangs on a guide or on the mark of its row
                assert above[column] in "│├✓✗?■○▼·→↗", (above, line)


def test_what_a_terminal_would_obey_is_gone() -> None:
    for level, tongue in product(LEVELS, TONGUES):
        assert "\x1b" not in text_of(explained(LEVEL), speech(tongue), level)
        for line in lines_of(explained(LEVEL), speech(tongue), level):
            assert all("\x1b" not in text for _, text in line)


def test_personal_values_are_masked() -> None:
    for tongue in TONGUES:
        said = speech(tongue)
        assert "birthday  •••" in text_of(explained(PERSONAL), said)
        (outcome,) = document_of(explained(PERSONAL), said)["outcomes"]
        hidden = outcome["steps"][0]["below"][0]["value"]
        assert hidden == {"value": None, "text": "•••", "hidden": True}
        assert "0001" not in html_of(explained(PERSONAL), said)


# ---------------------------------------------------------------- the page

VOID = ("meta", "br", "link", "img", "input")


class Page(HTMLParser):
    """Reads a page, and minds that every element ends where it should."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)


@pytest.mark.parametrize("tongue", TONGUES)
def test_a_page(tongue: Tongue, snapshot: SnapshotAssertion) -> None:
    page = html_of(explained(GIVEN, STOPPED), speech(tongue), SOURCES)
    begin, end = page.index("<style>"), page.index("</style>")
    assert page[:begin] + page[end:].replace("<li", "\n<li").replace("<div", "\n<div") == snapshot


@pytest.mark.parametrize("tongue", TONGUES)
def test_a_page_needs_nothing_else_and_obeys_nobody(tongue: Tongue) -> None:
    text = html_of(EVERYTHING, speech(tongue), SOURCES)
    page = Page(text)
    for tag, attributes in page.tags:
        assert tag not in ("script", "link", "img", "iframe", "object", "base", "form")
        assert not {"src", "srcset", "action", "onclick", "onload"} & attributes.keys()
        assert attributes.get("href", "#").startswith("#")
    assert "://" not in text and "url(" not in text and "@import" not in text
    assert "<script>alert(1)</script>" in "".join(page.words), "the label is shown, not obeyed"
    assert "\x1b" not in text


def test_every_outcome_of_a_page_can_be_linked_to() -> None:
    page = Page(html_of(EVERYTHING, speech("en"), SOURCES))
    ids = [attributes["id"] for tag, attributes in page.tags if tag == "article"]
    assert ids == ["wakeup", "wakeup", "level", "baby"]


def test_many_outcomes_are_lines_that_open() -> None:
    many = html_of(EVERYTHING, speech("en"), SOURCES)
    assert many.count("<article") == many.count('class="card"><details><summary>') == 4
    assert "<article" in html_of(explained(GIVEN), speech("en"))
    assert "<details><summary><span" not in html_of(explained(GIVEN), speech("en"))


def test_a_page_shows_the_policy_with_its_verdicts() -> None:
    page = html_of(explained(STOPPED), speech("en"), SOURCES)
    assert '<mark class="stopped decisive">limit 1 per 90 days</mark>' in page
    assert '<mark class="unknown">tags has &quot;vip&quot;</mark>' in page
    assert "忠诚会员" not in page, "other declarations are not shown"


def test_python_gets_the_same(real: tuple[siyu.Policy, tuple[Explanation, ...]]) -> None:
    policy, (explanation, *_) = real
    sources = policy.compiled.sources
    assert explanation.html("zh") == html_of(explanation, speech("zh"), sources)
    assert explanation.to_dict() == document_of(explanation, speech("en"), sources)
    assert explanation.text("zh", "short") == text_of(explanation, speech("zh"), "short")


def test_whatever_a_policy_says_can_be_written() -> None:
    validator = Draft202012Validator(explanation_schema())
    written = 0
    for seed in range(12):
        rng = Random(seed)
        compiled = compiled_policy(Maker(rng).policy())
        if compiled.program is None:
            continue
        policy = with_cuts(compiled, rng)
        request = People(rng, policy.program.timezone).request()
        explanation = policy.explain(request, what_if=seed < 3)
        for tongue in TONGUES:
            for level in LEVELS:
                lines = explanation.text(tongue, level).splitlines()
                assert all(line == line.rstrip() for line in lines)
                if level == "line":
                    assert max(map(width, lines)) <= 100
            Page(explanation.html(tongue))
            validator.validate(json.loads(json.dumps(explanation.to_dict(tongue))))
            written += len(explanation.outcomes)
    assert written > 100


def test_a_bar_shows_how_far_a_level_is() -> None:
    assert 'aria-label="88.0%"' in html_of(explained(LEVEL), speech("en"))


def test_pages_of_real_explanations_are_well_formed(
    real: tuple[siyu.Policy, tuple[Explanation, ...]],
) -> None:
    policy, explanations = real
    for explanation, tongue in product(explanations, TONGUES):
        page = Page(html_of(explanation, speech(tongue), policy.compiled.sources))
        words = "".join(page.words)
        for outcome in explanation.outcomes:
            assert speech(tongue).of(outcome.headline).replace("`", "") in words


# ---------------------------------------------------------------- JSON


@pytest.mark.parametrize("tongue", TONGUES)
def test_a_document(tongue: Tongue, snapshot: SnapshotAssertion) -> None:
    made = document_of(explained(STOPPED, PERSONAL), speech(tongue), SOURCES)
    assert json.dumps(made, ensure_ascii=False, indent=1) == snapshot


def test_documents_fit_the_published_schema(
    real: tuple[siyu.Policy, tuple[Explanation, ...]],
) -> None:
    policy, explanations = real
    validator = Draft202012Validator(explanation_schema())
    for explanation, tongue in product((*explanations, EVERYTHING), TONGUES):
        made = document_of(explanation, speech(tongue), policy.compiled.sources)
        written = json.dumps(made, ensure_ascii=False)
        validator.validate(json.loads(written))
        assert ExplanationModel.model_validate_json(written).model_dump() == made


def test_machine_values_are_those_of_decisions(
    real: tuple[siyu.Policy, tuple[Explanation, ...]],
) -> None:
    policy, _ = real
    request = json.loads((PACK / "customers.jsonl").read_text(encoding="utf-8").splitlines()[1])
    decided = policy.decide(request).to_dict()["metrics"]
    made = document_of(policy.explain(request), speech("zh"), policy.compiled.sources)
    shown = {step["text"]: step["value"]["value"] for each in made["outcomes"]
             for step in _deep(each["steps"]) if step["value"] is not None}  # fmt: skip
    named = {name: value for name, value in decided.items()
             if f"{policy.compiled.labels[name]} ({name})" in shown}  # fmt: skip
    assert len(named) >= 3
    for name, value in named.items():
        assert shown[f"{policy.compiled.labels[name]} ({name})"] == value


def test_places_lead_to_the_text(real: tuple[siyu.Policy, tuple[Explanation, ...]]) -> None:
    policy, explanations = real
    seen = 0
    for explanation in explanations:
        made = document_of(explanation, speech("en"), policy.compiled.sources)
        for outcome, told in zip(explanation.outcomes, made["outcomes"], strict=True):
            for step, plain in zip(_steps(outcome), _deep(_all(told)), strict=True):
                place, source = plain["place"], policy.compiled.sources.get(step.span.file)
                if place is None or source is None:
                    continue
                assert source.line(place["line"])[place["column"] - 1 :].startswith(
                    source.text[step.span.start : step.span.end].split("\n")[0]
                )
                seen += 1
    assert seen > 100


def _all(outcome: dict[str, Any]) -> list[dict[str, Any]]:
    return [*outcome["steps"], *outcome["chain"], *outcome["progress"]]


def _deep(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for step in steps:
        yield step
        yield from _deep(step["below"])


def _steps(outcome: Outcome) -> Iterator[Step]:
    waiting = [*outcome.steps, *outcome.chain, *outcome.progress]
    while waiting:
        step = waiting.pop(0)
        yield step
        waiting[:0] = step.below


def test_the_published_schema_is_not_stale() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == published(explanation_schema()), (
        "docs/reference/explanation.schema.json is stale: write it again with "
        "`siyu schema explanation`"
    )
