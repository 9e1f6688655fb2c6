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
from siyu.evaluators.sql.texts import Texts, as_enum, closed
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
    light: Collection[str] = (),
    narrow: bool = False,
) -> Query:
    """A SELECT over a relation of facts: `key`, its columns `keep` (among them `bad`, where that is
    wanted), and the bindings `wanted`, by default what the plan was made for. `program` may have
    cuts and allocations put in; those it lacks are unknown.

    Those of the wanted that are named in `later` get no columns: the result has what is needed to
    compute them where they are asked for, as for what only matters where a rule gives something.
    So it is with those of `light` that are the same for everyone, or only say whether a column is
    known. `narrow` (DuckDB): texts of which there are few stand in columns of an ENUM.
    """
    engine = DIALECTS[dialect]
    how = Layout(frozenset(later), frozenset(light), narrow)
    ctes, last, given = _decide_parts(plan, program, facts, engine, wanted, keep, place, how)
    return Query(with_ctes(ctes, last), given.columns, given.later, given.texts)


def generate(
    program: Program,
    relations: Relations,
    dialect: Name,
    event: str | None = None,
    given: Sequence[str] = (),
    wanted: Sequence[str] | None = None,
    keep: Sequence[str] = (),
    place: Place | None = None,
    narrow: bool = False,
) -> Query:
    """Facts and decisions in one query, for a program that knows its cuts and allocations."""
    plan = plan_facts(program, event, given, wanted)
    engine = DIALECTS[dialect]
    ctes, facts = facts_parts(plan, relations, engine, keep, place)
    kept = (*keep, *(["bad"] if relations.checked and "bad" not in keep else []))
    how = Layout(narrow=narrow)
    stages, last, by = _decide_parts(plan, program, "facts", engine, wanted, kept, place, how)
    return Query(with_ctes([*ctes, ("facts", facts), *stages], last), by.columns, texts=by.texts)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which of the wanted get no column, and whether columns of few texts are narrow."""

    later: frozenset[str] = frozenset()
    light: frozenset[str] = frozenset()
    narrow: bool = False


@dataclass(slots=True)
class Given:
    """What the last SELECT gives of each binding: a column, or what to compute it from, and the
    texts that a narrow column can hold."""

    columns: dict[str, str] = field(default_factory=dict)
    later: dict[str, str] = field(default_factory=dict)
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)


def _decide_parts(
    plan: FactsPlan,
    program: Program,
    facts: str,
    dialect: Dialect,
    wanted: Sequence[str] | None,
    keep: Sequence[str],
    place: Place | None,
    how: Layout,
) -> tuple[list[tuple[str, str]], str, Given]:
    asked = plan.wanted if wanted is None else tuple(wanted)
    bindings, names = prepared(specialise(program, {}, {}), plan.event, plan.given, asked)
    deciding = _Deciding(plan, dialect, place, how)
    shared = share(replace(program, bindings=bindings, everyone=Everyone())).bindings
    return deciding.parts(shared, names, facts, tuple(keep))


@dataclass(slots=True)
class _Deciding:
    plan: FactsPlan
    dialect: Dialect
    place: Place | None
    how: Layout
    texts: Texts = field(default_factory=Texts)
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
        lasting = set(wanted) - self.how.later
        for binding in bindings:
            self.here = binding
            lowering.ranges.bind(binding.name, binding.expr)
            self.texts.bind(binding.name, binding.expr)
            piece = lowering.piece(binding.expr, scope)
            if isinstance(piece, Sql) and (
                uses[binding.name] > 1 or (binding.name in lasting and not self.is_light(piece))
            ):
                piece = scope.name(piece)
            self.env[binding.name] = piece
        return self.last(stages, wanted, facts, keep)

    def is_light(self, piece: Sql) -> bool:
        """Whether a piece is as well worked out by whoever reads the result."""
        assert self.here is not None
        if self.here.name not in self.how.light:
            return False
        tests = [f"({column} IS {word})" for column in map(self.dialect.name_of, piece.reads)
                 for word in ("NULL", "NOT NULL")]  # fmt: skip
        return not piece.reads or piece.text in tests

    def last(
        self, stages: Stages, wanted: Sequence[str], facts: str, keep: tuple[str, ...]
    ) -> tuple[list[tuple[str, str]], str, Given]:
        given = Given()
        columns = self.narrowed(wanted) if self.how.narrow else {}
        read: dict[str, None] = dict.fromkeys((KEY, *keep))
        lines = [(self.dialect.name_of(name), "") for name in read]
        for number, name in enumerate(wanted):
            piece = self.env[name]
            if not isinstance(piece, Sql):
                raise KeyError(name)
            for column in sorted(piece.reads - read.keys()):
                quoted = self.dialect.name_of(column)
                if column in columns:
                    quoted = f"{as_enum(quoted, columns[column])} AS {quoted}"
                lines.append((quoted, note(name)))
                read[column] = None
            if self.how.narrow and self.texts.of_binding(name) == ():
                given.texts[name] = ()
            if name in self.how.later or (name in self.how.light and not piece.simple_column):
                given.later[name] = piece.text
            elif piece.reads:
                (given.columns[name],) = piece.reads
                if given.columns[name] in columns:
                    given.texts[name] = columns[given.columns[name]]
            else:
                column = given.columns[name] = f"w{number}_{plain(name)}"
                lines.append((f"{piece.text} AS {self.dialect.name_of(column)}", note(name)))
        staged = stages.selects(facts, "s", read)
        return list(staged.ctes), select(lines, staged.source), given

    def narrowed(self, wanted: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The texts of the columns that hold few of them; of a column that stands for several
        bindings those of any of them, if they are known of all."""
        found: dict[str, set[str]] = {}
        unknown: set[str] = {KEY}
        for name in wanted:
            piece = self.env[name]
            if isinstance(piece, Sql) and piece.simple_column and name not in self.how.later:
                (column,) = piece.reads
                texts = self.texts.of_binding(name)
                found.setdefault(column, set()).update(texts or ())
                if texts is None:
                    unknown.add(column)
        every = {column: closed(texts) for column, texts in found.items() if column not in unknown}
        return {column: texts for column, texts in every.items() if texts}

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
        texts = self.texts if self.how.narrow else None
        return Lowering(self.dialect, ranges, texts=texts), scope

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
