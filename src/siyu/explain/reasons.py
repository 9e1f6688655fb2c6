"""From a trace to reasons. Works on the core alone: conditions are the nodes that have codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from siyu.core.compiled import Compiled
from siyu.core.ir import Aggregate, Call, Cases, Const, Contest, Expr, Ref
from siyu.core.program import Binding, Program
from siyu.core.walk import parts
from siyu.diagnostics import nearest
from siyu.evaluators.reference import Trace
from siyu.explain.facts import Facts
from siyu.explain.headlines import SECTIONS, headline
from siyu.explain.model import Explanation, Line, NoSuchOutcome, Outcome, Verdict
from siyu.explain.shown import MASK, Tongue, Wording, tongue
from siyu.records import Read
from siyu.types import BOOL

POPULATION = ("indicator", "recommend")
STOPPERS = ("unless", "limit", "never", "holdout", "discard", "quota", "budget")
STOPPING: dict[str, tuple[Verdict, Verdict]] = {
    **dict.fromkeys(STOPPERS, ("stopped", "free")),
    "at_most": ("cut", "uncut"),
}
PREFERRED = ("group", "arbitration")


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
    """Why the decision is what it is: everything, or one declaration by its name or label.

    `values` and `trace` are those of the reference evaluator on the same program and facts, and
    `decision` is the document. Raises NoSuchOutcome for a name that nothing has.
    """
    wording = Wording(compiled, program, show_pii)
    bindings = {binding.name: binding for binding in program.bindings}
    given = frozenset(name for name, _ in read.facts.given)
    cuts = {cut.span: cut for cut in program.cuts}
    facts = Facts(compiled, wording, values, trace, bindings, given, cuts)
    own = _own_bindings(compiled, program)
    explaining = _Explaining(compiled, program, values, trace, decision, read.event, facts, own)
    names = explaining.names() if what is None else (explaining.called(what),)
    return Explanation(
        program.name,
        MASK if wording.hides_key else read.key,
        decision["as_of"],
        read.event,
        tuple(explaining.outcome(name) for name in names),
    )


def _own_bindings(compiled: Compiled, program: Program) -> dict[str, list[Binding]]:
    """The bindings of each declaration: its own name, and all that begin with it and a dot."""
    own: dict[str, list[Binding]] = {}
    for binding in program.bindings:
        words = binding.name.split(".")
        for end in range(1, len(words) + 1):
            name = ".".join(words[:end])
            if name in compiled.kinds:
                own.setdefault(name, []).append(binding)
    return own


@dataclass(slots=True)
class _Explaining:
    compiled: Compiled
    program: Program
    values: Mapping[str, Any]
    trace: Trace
    decision: Mapping[str, Any]
    event: str | None
    facts: Facts
    own: Mapping[str, list[Binding]]

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
        """The declaration with this name or label, or the one that a code belongs to."""
        words = what.split(".")
        for end in range(len(words), 0, -1):
            name = ".".join(words[:end])
            if name in self.compiled.kinds:
                return name
        for name, label in self.compiled.labels.items():
            if label == what and name in self.compiled.kinds:
                return name
        said = [*self.compiled.kinds, *self.compiled.labels.values()]
        raise NoSuchOutcome(what, nearest(what, said))

    def outcome(self, name: str) -> Outcome:
        """What was decided about a declaration, and why."""
        kind = self.compiled.kinds[name]
        label = self.compiled.labels[name]
        if kind in POPULATION:
            said = "a figure about everyone: only a run over the whole population finds it"
            return Outcome(name, kind, label, said, (), ())
        lines = self._stopper_first(name, tuple(self._lines(name)))
        return Outcome(name, kind, label, self._said(name, kind), tuple(self._because(name)), lines)

    def _said(self, name: str, kind: str) -> str:
        """The headline."""
        wording = self.facts.wording
        if kind in ("metric", "param") and name in self.facts.bindings:
            node = self.facts.bindings[name].expr
            given = ", as the request gives it" if name in self.facts.given else ""
            return wording.value(node, self.values.get(name)) + given
        events = {part.on for part in self.program.parts if part.name == name}
        if kind in ("points", "incentive", "contact") and events and self.event not in events:
            event = next(iter(events))
            return f"only decided on {event}" if event else "only decided without an event"
        hidden = MASK if wording.hides_binding(f"{name}.to") else None
        return headline(name, kind, self.decision, self.compiled.labels, hidden)

    # ------------------------------------------------------------ the author's words

    def _because(self, name: str) -> Iterator[str]:
        """The words of the rule, or of the case or line that fired."""
        for code, pieces in self.compiled.words.items():
            own = code == name and self.values.get(name) not in (False, None)
            if own or (code.startswith(f"{name}.") and self._fired(name, code)):
                language: Tongue = "en"
                said = []
                for piece in pieces:
                    if isinstance(piece, str):
                        language = tongue(piece, language)
                    said.append(piece if isinstance(piece, str) else self._value(piece, language))
                yield "".join(said)

    def _fired(self, name: str, code: str) -> bool:
        fired = self.values.get(f"{code}.fired")
        if fired is not None or f"{code}.fired" in self.values:
            return fired is True
        return bool(self.values.get(name) == code.removeprefix(f"{name}."))

    def _value(self, piece: Expr, language: Tongue) -> str:
        if isinstance(piece, Ref) and piece.name in self.values:
            value = self.values[piece.name]
        else:
            value = piece.value if isinstance(piece, Const) else None
        return self.facts.wording.value(piece, value, language)

    # ------------------------------------------------------------ conditions

    def _lines(self, name: str) -> Iterator[Line]:
        """The conditions of a rule, in the order in which they are asked, and if it has none the
        values that it is made of."""
        found = tuple(self._conditions(name))
        if name in self.facts.given:
            return
        if found:
            yield from found
        elif name in self.facts.bindings:
            yield from self.facts.under(self.facts.bindings[name].expr)

    def _stopper_first(self, name: str, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """What stopped an outcome stands first."""
        stop = next((each for each in self.decision["stopped"] if each["rule"] == name), None)
        if stop is None:
            return lines
        if stop["by"] in PREFERRED:
            winners = ", ".join(self._preferred(name))
            return (Line("stopped", f"what is preferred: {winners}", None, stop["code"]), *lines)
        return tuple(sorted(lines, key=lambda line: line.code != stop["code"]))

    def _preferred(self, name: str) -> Iterator[str]:
        """The names of those that a contest chose instead."""
        for binding in self.own.get(name, ()):
            for node in (binding.expr, *parts(binding.expr)):
                if isinstance(node, Call) and node.function == "item":
                    yield from self._winners(node.args[0])
                    return

    def _winners(self, node: Expr) -> Iterator[str]:
        named = self.facts.bindings.get(node.name) if isinstance(node, Ref) else None
        contest = node if named is None else named.expr
        chosen = self.trace.values.get(id(contest))
        if isinstance(contest, Contest) and isinstance(chosen, tuple):
            for candidate, won in zip(contest.candidates, chosen, strict=True):
                if won:
                    label = self.compiled.labels.get(candidate.name, candidate.name)
                    same = label == candidate.name
                    yield candidate.name if same else f"{label} ({candidate.name})"

    def _conditions(self, name: str) -> Iterator[Line]:
        said: set[str] = set()
        for binding in self.own.get(name, ()):
            if not binding.name.startswith(f"{name}.with."):
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
        text = self.facts.text(node.span)
        if node.code.endswith(".consent"):
            below = tuple(self.facts.consents(node))
            text = f"consent to {text.split(' ')[0]}"
        elif inner := [n for part in parts(node) for n in self._coded(part)]:
            below = tuple(self._condition(each) for each in inner)
        else:
            below = tuple(self.facts.under(node))
        return Line(self._verdict(node), text or node.code, None, node.code, below)

    def _verdict(self, node: Expr) -> Verdict:
        """What a condition came to. Of a top condition that stops or cuts an outcome: whether it
        did."""
        words = node.code.split(".")
        top = words[-2] if len(words) >= 3 and words[-1].isdigit() else ""
        yes, no = STOPPING.get(top, ("true", "false"))
        match self.trace.values.get(id(node)):
            case True:
                return yes
            case False:
                return no
            case _:
                return "unknown"
