"""Python text for reading collections: one loop per collection, nested as the rows are.

A loop fills every table that ends in its collection; a flattened table takes its parents' cells
from the variables of the loops around. Two rows with one key are left to the careful reader.
"""

from __future__ import annotations

from siyu.core.program import ColumnNeed, TableNeed
from siyu.records.code import Code, write_fields, write_names
from siyu.records.plan import Rows, column_owner
from siyu.types import ROWS_LIMIT

Filled = tuple[str, TableNeed]  # a variable with a list of rows, and what stands in them
Cells = dict[str, str]  # variables by the path of their field


def write_rows(
    code: Code,
    of: str,
    rows: Rows,
    tables: list[Filled],
    around: Cells,
    counter: str,
    unsure: bool = False,
) -> None:
    """Reads a collection of the object in `of` into the tables that end in it or below it.

    `unsure`: an earlier row may have made such a table unknown, so it must not be added to.
    """
    raw = code.name("r")
    code.line(f"{raw} = {of}.get({rows.collection.name!a})")
    with code.block(f"if {raw} is not None:"):
        code.line(f"{counter} += 1")
        code.stumble(f"type({raw}) is not list or len({raw}) > {ROWS_LIMIT}")
        unsure = unsure or (rows.collection.optional and bool(around))
        _write_loop(code, raw, rows, tables, around, unsure)
    if rows.collection.optional:
        with code.block("else:"):
            code.line("; ".join(f"{var} = None" for var, _ in tables) or "pass")
    elif not rows.collection.default_empty:
        with code.block("else:"):
            code.line("raise STUMBLE")


def _write_loop(
    code: Code, raw: str, rows: Rows, tables: list[Filled], around: Cells, unsure: bool
) -> None:
    row, key, seen = code.name("r"), rows.collection.key, code.name("s")
    if key is not None:
        code.line(f"{seen} = set()")
    with code.block(f"for {row} in {raw}:"):
        found, counter = write_fields(code, row, rows.fields)
        if key is not None:
            code.line(f"{seen}.add({found[key]})")
        cells = {**around, **{f"{rows.path}.{name}": var for name, var in found.items()}}
        _write_tables(code, row, rows, tables, cells, counter, unsure)
        write_names(code, row, rows.fields, counter)
    if key is not None:
        code.stumble(f"len({seen}) != len({raw})")


def _write_tables(
    code: Code,
    row: str,
    rows: Rows,
    tables: list[Filled],
    cells: Cells,
    counter: str,
    unsure: bool,
) -> None:
    """Nested collections first, then this row's cells."""
    here = [(var, table) for var, table in tables if table.path == rows.path]
    for nested in rows.nested:
        below = [(var, table) for var, table in tables if within(table, nested.path)]
        for _, table in here:
            below += _nested_tables(code, table, nested, cells)
        write_rows(code, row, nested, below, cells, counter, unsure)
    for var, table in here:
        row_text = tuple_text([_cell(column, rows.path, cells) for column in table.columns])
        code.line(f"{f'if {var} is not None: ' if unsure else ''}{var}.append({row_text})")


def _nested_tables(code: Code, table: TableNeed, nested: Rows, cells: Cells) -> list[Filled]:
    """A list for every column that holds the nested rows, begun anew for each row."""
    made = []
    for column in table.columns:
        owner, name = column_owner(table.path, column.name)
        if column.nested is not None and f"{owner}.{name}" == nested.path:
            var = code.name("t")
            cells[_nested_name(column)] = var
            code.line(f"{var} = []")
            made.append((var, TableNeed(nested.path, column.nested.columns)))
    return made


def _nested_name(column: ColumnNeed) -> str:
    """Two tables may want different columns of the same nested rows."""
    return f"{id(column)}"


def _cell(column: ColumnNeed, path: str, cells: Cells) -> str:
    if column.nested is not None:
        var = cells[_nested_name(column)]
        return f"(None if {var} is None else tuple({var}))"
    owner, name = column_owner(path, column.name)
    return cells[f"{owner}.{name}"]


def within(table: TableNeed, path: str) -> bool:
    """Whether a table ends in the collection at a path, or below it."""
    return table.path == path or table.path.startswith(f"{path}.")


def tuple_text(items: list[str]) -> str:
    """A tuple of expressions."""
    return f"({', '.join(items)},)" if items else "()"
