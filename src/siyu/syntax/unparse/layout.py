"""Where line breaks, blank lines and comments go.

Blank lines: one between two declarations. Between neighbours of the same kind that take one line
each (params, metrics, accounts…), and around comments that stand between declarations, the author's
own choice is kept, several blank lines becoming one. Inside a declaration there are none.

Comments: one that ends a line of code stays behind the same piece; one on a line of its own stays
before the same piece. An indented comment after a declaration's last clause stays with it. One in
the middle of what is printed as one piece moves before that piece's line. None is lost and none
overtakes another.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from siyu.syntax.ast import Comment
from siyu.syntax.unparse.lines import WIDTH, Block, Line, Piece, width
from siyu.syntax.unparse.speech import kept_a_name
from siyu.text import NOWHERE, Source, Span


@dataclass(slots=True)
class _Slot:
    """The comments around one piece."""

    before: list[Comment] = field(default_factory=list)
    behind: Comment | None = None


def lay_out(blocks: list[Block], comments: tuple[Comment, ...], source: Source | None) -> str:
    """The whole file. `source` is the text it was parsed from, None for a tree made by hand."""
    pieces = [piece for block in blocks for line in block.lines for piece in line.pieces]
    slots, closing = _placed(pieces, comments)
    out: list[str] = []
    take = iter(slots)
    previous: _Printed | None = None
    for block in blocks:
        printed = _printed(block, take)
        out += _between(previous, printed, source)
        out += printed.rows
        previous = printed
    out += _ending(previous, closing, source)
    return "".join(f"{row.rstrip()}\n" for row in out)


# ---------------------------------------------------------------- comments find their piece


def _placed(
    pieces: list[Piece], comments: tuple[Comment, ...]
) -> tuple[list[_Slot], list[Comment]]:
    """A slot for each piece, and the comments after the last piece's line."""
    slots = [_Slot() for _ in range(len(pieces) + 1)]
    starts = _rising_starts(pieces)
    groups: dict[int, list[Comment]] = {}
    for comment in sorted(comments, key=lambda c: c.span.start):
        groups.setdefault(bisect_left(starts, comment.span.start) - 1, []).append(comment)
    for index, group in groups.items():
        if index < 0:
            slots[0].before += group
            continue
        hoisted, behind, following = _split(pieces[index], group)
        slots[index].before += hoisted
        slots[index].behind = behind
        slots[index + 1].before += following
    return slots, slots[-1].before


def _rising_starts(pieces: list[Piece]) -> list[int]:
    """Where each piece began in the source; one from nowhere begins where the one before it did."""
    starts: list[int] = []
    for piece in pieces:
        before = starts[-1] if starts else 0
        starts.append(before if piece.span == NOWHERE else max(before, piece.span.start))
    return starts


def _split(
    piece: Piece, group: list[Comment]
) -> tuple[list[Comment], Comment | None, list[Comment]]:
    """Before the piece, behind it, and before the next one."""
    inside = [comment for comment in group if comment.span.start < piece.span.end]
    after = group[len(inside) :]
    if after and not after[0].own_line:
        return inside, after[0], after[1:]
    if inside and not inside[-1].own_line:
        return inside[:-1], inside[-1], after
    return inside, None, after


def _written(comment: Comment) -> str:
    return "#" + comment.text[1:].rstrip()


# ---------------------------------------------------------------- one declaration


@dataclass(frozen=True, slots=True)
class _Printed:
    """A block's rows; `leading` are the comments before it, `start` its place in the source.

    `simple`: one clause without a comment inside. Asked instead of "one row", because a row is
    longer in English than in Chinese, and blank lines must not depend on that.
    """

    kind: str
    rows: list[str]
    leading: list[Comment]
    start: Span
    simple: bool


def _printed(block: Block, slots: Iterator[_Slot]) -> _Printed:
    taken = [[next(slots) for _ in line.pieces] for line in block.lines]
    leading, taken[0][0].before = taken[0][0].before, []
    rows = list(chain.from_iterable(map(_rows, block.lines, taken)))
    simple = len(block.lines) == 1 and not _comment_within(taken[0])
    return _Printed(block.kind, rows, leading, block.lines[0].pieces[0].span, simple)


def _comment_within(slots: list[_Slot]) -> bool:
    """Whether a comment stands between the first piece and the last one of a line."""
    return any(slot.before for slot in slots[1:]) or any(slot.behind for slot in slots[:-1])


def _rows(line: Line, slots: list[_Slot]) -> list[str]:
    """One line of code, with the comments around and inside it."""
    rows = [" " * line.indent + _written(comment) for comment in slots[0].before]
    if _comment_within(slots) or line.indent + width(line.flat) > WIDTH:
        return rows + _broken(line, slots)
    return [*rows, _with(slots[-1].behind, " " * line.indent + line.flat)]


def _broken(line: Line, slots: list[_Slot]) -> list[str]:
    hanging = " " * (line.indent + line.hang)
    rows: list[str] = []
    row = " " * line.indent + line.pieces[0].text
    for piece, slot, above in zip(line.pieces[1:], slots[1:], slots, strict=False):
        joins = line.fill and not slot.before and above.behind is None
        if joins and width(row) + 1 + width(piece.text) <= WIDTH:
            row += " " + piece.text
            continue
        rows.append(_with(above.behind, row))
        rows += [hanging + _written(comment) for comment in slot.before]
        row = hanging + kept_a_name(piece.text)
    return [*rows, _with(slots[-1].behind, row)]


def _with(comment: Comment | None, row: str) -> str:
    return row if comment is None else f"{row}  {_written(comment)}"


# ---------------------------------------------------------------- between declarations


def _between(before: _Printed | None, after: _Printed, source: Source | None) -> list[str]:
    """The rows between two declarations: the first one's closing comments, blank lines, and the
    second one's leading comments."""
    tail = 0 if before is None else _tail(after.leading, source)
    rows = [f"  {_written(comment)}" for comment in after.leading[:tail]]
    leading = after.leading[tail:]
    gaps = [_blank_above(comment.span, source) for comment in leading]
    gaps.append(_blank_above(after.start, source))
    if before is None:
        gaps[0] = False
    elif not any(gaps) and (rows or _need_blank(before, after)):
        gaps[0] = True
    for comment, gap in zip(leading, gaps, strict=False):
        rows += ["", _written(comment)] if gap else [_written(comment)]
    return [*rows, ""] if gaps[-1] else rows


def _ending(before: _Printed | None, closing: list[Comment], source: Source | None) -> list[str]:
    """The comments after the last declaration."""
    tail = 0 if before is None else _tail(closing, source)
    rows = [f"  {_written(comment)}" for comment in closing[:tail]]
    for place, comment in enumerate(closing[tail:]):
        gap = _blank_above(comment.span, source) if place else before is not None
        rows += ["", _written(comment)] if gap else [_written(comment)]
    return rows


def _need_blank(before: _Printed, after: _Printed) -> bool:
    return not (before.kind == after.kind and before.simple and after.simple)


def _tail(comments: list[Comment], source: Source | None) -> int:
    """How many of the comments are indented, and so belong to the declaration above them."""
    if source is None:
        return 0
    flush = (
        n for n, comment in enumerate(comments) if source.place(comment.span.start).column == 1
    )
    return next(flush, len(comments))


def _blank_above(span: Span, source: Source | None) -> bool:
    """Whether the author left a blank line above what begins at `span`, on a line of its own."""
    if source is None or span == NOWHERE:
        return False
    place = source.place(span.start)
    first = not source.line(place.line)[: place.column - 1].strip()
    return first and place.line > 1 and not source.line(place.line - 1).strip()
