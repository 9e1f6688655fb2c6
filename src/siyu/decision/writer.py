"""Writes a policy's document as bytes: one generated function for each event, flat Python.

Takes for granted that `plain.py` defines the document. What is the same in every decision is one
string literal (written by `ascii`, so that no author's text becomes code); values are written in
place; only lists whose entries may be absent are put together at run time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from json.encoder import encode_basestring
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from siyu.core import program as core
from siyu.core.ir import Const
from siyu.core.packing import packing, unpacked
from siyu.core.passes.fold import folded
from siyu.core.program import Entry, Fields, Fixed, Items, Leaf, Maybe, Part, Program, Shape
from siyu.decision.document import Decision
from siyu.decision.leaves import CENTS, leaf_text
from siyu.decision.plain import LISTS, MAPS, Head, exports_of, plain_document
from siyu.decision.texts import BOOLS, DATES, QUOTED, Instants, Stops, set_text


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that is the same in every decision."""

    text: str


Piece = Literal | str  # a str is a Python expression of text
SHORT = 18  # texts joined at once: Python keeps tuples of fewer than twenty at hand
Values = Sequence[Any]  # of the exported bindings, in their order
WriteText = Callable[[Values, str, int, str | None, str | None], str]


class Writer:
    """Documents of one policy for one event (or none); safe to share between threads.

    `exports` are the bindings whose values it takes, in that order; `packed` as `core.packing` has
    them, instead of one after another.
    """

    __slots__ = ("_text", "event", "exports", "packed", "program")

    def __init__(
        self, program: Program, event: str | None, exports: tuple[str, ...], packed: bool = False
    ) -> None:
        self.program = program
        self.event = event
        self.exports = exports
        self.packed = packed
        self._text: WriteText = _compiled(_Code(program, event, exports, packed))

    def to_json(self, values: Values, head: Head) -> bytes:
        """The document's canonical bytes."""
        args = (head.customer, head.as_of, head.event_key, head.calibration)
        return self._text(values, *args).encode()

    def to_dict(self, values: Values, head: Head) -> dict[str, Any]:
        """The document."""
        listed = unpacked(values) if self.packed else values
        named = dict(zip(self.exports, listed, strict=True))
        return plain_document(self.program, self.event, named, head)

    def decision(self, values: Values, head: Head) -> Decision:
        """The decision, whose document is made when it is asked for."""
        return Decision(self, values, head)

    def source(self) -> str:
        """The generated Python, for those who want to look."""
        return _Code(self.program, self.event, self.exports, self.packed).source()


def document_writer(
    program: Program,
    event: str | None,
    exports: Sequence[str] | None = None,
    *,
    packed: bool = False,
) -> Writer:
    """The writer of a policy's documents about an event.

    `exports` names the values an evaluator gives, in its order; it holds `exports_of(program,
    event)` at least, which is also the default. `packed`: values come as `core.packing` has them.
    """
    names = exports_of(program, event) if exports is None else tuple(exports)
    return Writer(program, event, names, packed)


def _compiled(code: _Code) -> WriteText:
    scope: dict[str, Any] = {}
    exec(compile(code.source(), "<document>", "exec"), code.given, scope)
    made: WriteText = scope["write"]
    return made


