"""What can be told of each condition that was written: that it never holds, or always does.

Every condition is looked at by itself, inside `and` and `or` too; a whole is only looked at where
nothing was said of its parts. Only ranges, words and constants are reasoned with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from siyu.core.ir import And, Call, Coalesce, Const, Expr, Known, Not, Or
from siyu.kinds.boxes import Box, Ground, TooMany, both, compared, everything, where
from siyu.lint.amounts import confines
from siyu.lint.look import Look, Written
from siyu.syntax import ast
from siyu.text import NOWHERE, Span
from siyu.words import Words, say

# What is negated is looked at, and not the negation.
CONDITIONS = frozenset({
    ast.Compare, ast.Between, ast.In, ast.InPeriod, ast.Within, ast.Is, ast.IsKnown, ast.Has,
    ast.And, ast.Or,
})  # fmt: skip
# What stands in a row is a condition without its first half.
CELLS = frozenset({
    ast.Row, ast.ListCell, ast.KnownCell, ast.CompareItem, ast.RangeItem, ast.Number, ast.Name,
    ast.Text, ast.Date, ast.Bool,
})  # fmt: skip
# In these a condition that never holds may be the very point.
CLAIMED = (ast.Ensure, ast.Test, ast.Indicator, ast.Recommend)
LONGEST = 60  # characters of a condition that are shown in a message


@dataclass(frozen=True, slots=True)
class Verdict:
    """A condition that holds never (`holds` False) or can never be false (True), and why. `known`
    names what it asks to be known, where it may be unknown."""

    span: Span
    text: str
    holds: bool
    why: Words
    known: str = ""


def verdicts(look: Look) -> tuple[Verdict, ...]:
    """Every condition of which something can be told, once for all that ask."""
    if "verdicts" not in look.kept:
        look.kept["verdicts"] = tuple(
            verdict
            for each in look.written
            if not isinstance(each.node, CLAIMED)
            for verdict in _of_declaration(each, look)
        )
    found = look.kept["verdicts"]
    assert isinstance(found, tuple)
    return found


def _of_declaration(written: Written, look: Look) -> Iterator[Verdict]:
    """Inner conditions first; nothing is said of what holds one of which something was said."""
    last: Span | None = None  # of what was told last; what lies in a node comes just before it
    in_table = isinstance(written.node, ast.Table)
    asking = CELLS if in_table else CONDITIONS
    for node in reversed(written.nodes):
        cores = look.cores.get(node.span, ()) if type(node) in asking else ()
        if not cores or (last is not None and _inside(last, node.span)):
            continue
        verdict = _judged(node, cores, look)
        # A cell that always holds still asks for a value that is known.
        if verdict is not None and not (verdict.holds and in_table):
            last = node.span
            yield verdict


def _inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _judged(node: ast.Node, cores: tuple[Expr, ...], look: Look) -> Verdict | None:
    """What can be told of a condition for every member and every version of its params."""
    # A conjunction whose parts all hold always was told of by its parts; and so on.
    may_hold, may_fail = isinstance(node, ast.Or), isinstance(node, ast.And)
    for core in cores:
        for ground in look.grounds(core):
            if isinstance(core, Call):  # most are one comparison
                holds, fails = _outcomes(core, ground)
                may_hold, may_fail = may_hold or holds, may_fail or fails
            else:
                may_hold = may_hold or _may_be(True, core, ground)
                may_fail = may_fail or _may_be(False, core, ground)
            if may_hold and may_fail:
                return None
    return _verdict(node, cores[0], may_hold, look)


def _outcomes(core: Call, ground: Ground) -> tuple[bool, bool]:
    """Whether a comparison may be true, and whether it may be false."""
    found = compared(core, ground)
    if found is None:
        return True, True
    subject, values = found
    whole = everything(subject, ground)
    meant = values.meets(whole)
    return bool(meant), meant != whole and bool(values.rest().meets(whole))


def _may_be(holds: bool, core: Expr, ground: Ground) -> bool:
    """Whether the condition may be true (or false); what cannot be looked at may be anything."""
    if isinstance(core, Call):
        return _outcomes(core, ground)[0 if holds else 1]
    try:
        return bool(where(core, ground, holds))
    except TooMany:
        return True


def _verdict(node: ast.Node, core: Expr, holds: bool, look: Look) -> Verdict:
    ground = look.grounds(core)[0]
    text = look.text(node.span)
    short = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    asks = holds and isinstance(core, Call) and look.may_be_unknown(core)
    found = compared(core, ground) if asks and isinstance(core, Call) else None
    known = _called(found[0], look) if found is not None else ""
    return Verdict(node.span, short, holds, _why(core, holds, ground, look), known)


# ---------------------------------------------------------------- why it is so


def _why(core: Expr, holds: bool, ground: Ground, look: Look) -> Words:
    match core:
        case Not(value=value):
            return _why(value, not holds, ground, look)
        case And(items=items) | Or(items=items):
            # One part is enough for a conjunction that never holds, and of a disjunction that does.
            one = next((item for item in items if not _may_be(not holds, item, ground)), None)
            return _conflict(items, ground, look) if one is None else _why(one, holds, ground, look)
        case Known(value=value):
            return say("`{subject}` is always known", subject=_called(value, look))
        case Coalesce(value=value):
            return _why(value, holds, ground, look)
        case Call() if (found := compared(core, ground)) is not None:
            subject, _ = found
            return confines(subject, _called(subject, look), ground) or PARTS
        case Const():
            return say("no member has a part in this")
        case _:
            return PARTS


PARTS = say("its parts do not go together")


def _conflict(items: tuple[Expr, ...], ground: Ground, look: Look) -> Words:
    """The value that cannot meet all parts at once."""
    together: Box | None = {}
    for item in items:
        boxes = where(item, ground)
        if len(boxes) != 1 or together is None:
            continue
        met = both(together, boxes[0])
        if met is None:
            subject = next(s for s in boxes[0] if s in together
                           and both({s: together[s]}, {s: boxes[0][s]}) is None)  # fmt: skip
            return say("no `{subject}` meets all of this", subject=_called(subject, look))
        together = met
    return PARTS


def _called(expr: Expr, look: Look) -> str:
    """The value as it was written, or its name."""
    from siyu.semantics.phrases import called

    text = look.text(expr.span) if expr.span != NOWHERE else ""
    return text if 0 < len(text) <= LONGEST else str(called(expr))
