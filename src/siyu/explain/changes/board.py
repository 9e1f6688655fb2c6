"""A probe with its levers and what each can reach: made once, asked about many requests."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

from siyu.core.compiled import Compiled
from siyu.core.ir import Aggregate, Arm, Call, Cases, Contest, Expr, Input, Ref
from siyu.core.program import Binding, Facts, Program, TableNeed
from siyu.core.walk import inner_first, parts
from siyu.evaluators import reference
from siyu.explain.changes.figures import with_figures
from siyu.explain.changes.levels import Level, levels_of
from siyu.explain.changes.levers import Lever, levers_of, reads_personal_days
from siyu.explain.changes.probe import Outcome, Probe
from siyu.types import BoolType

MOST_KEPT = 128


@dataclass(frozen=True, slots=True)
class Asking:
    """A comparison, a contest or another question; `table` is what it is asked of the rows of."""

    node: Expr
    table: str | None


class Board:
    """What may be moved, and where it is asked for. May be shared between threads."""

    def __init__(
        self,
        compiled: Compiled,
        probe: Probe,
        levers: Sequence[Lever],
        twins: frozenset[str] = frozenset(),
        levels: tuple[Level, ...] = (),
        private: bool = False,
    ) -> None:
        self.schema = compiled.schema
        self.probe = probe
        self.levels = levels
        self.twins = twins  # the metrics that are just what some rows come to
        self.bound = {binding.name: binding for binding in probe.program.bindings}
        self.masks: dict[int, int] = {}
        self._bits = {lever.key: 1 << n for n, lever in enumerate(levers)}
        self._clock = 1 << len(self._bits)
        reached = self._measure()
        self.levers = tuple(lever for lever in levers if self.bit(lever) & reached)
        self.private = private  # whether what time does would tell of a personal day
        self.waits = bool(reached & self._clock) and not private  # whether time is looked at
        self._asked: dict[int, tuple[Asking, ...]] = {}

    def bit(self, lever: Lever) -> int:
        """The lever's mark in `masks`."""
        return self._bits[lever.key]

    def under(self, lever: Lever) -> int:
        """The marks of what a figure is made of."""
        if lever.switch is None:
            return 0
        return self.masks[id(self.bound[lever.key[1]].expr)]

    def asked(self, lever: Lever) -> tuple[Asking, ...]:
        """The questions that hang on a lever."""
        bit = self.bit(lever)
        found = self._asked.get(bit)
        if found is None:
            found = tuple(each for each in self.questions if self.masks[id(each.node)] & bit)
            self._asked[bit] = found
        return found

    @cached_property
    def questions(self) -> tuple[Asking, ...]:
        """Every node that turns values into a verdict."""
        found: dict[tuple[int, str | None], Asking] = {}
        waiting: list[Asking] = [Asking(b.expr, None) for b in self.probe.program.bindings]
        seen: set[tuple[int, str | None]] = set()
        while waiting:
            at = waiting.pop()
            if (id(at.node), at.table) in seen:
                continue
            seen.add((id(at.node), at.table))
            asks = isinstance(at.node, Call) and isinstance(at.node.type, BoolType)
            if asks or isinstance(at.node, Contest):
                found[id(at.node), at.table] = at
            table = at.table
            if isinstance(at.node, Aggregate):
                table = "" if table is not None or at.node.rows.nested else at.node.rows.table
            waiting.extend(Asking(part, table) for part in parts(at.node))
        return tuple(found.values())

    def _measure(self) -> int:
        """Marks every node with what it hangs on; what is watched hangs on the result."""
        marks: dict[str, int] = {}
        for binding in self.probe.program.bindings:
            for node, inner in inner_first(binding.expr, self.masks):
                mask = self._own(node, marks)
                for part in inner:
                    mask |= self.masks[id(part)]
                self.masks[id(node)] = mask
            own = self._bits.get(("metric", binding.name), 0)
            marks[binding.name] = self.masks[id(binding.expr)] | own
        reached = 0
        for name in self.probe.watched:
            reached |= marks[name]
        return reached

    def _own(self, node: Expr, marks: dict[str, int]) -> int:
        match node:
            case Ref(name=name):
                return marks[name]
            case Input(origin="request", name="as_of"):
                return self._clock
            case Input(origin=origin, name=name):
                return self._bits.get((origin, name), 0)
            case Aggregate(rows=rows):
                return self._bits_of_rows.get(rows.table, 0)
            case _:
                return 0

    @cached_property
    def _bits_of_rows(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for (origin, name), bit in self._bits.items():
            if origin == "consent":
                path = name.partition(".")[0]
                found[path] = found.get(path, 0) | bit
        return found


class Situation:
    """One request on a board: its facts, and what every node of the program is worth. `as_of` is
    the moment of the decision; microseconds since 1970 in UTC."""

    def __init__(self, board: Board, facts: Facts, as_of: int) -> None:
        self._set(board, board.probe.facts(facts), as_of)

    def _set(self, board: Board, facts: Facts, as_of: int) -> None:
        self.board = board
        self.as_of = as_of
        self.facts = facts
        self.before: Outcome = board.probe.outcome(facts)

    def changed(self, lever: Lever, value: Any) -> Situation:
        """The same request with another value of a figure."""
        made = Situation.__new__(Situation)
        made._set(self.board, lever.moved(self.facts, value), self.as_of)
        return made

    @cached_property
    def _traced(self) -> tuple[dict[str, Any], reference.Trace]:
        trace = reference.Trace()
        probe = self.board.probe
        return reference.evaluate(probe.program, self.facts, probe.event, trace), trace

    def value(self, node: Expr) -> Any:
        """What a node outside of rows is worth; None also inside of them."""
        return self._traced[1].values.get(id(node))

    def in_row(self, node: Expr, table: TableNeed, row: tuple[Any, ...]) -> Any:
        """What an expression over a table's columns is worth in a row that is made up."""
        probe, values = self.board.probe, self._traced[0]
        return reference.evaluate_in_row(
            probe.program, self.facts, probe.event, values, node, table, row
        )

    @cached_property
    def levers(self) -> tuple[Lever, ...]:
        """The figures that are something of their own here: a metric that is just what some rows
        come to moves with them, unless the request brings it."""
        twins, values = self.board.twins, self.facts.values
        return tuple(
            each
            for each in self.board.levers
            if each.name not in twins or each.switch is None or values[each.switch]
        )

    def present(self, lever: Lever) -> Any:
        """The value of a figure now."""
        if lever.switch is None:
            return lever.of(self.facts)
        return self.value(self.board.bound[lever.key[1]].expr)

    def outcome(self, facts: Facts) -> Outcome:
        """What is watched comes to with other facts."""
        return self.board.probe.outcome(facts)


_Key = tuple[int, str | None, tuple[str, ...], bool]
_kept: OrderedDict[_Key, tuple[Program, Board]] = OrderedDict()
_lock = Lock()


def board_of(
    compiled: Compiled, program: Program, event: str | None, watched: tuple[str, ...], pii: bool
) -> Board:
    """The board of these bindings, made once for a program that is asked about again."""
    key = (id(program), event, watched, pii)  # the board keeps its program, so identities stay
    with _lock:
        found = _kept.get(key)
        if found is not None and found[0] is program:
            _kept.move_to_end(key)
            return found[1]
    levels = levels_of(compiled, program, watched)
    kept = tuple(name for level in levels for name in level.found)
    figured = with_figures(compiled, program, (*watched, *kept))
    probe = Probe(figured.program, event, watched, kept)
    levers = levers_of(compiled, probe, pii, figured.texts)
    private = not pii and reads_personal_days(compiled.schema, probe.program)
    made = Board(compiled, probe, levers, figured.twins, levels, private)
    with _lock:
        _kept[key] = (program, made)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return made


def definition(binding: Binding) -> Expr:
    """What a metric is by its definition, wherever a probe may move it."""
    match binding.expr:
        case Cases(arms=(Arm(when=Input(origin="context", name=name)),), otherwise=own):
            return own if name.startswith("moved~") else binding.expr
        case own:
            return own
