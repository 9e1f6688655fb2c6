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

CONDITIONS = (
    ast.Compare, ast.Between, ast.In, ast.InPeriod, ast.Within, ast.Is, ast.IsKnown, ast.Has,
    ast.And, ast.Or, ast.Not,
)  # fmt: skip
CELLS = (ast.Row, ast.ListCell, ast.KnownCell)
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
    told: list[Span] = []
    for node in reversed(written.nodes):
        in_cell = isinstance(node, CELLS)
        if not isinstance(node, CONDITIONS) and not in_cell and not _is_item(node, written):
            continue
        if any(node.span.start <= span.start and span.end <= node.span.end for span in told):
            continue
        verdict = _judged(node, look)
        # A cell that always holds still asks for a value that is known.
        if verdict is not None and not (verdict.holds and isinstance(written.node, ast.Table)):
            told.append(node.span)
            yield verdict


def _is_item(node: ast.Node, written: Written) -> bool:
    """Whether a table's row may ask for just this value."""
    plain = ast.Number, ast.Name, ast.Text, ast.Date, ast.CompareItem, ast.RangeItem
    return isinstance(written.node, ast.Table) and isinstance(node, plain)


def _judged(node: ast.Node, look: Look) -> Verdict | None:
    cores = look.cores.get(node.span, ())
    if not cores or isinstance(node, ast.Not):
        return None  # what is negated was looked at
    for holds in (False, True):
        # All parts that always hold make a conjunction that does: that was told of the parts.
        if isinstance(node, ast.And if holds else ast.Or):
            continue
        if all(_only(core, holds, look) for core in cores):
            return _verdict(node, cores[0], holds, look)
    return None


def _only(core: Expr, holds: bool, look: Look) -> bool:
    """Whether no member and no version of a param makes the condition other than that."""
    return all(_empty(core, ground, not holds) for ground in look.grounds(core))


def _empty(core: Expr, ground: Ground, holds: bool) -> bool:
    if isinstance(core, Call):  # most are one comparison
        found = compared(core, ground)
        if found is None:
            return False
        subject, values = found
        meant = values if holds else values.rest()
        return not meant.meets(everything(subject, ground))
    try:
        return not where(core, ground, holds)
    except TooMany:
        return False


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
            one = next((item for item in items if _empty(item, ground, not holds)), None)
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
