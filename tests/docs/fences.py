"""The examples in a page, and what they are put into so that they can be compiled and run.

An example is a fenced block. The word behind `siyu` says how it is read:

    siyu            a whole policy where it begins with `policy`, else declarations
    siyu holds      conditions that hold, one a line, on 2026-11-21 10:00 in Shanghai
    siyu error=E…   must be refused, with this code and no other
    siyu pack=…     with the facts and declarations of another pack than the retail policy
    siyu profiles   with the facts of profiles.yaml, which is beside this file

Declarations get the head of the retail policy, its facts, and those of its declarations that they
name and do not declare themselves. A `json request` block is decided about with the policy above
it, and the `json outcome` block behind it is part of that decision. A `yaml calibration` or `yaml
allocation` block is read with the policy above it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from siyu.api.policy import Policy
from siyu.compiler import Pack, Used, compile_pack
from siyu.core.compiled import Compiled
from siyu.resources import resource
from siyu.schema import load_schema
from siyu.schema.calendars import LoadedCalendar, load_calendar
from siyu.syntax import ast
from siyu.syntax.parse import parse
from siyu.text import Source, Span

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(siyu|json|yaml|python)([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
HEAD = (
    'policy shown\n  language 1\n  timezone "Asia/Shanghai"\n  currency CNY\n'
    '  schema "facts.yaml"\n\n'
)
MOMENT = "2026-11-21 10:00"
VALUES = ("calibration", "allocation")


@dataclass(frozen=True, slots=True)
class Fence:
    """One fenced block: its language, the words behind it, and the line it begins at."""

    page: str
    line: int
    language: str
    words: tuple[str, ...]
    text: str

    @property
    def error(self) -> str | None:
        """The code with which the example must be refused."""
        found = [word for word in self.words if word.startswith("error=")]
        return found[0].removeprefix("error=") if found else None

    @property
    def pack(self) -> str:
        """The pack whose facts and declarations are put around the example."""
        found = [word for word in self.words if word.startswith("pack=")]
        return found[0].removeprefix("pack=") if found else "retail_membership"

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def fences(page: str) -> tuple[Fence, ...]:
    """The blocks of a page, in order."""
    text = (ROOT / page).read_text("utf-8")
    return tuple(
        Fence(page, text.count("\n", 0, found.start()) + 1, found[1], tuple(found[2].split()),
              found[3])
        for found in FENCE.finditer(text)
    )  # fmt: skip


def policy_text(fence: Fence) -> str:
    """The whole policy that an example stands for."""
    text = fence.text
    if text.startswith(("policy ", "策略 ")):
        return text
    if "holds" in fence.words:
        lines = [line.partition("#")[0].strip() for line in text.splitlines()]
        expected = "".join(f"  expect {line}\n" for line in lines if line)
        text = f'test "holds" at {MOMENT}\n  given customer\n    member_id = "M1"\n{expected}'
    return HEAD + _around(text, fence.pack) + text


def _around(text: str, pack: str) -> str:
    """The pack's declarations that a text names, directly or through others, and does not have."""
    ours = _declarations(text)
    theirs = frame(pack)
    wanted: dict[str, str] = {}
    waiting = [text]
    while waiting:
        for word in re.findall(r"\w+", _without_texts(waiting.pop())):
            if word in theirs and word not in ours and word not in wanted:
                wanted[word] = theirs[word]
                waiting.append(theirs[word])
    return "".join(f"{each}\n" for each in wanted.values())


def _without_texts(text: str) -> str:
    """A policy's text without what stands in quotes, except the names of values in it."""
    return re.sub(r'"[^"\n]*"', lambda found: " ".join(re.findall(r"\{(.*?)\}", found[0])), text)


@cache
def frame(pack: str) -> dict[str, str]:
    """The declarations of a pack by their names."""
    folder = resource("policies", pack)
    found: dict[str, str] = {}
    for file in ("tour.siyu", "rfm.siyu", "policy.siyu"):
        if (folder / file).is_file():
            found.update(_declarations((folder / file).read_text(encoding="utf-8")))
    return found


def _declarations(text: str) -> dict[str, str]:
    source = Source.of("frame.siyu", HEAD + text if "policy " not in text[:200] else text)
    parsed = parse(source)
    return {
        node.name.text: source.text[node.span.start : node.span.end] + "\n"
        for node in parsed.file.declarations
        if not isinstance(node, ast.Test)
    }


def compiled(fence: Fence) -> Compiled:
    """What the compiler makes of an example."""
    source = Source.of("example.siyu", policy_text(fence))
    folder = resource("policies", fence.pack)
    name = "retail.yaml" if (folder / "retail.yaml").is_file() else "schema.yaml"
    facts = Source.of(name, (folder / name).read_text(encoding="utf-8"))
    if "profiles" in fence.words:
        facts = Source.of(name, Path(__file__).with_name("profiles.yaml").read_text("utf-8"))
    used = Used("example.siyu", parse(source))
    sources = {source.name: source, facts.name: facts}
    days = _calendars(used)
    return compile_pack(Pack((used,), load_schema(facts, "CNY"), sources, calendars=days))


def _calendars(used: Used) -> dict[Span, LoadedCalendar]:
    """The calendars of an example are those that packs share."""
    found = {}
    for node in used.parsed.file.declarations:
        if isinstance(node, ast.Calendar):
            shared = resource("policies", "shared", node.path.value)
            text = shared.read_text(encoding="utf-8")
            found[node.path.span] = load_calendar(Source.of(node.path.value, text))
    return found


def policy_of(fence: Fence) -> Policy:
    """The policy of an example that must be right."""
    made = compiled(fence)
    assert made.program is not None, said(made)
    return Policy(made, Path("example.siyu"))


def said(made: Compiled) -> list[str]:
    """What is wrong with a policy, as lines."""
    return [f"{each.code} {each.text()}" for each in made.diagnostics]


def values_files(page: str) -> Iterator[tuple[Fence, Fence]]:
    """The calibrations and allocations that a page shows, each with the policy above it."""
    policy: Fence | None = None
    for fence in fences(page):
        if fence.language == "siyu":
            policy = fence
        elif fence.language == "yaml" and fence.words and fence.words[0] in VALUES:
            assert policy is not None, f"{fence}: of which policy?"
            yield policy, fence


@dataclass(frozen=True, slots=True)
class Shown:
    """A policy, a request and the part of its decision that a page shows."""

    policy: Fence
    request: Fence
    outcome: Fence


def shown(page: str) -> Iterator[Shown]:
    """The decisions that a page shows."""
    policy: Fence | None = None
    request: Fence | None = None
    for fence in fences(page):
        if fence.language == "siyu":
            policy = fence
        elif "request" in fence.words:
            request = fence
        elif "outcome" in fence.words:
            assert policy is not None and request is not None, f"{fence}: of which request?"
            yield Shown(policy, request, fence)


def differs(expected: Any, found: Any, path: str = "") -> list[str]:
    """Where a decision differs from what is shown of it. Maps may be shown in part, and an `id`
    as `"…"`."""
    if expected == "…":
        return []
    if isinstance(expected, dict) and isinstance(found, dict):
        return [
            line
            for key, value in expected.items()
            for line in differs(value, found.get(key), f"{path}.{key}")
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [
            line
            for n, (a, b) in enumerate(zip(expected, found, strict=True))
            for line in differs(a, b, f"{path}.{n}")
        ]
    return [] if expected == found else [f"{path}: shown {expected!r}, found {found!r}"]


def as_request(fence: Fence) -> Any:
    """A request as it is shown."""
    return json.loads(fence.text, parse_float=str)
