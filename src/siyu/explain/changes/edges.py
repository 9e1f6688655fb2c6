"""Where a figure makes something turn: read off the comparisons that it reaches.

Every comparison of a figure with something that does not move is inverted exactly, on scaled
integers, through the arithmetic between them: `x * 3 - 5 >= 10` turns at 5. A value is an *edge*
where the comparison comes out another way than one unit below it. A few edges too many do no
harm, since every value is tried by deciding; `sure` is False where there may be too few.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from siyu.core.ir import (
    And,
    Call,
    Cases,
    Coalesce,
    Column,
    Const,
    Contest,
    Expr,
    Input,
    Known,
    Not,
    Or,
    Ref,
)
from siyu.core.walk import parts
from siyu.explain.changes.board import Asking, Situation
from siyu.explain.changes.inverses import MONOTONE, SPLIT, factored, first, span_of
from siyu.explain.changes.levers import Consent, Lever
from siyu.functions import FUNCTIONS
from siyu.types import BoolType

COMPARING = frozenset({"lt", "le", "gt", "ge", "eq", "ne"})
MOST_ROWS = 200
MOST_STEPS = 4000


class Edges:
    """The edges of one figure in one situation."""

    def __init__(self, situation: Situation, lever: Lever) -> None:
        self.situation = situation
        self.lever = lever
        self.bit = situation.board.bit(lever)
        self.masks = situation.board.masks
        self.sure = True
        self.constants: dict[Any, None] = {}  # values that are no numbers
        self._seen: set[tuple[int, int]] = set()

    def all(self) -> list[int]:
        """Every edge, ascending."""
        found: set[int] = set()
        for asking in self.situation.board.asked(self.lever):
            found.update(self._of(asking))
        return sorted(found)

    def moves(self, node: Expr) -> bool:
        """Whether a node hangs on the figure."""
        return bool(self.masks[id(node)] & self.bit)

    def _of(self, asking: Asking) -> Iterator[int]:
        match asking.node:
            case Call(function="has" | "in_set", args=(one, other)):
                yield from self._members(one, other)
            case Call(function=name, args=(left, right)) if name in COMPARING:
                yield from self._between(left, right, asking.table)
            case Contest():
                yield from self._contest(asking.node)
            case Call(function="item"):
                pass  # of a contest, which is asked itself
            case Call():
                self.sure = self.sure and not self._answers(asking.node)
            case _:
                pass

    def _answers(self, node: Call) -> bool:
        """Whether a question that cannot be inverted is one at all: nothing in it is unknown."""
        still = [arg for arg in node.args if not self.moves(arg)]
        return all(self.situation.value(arg) is not None for arg in still)

    def _members(self, one: Expr, other: Expr) -> Iterator[int]:
        """`has(tags, "vip")`, `in_set(n, {1, 2})`: the members as values to try."""
        for part in (one, other):
            held = part.value if isinstance(part, Const) else self.situation.value(part)
            if self.moves(part) or held is None:
                continue
            listed = held if isinstance(held, (frozenset, tuple)) else (held,)
            for item in sorted(listed, key=str):
                if isinstance(item, int) and not isinstance(item, bool):
                    yield from self._turns(one, item)
                else:
                    self.constants[item] = None

    def _between(self, left: Expr, right: Expr, table: str | None) -> Iterator[int]:
        if self.moves(left) and self.moves(right):
            self.sure = False
        for moving, still in ((left, right), (right, left)):
            if self.moves(moving):
                for held in self._stills(still, table):
                    if isinstance(held, int) and not isinstance(held, bool):
                        yield from self._turns(moving, held)
                    elif held is not None:
                        self.constants[held] = None

    def _turns(self, moving: Expr, held: int) -> Iterator[int]:
        yield from self.of(moving, held)
        yield from self.of(moving, held + 1)

    def _stills(self, still: Expr, table: str | None) -> list[Any]:
        """The values of the other side; of a column those of all rows."""
        if table is None:
            return [self.situation.value(still)]
        if isinstance(still, Const):
            return [still.value]
        if isinstance(still, Column) and still.level == 0 and table in self._tables:
            return self._column(table, still.name)
        self.sure = False
        return []

    @property
    def _tables(self) -> dict[str, int]:
        return self.situation.board.probe.tables

    def _column(self, table: str, name: str) -> list[Any]:
        place = self._tables[table]
        columns = self.situation.board.probe.program.needs.tables[place].columns
        index = next(n for n, column in enumerate(columns) if column.name == name)
        rows = self.situation.facts.tables[place] or ()
        self.sure = self.sure and len(rows) <= MOST_ROWS
        return list(dict.fromkeys(row[index] for row in rows[:MOST_ROWS]))

    def _contest(self, node: Contest) -> Iterator[int]:
        """Where a key passes another candidate's, and where a room begins to have or lack one."""
        for number in range(len(node.descending)):
            keys = [candidate.keys[number] for candidate in node.candidates]
            for key in keys:
                for other in keys:
                    if key is not other and self.moves(key):
                        yield from self._between(key, other, None)
        for room in node.rooms:
            if self.moves(room):
                for taken in range(len(node.candidates) + 1):
                    yield from self._turns(room, taken)

    # ------------------------------------------------------------ through the arithmetic

    def of(self, root: Expr, bound: int) -> Iterator[int]:
        """The values of the figure where `root >= bound` comes out another way than below."""
        waiting = [(root, bound)]
        while waiting:
            node, wanted = waiting.pop()
            if (id(node), wanted) in self._seen or not self.moves(node):
                continue
            self._seen.add((id(node), wanted))
            if len(self._seen) > MOST_STEPS:
                self.sure = False
                return
            if self._is_figure(node):
                yield wanted
            else:
                waiting.extend(self._inside(node, wanted))

    def _is_figure(self, node: Expr) -> bool:
        match node:
            case Input(origin=origin, name=name):
                return (origin, name) == self.lever.key
            case Ref(name=name):
                return ("metric", name) == self.lever.key
            case _:
                return False

    def _inside(self, node: Expr, wanted: int) -> list[tuple[Expr, int]]:
        match node:
            case Ref(name=name):
                return [(self.situation.board.bound[name].expr, wanted)]
            case Coalesce():
                return [(node.value, wanted), (node.default, wanted)]
            case Cases():
                arms = [(arm.value, wanted) for arm in node.arms]
                return [*arms, (node.otherwise, wanted)]
            case Call():
                return self._through(node, wanted)
            case And() | Or() | Not() | Known():
                return []
            case _:
                self.sure = self.sure and isinstance(self.lever, Consent)
                return []

    def _through(self, node: Call, wanted: int) -> list[tuple[Expr, int]]:
        if self._lost(node):
            return []
        moving = [n for n, arg in enumerate(node.args) if self.moves(arg)]
        if len(moving) > 1 and node.function not in ("min", "max"):
            moving = [n for n in moving if not self._in_steps(node.args[n])]
            self.sure = self.sure and not moving  # the others are taken as they are now
        found = []
        for place in moving:
            for inner in self._peeled(node, place, wanted):
                found.append((node.args[place], inner))
        return found

    def _lost(self, root: Expr) -> bool:
        """Whether a call is unknown whatever the figure is: something else in it is."""
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if not self.moves(node):
                if self.situation.value(node) is None:
                    return True
            elif isinstance(node, Call):
                waiting.extend(node.args)
        return False

    def _in_steps(self, root: Expr) -> bool:
        """Whether a value moves with conditions alone, each of which is asked for itself: then it
        turns where they turn."""
        waiting, seen = [root], set()
        while waiting:
            node = waiting.pop()
            if id(node) in seen or not self.moves(node) or isinstance(node.type, BoolType):
                continue
            seen.add(id(node))
            match node:
                case _ if self._is_figure(node):
                    return False
                case Cases():
                    waiting += [*(arm.value for arm in node.arms), node.otherwise]
                case Ref(name=name):
                    waiting.append(self.situation.board.bound[name].expr)
                case Call() | Coalesce():
                    waiting += parts(node)
                case _:
                    return False
        return True

    def _peeled(self, node: Call, place: int, wanted: int) -> list[int]:
        """What an argument must reach so that the function reaches what is wanted."""
        if node.function in ("min", "max"):
            return [wanted]
        held = [self.situation.value(arg) for arg in node.args]
        others = [value for n, value in enumerate(held) if n != place]
        if any(value is None for value in others):
            return []
        match node.function:
            case "item" if place == 1:
                return list(range(len(others[0])))
            case "add":
                return [wanted - others[0]]
            case "sub":
                return [wanted + others[0] if place == 0 else others[0] - wanted + 1]
            case "neg":
                return [1 - wanted]
            case "mul":
                return factored(others[0], wanted)
            case _:
                return self._searched(node, place, held, wanted)

    def _searched(self, node: Call, place: int, held: list[Any], wanted: int) -> list[int]:
        """By halving the range of the argument, exact because the function is monotone in it."""
        span = span_of(node.args[place].type)
        if span is None:  # members, texts: what they come from is asked elsewhere
            return []
        split = place in SPLIT.get(node.function, ())
        if not (split or place in MONOTONE.get(node.function, ())):
            self.sure = False
            return []
        python = FUNCTIONS[node.function].python

        def at(value: int) -> Any:
            return python(*held[:place], value, *held[place + 1 :])

        ranges = [(span[0], -1), (1, span[1])] if split else [span]
        turns = [turn for low, high in ranges if (turn := first(at, low, high, wanted)) is not None]
        return [*turns, 0, 1] if split else turns
