"""Reading what a `sources.yaml` says of one table: its place, columns, filters, expectations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import get_args

from siyu.population.sources.convert.times import format_pattern
from siyu.population.sources.model import (
    Column,
    Complete,
    Expect,
    Filter,
    Format,
    Fresh,
    Place,
    Unique,
)
from siyu.population.sources.model import Scalar as Value
from siyu.population.sources.settings import Settings
from siyu.schema.tree import List, Map, Scalar, Tree
from siyu.words import say

PLACE = (
    "from", "format", "table", "query", "postgres", "encoding", "delimiter", "quote", "header",
    "nulls",
)  # fmt: skip
COLUMN = ("from", "format", "timezone", "separator", "floats", "values")
FORMATS: tuple[Format, ...] = get_args(Format)
UNIQUE: tuple[Unique, ...] = get_args(Unique)
ENDINGS: dict[str, Format] = {
    ".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".tsv": "csv", ".txt": "csv",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".duckdb": "duckdb", ".db": "duckdb",
}  # fmt: skip
ENCODINGS = (
    "utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", "big5", "utf-16", "utf-16-le", "utf-16-be",
    "latin-1", "cp1252", "shift_jis",
)  # fmt: skip
CSV_ONLY = ("encoding", "delimiter", "quote", "header", "nulls")


def read_place(settings: Settings, tree: Map, what: str) -> Place:
    """Where a table lies."""
    postgres = tree.get("postgres")
    if postgres is not None:
        return _read_postgres(settings, tree, what)
    paths = settings.texts(tree, "from")
    if paths is None:
        if tree.get("from") is None:
            said = say(
                "`{what}` must say where its rows are: `from: data/members/*.parquet`, or "
                "`postgres: {{dsn_env: MEMBERS_DB, table: members}}`",
                what=what,
            )
            settings.wrong(said, tree.span)
        return Place("parquet", span=tree.span)
    form = _read_format(settings, tree, paths)
    if form not in ("csv", "jsonl"):
        for key in CSV_ONLY:
            if tree.get(key) is not None:
                settings.wrong(say("`{key}` is for text files only", key=key), tree.key_span(key))
    table, query = settings.text(tree, "table"), settings.text(tree, "query")
    if form == "duckdb" and (table is None) == (query is None):
        settings.wrong(say("name a `table` or a `query` of the database, one of the two"),
                       settings.at(tree, "from"))  # fmt: skip
    if form != "duckdb" and (table or query):
        settings.wrong(say("`table` and `query` are for databases only"), settings.at(tree, "from"))
    delimiter = settings.text(tree, "delimiter")
    if delimiter is None:
        delimiter = "\t" if paths[0].endswith(".tsv") else ","
    quote = settings.text(tree, "quote") or '"'
    for key, mark in (("delimiter", delimiter), ("quote", quote)):
        if len(mark) != 1:
            settings.wrong(say("`{key}` must be one character", key=key), settings.at(tree, key))
            delimiter, quote = ",", '"'
    return Place(
        form,
        paths,
        table,
        query,
        encoding=settings.choice(tree, "encoding", ENCODINGS, "utf-8"),
        delimiter=delimiter,
        quote=quote,
        header=_read_header(settings, tree),
        nulls=_read_nulls(settings, tree),
        span=settings.at(tree, "from"),
    )


def _read_nulls(settings: Settings, tree: Map) -> tuple[str, ...]:
    found = tree.get("nulls")
    if found is None:
        return ("",)
    items = found.items if isinstance(found, List) else (found,)
    texts = tuple(each.text for each in items if isinstance(each, Scalar))
    if len(texts) != len(items):
        said = say("`{key}` must be a text or a list of texts", key="nulls")
        settings.wrong(said, found.span)
    return texts


def _read_header(settings: Settings, tree: Map) -> tuple[str, ...] | None:
    """The names of the columns of a file that has no line with them."""
    found = tree.get("header")
    if found is None or (isinstance(found, Scalar) and found.value is True):
        return None
    if isinstance(found, List):
        names = settings.texts(tree, "header") or ()
        if len(set(names)) == len(names):
            return names
    said = say("`header` must list the names of the columns, each once, for a file whose first "
               "line does not have them")  # fmt: skip
    settings.wrong(said, found.span)
    return None


def _read_format(settings: Settings, tree: Map, paths: tuple[str, ...]) -> Format:
    said = settings.text(tree, "format")
    if said is not None:
        words: dict[str, Format] = {word: word for word in FORMATS if word != "postgres"}
        told = say("`{key}` cannot be `{found}`", key="format", found=said)
        return settings.named(said, words, told, settings.at(tree, "format")) or "parquet"
    endings = {PurePath(path).suffix.lower() for path in paths}
    found = {ENDINGS.get(ending, "parquet" if ending == "" else None) for ending in endings}
    if len(found) == 1 and (form := found.pop()) is not None:
        return form
    told = say("the format cannot be told from the name; say `format: csv`, or one of {formats}",
               formats=FORMATS[:-1])  # fmt: skip
    settings.wrong(told, settings.at(tree, "from"))
    return "parquet"


def _read_postgres(settings: Settings, tree: Map, what: str) -> Place:
    found = settings.map(tree.get("postgres"), "postgres")
    if tree.get("from") is not None:
        settings.wrong(say("`{what}` has both `from` and `postgres`; leave one out", what=what),
                       tree.key_span("from"))  # fmt: skip
    if found is None:
        return Place("postgres", span=tree.span)
    settings.names(found, ("dsn_env", "table", "query"), "postgres")
    variable = settings.text(found, "dsn_env")
    if variable is None:
        said = say(
            "`postgres` must name the environment variable that holds the address of the "
            "database: `dsn_env: MEMBERS_DB`; passwords do not belong into this file"
        )
        settings.wrong(said, found.span)
    table, query = settings.text(found, "table"), settings.text(found, "query")
    if (table is None) == (query is None):
        said = say("name a `table` or a `query` of the database, one of the two")
        settings.wrong(said, found.span)
    return Place("postgres", (), table, query, variable, span=found.span)


def read_columns(
    settings: Settings, tree: Tree | None, fields: Iterable[str], what: str
) -> dict[str, Column]:
    """Which column each field comes from, by the field's name."""
    if tree is None or (isinstance(tree, Scalar) and tree.value is None):
        return {}
    found = settings.map(tree, "columns")
    known = {name: name for name in fields}
    columns = {}
    for pair in found.pairs if found is not None else ():
        said = say("`{what}` has no field `{name}` in the schema", what=what, name=pair.key)
        if settings.named(pair.key, known, said, pair.key_span) is not None:
            columns[pair.key] = read_column(settings, pair.value, pair.key)
    return columns


