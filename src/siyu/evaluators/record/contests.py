"""Contests as source: in place where their order is known beforehand, else by a helper.

Most groups compete by constant priorities: then a candidate is chosen where fewer than `take` of
those before it take part, and no helper is needed. Otherwise the helper is called only when there
are more candidates than places.
"""

from __future__ import annotations

from siyu.core.contest import Entrant, ranked
from siyu.core.ir import Candidate, Const, Contest
from siyu.evaluators.record.emit import Emitter
from siyu.evaluators.record.known import Env, Is
from siyu.evaluators.record.lines import Lines
from siyu.evaluators.record.names import Var
from siyu.evaluators.record.texts import all_of, any_of, if_else, is_name

FEW = 12  # candidates up to which a contest is written out


def write_contest(emitter: Emitter, lines: Lines, node: Contest, env: Env) -> Var:
    """The contest's verdicts as variables, one for each candidate where it is decided in place."""
    eligible = tuple(_exactly(emitter, lines, c, env) for c in node.candidates)
    unlimited = not any(candidate.uses for candidate in node.candidates)
    constant = all(isinstance(key, Const) for c in node.candidates for key in c.keys)
    if unlimited and constant and 0 < len(eligible) <= FEW:
        return _in_place(emitter, lines, node, eligible)
    target = emitter.names.fresh("v")
    lines.add(f"{target} = {_called(emitter, node, eligible, unlimited, env)}")
    return Var(target, False)


def _exactly(emitter: Emitter, lines: Lines, candidate: Candidate, env: Env) -> str:
    """A variable that is True where the candidate takes part, and False elsewhere."""
    known = emitter.knowledge.status(candidate.eligible, env) is Is.KNOWN
    if known:
        text = emitter.value(candidate.eligible, env)
    else:
        text = if_else(emitter.truth(candidate.eligible, env), "True", "False")
    if is_name(text):
        return text
    target = emitter.names.fresh("v")
    lines.add(f"{target} = {text}")
    return target


def _in_place(emitter: Emitter, lines: Lines, node: Contest, eligible: tuple[str, ...]) -> Var:
    entrants = [
        Entrant(place, c.name, tuple(key.value for key in c.keys if isinstance(key, Const)))
        for place, c in enumerate(node.candidates)
    ]
    before: list[str] = []
    verdicts: dict[int, str] = {}
    for entrant in ranked(entrants, node.descending):
        mine = eligible[entrant.place]
        text = all_of([mine, _room(before, node.take)])
        if mine != "False":
            before.append(mine)
        verdicts[entrant.place] = text
        if not is_name(text):
            verdicts[entrant.place] = emitter.names.fresh("v")
            lines.add(f"{verdicts[entrant.place]} = {text}")
    elements = tuple(verdicts[place] for place in range(len(eligible)))
    return Var(f"({', '.join(elements)},)", False, elements)


def _room(before: list[str], take: int) -> str:
    """Whether fewer than `take` of those before take part."""
    if take <= 0:
        return "False"
    if len(before) < take:
        return "True"
    if take == 1:
        taken = any_of(before)
        return {"True": "False", "False": "True"}.get(taken, f"(not {taken})")
    return f"({' + '.join(before)} < {take})"


def _called(
    emitter: Emitter, node: Contest, eligible: tuple[str, ...], unlimited: bool, env: Env
) -> str:
    constant = emitter.names.constant
    names = tuple(candidate.name for candidate in node.candidates)
    shape = constant((names, node.descending, node.take))
    keys = _tuple([_tuple([emitter.value(k, env) for k in c.keys]) for c in node.candidates])
    uses = _tuple([_uses(emitter, candidate, env) for candidate in node.candidates])
    rooms = _tuple([emitter.value(room, env) for room in node.rooms])
    helper = emitter.names.runtime("contest")
    call = f"{helper}({shape}, {_tuple(eligible)}, {keys}, {uses}, {rooms})"
    if not eligible:
        return "()"
    if unlimited and node.take > 0:
        return if_else(f"{' + '.join(eligible)} <= {node.take}", _tuple(eligible), call)
    return if_else(any_of(eligible), call, constant((False,) * len(eligible)))


def _uses(emitter: Emitter, candidate: Candidate, env: Env) -> str:
    """The numbers of the rooms a candidate uses."""
    if all(isinstance(use.when, Const) for use in candidate.uses):
        rooms = [use.room for use in candidate.uses if _is_true(use.when)]
        return _tuple(list(map(str, rooms)))
    singles = [
        if_else(emitter.truth(use.when, env), f"({use.room},)", "()") for use in candidate.uses
    ]
    return f"({' + '.join(singles)})"


def _is_true(expr: object) -> bool:
    return isinstance(expr, Const) and expr.value is True


def _tuple(texts: list[str] | tuple[str, ...]) -> str:
    return f"({', '.join(texts)}{',' if len(texts) == 1 else ''})"
