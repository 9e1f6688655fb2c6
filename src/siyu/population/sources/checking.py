"""What would be set aside of each table, and why, before anything is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from siyu.core.ir import Input
from siyu.core.program import ColumnNeed, Needs, TableNeed
from siyu.population.sources.expected import look
from siyu.population.sources.model import CUSTOMER, Table
from siyu.population.sources.opened import Opened, OpenSources
from siyu.population.sources.rejects import rejects_select
from siyu.population.sources.staged import Staged, stage
from siyu.records.plan import Plan
from siyu.schema import Field, Schema
from siyu.words import ENGLISH, Speech, Words

EXAMPLES = 5
HIDDEN = "…"


@dataclass(frozen=True, slots=True)
class Example:
    """A row that would be set aside; a private key is hidden."""

    customer: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rows of a table that would be set aside for one reason: `count` of them, some as examples."""

    kind: str
    field: str
    code: str
    count: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class TableReport:
    """One table. `unmapped` are columns that no field is read from; `lacking` fields that the table
    has no column for; `empty` fields that never have a value; `latest` the newest value of the
    column that `expect` names."""

    name: str
    rows: int
    files: int
    bytes: int
    refusals: tuple[Refusal, ...]
    unmapped: tuple[str, ...]
    lacking: tuple[str, ...]
    empty: tuple[str, ...]
    latest: str | None = None
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """All tables; `customers` that are read and `rejected` of them; what was expected and does not
    hold is in `problems`, each with its line."""

    tables: tuple[TableReport, ...]
    customers: int
    rejected: int
    problems: tuple[tuple[int, Words], ...]

    @property
    def set_aside(self) -> int:
        """Rows and customers that would be set aside."""
        return sum(each.count for table in self.tables for each in table.refusals)


def everything(schema: Schema, sources: OpenSources) -> Needs:
    """The needs of somebody who reads all fields of all tables."""
    inputs = tuple(
        Input("customer", each.name, each.type, each.maybe_unknown)
        for each in schema.fields.values()
    )
    tables = tuple(
        TableNeed(
            path,
            tuple(ColumnNeed(f.name, f.type, f.maybe_unknown) for f in rows.fields.values()),
            rows.optional,
        )
        for path, rows in schema.walk()
        if path in sources.tables
    )
    return Needs(inputs, tables)


def check_sources(
    sources: OpenSources,
    schema: Schema,
    plan: Plan,
    as_of: int,
    zone: str,
    speech: Speech = ENGLISH,
) -> Report:
    """Looks at all tables as a run would. Raises SourcesFailed where a run could not even begin."""
    expected = look(sources, as_of, zone)
    staged = stage(sources, schema, plan, as_of, name="checked")
    stagings = [staged]
    for event in sources.sources.events:
        if f"events.{event}" in sources.tables:
            about = replace(plan, needs=Needs((), ()), rows=())
            stagings.append(stage(sources, schema, about, as_of, event=event, name=f"on_{event}"))
    refusals: dict[str, dict[tuple[str, str, str], Refusal]] = {}
    for each in stagings:
        _gather(each, schema, speech, refusals)
    tables = tuple(
        _table(opened, schema, sources, tuple(refusals.get(name, {}).values()),
               expected.rows[name], _latest(expected.fresh, name))
        for name, opened in sources.tables.items()
    )  # fmt: skip
    ((customers,),) = sources.engine.rows(f"SELECT count(*) FROM {staged.customers.views[0]}")
    place = sources.sources.source.place
    problems = tuple((place(each.span.start).line, each.said) for each in expected.problems)
    return Report(tables, int(customers), _rejected(staged), problems)


def _latest(fresh: Mapping[str, object], name: str) -> str | None:
    found = fresh.get(name)
    latest = getattr(found, "latest", None)
    return latest if isinstance(latest, str) else None


def _rejected(staged: Staged) -> int:
    """How many customers would be set aside."""
    relations = staged.relations
    parts = [f"SELECT key FROM {relations.records} WHERE bad"]
    parts += [
        f"SELECT t.key FROM {relation} t WHERE t.bad AND EXISTS (SELECT 1 FROM "
        f"{staged.customers.views[0]} c WHERE c.key = t.key)"
        for path, relation in relations.tables.items()
        if relation is not None and path in relations.checked
    ]
    union = " UNION ALL ".join(parts)
    ((count,),) = staged.sources.engine.rows(f"SELECT count(DISTINCT key) FROM ({union}) u")
    return int(count)


