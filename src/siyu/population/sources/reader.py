"""Reading a `sources.yaml`: what it says, or everything that is wrong with it, line by line.

Pure: whoever calls has read the text. No table is looked at here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from siyu.population.files import Problem
from siyu.population.sources.columns import (
    PLACE,
    UNIQUE,
    read_column,
    read_columns,
    read_expect,
    read_place,
    read_where,
)
from siyu.population.sources.model import (
    CUSTOMER,
    THROUGH,
    Column,
    Place,
    Sources,
    Table,
    Through,
)
from siyu.population.sources.settings import Settings
from siyu.schema import Collection, Field, Schema
from siyu.schema.model import MISSING
from siyu.schema.tree import List, Map, Scalar, Tree, read_tree
from siyu.text import Source, Span
from siyu.types import EnumType, LevelType, SetType, TextType
from siyu.words import Said, say

TOP = (
    "sources", "schema", "timezone", "currency", CUSTOMER, "collections", "events", "context",
    "profiles",
)  # fmt: skip
TABLE = (*PLACE, "columns", "where", "expect", "timezone", "floats")
CUSTOMERS = (*TABLE, "also", "metrics")
ALSO = (*TABLE, CUSTOMER, "missing", "unique")
ROWS = (*TABLE, CUSTOMER, "missing", "unique")
NESTED = (*ROWS, "parent")
EVENTS = (*TABLE, CUSTOMER)
PROFILES = (*TABLE, "channel")


@dataclass(frozen=True, slots=True)
class Read:
    """The sources, or what is wrong with the file; `schema` is the file that it names."""

    sources: Sources | None
    problems: tuple[Problem, ...]


def schema_named(source: Source) -> str | None:
    """The schema file that a `sources.yaml` names, for those who have no policy at hand."""
    tree, _ = read_tree(source)
    found = tree.get("schema") if isinstance(tree, Map) else None
    return found.text if isinstance(found, Scalar) and found.value is not None else None


def read_sources(source: Source, schema: Schema, metrics: Iterable[str] | None = None) -> Read:
    """What the file says about a schema (that of the policy's currency).

    `metrics` are those that the policy lets a request bring; None: any name will do.
    """
    tree, found = read_tree(source)
    problems = [Problem(Said(d.message, tuple(d.facts().items())), d.span) for d in found]
    start = Span(source.name, 0, min(1, len(source.text)))
    if not isinstance(tree, Map):
        if not problems:
            problems.append(Problem(say("a file of this kind begins with `sources: 1`"), start))
        return Read(None, tuple(problems))
    reading = _Reading(Settings(problems), schema, metrics, start)
    sources = reading.run(tree, source)
    return Read(None if problems else sources, tuple(problems))


@dataclass(slots=True)
class _Reading:
    settings: Settings
    schema: Schema
    metrics: Iterable[str] | None
    start: Span

    def run(self, tree: Map, source: Source) -> Sources:
        settings = self.settings
        settings.names(tree, TOP, "sources.yaml")
        number = tree.get("sources")
        if not isinstance(number, Scalar) or number.value != 1:
            said = say("this is no file of sources: `sources: 1` is missing")
            settings.wrong(said, number.span if number is not None else self.start)
        customers = settings.map(tree.get(CUSTOMER), CUSTOMER)
        if customers is None and tree.get(CUSTOMER) is None:
            said = say("the table of customers is missing: write `customer:` with `from:` below it")
            settings.wrong(said, self.start)
        main = self._customers(customers) if customers is not None else Table("", Place("parquet"))
        collections = self._collections(tree)
        return Sources(
            main,
            self._also(customers),
            self._metrics(customers),
            collections,
            self._events(tree),
            self._context(tree.get("context")),
            settings.text(tree, "schema"),
            settings.zone(tree),
            settings.text(tree, "currency"),
            self._profiles(tree.get("profiles")),
            source,
        )

    def _table(self, tree: Map, name: str, fields: Mapping[str, Field]) -> Table:
        """What all tables have."""
        settings = self.settings
        floats = settings.choice(tree, "floats", ("shortest", "refused"), "refused")
        return Table(
            name,
            read_place(settings, tree, name),
            read_columns(settings, tree.get("columns"), fields, name),
            read_where(settings, tree.get("where")),
            read_expect(settings, tree.get("expect")),
            timezone=settings.zone(tree),
            shortest=floats == "shortest",
            span=tree.span,
        )

    def _customers(self, tree: Map) -> Table:
        self.settings.names(tree, CUSTOMERS, CUSTOMER)
        table = self._table(tree, CUSTOMER, self.schema.fields)
        return replace(table, customer=table.column(self.schema.key))

    def _joined(self, tree: Map, name: str, fields: Mapping[str, Field]) -> Table:
        """A table whose rows belong to customers."""
        settings = self.settings
        table = self._table(tree, name, fields)
        owner = tree.get(CUSTOMER)
        key = self.schema.key
        through = self._through(owner)
        if through is not None:
            column = Column((THROUGH,), span=tree.span)
        elif owner is None:
            column = Column((key,), span=tree.span)
        else:
            column = read_column(settings, owner, CUSTOMER)
        missing = settings.choice(tree, "missing", ("allowed", "refused"), "refused")
        unique = settings.choice(tree, "unique", UNIQUE, "checked")
        return replace(
            table,
            customer=column,
            missing=missing == "allowed",
            through=through,
            unique="trusted" if unique == "trusted" else "checked",
        )

    def _through(self, owner: Tree | None) -> Through | None:
        """`customer: {through: identities, profile: member_id, channel: tmall}`."""
        if not isinstance(owner, Map) or owner.get("through") is None:
            return None
        settings = self.settings
        settings.names(owner, ("through", "profile", "channel"), CUSTOMER)
        path, profile = settings.text(owner, "through"), settings.text(owner, "profile")
        channel = owner.get("channel")
        constant = column = None
        if isinstance(channel, Map):
            settings.names(channel, ("from",), "channel")
            column = settings.text(channel, "from")
        elif channel is not None:
            constant = settings.text(owner, "channel")
        if path is None or profile is None or (constant is None and column is None):
            said = say(
                "write it as `customer: {{through: identities, profile: member_id, channel: "
                "tmall}}`; a channel that stands in a column is `channel: {{from: column}}`"
            )
            settings.wrong(said, owner.span)
        return Through(path or "", profile or "", constant, column, owner.span)

    def _profiles(self, tree: Tree | None) -> tuple[Table, ...]:
        """One table, or a list of them: a table a channel, say."""
        if tree is None:
            return ()
        settings, profiles = self.settings, self.schema.profiles
        if profiles is None:
            settings.wrong(say("the schema has no part `profiles`"), tree.span)
            return ()
        tables = []
        for place, each in enumerate(tree.items if isinstance(tree, List) else (tree,), 1):
            name = f"profiles.{place}"
            below = settings.map(each, name)
            if below is None:
                continue
            settings.names(below, PROFILES, name)
            table = self._table(below, name, profiles.fields)
            channel = settings.text(below, "channel")
            if channel is not None and profiles.channel in table.columns:
                said = say("`{name}` has both a `channel` and a column for it; leave one out",
                           name=name)  # fmt: skip
                settings.wrong(said, below.key_span("channel"))
            tables.append(replace(table, channel=channel))
        return tuple(tables)

    def _also(self, tree: Map | None) -> tuple[Table, ...]:
        found = tree.get("also") if tree is not None else None
        if found is None:
            return ()
        if not isinstance(found, List):
            said = say("`also` must be a list of tables, each with `from:` behind a dash")
            self.settings.wrong(said, found.span)
            return ()
        tables = []
        for place, each in enumerate(found.items, 1):
            name = f"customer.also.{place}"
            below = self.settings.map(each, name)
            if below is not None:
                self.settings.names(below, ALSO, name)
                table = self._joined(below, name, self.schema.fields)
                if not table.columns:
                    said = say("`{name}` must say in `columns` which fields it brings", name=name)
                    self.settings.wrong(said, below.span)
                tables.append(table)
        self._brought_once(tree, tables)
        return tuple(tables)

    def _brought_once(self, customers: Map | None, tables: list[Table]) -> None:
        """Each field comes from one table."""
        columns = customers.get("columns") if customers is not None else None
        seen = {pair.key for pair in columns.pairs} if isinstance(columns, Map) else set()
        for table in tables:
            for name, column in table.columns.items():
                if name in seen:
                    said = say("`{name}` comes from two tables; leave it out of one", name=name)
                    self.settings.wrong(said, column.span)
                if name == self.schema.key:
                    said = say(
                        "the key `{name}` comes from the table of customers; write `customer:` for "
                        "the column that has it here",
                        name=name,
                    )
                    self.settings.wrong(said, column.span)
                seen.add(name)

    def _metrics(self, tree: Map | None) -> dict[str, Column]:
        found = self.settings.map(tree.get("metrics"), "metrics") if tree is not None else None
        columns = {}
        for pair in found.pairs if found is not None else ():
            known = {pair.key: 0} if self.metrics is None else dict.fromkeys(self.metrics, 0)
            said = say("the policy has no metric `{name}` that may be brought along", name=pair.key)
            if self.settings.named(pair.key, known, said, pair.key_span) is not None:
                columns[pair.key] = read_column(self.settings, pair.value, pair.key)
        return columns

    def _collections(self, tree: Map) -> dict[str, Table]:
        found = self.settings.map(tree.get("collections"), "collections")
        known = dict(self.schema.walk())
        tables: dict[str, Table] = {}
        for pair in found.pairs if found is not None else ():
            said = say("the schema has no collection `{name}`", name=pair.key)
            rows = self.settings.named(pair.key, known, said, pair.key_span)
            below = self.settings.map(pair.value, pair.key)
            if rows is not None and below is not None:
                tables[pair.key] = self._rows(pair.key, below, rows)
        self._complete(tree, known, tables)
        return {path: tables[path] for path in known if path in tables}

    def _rows(self, path: str, tree: Map, rows: Collection) -> Table:
        nested = "." in path
        self.settings.names(tree, NESTED if nested else ROWS, path)
        table = self._joined(tree, path, rows.fields)
        if not nested:
            return table
        owner = self.schema.collection(path.rpartition(".")[0])
        parent = tree.get("parent")
        if owner is not None and owner.key is None:
            said = say("rows of `{path}` cannot be found: the collection around them has no key in "
                       "the schema", path=path)  # fmt: skip
            self.settings.wrong(said, tree.span)
        elif parent is None:
            said = say("`{path}` must say in `parent` which column has the key of the row around "
                       "it", path=path)  # fmt: skip
            self.settings.wrong(said, tree.span)
        else:
            return replace(table, parent=read_column(self.settings, parent, "parent"))
        return table

    def _complete(
        self, tree: Map, known: Mapping[str, Collection], tables: Mapping[str, Table]
    ) -> None:
        """Rows have the rows around them. (A collection that is needed and has no table is told
        when it is known what a policy needs.)"""
        for path, table in tables.items():
            owner = path.rpartition(".")[0]
            if owner and owner not in tables and owner in known:
                said = say("`{path}` needs the table of `{owner}`, too", path=path, owner=owner)
                self.settings.wrong(said, table.span)

    def _events(self, tree: Map) -> dict[str, Table]:
        found = self.settings.map(tree.get("events"), "events")
        tables = {}
        for pair in found.pairs if found is not None else ():
            said = say("the schema has no event `{name}`", name=pair.key)
            event = self.settings.named(pair.key, self.schema.events, said, pair.key_span)
            name = f"events.{pair.key}"
            below = self.settings.map(pair.value, name)
            if event is not None and below is not None:
                self.settings.names(below, EVENTS, name)
                tables[pair.key] = self._joined(below, name, event.fields)
        return tables

    def _context(self, tree: Tree | None) -> dict[str, object]:
        """What is the same for everyone, as a request writes it."""
        found = self.settings.map(tree, "context")
        context: dict[str, object] = {}
        for pair in found.pairs if found is not None else ():
            said = say("the schema's context has no field `{name}`", name=pair.key)
            each = self.settings.named(pair.key, self.schema.context, said, pair.key_span)
            if each is not None:
                context[pair.key] = _raw(pair.value, each)
        return context


def _raw(tree: Tree, field: Field) -> object:
    """What a request would say; words and dates stay text, whatever YAML makes of them."""
    match tree:
        case Scalar():
            word = isinstance(field.type, TextType | EnumType | LevelType | SetType)
            return tree.text if word and tree.value is not None else tree.value
        case List():
            return [_raw(each, field) for each in tree.items]
        case Map():
            return {pair.key: _raw(pair.value, field) for pair in tree.pairs}


def unbrought(schema: Schema, sources: Sources, path: str) -> bool:
    """Whether a collection is needed by every record and comes from no table."""
    rows = schema.collection(path)
    if rows is None or path in sources.collections:
        return False
    return not rows.default_empty and not rows.optional


def may_lack(field: Field) -> bool:
    """Whether records may come without the field."""
    return field.optional or field.default is not MISSING