class _Code:
    """The source of one writer. A text under way is a list of pieces, joined where it ends."""

    def __init__(
        self, program: Program, event: str | None, exports: tuple[str, ...], packed: bool
    ) -> None:
        self.program = program
        self.event = event
        self.packed = packed
        self.constants = {
            binding.name: expr.value
            for binding in program.bindings
            if isinstance(expr := folded(binding.expr), Const)
        }
        self.variables = {name: f"v{index}" for index, name in enumerate(exports)}
        self.lines: list[str] = []
        self.depth = 1
        self.count = 0
        self.given: dict[str, Any] = {
            "BOOLS": BOOLS, "QUOTED": QUOTED, "DATES": DATES, "WEIGHT": _weight,
            "INSTANTS": Instants(ZoneInfo(program.timezone)), "quote": encode_basestring,
            "set_text": set_text, "CENTS": CENTS,
        }  # fmt: skip

    def source(self) -> str:
        """The whole function."""
        pieces = self.document()
        names = list(self.variables.values())
        target = packing(names) if self.packed else f"({', '.join(names)},)"
        head = ["def write(values, customer, as_of, event_key, calibration):"]
        head += [f"    {target} = values"] if names else []
        return "\n".join([*head, *self.lines, f"    return {_joined(pieces)}"]) + "\n"

    # ------------------------------------------------------------ lines

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        self.line(head)
        self.depth += 1
        yield
        self.depth -= 1

    def name(self, letter: str) -> str:
        self.count += 1
        return f"{letter}_{self.count}"

    def hand_in(self, value: object) -> str:
        name = self.name("K")
        self.given[name] = value
        return name

    # ------------------------------------------------------------ the document

    def document(self) -> list[Piece]:
        program, event = self.program, self.event
        parts = sorted(program.emits(event), key=lambda part: part.name)
        policy = {"name": program.name, "version": program.version, "digest": program.digest}
        pieces: list[Piece] = [
            Literal('{"policy":' + _json(policy) + ',"as_of":'),
            "INSTANTS[as_of]",
        ]
        pieces += [Literal(',"customer":'), "quote(customer)", Literal(',"event":')]
        if event is None:
            pieces.append(Literal("null"))
        else:
            key = "('null' if event_key is None else quote(event_key))"
            pieces += [Literal('{"type":' + _json(event) + ',"key":'), key]
            pieces.append(Literal("}"))
        for section in MAPS:
            pieces += self.section_map(section, parts)
        for section in LISTS:
            pieces += [Literal(f',"{section}":['), self.section_list(section, parts), Literal("]")]
        pieces += [Literal(',"stopped":['), self.stopped(parts), Literal("]")]
        pieces += self.section_map("claims", parts)
        return [*pieces, Literal(',"calibration":'), "QUOTED[calibration]", Literal("}")]

    def section_map(self, section: str, parts: list[Part]) -> list[Piece]:
        items = [(part.name, part.shape) for part in parts if part.section == section]
        return [Literal(f',"{section}":'), *self.fields(items)]

    def section_list(self, section: str, parts: list[Part]) -> str:
        entries = [Entry(p.guard, p.shape) for p in parts if p.section == section]
        return self.listed([(None, entry) for entry in entries])

    def stopped(self, parts: list[Part]) -> str:
        found = self.name("l")
        self.line(f"{found} = []")
        for part in parts:
            if part.stop is not None:
                variable = self.variables[part.stop]
                stops = self.hand_in(Stops(part.name))
                with self.block(f"if {variable} is not None:"):
                    self.line(f"{found}.append({stops}[{variable}])")
        return f"','.join({found})"

    # ------------------------------------------------------------ shapes

    def shape(self, shape: Shape) -> list[Piece]:
        """The pieces of a shape; lines that prepare it are written on the way."""
        match shape:
            case Leaf():
                return [leaf_text(shape.type, self.variables[shape.binding], self.hand_in)]
            case Fixed():
                return [Literal(_json(shape.value))]
            case Fields():
                return self.fields(list(shape.items))
            case Items():
                inner = self.listed([(None, entry) for entry in shape.entries])
                return [Literal("["), inner, Literal("]")]
            case core.Mapping():
                entries = sorted(shape.entries, key=lambda pair: pair[0])
                return [Literal("{"), self.listed(list(entries)), Literal("}")]
            case Maybe():
                return [self.maybe(shape)]
            case _:
                assert_never(shape)

    def fields(self, items: list[tuple[str, Shape]]) -> list[Piece]:
        pieces: list[Piece] = [Literal("{")]
        for index, (key, each) in enumerate(items):
            pieces += [Literal(f"{',' if index else ''}{_json(key)}:"), *self.shape(each)]
        return [*pieces, Literal("}")]

    def maybe(self, shape: Maybe) -> str:
        found = self.name("m")
        self.line(f"{found} = 'null'")
        with self.block(f"if {self.variables[shape.guard]} is True:"):
            pieces = self.shape(shape.shape)
            self.line(f"{found} = {_joined(pieces)}")
        return found

    def listed(self, entries: Sequence[tuple[str | None, Entry]]) -> str:
        """Entries that may be absent, with their keys if they have any, joined by commas."""
        if not entries:
            return "''"
        entries = self.in_order(entries)
        found = self.name("l")
        weighed = any(entry.weight is not None for _, entry in entries)
        self.line(f"{found} = []")
        for index, (key, entry) in enumerate(entries):
            if entry.guard is None:
                self.entry(found, key, entry, index, weighed)
                continue
            with self.block(f"if {self.variables[entry.guard]} is True:"):
                self.entry(found, key, entry, index, weighed)
        if not weighed:
            return f"','.join({found})"
        with self.block(f"if len({found}) > 1:"):
            self.line(f"{found}.sort()")
        return f"','.join([each[2] for each in {found}])"

    def in_order(
        self, entries: Sequence[tuple[str | None, Entry]]
    ) -> Sequence[tuple[str | None, Entry]]:
        """Entries whose weights are the same in every decision stand in their order already."""
        weights = [self.constants.get(entry.weight or "") for _, entry in entries]
        sizes = [abs(weight) for weight in weights if isinstance(weight, int)]
        if len(sizes) < len(entries):
            return entries
        places = sorted(range(len(entries)), key=lambda place: -sizes[place])
        return [(entries[place][0], replace(entries[place][1], weight=None)) for place in places]

    def entry(self, found: str, key: str | None, entry: Entry, index: int, weighed: bool) -> None:
        start: list[Piece] = [] if key is None else [Literal(f"{_json(key)}:")]
        text = _joined([*start, *self.shape(entry.shape)])
        if weighed:
            weight = "0" if entry.weight is None else f"WEIGHT({self.variables[entry.weight]})"
            self.line(f"{found}.append(({weight}, {index}, {text}))")
        else:
            self.line(f"{found}.append({text})")


def _weight(value: int | None) -> int:
    return 0 if value is None else -abs(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _joined(pieces: list[Piece]) -> str:
    """One expression of the text of all pieces, neighbouring literals made one."""
    merged: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Literal) and merged and isinstance(merged[-1], Literal):
            merged[-1] = Literal(merged[-1].text + piece.text)
        else:
            merged.append(piece)
    texts = [ascii(each.text) if isinstance(each, Literal) else each for each in merged]
    while len(texts) > SHORT:
        parts = (texts[start : start + SHORT] for start in range(0, len(texts), SHORT))
        texts = [f"''.join(({', '.join(part)},))" for part in parts]
    return texts[0] if len(texts) == 1 else f"''.join(({', '.join(texts)},))"
