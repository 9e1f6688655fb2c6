"""The query that decides: bindings as columns, stage upon stage, over the facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from siyu.core.ir import Aggregate, Expr, Ref
from siyu.core.passes import share, specialise
from siyu.core.program import Binding, Everyone, Program, TableNeed
from siyu.core.walk import Reach, parts, refs, rewrite, top_most, walk, with_parts
from siyu.evaluators.sql.dialects import DIALECTS, Dialect
from siyu.evaluators.sql.facts import column_of, facts_parts
from siyu.evaluators.sql.fragments import (
    Sql,
    Stages,
    column_sql,
    select,
    with_ctes,
)
from siyu.evaluators.sql.lower import Lowering
from siyu.evaluators.sql.names import KEY, plain
from siyu.evaluators.sql.notes import Place, note
from siyu.evaluators.sql.plan import FactsPlan, plan_facts, span_of
from siyu.evaluators.sql.prepare import prepared
from siyu.evaluators.sql.ranges import Range, Ranges
from siyu.evaluators.sql.relations import Query, Relations
from siyu.evaluators.sql.scopes import Piece, RecordScope
from siyu.functions.declaration import Dialect as Name


def decide_query(
    plan: FactsPlan,
    program: Program,
    facts: str,
    dialect: Name,
    wanted: Sequence[str] | None = None,
    keep: Sequence[str] = (),
    place: Place | None = None,
    later: Collection[str] = (),
) -> Query:
    """A SELECT over a relation of facts: `key`, its columns `keep` (among them `bad`, where that is
    wanted), and the bindings `wanted`, by default what the plan was made for. `program` may have
    cuts and allocations put in; those it lacks are unknown.

    Those of the wanted that are named in `later` get no columns: the result has what is needed to
    compute them where they are asked for, as for what only matters where a rule gives something.
    """
    engine = DIALECTS[dialect]
    ctes, last, given = _decide_parts(plan, program, facts, engine, wanted, keep, place, later)
    return Query(with_ctes(ctes, last), given.columns, given.later)


def generate(
    program: Program,
    relations: Relations,
    dialect: Name,
    event: str | None = None,
    given: Sequence[str] = (),
    wanted: Sequence[str] | None = None,
    keep: Sequence[str] = (),
    place: Place | None = None,
) -> Query:
    """Facts and decisions in one query, for a program that knows its cuts and allocations."""
    plan = plan_facts(program, event, given, wanted)
    engine = DIALECTS[dialect]
    ctes, facts = facts_parts(plan, relations, engine, keep, place)
    kept = (*keep, *(["bad"] if relations.checked and "bad" not in keep else []))
    stages, last, given_by = _decide_parts(plan, program, "facts", engine, wanted, kept, place, ())
    return Query(with_ctes([*ctes, ("facts", facts), *stages], last), given_by.columns)


@dataclass(slots=True)
class Given:
    """What the last SELECT gives of each binding: a column, or what to compute it from."""

    columns: dict[str, str] = field(default_factory=dict)
    later: dict[str, str] = field(default_factory=dict)


def _decide_parts(
    plan: FactsPlan,
    program: Program,
    facts: str,
    dialect: Dialect,
    wanted: Sequence[str] | None,
    keep: Sequence[str],
    place: Place | None,
    later: Collection[str],
) -> tuple[list[tuple[str, str]], str, Given]:
    asked = plan.wanted if wanted is None else tuple(wanted)
    bindings, names = prepared(specialise(program, {}, {}), plan.event, plan.given, asked)
    deciding = _Deciding(plan, dialect, place, frozenset(later))
    shared = share(replace(program, bindings=bindings, everyone=Everyone())).bindings
    return deciding.parts(shared, names, facts, tuple(keep))


@dataclass(slots=True)
class _Deciding:
    plan: FactsPlan
    dialect: Dialect
    place: Place | None
    later: frozenset[str]
    env: dict[str, Piece] = field(default_factory=dict)
    reach: Reach = field(default_factory=Reach)
    here: Binding | None = None

    def parts(
        self,
        bindings: Sequence[Binding],
        wanted: Sequence[str],
        facts: str,
        keep: tuple[str, ...],
    ) -> tuple[list[tuple[str, str]], str, Given]:
        """Named SELECTs, the last one, and what it gives."""
        bindings = self.without_constants(bindings)
        stages = self.stages(keep)
        lowering, scope = self.writer(stages)
        uses = _uses(bindings, self.is_found)
        lasting = set(wanted) - self.later
        for binding in bindings:
            self.here = binding
            lowering.ranges.bind(binding.name, binding.expr)
            piece = lowering.piece(binding.expr, scope)
            if isinstance(piece, Sql) and (binding.name in lasting or uses[binding.name] > 1):
                piece = scope.name(piece)
            self.env[binding.name] = piece
        return self.last(stages, wanted, facts, keep)

    def last(
        self, stages: Stages, wanted: Sequence[str], facts: str, keep: tuple[str, ...]
    ) -> tuple[list[tuple[str, str]], str, Given]:
        given = Given()
        read: dict[str, None] = dict.fromkeys((KEY, *keep))
        lines = [(self.dialect.name_of(name), "") for name in read]
        for number, name in enumerate(wanted):
            piece = self.env[name]
            if not isinstance(piece, Sql):
                raise KeyError(name)
            for column in sorted(piece.reads - read.keys()):
                lines.append((self.dialect.name_of(column), note(name)))
                read[column] = None
            if name in self.later:
                given.later[name] = piece.text
            elif piece.reads:
                (given.columns[name],) = piece.reads
            else:
                column = given.columns[name] = f"w{number}_{plain(name)}"
                lines.append((f"{piece.text} AS {self.dialect.name_of(column)}", note(name)))
        staged = stages.selects(facts, "s", read)
        return list(staged.ctes), select(lines, staged.source), given

    # ------------------------------------------------------------------------------ writing

    def stages(self, keep: tuple[str, ...]) -> Stages:
        names = [KEY, *keep, *(column_of(self.plan, node) for node in self.plan.inputs)]
        names += self.plan.columns.values()
        names += [scan.rows.column for scan in self.plan.scans if scan.rows is not None]
        return Stages(self.dialect, tuple(dict.fromkeys(names)))

    def writer(self, stages: Stages) -> tuple[Lowering, RecordScope]:
        ranges = Ranges(self.plan.absent)

        def named(sql: Sql) -> Sql:
            assert self.here is not None
            label = self.here.name
            return stages.add(sql, label, note(label, span_of(self.here), self.place))

        def aggregate(node: Aggregate) -> Sql | None:
            column = self.plan.columns.get(self.plan.keys.of(node))
            return None if column is None else self.column(column, ranges.of(node))

        def rows(path: str) -> tuple[TableNeed, Sql]:
            for scan in self.plan.scans:
                if scan.need.path == path and scan.rows is not None:
                    known = Range(None, scan.need.optional)
                    return scan.need, self.column(scan.rows.column, known)
            raise KeyError(path)

        scope = RecordScope(
            name=named,
            input=lambda node: self.column(column_of(self.plan, node), ranges.of(node)),
            ref=lambda node: self.env[node.name],
            aggregate=aggregate,
            rows=rows,
        )
        return Lowering(self.dialect, ranges), scope

    def column(self, name: str, known: Range) -> Sql:
        return column_sql(name, self.dialect.name_of(name), known)

    def is_found(self, node: Aggregate) -> bool:
        """Whether an aggregate was found while scanning."""
        return self.plan.keys.of(node) in self.plan.columns

    # ------------------------------------------------------------------------------- layout

    def without_constants(self, bindings: Sequence[Binding]) -> list[Binding]:
        """What stands inside of rows but asks nothing of them gets bindings of its own."""
        laid: list[Binding] = []
        names: dict[int, Ref] = {}
        keys = self.plan.keys

        def named(expr: Expr) -> Ref:
            key = keys.of(expr)
            if key not in names:
                name = f"apart~{len(names)}"
                laid.append(Binding(name, expr, expr.type, span=expr.span))
                names[key] = Ref(name, expr.type, span=expr.span)
            return names[key]

        def change(node: Expr) -> Expr:
            if not isinstance(node, Aggregate):
                return node
            found = list(top_most(parts(node), lambda e: bool(parts(e)) and not self.reach.of(e)))
            if not found:
                return node
            seeds: dict[int, Expr] = {id(expr): named(expr) for expr in found}
            return with_parts(node, [rewrite(part, lambda e: e, seeds) for part in parts(node)])

        done: dict[int, Expr] = {}
        for binding in bindings:
            for node in walk(binding.expr):
                if isinstance(node, Aggregate) and self.is_found(node):
                    done[id(node)] = node  # a column, as it is
            expr = rewrite(binding.expr, change, done)
            laid.append(replace(binding, expr=expr))
        return laid


def _uses(bindings: Sequence[Binding], is_found: Callable[[Aggregate], bool]) -> Counter[str]:
    """How often each binding is written; inside of rows it counts as often."""
    uses: Counter[str] = Counter()
    for binding in bindings:
        if isinstance(binding.expr, Ref):
            uses[binding.expr.name] += 1
        for node in walk(binding.expr):
            if isinstance(node, Aggregate) and not is_found(node):
                uses.update(dict.fromkeys(refs(node), 2))
            uses.update(part.name for part in parts(node) if isinstance(part, Ref))
    return uses
