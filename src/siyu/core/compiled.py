"""What compiling gives: a program with its words and examples.

Apart from the compiler, so that a policy out of the cache decides without reading the language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from siyu.core.identities import Identity
from siyu.core.ir import Expr, Held
from siyu.core.program import Binding, Program, TableNeed
from siyu.schema.model import Labels, Schema
from siyu.text import Source, Span

if TYPE_CHECKING:
    from siyu.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Expectation:
    """One `expect`: the condition as it was written, and the binding that answers it."""

    span: Span
    binding: str


@dataclass(frozen=True, slots=True)
class TestFile:
    """A file of the pack that a test names, by its path seen from the pack's folder."""

    __test__ = False

    span: Span
    path: str


@dataclass(frozen=True, slots=True)
class GivenRows:
    """Rows of the collection at a path (`("orders", "lines")`), each with the fields that say in
    which row it stands."""

    path: tuple[str, ...]
    rows: tuple[tuple[Mapping[str, object], Mapping[str, object]], ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What one test gives, as records write it, to be laid over the customer of another: fields by
    name (None: missing), and the rows of collections. `over` is what lies below."""

    customer: Mapping[str, object] = field(default_factory=dict)
    context: Mapping[str, object] = field(default_factory=dict)
    metrics: Mapping[str, object] = field(default_factory=dict)
    rows: tuple[GivenRows, ...] = ()
    over: Given | None = None


@dataclass(frozen=True, slots=True)
class TestCase:
    """A test ready to be run: a request, cut-points (held), and its own bindings.

    Where the customer is `like` one in a file, `given` is to be laid over that one: the request is
    only what the policy's text gives. `decisions` are files that hold the whole decision.
    """

    __test__ = False

    title: str
    span: Span
    request: Mapping[str, object]
    event: str | None
    cuts: Mapping[str, Held]
    expectations: tuple[Expectation, ...]
    bindings: tuple[Binding, ...]
    given: Given = field(default_factory=Given)
    like: TestFile | None = None
    decisions: tuple[TestFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Compiled:
    """A policy that was looked at: its program, unless there were errors.

    `labels` are what people see of declarations, and of cases and levels as `lifecycle.dormant`;
    `kinds` the declarations' kinds by name; `words` what authors wrote behind `because`, by code;
    `tables` all collections of the schema by path; `sources` the pack's files by name; `label` what
    people see of the policy itself; `identities` say how profiles become customers; `days`
    are what people see of the lists of calendars, as `cn.holiday`.
    """

    program: Program | None
    diagnostics: tuple[Diagnostic, ...]
    schema: Schema
    tests: tuple[TestCase, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, tuple[str | Expr, ...]] = field(default_factory=dict)
    tables: Mapping[str, TableNeed] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    label: str = ""
    identities: tuple[Identity, ...] = ()
    days: Mapping[str, Labels] = field(default_factory=dict)
