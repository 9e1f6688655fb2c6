"""Reads a policy's expressions and finds their values, without rule kinds and without a compiler;
the reference and the generated Python must agree on each.

Metrics, segments, views and tiers stand for all declarations: a segment is a condition, a tier only
gives its levels a type. The facts are the retail schema's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from siyu.core.ir import Const, Expr, Input
from siyu.core.passes.needs import needs_of
from siyu.core.program import ColumnNeed, Cut, Facts, Needs, Program, TableNeed
from siyu.core.walk import rewrite
from siyu.diagnostics import Diagnostic, in_source_order
from siyu.evaluators.record import compile_record
from siyu.evaluators.reference import evaluate
from siyu.resources import resource
from siyu.schema import Collection, Schema
from siyu.schema.load import load_schema
from siyu.schema.values import held
from siyu.semantics import check
from siyu.semantics.build import FACTS, FIGURES, Build, Declared, Outcome, Scope, ViewOf
from siyu.syntax import ast
from siyu.syntax.parse import parse
from siyu.text import Source
from siyu.types import TEXT, DateType, DurationType, MoneyType, Type, scale_of

ZONE = "Asia/Shanghai"
AS_OF = "2026-11-21T10:00:00+08:00"
KINDS = {
    ast.Metric: ("metric", FACTS),
    ast.View: ("view", FACTS),
    ast.Segment: ("segment", FIGURES),
    ast.Tier: ("tier", FIGURES),
    ast.Param: ("param", FACTS),
}


@cache
def schema_of(text: str) -> Schema:
    loaded = load_schema(Source.of("facts.yaml", text), "CNY")
    assert loaded.ok, loaded.diagnostics
    assert loaded.schema is not None
    return loaded.schema.with_currency("CNY")


def retail() -> Schema:
    return schema_of(resource("policies", "retail_membership", "retail.yaml").read_text("utf-8"))


@dataclass
class Checked:
    build: Build

    @property
    def found(self) -> tuple[Diagnostic, ...]:
        return in_source_order(self.build.found)

    @property
    def codes(self) -> list[str]:
        return [each.code for each in self.found]


def checked(text: str, schema: Schema | None = None, zone: str = ZONE) -> Checked:
    """A policy's declarations, all lowered."""
    parsed = parse(Source.of("p.siyu", text))
    assert not parsed.diagnostics, [(d.code, d.text(), d.span) for d in parsed.diagnostics]
    declared = {}
    for node in parsed.file.declarations:
        assert isinstance(node, (ast.Metric, ast.View, ast.Segment, ast.Tier, ast.Param))
        kind, stratum = KINDS[type(node)]
        declared[node.name.text] = Declared(node.name.text, node, "", kind, stratum)
    build = Build(schema or retail(), "p", zone, "CNY", declared, _lower)
    for each in declared.values():
        build.outcome(each, each.node.span)
    return Checked(build)


def _lower(declared: Declared, build: Build) -> Outcome:
    node, name = declared.node, declared.name
    scope = Scope(build, name, declared.stratum, declared.prefix)
    match node:
        case ast.Metric() | ast.Param():
            value = check.value(node.value, scope)
            optional = check.may_be_unknown(value, scope)
            ref = build.bind(name, value, FACTS, optional=optional, span=node.name.span)
            return Outcome(name, declared.kind, FACTS, ref)
        case ast.View():
            path, filters = check.collection_path(node.of, scope)
            view = ViewOf(path, (*filters, (node.where, scope))) if path else None
            return Outcome(name, declared.kind, FACTS, view=view)
        case ast.Segment():
            return _segment(node, name, scope, build)
        case _:
            return Outcome(name, declared.kind, declared.stratum)


def _segment(node: ast.Segment, name: str, scope: Scope, build: Build) -> Outcome:
    for clause in node.clauses:
        if isinstance(clause, ast.When):
            holds, guards = check.condition_and_guards(clause.condition, scope, f"{name}.when.1")
            scope = scope.knowing(guards)
        elif isinstance(clause, ast.Unless):
            check.forbids(clause.condition, scope, f"{name}.unless.1")
        elif isinstance(clause, ast.Effective):
            check.effective_now(clause, scope)
        elif isinstance(clause, ast.Because):
            check.keep_words(clause, scope, name)
    optional = check.may_be_unknown(holds, scope)
    ref = build.bind(name, holds, FIGURES, optional=optional, span=node.name.span)
    return Outcome(name, "segment", FIGURES, ref)


# ------------------------------------------------------------------------------ values


def worth(
    expr: str, *, schema: Schema | None = None, before: str = "", zone: str = ZONE, **facts: Any
) -> Any:
    """What `metric m = expr` is worth: a bool, a text, or the number as it is written out."""
    done = checked(f"{before}\n\nmetric m = {expr}\n", schema, zone)
    assert not done.found, [(d.code, d.text()) for d in done.found]
    binding = done.build.bindings["m"]
    return written(evaluated(done.build, **facts)["m"], binding.type)


