"""Ranks: worked by hand, and against the definition in plain Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siyu.population.calibration.ranks import Asked, Ranked, between, rank_of, ranked, spread_of
from siyu.population.engines.duck import DuckEngine, open_engine

Value = int | None


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckEngine]:
    opened = open_engine(memory="400MB", threads=1)
    yield opened
    opened.close()


def relation(rows: Sequence[tuple[Value, bool | None]]) -> str:
    """A relation of values `x` and whether each is `met`."""
    listed = ", ".join(
        f"({'NULL' if x is None else x}, {'NULL' if met is None else str(met).upper()})"
        for x, met in rows
    )
    empty = "SELECT CAST(NULL AS BIGINT) AS x, CAST(NULL AS BOOLEAN) AS met WHERE FALSE"
    if not rows:
        return f"({empty}) AS t"
    return f"({empty} UNION ALL SELECT * FROM (VALUES {listed}) AS v(x, met)) AS t"


def found(
    engine: DuckEngine, values: Sequence[Value], *asked: Asked, met: Sequence[bool | None] = ()
) -> tuple[Ranked, ...]:
    rows = list(zip(values, met or [True] * len(values), strict=True))
    among = "met" if met else None
    return ranked(engine, spread_of(engine, "spread", relation(rows), "x", among), asked)


def top(percent: str) -> Asked:
    return Asked("top", percent)


def below(percent: str) -> Asked:
    return Asked("percentile", percent)


# ---------------------------------------------------------------- by hand


@pytest.mark.parametrize(
    ("values", "percent", "value", "reached"),
    [
        ([], "5", None, 0),
        ([7], "5", None, 0),  # the least value there is, and none larger
        ([7], "100", None, 0),
        ([7, 9], "5", 9, 1),
        ([7, 9], "50", 9, 1),
        ([7, 9], "51", 9, 1),  # rank 2 is the least value: the next larger one
        ([7, 9], "100", 9, 1),
        ([5, 5, 5, 5], "5", None, 0),  # all equal
        ([0] * 19 + [3], "5", 3, 1),
        ([0] * 18 + [3, 4], "20", 3, 2),  # zeros are the least: rank 4 is a zero
        (list(range(20)), "5", 19, 1),  # ceil(1)
        (list(range(21)), "5", 19, 2),  # ceil(1.05)
        (list(range(100)), "5", 95, 5),
        (list(range(101)), "5", 95, 6),
        (list(range(40)), "2.5", 39, 1),
        (list(range(41)), "2.5", 39, 2),
        ([1, 2, 3, 9, 9, 9, 9, 9, 9, 9], "10", 9, 7),  # ties are in
        ([None, None, 1, 2, None], "50", 2, 1),  # N counts known values alone
        ([-5, -3, -4], "34", -4, 2),
    ],
)
def test_the_top(
    engine: DuckEngine, values: list[Value], percent: str, value: Value, reached: int
) -> None:
    (cut,) = found(engine, values, top(percent))
    assert (cut.value, cut.reached) == (value, reached)
    assert cut.population == sum(each is not None for each in values)


@pytest.mark.parametrize(
    ("values", "percent", "value"),
    [
        ([], "50", None),
        ([7], "50", 7),
        ([7, 9], "50", 7),
        ([7, 9], "50.1", 9),
        ([1, 2, 3], "50", 2),  # ceil(1.5)
        ([1, 2, 3, 4], "50", 2),
        (list(range(1, 101)), "95", 95),
        (list(range(1, 102)), "95", 96),
        ([4, 4, 4], "1", 4),
        ([None, 8, None, 2], "100", 8),
    ],
)
def test_percentiles_from_below(
    engine: DuckEngine, values: list[Value], percent: str, value: Value
) -> None:
    assert found(engine, values, below(percent))[0].value == value


def test_only_those_among_whom_count(engine: DuckEngine) -> None:
    values = [10, 9, 8, 7, 6, 5]
    met = [False, None, True, True, True, True]
    (cut,) = found(engine, values, top("50"), met=met)
    assert (cut.value, cut.population, cut.reached) == (7, 4, 2)


def test_several_cuts_of_one_column_are_found_together(engine: DuckEngine) -> None:
    asked = (top("2"), top("5"), top("20"), below("80"), below("50"))
    cuts = found(engine, list(range(1, 101)), *asked)
    assert [cut.value for cut in cuts] == [99, 96, 81, 80, 50]


def test_a_percentage_is_no_float() -> None:
    # 0.07 * 100 is 7.000000000000001 as floats have it.
    assert rank_of("7", 100) == 7
    assert rank_of("0.0000000001", 10) == 1
    assert rank_of("33.333333333333333333", 3) == 1


@pytest.mark.parametrize(
    ("old", "new", "side", "customers"),
    [
        (3, 5, "top", 2),  # 3 and 4
        (5, 3, "top", 2),
        (3, 3, "top", 0),
        (None, 5, "top", 2),  # nobody was in
        (5, None, "top", 2),
        (2, 4, "percentile", 2),  # 3 and 4
        (None, 4, "percentile", 2),  # 5 and 6
    ],
)
def test_who_stands_between_two_values(
    engine: DuckEngine, old: Value, new: Value, side: str, customers: int
) -> None:
    spread = spread_of(engine, "moved", relation([(n, True) for n in range(1, 7)]), "x")
    assert between(engine, spread, old, new, side) == customers  # type: ignore[arg-type]


# ---------------------------------------------------------------- the definition


def by_definition(values: Sequence[Value], asked: Asked) -> tuple[Value, int]:
    known = sorted(each for each in values if each is not None)
    if not known:
        return None, 0
    rank = ceil(Fraction(asked.percent) / 100 * len(known))
    if asked.side == "percentile":
        value: Value = known[rank - 1]
        return value, sum(each <= known[rank - 1] for each in known)
    value = known[-rank]
    if value == known[0]:
        value = min((each for each in known if each > known[0]), default=None)
    return value, 0 if value is None else sum(each >= value for each in known)


PERCENTS = st.one_of(
    st.integers(1, 100).map(str),
    st.decimals("0.01", "100", places=2, allow_nan=False).map(str),
)
ROWS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(-3, 3), st.integers(-(10**17), 10**17)),
        st.sampled_from([True, True, True, False, None]),
    ),
    max_size=60,
)


@given(
    ROWS,
    st.lists(st.tuples(st.sampled_from(["top", "percentile"]), PERCENTS), min_size=1, max_size=3),
)
def test_ranks_are_what_the_definition_says(
    engine: DuckEngine, rows: list[tuple[Value, bool | None]], asked: list[tuple[str, str]]
) -> None:
    cuts = [Asked(side, percent) for side, percent in asked]  # type: ignore[arg-type]
    answers = ranked(engine, spread_of(engine, "spread", relation(rows), "x", "met"), cuts)
    values = [value for value, met in rows if met]
    for cut, answer in zip(cuts, answers, strict=True):
        assert (answer.value, answer.reached) == by_definition(values, cut)
