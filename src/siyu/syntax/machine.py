"""The LALR machine: tokens of one stretch in, tree nodes out, or the place where it had to stop.

It runs the table that Lark made, without Lark: a word is settled with the parser's state at hand,
nodes are built as rules complete, and every span is known. It never raises on a policy's text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from siyu.diagnostics import Diagnostic
from siyu.syntax.build import BUILDERS, Leaf, Refused
from siyu.syntax.compiled import Rule, Table
from siyu.syntax.errors import TooDeep
from siyu.syntax.lexer import Token
from siyu.syntax.words import Choice, Words
from siyu.text import Span

DEEPEST = 200

# Rules that make a tree one level deeper.
_DEEPENS = frozenset(
    {"parentheses", "not_", "negative", "arithmetic", "conjunction", "disjunction", "call"}
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


class Machine:
    """One run over `tokens[begin:end]`."""

    def __init__(
        self, table: Table, file: str, tokens: Sequence[Token], begin: int, end: int
    ) -> None:
        self.table = table
        self.file = file
        self.tokens = tokens
        self.begin = begin
        self.end = end
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
        try:
            while at < last:
                token = self.tokens[at]
                kind = token.kind
                if kind == "WORD" or kind == "QUOTED":
                    choice = self.words.choose(at, self.accepts)
                elif kind == "ERROR":
                    return Stopped(at, tuple(self.states), token.error)
                else:
                    choice = Choice(kind, token.text, 1)
                if not self._shift(choice, token.start, self.tokens[at + choice.length - 1].end):
                    return Stopped(at, tuple(self.states))
                at += choice.length
            return self._finish() if until is None else None
        except Refused as refused:
            return Stopped(at, tuple(self.states), refused.diagnostic)

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

    def _shift(self, choice: Choice, start: int, end: int) -> bool:
        terminal = choice.terminal
        states = self.table.states
        action = states[self.states[-1]].get(terminal)
        if action is None or (action < 0 and not self.accepts(terminal)):
            return False
        while action < 0:
            self._reduce(self.table.rules[~action])
            action = states[self.states[-1]][terminal]
        self.states.append(action)
        self.values.append((choice, start, end))
        self.starts.append(start)
        self.ends.append(end)
        self.depths.append(0)
        return True

    def _reduce(self, rule: Rule) -> None:
        size = rule.size
        first = len(self.values) - size
        start, end = self._extent(first, size)
        children = self.values[first:]
        depth = max(self.depths[first:], default=0)
        if rule.name in _DEEPENS and rule.does == "builds":
            depth += 1
            if depth > DEEPEST:
                raise Refused(TooDeep(Span(self.file, start, min(end, start + 1)), DEEPEST))
        value = self._value(rule, children, start, end)
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
        kept = [self._carried(children[place]) for place in rule.kept]
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

    def _carried(self, child: Any) -> Any:
        """A token becomes a leaf when a rule takes it up."""
        if type(child) is tuple and len(child) == 3 and isinstance(child[0], Choice):
            choice, start, end = child
            return Leaf(choice.terminal, choice.value, Span(self.file, start, end))
        return child


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
