"""Compiling a policy out of texts, and asking every evaluator about a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from siyu.api.policy import Policy
from siyu.compiler import Compiled, Pack, Used, compile_pack
from siyu.decision import document_writer
from siyu.decision.plain import Head
from siyu.evaluators import reference
from siyu.population.files import PopulationValues
from siyu.records import Read, Rejection
from siyu.schema import load_schema
from siyu.schema.calendars import load_calendar
from siyu.syntax import ast
from siyu.syntax.parse import parse
from siyu.text import Source
from siyu.types import DateTimeType, DateType, MoneyType
from tests.strategies.policies import DAYS_FILE, FACTS


def compiled_policy(
    text: str, facts: str = FACTS, used: Mapping[str, str] | None = None
) -> Compiled:
    """A policy with its facts; `used` are further files by name, in the order they are used."""
    texts = {"policy.siyu": text, **(used or {})}
    sources = {name: Source.of(name, body) for name, body in texts.items()}
    sources["facts.yaml"] = Source.of("facts.yaml", facts)
    files = tuple(Used(name, parse(sources[name])) for name in texts)
    sources["days.yaml"] = Source.of("days.yaml", DAYS_FILE)
    days = load_calendar(sources["days.yaml"])
    calendars = {
        node.path.span: days
        for used_file in files
        for node in used_file.parsed.file.declarations
        if isinstance(node, ast.Calendar)
    }
    return compile_pack(
        Pack(files, load_schema(sources["facts.yaml"]), sources, calendars=calendars)
    )


def with_cuts(compiled: Compiled, rng: Random) -> Policy:
    """The policy with population values: amounts on edges, sometimes none."""
    assert compiled.program is not None
    values: dict[str, Any] = {}
    for cut in compiled.program.cuts:
        match cut.type:
            case MoneyType(scale=scale):
                yuan = (None, 0, 100, 5000)[rng.randrange(4)]
                values[cut.name] = None if yuan is None else yuan * 10**scale
            case DateType():
                values[cut.name] = 739_000
            case DateTimeType():
                values[cut.name] = 1_700_000_000_000_000
            case _:
                values[cut.name] = rng.randrange(0, 100)
    digest = "sha256:" + "0" * 64
    return Policy(compiled, Path("policy.siyu"), PopulationValues(values, digest))


@dataclass(frozen=True, slots=True)
class Both:
    """One request, decided by the reference and by the generated Python."""

    reference: bytes
    generated: bytes


def decide_by_both(policy: Policy, request: Mapping[str, Any]) -> Both | Rejection:
    """The two documents as canonical bytes."""
    read = policy.read(request)
    if isinstance(read, Rejection):
        return read
    return Both(by_reference(policy, read), policy.decide(request).to_json())


def by_reference(policy: Policy, read: Read, trace: reference.Trace | None = None) -> bytes:
    """The document of the reference evaluator."""
    values = reference.evaluate(policy.ready, read.facts, read.event, trace)
    writer = document_writer(policy.ready, read.event)
    head = Head(read.key, read.as_of, read.event_key, "sha256:" + "0" * 64)
    return writer.to_json([values[name] for name in writer.exports], head)
