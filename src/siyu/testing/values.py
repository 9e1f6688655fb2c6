"""The values of what stands under an expectation, each at its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from siyu.core.ir import Aggregate, And, Const, Contest, Expr, Not, Or
from siyu.core.walk import parts
from siyu.decision.values import plain_value
from siyu.evaluators.reference import Trace
from siyu.testing.result import Value
from siyu.text import Span
from siyu.types import TextType
from siyu.words import Words, say

PLAIN = (Const, And, Or, Not)  # their values say nothing that their parts do not say
INSIDE_ROWS = (Aggregate, Contest)
WORDS = {None: say("unknown"), True: say("true"), False: say("false")}


def values_under(root: Expr, trace: Trace, timezone: str, text: str) -> tuple[Value, ...]:
    """In the order written, the larger before what it holds. `text` is that of the whole file."""
    zone = ZoneInfo(timezone)
    found: dict[Span, Words] = {}
    for node in _outer_first(root):
        if not _tells(node) or id(node) not in trace.values:
            continue
        if node.span.start < node.span.end and _inside(node.span, root.span):
            found.setdefault(node.span, _shown(node, trace.value(node), zone))
    spans = sorted(found, key=lambda span: (span.start, -span.end))
    written = _places(root)
    return tuple(Value(span, _anchor(span, written, text), found[span]) for span in spans)


def _outer_first(root: Expr) -> Iterator[Expr]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, INSIDE_ROWS):
            waiting.extend(reversed(parts(node)))


def _tells(node: Expr) -> bool:
    """`x between a and b` is two comparisons of one place: the whole of it tells."""
    if isinstance(node, (And, Or)):
        return any(part.span == node.span for part in parts(node))
    return not isinstance(node, PLAIN)


def _inside(span: Span, outer: Span) -> bool:
    return span.file == outer.file and outer.start <= span.start and span.end <= outer.end


def _places(root: Expr) -> list[Span]:
    """Where all parts are written, constants too, inside rows or not."""
    found: dict[Span, None] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if _inside(node.span, root.span) and node.span.start < node.span.end:
            found[node.span] = None
        waiting.extend(parts(node))
    return list(found)


def _anchor(span: Span, written: Sequence[Span], text: str) -> int:
    """The first sign of an expression that belongs to none of its parts: of `a * 2` the `*`."""
    inner = [each for each in written if each != span and _inside(each, span)]
    at = span.start
    while at < span.end:
        part = next((each for each in inner if each.start <= at < each.end), None)
        if part is not None:
            at = part.end
        elif text[at].isspace() or text[at] in "()":
            at += 1
        else:
            return at
    return span.start


def _shown(node: Expr, value: Any, zone: ZoneInfo) -> Words:
    if value is None or isinstance(value, bool):
        return WORDS[value]
    if isinstance(node.type, TextType):
        return f'"{value}"'
    plain = plain_value(node.type, value, zone)
    if isinstance(plain, list):
        return f"({', '.join(map(str, plain))})"
    return str(plain)
