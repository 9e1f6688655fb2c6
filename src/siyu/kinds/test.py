"""`test`: an example. What it gives becomes a request, what it expects becomes conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from siyu.core.compiled import Expectation, TestCase
from siyu.core.ir import Const, Expr, Held
from siyu.diagnostics import Diagnostic, nearest
from siyu.kinds.given import held, is_missing, moment_text, raw
from siyu.kinds.kind import Kind
from siyu.schema import Collection, Field
from siyu.semantics import check, make
from siyu.semantics.build import CLAIMS, Build, Declared, Outcome, Scope
from siyu.syntax import ast
from siyu.types import DATETIME, TextType


@dataclass(frozen=True, slots=True)
class NoSuchGiven(Diagnostic):
    code: ClassVar[str] = "E0692"
    message: ClassVar[str] = "a test cannot give `{name}`"
    label: ClassVar[str] = "there is no {what} of this name"
    help: ClassVar[str] = "{hint}"
    page: ClassVar[str] = (
        "A test gives `customer` fields, `context`, `metrics`, `calibration` values, an event of "
        "the schema, or the rows of a collection."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\n'
        'test "t" at 2026-01-01\n  given customer\n    agee = 5\n  expect true\n'
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\n'
        'test "t" at 2026-01-01\n  given customer\n    age = 5\n  expect true\n'
    )

    name: str
    what: str
    hint: str


@dataclass(frozen=True, slots=True)
class NoMomentGiven(Diagnostic):
    code: ClassVar[str] = "E0693"
    message: ClassVar[str] = "test `{name}` does not say when it takes place"
    label: ClassVar[str] = "decisions depend on the moment they are made at"
    help: ClassVar[str] = 'write the moment behind the title: `test "…" at 2026-11-21 10:00`'
    page: ClassVar[str] = (
        "Nothing in a policy reads the clock: a decision is made as of a moment that is given. So "
        "a test says its moment, or gives an event that has a time."
    )
    wrong: ClassVar[str] = 'policy p\n  language 1\n\ntest "t"\n  expect true\n'
    right: ClassVar[str] = 'policy p\n  language 1\n\ntest "t" at 2026-01-01\n  expect true\n'

    name: str


@dataclass(frozen=True, slots=True)
class WrongCells(Diagnostic):
    code: ClassVar[str] = "E0694"
    message: ClassVar[str] = "this row has {found} cells, and the heading {wanted}"
    label: ClassVar[str] = "every row has one cell for each column"
    help: ClassVar[str] = "write `unknown` where a value is missing"
    page: ClassVar[str] = "The rows of a grid have a cell for each word of its heading."
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\ntest "t" at 2026-01-01\n'
        "  given consents\n    | channel | granted |\n    | wecom |\n  expect true\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\ntest "t" at 2026-01-01\n'
        "  given consents\n    | channel | granted |\n    | wecom   | true    |\n  expect true\n"
    )

    found: int
    wanted: int


def test_case(node: ast.Test, number: int, prefix: str, build: Build) -> TestCase:
    """A test declaration, lowered after everything else."""
    scope = Scope(build, f"~test.{number}", CLAIMS, prefix, claim=True)
    giving = _Giving(node, scope)
    for clause in node.clauses:
        if isinstance(clause, (ast.GivenFields, ast.GivenGrid)):
            giving.take(clause)
    request = giving.request()
    scope = replace(scope, event=giving.event)
    before = set(build.bindings)
    expectations = []
    for n, clause in enumerate(node.clauses, 1):
        if isinstance(clause, (ast.Expect, ast.ExpectNo)):
            name = f"~test.{number}.{n}"
            build.bind(name, _expected(clause, scope), CLAIMS, span=clause.span)
            expectations.append(Expectation(clause.span, name))
    own = tuple(b for name, b in build.bindings.items() if name not in before)
    for binding in own:
        del build.bindings[binding.name]
    return TestCase(node.title, node.span, request, giving.event, giving.cuts,
                    tuple(expectations), own)  # fmt: skip


def _expected(clause: ast.Expect | ast.ExpectNo, scope: Scope) -> Expr:
    if isinstance(clause, ast.Expect):
        return check.condition(clause.condition, scope)
    found = check.condition(clause.what, scope)
    return make.not_(make.otherwise(found, make.false), clause.span)


class _Giving:
    """What the `given` clauses of one test add up to."""

    def __init__(self, node: ast.Test, scope: Scope) -> None:
        self.node = node
        self.scope = scope
        self.build = scope.build
        self.schema = scope.build.schema
        self.customer: dict[str, object] = {}
        self.context: dict[str, object] = {}
        self.metrics: dict[str, object] = {}
        self.event: str | None = None
        self.event_fields: dict[str, object] = {}
        self.cuts: dict[str, Held] = {}

    def take(self, clause: ast.GivenFields | ast.GivenGrid) -> None:
        if isinstance(clause, ast.GivenGrid):
            self._rows(clause)
            return
        word = clause.what.text
        match word:
            case "customer":
                self._fields(clause, self.schema.fields, self.customer)
            case "context":
                self._fields(clause, self.schema.context, self.context)
            case "metrics":
                self._metrics(clause)
            case "calibration":
                self._cuts(clause)
            case _ if word in self.schema.events:
                self.event = word
                self._fields(clause, self.schema.events[word].fields, self.event_fields)
            case _:
                known = ("customer", "context", "metrics", "calibration", *self.schema.events)
                self._no_such(clause.what, "fact", known)

    def request(self) -> dict[str, object]:
        """The request, with empty collections where none were given, and some customer's key."""
        key = self.schema.fields.get(self.schema.key)
        if key is None or isinstance(key.type, TextType):
            self.customer.setdefault(self.schema.key, "test")
        for name, collection in self.schema.collections.items():
            _fill(self.customer, name, collection)
        made: dict[str, object] = {"customer": self.customer}
        if self.event is not None:
            made["event"] = {"type": self.event, **self.event_fields}
        if self.context:
            made["context"] = self.context
        if self.metrics:
            made["metrics"] = self.metrics
        at = self.node.at
        if at is not None:
            moment = (
                ast.DateTime(at.text, "00:00", span=at.span) if isinstance(at, ast.Date) else at
            )
            found = check.value(moment, self.scope, DATETIME)
            if isinstance(found, Const) and isinstance(found.value, int):
                made["as_of"] = moment_text(found.value, self.build.timezone)
        elif self.event is None or self.schema.events[self.event].time is None:
            self.build.report(NoMomentGiven(self.node.span, self.node.title))
        return made

    def _fields(
        self, clause: ast.GivenFields, fields: Mapping[str, Field], into: dict[str, object]
    ) -> None:
        for assign in clause.assigns:
            name = assign.target.text
            field = fields.get(name)
            if field is None:
                self._no_such(ast.Ident(name, span=assign.target.span), "field", tuple(fields))
            elif not is_missing(assign.value, field):
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
                self._no_such(name, "population value", tuple(self.build.cuts))
                continue
            if isinstance(assign.value, ast.Name) and assign.value.text == "unknown":
                self.cuts[cut.name] = None
                continue
            value = held(assign.value, cut.type, self.scope)
            self.cuts[cut.name] = value.value if isinstance(value, Const) else None

    def _rows(self, clause: ast.GivenGrid) -> None:
        collection = self.schema.collection(clause.what.text)
        if collection is None:
            name = ast.Ident(clause.what.text, span=clause.what.span)
            self._no_such(name, "collection", tuple(self.schema.collections))
            return
        rows = [self._row(clause, row, collection) for row in clause.rows]
        found = [row for row in rows if row is not None]
        *outer, last = clause.what.parts
        if not outer:
            self.customer.setdefault(last, [])
            held_rows = self.customer[last]
            assert isinstance(held_rows, list)
            held_rows.extend(own for own, _ in found)
            return
        parent = self.schema.collection(".".join(outer))
        assert parent is not None
        for own, others in found:
            for row in _rows_at(self.customer, outer):
                if parent.key is None or row.get(parent.key) == others.get(parent.key):
                    inner = row.setdefault(last, [])
                    assert isinstance(inner, list)
                    inner.append(own)

    def _row(
        self, clause: ast.GivenGrid, cells: tuple[ast.Expr, ...], collection: Collection
    ) -> tuple[dict[str, object], dict[str, object]] | None:
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
                self._no_such(where, "field", tuple(collection.fields))
            elif not is_missing(cell, field):
                into[name] = raw(cell, field.type, self.scope)
        return own, others

    def _no_such(self, name: ast.Ident, what: str, known: tuple[str, ...]) -> None:
        near = nearest(name.text, known)
        listed = ", ".join(f"`{each}`" for each in known[:8])
        hint = (
            f"perhaps `{near[0]}` is meant"
            if near
            else f"there are {listed}"
            if known
            else ("there is nothing of this kind to give")
        )
        self.build.report(NoSuchGiven(name.span, name.text, what, hint))


