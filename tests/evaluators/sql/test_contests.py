"""Contests on a real engine are those of `core.contest`, whatever their shape."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from siyu.core import ir
from siyu.types import BOOL, INT, TEXT

from ..programs import call, const, facts, field, program, unknown
from .engine import agreed


@pytest.mark.parametrize("constant", [True, False, None])
@pytest.mark.parametrize("rooms", [0, 2])
@pytest.mark.parametrize("seed", range(8))
def test_against_the_definition(constant: bool | None, rooms: int, seed: int) -> None:
    """Keys known before, or of each customer, or (None) of either kind; ties, unknown keys."""
    r = Random(f"{constant} {rooms} {seed}")
    count, keys = r.randint(1, 5), r.randint(0, 2)
    kinds = [r.choice((INT, TEXT)) for _ in range(keys)]
    pools: dict[Any, tuple[Any, ...]] = {INT: (None, 1, 2, 2), TEXT: (None, "a", "金")}
    fields: dict[str, tuple[Any, ...]] = {}

    def key(name: str, kind: Any) -> ir.Expr:
        if constant or (constant is None and r.random() < 0.5):
            held = r.choice(pools[kind])
            return unknown(kind) if held is None else const(held)
        fields[name] = pools[kind]
        return field(name, kind)

    def flag(name: str) -> ir.Expr:
        fields[name] = (True, True, False, None)
        return field(name, BOOL)

    candidates = tuple(
        ir.Candidate(
            r.choice("abc") + str(n), flag(f"e{n}"),
            tuple(key(f"k{n}_{m}", kind) for m, kind in enumerate(kinds)),
            tuple(ir.Use(r.randrange(rooms), flag(f"u{n}_{m}")) for m in range(r.randint(0, 2)))
            if rooms else (),
        )
        for n in range(count)
    )  # fmt: skip
    fields |= {f"room{n}": (None, 0, 1, 2) for n in range(rooms)}
    limits = tuple(field(f"room{n}", INT) for n in range(rooms))
    down = tuple(r.random() < 0.5 for _ in kinds)
    contest = ir.Contest(candidates, down, limits, r.choice((0, 1, 1, 2, 3)))
    made = program({f"{n}": call("item", BOOL, contest, const(n)) for n in range(count)})
    requests = [
        facts(made, {name: r.choice(pool) for name, pool in fields.items()}) for _ in range(60)
    ]
    agreed(made, requests)
