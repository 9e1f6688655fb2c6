"""`table`: a decision table, read from above: which rows hold, and what they give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.core.ir import Arm, Call, Cases, Const, Expr, OnUnknown
from siyu.core.program import Entry, Fields, Fixed, Items, Leaf, Maybe, Part
from siyu.diagnostics import Diagnostic
from siyu.kinds.classify import names_differ
from siyu.kinds.kind import Kind, scope_of
from siyu.kinds.param import widest
from siyu.kinds.prove import Otherwise, OtherwiseNotLast, prove
from siyu.semantics import check, make
from siyu.semantics.build import FIGURES, Build, Declared, Outcome, Scope
from siyu.semantics.phrases import KINDS
from siyu.syntax import ast
from siyu.types import BOOL, INT, Type
from siyu.words import Words, say

CONDITIONS = say("conditions")


@dataclass(frozen=True, slots=True)
class RowLength(Diagnostic):
    code: ClassVar[str] = "E0641"
    message: ClassVar[str] = (
        "in this row of table `{name}` the number of {side} is {found}, and in its heading {wanted}"
    )
    label: ClassVar[str] = "every row has one cell for each column"
    help: ClassVar[str] = "give a value for each column right of the arrow"
    page: ClassVar[str] = (
        "A decision table is a grid: left of the arrow stand the conditions, right of it what the "
        "row gives. Every row has a cell for every column of the heading, except the row "
        "`otherwise`, which has no conditions."
    )
    wrong: ClassVar[str] = (
        "policy p\n  language 1\n\nmetric a = 1\n\ntable t first gives b\n"
        "  | a         -> b |\n  | 1 | 2     -> 3 |\n  | otherwise -> 4 |\n"
    )
    right: ClassVar[str] = (
        "policy p\n  language 1\n\nmetric a = 1\n\ntable t first gives b\n"
        "  | a         -> b |\n  | 1         -> 3 |\n  | otherwise -> 4 |\n"
    )

    name: str
    found: int
    side: Words
    wanted: int

    def what_to_do(self) -> Words:
        if self.found > self.wanted:
            return say("take away what is too many, or add a column to the heading")
        if self.side == CONDITIONS:
            return say("write `any` where a column does not matter")
        return Diagnostic.what_to_do(self)


@dataclass(frozen=True, slots=True)
class OutputsDiffer(Diagnostic):
    code: ClassVar[str] = "E0642"
    message: ClassVar[str] = "table `{name}` gives {gives}, but its heading says {heading}"
    label: ClassVar[str] = "these are other words, or in another order"
    help: ClassVar[str] = "write the same names behind `gives` and right of the arrow"
    page: ClassVar[str] = (
        "What a table gives is said behind `gives` and again in the heading, so that the columns "
        "can be read where they stand."
    )
    wrong: ClassVar[str] = (
        "policy p\n  language 1\n\nmetric a = 1\n\ntable t first gives b\n"
        "  | a         -> c |\n  | 1         -> 3 |\n  | otherwise -> 4 |\n"
    )
    right: ClassVar[str] = RowLength.right

    name: str
    gives: tuple[str, ...]
    heading: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its number, counted from 1, its condition (None: otherwise) and its values."""

    number: int
    row: ast.Row
    holds: Expr | None
    values: tuple[Expr, ...]


def lower(declared: Declared, build: Build) -> Outcome:
    node = declared.node
    assert isinstance(node, ast.Table)
    scope = scope_of(declared, build)
    name = declared.name
    _check_shape(node, name, build)
    columns = tuple(check.value(column, scope) for column in node.columns)
    lines = tuple(
        _line(n, row, node, columns, scope)
        for n, row in enumerate(node.rows, 1)
        if _fits(row, node)
    )
    last = next((line for line in lines if line.holds is None), None)
    if last is not None and last is not lines[-1]:
        build.report(OtherwiseNotLast(last.row.span, say("row"), "otherwise"))
    if node.policy != "collect" and len(lines) == len(node.rows):
        _prove(node, lines, last, scope)
    kinds = tuple(widest([line.values[i] for line in lines]) for i in range(len(node.outputs)))
    if node.policy == "collect":
        return _collect(declared, node, lines, kinds, scope)
    return _first(declared, node, lines, last, kinds, scope)