def _fill(row: dict[str, object], name: str, collection: Collection) -> None:
    """Collections that were not given are empty, inside rows too."""
    rows = row.setdefault(name, [])
    assert isinstance(rows, list)
    for inner in rows:
        for nested, below in collection.collections.items():
            _fill(inner, nested, below)


def _rows_at(customer: dict[str, object], path: list[str]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [customer]
    for name in path:
        found: list[dict[str, object]] = []
        for row in rows:
            inner = row.get(name, [])
            assert isinstance(inner, list)
            found.extend(inner)
        rows = found
    return rows


def _never(declared: Declared, build: Build) -> Outcome:
    """Tests have titles and no names: nobody asks for them, and `test_case` lowers them."""
    return Outcome(declared.name, declared.kind, CLAIMS)


KIND = Kind(
    "test",
    ast.Test,
    CLAIMS,
    _never,
    """An example that must come out as expected, on every evaluator. `given` puts a record
together: fields of the customer, an event, the context, metrics, population values, and
collections as grids; collections that are not given are empty. `expect` states a condition,
`expect no RULE` that a rule gives nothing.

```siyu
test "a sleeping gold member gets the coupon" at 2026-11-21 10:00
  given customer
    member_id = "M1", lifetime_years = 2.5
  expect lifecycle is dormant
```
""",
    (NoSuchGiven, NoMomentGiven, WrongCells),
)
