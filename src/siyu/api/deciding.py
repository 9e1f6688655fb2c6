"""The engines of a loaded policy: its reader, and what decides about each kind of event."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from siyu.api.errors import InputFileError, Rejected
from siyu.core.program import Program
from siyu.decision import Decision, Head, Writer, document_writer
from siyu.evaluators import record
from siyu.records import Read, Reader, Rejection, instant, reader
from siyu.schema import Schema
from siyu.types import EnumType, Type
from siyu.words import say

MOST_VARIANTS = 64
When = str | dt.datetime | int | None


@dataclass(frozen=True, slots=True)
class Engine:
    """What decides about one kind of event: the generated function and the document's writer."""

    decide: record.Compiled
    writer: Writer


class Deciding:
    """Decides about requests; may be shared between threads. `program` has its population values,
    and `calibration` is the digest of the file they are from."""

    def __init__(self, program: Program, reader: Reader, calibration: str | None) -> None:
        self.program = program
        self.reader = reader
        self._calibration = calibration
        self._engines: OrderedDict[tuple[str | None, tuple[str, ...]], Engine] = OrderedDict()
        self._lock = Lock()

    def decide(self, request: object, as_of: int | None) -> Decision:
        """The decision about a request; raises Rejected."""
        read = self.reader(request, as_of)
        if isinstance(read, Rejection):
            raise Rejected(read.reasons)
        return self.decide_about(read)

    def answer(self, request: object, as_of: int | None) -> Decision | Rejection:
        """The decision about a request, or why there is none."""
        read = self.reader(request, as_of)
        return read if isinstance(read, Rejection) else self.decide_about(read)

    def decide_about(self, read: Read) -> Decision:
        """The decision about a request that the reader has validated."""
        given = read.facts.given
        names = tuple(sorted(name for name, _ in given)) if given else ()
        engine = self._engines.get((read.event, names)) or self.engine(read.event, names)
        return engine.writer.decision(engine.decide.decide(read.facts), self.head(read))

    def head(self, read: Read) -> Head:
        """Whom and when the decision about a request speaks of."""
        return Head(read.key, read.as_of, read.event_key, self._calibration)

    def engine(self, event: str | None, given: tuple[str, ...]) -> Engine:
        """Made at the first request of its kind. Which metrics requests bring is up to them, so
        only the latest kinds are kept."""
        with self._lock:
            found = self._engines.get((event, given))
            if found is None:
                decide = record.compile_record(self.program, event, given)
                writer = document_writer(self.program, event, decide.exports, packed=True)
                found = self._engines[event, given] = Engine(decide, writer)
                while len(self._engines) > MOST_VARIANTS:
                    self._engines.popitem(last=False)
        return found

    def document(self, read: Read, values: Mapping[str, Any]) -> dict[str, Any]:
        """The document of values by name."""
        writer = document_writer(self.program, read.event)
        return writer.to_dict([values[name] for name in writer.exports], self.head(read))


def make_reader(schema: Schema, program: Program) -> Reader:
    """The reader of a program's facts."""
    levels: dict[str, tuple[str, ...]] = {}
    metrics: dict[str, Type] = {}
    for binding in program.bindings:
        if binding.metric:
            metrics[binding.name] = binding.type
        if isinstance(binding.type, EnumType) and binding.type.ordered:
            levels[binding.type.name] = binding.type.members
    return reader(schema, program.needs, program.timezone, levels=levels, metrics=metrics)


EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)
FIRST = (dt.datetime(1, 1, 3, tzinfo=dt.UTC) - EPOCH) // MICROSECOND
LAST = (dt.datetime(9999, 12, 29, tzinfo=dt.UTC) - EPOCH) // MICROSECOND


def moment(as_of: When) -> int | None:
    """An instant in microseconds since 1970 in UTC, within the years 1 to 9999 of every zone.

    >>> moment("1970-01-01T08:00:01+08:00")
    1000000
    """
    if as_of is None:
        return None
    found = _microseconds(as_of)
    if not FIRST <= found <= LAST:
        raise InputFileError(say("`as_of` must lie in the years 1 to 9999"))
    return found


def _microseconds(as_of: str | dt.datetime | int) -> int:
    match as_of:
        case bool():
            raise InputFileError(say("`as_of` must be an instant, not true or false"))
        case int():
            return as_of
        case dt.datetime():
            if as_of.tzinfo is None:
                said = say("`as_of` must say its time zone")
                raise InputFileError(said, say("use an aware datetime"))
            return (as_of - EPOCH) // MICROSECOND
        case _:
            found = instant(str(as_of))
            if isinstance(found, int):
                return found
            raise InputFileError(
                say("`as_of` {problem}", problem=found.text()),
                say("write it like 2026-11-21T10:00:00+08:00"),
            )
