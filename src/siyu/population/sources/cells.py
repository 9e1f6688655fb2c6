"""Text files as cells: what CSV and JSON lines hold, exactly, in a form that DuckDB reads fast.

Numbers of JSON are kept digit by digit (a cell is JSON text), whatever the encoding of a CSV file
bytes that mean nothing in it are found, and a line that cannot be read becomes a row that says so
instead of ending everything. Works in a stream: a file may be larger than memory.
"""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from siyu.population.sources.failed import SourcesFailed, unreadable
from siyu.population.sources.model import Place
from siyu.records import Rejection, read_json
from siyu.words import say

LINE, MISTAKE = "siyu line", "siyu mistake"  # columns that we add
LONGEST = 1 << 20  # characters of a line or cell
BROKEN = "\udcff"  # stands for bytes that are no text
NO_VALUE = "#"  # a cell that is no JSON
MOST_EXPONENT = 70

UNDECODED, UNEVEN, UNREADABLE = "encoding", "cells", "line"
Row = tuple[int, dict[str, str], str | None]  # line, cells that are there by column, mistake


@dataclass(frozen=True, slots=True)
class Cells:
    """Where the cells were written; `columns` in their order, behind `LINE` and `MISTAKE`."""

    path: Path
    columns: tuple[str, ...]
    rows: int


def write_cells(files: Iterable[Path], place: Place, target: Path) -> Cells:
    """Writes the cells of text files to one file; raises SourcesFailed where one cannot be read."""
    read = _csv_rows if place.format == "csv" else _json_rows
    columns: dict[str, int] = {name: at for at, name in enumerate(place.header or ())}
    count = 0
    with target.open("w", encoding="utf-8", newline="") as out:
        for path in files:
            try:
                for line, cells, mistake in read(path, place):
                    for name in cells:
                        columns.setdefault(name, len(columns))
                    _write(out, line, mistake, cells, columns)
                    count += 1
                for name in _header_of(path, place):
                    columns.setdefault(name, len(columns))
            except OSError as error:
                raise unreadable(path, error) from None
    return Cells(target, tuple(columns), count)


def _write(
    out: IO[str], line: int, mistake: str | None, cells: dict[str, str], columns: dict[str, int]
) -> None:
    texts = [str(line), "" if mistake is None else mistake]
    texts += [
        "" if (cell := cells.get(name)) is None else '"' + cell.replace('"', '""') + '"'
        for name in columns
    ]
    out.write("\x1f".join(texts) + "\n")


def select_cells(cells: Cells) -> str:
    """A SELECT of the cells as text, NULL where there is none."""
    names = (LINE, MISTAKE, *cells.columns)
    kinds = ("BIGINT", *["VARCHAR"] * (len(names) - 1))
    struct = ", ".join(f"{_text(n)}: '{k}'" for n, k in zip(names, kinds, strict=True))
    return (
        f"SELECT * FROM read_csv({_text(str(cells.path))}, columns = {{{struct}}}, header = false, "
        "auto_detect = false, delim = '\x1f', quote = '\"', escape = '\"', nullstr = '', "
        f"allow_quoted_nulls = false, null_padding = true, max_line_size = {64 << 20}, "
        "new_line = '\\n', parallel = false)"
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


# ---------------------------------------------------------------- CSV


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return BROKEN, error.end


codecs.register_error("siyu-mark", _mark)


def _opened(path: Path, place: Place) -> IO[str]:
    encoding = "utf-8-sig" if place.encoding == "utf-8" else place.encoding
    return path.open(encoding=encoding, errors="siyu-mark", newline="")


def _header_of(path: Path, place: Place) -> tuple[str, ...]:
    """The names in the first line, for files that hold no rows."""
    if place.format != "csv" or place.header is not None:
        return ()
    with _opened(path, place) as file:
        return tuple(next(csv.reader(file, delimiter=place.delimiter, quotechar=place.quote), ()))


def _csv_rows(path: Path, place: Place) -> Iterator[Row]:
    csv.field_size_limit(LONGEST)
    nulls = frozenset(place.nulls)
    with _opened(path, place) as file:
        reader = csv.reader(file, delimiter=place.delimiter, quotechar=place.quote)
        header = place.header
        if header is None:
            header = tuple(_first(reader, path))
        while True:
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield reader.line_num, {}, UNREADABLE
                continue
            if not values:
                continue
            mistake = None if len(values) == len(header) else UNEVEN
            cells = {}
            for name, value in zip(header, values, strict=False):
                if BROKEN in value:
                    mistake = UNDECODED
                elif value not in nulls:
                    cells[name] = value
            yield reader.line_num, cells, mistake


def _first(reader: Any, path: Path) -> list[str]:
    """The names of the columns."""
    try:
        names: list[str] = next(reader, [])
    except csv.Error:
        names = [BROKEN]
    if any(BROKEN in name for name in names):
        raise SourcesFailed(
            say("the first line of `{path}` cannot be read in its encoding", path=path),
            say("say which one it is, as in `encoding: gb18030`"),
        )
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        said = say("`{path}` has two columns {names}", path=path, names=tuple(sorted(twice)))
        raise SourcesFailed(said, say("give each column a name of its own"))
    return names


# ---------------------------------------------------------------- JSON lines


def _json_rows(path: Path, place: Place) -> Iterator[Row]:
    if place.encoding not in ("utf-8", "utf-8-sig"):
        with _opened(path, place) as text:
            yield from _objects(line if BROKEN not in line else b"\xff" for line in text)
        return
    with path.open("rb") as file:
        first = file.read(3)
        if first != codecs.BOM_UTF8:
            file.seek(0)
        yield from _objects(file)


def _objects(lines: Iterable[bytes | str]) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        found = read_json(line)
        if isinstance(found, Rejection):
            yield number, {}, UNREADABLE
        else:
            yield number, {n: _token(v) for n, v in found.items() if v is not None}, None


def _token(value: object) -> str:
    """A value as JSON, numbers in plain digits."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False) if value.isprintable() else _escaped(value)
        case int():
            return str(value) if value.bit_length() < 400 else NO_VALUE
        case Decimal():
            plain = value.is_finite() and -MOST_EXPONENT < value.adjusted() < MOST_EXPONENT
            return format(value, "f") if plain or value.is_zero() else NO_VALUE
        case _:
            return _nested(value)


def _escaped(text: str) -> str:
    """A text with what cannot be seen in it; half of a pair of surrogates is no text."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        return NO_VALUE
    return json.dumps(text, ensure_ascii=True)


def _nested(value: object) -> str:
    """A list or an object; numbers in it keep their digits."""
    match value:
        case list():
            return f"[{','.join(map(_nested_or_null, value))}]"
        case dict():
            pairs = (f"{_token(str(name))}:{_nested_or_null(each)}" for name, each in value.items())
            return f"{{{','.join(pairs)}}}"
        case _:
            return NO_VALUE


def _nested_or_null(value: object) -> str:
    return "null" if value is None else _token(value)