def _check_shape(node: ast.Table, name: str, build: Build) -> None:
    gives = tuple(out.text for out in node.outputs)
    heading = tuple(out.text for out in node.output_columns)
    names_differ(list(node.outputs), build, KINDS["table"], name)
    if gives != heading:
        build.report(OutputsDiffer(node.name.span, name, gives, heading))
    for row in node.rows:
        if row.cells is not None and len(row.cells) != len(node.columns):
            build.report(RowLength(row.span, name, len(row.cells), CONDITIONS, len(node.columns)))
        if len(row.outputs) != len(node.outputs):
            build.report(
                RowLength(row.span, name, len(row.outputs), say("values"), len(node.outputs))
            )


def _fits(row: ast.Row, node: ast.Table) -> bool:
    cells = row.cells is None or len(row.cells) == len(node.columns)
    return cells and len(row.outputs) == len(node.outputs)


def _line(
    number: int, row: ast.Row, node: ast.Table, columns: tuple[Expr, ...], scope: Scope
) -> Line:
    code = f"{scope.owner}.row.{number}"
    values = tuple(check.value(out, scope) for out in row.outputs)
    if row.cells is None:
        return Line(number, row, None, values)
    cells = (
        _cell(cell, column, written, scope, f"{code}.{n}")
        for n, (cell, column, written) in enumerate(
            zip(row.cells, columns, node.columns, strict=True), 1
        )
    )
    holds = make.recoded(make.all_of(*cells, span=row.span), code)
    return Line(number, row, holds, values)


def _cell(cell: ast.Cell, column: Expr, written: ast.Name, scope: Scope, code: str) -> Expr:
    """Whether a column's value is what a cell asks for. Of a column that was reported in the
    heading nothing more is said."""
    if make.is_error(column):
        return make.error_value(cell.span)
    match cell:
        case ast.AnyCell():
            return make.true
        case ast.KnownCell():
            holds = make.known(column, span=cell.span)
            return make.recoded(holds if cell.known else make.not_(holds, cell.span), code)
        case ast.ListCell():
            ways = (_item(item, written, scope) for item in cell.items)
            listed = make.any_of(*ways, span=cell.span)
            return make.recoded(make.not_(listed, cell.span) if cell.negated else listed, code)


def _item(item: ast.CompareItem | ast.RangeItem | ast.Expr, column: ast.Name, scope: Scope) -> Expr:
    """One of a cell's alternatives. A cell is no negation, whatever it says: a value that is
    unknown makes the row unknown, and the table with it."""
    span = item.span
    at = ast.Name(column.parts, span=span)

    def compared(op: str, value: ast.Expr) -> Expr:
        negative = op == "!="
        equal = "=" if negative else op
        holds = check.condition(ast.Compare(equal, at, value, span=span), scope)  # type: ignore[arg-type]
        return make.not_(holds, span) if negative else holds

    match item:
        case ast.CompareItem():
            return compared(item.op, item.value)
        case ast.RangeItem():
            upper = compared("<" if item.open_end else "<=", item.high)
            return make.all_of(compared(">=", item.low), upper, span=span)
        case _:
            return compared("=", item)


def _prove(node: ast.Table, lines: tuple[Line, ...], last: Line | None, scope: Scope) -> None:
    tested = [line for line in lines if line.holds is not None]
    prove(
        [line.holds for line in tested if line.holds is not None],
        scope,
        Otherwise(last is not None, node.name.span),
        exclusive=node.policy == "exclusive",
        kind="table",
        name=scope.owner,
        names=[ast.Ident(f"row {line.number}", span=line.row.span) for line in tested],
    )


