"""The values of what stands under an expectation, each at its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from siyu.core.ir import Aggregate, And, Const, Contest, Expr, Not, Or
from siyu.core.walk import parts
from siyu.decision.values import plain_value
from siyu.evaluators.reference import Trace
from siyu.text import Span

PLAIN = (Const, And, Or, Not)  # their values say nothing that their parts do not say
INSIDE_ROWS = (Aggregate, Contest)


def values_under(root: Expr, trace: Trace, timezone: str) -> Iterator[tuple[Span, str]]:
    """In the order written, the larger before what it holds."""
    zone = ZoneInfo(timezone)
    found: dict[Span, str] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, INSIDE_ROWS):
            waiting.extend(reversed(parts(node)))
        if isinstance(node, PLAIN) or id(node) not in trace.values:
            continue
        if node.span.start < node.span.end and _inside(node.span, root.span):
            found.setdefault(node.span, _text(node, trace.value(node), zone))
    yield from sorted(found.items(), key=lambda item: (item[0].start, -item[0].end))


def _inside(span: Span, outer: Span) -> bool:
    return span.file == outer.file and outer.start <= span.start and span.end <= outer.end


def _text(node: Expr, value: Any, zone: ZoneInfo) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(plain_value(node.type, value, zone))
