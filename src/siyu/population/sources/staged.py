"""From tables to the relations that a query reads: held values, bad rows flagged on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from siyu.core.ir import Input
from siyu.core.program import Needs
from siyu.evaluators.sql.dialects import DIALECTS
from siyu.evaluators.sql.names import column_of_input, given_column, has_column
from siyu.evaluators.sql.relations import Relations
from siyu.functions.declaration import Dialect
from siyu.functions.sql import literal
from siyu.population.engines import Engine
from siyu.population.files import Problem
from siyu.population.sources.failed import unfit
from siyu.population.sources.flat import Flattening
from siyu.population.sources.opened import OpenSources
from siyu.population.sources.rows import RowsView, owner_text, scan_rows, stage_rows
from siyu.population.sources.scan import Read, Scan, Setting, constant, key_field
from siyu.population.sources.sqltext import any_of
from siyu.records.plan import EventPlan, Plan, Rows
from siyu.schema import MISSING, Field, Schema
from siyu.schema.model import outside
from siyu.schema.values import Mistake, held
from siyu.text import Span
from siyu.types import DateTimeType, TextType
from siyu.words import Words, say

EVENT_KEY, AS_OF = "event_key", "as_of"  # columns of the records of events, beside the needs'


@dataclass(frozen=True, slots=True)
class Customers:
    """How the customers' tables were read: `scans` are the main one and the further ones, `views`
    their held rows (`key`, `h*`, `g*`, `m`); `twice` are tables of keys that occur twice, by the
    name of the source."""

    scans: tuple[Scan, ...]
    views: tuple[str, ...]
    reads: Mapping[str, tuple[int, Read]]  # by field: which scan, and how it is read there
    metrics: Mapping[str, Read]
    twice: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Staged:
    """What a query reads. `views` are the collections by path; `event` is that which the records
    are about, one row each; then they also have the columns `event_key` and `as_of`."""

    sources: OpenSources
    plan: Plan
    relations: Relations
    customers: Customers
    views: Mapping[str, RowsView]
    event: RowsView | None
    given: tuple[str, ...]
    name: str


def stage(
    sources: OpenSources,
    schema: Schema,
    plan: Plan,
    as_of: int,
    needs: Needs | None = None,
    event: str | None = None,
    name: str = "staged",
) -> Staged:
    """Makes views in the engine for what `needs` read (the plan's, if not said), and says what is
    to stand behind FROM.

    `schema` is that of the policy's currency, `plan` that of the policy's reader (`Reader.plan`);
    `as_of` an instant in microseconds; `event` what the run is about. `name` begins the names of
    all views and tables that are made.

    Raises SourcesFailed with all columns that are missing or of a type that cannot serve.
    """
    staging = _Staging(sources, schema, plan, needs or plan.needs, as_of, event, name)
    return staging.run()


@dataclass(slots=True)
class _Staging:
    sources: OpenSources
    schema: Schema
    plan: Plan
    needs: Needs
    as_of: int
    event: str | None
    name: str
    problems: list[Problem] = field(default_factory=list)
    views: dict[str, RowsView] = field(default_factory=dict)
    scans: list[tuple[Rows, Scan, int]] = field(default_factory=list)

    @property
    def engine(self) -> Engine:
        return self.sources.engine

    @property
    def dialect(self) -> Dialect:
        return self.engine.name

    def run(self) -> Staged:
        setting = Setting(self.dialect, self.sources.timezone, self.plan.first, self.plan.last)
        self._lacking(self.plan.rows)
        customers = self._scan_customers(setting)
        for rows in _every(self.plan.rows):
            self._scan_rows(rows, setting)
        event = self._scan_event(setting)
        context = self._context()
        for scan in (*customers[0], *(scan for _, scan, _ in self.scans)):
            self.problems += scan.problems
        if event is not None:
            self.problems += event[1].problems
        if self.problems:
            raise unfit(self.sources.sources.source, tuple(self.problems))
        for number, (rows, scan, owners) in enumerate(self.scans):
            view = f"{self.name}_rows_{number}"
            self.views[rows.path] = stage_rows(self.engine, scan, rows, view, owners)
        happened = None
        if event is not None:
            rows, scan = event
            happened = stage_rows(self.engine, scan, rows, f"{self.name}_event", 1)
        staged = self._customers(*customers)
        relations = self._relations(staged, context, happened)
        given = tuple(staged.metrics)
        return Staged(self.sources, self.plan, relations, staged, dict(self.views), happened,
                      given, self.name)  # fmt: skip

    # ------------------------------------------------------------ tables

    def _lacking(self, rows: tuple[Rows, ...]) -> None:
        """A collection that every record must have comes from a table."""
        for each in _every(rows):
            collection, opened = each.collection, self.sources.tables.get(each.path)
            if (opened is None or opened.missing) and not (
                collection.default_empty or collection.optional
            ):
                told = say("the policy reads `{path}`, which has no table: write it below "
                           "`collections`", path=each.path)  # fmt: skip
                span = self._start() if opened is None else opened.table.span
                self.problems.append(Problem(told, span))

    def _start(self) -> Span:
        return Span(self.sources.sources.source.name, 0, 1)

    def _scan_customers(
        self, setting: Setting
    ) -> tuple[tuple[Scan, ...], dict[str, tuple[int, Read]], dict[str, Read]]:
        """Which table each field comes from: a further one where it names it."""
        main = Scan(self.sources.customer, setting)
        scans = [main]
        key = self.schema.fields[self.schema.key]
        brought: dict[str, int] = {}
        for also in self.sources.also():
            scan = Scan(also, setting)
            scan.read(key_field(key), also.table.customer, needed=True, owner=True)
            scans.append(scan)
            brought.update(dict.fromkeys(also.table.columns, len(scans) - 1))
        reads = {}
        for each in self.plan.customer.read:
            at = brought.get(each.name, 0)
            table = scans[at].opened.table
            wanted = key_field(each) if each.name == self.plan.key else each
            reads[each.name] = (
                at,
                scans[at].read(wanted, table.column(each.name), each.name in table.columns),
            )
        metrics = {}
        for name, column in self.sources.sources.metrics.items():
            kind = self.plan.metrics.get(name)
            if kind is not None:
                wanted = Field(name, kind, optional=True)
                metrics[name] = main.read(wanted, column, needed=True)
        return tuple(scans), reads, metrics

    def _scan_rows(self, rows: Rows, setting: Setting) -> None:
        opened = self.sources.tables.get(rows.path)
        if opened is None or opened.missing:
            return
        parts = rows.path.split(".")
        around = []
        for end in range(1, len(parts)):
            owner = self.schema.collection(".".join(parts[:end]))
            assert owner is not None and owner.key is not None
            around.append(owner.fields[owner.key])
        customer = self.schema.fields[self.schema.key]
        scan = scan_rows(opened, rows, customer, around, setting)
        self.scans.append((rows, scan, 1 + len(around)))

    def _scan_event(self, setting: Setting) -> tuple[Rows, Scan] | None:
        if self.event is None:
            return None
        opened = self.sources.tables.get(f"events.{self.event}")
        if opened is None:
            told = say("there is no table of `{event}`: write it below `events`", event=self.event)
            self.problems.append(Problem(told, self._start()))
            return None
        plan = self.plan.events[self.event]
        rows = Rows(_as_collection(plan), f"events.{plan.name}", plan.fields, ())
        customer = self.schema.fields[self.schema.key]
        return rows, scan_rows(opened, rows, customer, (), setting)

    # ------------------------------------------------------------ records

    def _customers(
        self,
        scans: tuple[Scan, ...],
        reads: dict[str, tuple[int, Read]],
        metrics: dict[str, Read],
    ) -> Customers:
        views: list[str] = []
        twice: dict[str, str] = {}
        for at, scan in enumerate(scans):
            view = f"{self.name}_customers_{at}"
            key = reads[self.plan.key][1] if at == 0 else scan.reads[0]
            text = owner_text(key, self.dialect)
            columns = [f"h{each.at}, g{each.at}" for each in scan.reads]
            tests = f"{key.held} IS NOT NULL"
            if isinstance(key.field.type, TextType):
                tests += f" AND {key.held} <> ''"
            select = (
                f"SELECT {text} AS key, m, {', '.join(columns)} FROM ({scan.layers()}) l "
                f"WHERE {tests}"
            )
            raw = f"{view}_all"
            self.engine.view(raw, select)
            source = raw
            if scan.opened.table.unique != "trusted":
                source = self._each_once(raw, view, scan, twice)
            self.engine.view(view, f"SELECT * FROM {source}")
            views.append(view)
        return Customers(scans, tuple(views), reads, metrics, twice)

    def _each_once(self, raw: str, view: str, scan: Scan, twice: dict[str, str]) -> str:
        """One row for a key that several have; the customer is rejected anyway."""
        found = self.engine.table(
            f"{view}_twice",
            f"SELECT key, count(*) AS n FROM {raw} GROUP BY key HAVING count(*) > 1",
        )
        if not found:
            return raw
        twice[scan.opened.table.name] = f"{view}_twice"
        numbered = f"SELECT *, row_number() OVER (PARTITION BY key ORDER BY key) AS n FROM {raw}"
        return (
            f"(SELECT * FROM {raw} r WHERE NOT EXISTS (SELECT 1 FROM {view}_twice t WHERE "
            f"t.key = r.key) UNION ALL SELECT {self._columns(scan)} FROM ({numbered} r WHERE "
            f"EXISTS (SELECT 1 FROM {view}_twice t WHERE t.key = r.key)) o WHERE n = 1) u"
        )

    def _columns(self, scan: Scan) -> str:
        return ", ".join(["key", "m", *[f"h{r.at}, g{r.at}" for r in scan.reads]])

    def _relations(
        self, customers: Customers, context: Mapping[str, object], happened: RowsView | None
    ) -> Relations:
        flat = Flattening(self.schema, self.views, self.dialect)
        tables: dict[str, str | None] = {}
        checked = {""}
        for number, need in enumerate(self.needs.tables):
            select = flat.relation(need)
            if select is None:
                tables[need.path] = None
                continue
            view = f"{self.name}_table_{number}"
            self.engine.view(view, select)
            tables[need.path] = view
            checked.add(need.path)
        records = f"{self.name}_records"
        self.engine.view(records, self._records(customers, context, happened))
        return Relations(records, tables, frozenset(checked))

    def _records(
        self, customers: Customers, context: Mapping[str, object], happened: RowsView | None
    ) -> str:
        joined = f"{customers.views[0]} c0"
        for at, view in enumerate(customers.views[1:], 1):
            joined += f" LEFT JOIN {view} c{at} ON c{at}.key = c0.key"
        items = ["c0.key AS key"]
        for place, each in enumerate(self.needs.inputs):
            made = self._input(each, customers, context, happened)
            name = DIALECTS[self.dialect].name_of(column_of_input(place, each))
            items.append(f"{made} AS {name}")
        for name, read in customers.metrics.items():
            quoted = DIALECTS[self.dialect].name_of(given_column(name))
            items.append(f"c0.{read.held} AS {quoted}")
        flat = Flattening(self.schema, self.views, self.dialect)
        for place, need in enumerate(self.needs.tables):
            if need.optional and flat.relation(need) is not None:
                quoted = DIALECTS[self.dialect].name_of(has_column(need.path))
                known, join = flat.known(need, "c0.key", f"w{place}")
                items.append(f"{known} AS {quoted}")
                joined += join
        bad = [self._wrong(customers)]
        outside_keys = self._bad_keys(customers)
        if outside_keys is not None:
            joined += f" LEFT JOIN {outside_keys} o ON o.key = c0.key"
            bad.append("o.key IS NOT NULL")
        if happened is not None:
            key = self._event_key(happened)
            items.append(f"{key} AS {EVENT_KEY}")
            items.append(f"{self._moment(happened)} AS {AS_OF}")
            joined += f" JOIN {happened.view} e ON e.key = c0.key"
            bad.append("e.bad")
        return f"SELECT {', '.join(items)}, ({any_of(bad)}) AS bad FROM {joined}"

    def _wrong(self, customers: Customers) -> str:
        """Whether a field of the customer's own tables is not as it should be."""
        conditions = []
        for at, read in [*customers.reads.values(), *((0, m) for m in customers.metrics.values())]:
            conditions.append(_beside(read, at))
        for at, scan in enumerate(customers.scans):
            if scan.opened.cells:
                conditions.append(f"c{at}.m IS NOT NULL")
        return any_of(conditions)

    def _bad_keys(self, customers: Customers) -> str | None:
        """Customers to be set aside for what the relations themselves do not show."""
        found = [f"SELECT key FROM {table}" for table in customers.twice.values()]
        flat = {need.path for need in self.needs.tables}
        for path, view in self.views.items():
            if view.many is not None:
                found.append(f"SELECT key FROM {view.many}")
            shown = path in flat and all(
                ".".join(path.split(".")[: end + 1]) in self.views
                for end in range(path.count(".") + 1)
            )
            if not shown:
                found.append(f"SELECT key FROM {view.view} WHERE bad")
        if not found:
            return None
        table = f"{self.name}_set_aside"
        count = self.engine.table(
            table, f"SELECT DISTINCT key FROM ({' UNION ALL '.join(found)}) u"
        )
        return table if count else None

    def _input(
        self,
        each: Input,
        customers: Customers,
        context: Mapping[str, object],
        happened: RowsView | None,
    ) -> str:
        dialect = self.dialect
        none = constant(None, each.type, dialect)
        match each.origin:
            case "customer":
                at, read = customers.reads[each.name]
                value = read.value(dialect)
                return value.replace(f"h{read.at}", f"c{at}.h{read.at}", 1)
            case "context":
                return constant(context.get(each.name), each.type, dialect)
            case "event":
                event, _, name = each.name.partition(".")
                if happened is None or event != self.event or name not in happened.fields:
                    return none
                return f"e.{happened.fields[name]}"
            case "request":
                return self._of_request(each, happened, none)
            case "metric" if each.name in customers.metrics:
                return f"c0.{customers.metrics[each.name].held}"
            case _:
                return none

    def _of_request(self, each: Input, happened: RowsView | None, none: str) -> str:
        if each.name == "key":
            return "c0.key"
        if each.name == "event":
            return none if self.event is None else literal(self.event, self.dialect)
        if each.name == "event_key":
            return none if happened is None else self._event_key(happened)
        return constant(self.as_of, each.type, self.dialect) if happened is None else (
            self._moment(happened)
        )  # fmt: skip

    def _event_key(self, happened: RowsView) -> str:
        text = DIALECTS[self.dialect].text
        if happened.key is None:
            return f"CAST(NULL AS {text})"
        return f"CAST(e.{happened.fields[happened.key]} AS {text})"

    def _moment(self, happened: RowsView) -> str:
        assert self.event is not None
        time = self.plan.events[self.event].time
        if time is None:
            return f"CAST({self.as_of} AS BIGINT)"
        return f"e.{happened.fields[time]}"

    # ------------------------------------------------------------ what is the same for everyone

    def _context(self) -> dict[str, object]:
        values: dict[str, object] = {}
        for each in self.plan.context.read:
            raw = self.sources.sources.context.get(each.name)
            problem: Words | None = None
            if raw is None:
                values[each.name] = None if each.default is MISSING else each.default
                if each.default is MISSING and not each.optional:
                    problem = say("is missing")
            else:
                value = held(each.type, raw)
                if isinstance(value, Mistake):
                    problem = value.text(each.pii)
                else:
                    problem = self._outside(each, value)
                    values[each.name] = value
            if problem is not None:
                told = say("`context.{name}` {problem}", name=each.name, problem=problem)
                self.problems.append(Problem(told, self._start()))
        return values

    def _outside(self, each: Field, value: Any) -> Words | None:
        if isinstance(each.type, DateTimeType) and not self.plan.first <= value <= self.plan.last:
            return say("must lie within the years 1 to 9999 in every zone")
        return outside(each, value)


def _beside(read: Read, at: int) -> str:
    """What is wrong with a field, seen from the joined customers."""
    needed = read.field.default is MISSING and not read.field.optional
    if read.made is None:
        return "TRUE" if needed else "FALSE"
    held_column = f"c{at}.h{read.at}"
    if needed:
        return f"{held_column} IS NULL"
    return f"(COALESCE(c{at}.g{read.at}, FALSE) AND {held_column} IS NULL)"


def _every(rows: tuple[Rows, ...]) -> Iterator[Rows]:
    """Collections that are read, those around before those inside."""
    for each in rows:
        yield each
        yield from _every(each.nested)


def _as_collection(plan: EventPlan) -> Any:
    """Events as rows of a collection: those of one key are one, or wrong."""
    from siyu.schema import Collection

    return Collection(plan.name, key=plan.key, time=plan.time)
