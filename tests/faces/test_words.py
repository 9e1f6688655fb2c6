"""Whatever people are told can be said in every language, and is said in Chinese.

A language that marks what it translates finds words that were never given to it: of a message said
in that language nothing is left but the marked, what stands in backticks, and codes.
"""

from __future__ import annotations

import importlib.util
import json
import re
import string
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from babel.dates import get_month_names
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

import siyu
from siyu.diagnostics import Diagnostic
from siyu.explain.text import text_of
from siyu.faces.catalogue import classes
from siyu.faces.pages import examples_of, page_text
from siyu.faces.render import PLAIN, as_json, render, summary
from siyu.syntax.parse import parse
from siyu.syntax.unparse import unparse
from siyu.text import Source
from siyu.words import say, say_n
from tests.faces.marking import MARKS, unsaid
from tests.faces.shell import ROOT

EVERY = pytest.mark.parametrize("kind", classes(), ids=lambda kind: kind.code)


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_translate", ROOT / "docs" / "translate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look for their module there
    spec.loader.exec_module(module)
    return module


TRANSLATE = script()
CATALOGUES = sorted(TRANSLATE.ZH.glob("*.po"))

# ---------------------------------------------------------------- the catalogues


def test_everything_is_said_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert TRANSLATE.main(["--check"]) == 0, capsys.readouterr().out


def test_texts_of_one_singular_have_one_plural(monkeypatch: pytest.MonkeyPatch) -> None:
    two = [
        TRANSLATE.Found("faces", name, ("1 row", many))
        for name, many in (("a.py", "{count} rows"), ("b.py", "{rows} rows"))
    ]
    monkeypatch.setattr(TRANSLATE, "texts", lambda: two)
    with pytest.raises(SystemExit, match="know a text by its singular"):
        TRANSLATE.wanted()


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_translation_keeps_facts_and_what_stands_in_backticks(path: Path) -> None:
    for message in messages(path):
        if not TRANSLATE.is_said(message):
            continue
        texts = every(message.id)
        for chinese in every(message.string):
            assert facts(chinese) == facts(texts[-1]), message.id
            assert with_facts(texts[-1]) <= with_facts(chinese), message.id
            assert len(quoted(texts[-1])) <= len(quoted(chinese)), message.id
            assert chinese not in texts, message.id


def messages(path: Path) -> list[Message]:
    """The texts of a catalogue with their translations."""
    with path.open("rb") as file:
        return [message for message in read_po(file, locale="zh") if message.id]


def every(texts: object) -> list[str]:
    """One text, or those for one and for many."""
    return [str(text) for text in texts] if isinstance(texts, list | tuple) else [str(texts)]


def facts(template: str) -> set[str]:
    """The names of the facts that fill a template; none where it is no template."""
    try:
        return {fact for _, fact, _, _ in string.Formatter().parse(template) if fact}
    except ValueError:
        return set()


def quoted(text: str) -> set[str]:
    """What stands in backticks, blocks of code left out; `5 yuan` may be `5 元` in Chinese."""
    return set(re.findall(r"`[^`]+`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))


def with_facts(text: str) -> set[str]:
    """What stands in backticks and names a fact."""
    return {each for each in quoted(text) if facts(each)}


# ---------------------------------------------------------------- a language that marks


def test_the_marking_language_finds_what_bypasses_it() -> None:
    assert unsaid(MARKS.of(say("`{name}` has {what}", name="a", what=say("no end")))) == []
    assert unsaid(MARKS.of(say("`{name}` has {what}", name="a", what="no end"))) == ["no", "end"]
    assert unsaid(MARKS.of(say_n("1 row", "{count} rows", 5))) == []


@EVERY
def test_every_message_is_said(kind: type[Diagnostic]) -> None:
    own, sources = examples_of(kind)
    for each in own:
        assert unsaid(render(each, {}, PLAIN, MARKS, more=True)) == []
        shown = as_json(each, sources, MARKS)
        assert unsaid(f"{shown['message']}\n{shown['label']}\n{shown['help']}") == []


@EVERY
def test_every_page_is_said(kind: type[Diagnostic]) -> None:
    blocks = page_text(kind, MARKS).split("\n\n")
    own = [block for block in blocks if not block.startswith("    ")]
    assert unsaid("\n\n".join(own[1:])) == []


def test_what_stands_around_messages_is_said() -> None:
    own, _ = examples_of(classes()[0])
    for found in ((), own, own * 2):
        assert unsaid(summary(found, 1, PLAIN, MARKS)) == []


# ---------------------------------------------------------------- explanations

PACK = ROOT / "policies" / "retail_membership"
MONTHS = set(get_month_names("abbreviated", locale="en").values())


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The retail policy in Chinese keywords, so that every Latin word in it is a name or data."""
    folder = tmp_path_factory.mktemp("retail")
    for path in PACK.iterdir():
        text = path.read_text("utf-8")
        if path.suffix == ".siyu":
            source = Source.of(path.name, text)
            text = unparse(parse(source).file, "zh", source)
        (folder / path.name).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("asked", [{}, {"why_not": "wakeup_push"}, {"what_if": True}], ids=str)
def test_every_explanation_is_said(asked: dict[str, Any], retail: Path) -> None:
    policy = siyu.load(retail / "tour.siyu", calibration=retail / "calibration.yaml", cache=False)
    own = set(re.findall(r"\w+", "".join(path.read_text("utf-8") for path in retail.iterdir())))
    for name in ("customers.jsonl", "events.jsonl"):
        for line in (retail / name).read_text("utf-8").splitlines():
            text = text_of(policy.explain(json.loads(line), **asked), MARKS, "full")
            flat = re.sub(r"\n[ │├└─]*", " ", text)  # what was broken over lines is whole again
            flat = re.sub(r"\[[\w.]+\]", " ", flat)  # what logs call a condition
            words = {word for each in unsaid(flat) for word in re.findall(r"\w*[A-Za-z]\w*", each)}
            assert words - own - MONTHS == set()
