"""The LALR machine: tokens of one stretch in, tree nodes out, or the place where it had to stop.

It runs the table that Lark made, without Lark: a word is settled with the parser's state at hand,
nodes are built as rules complete, and every span is known. It never raises on a policy's text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from siyu.diagnostics import Diagnostic
from siyu.syntax.building import BUILDERS, Leaf, Refused
from siyu.syntax.compiled import Rule, Table
from siyu.syntax.errors import TooDeep
from siyu.syntax.lexer import Token
from siyu.syntax.words import Words
from siyu.text import Span

DEEPEST = 100

# Rules that make a tree one level deeper; a parenthesis leaves no node and counts half.
_HALF = {"parentheses": 1}
_DEEPENS = frozenset(
    {"not_", "negative", "arithmetic", "conjunction", "disjunction", "call"}
    | {"aggregate", "share", "population", "since", "until", "since_counted", "until_counted"}
    | {"anniversary", "default", "is_", "is_not", "in_list", "not_in_list", "comparison"}
    | {"between", "has", "within_last", "within_next", "top"}
)


@dataclass(frozen=True, slots=True)
class Stopped:
    """Where the machine could not go on: the token at `at` (`end` when the stretch ran out).

    `states` is the machine's stack there. `diagnostic` is set where the reason is known already.
    """

    at: int
    states: tuple[int, ...]
    diagnostic: Diagnostic | None = None


class Taken(NamedTuple):
    """A token on the machine's stack; it becomes a leaf when a rule takes it up."""

    terminal: str
    value: str
    start: int
    end: int


class Machine:
    """One run over `tokens[begin:end]`.

    A `careful` run reduces nothing before a token that cannot be taken, so that the stack it leaves
    shows all that could have been taken instead; it is slower, and needed only to explain.
    """

    def __init__(
        self,
        table: Table,
        file: str,
        tokens: Sequence[Token],
        begin: int,
        end: int,
        *,
        careful: bool = False,
    ) -> None:
        self.table = table
        self.file = file
        self.tokens = tokens
        self.begin = begin
        self.end = end
        self.careful = careful
        self.words = Words(tokens, begin, end)
        self.states = [0]
        self.values: list[Any] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.depths: list[int] = []

    def run(self, until: int | None = None) -> list[Any] | Stopped | None:
        """What the stretch declares; None when it was to be read `until` a token, and could be."""
        at = self.begin
        last = self.end if until is None else min(until, self.end)
        tokens, rows, states = self.tokens, self.table.states, self.states
        by_word = self.words.by_word
        try:
            while at < last:
                token = tokens[at]
                kind = token.kind
                row = rows[states[-1]]
                if kind == "WORD" and token.text not in by_word and _only_a_name(row):
                    taken, length = Taken("NAME", token.text, token.start, token.end), 1
                elif kind == "WORD" or kind == "QUOTED":
                    terminal, value, length = self.words.choose(at, self.accepts)
                    end = tokens[at + length - 1].end
                    taken = Taken(terminal, value, token.start, end)
                elif kind == "ERROR":
                    return Stopped(at, tuple(states), token.error)
                else:
                    taken, length = Taken(kind, token.text, token.start, token.end), 1
                if not self._take(taken):
                    return Stopped(at, tuple(states))
                at += length
            return self._finish() if until is None else None
        except Refused as refused:
            return Stopped(at, tuple(states), refused.diagnostic)

    def accepts(self, terminal: str) -> bool:
        """Whether the terminal can be taken here, seeing through the reductions before it."""
        return accepts(self.table, self.states, terminal)

    def _finish(self) -> list[Any] | Stopped:
        if not self.accepts("$END"):
            return Stopped(self.end, tuple(self.states))
        states = self.table.states
        while self.states[-1] != self.table.end:
            self._reduce(self.table.rules[~states[self.states[-1]]["$END"]])
        found: list[Any] = self.values[-1]
        return found

    def _take(self, taken: Taken) -> bool:
        terminal = taken.terminal
        rows, rules, states = self.table.states, self.table.rules, self.states
        action = rows[states[-1]].get(terminal)
        if action is not None and action < 0 and self.careful and not self.accepts(terminal):
            return False
        while action is not None and action < 0:
            rule = rules[~action]
            if rule.size == 1 and rule.does == "passes":
                if not rule.kept:
                    self.values[-1] = None
                states[-1] = rows[states[-2]][rule.origin]
            else:
                self._reduce(rule)
            action = rows[states[-1]].get(terminal)
        if action is None:
            return False
        states.append(action)
        self.values.append(taken)
        self.starts.append(taken.start)
        self.ends.append(taken.end)
        self.depths.append(0)
        return True

    def _reduce(self, rule: Rule) -> None:
        size = rule.size
        first = len(self.values) - size
        start, end = self._extent(first, size)
        depth = max(self.depths[first:], default=0)
        if rule.does == "builds":
            depth += 2 if rule.name in _DEEPENS else _HALF.get(rule.name, 0)
            if depth > 2 * DEEPEST:
                raise Refused(TooDeep(Span(self.file, start, min(end, start + 1)), DEEPEST))
        value = self._value(rule, self.values[first:], start, end)
        del self.values[first:], self.starts[first:], self.ends[first:], self.depths[first:]
        del self.states[len(self.states) - size :]
        self.states.append(self.table.states[self.states[-1]][rule.origin])
        self.values.append(value)
        self.starts.append(start)
        self.ends.append(end)
        self.depths.append(depth)

    def _extent(self, first: int, size: int) -> tuple[int, int]:
        """From the first child that is not empty to the last; an empty one lies before the next."""
        for place in range(first, first + size):
            if self.starts[place] < self.ends[place]:
                return self.starts[place], max(self.ends[place : first + size])
        here = self.ends[first - 1] if first else 0
        return here, here

    def _value(self, rule: Rule, children: list[Any], start: int, end: int) -> Any:
        kept = []
        for place in rule.kept:
            child = children[place]
            if type(child) is Taken:
                span = Span(self.file, child.start, child.end)
                child = Leaf(child.terminal, child.value, span)
            kept.append(child)
        match rule.does:
            case "passes":
                return kept[0] if kept else None
            case "lists":
                return kept
            case "grows":
                kept[0].append(kept[1])
                return kept[0]
            case "builds":
                builder = BUILDERS.get(rule.name)
                if builder is None:
                    return kept[0] if kept else None
                return builder(Span(self.file, start, end), *kept)


def _only_a_name(row: Mapping[str, int]) -> bool:
    return "NAME" in row and "CASE_NAME" not in row and "GRID_NAME" not in row


def accepts(table: Table, stack: Sequence[int], terminal: str) -> bool:
    """Whether a machine with this stack of states can take the terminal."""
    return simulate(table, stack, terminal) is not None


def simulate(table: Table, stack: Sequence[int], terminal: str) -> tuple[int, ...] | None:
    """The states above the untouched part of the stack when the terminal is about to be taken.

    None when it cannot be taken. The first state of the answer is the one below the others.
    """
    states = table.states
    depth = len(stack)
    above: list[int] = []
    while True:
        top = above[-1] if above else stack[depth - 1]
        action = states[top].get(terminal)
        if action is None:
            return None
        if action >= 0:
            return (stack[depth - 1], *above)
        rule = table.rules[~action]
        size = rule.size
        if size <= len(above):
            del above[len(above) - size :]
        else:
            depth -= size - len(above)
            above.clear()
        under = above[-1] if above else stack[depth - 1]
        above.append(states[under][rule.origin])
        if terminal == "$END" and above[-1] == table.end:
            return (stack[depth - 1], *above)
