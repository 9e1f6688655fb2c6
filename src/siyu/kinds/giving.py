"""What the `given` clauses of one test add up to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from siyu.core.compiled import Given, GivenRows
from siyu.core.ir import Const, Held
from siyu.diagnostics import nearest
from siyu.kinds.given import held, is_missing, moment_text, raw
from siyu.kinds.test_errors import NoMomentGiven, NoSuchGiven, NotLike, WrongCells
from siyu.schema import Collection, Field
from siyu.semantics import check, make
from siyu.semantics.build import Scope
from siyu.syntax import ast
from siyu.types import DATETIME
from siyu.words import Said, Words, say

MOST = 8  # names that a message lists
FACT, FIELD = say("fact"), say("field")
COLLECTION, POPULATION_VALUE = say("collection"), say("population value")
Row = tuple[dict[str, object], dict[str, object]]


class Giving:
    """Takes clause by clause; `like` is the text that names somebody else's customer."""

    def __init__(self, node: ast.Test, scope: Scope) -> None:
        self.node = node
        self.scope = scope
        self.build = scope.build
        self.schema = scope.build.schema
        self.like: ast.Text | None = None
        self.customer: dict[str, object] = {}
        self.context: dict[str, object] = {}
        self.metrics: dict[str, object] = {}
        self.rows: list[GivenRows] = []
        self.event: str | None = None
        self.event_fields: dict[str, object] = {}
        self.cuts: dict[str, Held] = {}
        for clause in node.clauses:
            self._take(clause)

    def given(self) -> Given:
        """What the test itself gives."""
        return Given(self.customer, self.context, self.metrics, tuple(self.rows))

    def moment(self) -> dict[str, object]:
        """The event and the instant, as a request says them."""
        made: dict[str, object] = {}
        if self.event is not None:
            fields = {name: each for name, each in self.event_fields.items() if each is not None}
            made["event"] = {"type": self.event, **fields}
        at = self.node.at
        if at is not None:
            found = check.value(_midnight(at), self.scope, DATETIME)
            if isinstance(found, Const) and isinstance(found.value, int):
                made["as_of"] = moment_text(found.value, self.build.timezone)
        elif self.event is None or self.schema.events[self.event].time is None:
            self.build.report(NoMomentGiven(self.node.span, self.node.title))
        return made

    # ------------------------------------------------------------ clauses

    def _take(self, clause: ast.TestClause) -> None:
        match clause:
            case ast.GivenFields():
                self._given(clause)
            case ast.GivenGrid():
                self._grid(clause)
            case ast.GivenLike():
                self._like(clause)
            case ast.Expect() | ast.ExpectNo() | ast.ExpectDecision():
                pass
            case _:
                assert_never(clause)

    def _given(self, clause: ast.GivenFields) -> None:
        word = clause.what.text
        match word:
            case "customer":
                self._fields(clause.assigns, self.schema.fields, self.customer)
            case "context":
                self._fields(clause.assigns, self.schema.context, self.context)
            case "metrics":
                self._metrics(clause)
            case "calibration":
                self._cuts(clause)
            case _ if word in self.schema.events:
                self.event = word
                self._fields(clause.assigns, self.schema.events[word].fields, self.event_fields)
            case _:
                known = ("customer", "context", "metrics", "calibration", *self.schema.events)
                self._no_such(clause.what, FACT, known)

    def _like(self, clause: ast.GivenLike) -> None:
        if clause.what.text != "customer":
            problem = say(
                "only a customer can be like another, not `{what}`", what=clause.what.text
            )
            advice = say('write `given customer like "…"`: the collections come with the customer')
            self.build.report(NotLike(clause.what.span, problem, advice))
            return
        if self.like is not None:
            problem = say("this test has a customer already: `{title}`", title=self.like.value)
            advice = say("take one of them, and give what is different")
            self.build.report(NotLike(clause.source.span, problem, advice))
            return
        self.like = clause.source
        self._fields(clause.assigns, self.schema.fields, self.customer)

    def _fields(
        self,
        assigns: tuple[ast.Assign, ...],
        fields: Mapping[str, Field],
        into: dict[str, object],
    ) -> None:
        for assign in assigns:
            name = assign.target.text
            field = fields.get(name)
            if field is None:
                self._no_such(ast.Ident(name, span=assign.target.span), FIELD, tuple(fields))
            elif is_missing(assign.value, field):
                into[name] = None
            else:
                into[name] = raw(assign.value, field.type, self.scope)

    def _metrics(self, clause: ast.GivenFields) -> None:
        for assign in clause.assigns:
            found = check.value(assign.target, self.scope)
            if not make.is_error(found):
                self.metrics[assign.target.text] = raw(assign.value, found.type, self.scope)

    def _cuts(self, clause: ast.GivenFields) -> None:
        for assign in clause.assigns:
            cut = self.build.cuts.get(assign.target.text)
            if cut is None:
                name = ast.Ident(assign.target.text, span=assign.target.span)
                self._no_such(name, POPULATION_VALUE, tuple(self.build.cuts))
                continue
            if isinstance(assign.value, ast.Name) and assign.value.text == "unknown":
                self.cuts[cut.name] = None
                continue
            value = held(assign.value, cut.type, self.scope)
            self.cuts[cut.name] = value.value if isinstance(value, Const) else None

    def _grid(self, clause: ast.GivenGrid) -> None:
        collection = self.schema.collection(clause.what.text)
        if collection is None:
            name = ast.Ident(clause.what.text, span=clause.what.span)
            self._no_such(name, COLLECTION, tuple(self.schema.collections))
            return
        rows = (self._row(clause, row, collection) for row in clause.rows)
        found = tuple(row for row in rows if row is not None)
        self.rows.append(GivenRows(clause.what.parts, found))

    def _row(
        self, clause: ast.GivenGrid, cells: tuple[ast.Expr, ...], collection: Collection
    ) -> Row | None:
        """A row's own fields, and those that name the row it stands in."""
        if len(cells) != len(clause.columns):
            at = cells[0].span.to(cells[-1].span) if cells else clause.span
            self.build.report(WrongCells(at, len(cells), len(clause.columns)))
            return None
        outer = self.schema.collection(".".join(clause.what.parts[:-1]))
        parents = outer.fields if outer is not None else {}
        own: dict[str, object] = {}
        others: dict[str, object] = {}
        for column, cell in zip(clause.columns, cells, strict=True):
            name = column.parts[-1]
            field = collection.fields.get(name) if len(column.parts) == 1 else None
            into = own
            if field is None:
                field, into = parents.get(name), others
            if field is None:
                where = ast.Ident(column.text, span=column.span)
                self._no_such(where, FIELD, tuple(collection.fields))
            elif not is_missing(cell, field):
                into[name] = raw(cell, field.type, self.scope)
        return own, others

    def _no_such(self, name: ast.Ident, what: Said, known: tuple[str, ...]) -> None:
        hint = _hint(name.text, known)
        self.build.report(NoSuchGiven(name.span, name.text, what, hint))


def _midnight(at: ast.Date | ast.DateTime) -> ast.DateTime:
    return ast.DateTime(at.text, "00:00", span=at.span) if isinstance(at, ast.Date) else at


def _hint(name: str, known: tuple[str, ...]) -> Words:
    """The nearest name, else those there are."""
    near = nearest(name, known)
    if near:
        return say("perhaps `{near}` is meant", near=near[0])
    if not known:
        return say("there is nothing of this kind to give")
    if len(known) > MOST:
        more = len(known) - MOST
        return say("there are {known}, and {more} more", known=known[:MOST], more=more)
    return say("there are {known}", known=known)