def read_column(settings: Settings, tree: Tree, name: str) -> Column:
    """The column of one field: a name, two of a place, or settings."""
    if isinstance(tree, Scalar) and tree.value is not None:
        return Column((tree.text,), span=tree.span)
    if isinstance(tree, List):
        return Column(_names(settings, tree, name), span=tree.span)
    if not isinstance(tree, Map):
        said = say("`{name}` must name a column of the source", name=name)
        settings.wrong(said, tree.span)
        return Column((name,), span=tree.span)
    settings.names(tree, COLUMN, name)
    source = tree.get("from")
    names = (name,) if source is None else _names(settings, source, name)
    floats = settings.choice(tree, "floats", ("shortest", "refused"), "refused")
    return Column(
        names,
        _read_time_format(settings, tree),
        settings.zone(tree),
        settings.text(tree, "separator"),
        floats == "shortest",
        _read_values(settings, tree.get("values")),
        tree.span,
    )


def _read_time_format(settings: Settings, tree: Map) -> str | None:
    """How dates and times are written; only what all engines read alike."""
    found = settings.text(tree, "format")
    if found is None or format_pattern(found) is not None:
        return found
    said = say("`format` can have %Y, %m, %d, %H, %M, %S, %f and %z, and `{found}` has something "
               "else", found=found)  # fmt: skip
    settings.wrong(said, settings.at(tree, "format"))
    return None


