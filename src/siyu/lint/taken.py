"""Which of several ways, asked from above, nobody ever takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from siyu.core.ir import Expr
from siyu.kinds.boxes import MOST_BOXES, Box, Ground, TooMany, where, without
from siyu.lint.look import Look

MOST_WAYS = 300  # beyond these nothing is told: every one is held against all above it


@dataclass(frozen=True, slots=True)
class Untaken:
    """A way by its number, and the one above that alone takes everybody from it (None: several
    together do). Its own condition can hold unless `impossible`."""

    number: int
    by: int | None
    impossible: bool = False


def untaken(ways: Sequence[Expr | None], look: Look) -> Iterator[Untaken]:
    """The ways that are never taken: a way is, where it holds and all above are false. None holds
    always (`otherwise`)."""
    conditions = [way for way in ways if way is not None]
    every = look.grounds(*conditions)
    boxes = [[_boxes(way, ground) for way in ways[:MOST_WAYS]] for ground in every]
    for number in range(min(len(ways), MOST_WAYS)):
        own = [(ground, read, read[number]) for ground, read in zip(every, boxes, strict=True)]
        if all(mine == [] for _, _, mine in own):
            yield Untaken(number, None, impossible=True)
        elif all(_covered(mine, read[:number], ground) for ground, read, mine in own):
            alone = (
                above
                for above in range(number)
                if all(_covered(mine, [read[above]], ground) for ground, read, mine in own)
            )
            yield Untaken(number, next(alone, None))


def _boxes(way: Expr | None, ground: Ground) -> list[Box] | None:
    try:
        return [{}] if way is None else where(way, ground)
    except TooMany:
        return None


def _covered(own: list[Box] | None, above: Sequence[list[Box] | None], ground: Ground) -> bool:
    """Whether nothing is left of a way's boxes; what cannot be looked at takes nothing away."""
    if own is None:
        return False
    left = own
    for boxes in above:
        for taken in boxes or ():
            left = [rest for box in left for rest in without(box, taken, ground)]
            if len(left) > MOST_BOXES:
                return False
        if not left:
            return True
    return not left