def _first(
    declared: Declared,
    node: ast.Table,
    lines: tuple[Line, ...],
    last: Line | None,
    kinds: tuple[Type, ...],
    scope: Scope,
) -> Outcome:
    name, build = declared.name, scope.build
    arms = tuple(
        Arm(line.holds, make.const(line.number, INT)) for line in lines if line.holds is not None
    )
    other = make.const(last.number if last else None, INT)
    on_unknown: OnUnknown = "otherwise" if last and last.row.or_unknown else "stop"
    never = last is not None and (
        last.row.or_unknown or not any(check.may_be_unknown(arm.when, scope) for arm in arms)
    )
    chosen = Cases(arms, other, on_unknown, INT, span=node.span)
    row = build.bind(f"{name}.row", chosen, FIGURES, optional=not never, span=node.name.span)
    fields: dict[str, Expr] = {"row": row}
    for i, out in enumerate(node.outputs):
        values = [
            check.coerce(line.values[i], kinds[i], scope, line.values[i].span) for line in lines
        ]
        given = _by_row(row, [line.number for line in lines], values, kinds[i])
        fields[out.text] = build.bind(
            f"{name}.{out.text}", given, FIGURES, span=out.span,
            optional=not never or any(check.may_be_unknown(v, scope) for v in values),
        )  # fmt: skip
    some = build.bind(f"{name}.some", make.known(row), FIGURES, optional=False)
    leaves = tuple(
        (out.text, Leaf(f"{name}.{out.text}", kind))
        for out, kind in zip(node.outputs, kinds, strict=True)
    )
    shape = Fields((("row", Leaf(row.name, INT)), ("out", Fields(leaves))))
    build.emit(Part("tables", name, Maybe(some.name, shape)))
    return Outcome(name, declared.kind, FIGURES, None, fields)


def _by_row(row: Expr, numbers: list[int], values: list[Expr], kind: Type) -> Expr:
    """The value of the chosen row: looked up where all are constants, else chosen by its number."""
    constants = [value.value for value in values if isinstance(value, Const)]
    if constants and len(constants) == len(values) and None not in constants:
        position = Call("sub", (row, make.const(numbers[0], INT)), INT)
        return Call("item", (make.const(tuple(constants), kind), position), kind)
    arms = tuple(
        Arm(Call("eq", (row, make.const(n, INT)), BOOL), value)
        for n, value in zip(numbers, values, strict=True)
    )
    return Cases(arms, make.const(None, kind), "skip", kind)


def _collect(
    declared: Declared,
    node: ast.Table,
    lines: tuple[Line, ...],
    kinds: tuple[Type, ...],
    scope: Scope,
) -> Outcome:
    """Every row that is true; `otherwise` where none is (or, without `or unknown`, might be)."""
    name, build = declared.name, scope.build
    refs: list[Expr] = []
    entries = []
    for line in lines:
        code = f"{name}.row.{line.number}"
        if line.holds is not None:
            holds = line.holds
        else:
            none = (
                [make.otherwise(ref, make.false) for ref in refs] if line.row.or_unknown else refs
            )
            holds = make.not_(make.any_of(*none), line.row.span)
        refs.append(build.bind(code, holds, FIGURES, span=line.row.span))
        leaves = []
        for i, out in enumerate(node.outputs):
            value = check.coerce(line.values[i], kinds[i], scope, line.values[i].span)
            build.bind(f"{code}.{out.text}", value, FIGURES, span=value.span)
            leaves.append((out.text, Leaf(f"{code}.{out.text}", kinds[i])))
        shape = Fields((("row", Fixed(line.number)), ("out", Fields(tuple(leaves)))))
        entries.append(Entry(code, shape))
    build.emit(Part("tables", name, Items(tuple(entries))))
    return Outcome(name, declared.kind, FIGURES)


KIND = Kind(
    "table",
    ast.Table,
    FIGURES,
    lower,
    """A decision table. Each row asks something of the columns left of the arrow and gives what
stands right of it. `first` takes the first row that holds; `exclusive` is proven to have one at
most; `collect` takes them all. A cell holds a value or a list of them, a comparison (`>= 90
days`), a range (`0 days..<90 days`), `not` before a list, `known`, `unknown`, or `any`, which
holds even where the value is missing. Where a row before the first true one is unknown, the table
gives nothing, unless its last row says `otherwise or unknown`.

```siyu
table offer "Offers" first gives benefit, cost
  | member_level | recency          -> benefit      | cost    |
  | gold         | >= 90 days       -> "big coupon" | 30 yuan |
  | not gold     | 0 days..<90 days -> "10 off 199" | 4 yuan  |
  | otherwise or unknown            -> "nothing"    | 0 yuan  |
```
""",
    (RowLength, OutputsDiffer),
)
