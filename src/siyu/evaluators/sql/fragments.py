"""Pieces of SQL, the columns they read, and the stages of SELECTs that make columns of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from siyu.evaluators.sql.dialects import Dialect
from siyu.evaluators.sql.names import plain
from siyu.evaluators.sql.ranges import Range
from siyu.functions.declaration import OPEN

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sql:
    """A text that may stand anywhere an operand may. `simple`: a column or a literal, so that it
    may be repeated at no cost. `height` counts its levels of brackets, `reads` are the columns of
    the stages in it. `unknown_if`: it is unknown exactly where one of these texts is; None where
    that cannot be said."""

    text: str
    known: Range
    reads: frozenset[str] = NOTHING
    height: int = 0
    simple: bool = False
    unknown_if: frozenset[str] | None = None

    @property
    def nullable(self) -> bool:
        return self.known.nullable

    @property
    def simple_column(self) -> bool:
        """Whether it is a column, and nothing more."""
        return self.simple and len(self.reads) == 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a contest is: for each candidate, whether it is chosen."""

    items: tuple[Sql, ...]


def column_sql(name: str, text: str, known: Range) -> Sql:
    """A column, read by its name."""
    unknown = frozenset({text}) if known.nullable else NOTHING
    return Sql(text, replace(known, value=OPEN), frozenset({name}), 0, True, unknown)


def depth_of(text: str) -> int:
    """How deeply brackets and CASEs are nested in a text; those in literals count too, which does
    no harm."""
    deepest = depth = 0
    for char in text:
        if char == "(":
            depth += 1
            deepest = max(deepest, depth)
        elif char == ")":
            depth -= 1
    return deepest + ("CASE" in text)


def reads_of(pieces: Iterable[Sql]) -> frozenset[str]:
    return NOTHING.union(*(piece.reads for piece in pieces))


# ------------------------------------------------------------------------------------- stages


@dataclass(frozen=True, slots=True)
class Column:
    """A column that some stage makes."""

    name: str
    text: str
    reads: frozenset[str]
    stage: int
    note: str


@dataclass(slots=True)
class Stages:
    """Columns that build on each other. One gets into the first stage behind all it reads;
    `base` are the names that are there before the first."""

    dialect: Dialect
    base: tuple[str, ...] = ()
    columns: list[Column] = field(default_factory=list)
    stage_of: dict[str, int] = field(default_factory=dict)
    by_text: dict[str, Sql] = field(default_factory=dict)

    def add(self, sql: Sql, stem: str, note: str) -> Sql:
        """The piece as a column, which may be there already."""
        if sql.simple:
            return sql
        if sql.text in self.by_text:
            return self.by_text[sql.text]
        name = f"x{len(self.columns)}_{plain(stem)}"
        stage = 1 + self.after(sql)
        self.columns.append(Column(name, sql.text, sql.reads, stage, note))
        self.stage_of[name] = stage
        made = column_sql(name, self.dialect.name_of(name), sql.known)
        self.by_text[sql.text] = made
        return made

    def after(self, sql: Sql) -> int:
        """The last stage in which something is made that the piece reads."""
        return max((self.stage_of.get(name, 0) for name in sql.reads), default=0)

    def selects(self, source: str, prefix: str, wanted: Iterable[str], where: str = "") -> Staged:
        """SELECTs one after another over `source`; the last one has the `wanted` columns."""
        last: dict[str, int] = {}
        layers = self._layers()
        for number, layer in enumerate(layers):
            for column in layer:
                last.update(dict.fromkeys(column.reads, number))
        last.update(dict.fromkeys(wanted, len(layers)))
        present = [name for name in self.base if name in last]
        ctes: list[tuple[str, str]] = []
        for number, layer in enumerate(layers):
            passed = [name for name in present if last[name] > number]
            made = [column for column in layer if column.name in last]
            lines = [(text, "") for text in wrapped(map(self.dialect.name_of, passed))]
            lines += [(f"{c.text} AS {self.dialect.name_of(c.name)}", c.note) for c in made]
            name = f"{prefix}{number + 1}"
            ctes.append((name, select(lines, source, where)))
            source, where = name, ""
            present = [*passed, *(column.name for column in made)]
        return Staged(tuple(ctes), source, where)

    def _layers(self) -> list[list[Column]]:
        """Columns by stage; stages that would be too wide are several."""
        layers: list[list[Column]] = []
        most = self.dialect.widest
        for stage in range(1, 1 + max(self.stage_of.values(), default=0)):
            found = [column for column in self.columns if column.stage == stage]
            step = len(found) if most is None else most
            layers += [found[at : at + step] for at in range(0, len(found), step)]
        return layers


@dataclass(frozen=True, slots=True)
class Staged:
    """Named SELECTs, what to read after them, and a condition that is still to be put."""

    ctes: tuple[tuple[str, str], ...]
    source: str
    where: str


# -------------------------------------------------------------------------------------- texts


def select(lines: Sequence[tuple[str, str]], source: str, where: str = "", group: str = "") -> str:
    """A SELECT with a column a line, each with its note."""
    shown = []
    for number, (text, note) in enumerate(lines):
        comma = "," if number + 1 < len(lines) else ""
        shown.append(f"  {text}{comma}" + (f"  -- {note}" if note else ""))
    head = "\n".join(["SELECT", *shown, f"FROM {source}"])
    return head + (f"\nWHERE {where}" if where else "") + (f"\nGROUP BY {group}" if group else "")


def wrapped(names: Iterable[str], width: int = 92) -> list[str]:
    """Names on few lines, with commas between them."""
    lines: list[str] = []
    for name in names:
        if lines and len(lines[-1]) + len(name) + 2 <= width:
            lines[-1] += f", {name}"
        else:
            lines.append(name)
    return lines


def with_ctes(ctes: Sequence[tuple[str, str]], last: str) -> str:
    if not ctes:
        return f"{last}\n"
    inner = ",\n".join(f"{name} AS (\n{_indented(text)}\n)" for name, text in ctes)
    return f"WITH {inner}\n{last}\n"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))


def chunked(texts: Sequence[str], joint: str, most: int = 100) -> str:
    """Operands of an associative operator, in brackets; very many in groups of groups."""
    while len(texts) > most:
        groups = [texts[at : at + most] for at in range(0, len(texts), most)]
        texts = [f"({joint.join(group)})" for group in groups]
    return f"({joint.join(texts)})"
