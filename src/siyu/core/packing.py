"""Many values in small tuples: how generated functions hand them on.

A tuple of a hundred values costs more to make and to free than most of them cost to compute, since
Python keeps only small ones at hand. So values travel in tuples of at most `SIZE`, in a tuple.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

SIZE = 16

Packed = tuple[tuple[Any, ...], ...]


def packing(texts: Sequence[str]) -> str:
    """Python text of a packed tuple, of expressions or of the variables it is unpacked into.

    >>> packing(["a", "b"]), packing([])
    ('((a, b,),)', '()')
    """
    parts = (texts[start : start + SIZE] for start in range(0, len(texts), SIZE))
    packed = "".join(f"({''.join(f'{text}, ' for text in part).rstrip()})," for part in parts)
    return f"({packed})"


def unpacked(values: Iterable[Iterable[Any]]) -> tuple[Any, ...]:
    """The values one after another.

    >>> unpacked(((1, 2), (3,)))
    (1, 2, 3)
    """
    return tuple(chain.from_iterable(values))
