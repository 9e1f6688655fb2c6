"""The relations of tables: rows with the columns that a need names, those of the rows around them
too, and rows inside rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from siyu.core.program import ColumnNeed, TableNeed
from siyu.evaluators.sql.bounds import width_of
from siyu.evaluators.sql.dialects import DIALECTS
from siyu.evaluators.sql.names import column_of_row
from siyu.functions.declaration import Dialect
from siyu.population.sources.rows import RowsView
from siyu.records.plan import column_owner
from siyu.schema import Schema


@dataclass(frozen=True, slots=True)
class Flattening:
    """`views` are the collections that have a table; the others have no rows for anybody."""

    schema: Schema
    views: Mapping[str, RowsView]
    dialect: Dialect

    def relation(self, need: TableNeed) -> str | None:
        """A SELECT of `key`, the need's columns, and `bad`; None where an optional collection is
        not there for anybody."""
        lacking = self.lacking(need.path)
        if lacking is not None:
            return None if self._unknown(lacking) and "." not in lacking else self._empty(need)
        items = [f"{self._alias(need.path)}.key"]
        items += [
            f"{self._cell(need.path, column, f'n{at}')} AS {self._name(at, column)}"
            for at, column in enumerate(need.columns)
        ]
        bad = [f"{self._alias(path)}.bad" for path in self._chain(need.path)]
        bad += [
            f"COALESCE(n{at}.bad, FALSE)"
            for at, column in enumerate(need.columns)
            if column.nested is not None and self._has(need.path, column)
        ]
        return f"SELECT {', '.join(items)}, ({' OR '.join(bad)}) AS bad FROM {self._from(need)}"

    def known(self, need: TableNeed, key: str, alias: str) -> tuple[str, str]:
        """Whether the rows of an optional table are known for a customer's key, and the join that
        it takes ("" of none): inside a row that is there, nobody knows rows of no table.

        A join, for Spark fails at EXISTS among the columns of what is a union below."""
        lacking = self.lacking(need.path)
        if lacking is None or not self._unknown(lacking):
            return "TRUE", ""
        around = self.relation(TableNeed(lacking.rpartition(".")[0], ()))
        join = f" LEFT JOIN (SELECT DISTINCT key FROM ({around}) a) {alias} ON {alias}.key = {key}"
        return f"{alias}.key IS NULL", join

    def _unknown(self, path: str) -> bool:
        collection = self.schema.collection(path)
        return collection is not None and collection.optional and not collection.default_empty

    def lacking(self, path: str) -> str | None:
        """The first collection on the way to a path that has no table."""
        return next((each for each in self._chain(path) if each not in self.views), None)

    def _chain(self, path: str) -> list[str]:
        parts = path.split(".")
        return [".".join(parts[: end + 1]) for end in range(len(parts))]

    def _alias(self, path: str) -> str:
        return f"t{path.count('.')}"

    def _name(self, at: int, column: ColumnNeed) -> str:
        return DIALECTS[self.dialect].name_of(column_of_row(at, column))

    def _empty(self, need: TableNeed) -> str:
        dialect = DIALECTS[self.dialect]
        items = [f"CAST(NULL AS {dialect.text}) AS key"]
        items += [
            f"CAST(NULL AS {self._type(column)}) AS {self._name(at, column)}"
            for at, column in enumerate(need.columns)
        ]
        return f"SELECT {', '.join(items)}, FALSE AS bad WHERE FALSE"

    def _type(self, column: ColumnNeed) -> str:
        dialect = DIALECTS[self.dialect]
        if column.nested is None:
            return dialect.type_of(column.type, width_of(column.type))
        fields = [
            (column_of_row(at, each), self._type(each))
            for at, each in enumerate(column.nested.columns)
        ]
        return dialect.list_type(dialect.struct_type(fields))

    # ------------------------------------------------------------ rows around rows

    def _from(self, need: TableNeed) -> str:
        chain = self._chain(need.path)
        text = f"{self.views[need.path].view} {self._alias(need.path)}"
        for path in reversed(chain[:-1]):
            depth = path.count(".")
            view = self.views[path]
            assert view.key is not None, "rows inside rows are found by the key around them"
            inner, alias = self._alias(need.path), self._alias(path)
            tests = [f"{alias}.key = {inner}.key"]
            tests += [f"{alias}.k{at} = {inner}.k{at}" for at in range(1, depth + 1)]
            tests.append(f"{alias}.{view.fields[view.key]} = {inner}.k{depth + 1}")
            text += f" JOIN {view.view} {alias} ON {' AND '.join(tests)}"
        for at, column in enumerate(need.columns):
            if column.nested is not None and self._has(need.path, column):
                text += self._lists(need.path, column, f"n{at}")
        return text

    def _inner(self, path: str, column: ColumnNeed) -> str:
        owner, field = column_owner(path, column.name)
        return f"{owner}.{field}"

    def _has(self, path: str, column: ColumnNeed) -> bool:
        return self._inner(path, column) in self.views

    def _lists(self, path: str, column: ColumnNeed, alias: str) -> str:
        """The rows inside each row, as a list beside it."""
        assert column.nested is not None
        inner = self._inner(path, column)
        owner = inner.rpartition(".")[0]
        view, around = self.views[inner], self.views[owner]
        assert around.key is not None, "rows inside rows are found by the key around them"
        dialect = DIALECTS[self.dialect]
        below = self.relation_with_owners(TableNeed(inner, column.nested.columns))
        names = [column_of_row(at, each) for at, each in enumerate(column.nested.columns)]
        struct = dialect.struct_of([(each, f"q.{dialect.name_of(each)}") for each in names])
        keys = ["key", *[f"k{at}" for at in range(1, view.owners)]]
        listed = ", ".join(f"q.{each}" for each in keys)
        rows = dialect.on("collect", "", struct)
        outer = self._alias(owner)
        depth = owner.count(".")
        tests = [f"{alias}.key = {outer}.key"]
        tests += [f"{alias}.k{at} = {outer}.k{at}" for at in range(1, depth + 1)]
        tests.append(f"{alias}.k{depth + 1} = {outer}.{around.fields[around.key]}")
        return (
            f" LEFT JOIN (SELECT {listed}, {rows} AS items, bool_or(q.bad) AS bad FROM ({below}) q "
            f"GROUP BY {listed}) {alias} ON {' AND '.join(tests)}"
        )

    def relation_with_owners(self, need: TableNeed) -> str:
        """The relation with the keys of the rows around, too."""
        made = self.relation(need)
        assert made is not None
        alias = self._alias(need.path)
        owners = [f"{alias}.k{at}" for at in range(1, self.views[need.path].owners)]
        return made.replace(
            f"SELECT {alias}.key", f"SELECT {', '.join([f'{alias}.key', *owners])}", 1
        )

    def _cell(self, path: str, column: ColumnNeed, alias: str) -> str:
        owner, field = column_owner(path, column.name)
        if column.nested is None:
            return f"{self._alias(owner)}.{self.views[owner].fields[field]}"
        kind = self._type(column)
        dialect = DIALECTS[self.dialect]
        if self._has(path, column):
            empty = dialect.on("empty", "", kind=kind)
            return f"COALESCE({alias}.items, {empty})"
        if self._unknown(self._inner(path, column)):
            return f"CAST(NULL AS {kind})"
        return dialect.on("empty", "", kind=kind)
