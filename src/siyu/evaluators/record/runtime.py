"""What generated source calls: contests that were not decided in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from siyu.core.contest import Entrant, chosen

Shape = tuple[tuple[str, ...], tuple[bool, ...], int]  # names, directions, how many are taken


def contest(
    shape: Shape,
    eligible: tuple[bool | None, ...],
    keys: tuple[tuple[Any, ...], ...],
    uses: tuple[tuple[int, ...], ...],
    rooms: tuple[int | None, ...],
) -> tuple[bool, ...]:
    """`chosen` for candidates of whom some are not eligible; theirs do not matter."""
    names, descending, take = shape
    entrants = [
        Entrant(place, names[place], keys[place], uses[place])
        for place, takes_part in enumerate(eligible)
        if takes_part
    ]
    return chosen(len(names), entrants, descending, rooms, take)


RUNTIME: dict[str, Callable[..., Any]] = {"contest": contest}
