"""The module generated for one plan: a function of the moment, and the function of a record.

What depends on as_of alone is computed when as_of changes, and remembered: a tuple in a list of
one, swapped whole, so that threads never see half of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from siyu.core.ir import Aggregate, Const, Expr, Input, Ref, Rows
from siyu.core.packing import packing
from siyu.core.passes.fold import folded
from siyu.core.program import Binding, Program, TableNeed
from siyu.core.walk import refs, rewrite, walk
from siyu.evaluators.record.demand import ALWAYS, Guards
from siyu.evaluators.record.functions import function
from siyu.evaluators.record.known import EMPTY
from siyu.evaluators.record.lines import Lines
from siyu.evaluators.record.loops import LoopWriter
from siyu.evaluators.record.names import Names, Var
from siyu.evaluators.record.plan import Plan
from siyu.evaluators.record.statements import Writer
from siyu.evaluators.record.texts import any_of

AS_OF = ("request", "as_of")


@dataclass(frozen=True, slots=True)
class Module:
    """Sources to be executed one after another with `held` as their globals, and `memory`, a list
    of one tuple whose first item is no instant."""

    sources: tuple[str, ...]
    held: dict[str, object]


def assemble(program: Program, plan: Plan, event: str | None, *, sure: bool) -> Module:
    """`sure`: written for moments at which everything that depends on as_of is known; where it is
    not, the record goes to `careful`, the same function written without that promise."""
    return _Assembly(program, plan, event, sure).module()


class _Assembly:
    def __init__(self, program: Program, plan: Plan, event: str | None, sure: bool) -> None:
        self.program = program
        self.plan = plan
        self.event = event
        self.sure = sure
        self.names = Names()
        self.lines = Lines()
        self.writer = Writer(self.names, self.lines)
        self.bindings = [b for stage in plan.stages for b in stage.bindings]
        loops = [pair for stage in plan.stages for pair in stage.loops]
        self.aggregates = [b for _, group in loops for b in group]
        self.exprs = [b.expr for b in (*plan.moments, *self.bindings, *self.aggregates)]
        self.once = self.used_once()

    def module(self) -> Module:
        self.name_inputs()
        moments = self.moments()
        loops = LoopWriter(self.writer, self.tables())
        for stage in self.plan.stages:
            for binding in stage.bindings:
                if self.plan.demand.of(binding.name) == ALWAYS:
                    self.bind(binding)
            for table, group in stage.loops:
                loops.write(Rows(table), [(b.name, _aggregate(b)) for b in group], EMPTY)
        for guards, mine in self.guards():
            self.guarded(guards, mine)
        exports = [self.names.refs[name].text for name in self.plan.exports]
        head = [*self.reading(), *self.remembering(moments)]
        sources = function("decide", "facts", head, self.lines.groups, packing(exports))
        if moments:
            sources = [*self.moment_sources, *sources]
        return Module(tuple(sources), self.names.held)

    # ------------------------------------------------------------------------- reading facts

    def name_inputs(self) -> None:
        for node in walk(*self.exprs):
            key = (node.origin, node.name) if isinstance(node, Input) else None
            if key is not None and key not in self.names.inputs:
                assert isinstance(node, Input)
                assert node.origin not in ("cut", "allocation"), "specialise the program first"
                self.names.inputs[key] = Var(self.names.fresh("i"), _may_lack(node))
        if self.plan.moments and AS_OF not in self.names.inputs:
            self.names.inputs[AS_OF] = Var(self.names.fresh("i"), False)

    def reading(self) -> list[str]:
        """Statements that take what is needed out of the facts."""
        lines = []
        keys = [(need.origin, need.name) for need in self.program.needs.inputs]
        unpacked = _unpacked([self.names.inputs.get(key) for key in keys], "facts.values")
        lines += unpacked
        brought = {k: v for k, v in self.names.inputs.items() if k[0] == "metric"}
        if brought:
            given = self.names.fresh("g")
            lines.append(f"{given} = dict(facts.given)")
            for (_, name), var in brought.items():
                lines.append(f"{var.text} = {given}.get({self.names.constant(name)})")
        tables = [self.table_names.get(need.path) for need in self.program.needs.tables]
        lines += _unpacked([Var(t, False) if t else None for t in tables], "facts.tables")
        return lines

    def tables(self) -> dict[str, tuple[TableNeed, str]]:
        used = {
            node.rows.table
            for node in walk(*self.exprs)
            if isinstance(node, Aggregate) and not node.rows.nested
        }
        needs = [need for need in self.program.needs.tables if need.path in used]
        self.table_names = {need.path: self.names.fresh("q") for need in needs}
        return {need.path: (need, self.table_names[need.path]) for need in needs}

    # --------------------------------------------------------------------------- the moment

    def moments(self) -> list[Var]:
        """Writes the function of the moment; gives the variables that it computes."""
        lines = Lines()
        writer = Writer(self.names, lines)
        for binding in self.plan.moments:
            writer.bind(binding.name, binding.expr, "m", EMPTY)
        if not self.plan.moments:
            return []
        as_of = self.names.inputs[AS_OF].text
        refs = {b.name: self.names.refs[b.name] for b in self.plan.moments}
        made = list({v.text: v for v in refs.values() if v.text.startswith("m")}.values())
        unsure = [v.text for v in made if v.optional]
        flag = any_of([f"{text} is None" for text in unsure])
        result = _tuple([as_of, *([flag] if self.unsure(made) else []), *(v.text for v in made)])
        self.moment_sources = function("moment", as_of, [], lines.groups, result)
        if self.sure:
            for name, var in refs.items():
                if var in made:
                    self.names.refs[name] = Var(var.text, False)
        return made

    def unsure(self, made: Sequence[Var]) -> bool:
        return self.sure and any(v.optional for v in made)

    def remembering(self, moments: Sequence[Var]) -> list[str]:
        if not moments:
            return []
        as_of, kept = self.names.inputs[AS_OF].text, self.names.fresh("g")
        names = [v.text for v in moments]
        lines = [
            f"{kept} = memory[0]",
            f"if {kept}[0] != {as_of}:",
            f"    {kept} = memory[0] = moment({as_of})",
        ]
        if self.unsure(moments):
            lines += [f"if {kept}[1]:", "    return careful(facts)"]
            names = ["_", *names]
        return [*lines, f"{_tuple(['_', *names])} = {kept}"]

    # ----------------------------------------------------------------------------- bindings

    def bind(self, binding: Binding) -> None:
        once = binding.name in self.once
        if not (once and self.writer.in_place(binding.name, binding.expr, EMPTY)):
            self.writer.bind(binding.name, binding.expr, "v", EMPTY)

    def used_once(self) -> set[str]:
        """Bindings that one other binding reads in one place, outside of loops, and nobody else."""
        nodes = (node for expr in self.exprs for node in walk(expr))
        read = Counter(node.name for node in nodes if isinstance(node, Ref))
        looped = refs(*(binding.expr for binding in self.aggregates))
        guards = {name for b in self.bindings for name in self.plan.demand.of(b.name)}
        once = {name for name, count in read.items() if count == 1}
        return once - looped - guards - set(self.plan.exports)

    def guards(self) -> list[tuple[Guards, list[Binding]]]:
        """What bindings are guarded by; a value is needed where all are that need it, so those
        with more guards come first."""
        found: dict[Guards, list[Binding]] = {}
        for binding in self.bindings:
            found.setdefault(self.plan.demand.of(binding.name), []).append(binding)
        found.pop(ALWAYS, None)
        return sorted(found.items(), key=lambda pair: -len(pair[0]))

    def guarded(self, guards: Guards, mine: list[Binding]) -> None:
        """Values that are asked for where one of the guards is true; None elsewhere."""
        texts = [self.names.refs[guard].text for guard in sorted(guards)]
        if "True" in texts:
            for binding in mine:
                self.bind(binding)
            return
        if len(guards) == 1:
            mine = [replace(b, expr=self.where(texts[0], b.expr)) for b in mine]
        with self.lines.together():
            before = len(self.lines.groups)
            with self.lines.under(f"if {any_of(texts)}:"):
                for binding in mine:
                    self.bind(binding)
            made = {self.names.refs[b.name].text for b in mine}
            fresh = [text for text in dict.fromkeys(made) if text.startswith("v")]
            assigned = [v for v in sorted(fresh) if _assigned(v, self.lines.groups[before])]
            if assigned:
                with self.lines.under("else:"):
                    self.lines.add(f"{' = '.join(assigned)} = None")

    def where(self, guard: str, expr: Expr) -> Expr:
        """The expression as it stands where the variable `guard` is true."""

        def change(node: Expr) -> Expr:
            if isinstance(node, Ref):
                var = self.names.refs.get(node.name)
                return Const(True, node.type) if var is not None and var.text == guard else node
            return folded(node)

        return rewrite(expr, change)


def _assigned(name: str, lines: Sequence[str]) -> bool:
    return any(line.lstrip().startswith(f"{name} = ") for line in lines)


def _aggregate(binding: Binding) -> Aggregate:
    assert isinstance(binding.expr, Aggregate)
    return binding.expr


def _may_lack(node: Input) -> bool:
    return node.optional and (node.origin, node.name) != AS_OF


def _unpacked(variables: Sequence[Var | None], source: str) -> list[str]:
    """One statement for a tuple of which some items are wanted."""
    if not any(variables):
        return []
    texts = ["_" if var is None else var.text for var in variables]
    return [f"({', '.join(texts)},) = {source}"]


def _tuple(texts: Sequence[str]) -> str:
    return f"({', '.join(texts)}{',' if len(texts) == 1 else ''})"
