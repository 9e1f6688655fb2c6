"""One pass over a table: everything that is wanted of its rows, by customer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from siyu.core.ir import Aggregate, Call, Column, Const, Expr
from siyu.core.passes.keys import Keys
from siyu.core.walk import LEAVES, parts
from siyu.evaluators.sql.dialects import Dialect
from siyu.evaluators.sql.fragments import Sql, Stages, chunked, select
from siyu.evaluators.sql.lists import FOUND, ranked_entry
from siyu.evaluators.sql.lower import Lowering
from siyu.evaluators.sql.names import BAD, COUNT, KEY, column_of_row, plain, table_column
from siyu.evaluators.sql.plan import Flat, Rows, Scan, common, conjuncts
from siyu.evaluators.sql.ranges import Ranges
from siyu.evaluators.sql.scopes import RowScope
from siyu.types import BOOL

ORDERED = {"gt": "ge", "ge": "ge", "lt": "le", "le": "le"}
MIRRORED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}


@dataclass(frozen=True, slots=True)
class Scanned:
    """The SELECTs, the last of which, `name`, has a row a customer; and whether that one says
    which customers have bad rows."""

    ctes: tuple[tuple[str, str], ...]
    name: str
    checked: bool


def scan_sql(
    scan: Scan, source: str, dialect: Dialect, *, checked: bool, note: Callable[[Flat], str]
) -> Scanned:
    """A SELECT over `source`, grouped by key. Where rows are checked, all of them are read."""
    return _Scan(scan, source, dialect, checked, note).scanned()


@dataclass(slots=True)
class _Scan:
    scan: Scan
    source: str
    dialect: Dialect
    checked: bool
    note: Callable[[Flat], str]
    keys: Keys = field(default_factory=Keys)

    def scanned(self) -> Scanned:
        scan, dialect = self.scan, self.dialect
        base = [column_of_row(n, c) for n, c in enumerate(scan.need.columns)]
        stages = Stages(dialect, (KEY, *base, BAD))
        groups = [conjuncts(flat.node.where) for flat in scan.flat]
        groups += [scan.rows.where] if scan.rows is not None else []
        known = () if self.checked else common(groups, self.keys)
        lowering, scope = self.writer(stages, self.asked(known))
        where = self.kept_rows(groups, known)
        skipped = {self.keys.of(item) for item in known} if where is not None else set()
        lines: list[tuple[str, str]] = [(KEY, "")]
        read: set[str] = {KEY}
        for flat in scan.flat:
            text, inner = self.aggregate(flat.node, lowering, scope, skipped)
            read |= inner
            lines.append((f"{text} AS {dialect.name_of(flat.column)}", self.note(flat)))
        if scan.rows is not None:
            text, inner = self.collected(scan.rows, lowering, scope, skipped)
            read |= inner
            lines.append((f"{text} AS {dialect.name_of(scan.rows.column)}", ""))
        if self.checked:
            lines.append((f"bool_or({BAD}) AS {BAD}", ""))
            lines.append((f"count(*) AS {COUNT}", ""))
            read.add(BAD)
        name = f"t{scan.place}"
        staged = stages.selects(self.source, f"{name}_", read, where or "")
        last = select(lines, staged.source, staged.where, KEY)
        return Scanned((*staged.ctes, (name, last)), name, self.checked)

    def writer(self, stages: Stages, exprs: Sequence[Expr]) -> tuple[Lowering, RowScope]:
        shared = self.repeated(exprs)
        lowering = Lowering(self.dialect, Ranges(), shared)
        stem = plain(self.scan.need.path)
        scope = RowScope(
            name=lambda sql: stages.add(sql, stem, ""), dialect=self.dialect, need=self.scan.need
        )
        return lowering, scope

    # ------------------------------------------------------------------------ which rows

    def kept_rows(self, groups: list[tuple[Expr, ...]], known: Sequence[Expr]) -> str | None:
        """What every aggregate asks of a row, and between what the rows of all of them lie; None
        where nothing can be said, or where it takes more than a condition."""
        if self.checked:
            return None
        stages = Stages(self.dialect)
        lowering, scope = self.writer(stages, ())
        items = [*known, *self.edges(groups, {self.keys.of(item) for item in known})]
        texts = [lowering.sql(item, scope).text for item in items]
        if stages.columns or not texts:
            return None
        return " AND ".join(texts)

    def edges(self, groups: list[tuple[Expr, ...]], known: set[int]) -> Iterable[Expr]:
        """The furthest of the bounds that all put on the same column."""
        found: list[dict[tuple[str, str], Edge]] = []
        for group in groups:
            bounds: dict[tuple[str, str], Edge] = {}
            for item in group:
                edge = _edge(item)
                if edge is not None and self.keys.of(item) not in known:
                    bounds.setdefault((edge.function, edge.column.name), edge)
            found.append(bounds)
        for key in found[0] if found else ():
            if all(key in bounds for bounds in found):
                pick = min if key[0] == "ge" else max
                yield pick((bounds[key] for bounds in found), key=lambda edge: edge.value).node

    def condition(
        self, items: Iterable[Expr], skipped: set[int], lowering: Lowering, scope: RowScope
    ) -> list[Sql]:
        return [lowering.sql(item, scope) for item in items if self.keys.of(item) not in skipped]

    # ------------------------------------------------------------------------ what of them

    def aggregate(
        self, node: Aggregate, lowering: Lowering, scope: RowScope, skipped: set[int]
    ) -> tuple[str, frozenset[str]]:
        """An aggregate function, NULL or 0 over nothing; and which columns it reads."""
        tests = self.condition(conjuncts(node.where), skipped, lowering, scope)
        if node.op in FOUND:
            assert node.by is not None
            by = lowering.sql(node.by, scope)
            entry = ranked_entry(lowering, node, scope, by)
            known = [f"({by.text} IS NOT NULL)"] if by.nullable else []
            text = f"({_filtered(f'max({entry.text})', tests, known)}).v"
            return text, _reads(entry, by, *tests)
        value = None if node.value is None else lowering.sql(node.value, scope)
        pieces = _reads(*tests, *([] if value is None else [value]))
        bits = lowering.ranges.of(node).bits
        integer = self.dialect.integers[bits]
        if node.op in ("count", "exists"):
            known = [f"({value.text} IS NOT NULL)"] if value is not None and value.nullable else []
            if node.op == "exists" and self.dialect.name == "duckdb":
                return self.exists(tests, known), pieces
            counted = _filtered("count(*)", tests, known)
            text = f"({counted} > 0)" if node.op == "exists" else f"CAST({counted} AS {integer})"
            return text, pieces
        assert value is not None
        match node.op:
            case "sum":
                of = value.text
                if bits == 128 and self.dialect.name == "spark":
                    of = f"CAST({of} AS {integer})"
                return f"CAST({_filtered(f'sum({of})', tests)} AS {integer})", pieces
            case "distinct":
                return self.distinct(value, tests, integer), pieces
            case _:
                return _filtered(f"{node.op}({value.text})", tests), pieces

    def exists(self, tests: list[Sql], known: list[str]) -> str:
        """Whether there is such a row: cheaper on DuckDB than to count those that pass a filter."""
        texts = [*(test.text for test in tests if test.text != "TRUE"), *known]
        if not texts:
            return "(count(*) > 0)"
        return f"COALESCE(bool_or({chunked(texts, ' AND ')}), FALSE)"

    def distinct(self, value: Sql, tests: list[Sql], integer: str) -> str:
        if self.dialect.name == "duckdb":
            return f"CAST({_filtered(f'count(DISTINCT {value.text})', tests)} AS {integer})"
        return f"size({_filtered(f'collect_set({value.text})', tests)})"

    def collected(
        self, rows: Rows, lowering: Lowering, scope: RowScope, skipped: set[int]
    ) -> tuple[str, frozenset[str]]:
        tests = self.condition(rows.where, skipped, lowering, scope)
        names = [table_column(self.scan.need, column.name) for column in rows.columns]
        fields = [(name, self.dialect.name_of(name)) for name in names]
        struct = self.dialect.struct_of(fields)
        text = _filtered(self.dialect.on("collect", "", struct), tests)
        return text, frozenset(names) | _reads(*tests)

    # ------------------------------------------------------------------------ what is shared

    def asked(self, known: Sequence[Expr]) -> list[Expr]:
        """Every expression that is evaluated in a row, as often as it is written."""
        skipped = {self.keys.of(item) for item in known}
        found: list[Expr] = []
        for flat in self.scan.flat:
            node = flat.node
            found += [c for c in conjuncts(node.where) if self.keys.of(c) not in skipped]
            found += [e for e in (node.value, node.by, node.tie) if e is not None]
        if self.scan.rows is not None:
            found += [c for c in self.scan.rows.where if self.keys.of(c) not in skipped]
        return found

    def repeated(self, exprs: Sequence[Expr]) -> frozenset[int]:
        """Nodes that are written more than once, the outermost ones; all of one key."""
        uses: dict[int, int] = {}
        nodes: dict[int, list[Expr]] = {}
        waiting = list(exprs)
        while waiting:
            node = waiting.pop()
            if type(node) in LEAVES:
                continue
            key = self.keys.of(node)
            uses[key] = uses.get(key, 0) + 1
            nodes.setdefault(key, []).append(node)
            if uses[key] == 1 and not isinstance(node, Aggregate):
                waiting += parts(node)
        return frozenset(id(n) for key, count in uses.items() if count > 1 for n in nodes[key])


@dataclass(frozen=True, slots=True)
class Edge:
    """That a column is at least (`ge`) or at most (`le`) so much; or more, or less, than that."""

    function: str
    column: Column
    value: int
    node: Call


def _edge(item: Expr) -> Edge | None:
    """A bound that a condition puts on a column of the row itself."""
    if not isinstance(item, Call) or item.function not in ORDERED:
        return None
    match item.args:
        case (Column(level=0) as column, Const(value=int(value)) as limit):
            function = ORDERED[item.function]
        case (Const(value=int(value)) as limit, Column(level=0) as column):
            function = ORDERED[MIRRORED[item.function]]
        case _:
            return None
    return Edge(function, column, value, Call(function, (column, limit), BOOL))


def _filtered(function: str, tests: Sequence[Sql], known: Sequence[str] = ()) -> str:
    texts = [*(test.text for test in tests if test.text != "TRUE"), *known]
    if not texts:
        return function
    condition = texts[0] if len(texts) == 1 else chunked(texts, " AND ")
    return f"{function} FILTER (WHERE {condition})"


def _reads(*pieces: Sql) -> frozenset[str]:
    return frozenset[str]().union(*(piece.reads for piece in pieces))
