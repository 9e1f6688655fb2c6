"""What an aggregate keeps while its rows go by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from siyu.core.ir import Aggregate, Expr
from siyu.evaluators.record.known import Env
from siyu.evaluators.record.names import Names, Var
from siyu.evaluators.record.statements import Writer
from siyu.evaluators.record.texts import is_literal, is_name

STARTS = {"count": "0", "sum": "0", "exists": "False", "distinct": "set()"}  # else None


@dataclass(slots=True)
class Accumulator:
    """One aggregate, or several of latest (earliest) that find the same row: then there is a
    `result` and a value for each, and the `edge` and `tie` of the row that was found."""

    node: Aggregate
    values: list[Expr | None] = field(default_factory=list)
    results: list[str] = field(default_factory=list)
    edge: str = ""
    tie: str = ""

    def join(self, names: Names, value: Expr | None) -> int:
        """The place of another value."""
        self.values.append(value)
        self.results.append(names.fresh("a"))
        if self.finds and not self.edge:
            self.edge, self.tie = names.fresh("a"), names.fresh("a")
        return len(self.values) - 1

    @property
    def finds(self) -> bool:
        return self.node.op in ("latest", "earliest")

    def result(self, place: int) -> Var:
        return Var(self.results[place], self.node.op not in STARTS)

    def starts(self) -> str:
        """The statement before the loop."""
        if not self.finds:
            return f"{self.results[0]} = {STARTS.get(self.node.op, 'None')}"
        kept = [self.edge, *([self.tie] if self.node.tie is not None else []), *self.results]
        return f"{' = '.join(kept)} = None"

    def ends(self) -> str | None:
        """The statement after the loop, if there is one."""
        if self.node.op == "distinct":
            return f"{self.results[0]} = len({self.results[0]})"
        return None

    # ------------------------------------------------------------------- for a row that counts

    def write(self, writer: Writer, env: Env) -> None:
        if self.finds:
            self._found(writer, env)
            return
        value = self.values[0]
        if value is None:
            self._counted(writer, "")
            return
        if self.node.op in ("count", "exists"):
            text = writer.emitter.known(value, env)
            if text == "True":
                self._counted(writer, "")
            elif text != "False":
                with writer.lines.under(f"if {text}:"):
                    self._counted(writer, "")
            return
        atom = self.node.op in ("min", "max")
        if not writer.emitter.knowledge.maybe(value, env):
            text = writer.emitter.value(value, env)
            self._counted(writer, _named(writer, text) if atom else text)
            return
        text = _named(writer, writer.emitter.value(value, env))
        if text == "None":
            return
        if is_literal(text):
            self._counted(writer, text)
            return
        with writer.lines.under(f"if {text} is not None:"):
            self._counted(writer, text)

    def _counted(self, writer: Writer, text: str) -> None:
        target, lines = self.results[0], writer.lines
        match self.node.op:
            case "count":
                lines.add(f"{target} += 1")
            case "sum":
                lines.add(f"{target} += {text}")
            case "exists":
                lines.add(f"{target} = True")
            case "distinct":
                lines.add(f"{target}.add({text})")
            case "min" | "max":
                sign = "<" if self.node.op == "min" else ">"
                with lines.under(f"if {target} is None or {text} {sign} {target}:"):
                    lines.add(f"{target} = {text}")
            case "latest" | "earliest":
                raise AssertionError("finds a row")
            case _:
                assert_never(self.node.op)

    def _found(self, writer: Writer, env: Env) -> None:
        assert self.node.by is not None
        by = _named(writer, writer.emitter.value(self.node.by, env))
        if by == "None":
            return
        tie = None
        if self.node.tie is not None:
            tie = _named(writer, writer.emitter.value(self.node.tie, env))
        test = self._test(writer, by, tie, env)
        inner = env.knowing(frozenset({by}))
        with writer.lines.under(f"if {test}:"):
            writer.lines.add(f"{self.edge} = {by}")
            if tie is not None:
                writer.lines.add(f"{self.tie} = {tie}")
            for result, value in zip(self.results, self.values, strict=True):
                text = "None" if value is None else writer.emitter.value(value, inner)
                writer.lines.add(f"{result} = {text}")

    def _test(self, writer: Writer, by: str, tie: str | None, env: Env) -> str:
        """Whether the row is further out than the one found so far."""
        assert self.node.by is not None
        knowledge = writer.emitter.knowledge
        sign = ">" if self.node.op == "latest" else "<"
        test = f"{self.edge} is None or {by} {sign} {self.edge}"
        if tie is not None and tie != "None":
            assert self.node.tie is not None
            wins = f"{tie} > {self.tie}"
            if knowledge.maybe(self.node.tie, env) and not is_literal(tie):
                wins = f"{tie} is not None and ({self.tie} is None or {wins})"
            test = f"{test} or ({by} == {self.edge} and {wins})"
        known = is_literal(by) or not knowledge.maybe(self.node.by, env)
        return test if known else f"{by} is not None and ({test})"


def _named(writer: Writer, text: str) -> str:
    """The text as a variable that may be repeated."""
    if is_name(text):
        return text
    name = writer.names.fresh("t")
    writer.lines.add(f"{name} = {text}")
    return name
