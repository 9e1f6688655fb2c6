"""Laying what was seen over a schema file that people have worked on: every byte of theirs stays,
and what is new is put in."""

from __future__ import annotations

from dataclasses import dataclass

from siyu.population.infer.changes import Change, changes, field_for, owner_of
from siyu.population.infer.draft import Tell, enum_lines, field_lines, field_text, table_lines
from siyu.population.infer.enums import enums_for
from siyu.population.infer.model import FieldGuess, Guess, TableGuess
from siyu.population.sample.sources import word
from siyu.schema.model import Schema
from siyu.schema.tree import Map, read_tree
from siyu.text import Source


@dataclass(frozen=True, slots=True)
class Relaid:
    """The new text of the file, and what was noticed."""

    text: str
    changes: tuple[Change, ...]


def relay(source: Source, schema: Schema, guess: Guess, tell: Tell) -> Relaid:
    """The file with what is new in the data; `schema` is what it says now."""
    tree, _ = read_tree(source)
    assert isinstance(tree, Map)
    relaying = _Relaying(source.text, tree, schema, tell)
    return Relaid(relaying.run(guess), tuple(changes(schema, guess)))


@dataclass(slots=True)
class _Relaying:
    text: str
    tree: Map
    schema: Schema
    tell: Tell

    def run(self, guess: Guess) -> str:
        new: list[tuple[TableGuess, list[FieldGuess], bool]] = []
        for table in guess.tables:
            owner = owner_of(self.schema, table)
            fields = [f for f in table.fields if owner is None or field_for(owner, f) is None]
            if owner is None and self._around(table) is None:
                continue
            if fields or owner is None:
                new.append((table, fields, owner is None))
        pairs = [(table, field) for table, fields, _ in new for field in fields]
        known = {name: each.members for name, each in self.schema.enums.items()}
        used, made = enums_for(pairs, known)
        edits: list[tuple[int, str]] = []
        if made:
            edits.append(self._enums(made))
        ends: list[str] = []
        for table, fields, whole in new:
            if whole:
                edits.append(self._table(table, used, ends))
            else:
                edits.append(self._fields(table, fields, used))
        text = self.text
        for place, addition in sorted(edits, key=lambda each: -each[0]):
            if addition:
                text = text[:place] + addition + text[place:]
        return text + "".join(ends)

    # ------------------------------------------------------------ where things stand

    def _map(self, table: TableGuess) -> Map | None:
        """The part of the file that is about a table."""
        if table.path == "customer":
            found = self.tree.get("customer")
        elif table.path.startswith("events."):
            events = self.tree.get("events")
            found = events.get(table.path.partition(".")[2]) if isinstance(events, Map) else None
        else:
            found = self.tree
            for name in table.path.split("."):
                inside = found.get("collections") if isinstance(found, Map) else None
                found = inside.get(name) if isinstance(inside, Map) else None
        return found if isinstance(found, Map) else None

    def _around(self, table: TableGuess) -> Map | None:
        """The part of the file into which a new table goes."""
        path, _, _ = table.path.rpartition(".")
        if not path or path == "events":
            return self.tree
        found: Map | None = self.tree
        for name in path.split("."):
            inside = found.get("collections") if found is not None else None
            below = inside.get(name) if isinstance(inside, Map) else None
            found = below if isinstance(below, Map) else None
        return found

    def _behind(self, tree: Map, lines: list[str], one_line: str) -> tuple[int, str]:
        """An edit that puts something behind the last setting of a map: lines, or (where the map
        stands in braces) on its line."""
        end = tree.pairs[-1].value.span.end
        if self.text[tree.span.start : tree.span.start + 1] == "{":
            inside = self.text.rstrip().rfind("}", 0, tree.span.end + 1)
            return max(inside, end), f", {one_line}"
        stop = self.text.find("\n", end)
        if stop < 0:
            return len(self.text), "\n" + "\n".join(lines)
        return stop, "\n" + "\n".join(lines)

    def _indent(self, tree: Map) -> int:
        start = tree.pairs[0].key_span.start
        return start - (self.text.rfind("\n", 0, start) + 1)

    # ------------------------------------------------------------ what is put in

    def _fields(
        self, table: TableGuess, fields: list[FieldGuess], used: dict[tuple[str, str], str]
    ) -> tuple[int, str]:
        around = self._map(table)
        inside = around.get("fields") if around is not None else None
        if not isinstance(inside, Map) or not inside.pairs:
            return 0, ""
        lines = list(field_lines(table, fields, self._indent(inside), used, self.tell))
        short = ", ".join(
            f"{word(f.name)}: {field_text(f, used.get((table.path, f.name)))}" for f in fields
        )
        return self._behind(inside, lines, short)

    def _enums(self, made: dict[str, list[str]]) -> tuple[int, str]:
        found = self.tree.get("enums")
        if isinstance(found, Map) and found.pairs:
            lines = list(enum_lines(made.items(), self._indent(found)))
            return self._behind(found, lines, ", ".join(line.strip() for line in lines))
        lines = ["enums:", *enum_lines(made.items(), 2)]
        start = self.tree.key_span("customer").start
        return start, "\n".join(lines) + "\n\n"

    def _table(
        self, table: TableGuess, used: dict[tuple[str, str], str], ends: list[str]
    ) -> tuple[int, str]:
        around = self._around(table)
        assert around is not None
        key = "events" if table.path.startswith("events.") else "collections"
        inside = around.get(key)
        if isinstance(inside, Map) and inside.pairs:
            if self.text[inside.span.start : inside.span.start + 1] != "{":
                lines = list(table_lines(table, self._indent(inside), used, self.tell))
                return self._behind(inside, lines, "")
            return 0, ""
        if around is self.tree and not any(line.startswith(f"\n{key}:") for line in ends):
            ends.append(f"\n{key}:\n")
        if around is self.tree:
            place = next(i for i, line in enumerate(ends) if line.startswith(f"\n{key}:"))
            ends[place] += "\n".join(table_lines(table, 2, used, self.tell)) + "\n"
            return 0, ""
        indent = self._indent(around)
        lines = [f"{' ' * indent}{key}:", *table_lines(table, indent + 2, used, self.tell)]
        return self._behind(around, lines, "")