def _names(settings: Settings, tree: Tree, name: str) -> tuple[str, ...]:
    items = tree.items if isinstance(tree, List) else (tree,)
    names = tuple(each.text for each in items if isinstance(each, Scalar) and each.text)
    if len(names) == len(items) and len(names) in (1, 2):
        return names
    said = say("`{name}` must name a column of the source, or the two of a place: "
               "`[latitude, longitude]`", name=name)  # fmt: skip
    settings.wrong(said, tree.span)
    return (name,)


def _read_values(settings: Settings, tree: Tree | None) -> Mapping[str, Value]:
    found = settings.map(tree, "values")
    pairs = found.pairs if found is not None else ()
    return {pair.key: settings.value(pair.value, pair.key) for pair in pairs}


# ---------------------------------------------------------------- which rows, and how many


def read_where(settings: Settings, tree: Tree | None) -> tuple[Filter, ...]:
    """Plain conditions on columns of the source; all must hold."""
    found = settings.map(tree, "where")
    return tuple(
        made
        for pair in (found.pairs if found is not None else ())
        for made in _read_filter(settings, pair.key, pair.value)
    )


def _read_filter(settings: Settings, column: str, tree: Tree) -> list[Filter]:
    if not isinstance(tree, Map):
        return [Filter(column, _among(settings, tree, column), span=tree.span)]
    settings.names(tree, ("min", "max", "not"), column)
    made = []
    low, high = tree.get("min"), tree.get("max")
    if low is not None or high is not None:
        least = None if low is None else settings.value(low, column)
        most = None if high is None else settings.value(high, column)
        made.append(Filter(column, None, least, most, span=tree.span))
    if (other := tree.get("not")) is not None:
        among = _among(settings, other, column)
        made.append(Filter(column, among, negated=True, span=tree.span))
    if not made:
        said = say("`{column}` must have a value, a list of values, or `min`, `max` or `not`",
                   column=column)  # fmt: skip
        settings.wrong(said, tree.span)
    return made


def _among(settings: Settings, tree: Tree, column: str) -> tuple[Value, ...]:
    items = tree.items if isinstance(tree, List) else (tree,)
    return tuple(settings.value(each, column) for each in items)


def read_expect(settings: Settings, tree: Tree | None) -> Expect:
    """What must hold of a table before anything is decided with it."""
    found = settings.map(tree, "expect")
    if found is None:
        return Expect()
    settings.names(found, ("rows", "fresh", "complete"), "expect")
    least = most = fresh = complete = None
    if (rows := settings.map(found.get("rows"), "rows")) is not None:
        settings.names(rows, ("min", "max"), "rows")
        least, most = settings.count(rows, "min"), settings.count(rows, "max")
    if (each := settings.map(found.get("fresh"), "fresh")) is not None:
        settings.names(each, ("column", "within"), "fresh")
        column, minutes = settings.text(each, "column"), settings.minutes(each, "within")
        if column is not None and minutes is not None:
            fresh = Fresh(column, minutes, each.span)
        elif each.get("column") is None or each.get("within") is None:
            said = say("write it as `fresh: {column: updated_at, within: 36 hours}`")
            settings.wrong(said, each.span)
    if (each := settings.map(found.get("complete"), "complete")) is not None:
        settings.names(each, ("column", "last"), "complete")
        column, minutes = settings.text(each, "column"), settings.minutes(each, "last")
        if column is not None and minutes is not None and minutes >= 1_440:
            complete = Complete(column, minutes // 1_440, each.span)
        else:
            said = say("write it as `complete: {column: paid_on, last: 7 days}`")
            settings.wrong(said, each.span)
    return Expect(least, most, fresh, complete, found.span)
