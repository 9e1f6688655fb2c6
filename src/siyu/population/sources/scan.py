"""One table as held values, written in layers: raw columns, what is worked out of them once, held
values; so that a column is read and converted in one place however often it is asked about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from siyu.evaluators.sql.bounds import width_of
from siyu.evaluators.sql.dialects import DIALECTS
from siyu.functions.declaration import Dialect
from siyu.functions.sql import literal
from siyu.population.files import Problem
from siyu.population.sources.cells import LINE, MISTAKE
from siyu.population.sources.convert import Converted, How, Refused, convert
from siyu.population.sources.filters import problem
from siyu.population.sources.model import Column
from siyu.population.sources.opened import Opened
from siyu.population.sources.physical import Physical
from siyu.population.sources.sqltext import any_of, name
from siyu.schema import MISSING, Field
from siyu.text import Span
from siyu.types import Type
from siyu.words import say


@dataclass(frozen=True, slots=True)
class Setting:
    """What all conversions of a base have in common."""

    dialect: Dialect
    zone: str | None
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Read:
    """A field of a scan: `held` and `given` are SQL over the layers; `made` is None where the table
    has no such column, and every row lacks it."""

    field: Field
    at: int
    column: Column
    made: Converted | None

    @property
    def held(self) -> str:
        """The column of the layers that has the held value, without default."""
        return f"h{self.at}"

    def wrong(self) -> str:
        """Whether the row has no value where it must, or something that is none; never NULL."""
        needed = self.field.default is MISSING and not self.field.optional
        if self.made is None:
            return "TRUE" if needed else "FALSE"
        return f"h{self.at} IS NULL" if needed else f"(g{self.at} AND h{self.at} IS NULL)"

    def value(self, dialect: Dialect) -> str:
        """The held value, or the default."""
        if self.field.default is MISSING:
            return f"h{self.at}"
        return f"COALESCE(h{self.at}, {constant(self.field.default, self.field.type, dialect)})"


def constant(value: object, kind: Type, dialect: Dialect) -> str:
    """A held value of a type, in the width of that type's columns."""
    held = DIALECTS[dialect].type_of(kind, width_of(kind))
    return f"CAST({literal(value, dialect)} AS {held})"


@dataclass(slots=True)
class Scan:
    """The layers of one table, while they are being written."""

    opened: Opened
    setting: Setting
    reads: list[Read] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    raws: dict[str, str] = field(default_factory=dict)  # names of raw columns by the source's
    bound: dict[tuple[int, str], str] = field(default_factory=dict)

    def read(self, wanted: Field, column: Column, needed: bool, owner: bool = False) -> Read:
        """Adds a field. `needed`: the file names its column, so it must be there; `owner`: it only
        says whose a row is, so a table without rows need not have it."""
        sources = []
        made: Converted | None = None
        for each in column.names:
            if each in self.opened.columns:
                raw = self.raws.setdefault(each, f"r{len(self.raws)}")
                sources.append((raw, self.opened.columns[each]))
        if len(sources) == len(column.names) and sources:
            made = self._convert(wanted, sources, column)
        elif not self.opened.missing and (needed or not _may_lack(wanted)):
            lacking = next(each for each in column.names if each not in self.opened.columns)
            self.problems.append(self._lacking(wanted, lacking, column.span, needed))
        elif self.opened.missing and not owner and not _may_lack(wanted):
            told = say("`{field}` may not be missing in the schema, so the table `{table}` must be "
                       "there", field=wanted.name, table=self.opened.table.name)  # fmt: skip
            self.problems.append(Problem(told, self.opened.table.span))
        found = Read(wanted, len(self.reads), column, made)
        self.reads.append(found)
        return found

    def _lacking(self, wanted: Field, column: str, span: Span, named: bool) -> Problem:
        table = self.opened.table.name
        found = problem(column, self.opened.columns, table, span)
        if named or not self.opened.columns:
            return found
        told = say("{said}; the field `{field}` needs one: name it in `columns`", said=found.said,
                   field=wanted.name)  # fmt: skip
        return Problem(told, span)

    def _convert(
        self, wanted: Field, sources: list[tuple[str, Physical]], column: Column
    ) -> Converted | None:
        table = self.opened.table
        setting = self.setting
        how = How(setting.dialect, table.timezone or setting.zone, setting.first, setting.last,
                  column, table.shortest)  # fmt: skip
        try:
            return convert(wanted, sources, how, self._bind)
        except Refused as refused:
            told = say("the column `{column}` of `{table}`, for the field `{field}`, {problem}: "
                       "{advice}", column=column.names[0], table=table.name, field=wanted.name,
                       problem=refused.said, advice=refused.advice)  # fmt: skip
            self.problems.append(Problem(told, column.span))
            return None

    def _bind(self, sql: str, level: int) -> str:
        return self.bound.setdefault((level, sql), f"b{len(self.bound)}")

    # ------------------------------------------------------------ the text

    def layers(self, unfiltered: bool = False) -> str:
        """A SELECT of `r*`, `b*`, `h*`, `g*`, `m`, the mistake of a row that is not to be read
        (NULL of one that is), and `ln`, the line of a text file."""
        dialect = self.setting.dialect
        source = self.opened.read(dialect)
        if unfiltered:
            source = name(self.opened.view, dialect)
        items = [f"{name(column, dialect)} AS {raw}" for column, raw in self.raws.items()]
        if self.opened.cells:
            items += [f"{name(MISTAKE, dialect)} AS m", f"{name(LINE, dialect)} AS ln"]
        else:
            text = DIALECTS[dialect].text
            items += [f"CAST(NULL AS {text}) AS m", "CAST(NULL AS BIGINT) AS ln"]
        select = f"SELECT {', '.join(items)} FROM {source}"
        for level in sorted({level for level, _ in self.bound}):
            made = [f"{sql} AS {each}" for (at, sql), each in self.bound.items() if at == level]
            select = f"SELECT *, {', '.join(made)} FROM ({select}) l{level}"
        held = [each for read in self.reads for each in self._held(read)]
        return f"SELECT *, {', '.join(held)} FROM ({select}) l9" if held else select

    def _held(self, read: Read) -> Iterable[str]:
        if read.made is None:
            kind = read.field.type
            held = DIALECTS[self.setting.dialect].type_of(kind, width_of(kind))
            return (f"CAST(NULL AS {held}) AS h{read.at}", f"FALSE AS g{read.at}")
        return (f"{read.made.held} AS h{read.at}", f"{read.made.given} AS g{read.at}")

    def wrong(self, reads: Iterable[Read]) -> str:
        """Whether any of some fields is not as it should be, or the row cannot be read."""
        conditions = [each.wrong() for each in reads]
        return any_of([*conditions, "m IS NOT NULL"] if self.opened.cells else conditions)


def _may_lack(wanted: Field) -> bool:
    return wanted.optional or wanted.default is not MISSING


def key_field(wanted: Field) -> Field:
    """A key: it must be there, whatever else the field allows."""
    return replace(wanted, optional=False, default=MISSING)
