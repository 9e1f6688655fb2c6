"""A loaded policy: it decides, says why, and may be shared between threads.

What decides is imported and made at the first decision, so that loading costs little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from siyu.api.cache import Kept
from siyu.api.errors import CalibrationNeeded, InputFileError, Rejected

if TYPE_CHECKING:
    from siyu.api.deciding import Deciding, Engine, When
    from siyu.api.explaining import Explaining
    from siyu.core.compiled import Compiled, TestCase
    from siyu.core.program import Nature, Program
    from siyu.decision import Decision
    from siyu.diagnostics import Diagnostic
    from siyu.explain import Explanation
    from siyu.population.files import PopulationValues
    from siyu.records import Read, Rejection
    from siyu.syntax import ast

Request: TypeAlias = Mapping[str, Any]


class Policy:
    """A compiled policy with its population values. Immutable from outside; thread-safe.

    Made by `siyu.load`.
    """

    def __init__(
        self,
        compiled: Compiled | Kept,
        path: Path,
        calibration: PopulationValues | None = None,
        allocation: PopulationValues | None = None,
    ) -> None:
        self._made = compiled
        self._calibration = calibration
        self._allocation = allocation
        self.path = path

    def with_values(
        self, calibration: PopulationValues | None, allocation: PopulationValues | None
    ) -> Policy:
        """The same policy with other population values."""
        return Policy(self._made, self.path, calibration, allocation)

    @property
    def name(self) -> str:
        """The name in the policy's header."""
        return self.program.name

    @property
    def version(self) -> int:
        """The version in the policy's header; 1 where it has none."""
        return self.program.version

    @property
    def digest(self) -> str:
        """sha256 over policy, used files and schema."""
        return self.program.digest

    @property
    def natures(self) -> tuple[Nature, ...]:
        """What kind of incentive each one is, and what it `serves`, by name."""
        return self.program.natures

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Warnings, in source order; a policy with errors is not loaded."""
        return self._made.beside[1] if isinstance(self._made, Kept) else self._made.diagnostics

    @property
    def tests(self) -> tuple[TestCase, ...]:
        """The policy's own tests."""
        return self._made.beside[0] if isinstance(self._made, Kept) else self._made.tests

    @property
    def compiled(self) -> Compiled:
        """Schema, labels and words of the policy, as compiled."""
        return self._made.compiled if isinstance(self._made, Kept) else self._made

    @property
    def program(self) -> Program:
        """The program, before population values are put into it."""
        program = self.compiled.program
        assert program is not None, "a policy with errors is not loaded"
        return program

    @cached_property
    def files(self) -> Mapping[str, ast.File]:
        """The trees of the policy's files, by path in the pack, read anew."""
        from siyu.api.files import read_files

        return {used.path: used.parsed.file for used in read_files(self.path).pack.files}

    @property
    def calibrated_at(self) -> int | None:
        """The moment at which the population's values were found, in microseconds since 1970 in
        UTC; None without a calibration, or where it does not say. A decision about an earlier
        moment measures members by what was not known then."""
        return self._calibration.as_of if self._calibration else None

    @property
    def ready(self) -> Program:
        """The program with its population values, as the evaluators take it.

        Raises CalibrationNeeded where the policy needs a calibration and has none.
        """
        return self._deciding.program

    @cached_property
    def _deciding(self) -> Deciding:
        from siyu.api.deciding import Deciding, make_reader
        from siyu.core.passes import alone, specialise

        program = self.program
        if program.cuts and self._calibration is None:
            raise CalibrationNeeded(self.name, tuple(cut.name for cut in program.cuts))
        cuts = self._calibration.values if self._calibration else {}
        allotted = self._allocation.values if self._allocation else {}
        digest = self._calibration.digest if self._calibration else None
        reader = make_reader(self.compiled.schema, program)
        return Deciding(specialise(alone(program), cuts, allotted), reader, digest)

    # ------------------------------------------------------------ deciding

    def decide(self, request: Request, as_of: When = None) -> Decision:
        """The decision about one request: `{"customer": {…}, "event": …, "as_of": …}`.

        `as_of` serves a request that does not say when: an instant as text with a zone, an aware
        datetime, or microseconds since 1970 in UTC. Amounts are texts, ints or Decimals, as
        `json` reads them with `parse_float=Decimal`; floats are rejected.

        Raises Rejected with all reasons where the request is not what the schema asks for,
        CalibrationNeeded where the policy needs population values, and InputFileError for an
        `as_of` that is no instant.
        """
        return self._deciding.decide(request, None if as_of is None else _moment(as_of))

    def decide_many(
        self, requests: Iterable[Request], as_of: When = None
    ) -> Iterator[Decision | Rejection]:
        """A decision for each request, in order; a bad one gives its Rejection.

        Requests are taken one at a time, as decisions are asked for.
        """
        when = None if as_of is None else _moment(as_of)
        answer = self._deciding.answer
        return (answer(request, when) for request in requests)

    def decide_json(self, line: bytes | str, as_of: When = None) -> Decision:
        """The decision about a request given as JSON; numbers are read digit by digit.

        Raises as `decide` does, Rejected also for what is no JSON object.
        """
        return self.decide(read_request(line), as_of)

    def read(self, request: Request, as_of: When = None) -> Read | Rejection:
        """The facts of a request, validated."""
        return self._deciding.reader(request, None if as_of is None else _moment(as_of))

    def decide_about(self, read: Read) -> Decision:
        """The decision about a request that `read` has validated."""
        return self._deciding.decide_about(read)

    # ------------------------------------------------------------ looking inside

    def explain(
        self,
        request: Request,
        what: str | None = None,
        *,
        why_not: str | None = None,
        what_if: bool = False,
        as_of: When = None,
        show_pii: bool = False,
    ) -> Explanation:
        """Why the decision is what it is: all of it, or one declaration by its name or label; with
        `why_not` instead why a rule, a case, a level, a row or a line of a score is not what was
        decided: every condition that failed, and all that would stop it.

        `what_if` adds what would change the outcome. Replays the same inputs on the reference
        evaluator and reads its trace. Values of personal fields (`pii: true`) are masked unless
        `show_pii`. Raises as `decide` does, and NoSuchOutcome, a KeyError, for a name that the
        policy does not have.
        """
        return self._explaining.explain(
            request,
            None if as_of is None else _moment(as_of),
            what if why_not is None else why_not,
            "why" if why_not is None else "why_not",
            what_if,
            show_pii,
        )

    @cached_property
    def _explaining(self) -> Explaining:
        from siyu.api.explaining import Explaining

        return Explaining(self.compiled, self._deciding)

    def engine(self, event: str | None = None) -> Engine:
        """What decides about requests with this event, for those who measure its parts."""
        return self._deciding.engine(event, ())

    def source(self, event: str | None = None) -> str:
        """The generated Python that decides about an event, or without one.

        Raises InputFileError for an event that the schema does not have.
        """
        from siyu.evaluators import record
        from siyu.words import say

        if event is not None and event not in self.compiled.schema.events:
            raise InputFileError(say("the schema has no event `{event}`", event=event))
        return record.generate(self.ready, event).source

    def __repr__(self) -> str:
        return f"Policy({str(self.path)!r})"


def read_request(line: bytes | str) -> Request:
    """A request out of its JSON, numbers digit by digit, ready to be decided about and explained.

    Raises Rejected for what is no JSON object, or names a key twice.
    """
    from siyu.records import Rejection, read_json

    request = read_json(line)
    if isinstance(request, Rejection):
        raise Rejected(request.reasons)
    return request


def _moment(as_of: When) -> int | None:
    from siyu.api.deciding import moment

    return moment(as_of)
