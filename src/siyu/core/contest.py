"""Who wins a contest: the definition that every evaluator shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Entrant:
    """A candidate with its values: `place` among the candidates, keys (None: unknown), and the
    numbers of the rooms from which it takes one."""

    place: int
    name: str
    keys: tuple[Any, ...]
    uses: tuple[int, ...] = ()


def ranked(entrants: Sequence[Entrant], descending: Sequence[bool]) -> list[Entrant]:
    """In order: by the first key, then the next, then by name; unknown keys last either way.

    >>> a, b, c = Entrant(0, "a", (None,)), Entrant(1, "b", (5,)), Entrant(2, "c", (7,))
    >>> [e.name for e in ranked([a, b, c], [True])]
    ['c', 'b', 'a']
    >>> [e.name for e in ranked([a, b, c], [False])]
    ['b', 'c', 'a']
    """
    order = sorted(entrants, key=lambda e: (e.name, e.place))
    for number in reversed(range(len(descending))):
        known = [e for e in order if e.keys[number] is not None]
        known.sort(key=lambda e: e.keys[number], reverse=descending[number])
        order = known + [e for e in order if e.keys[number] is None]
    return order


def chosen(
    size: int,
    entrants: Sequence[Entrant],
    descending: Sequence[bool],
    rooms: Sequence[int | None],
    take: int,
) -> tuple[bool, ...]:
    """For each of `size` candidates whether it is chosen; `entrants` are those that take part.

    >>> a, b = Entrant(0, "a", (5,), (0,)), Entrant(2, "b", (7,), (0,))
    >>> chosen(3, [a, b], [True], [1], 2)
    (False, False, True)
    >>> chosen(3, [a, b], [True], [None], 2)
    (True, False, True)
    """
    won = [False] * size
    left = list(rooms)
    for entrant in ranked(entrants, descending):
        if take <= 0:
            break
        if any(room is not None and room <= 0 for room in (left[use] for use in entrant.uses)):
            continue
        for use in entrant.uses:
            room = left[use]
            left[use] = None if room is None else room - 1
        won[entrant.place] = True
        take -= 1
    return tuple(won)