def _gather(
    staged: Staged,
    schema: Schema,
    speech: Speech,
    found: dict[str, dict[tuple[str, str, str], Refusal]],
) -> None:
    """Counts by reason, with the first examples."""
    engine = staged.sources.engine
    table = f"{staged.name}_rejects"
    engine.table(table, rejects_select(staged, speech))
    groups = "source, kind, coalesce(field, ''), code"
    counts = engine.rows(f"SELECT {groups}, count(*) FROM {table} GROUP BY {groups}")
    firsts = engine.rows(
        f"SELECT source, kind, field, code, customer, row_key, reason FROM (SELECT source, kind, "
        f"coalesce(field, '') AS field, code, customer, key AS row_key, reason, row_number() OVER "
        f"(PARTITION BY {groups} ORDER BY customer, key, reason) AS n FROM {table}) r "
        f"WHERE n <= {EXAMPLES} ORDER BY source, kind, field, code, n"
    )
    examples: dict[tuple[str, ...], list[Example]] = {}
    for source, kind, name, code, customer, key, reason in firsts:
        shown = _shown(schema, source, customer, key)
        examples.setdefault((source, kind, name, code), []).append(Example(*shown, reason))
    for source, kind, name, code, count in sorted(counts):
        known = found.setdefault(source, {})
        if (kind, name, code) not in known:
            shown_examples = tuple(examples[source, kind, name, code])
            known[kind, name, code] = Refusal(kind, name, code, int(count), shown_examples)


def _shown(schema: Schema, source: str, customer: str | None, key: str | None) -> tuple[str, str]:
    """Both keys, unless the schema says that they are private."""
    private = schema.fields[schema.key].pii
    rows = schema.collection(source)
    owner = rows.fields[rows.key] if rows is not None and rows.key is not None else None
    who = HIDDEN if private and customer is not None else customer or ""
    return who, HIDDEN if owner is not None and owner.pii and key is not None else key or ""


def _table(
    opened: Opened,
    schema: Schema,
    sources: OpenSources,
    refusals: tuple[Refusal, ...],
    rows: int,
    latest: str | None,
) -> TableReport:
    fields = _fields(opened.table, schema, sources)
    table = opened.table
    columns = {name: table.column(name).names for name in fields}
    used = {each for names in columns.values() for each in names}
    used.update(table.customer.names)
    used.update(table.parent.names if table.parent is not None else ())
    used.update(each.column for each in table.where)
    if table.through is not None:
        used.update((table.through.profile, table.through.channel_column or ""))
    if table.name == CUSTOMER:
        used.update(n for column in sources.sources.metrics.values() for n in column.names)
    for each in (table.expect.fresh, table.expect.complete):
        used.update((each.column,) if each is not None else ())
    lacking = tuple(n for n, names in columns.items() if not set(names) <= set(opened.columns))
    return TableReport(
        table.name,
        rows,
        len(opened.files),
        sum(path.stat().st_size for path in opened.files),
        refusals,
        tuple(column for column in opened.columns if column not in used),
        lacking,
        _empty(opened, sources, {n: c for n, c in columns.items() if n not in lacking}),
        latest,
        opened.missing,
    )


def _fields(table: Table, schema: Schema, sources: OpenSources) -> Mapping[str, Field]:
    """The fields that come from a table."""
    if table.name == CUSTOMER:
        taken = {name for also in sources.sources.also for name in also.columns}
        return {name: each for name, each in schema.fields.items() if name not in taken}
    if table.name.startswith(f"{CUSTOMER}."):
        return {name: schema.fields[name] for name in table.columns}
    rows = schema.collection(table.name)
    if rows is not None:
        return rows.fields
    return schema.events[table.name.removeprefix("events.")].fields


def _empty(
    opened: Opened, sources: OpenSources, columns: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """Fields for which no row has anything."""
    from siyu.population.sources.sqltext import name

    if opened.missing or not columns:
        return ()
    dialect = sources.dialect
    counts = [f"count({name(names[0], dialect)})" for names in columns.values()]
    (found,) = sources.engine.rows(f"SELECT {', '.join(counts)} FROM {opened.read(dialect)} t")
    return tuple(each for each, count in zip(columns, found, strict=True) if not count)
