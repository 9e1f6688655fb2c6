"""Nothing that a policy may hold makes lints take long: what would, is not looked at."""

from __future__ import annotations

import time

from tests.lint.looking import looked

ENOUGH = 10.0  # seconds of this process; each takes well under two


def taken(text: str) -> float:
    made = looked(text)
    start = time.process_time()
    made.found()
    return time.process_time() - start


def test_a_long_table() -> None:
    rows = "".join(f"  | {n % 120} | >= {n} yuan -> {n} |\n" for n in range(2_000))
    table = f"table t first gives x\n  | age | total_spend -> x |\n{rows}  | otherwise -> 0 |\n"
    assert taken(table) < ENOUGH


def test_figures_of_figures() -> None:
    """Each names ten others, and these ten more."""
    figures = ["metric m0_0 = count(orders over last 12 months)\n"]
    figures += [f"metric m0_{n} = count(orders where paid_at in this year)\n" for n in range(1, 10)]
    for layer in range(1, 9):
        summed = " + ".join(f"m{layer - 1}_{n}" for n in range(10))
        figures += [f"metric m{layer}_{n} = round({summed}, 0) / 10\n" for n in range(10)]
    assert taken("".join(figures) + "segment s\n  when m8_0 > m8_1\n") < ENOUGH


def test_many_conditions_in_one_rule() -> None:
    parts = " and ".join(f"(age > {200 + n} or nps_score > 3)" for n in range(3_000))
    assert taken(f"segment s\n  when {parts}\n") < ENOUGH
    edges = " and ".join(f"(age > {n % 100} or nps_score > {n % 9})" for n in range(60))
    assert taken(f"segment s\n  when {edges}\n") < ENOUGH