def counted(path: str, where: Callable[[Scope], Expr], zone: str = ZONE, **facts: Any) -> Any:
    """How many rows of a collection a rule kind counts whose condition is `where(row's scope)`."""
    build = checked("", zone=zone).build
    scope = Scope(build, "rule", FIGURES)
    within, _ = check.row_scope(path, scope)
    build.bind("m", check.aggregate("count", path, None, where(within), scope), FIGURES)
    return evaluated(build, **facts)["m"]


def evaluated(
    build: Build,
    customer: Mapping[str, Any] | None = None,
    event: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
    cuts: Mapping[str, Any] | None = None,
    as_of: str = AS_OF,
) -> dict[str, Any]:
    bindings = tuple(build.bindings.values())
    tables = _tables(build.schema)
    needs = needs_of(bindings, tables)
    event_type = (event or {}).get("type")
    raw = {"customer": customer or {}, "context": context or {}, "event": event or {}}
    values = tuple(_input(node, raw, as_of, build.schema) for node in needs.inputs)
    rows = tuple(_rows(need, customer or {}, build) for need in needs.tables)
    program = _specialised(build, needs, cuts or {})
    facts = Facts(values, rows)
    found = evaluate(program, facts, event_type)
    record = compile_record(program, event_type, (), [each.name for each in program.bindings])
    assert dict(record.values(facts)) == found, "the evaluators disagree"
    return found


def _specialised(build: Build, needs: Needs, cuts: Mapping[str, Any]) -> Program:
    def change(node: Expr) -> Expr:
        if isinstance(node, Input) and node.origin == "cut":
            given = cuts.get(node.name)
            value: Any = None if given is None else held(node.type, given)
            return Const(value, node.type)
        return node

    bindings = tuple(replace(b, expr=rewrite(b.expr, change)) for b in build.bindings.values())
    found = tuple(Cut(c.name, c.type) for c in build.cuts.values())
    return Program("p", 1, build.timezone, "CNY", bindings, needs, (), found, (), build.schema.key)


def _input(node: Input, raw: Mapping[str, Mapping[str, Any]], as_of: str, schema: Schema) -> Any:
    if node.origin == "request":
        return held(node.type, as_of) if node.name == "as_of" else None
    name = node.name.partition(".")[2] if node.origin == "event" else node.name
    given = raw[node.origin].get(name)
    if given is not None:
        return held(node.type, given)
    each = schema.fields.get(name) if node.origin == "customer" else None
    return each.default if each is not None and isinstance(each.default, (int, frozenset)) else None


def _tables(schema: Schema) -> dict[str, TableNeed]:
    found = {}
    for path, collection in schema.walk():
        steps = path.split(".")
        columns = _columns(collection, "")
        for n in range(len(steps) - 1, 0, -1):
            around = ".".join(steps[:n])
            owner = schema.collection(around)
            assert owner is not None
            columns += [c for c in _columns(owner, f"{around}.") if c.nested is None]
        found[path] = TableNeed(path, tuple(columns), collection.optional)
    return found


def _columns(collection: Collection, before: str) -> list[ColumnNeed]:
    own = [ColumnNeed(before + f.name, f.type, f.optional) for f in collection.fields.values()]
    empty = TableNeed("", ())
    nested = [ColumnNeed(name, TEXT, False, empty) for name in collection.collections]
    return own + (nested if not before else [])


def _rows(need: TableNeed, customer: Mapping[str, Any], build: Build) -> Any:
    """The rows of a need, flattened along its path, with the columns it asks for."""
    steps = need.path.split(".")
    found: list[tuple[dict[str, Any], dict[str, Any]]] = [({}, dict(customer))]
    for n, step in enumerate(steps):
        around = ".".join(steps[:n])
        grown = []
        for outer, row in found:
            if row.get(step) is None and need.optional:
                return None
            known = outer | {f"{around}.{k}": v for k, v in row.items()} if around else {}
            grown += [(known, inner) for inner in row.get(step, [])]
        found = grown
    return tuple(_row(need, outer | row, build) for outer, row in found)


def _row(need: TableNeed, row: Mapping[str, Any], build: Build) -> tuple[Any, ...]:
    values: list[Any] = []
    for column in need.columns:
        given = row.get(column.name)
        if column.nested is not None:
            values.append(tuple(_row(column.nested, inner, build) for inner in given or []))
        else:
            kind = build.real_type(column.type)
            values.append(None if given is None else held(kind, given))
    return tuple(values)


def written(value: Any, kind: Type) -> Any:
    """A held value for people: `20.00`, `265 days`, `2026-11-21`."""
    if value is None or isinstance(value, (bool, str, frozenset)):
        return value
    if isinstance(kind, DateType):
        return date.fromordinal(value).isoformat()
    scale = scale_of(kind)
    size = f"{abs(value) // 10**scale}" + (f".{abs(value) % 10**scale:0{scale}d}" if scale else "")
    text = ("-" if value < 0 else "") + size
    if isinstance(kind, DurationType):
        return f"{text} {kind.unit}s"
    return f"{text} {kind.currency}" if isinstance(kind, MoneyType) else text
