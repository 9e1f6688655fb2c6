"""A loaded policy: it decides, says why, and may be shared between threads."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from siyu.api.errors import CalibrationNeeded, InputFileError, Rejected
from siyu.compiler import Compiled
from siyu.core.passes import specialise
from siyu.core.program import Program
from siyu.decision import Decision, Writer, document_writer
from siyu.decision.plain import Head
from siyu.diagnostics import Diagnostic
from siyu.evaluators import record, reference
from siyu.kinds.test import TestCase
from siyu.population.files import PopulationValues
from siyu.records import Read, Reader, Rejection, instant, read_json, reader
from siyu.types import EnumType, Type

if TYPE_CHECKING:
    from siyu.explain import Explanation
    from siyu.syntax import ast

Request = Mapping[str, Any]
When = str | dt.datetime | int | None
MOST_VARIANTS = 64


@dataclass(frozen=True, slots=True)
class Engine:
    """What decides about one kind of event: the generated function and the document's writer."""

    decide: record.Compiled
    writer: Writer


class Policy:
    """A compiled policy with its population values. Immutable from outside; thread-safe."""

    def __init__(
        self,
        compiled: Compiled,
        path: Path,
        calibration: PopulationValues | None = None,
        allocation: PopulationValues | None = None,
    ) -> None:
        assert compiled.program is not None
        self._compiled = compiled
        self._calibration = calibration
        self._allocation = allocation
        self._engines: OrderedDict[tuple[str | None, tuple[str, ...]], Engine] = OrderedDict()
        self._lock = Lock()
        self.path = path
        self.program: Program = compiled.program

    @property
    def name(self) -> str:
        """The name in the policy's header."""
        return self.program.name

    @property
    def version(self) -> int:
        """The version in the policy's header."""
        return self.program.version

    @property
    def digest(self) -> str:
        """sha256 over policy, used files and schema."""
        return self.program.digest

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Warnings; a policy with errors is not loaded."""
        return self._compiled.diagnostics

    @property
    def compiled(self) -> Compiled:
        """Schema, labels, tests and words of the policy, as compiled."""
        return self._compiled

    @property
    def tests(self) -> tuple[TestCase, ...]:
        """The policy's own tests."""
        return self._compiled.tests

    @cached_property
    def files(self) -> Mapping[str, ast.File]:
        """The trees of the policy's files, by path in the pack, read anew."""
        from siyu.api.files import read_pack

        return {used.path: used.parsed.file for used in read_pack(self.path).files}

    @cached_property
    def ready(self) -> Program:
        """The program with its population values, as the evaluators take it.

        Raises CalibrationNeeded where the policy needs a calibration and has none.
        """
        if self.program.cuts and self._calibration is None:
            raise CalibrationNeeded(self.name, tuple(cut.name for cut in self.program.cuts))
        return self._with(self._calibration.values if self._calibration else {})

    def _with(self, cuts: Mapping[str, Any]) -> Program:
        allotted = self._allocation.values if self._allocation else {}
        return specialise(self.program, cuts, allotted)

    @cached_property
    def _reader(self) -> Reader:
        return make_reader(self._compiled, self.program)

    # ------------------------------------------------------------ deciding

    def decide(self, request: Request, as_of: When = None) -> Decision:
        """The decision about one request (`{"customer": {…}, "event": …, "as_of": …}`).

        `as_of` serves a request that does not say when: an instant as text with a zone, an aware
        datetime, or microseconds since 1970 in UTC. Raises Rejected with all reasons where the
        request is not what the schema asks for.
        """
        found = self._decide(request, moment(as_of))
        if isinstance(found, Rejection):
            raise Rejected(found.reasons)
        return found

    def decide_many(
        self, requests: Iterable[Request], as_of: When = None
    ) -> Iterator[Decision | Rejection]:
        """A decision for each request, in order; a bad one gives its Rejection."""
        when = moment(as_of)
        for request in requests:
            yield self._decide(request, when)

    def decide_json(self, line: bytes | str, as_of: When = None) -> Decision:
        """The decision about a request given as JSON; numbers are read digit by digit."""
        request = read_json(line)
        if isinstance(request, Rejection):
            raise Rejected(request.reasons)
        return self.decide(request, as_of)

    def read(self, request: Request, as_of: When = None) -> Read | Rejection:
        """The facts of a request, validated."""
        return self._reader(request, moment(as_of))

    def _decide(self, request: object, as_of: int | None) -> Decision | Rejection:
        read = self._reader(request, as_of)
        return read if isinstance(read, Rejection) else self.decide_about(read)

    def decide_about(self, read: Read) -> Decision:
        """The decision about a request that `read` has validated."""
        given = read.facts.given
        names = tuple(sorted(name for name, _ in given)) if given else ()
        engine = self._engines.get((read.event, names)) or self._engine(read.event, names)
        return engine.writer.decision(engine.decide.decide(read.facts), self._head(read))

    def _head(self, read: Read) -> Head:
        digest = self._calibration.digest if self._calibration else None
        return Head(read.key, read.as_of, read.event_key, digest)

    def engine(self, event: str | None = None) -> Engine:
        """What decides about requests with this event, for those who measure its parts."""
        return self._engine(event, ())

    def _engine(self, event: str | None, given: tuple[str, ...]) -> Engine:
        """Made at the first request of its kind. Which metrics requests bring is up to them, so
        only the latest kinds are kept."""
        ready = self.ready
        with self._lock:
            found = self._engines.get((event, given))
            if found is None:
                decide = record.compile_record(ready, event, given)
                found = Engine(decide, document_writer(ready, event, decide.exports, packed=True))
                self._engines[event, given] = found
                while len(self._engines) > MOST_VARIANTS:
                    self._engines.popitem(last=False)
        return found

    # ------------------------------------------------------------ looking inside

    def explain(self, request: Request, what: str | None = None, as_of: When = None) -> Explanation:
        """Why the decision is what it is: of everything, or of one outcome by its name.

        Replays the same inputs on the reference evaluator and reads its trace. Raises Rejected for
        a bad request and KeyError for a name that the policy does not have.
        """
        from siyu.explain import explain

        read = self._reader(request, moment(as_of))
        if isinstance(read, Rejection):
            raise Rejected(read.reasons)
        trace = reference.Trace()
        values = reference.evaluate(self.ready, read.facts, read.event, trace)
        decision = self._document(read.event, values, read)
        return explain(self._compiled, self.ready, read, values, trace, decision, what)

    def _document(self, event: str | None, values: Mapping[str, Any], read: Read) -> dict[str, Any]:
        writer = document_writer(self.ready, event)
        return writer.to_dict([values[name] for name in writer.exports], self._head(read))

    def source(self, event: str | None = None) -> str:
        """The generated Python that decides about an event, or without one."""
        if event is not None and event not in self._compiled.schema.events:
            raise InputFileError(f"the schema has no event `{event}`")
        return record.generate(self.ready, event).source


def make_reader(compiled: Compiled, program: Program) -> Reader:
    """The reader of a program's facts."""
    levels: dict[str, tuple[str, ...]] = {}
    metrics: dict[str, Type] = {}
    for binding in program.bindings:
        if binding.metric:
            metrics[binding.name] = binding.type
        if isinstance(binding.type, EnumType) and binding.type.ordered:
            levels[binding.type.name] = binding.type.members
    return reader(compiled.schema, program.needs, program.timezone, levels=levels, metrics=metrics)


def moment(as_of: When) -> int | None:
    """An instant in microseconds since 1970 in UTC.

    >>> moment("1970-01-01T08:00:01+08:00")
    1000000
    """
    match as_of:
        case None:
            return None
        case bool():
            raise InputFileError("`as_of` must be an instant, not true or false")
        case int():
            return as_of
        case dt.datetime():
            if as_of.tzinfo is None:
                raise InputFileError("`as_of` must say its time zone", "use an aware datetime")
            start = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
            return (as_of - start) // dt.timedelta(microseconds=1)
        case _:
            found = instant(str(as_of))
            if isinstance(found, int):
                return found
            raise InputFileError(
                f"`as_of` {found.text()}", "write it like 2026-11-21T10:00:00+08:00"
            )
