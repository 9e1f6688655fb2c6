"""The page of a diagnostic: what is meant, a wrong and a right example, and what siyu says of them.

Examples are compiled to be shown, with the facts that the retail policy has.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from siyu.compiler import Pack, Used, lower_pack
from siyu.diagnostics import Diagnostic
from siyu.explain.text_lines import plain
from siyu.explain.text_lines import wrapped as in_columns
from siyu.faces.catalogue import (
    is_calendar_code,
    is_published_code,
    is_schema_code,
    is_settings_code,
)
from siyu.faces.render import COLON, PLAIN, render
from siyu.lint import SETTINGS, findings, read_settings
from siyu.resources import resource
from siyu.schema import Loaded, load_schema
from siyu.schema.calendars import load_calendar
from siyu.schema.messages import EXAMPLE, load_messages
from siyu.syntax.parse import parse
from siyu.text import Source
from siyu.words import ENGLISH, Speech, say

POLICY, SCHEMA, CALENDAR = "policy.siyu", "retail.yaml", "calendar.yaml"
MESSAGES = "messages.yaml"
WRONG, RIGHT = say("Wrong:"), say("Right:")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an example, in source order."""

    diagnostics: tuple[Diagnostic, ...]
    sources: dict[str, Source]


@cache
def _facts(text: str) -> tuple[Source, Loaded]:
    source = Source.of(SCHEMA, text)
    return source, load_schema(source, "CNY")


def _retail() -> str:
    return resource("policies", "retail_membership", SCHEMA).read_text(encoding="utf-8")


def say_of_policy(text: str, facts: str = "", lint: str = "") -> Said:
    """What is said of a policy, by lints only by that of the code `lint`. One that names
    `retail.yaml` gets `facts`, the text of a schema file, or those of the retail policy."""
    source = Source.of(POLICY, text)
    parsed = parse(source)
    sources = {POLICY: source}
    header = parsed.file.header
    if parsed.file.uses:
        return _in_a_folder(text)
    loaded = None
    if header is not None and header.schema is not None and header.schema.value == SCHEMA:
        sources[SCHEMA], loaded = _facts(facts or _retail())
    messages = None
    if header is not None and header.messages is not None:
        sources[MESSAGES] = Source.of(MESSAGES, EXAMPLE)
        messages = load_messages(sources[MESSAGES])
    pack = Pack((Used(POLICY, parsed),), loaded, sources, messages=messages)
    lowered = lower_pack(pack)
    found = lowered.diagnostics
    if lint and not lowered.broken:
        found += tuple(each for each in findings(pack, lowered.build, {}) if each.code == lint)
    return Said(found, sources)


def _in_a_folder(text: str) -> Said:
    """What is said of a policy that uses other files, where there are none."""
    from siyu import api

    with TemporaryDirectory(prefix="siyu-") as folder:
        path = Path(folder, POLICY)
        path.write_text(text, encoding="utf-8")
        checked = api.check(path, lints=False)
    return Said(checked.diagnostics, dict(checked.sources))


def say_of_published(kind: type[Diagnostic], example: str) -> Said:
    """What is said of a policy beside the `published.yaml` of the right example; that of a policy
    without frozen rules was edited beside the wrong one."""
    from siyu import api
    from siyu.api.publishing import publish

    with TemporaryDirectory(prefix="siyu-") as folder:
        path = Path(folder, POLICY)
        path.write_text(kind.right, encoding="utf-8")
        if "frozen" in kind.right:
            publish(path, dt.date(2026, 10, 1))
        elif example == kind.wrong:
            path.with_name("published.yaml").write_text("published: 1\n", "utf-8")
        path.write_text(example, encoding="utf-8")
        checked = api.check(path, lints=False)
    return Said(checked.diagnostics, dict(checked.sources))


def say_of_schema(text: str) -> Said:
    """What is said of a schema file."""
    source = Source.of(SCHEMA, text)
    return Said(load_schema(source).diagnostics, {SCHEMA: source})


def say_of_settings(text: str) -> Said:
    """What is said of a `siyu.yaml`."""
    source = Source.of(SETTINGS, text)
    return Said(read_settings(source).diagnostics, {SETTINGS: source})


def say_of_calendar(text: str) -> Said:
    """What is said of a calendar."""
    source = Source.of(CALENDAR, text)
    return Said(load_calendar(source).diagnostics, {CALENDAR: source})


def say_of(kind: type[Diagnostic], example: str) -> Said:
    """What is said of an example: a schema file, a `siyu.yaml`, a calendar or a policy."""
    if is_schema_code(kind.code):
        return say_of_schema(example)
    if is_settings_code(kind.code):
        return say_of_settings(example)
    if is_calendar_code(kind.code):
        return say_of_calendar(example)
    if is_published_code(kind.code):
        return say_of_published(kind, example)
    lint = kind.code if kind.code.startswith("W07") else ""
    return say_of_policy(example, kind.example_facts, lint)


def examples_of(kind: type[Diagnostic]) -> tuple[tuple[Diagnostic, ...], dict[str, Source]]:
    """The diagnostics of this code that its wrong example earns, and their sources."""
    said = say_of(kind, kind.wrong)
    return tuple(each for each in said.diagnostics if each.code == kind.code), said.sources


def message_for(kind: type[Diagnostic], speech: Speech = ENGLISH) -> str:
    """What the wrong example of a diagnostic makes siyu print, of this code only."""
    own, sources = examples_of(kind)
    return "\n\n".join(render(each, sources, PLAIN, speech) for each in own)


def headline(kind: type[Diagnostic], speech: Speech = ENGLISH) -> str:
    """A diagnostic's message with `…` for what differs from case to case; the example's message
    where nothing else would be left."""
    kept = re.sub(r"\{[^}]*\}", "…", speech.text(kind.message))
    if any(char.isalpha() for char in kept):
        return kept
    own, _ = examples_of(kind)
    return own[0].text(speech)


def page_text(kind: type[Diagnostic], speech: Speech = ENGLISH) -> str:
    """The page for a terminal."""
    parts = [
        f"{kind.code}{COLON[speech.tongue]}{headline(kind, speech)}",
        wrapped(speech.text(kind.page.strip())),
        speech.of(WRONG),
        _indented(kind.wrong),
        _indented(message_for(kind, speech)),
        speech.of(RIGHT),
        _indented(kind.right),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def wrapped(text: str, room: int = 80) -> str:
    """Paragraphs in lines of so many columns; what is indented or a list stays as it is."""
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join(
        each if each.startswith((" ", "-", "|", "`" * 3)) else _filled(each, room)
        for each in paragraphs
    )


def _filled(paragraph: str, room: int) -> str:
    """
    >>> _filled("第一行，\\n第二行", 80), _filled("one\\ntwo", 80)
    ('第一行，第二行', 'one two')
    """
    whole = re.sub(r"(?<=[^\x00-\u2e7f])\n(?=[^\x00-\u2e7f])", "", paragraph).replace("\n", " ")
    return "\n".join(plain(line) for line in in_columns((("", whole),), room))


MAX_LINE = 200  # some examples are wrong by being long


def _indented(text: str) -> str:
    lines = (cut(line) for line in text.strip("\n").split("\n"))
    return "\n".join(f"    {line}".rstrip() for line in lines)


def cut(line: str) -> str:
    """A line without what nobody wants to scroll through.

    >>> len(cut("#" * 1_000_000))
    201
    """
    return line if len(line) <= MAX_LINE else f"{line[:MAX_LINE]}…"
