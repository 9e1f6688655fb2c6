"""A compiled policy as lints look at it: what was written, what it became, and who names whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from siyu.compiler import Pack
from siyu.core.ir import Aggregate, Column, Const, Expr, Input, Ref
from siyu.core.program import Binding
from siyu.core.walk import parts, refs, walk
from siyu.kinds.boxes import Ground
from siyu.kinds.prove import grounds, values_of_param
from siyu.semantics.build import CLAIMS, Build, Declared, Scope
from siyu.semantics.optional import may_be_unknown
from siyu.semantics.order import tree
from siyu.semantics.reach import Reaches
from siyu.syntax import ast
from siyu.text import NOWHERE, Span
from siyu.types import BoolType

TESTS = ""  # what names something in a test
NAMED = frozenset({Input, Ref, Column})  # of these nothing can be told
ACTING = (ast.Points, ast.Incentive, ast.Contact)
_FILLED = re.compile(r"\{\s*([^{}\s]+)\s*\}")


@dataclass(frozen=True, slots=True)
class Written:
    """A declaration or test, the prefix of its file's names, and all nodes in it, outer before
    inner. `declared` is None for a test."""

    node: ast.Declaration
    prefix: str
    nodes: tuple[ast.Node, ...]
    declared: Declared | None = None

    @property
    def name(self) -> str:
        """The full name; of a test `TESTS`."""
        return TESTS if self.declared is None else self.declared.name


@dataclass(frozen=True, slots=True)
class Look:
    """`cores`: conditions by the place they were written at, as often as they were read there
    (a view's, once for each use). `named`: by each declaration's name, who names it. `ground` has
    the params of one version; the others are `changing`. `today`: a date as `2026-11-21`, where
    the question is asked on a day."""

    pack: Pack
    build: Build
    written: tuple[Written, ...]
    cores: Mapping[Span, tuple[Expr, ...]]
    named: Mapping[str, frozenset[str]]
    ground: Ground
    changing: frozenset[str] = frozenset()
    today: str | None = None
    kept: dict[str, object] = field(default_factory=dict, compare=False)

    @staticmethod
    def of(pack: Pack, build: Build, today: str | None = None) -> Look:
        """A look at a policy without errors."""
        written = tuple(_written(pack, build))
        scope = Scope(build, "", CLAIMS)
        params = _versions(build)
        fixed = {name: values[0] for name, values in params.items() if len(values) == 1}
        ground = Ground(fixed, Reaches(build.bindings), partial(_unknowable, scope=scope))
        changing = frozenset(params) - frozenset(fixed)
        cores, named = conditions_by_place(build.bindings.values()), _named(written, build)
        return Look(pack, build, written, cores, named, ground, changing, today)

    def grounds(self, *exprs: Expr) -> tuple[Ground, ...]:
        """What reasoning about expressions stands on: one ground for each choice of versions."""
        if not self.changing or self.changing.isdisjoint(refs(*exprs)):
            return (self.ground,)
        return tuple(grounds(exprs, self.build, self.ground))

    def of_kind(self, kind: type[ast.Node]) -> Iterator[Declared]:
        """The declarations of one kind, as written."""
        for each in self.written:
            if each.declared is not None and isinstance(each.node, kind):
                yield each.declared

    @property
    def acts(self) -> bool:
        """Whether the policy posts, gives or sends anything. One that does not is there for its
        segments and figures, which somebody reads in its decisions."""
        return any(isinstance(each.node, ACTING) for each in self.written)

    def unused(self, kind: type[ast.Node]) -> Iterator[Declared]:
        """The declarations of one kind that nothing else names, no test either."""
        return (each for each in self.of_kind(kind) if not self.named[each.name])

    def may_be_unknown(self, expr: Expr) -> bool:
        """Whether a record may leave the value unknown."""
        return self.ground.unknowable is not None and self.ground.unknowable(expr)

    def meant(self, name: str, prefix: str) -> Declared | None:
        """The declaration that a name's longest beginning means."""
        return _meant(tuple(name.split(".")), prefix, self.build)

    def text(self, span: Span) -> str:
        """What stands at a place, on one line."""
        source = self.pack.sources.get(span.file)
        return " ".join(source.text[span.start : span.end].split()) if source else ""


def _versions(build: Build) -> dict[str, list[Const]]:
    """The constants that each param may stand for, as far as they can be told."""
    declared = build.declared.values()
    names = [each.name for each in declared if isinstance(each.node, ast.Param)]
    return {name: values_of_param(name, build) for name in names}


def _unknowable(expr: Expr, scope: Scope) -> bool:
    """Whether a record may leave the value unknown. Of rows inside rows it cannot be told here
    whether somebody looked."""
    nested = any(isinstance(node, Aggregate) and node.rows.nested for node in walk(expr))
    return nested or may_be_unknown(expr, scope)


def _written(pack: Pack, build: Build) -> Iterator[Written]:
    for used in pack.files:
        for node in used.parsed.file.declarations:
            nodes = tuple(tree(node))
            if isinstance(node, ast.Test):
                yield Written(node, used.prefix, nodes)
            else:
                declared = build.declared[used.prefix + node.name.text]
                yield Written(node, used.prefix, nodes, declared)


# ---------------------------------------------------------------- conditions by their place


def conditions_by_place(bindings: Iterable[Binding]) -> dict[Span, tuple[Expr, ...]]:
    """Every condition that some author wrote, by the place where it stands."""
    found: dict[Span, list[Expr]] = {}
    seen: set[int] = set()
    for binding in bindings:
        waiting = [(binding.expr, NOWHERE)]
        while waiting:
            node, around = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            # What one written condition is made of has its place, too: the whole stands for it.
            span = node.span
            if type(node.type) is BoolType and span is not NOWHERE and span != around:
                found.setdefault(span, []).append(node)
            waiting.extend([(part, span) for part in parts(node) if type(part) not in NAMED])
    return {span: tuple(exprs) for span, exprs in found.items()}


# ---------------------------------------------------------------- who names whom


def _named(written: tuple[Written, ...], build: Build) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {name: set() for name in build.declared}
    for each in written:
        for words in _names(each.nodes):
            meant = _meant(words, each.prefix, build)
            if meant is not None and meant.name != each.name:
                found[meant.name].add(each.name)
    return {name: frozenset(users) for name, users in found.items()}


def _names(nodes: tuple[ast.Node, ...]) -> set[tuple[str, ...]]:
    """Every name and word, those in an author's `because` included. Some are no declaration's."""
    found: set[tuple[str, ...]] = set()
    for node in nodes:
        match node:
            case ast.Name():
                found.add(node.parts)
            case ast.Ident():
                found.add((node.text,))
            case ast.Because():
                found.update(tuple(name.split(".")) for name in _FILLED.findall(node.text))
            case _:
                pass
    return found


def _meant(words: tuple[str, ...], prefix: str, build: Build) -> Declared | None:
    for n in range(len(words), 0, -1):
        declared = build.find(".".join(words[:n]), prefix)
        if declared is not None:
            return declared
    return None
