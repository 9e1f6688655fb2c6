"""A draft of `sources.yaml`: which table and column each fact comes from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from siyu.population.infer.columns import is_flag
from siyu.population.infer.draft import Tell, comment
from siyu.population.infer.model import FieldGuess, Guess, Place, TableGuess
from siyu.population.sample.sources import word
from siyu.words import say

HEADER = say("Where the facts of the schema come from; drafted by `siyu schema infer`.")


def sources_draft(guess: Guess, schema: str | None, folder: Path, tell: Tell) -> str:
    """The file's text. Paths are seen from `folder`, in which it will lie; `schema` is the path of
    the schema file, if it has one."""
    lines = [comment(tell(HEADER)), "sources: 1"]
    if schema is not None:
        lines.append(f"schema: {word(seen_from(folder, schema))}")
    lines.append(comment(tell(say("timezone: of times without a zone, such as Asia/Shanghai"))))
    lines.append(comment(tell(say("currency: of all amounts; it must be the policy's"))))
    lines.append("customer:")
    lines += _table(guess.customer, 2, folder)
    rows = [each for each in guess.tables[1:] if not each.path.startswith("events.")]
    events = [each for each in guess.tables[1:] if each.path.startswith("events.")]
    for heading, tables in (("collections", rows), ("events", events)):
        if tables:
            lines.append(f"{heading}:")
        for table in tables:
            lines.append(f"  {word(table.path.removeprefix('events.'))}:")
            lines += _table(table, 4, folder)
    return "\n".join(lines) + "\n"


def seen_from(folder: Path, path: str) -> str:
    """A path as a file in a folder writes it.

    >>> seen_from(Path("/a"), "/a/b/c.parquet")
    'b/c.parquet'
    """
    return Path(os.path.relpath(Path(path).resolve(), folder.resolve())).as_posix()


def _table(table: TableGuess, indent: int, folder: Path) -> Iterator[str]:
    space = " " * indent
    place: Place = table.seen.place
    paths = [word(seen_from(folder, each)) for each in place.paths]
    yield f"{space}from: {paths[0] if len(paths) == 1 else '[' + ', '.join(paths) + ']'}"
    if place.table is not None:
        yield f"{space}table: {word(place.table)}"
    if place.encoding is not None:
        yield f"{space}encoding: {word(place.encoding)}"
    if table.owner is not None:
        yield f"{space}customer: {word(table.owner)}"
    if table.parent is not None:
        yield f"{space}parent: {word(table.parent)}"
    mapped = [(word(f.name), text) for f in table.fields if (text := _column(f)) is not None]
    if mapped:
        yield f"{space}columns:"
    for name, text in mapped:
        yield f"{space}  {name}: {text}"


def _column(field: FieldGuess) -> str | None:
    """How a field is got from its column; None where it is just there under its name."""
    seen = field.seen
    if seen.second is not None:
        return f"[{word(seen.name)}, {word(seen.second)}]"
    settings = []
    if seen.form is not None:
        settings.append(f"format: {word(seen.form)}")
    if seen.separator is not None and field.settings["type"] == "set of text":
        settings.append(f"separator: {word(seen.separator)}")
    if seen.floats and seen.kind == "decimal":
        settings.append("floats: shortest")
    if is_flag(seen) and field.settings["type"] == "bool":
        settings.append('values: {"0": false, "1": true}')
    words = [(seen.yes, "true"), (seen.no, "false")]
    if seen.kind == "bool" and (seen.yes or seen.no):
        pairs = ", ".join(f"{word(said)}: {value}" for said, value in words if said)
        settings.append(f"values: {{{pairs}}}")
    if settings:
        return "{" + ", ".join([f"from: {word(seen.name)}", *settings]) + "}"
    return word(seen.name) if seen.name != field.name else None
