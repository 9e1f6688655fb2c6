"""Why a case, a level, a row or a line of a score is not what was decided: its own conditions, and
what was taken instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from siyu.core.ir import Cases, Const, Expr, Ref
from siyu.diagnostics import nearest
from siyu.explain.anatomy import Anatomy
from siyu.explain.figures import case, none_other, row_step, score_line
from siyu.explain.model import Outcome, Status, Step
from siyu.explain.names import Asked, NoSuchOutcome
from siyu.explain.replay import Replay, verdict_of
from siyu.words import Words, say


def part_outcome(replay: Replay, asked: Asked) -> Outcome | None:
    """Why not this part; None of what has no parts that could be decided.

    Raises NoSuchOutcome for a case, level, row or line that is not there."""
    kind = replay.anatomy.compiled.kinds[asked.name]
    if not asked.part:
        return None
    match kind:
        case "classify":
            return _case(replay, asked, f"{asked.name}", kind)
        case "tier":
            return _case(replay, asked, f"{asked.name}.earned", kind)
        case "table":
            return _row(replay, asked)
        case "score":
            return _line(replay, asked)
        case _:
            return None


FOUND = frozenset({"benefit", "detail", "worth", "cost", "costs", "valid_until", "points", "to",
                   "amount", "usable_on", "expires_on", "channel", "not_before"})  # fmt: skip
"""What rules find, where it may be a constant that is no binding."""


def known_part(anatomy: Anatomy, asked: Asked) -> Asked:
    """What is asked for, where its declaration has such a part. Raises NoSuchOutcome."""
    code, own = asked.code, anatomy.own.get(asked.name)
    if not asked.part or own is None or asked.part in FOUND:
        return asked
    bound = any(each.name == code or each.name.startswith(f"{code}.") for each in own)
    if bound or code in _codes(anatomy, asked.name):
        return asked
    raise no_such_part(anatomy, asked)


def no_such_part(anatomy: Anatomy, asked: Asked) -> NoSuchOutcome:
    """That a declaration has no such part, and which it has."""
    codes = _codes(anatomy, asked.name)
    whole = tuple(code for code in codes if code.removeprefix(f"{asked.name}.").count(".") < 2)
    return NoSuchOutcome(asked.code, nearest(asked.code, codes) or whole)


def _codes(anatomy: Anatomy, name: str) -> tuple[str, ...]:
    """The parts of a declaration by their codes: cases and levels, or rows, lines and clauses."""
    members = tuple(each for each in anatomy.compiled.labels if each.rpartition(".")[0] == name)
    if members:
        return members
    stops = (stop.code for stop in anatomy.stops(name))
    return tuple(dict.fromkeys((*_rows(anatomy, name), *anatomy.coded(name), *stops)))


def _rows(anatomy: Anatomy, name: str) -> Iterator[str]:
    """The rows of a table of which one is taken, the one that is left too."""
    binding = anatomy.bindings.get(f"{name}.row")
    if binding is not None and isinstance(binding.expr, Cases):
        values = (*(arm.value for arm in binding.expr.arms), binding.expr.otherwise)
        held = (_held(value) for value in values)
        yield from (f"{name}.row.{number}" for number in held if number is not None)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A choice of the first that holds: its conditions with what they lead to, what is left behind
    them; the place of the one that was taken, and whether it was only in the way, being unknown."""

    whens: tuple[tuple[object, Expr | None], ...]
    taken: int
    unknown: bool

    @staticmethod
    def of(replay: Replay, chosen: Cases) -> _Chosen:
        left = (_held(chosen.otherwise), None)
        whens = (*((_held(arm.value), arm.when) for arm in chosen.arms), left)
        for place, arm in enumerate(chosen.arms):
            value = replay.value(arm.when)
            if value is True:
                return _Chosen(whens, place, False)
            if value is None and chosen.on_unknown == "stop":
                return _Chosen(whens, place, True)
            if value is None and chosen.on_unknown == "otherwise":
                break
        return _Chosen(whens, len(chosen.arms), False)

    def place(self, member: object) -> int:
        return next(place for place, each in enumerate(self.whens) if each[0] == member)


def _held(node: Expr) -> object:
    return node.value if isinstance(node, Const) else None


# ---------------------------------------------------------------- cases and levels


def _case(replay: Replay, asked: Asked, binding: str, kind: str) -> Outcome:
    anatomy = replay.anatomy
    expr = anatomy.bindings[binding].expr
    assert isinstance(expr, Cases)
    chosen = _Chosen.of(replay, expr)
    members = [str(member) for member, _ in chosen.whens if member is not None]
    if asked.part not in members:
        raise no_such_part(replay.anatomy, asked)
    names: Mapping[object, str] = {each: anatomy.member(asked.name, each) for each in members}
    place = chosen.place(asked.part)
    steps = _of_choice(replay, chosen, place, names)
    label = anatomy.compiled.labels.get(asked.code, asked.part)
    is_now = replay.values.get(asked.name) == asked.part
    status = _status(replay.values.get(asked.name), is_now)
    said = _said(replay, asked, chosen, place, names, is_now)
    return Outcome(asked.code, kind, label, status, said, steps=steps)


