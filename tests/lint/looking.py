"""Policies to look at, without files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from siyu.compiler import Pack, Used, compile_pack, lower_pack
from siyu.core.compiled import Compiled
from siyu.diagnostics import Diagnostic
from siyu.lint import Level, Look, findings
from siyu.resources import resource
from siyu.schema import load_schema
from siyu.schema.calendars import load_calendar
from siyu.semantics.build import Build
from siyu.syntax import ast
from siyu.syntax.parse import parse
from siyu.text import Source
from tests.strategies.policies import DAYS_FILE

HEAD = 'policy p\n  language 1\n  currency CNY\n  schema "facts.yaml"\n\n'
RETAIL = resource("policies", "retail_membership", "retail.yaml").read_text("utf-8")


@dataclass(frozen=True)
class Looked:
    """A policy as it was compiled, and everything a lint needs to look at it."""

    pack: Pack
    compiled: Compiled
    build: Build

    @property
    def look(self) -> Look:
        return Look.of(self.pack, self.build)

    def found(
        self, levels: Mapping[str, Level] | None = None, today: str | None = None
    ) -> tuple[Diagnostic, ...]:
        """What lints say of it; it must have no errors."""
        told = [(each.code, each.text()) for each in self.compiled.diagnostics]
        assert self.compiled.program is not None, told
        return findings(self.pack, self.build, levels or {}, today)

    def text(self, found: Diagnostic) -> str:
        """What a finding points at."""
        return self.pack.sources[found.span.file].text[found.span.start : found.span.end]


def looked(text: str, facts: str = RETAIL, used: Mapping[str, str] | None = None) -> Looked:
    """A policy's text compiled; without a header it gets one."""
    whole = text if text.startswith("policy") else HEAD + text
    texts = {"policy.siyu": whole, **(used or {})}
    sources = {name: Source.of(name, each) for name, each in texts.items()}
    sources["facts.yaml"] = Source.of("facts.yaml", facts)
    trees = {name: parse(sources[name]) for name in texts}
    uses = trees["policy.siyu"].file.uses
    prefixes = {use.path.value: f"{use.alias.text}." for use in uses if use.alias}
    files = tuple(Used(name, tree, prefixes.get(name, "")) for name, tree in trees.items())
    sources["days.yaml"] = Source.of("days.yaml", DAYS_FILE)
    days = load_calendar(sources["days.yaml"])
    named = (node for tree in trees.values() for node in tree.file.declarations)
    calendars = {node.path.span: days for node in named if isinstance(node, ast.Calendar)}
    pack = Pack(files, load_schema(sources["facts.yaml"], "CNY"), sources, calendars=calendars)
    return Looked(pack, compile_pack(pack), lower_pack(pack).build)


def told(text: str, code: str, facts: str = RETAIL, today: str | None = None) -> list[str]:
    """The messages and labels of one lint."""
    found = looked(text, facts).found(today=today)
    return [f"{each.text()}: {each.label_text()}" for each in found if each.code == code]
