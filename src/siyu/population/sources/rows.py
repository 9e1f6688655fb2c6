"""A collection's table as a view of held rows: `key`, `k1`, `k2`… (the keys of the rows around),
`f0`, `f1`… (fields), `bad`. Equal rows of a keyed collection are there once; of two that differ,
both are bad. Rows that belong to nobody are not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from siyu.functions.declaration import Dialect
from siyu.population.engines import Engine
from siyu.population.sources.model import Column
from siyu.population.sources.opened import Opened
from siyu.population.sources.scan import Read, Scan, Setting, key_field
from siyu.population.sources.sqltext import as_text, name
from siyu.records.plan import Rows
from siyu.schema import Field
from siyu.types import ROWS_LIMIT, TextType

SHARES = 4_096  # of customers, when a first look is taken at how many rows they have


@dataclass(frozen=True, slots=True)
class RowsView:
    """`twice` is the table of keys that differing rows share, None where there is no such row;
    `many` that of customers with too many rows. `fields` are the columns by field. `scan` has the
    layers below the view; the first `owners` of its reads are the customer's key and those of the
    rows around."""

    path: str
    view: str
    scan: Scan
    fields: dict[str, str]
    owners: int
    key: str | None
    twice: str | None = None
    many: str | None = None

    @property
    def own(self) -> Sequence[Read]:
        """The fields of the rows themselves."""
        return self.scan.reads[self.owners :]


def owner_text(read: Read, dialect: Dialect, relation: str = "") -> str:
    """A customer's key as text, perhaps of a relation that is named."""
    held = f"{relation}.{read.held}" if relation else read.held
    return held if isinstance(read.field.type, TextType) else as_text(held, dialect)


def scan_rows(
    opened: Opened, rows: Rows, customer: Field, around: Sequence[Field], setting: Setting
) -> Scan:
    """The scan of a collection's table: owners first, then the fields that are read."""
    scan = Scan(opened, setting)
    table = opened.table
    scan.read(key_field(customer), table.customer, needed=True)
    names = table.parent.names if table.parent is not None else ()
    for owner, column in zip(around, names, strict=False):
        scan.read(key_field(owner), Column((column,), span=table.span), needed=True)
    for each in rows.fields.read:
        scan.read(each, table.column(each.name), each.name in table.columns)
    return scan


def belongs(scan: Scan, owners: int) -> str:
    """Whether a row says to whom it belongs."""
    tests = [f"{each.held} IS NOT NULL" for each in scan.reads[:owners]]
    if isinstance(scan.reads[0].field.type, TextType):
        tests.append(f"{scan.reads[0].held} <> ''")
    return " AND ".join(tests)


def stage_rows(engine: Engine, scan: Scan, rows: Rows, view: str, owners: int) -> RowsView:
    """Makes the view; looks for keys that are there twice, unless the file says to trust it."""
    dialect = engine.name
    own = scan.reads[owners:]
    fields = {each.field.name: f"f{at}" for at, each in enumerate(own)}
    items = [f"{owner_text(scan.reads[0], dialect)} AS {name('key', dialect)}"]
    items += [f"{each.held} AS k{at}" for at, each in enumerate(scan.reads[1:owners], 1)]
    items += [f"{each.value(dialect)} AS {fields[each.field.name]}" for each in own]
    items.append(f"({scan.wrong(own)}) AS bad")
    select = f"SELECT {', '.join(items)} FROM ({scan.layers()}) l WHERE {belongs(scan, owners)}"
    key = rows.collection.key
    raw = f"{view}_all"
    engine.view(raw, select)
    around = ["key", *[f"k{at}" for at in range(1, owners)]]
    many = _many(engine, raw, around, f"{view}_many")
    made = RowsView(rows.path, view, scan, fields, owners, key, many=many)
    if scan.opened.table.unique == "trusted":
        engine.view(view, f"SELECT * FROM {raw}")
        return made
    twice = None if key is None else _twice(engine, raw, [*around, fields[key]], f"{view}_twice")
    source = raw if twice is None else _once(engine, made, raw, twice, around)
    engine.view(view, f"SELECT * FROM {source}")
    differ = None if twice is None else f"{view}_differ"
    return RowsView(rows.path, view, scan, fields, owners, key, differ, many)


def _twice(engine: Engine, raw: str, columns: list[str], table: str) -> str | None:
    """The keys that more than one row has. First a cheap look whether there are any: numbers that
    stand for keys are grouped in half the time that the keys themselves take."""
    listed = ", ".join(columns)
    known = f"{columns[-1]} IS NOT NULL"
    number = "hash" if engine.name == "duckdb" else "xxhash64"
    ((alike,),) = engine.rows(
        f"SELECT count(*) FROM (SELECT n FROM (SELECT {number}({listed}) AS n FROM {raw} WHERE "
        f"{known}) x GROUP BY n HAVING count(*) > 1) y"
    )
    if not alike:
        return None
    found = engine.table(
        table,
        f"SELECT {listed}, count(*) AS n FROM {raw} WHERE {known} GROUP BY {listed} "
        "HAVING count(*) > 1",
    )
    return table if found else None


def _once(engine: Engine, made: RowsView, raw: str, twice: str, around: list[str]) -> str:
    """Rows whose key is there once as they are; of the others each different one once."""
    assert made.key is not None
    keys = [*around, made.fields[made.key]]
    same = " AND ".join(f"t.{each} = r.{each}" for each in keys)
    columns = [*around, *made.fields.values()]
    listed = ", ".join(f"r.{each}" for each in columns)
    engine.table(
        f"{made.view}_kept",
        f"SELECT {', '.join(columns)}, bool_or(bad) AS bad FROM (SELECT {listed}, r.bad FROM {raw} "
        f"r WHERE EXISTS (SELECT 1 FROM {twice} t WHERE {same})) d GROUP BY {', '.join(columns)}",
    )
    listed_keys = ", ".join(keys)
    engine.table(
        f"{made.view}_differ",
        f"SELECT {listed_keys} FROM {made.view}_kept GROUP BY {listed_keys} HAVING count(*) > 1",
    )
    also = " AND ".join(f"t.{each} = k.{each}" for each in keys)
    plain = ", ".join(f"k.{each}" for each in columns)
    union = (
        f"SELECT {listed}, r.bad FROM {raw} r WHERE NOT EXISTS "
        f"(SELECT 1 FROM {twice} t WHERE {same}) UNION ALL "
        f"SELECT {plain}, (k.bad OR t.{keys[-1]} IS NOT NULL) AS bad FROM {made.view}_kept k "
        f"LEFT JOIN {made.view}_differ t ON {also}"
    )
    engine.view(f"{made.view}_once", union)
    return f"{made.view}_once"


def _many(engine: Engine, raw: str, around: list[str], table: str) -> str | None:
    """Who has more rows than anybody may. First a cheap look whether anybody can: customers are
    thrown together into shares, few of which have so many rows."""
    listed = ", ".join(around)
    number = "hash" if engine.name == "duckdb" else "xxhash64"
    share = f"CAST(abs({number}({listed}) % {SHARES}) AS INTEGER)"
    if engine.name == "duckdb":
        share = f"CAST({number}({listed}) % {SHARES} AS INTEGER)"
    ((most,),) = engine.rows(
        f"SELECT max(n) FROM (SELECT count(*) AS n FROM {raw} GROUP BY {share}) x"
    )
    if most is None or most <= ROWS_LIMIT:
        return None
    found = engine.table(
        table, f"SELECT {listed} FROM {raw} GROUP BY {listed} HAVING count(*) > {ROWS_LIMIT}"
    )
    return table if found else None