def _status(decided: object, is_now: bool) -> Status:
    if is_now:
        return "yes"
    return "unknown" if decided is None else "no"


def _said(
    replay: Replay, asked: Asked, chosen: _Chosen, place: int, names: Mapping[object, str],
    is_now: bool,
) -> Words:  # fmt: skip
    mine = names[asked.part]
    if is_now:
        return say("it is {case}", case=mine)
    if chosen.unknown and place >= chosen.taken:
        other = names.get(chosen.whens[chosen.taken][0], "")
        return say("it cannot be told whether {case}: {other} comes first and is unknown",
                   case=mine, other=other)  # fmt: skip
    if place > chosen.taken:
        other = names.get(chosen.whens[chosen.taken][0], "")
        return say("not {case}: {other} comes first and holds", case=mine, other=other)
    if place == chosen.taken:  # earned, and not the level shown
        return say("not {case} yet: it is earned, and the level shown is {level}",
                   case=mine, level=replay.bound(asked.name))  # fmt: skip
    return say("not {case}: its condition does not hold", case=mine)


def _of_choice(
    replay: Replay, chosen: _Chosen, place: int, names: Mapping[object, str]
) -> tuple[Step, ...]:
    """The condition that was asked for, and the one that was taken before it."""
    steps = []
    member, when = chosen.whens[place]
    first = chosen.taken < place
    other, taken = chosen.whens[chosen.taken]
    if first and taken is not None:
        steps.append(case(replay, names.get(other, ""), taken, decisive=True))
    if when is not None:
        steps.append(case(replay, names[member], when, decisive=not first))
    else:
        text = none_other(names[member])
        steps.append(Step("condition", text, verdict_of(not first), decisive=not first))
    return tuple(steps)


# ---------------------------------------------------------------- rows


def _row(replay: Replay, asked: Asked) -> Outcome:
    anatomy, name = replay.anatomy, asked.name
    binding = anatomy.bindings.get(f"{name}.row")
    number = asked.part.removeprefix("row.").split(".")[0]
    if binding is not None and isinstance(binding.expr, Cases):
        chosen = _Chosen.of(replay, binding.expr)
        numbers = [str(member) for member, _ in chosen.whens if member is not None]
        if number not in numbers:
            raise no_such_part(anatomy, asked)
        return _first_row(replay, asked, chosen, int(number))
    if f"{name}.row.{number}" not in anatomy.bindings:
        raise no_such_part(anatomy, asked)
    expr = anatomy.bindings[f"{name}.row.{number}"].expr
    held = replay.value(Ref(f"{name}.row.{number}", expr.type))
    step = row_step(replay, int(number), expr, decisive=True)
    status: Status = "unknown" if held is None else "yes" if held else "no"
    said = {
        True: say("row {number} holds", number=number),
        False: say("row {number} does not hold", number=number),
        None: say("row {number} cannot be told", number=number),
    }[held]
    return Outcome(f"{name}.row.{number}", "table", anatomy.compiled.labels[name], status, said,
                   steps=(step,))  # fmt: skip


def _first_row(replay: Replay, asked: Asked, chosen: _Chosen, number: int) -> Outcome:
    place = chosen.place(number)
    _, when = chosen.whens[place]
    first = chosen.taken < place
    other, taken = chosen.whens[chosen.taken]
    steps = []
    if first and taken is not None:
        steps.append(row_step(replay, int(str(other)), taken, decisive=True))
    if when is not None:
        steps.append(row_step(replay, number, when, decisive=not first))
    elif not first:
        text = say("row {number}: no other holds", number=number)
        steps.append(Step("condition", text, "true", decisive=True))
    decided = replay.values.get(f"{asked.name}.row")
    label = replay.anatomy.compiled.labels[asked.name]
    status = _status(decided, decided == number)
    said = _row_said(chosen, place, number, decided == number)
    code = f"{asked.name}.row.{number}"
    return Outcome(code, "table", label, status, said, steps=tuple(steps))


def _row_said(chosen: _Chosen, place: int, number: int, is_now: bool) -> Words:
    other = chosen.whens[chosen.taken][0]
    if is_now:
        return say("row {number} is taken", number=number)
    if chosen.unknown and place >= chosen.taken:
        return say("row {number} cannot be told: row {other} comes first and is unknown",
                   number=number, other=other)  # fmt: skip
    if place > chosen.taken:
        return say("not row {number}: row {other} comes first and holds", number=number,
                   other=other)  # fmt: skip
    return say("not row {number}: it does not hold", number=number)


# ---------------------------------------------------------------- lines of a score


def _line(replay: Replay, asked: Asked) -> Outcome:
    code = asked.code
    if f"{code}.fired" not in replay.anatomy.bindings:
        raise no_such_part(replay.anatomy, asked)
    fired = replay.values.get(f"{code}.fired")
    status: Status = "unknown" if fired is None else "yes" if fired else "no"
    said = {
        True: say("the line counts"),
        False: say("the line does not count"),
        None: say("the line cannot be told, so it does not count"),
    }[fired]
    step = score_line(replay, code)
    return Outcome(code, "score", replay.anatomy.compiled.labels[asked.name], status, said,
                   steps=(step,))  # fmt: skip
