"""Contests, case by case, in both evaluators: in place, and by the helper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from siyu.core import ir
from siyu.evaluators.record import generate
from siyu.types import BOOL, INT

from .programs import both, call, const, facts, field, program, unknown


def contest(
    keys: Sequence[Sequence[Any]],
    *,
    take: int = 1,
    descending: Sequence[bool] = (True,),
    constant: bool = True,
    uses: Sequence[Sequence[int]] = (),
    rooms: Sequence[int | None] = (),
) -> tuple[dict[str, ir.Expr], dict[str, Any]]:
    """Candidates a, b, …, each eligible where the field of its name is true, and fields' values."""
    values: dict[str, Any] = {}
    candidates = []
    for place, mine in enumerate(keys):
        name = chr(ord("a") + place)
        held: list[ir.Expr] = []
        for number, key in enumerate(mine):
            values[f"{name}{number}"] = key
            known = unknown(INT) if key is None else const(key)
            held.append(known if constant else field(f"{name}{number}", INT))
        taken = uses[place] if uses else ()
        candidates.append(
            ir.Candidate(
                name, field(name, BOOL), tuple(held),
                tuple(ir.Use(room, field(f"u{name}", BOOL)) for room in taken),
            )
        )  # fmt: skip
    held_rooms = tuple(field(f"room{n}", INT) for n in range(len(rooms)))
    values |= {f"room{n}": room for n, room in enumerate(rooms)}
    node = ir.Contest(tuple(candidates), tuple(descending), held_rooms, take)
    return {
        c.name: call("item", BOOL, node, const(place)) for place, c in enumerate(candidates)
    }, values


def winners(eligible: str, made: tuple[dict[str, ir.Expr], dict[str, Any]], using: str = "") -> str:
    """Names of those who win where those named take part and use their rooms."""
    exprs, values = made
    of = program(exprs)
    takes_part: dict[str, Any] = {name: name in eligible for name in exprs}
    takes_part |= {f"u{name}": name in using for name in exprs}
    found = both(of, facts(of, {**values, **takes_part}))
    return "".join(name for name, won in found.items() if won)


@pytest.mark.parametrize("constant", (True, False))
@pytest.mark.parametrize(
    ("eligible", "take", "expected"),
    [
        ("abc", 1, "b"), ("ac", 1, "c"), ("a", 1, "a"), ("", 1, ""),
        ("abc", 2, "bc"), ("abc", 3, "abc"), ("ab", 3, "ab"), ("abc", 0, ""),
    ],
)  # fmt: skip
def test_the_highest_first(constant: bool, eligible: str, take: int, expected: str) -> None:
    made = contest([[1], [9], [5]], take=take, constant=constant)
    assert winners(eligible, made) == expected


@pytest.mark.parametrize("constant", (True, False))
def test_ties_go_by_the_next_key_then_by_name(constant: bool) -> None:
    made = contest([[1, 5], [1, 4], [1, 4]], descending=[True, False], constant=constant)
    assert winners("abc", made) == "b"
    assert winners("ac", made) == "c"
    same = contest([[1], [1]], constant=constant)
    assert winners("ab", same) == "a"


@pytest.mark.parametrize("constant", (True, False))
@pytest.mark.parametrize("descending", (True, False))
def test_unknown_keys_come_last_either_way(constant: bool, descending: bool) -> None:
    made = contest([[None], [3]], descending=[descending], constant=constant)
    assert winners("ab", made) == "b"
    assert winners("a", made) == "a"


def test_rooms_are_taken_in_order() -> None:
    made = contest([[9], [8], [7]], take=3, uses=[[0], [0], [1]], rooms=[1, 1])
    assert winners("abc", made, using="abc") == "ac"
    assert winners("bc", made, using="bc") == "bc"
    assert winners("abc", made, using="bc") == "abc", "a does not use the room it could"


def test_who_finds_no_room_takes_no_place() -> None:
    made = contest([[9], [8]], take=1, uses=[[0, 1], [1]], rooms=[0, 1])
    assert winners("ab", made, using="ab") == "b"


def test_a_room_without_an_end() -> None:
    made = contest([[9], [8]], take=2, uses=[[0], [0]], rooms=[None])
    assert winners("ab", made, using="ab") == "ab"


def test_unknown_eligibility_is_none() -> None:
    exprs, values = contest([[9], [8]])
    made = program(exprs)
    assert both(made, facts(made, {**values, "a": None, "b": True})) == {"a": False, "b": True}


def test_constant_priorities_need_no_helper() -> None:
    assert "contest(" not in generate(program(contest([[1], [2]])[0]), None).source
    assert "contest(" in generate(program(contest([[1], [2]], constant=False)[0]), None).source


def test_many_candidates() -> None:
    made = contest([[n % 7] for n in range(26)], take=4)
    assert winners("abcdefghijklmnopqrstuvwxyz", made) == "fgnu"
