"""What a loaded policy needs to explain decisions, made at the first one that is asked about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from siyu.api.deciding import Deciding, make_reader
from siyu.core.compiled import Compiled
from siyu.core.program import ColumnNeed, Program, TableNeed
from siyu.decision.plain import plain_document
from siyu.evaluators import reference
from siyu.explain import Anatomy, Explanation, explain
from siyu.explain.model import Question
from siyu.records import Read


class Explaining:
    """Explains decisions of one policy; may be shared between threads.

    `program` and `reader` are those that decide, which also read the keys of the rows that count.
    """

    def __init__(self, compiled: Compiled, deciding: Deciding) -> None:
        self.program = with_keys(deciding.program, compiled)
        self.reader = make_reader(compiled.schema, self.program)
        self._anatomy = Anatomy(compiled, self.program)
        self._deciding = deciding

    def explain(
        self, read: Read, what: str | None, question: Question, what_if: bool, show_pii: bool
    ) -> Explanation:
        """The explanation of the decision about a request that `reader` has read."""
        trace = reference.Trace()
        values = reference.evaluate(self.program, read.facts, read.event, trace)
        head = self._deciding.head(read)
        decision = plain_document(self.program, read.event, values, head)
        return explain(self._anatomy, read, values, trace, decision, what, question, show_pii)


def with_keys(program: Program, compiled: Compiled) -> Program:
    """The program, reading the keys of the rows it reads, so that people can be told which."""
    tables = tuple(_with_key(table, compiled) for table in program.needs.tables)
    return replace(program, needs=replace(program.needs, tables=tables))


def _with_key(table: TableNeed, compiled: Compiled) -> TableNeed:
    rows = compiled.schema.collection(table.path)
    read = {column.name for column in table.columns}
    if rows is None or rows.key is None or rows.key in read:
        return table
    wanted = read | {rows.key}
    return replace(table, columns=tuple(_columns(table, compiled, wanted)))


def _columns(table: TableNeed, compiled: Compiled, wanted: set[str]) -> Iterator[ColumnNeed]:
    """The columns in the order that a table's columns have."""
    mine = {column.name: column for column in table.columns}
    for column in compiled.tables[table.path].columns:
        if column.name in wanted:
            yield mine.get(column.name, column)
