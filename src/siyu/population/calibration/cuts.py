"""Finding all cuts of a policy, each once those it depends on are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from siyu.core.ir import Expr, Held, Input
from siyu.core.passes import specialise
from siyu.core.program import CutRule, Program
from siyu.core.walk import refs, walk
from siyu.evaluators.sql import FactsPlan, decide_query
from siyu.evaluators.sql.dialects import DIALECTS
from siyu.population.calibration.model import CutFound
from siyu.population.calibration.ranks import Asked, between, forget, rank_of, ranked, spread_of
from siyu.population.engines import Engine


def bindings_of(program: Program) -> tuple[str, ...]:
    """The bindings that the cuts are found in."""
    names: dict[str, None] = {}
    for rule in program.everyone.cuts:
        names.update((name, None) for name in (rule.by, rule.among) if name is not None)
    return tuple(names)


def find_cuts(
    engine: Engine,
    program: Program,
    plan: FactsPlan,
    facts: str,
    before: Mapping[str, Held] | None = None,
) -> tuple[CutFound, ...]:
    """All cuts, in the order in which they are declared. `facts` is a relation of the customers to
    be counted, made from `plan`, which holds what `bindings_of` asks for; `program` has the moment
    put in. With cuts of `before`, it is counted how many customers stand between those and these.
    Raises EngineFailed."""
    found: dict[str, CutFound] = {}
    rounds = in_rounds(program)
    for number, rules in enumerate(rounds):
        values: dict[str, Held] = {name: cut.value for name, cut in found.items()}
        known = specialise(program, values, {})
        name = f"calibrating_{number}"
        found |= _one_round(engine, known, plan, facts, rules, before or {}, name)
    return tuple(found[rule.name] for rule in program.everyone.cuts)


def _one_round(
    engine: Engine,
    program: Program,
    plan: FactsPlan,
    facts: str,
    rules: Sequence[CutRule],
    before: Mapping[str, Held],
    name: str,
) -> Iterator[tuple[str, CutFound]]:
    wanted = dict.fromkeys(n for rule in rules for n in (rule.by, rule.among) if n is not None)
    query = decide_query(plan, program, facts, engine.name, tuple(wanted))
    engine.table(name, query.text)
    column = DIALECTS[engine.name].name_of
    together: dict[tuple[str, str | None], list[CutRule]] = {}
    for rule in rules:
        together.setdefault((rule.by, rule.among), []).append(rule)
    for number, ((by, among), group) in enumerate(together.items()):
        met = None if among is None else column(query.columns[among])
        spread = spread_of(engine, f"{name}_{number}", name, column(query.columns[by]), met)
        answers = ranked(engine, spread, [Asked(rule.side, rule.percent) for rule in group])
        for rule, answer in zip(group, answers, strict=True):
            meant = rank_of(rule.percent, answer.population)
            is_top = rule.side == "top"
            moved = None
            if rule.name in before:
                moved = between(engine, spread, before[rule.name], answer.value, rule.side)
            yield (
                rule.name,
                CutFound(
                    rule.name, answer.value, rule.type, answer.population, answer.reached, meant,
                    is_top, moved,
                ),
            )  # fmt: skip
        forget(engine, spread.relation)
    forget(engine, name)


def in_rounds(program: Program) -> Iterator[tuple[CutRule, ...]]:
    """The cuts that can be found together, one round after another: each behind those that what it
    ranks by, or among whom, depends on."""
    bindings = (*program.bindings, *program.everyone.bindings)
    exprs = {binding.name: binding.expr for binding in bindings}
    names = {rule.name for rule in program.everyone.cuts}
    waiting = {
        rule.name: _cuts_in((rule.by, rule.among), exprs) & names for rule in program.everyone.cuts
    }
    rules = {rule.name: rule for rule in program.everyone.cuts}
    while waiting:
        ready = [name for name, needed in waiting.items() if not needed & waiting.keys()]
        assert ready, "no declaration depends on itself"
        yield tuple(rules[name] for name in ready)
        for name in ready:
            del waiting[name]


def _cuts_in(names: Sequence[str | None], exprs: Mapping[str, Expr]) -> set[str]:
    """The cuts that bindings read, in whatever depth."""
    found: set[str] = set()
    seen = {name for name in names if name is not None}
    waiting = sorted(seen)
    while waiting:
        expr = exprs[waiting.pop()]
        found |= {n.name for n in walk(expr) if isinstance(n, Input) and n.origin == "cut"}
        new = refs(expr) - seen
        seen |= new
        waiting += sorted(new)
    return found
