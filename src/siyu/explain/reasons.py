"""From a trace to reasons. Works on the core alone: conditions are the nodes that have codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from siyu.core.compiled import Compiled
from siyu.core.ir import Aggregate, Cases, Column, Const, Contest, Expr, Input, Ref
from siyu.core.program import Program
from siyu.core.walk import parts
from siyu.decision.values import plain_value
from siyu.diagnostics import nearest
from siyu.evaluators.reference import Trace
from siyu.explain.headlines import SECTIONS, headline
from siyu.explain.model import Explanation, Line, NoSuchOutcome, Outcome, Verdict
from siyu.records import Read
from siyu.text import Span
from siyu.types import BOOL

POPULATION = ("indicator", "recommend")
STOPPERS = ("unless", "limit", "never", "holdout", "at_most", "discard", "quota", "budget")
DEEPEST = 3  # metrics behind metrics that are shown


def explain(
    compiled: Compiled,
    program: Program,
    read: Read,
    values: Mapping[str, Any],
    trace: Trace,
    decision: Mapping[str, Any],
    what: str | None = None,
    show_pii: bool = False,
) -> Explanation:
    """Why the decision is what it is: everything, or one outcome by its name.

    `values` and `trace` are those of the reference evaluator on the same program and facts, and
    `decision` is the document. Raises NoSuchOutcome for a name that nothing has.
    """
    explaining = _Explaining(compiled, program, values, trace, decision)
    names = explaining.names() if what is None else (explaining.called(what),)
    return Explanation(
        program.name,
        read.key,
        decision["as_of"],
        read.event,
        tuple(explaining.outcome(name) for name in names),
    )


@dataclass(slots=True)
class _Explaining:
    compiled: Compiled
    program: Program
    values: Mapping[str, Any]
    trace: Trace
    decision: Mapping[str, Any]

    def names(self) -> tuple[str, ...]:
        """What the decision decided, outcomes first, facts last."""
        found: dict[str, None] = {}
        for section in SECTIONS:
            there = self.decision[section]
            if section == "stopped" or isinstance(there, list):
                found.update((item["rule"], None) for item in there)
            elif section != "metrics":
                found.update((name, None) for name in there)
        return tuple(name for name in found if name in self.compiled.kinds)

    def called(self, what: str) -> str:
        """The declaration with this name or label."""
        if what in self.compiled.kinds:
            return what
        for name, label in self.compiled.labels.items():
            if label == what and name in self.compiled.kinds:
                return name
        said = [*self.compiled.kinds, *self.compiled.labels.values()]
        raise NoSuchOutcome(what, nearest(what, said))

    def outcome(self, name: str) -> Outcome:
        kind = self.compiled.kinds[name]
        label = self.compiled.labels[name]
        if kind in POPULATION:
            said = "a figure about everyone: only a run over the whole population finds it"
            return Outcome(name, kind, label, said, (), ())
        said = headline(name, kind, self.decision, self.compiled.labels)
        return Outcome(
            name, kind, label, said, tuple(self._because(name)), tuple(self._lines(name))
        )

    # ------------------------------------------------------------ the author's words

    def _because(self, name: str) -> Iterator[str]:
        """The words of the rule, or of the case or line that fired."""
        for code, pieces in self.compiled.words.items():
            if code == name or (code.startswith(f"{name}.") and self._fired(name, code)):
                yield "".join(self._piece(piece) for piece in pieces)

    def _fired(self, name: str, code: str) -> bool:
        fired = self.values.get(f"{code}.fired")
        if fired is not None or f"{code}.fired" in self.values:
            return fired is True
        return self.values.get(name) == code.removeprefix(f"{name}.")

    def _piece(self, piece: str | Expr) -> str:
        if isinstance(piece, str):
            return piece
        if isinstance(piece, Ref) and piece.name in self.values:
            return self._shown(piece, self.values[piece.name])
        return self._shown(piece, piece.value if isinstance(piece, Const) else None)

    # ------------------------------------------------------------ conditions

    def _lines(self, name: str) -> Iterator[Line]:
        """The conditions of a rule, in the order in which they are asked, and if it has none the
        values that it is made of."""
        found = tuple(self._conditions(name))
        if found:
            yield from found
            return
        for binding in self.program.bindings:
            if binding.name == name:
                yield from self._facts(binding.expr, set(), 0)

    def _conditions(self, name: str) -> Iterator[Line]:
        said: set[str] = set()
        for binding in self.program.bindings:
            own = binding.name == name or binding.name.startswith(f"{name}.")
            if own and not binding.name.startswith(f"{name}.with."):
                for node in self._coded(binding.expr):
                    if node.code not in said and node.code.split(".")[0]:
                        said.add(node.code)
                        yield self._condition(node)

    def _coded(self, root: Expr) -> Iterator[Expr]:
        """The outermost conditions with codes that were looked at; in a chain of cases only those
        up to the one that was taken."""
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if node.code and node.type == BOOL and id(node) in self.trace.values:
                yield node
                continue
            if isinstance(node, (Aggregate, Contest)):
                continue
            waiting.extend(reversed(tuple(self._looked_at(node))))

    def _looked_at(self, node: Expr) -> Iterator[Expr]:
        if not isinstance(node, Cases):
            yield from parts(node)
            return
        for arm in node.arms:
            yield arm.when
            verdict = self.trace.values.get(id(arm.when))
            if verdict is True or (verdict is None and node.on_unknown != "skip"):
                return

    def _condition(self, node: Expr) -> Line:
        inner = [n for part in parts(node) for n in self._coded(part)]
        if inner:
            below = tuple(self._condition(each) for each in inner)
        else:
            below = tuple(self._facts(node, set(), 0))
        text = self._text(node.span)
        if node.code.endswith(".consent"):
            text = f"consent to {text.split(' ')[0]}"
        return Line(self._verdict(node), text or node.code, None, node.code, below)

    def _verdict(self, node: Expr) -> Verdict:
        """What a condition came to. Of a top condition that stops an outcome: whether it did."""
        words = node.code.split(".")
        stops = len(words) == 3 and words[1] in STOPPERS
        match self.trace.values.get(id(node)):
            case True:
                return "stopped" if stops else "true"
            case False:
                return "free" if stops else "false"
            case _:
                return "unknown"

    # ------------------------------------------------------------ facts

    def _facts(self, root: Expr, said: set[str], depth: int) -> Iterator[Line]:
        """The named values under an expression; metrics with what they are made of."""
        waiting = [root]
        while waiting:
            node = waiting.pop()
            match node:
                case Ref():
                    yield from self._named(node, said, depth)
                case Input() if node.origin != "request" and node.name not in said:
                    said.add(node.name)
                    name = node.name.rpartition(".")[2] if node.origin == "event" else node.name
                    yield Line("fact", name, self._shown(node, self.trace.values.get(id(node))))
                case Const() if self._cut_name(node) is not None:
                    text = self._text(node.span)
                    if text and text not in said:
                        said.add(text)
                        yield Line("fact", f"cut of {text}", self._shown(node, node.value))
                case Aggregate():
                    yield self._counted(node)
                case Contest() | Column():
                    pass
                case _:
                    waiting.extend(reversed(parts(node)))

    def _cut_name(self, node: Const) -> str | None:
        for cut in self.program.cuts:
            if node.span == cut.span and node.type == cut.type:
                return cut.name
        return None

    def _named(self, ref: Ref, said: set[str], depth: int) -> Iterator[Line]:
        if ref.name in said or ref.name.startswith("~"):
            return
        binding = next((b for b in self.program.bindings if b.name == ref.name), None)
        if binding is None:
            return
        said.add(ref.name)
        if ref.name in self.compiled.kinds or "." not in ref.name:
            if ref.name not in self.compiled.kinds:
                return
            below: tuple[Line, ...] = ()
            if depth < DEEPEST and self.compiled.kinds[ref.name] in ("metric",):
                below = tuple(self._facts(binding.expr, said, depth + 1))
            label = self.compiled.labels[ref.name]
            text = ref.name if label == ref.name else f"{label} ({ref.name})"
            yield Line("fact", text, self._shown(ref, self.values.get(ref.name)), "", below)
        elif depth < DEEPEST:
            yield from self._facts(binding.expr, said, depth + 1)

    def _counted(self, node: Aggregate) -> Line:
        """An aggregate: its text, its value, and how many rows counted."""
        rows = self.trace.rows(node)
        value = self._shown(node, self.trace.values.get(id(node)))
        written = self._text(node.span)
        if not written.endswith(")"):  # a rule that counts in a log says nothing of counting itself
            of = "" if node.op in ("exists", "count") else f", {node.op} {value}"
            return Line("fact", f"{len(rows)} in {node.rows.table}{of}")
        if node.op in ("latest", "earliest"):
            return Line("fact", written, value)
        return Line(
            "fact", written, value, "", (Line("fact", f"{len(rows)} of {node.rows.table}"),)
        )

    # ------------------------------------------------------------ words

    def _text(self, span: Span) -> str:
        """The author's text of a place, on one line."""
        source = self.compiled.sources.get(span.file)
        return " ".join(source.text[span.start : span.end].split()) if source else ""

    def _shown(self, node: Expr, value: Any) -> str:
        if value is None:
            return "unknown"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, tuple):
            return ", ".join(map(str, value))
        made = plain_value(node.type, value, ZoneInfo(self.program.timezone))
        return ", ".join(map(str, made)) if isinstance(made, list) else str(made)
