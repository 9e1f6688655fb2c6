"""Points: how much more for the next one, what caps still leave, and what expires when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from siyu.core.ir import Aggregate, Call, Cases, Const, Expr
from siyu.core.program import Binding, Facts, Fields, Fixed, Needs
from siyu.core.walk import refs, walk
from siyu.evaluators import reference
from siyu.explain.facts import MOST_ROWS, more_rows
from siyu.explain.model import Shown, Step
from siyu.explain.replay import Replay
from siyu.functions import FUNCTIONS
from siyu.schema.model import Collection
from siyu.types import DATE, INT, MoneyType, Type, scale_of
from siyu.words import Words, say

Steps = tuple[Step, ...]
LIKE = say("as posted; what was spent or taken back since is not counted against it")


def points_progress(replay: Replay, name: str) -> Steps:
    """What is missing to the next reward, what is left of caps, and which lots expire when."""
    found: list[Step] = []
    if replay.values.get(f"{name}.meant") is True:
        found += _next_earned(replay, name)
        found += _next_redeemed(replay, name)
        found += _left(replay, name)
    return (*found, *expiring(replay, (name,)))


# ---------------------------------------------------------------- the next point


def _next_earned(replay: Replay, name: str) -> Iterator[Step]:
    """How much more of the figure earns more."""
    rounded = replay.anatomy.bindings.get(f"{name}.rounded")
    base = _base(replay, rounded) if rounded is not None else None
    if rounded is None or base is None or _capped(replay, name):
        return
    if not replay.anatomy.figures(base):
        return  # it earns a fixed number
    quotient = next((n for n in walk(rounded.expr) if _is_quotient(n)), None)
    least = _least(replay, name)
    gap = _gap(replay, quotient, base, least or 0) if isinstance(quotient, Call) else None
    if gap is None:
        return
    figure = replay.anatomy.text(base.span)
    amount = replay.showing.of(base.type, gap)
    text = say("{gap} more of `{figure}` earns more", gap=amount, figure=figure)
    if least is not None:
        text = say("{gap} more of `{figure}` reaches the minimum", gap=amount, figure=figure)
    yield Step("fact", text, span=rounded.span)


def _least(replay: Replay, name: str) -> int | None:
    """The minimum that was not reached; None where there is none."""
    node = replay.anatomy.coded(name).get(f"{name}.at_least.1")
    if not isinstance(node, Call) or replay.value(node) is not False:
        return None
    floor, kind = replay.value(node.args[1]), node.args[1].type
    same = scale_of(kind) == scale_of(replay.anatomy.bindings[f"{name}.amount_due"].type)
    return floor if same and isinstance(floor, int) else None


def _is_quotient(node: Expr) -> bool:
    return isinstance(node, Call) and node.function == "quotient"


def _base(replay: Replay, rounded: Binding) -> Expr | None:
    """What a rule earns of: the last words of its `earn`; where the Chinese order puts it in front,
    the longest that rests on facts."""
    whole = rounded.span
    inside = [
        node
        for node in walk(rounded.expr)
        if node.span.file == whole.file
        and whole.start <= node.span.start
        and node.span.end <= whole.end
        and node.span != whole
    ]
    for node in inside:
        if node.span.end == whole.end and node.span.start > whole.start:
            return node
    resting = [node for node in inside if replay.anatomy.figures(node)]
    return max(resting, key=lambda node: node.span.end - node.span.start, default=None)


def _gap(replay: Replay, quotient: Call, base: Expr, least: int) -> int | None:
    """How much more of `base` makes the quotient larger, and no smaller than `least`: it counts
    whole units of it, or is proportional to it and rounded down."""
    inner = next((n for n in walk(quotient.args[0]) if _is_quotient(n)), None)
    if isinstance(inner, Call):  # `per full`
        whole, per = replay.value(inner.args[0]), replay.value(inner.args[1])
        if least or not isinstance(whole, int) or not isinstance(per, int) or per <= 0:
            return None
        return -(-(per - whole % per) // _shift(inner.args[0]))
    top, bottom, mode = map(replay.value, quotient.args)
    have = replay.value(base)
    numbers = [n for n in (top, bottom, have) if isinstance(n, int) and n > 0]
    if len(numbers) < 3 or mode != "down":
        return None
    top, bottom, have = numbers
    gap: int = -(-(max(top // bottom + 1, least) * bottom) // (top // have)) - have
    return gap


def _shift(top: Expr) -> int:
    """By which a figure is multiplied for its digits."""
    factor = top.args[1] if isinstance(top, Call) and top.function == "mul" else None
    value = factor.value if isinstance(factor, Const) else None
    return value if isinstance(value, int) and value > 0 else 1


# ---------------------------------------------------------------- redeeming


def _next_redeemed(replay: Replay, name: str) -> Iterator[Step]:
    """How many more points make another whole unit, and reach the minimum."""
    units = replay.anatomy.bindings.get(f"{name}.units_offered")
    found = next((n for n in walk(units.expr) if _is_quotient(n)), None) if units else None
    if not isinstance(found, Call):
        return
    offered, unit = map(replay.value, found.args[:2])
    if not isinstance(offered, int) or not isinstance(unit, int) or unit <= 0 or offered < 0:
        return
    least = replay.anatomy.coded(name).get(f"{name}.at_least.1")
    needed = _units_needed(replay, least) if least is not None else None
    if least is not None and needed is not None and replay.value(least) is not True:
        gap = needed * unit - offered
        if gap > 0:
            text = say("{gap} more points reach `{least}`", gap=_points(replay, gap),
                       least=replay.anatomy.text(least.span))  # fmt: skip
            yield Step("condition", text, "false", code=least.code, span=least.span)
    text = say("{gap} more points make another {unit}", gap=_points(replay, unit - offered % unit),
               unit=_points(replay, unit))  # fmt: skip
    yield Step("fact", text, remark=_capped(replay, name))


def _points(replay: Replay, count: int) -> Shown:
    return replay.showing.of(INT, count)


def _capped(replay: Replay, name: str) -> Words:
    """Which cap keeps more points from counting."""
    for code, node in replay.anatomy.coded(name).items():
        if ".at_most." in code and replay.value(node) is True:
            return say("`{cap}` lets no more of them count", cap=replay.anatomy.text(node.span))
    return ""


def _units_needed(replay: Replay, least: Expr) -> int | None:
    """How many whole units the minimum takes."""
    if not isinstance(least, Call):
        return None
    left, right = least.args
    factor = 1
    while isinstance(left, Call) and left.function == "rescale" and isinstance(left.args[1], Const):
        factor *= 10 ** int(str(left.args[1].value))
        left = left.args[0]
    floor = replay.value(right)
    each = replay.value(left.args[1]) if isinstance(left, Call) else None
    if not isinstance(floor, int) or not isinstance(each, int) or each <= 0:
        return None
    return -(-floor // (each * factor))


# ---------------------------------------------------------------- caps


def _left(replay: Replay, name: str) -> Iterator[Step]:
    """What caps of a day, a month, … leave behind this posting."""
    number = 1
    while (room := replay.anatomy.bindings.get(f"{name}.at_most.{number}.room")) is not None:
        number += 1
        if not any(isinstance(node, Aggregate) for node in walk(room.expr)):
            continue
        held, kind = replay.values.get(room.name), room.type
        if held is None or f"{name}.units" in replay.anatomy.bindings:
            continue
        posted = replay.values.get(f"{name}.amount_due") or 0
        text = say("{left} left of `{cap}`", left=replay.showing.of(kind, max(held - posted, 0)),
                   cap=replay.anatomy.text(room.span))  # fmt: skip
        yield Step("fact", text, span=room.span)


# ---------------------------------------------------------------- what expires


@dataclass(frozen=True, slots=True)
class Lot:
    """What one row of the points log posted, and the last day it can be spent."""

    posted: int
    amount: Shown
    expires: int


def expiring(replay: Replay, rules: tuple[str, ...]) -> Steps:
    """The lots of these rules that have not expired, the soonest first."""
    lots = sorted(
        (lot for rule in rules for lot in _lots(replay, rule)), key=lambda lot: lot.expires
    )
    steps = [
        Step(
            "fact",
            say("{amount} posted on {day}, until {last}", amount=lot.amount,
                day=replay.showing.of(DATE, lot.posted),
                last=replay.showing.of(DATE, lot.expires)),
        )
        for lot in lots[:MOST_ROWS]
    ]  # fmt: skip
    steps += more_rows(len(lots) - MOST_ROWS)
    if not steps:
        return ()
    return (Step("fact", say("what expires, the soonest first"), remark=LIKE, below=tuple(steps)),)


def rules_into(replay: Replay, account: str) -> tuple[str, ...]:
    """The rules that post to an account."""
    return tuple(
        part.name
        for part in replay.anatomy.program.parts
        if part.section == "points"
        and isinstance(part.shape, Fields)
        and ("account", Fixed(account)) in part.shape.items
    )


def _lots(replay: Replay, name: str) -> Iterator[Lot]:
    expr = _expiry(replay, name)
    names = _names_in_log(replay, name)
    log = replay.anatomy.compiled.schema.role("points log")
    if expr is None or not names or not isinstance(log, Collection) or log.time is None:
        return
    money = replay.anatomy.bindings[f"{name}.amount_due"].type
    column = "worth" if isinstance(money, MoneyType) else "points"
    today = replay.values.get(replay.anatomy.today) or 0
    zone = replay.anatomy.program.timezone
    for row in replay.rows_of(log.name):
        posted, at = row.get(column), row.get(log.time)
        if row.get("rule") not in names or not isinstance(posted, int) or posted <= 0:
            continue
        if not isinstance(at, int) or at > replay.read.as_of:
            continue
        day: Any = FUNCTIONS["local_date"].python(at, zone)
        last = _on_day(replay, expr, day)
        if last is not None and last >= today:
            kind: Type = replay.anatomy.columns(log.name).get(column, money)
            yield Lot(day, replay.showing.column(log.name, column, kind, posted), last)


def _expiry(replay: Replay, name: str) -> Expr | None:
    """How a rule finds the last day; None where what it posts never expires."""
    binding = replay.anatomy.bindings.get(f"{name}.expires_on")
    if binding is None or not isinstance(binding.expr, Cases):
        return None
    value = binding.expr.arms[0].value
    return None if isinstance(value, Const) and value.value is None else value


def _names_in_log(replay: Replay, name: str) -> frozenset[str]:
    """Every name under which a rule stands in the points log."""
    for stop in replay.anatomy.stops(name):
        if stop.by == "posted":
            for node in walk(replay.anatomy.stop_expr(stop)):
                if isinstance(node, Const) and isinstance(node.value, str | frozenset):
                    held = node.value
                    return frozenset({held}) if isinstance(held, str) else frozenset(map(str, held))
    return frozenset()


def _on_day(replay: Replay, expr: Expr, day: int) -> int | None:
    """The same rule's last day for what was posted on another day: params and metrics as now."""
    known = {name: replay.values.get(name) for name in refs(expr)}
    known[replay.anatomy.today] = day
    bindings = [
        Binding(name, Const(value, replay.anatomy.bindings[name].type), DATE)
        for name, value in known.items()
    ]
    bindings.append(Binding("last", expr, DATE))
    small = replace(replay.anatomy.program, bindings=tuple(bindings), needs=Needs((), ()))
    found = reference.evaluate(small, Facts((), ()), None)["last"]
    return found if isinstance(found, int) else None
