"""Asking every evaluator about a case, and comparing its document with what the case expects."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from siyu.api.policy import Policy
from siyu.compiler import Pack, Used, compile_pack
from siyu.core.compiled import Compiled
from siyu.decision import document_writer
from siyu.decision.plain import Head
from siyu.evaluators import reference
from siyu.population.files import PopulationValues, read_allocation, read_calibration
from siyu.records import Read, Rejection
from siyu.schema import Loaded, load_schema
from siyu.schema.calendars import load_calendar
from siyu.schema.messages import load_messages
from siyu.syntax import ast
from siyu.syntax.parse import parse
from siyu.text import Source
from tests.agreement.sql import documents, duckdb
from tests.corpus.read import Case, Chapter

MISSING = object()


def compiled(chapter: Chapter) -> Compiled:
    """The policy of a chapter."""
    texts = {"policy.siyu": chapter.policy, **chapter.used}
    sources = {name: Source.of(name, text) for name, text in texts.items()}
    sources["facts.yaml"] = Source.of("facts.yaml", chapter.facts)
    trees = {name: parse(sources[name]) for name in texts}
    uses = trees["policy.siyu"].file.uses
    prefixes = {use.path.value: f"{use.alias.text}." for use in uses if use.alias}
    files = tuple(Used(name, tree, prefixes.get(name, "")) for name, tree in trees.items())
    days = {name: load_calendar(Source.of(name, text)) for name, text in chapter.calendars.items()}
    sources |= {name: Source.of(name, text) for name, text in chapter.calendars.items()}
    calendars = {
        node.path.span: days[node.path.value]
        for tree in trees.values()
        for node in tree.file.declarations
        if isinstance(node, ast.Calendar) and node.path.value in days
    }
    messages = None
    if chapter.messages is not None:
        sources["messages.yaml"] = Source.of("messages.yaml", chapter.messages)
        messages = load_messages(sources["messages.yaml"])
    schema = _schema(chapter.facts)
    pack = Pack(files, schema, sources, calendars=calendars, messages=messages)
    return compile_pack(pack)


@cache
def _schema(facts: str) -> Loaded:
    return load_schema(Source.of("facts.yaml", facts))


def policy_of(chapter: Chapter) -> Policy:
    """The policy of a chapter, with its calibration and allocation."""
    made = compiled(chapter)
    assert made.program is not None, [f"{d.code} {d.text()}" for d in made.diagnostics]
    found: list[PopulationValues | None] = []
    for word, reader in (("calibration", read_calibration), ("allocation", read_allocation)):
        cuts = getattr(chapter, word)
        if cuts is None:
            found.append(None)
            continue
        text = _yaml({word: 1, "policy": "corpus", "cuts": cuts})
        read = reader(Source.of(f"{word}.yaml", text), made.program)
        assert not read.problems, read.problems
        found.append(read)
    return Policy(made, Path("policy.siyu"), *found)


def _yaml(value: Mapping[str, Any]) -> str:
    out = StringIO()
    YAML(typ="safe", pure=True).dump(value, out)
    return out.getvalue()


Evaluate = Callable[[Policy, Read], bytes]


def by_reference(policy: Policy, read: Read) -> bytes:
    values = reference.evaluate(policy.ready, read.facts, read.event)
    writer = document_writer(policy.ready, read.event)
    digest = policy._calibration.digest if policy._calibration else None
    head = Head(read.key, read.as_of, read.event_key, digest)
    return writer.to_json([values[name] for name in writer.exports], head)


def by_python(policy: Policy, read: Read) -> bytes:
    return policy.decide_about(read).to_json()


ENGINES: dict[str, Evaluate] = {"reference": by_reference, "python": by_python}
"""Those that are asked about one request at a time."""

EvaluateAll = Callable[[Policy, Sequence[Read]], list[bytes]]


def by_duckdb(policy: Policy, reads: Sequence[Read]) -> list[bytes]:
    """Each moment has a query that knows it."""
    return documents(duckdb(), policy, reads)


def by_duckdb_at_any_time(policy: Policy, reads: Sequence[Read]) -> list[bytes]:
    """One query finds the moment of each request in a column."""
    return documents(duckdb(), policy, reads, fixed=False)


BATCHES: dict[str, EvaluateAll] = {
    "duckdb": by_duckdb, "duckdb at any time": by_duckdb_at_any_time,
}  # fmt: skip
"""Those that are asked about many requests at once."""


def outcome(case: Case, policy: Policy, evaluate: Evaluate) -> bytes | Rejection:
    """A decision's bytes, or why the request was turned away."""
    read = policy.read(case.request)
    return read if isinstance(read, Rejection) else evaluate(policy, read)


def outcomes(
    cases: Sequence[Case], policy: Policy, evaluate: EvaluateAll
) -> dict[str, bytes | Rejection]:
    """The same of all cases of a chapter, asked about at once, by the case's name."""
    reads = {case.id: policy.read(case.request) for case in cases}
    asked = {name: read for name, read in reads.items() if isinstance(read, Read)}
    made = dict(zip(asked, evaluate(policy, list(asked.values())), strict=True))
    return {
        name: read if isinstance(read, Rejection) else made[name] for name, read in reads.items()
    }


def wrong(case: Case, found: bytes | Rejection) -> list[str]:
    """What differs from what a case expects, as lines; empty where nothing does."""
    if isinstance(found, Rejection):
        said = tuple(str(reason) for reason in found.reasons)
        if case.rejected is None:
            return [f"rejected: {said}"]
        return [f"not said: {each}; but {said}" for each in case.rejected if not _said(each, said)]
    if case.rejected is not None:
        return ["the request was not rejected"]
    document = json.loads(found)
    lines = []
    for path, value in case.expect.items():
        seen = at(document, path, case)
        if seen != value:
            lines.append(f"{path}: expected {value!r}, found {seen!r}")
    return lines


def _said(expected: str, said: tuple[str, ...]) -> bool:
    return any(expected in each for each in said)


def _order(part: Any) -> list[str]:
    """The names in a map, or the rules in a list, as they stand."""
    return list(part) if isinstance(part, dict) else [each["rule"] for each in part]


def at(document: Any, path: str, case: Case) -> Any:
    """The part of a document that a path names."""
    if path in ("points", "incentives", "contacts"):
        return [each["rule"] for each in document[path]]
    if path == "stopped":
        return [f"{each['rule']} {each['by']} {each['code']}" for each in document[path]]
    word, _, part = path.partition(" ")
    if word == "order":
        return _order(document[part] if part else document)
    here = document
    rest = path.split(".")
    while rest:
        if isinstance(here, list):
            # Names of files used `as x` hold dots themselves: the longest that fits is meant.
            for size in range(len(rest), 0, -1):
                rule = ".".join(rest[:size])
                match = [e for e in here if isinstance(e, dict) and e.get("rule") == rule]
                if match:
                    here, rest = match[0], rest[size:]
                    break
            else:
                if rest[0].isdigit() and int(rest[0]) < len(here):
                    here, rest = here[int(rest[0])], rest[1:]
                else:
                    return MISSING
            continue
        if not isinstance(here, dict):
            return MISSING
        for size in range(len(rest), 0, -1):
            name = ".".join(rest[:size])
            if name in here:
                here, rest = here[name], rest[size:]
                break
        else:
            return MISSING
    return here
