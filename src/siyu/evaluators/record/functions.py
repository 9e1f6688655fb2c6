"""Functions out of statements: one, or several that hand on their variables where it is too long.

Python compiles functions of any length in linear time, and to hand variables on costs more than to
compute them (measured: twice the time of a decision); so a function is long before it is cut, and
only the memory of compiling it is bounded. A variable's first mention is where it gets its value;
the function it stands in returns it to those that read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from siyu.core.packing import packing
from siyu.evaluators.record.lines import INDENT

LENGTH = 20_000  # lines; some 10,000 rules
VARIABLE = re.compile(r"\b(?!k)[a-z]\d+\b")


def function(
    name: str, parameters: str, head: Sequence[str], groups: Sequence[list[str]], result: str
) -> list[str]:
    """Sources of the functions that together do what these statements do, the last one `name`."""
    pieces = list(_pieces(groups))
    if len(pieces) <= 1:
        body = [line for piece in pieces for line in piece]
        return [_source(name, parameters, [*head, *body, f"return {result}"])]
    mentioned = [_mentions(piece) for piece in pieces]
    known = _mentions(head) | _mentions([parameters])
    last = {v: at for at, names in enumerate(mentioned) for v in names}
    last |= {v: len(pieces) for v in _mentions([result])}
    sources, calls = [], []
    for at, (piece, names) in enumerate(zip(pieces, mentioned, strict=True)):
        read = sorted(names & known, key=_order)
        made = sorted((v for v in names - known if last[v] > at), key=_order)
        known |= names
        part = f"{name}_{at}"
        sources.append(_source(part, ", ".join(read), [*piece, f"return {packing(made)}"]))
        call = f"{part}({', '.join(read)})"
        calls.append(f"{packing(made)} = {call}" if made else call)
    return [*sources, _source(name, parameters, [*head, *calls, f"return {result}"])]


def _pieces(groups: Sequence[list[str]]) -> Iterator[list[str]]:
    piece: list[str] = []
    for group in groups:
        if piece and len(piece) + len(group) > LENGTH:
            yield piece
            piece = []
        piece = [*piece, *group] if len(piece) < 50 else _extended(piece, group)
    if piece:
        yield piece


def _extended(piece: list[str], group: list[str]) -> list[str]:
    piece.extend(group)
    return piece


def _mentions(lines: Sequence[str]) -> set[str]:
    return {name for line in lines for name in VARIABLE.findall(line)}


def _order(name: str) -> tuple[str, int]:
    return name[0], int(name[1:])


def _source(name: str, parameters: str, body: Sequence[str]) -> str:
    lines = [f"def {name}({parameters}):", *(INDENT + line for line in body)]
    return "\n".join(lines) + "\n"
