"""The text of a schema file that nobody has worked on yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from siyu.population.infer.enums import enums_for
from siyu.population.infer.model import FieldGuess, Guess, TableGuess
from siyu.population.sample.sources import word
from siyu.words import Words, say

Tell = Callable[[Words], str]
RAW = ("type", "scale", "min", "max", "optional", "pii")
ORDER = ("type", "scale", "optional", "min", "max", "pii", "label")
WIDEST = 60  # characters of a field, behind which comments begin

HEADER = say(
    "Drafted from data by `siyu schema infer`. A comment says why a line is as it is, or what a "
    "person should look at; change what is wrong, and run it again when the data change."
)


def draft_text(guess: Guess, name: str, tell: Tell) -> str:
    """The schema file of a guess, with comments in the language that `tell` speaks."""
    pairs = [(table, field) for table in guess.tables for field in table.fields]
    used, made = enums_for(pairs, {})
    lines = [comment(tell(HEADER)), f"schema: {word(name)}", "version: 1", ""]
    if made:
        lines.append("enums:")
        lines += enum_lines(made.items(), 2)
        lines.append("")
    lines += _customer(guess.customer, used, tell)
    rows = [each for each in guess.tables[1:] if not each.path.startswith("events.")]
    if rows:
        lines += ["", "collections:"]
        lines += _collections(rows, "", 2, used, tell)
    events = [each for each in guess.tables[1:] if each.path.startswith("events.")]
    if events:
        lines += ["", "events:"]
    for each in events:
        lines += table_lines(each, 2, used, tell)
    if guess.loose:
        lines.append("")
    for table in guess.loose:
        told = say("`{name}` is left out: no column of it leads to a customer", name=table.name)
        lines.append(comment(tell(told)))
    return "\n".join(lines) + "\n"


def comment(text: str) -> str:
    """A text as a comment on a line of its own."""
    return "# " + " ".join("".join(c if c.isprintable() else " " for c in text).split())


def enum_lines(enums: Iterable[tuple[str, list[str]]], indent: int) -> Iterator[str]:
    """Enums, their words without labels: those are for people to write."""
    for name, words in enums:
        yield f"{' ' * indent}{word(name)}: [{', '.join(map(word, words))}]"


Used = dict[tuple[str, str], str]


def _customer(table: TableGuess, used: Used, tell: Tell) -> Iterator[str]:
    yield from (comment(tell(note)) for note in table.notes)
    yield "customer:"
    yield f"  key: {word(table.key or '')}"
    yield "  fields:"
    yield from field_lines(table, table.fields, 4, used, tell)


def _collections(
    tables: list[TableGuess], around: str, indent: int, used: Used, tell: Tell
) -> Iterator[str]:
    for table in tables:
        before, _, _ = table.path.rpartition(".")
        if before != around:
            continue
        yield from table_lines(table, indent, used, tell)
        inside = [each for each in tables if each.path.startswith(f"{table.path}.")]
        if inside:
            yield f"{' ' * (indent + 2)}collections:"
            yield from _collections(inside, table.path, indent + 4, used, tell)


def table_lines(table: TableGuess, indent: int, used: Used, tell: Tell) -> Iterator[str]:
    """A collection or an event, without what is nested in it."""
    from siyu.population.infer.names import table_name

    space = " " * indent
    name = table.path.rpartition(".")[2]
    yield from (space + comment(tell(note)) for note in table.notes)
    yield f"{space}{word(name)}:"
    label = table_name(table.seen.name.rpartition(".")[2])[1]
    if label is not None:
        yield f"{space}  label: {word(label)}"
    if table.key is not None:
        yield f"{space}  key: {word(table.key)}"
    if table.time is not None:
        yield f"{space}  time: {word(table.time)}"
    if not table.fields:
        yield f"{space}  fields: {{}}"
        return
    yield f"{space}  fields:"
    yield from field_lines(table, table.fields, indent + 4, used, tell)


def field_lines(
    table: TableGuess, fields: Iterable[FieldGuess], indent: int, used: Used, tell: Tell
) -> Iterator[str]:
    """Fields, a line each, names and comments below each other."""
    found = [(word(f.name), field_text(f, used.get((table.path, f.name))), f) for f in fields]
    width = min(max((len(name) for name, _, _ in found), default=0), 24) + 1
    texts = [f"{' ' * indent}{name + ':':<{width}} {text}" for name, text, _ in found]
    behind = min(max((len(each) for each in texts), default=0), WIDEST + indent)
    for text, (_, _, field) in zip(texts, found, strict=True):
        notes = "; ".join(tell(note) for note in field.notes)
        yield f"{text:<{behind}}  {comment(notes)}" if notes else text


def field_text(field: FieldGuess, enum: str | None) -> str:
    """The settings of a field, on one line."""
    settings = dict(field.settings)
    if enum is not None:
        settings["type"] = f"enum {enum}"
    parts = []
    for key in ORDER:
        if key not in settings:
            continue
        value = settings[key]
        text = str(value).lower() if isinstance(value, bool) else str(value)
        parts.append(f"{key}: {text if key in RAW else word(text)}")
    return "{" + ", ".join(parts) + "}"
