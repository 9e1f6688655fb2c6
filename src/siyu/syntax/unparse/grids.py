"""Decision tables and the grids of tests, in columns that line up on screen."""

from __future__ import annotations

from typing import assert_never

from siyu.syntax import ast
from siyu.syntax.keywords import positions
from siyu.syntax.unparse.expressions import SUM, expression
from siyu.syntax.unparse.lines import Line, Piece, columns, pad, reach, width
from siyu.syntax.unparse.speech import (
    Speech,
    commas,
    dotted_word,
    joined,
    kept_a_name,
    missing,
    path,
    word,
)


def grid(say: Speech, node: ast.GivenGrid) -> list[Line]:
    """The heading and the rows of `given orders`."""
    rows = [_behind_bars(say, node.columns), *(_given_row(say, row) for row in node.rows)]
    spans = [reach(row[0].span, row[-1].span) for row in (node.columns, *node.rows)]
    texts = [f"| {' | '.join(cells)} |" for cells in columns(rows)]
    return [Line(4, (Piece(text, span),)) for text, span in zip(texts, spans, strict=True)]


def _behind_bars(say: Speech, row: tuple[ast.Expr, ...]) -> list[str]:
    return [_grid_cell(say, value, first=not place) for place, value in enumerate(row)]


def _given_row(say: Speech, row: tuple[ast.Expr, ...]) -> list[str]:
    plain = _behind_bars(say, row)
    return [missing(say, value) or text for value, text in zip(row, plain, strict=True)]


def _grid_cell(say: Speech, value: ast.Expr, *, first: bool) -> str:
    """A word alone between two bars is a name, unless it could be true or false."""
    match value:
        case ast.Name((only,)) if not {"true", "false"} & set(positions(only)):
            return dotted_word(only)
        case _:
            return _cell_text(say, value, first=first)


def _cell_text(say: Speech, value: ast.Expr, *, first: bool) -> str:
    """Behind any bar but the first the row could end, and a declaration begin."""
    text = expression(say, value, SUM)
    return text if first else kept_a_name(text)


def table_rows(say: Speech, node: ast.Table) -> list[Line]:
    """The heading and the rows of a decision table: conditions, arrow, outputs."""
    heading = (
        [path(column) for column in node.columns],
        [word(n.text) for n in node.output_columns],
    )
    rows = [heading, *(_row(say, row) for row in node.rows)]
    lefts = _lefts([left for left, _ in rows])
    rights = [" | ".join(cells) for cells in columns([right for _, right in rows])]
    first = reach(node.columns[0].span, node.output_columns[-1].span)
    spans = [first, *(row.span for row in node.rows)]
    texts = [f"| {left} -> {right} |" for left, right in zip(lefts, rights, strict=True)]
    return [Line(2, (Piece(text, span),)) for text, span in zip(texts, spans, strict=True)]


def _row(say: Speech, row: ast.Row) -> tuple[list[str], list[str]]:
    outputs = [_cell_text(say, out, first=not place) for place, out in enumerate(row.outputs)]
    if row.cells is None:
        return [say("otherwise", "or", "unknown") if row.or_unknown else say("otherwise")], outputs
    return [_cell(say, cell) for cell in row.cells], outputs


def _lefts(rows: list[list[str]]) -> list[str]:
    """The cells before the arrow. An otherwise row spans all columns, so it does not widen the
    first one."""
    full = len(rows[0])
    lined = iter(columns([row for row in rows if len(row) == full]))
    texts = [" | ".join(next(lined)) if len(row) == full else row[0] for row in rows]
    widest = max(map(width, texts))
    return [pad(text, widest) for text in texts]


def _cell(say: Speech, cell: ast.Cell) -> str:
    match cell:
        case ast.AnyCell():
            return say("any")
        case ast.KnownCell(known):
            return say("known" if known else "unknown")
        case ast.ListCell(items, negated):
            return joined(say("not") if negated else "", commas([_item(say, i) for i in items]))
        case _:
            assert_never(cell)


def _item(say: Speech, item: ast.CompareItem | ast.RangeItem | ast.Expr) -> str:
    match item:
        case ast.CompareItem(op, value):
            return f"{op} {expression(say, value, SUM)}"
        case ast.RangeItem(low, high, open_end):
            dots = "..<" if open_end else ".."
            return f"{expression(say, low, SUM)}{dots}{expression(say, high, SUM)}"
        case _:
            return expression(say, item, SUM)
