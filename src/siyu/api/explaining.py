"""What a loaded policy needs to explain decisions, made at the first one that is asked about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from siyu.api.deciding import Deciding, make_reader
from siyu.api.errors import Rejected
from siyu.core.compiled import Compiled
from siyu.core.program import ColumnNeed, Program, TableNeed
from siyu.decision.plain import plain_document
from siyu.evaluators import reference
from siyu.explain import Anatomy, Explanation, explain
from siyu.explain.model import Question
from siyu.explain.names import asked_for
from siyu.records import Read, Rejection

LOT = ("rule", "points", "worth")


class Explaining:
    """Explains decisions of one policy; may be shared between threads."""

    def __init__(self, compiled: Compiled, deciding: Deciding) -> None:
        self._compiled = compiled
        self._deciding = deciding
        self._told = _Telling(compiled, with_more(deciding.program, compiled))

    @cached_property
    def _plain(self) -> _Telling:
        """Reads no more than what decides."""
        return _Telling(self._compiled, self._deciding.program)

    def explain(
        self,
        request: object,
        as_of: int | None,
        what: str | None,
        question: Question,
        what_if: bool,
        show_pii: bool,
    ) -> Explanation:
        """The explanation of the decision about a request. Raises Rejected."""
        telling = self._told
        read = telling.reader(request, as_of)
        if isinstance(read, Rejection):  # perhaps for what only explanations read
            telling = self._plain
            read = telling.reader(request, as_of)
        if isinstance(read, Rejection):
            raise Rejected(read.reasons)
        trace = reference.Trace()
        values = reference.evaluate(telling.program, read.facts, read.event, trace)
        decision = plain_document(telling.program, read.event, values, self._deciding.head(read))
        found = explain(telling.anatomy, read, values, trace, decision, what, question, show_pii)
        return telling.changed(found, read, what, show_pii) if what_if else found


class _Telling:
    """A program with its reader, and how explanations look at it."""

    def __init__(self, compiled: Compiled, program: Program) -> None:
        self.program = program
        self.reader = make_reader(compiled.schema, program)
        self.anatomy = Anatomy(compiled, program)

    def changed(
        self, found: Explanation, read: Read, what: str | None, show_pii: bool
    ) -> Explanation:
        """The explanation with what would change each outcome, or bring the case or level asked
        about."""
        from siyu.explain.changes import find_changes

        compiled = self.anatomy.compiled
        asked = None if what is None else asked_for(what, compiled)
        outcomes = []
        for each in found.outcomes:
            code = asked.code if asked is not None and asked.name == each.name else each.name
            changes = find_changes(compiled, self.program, read, code, show_pii)
            outcomes.append(replace(each, changes=changes))
        return replace(found, outcomes=tuple(outcomes))


def with_more(program: Program, compiled: Compiled) -> Program:
    """The program, reading also the keys of the rows it reads and what the points log posted, so
    that people can be told which rows counted and what expires."""
    tables = tuple(_with_more(table, compiled) for table in program.needs.tables)
    return replace(program, needs=replace(program.needs, tables=tables))


def _with_more(table: TableNeed, compiled: Compiled) -> TableNeed:
    rows = compiled.schema.collection(table.path)
    read = {column.name for column in table.columns}
    if rows is None:
        return table
    log = rows.role == "points log"
    more = (rows.key, rows.time, *LOT) if log else (rows.key,)
    wanted = read | {name for name in more if name is not None and name in rows.fields}
    if wanted == read:
        return table
    return replace(table, columns=tuple(_columns(table, compiled, wanted)))


def _columns(table: TableNeed, compiled: Compiled, wanted: set[str]) -> Iterator[ColumnNeed]:
    """The columns in the order that a table's columns have."""
    mine = {column.name: column for column in table.columns}
    for column in compiled.tables[table.path].columns:
        if column.name in wanted:
            yield mine.get(column.name, column)
