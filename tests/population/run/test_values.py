"""Held values as published ones: numbers to the last digit, days off the calendar unknown."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siyu.decision.values import plain_value
from siyu.population.run.dialect import as_text, value
from siyu.population.run.published import Number, published
from siyu.population.run.sql_duckdb import Duck
from siyu.types import (
    DATE,
    DATETIME,
    TIME,
    DecimalType,
    DurationType,
    IntType,
    MoneyType,
    Type,
)

CONNECTION = duckdb.connect()
WIDE = 10**30


def on_duck(held: int | None, kind: Type, text: bool = False) -> object:
    literal = "NULL::BIGINT" if held is None else f"{held}::HUGEINT"
    made = as_text(literal, kind, Duck()) if text else value(literal, kind, published(kind), Duck())
    found = CONNECTION.execute(f"SELECT {made}").fetchone()
    assert found is not None
    return found[0]


KINDS = st.one_of(
    st.integers(0, 9).map(lambda scale: DecimalType(scale)),
    st.tuples(st.sampled_from(["CNY", "JPY", "KWD"]), st.integers(0, 9)).map(
        lambda pair: MoneyType(*pair)
    ),
    st.integers(0, 6).map(lambda scale: MoneyType("CNY", scale, -WIDE, WIDE)),
    st.tuples(st.sampled_from(["day", "hour", "month"]), st.integers(0, 6)).map(
        lambda pair: DurationType(pair[0], pair[1])  # type: ignore[arg-type]
    ),
)


@given(KINDS, st.data())
def test_numbers_keep_every_digit(kind: MoneyType, data: st.DataObject) -> None:
    small = st.integers(-1_000_005, 1_000_005)
    held = data.draw(small | st.integers(kind.low, kind.high))
    expected = plain_value(kind, held, dt.UTC)
    number = str(expected).split(" ")[0]
    shape = published(kind)
    assert isinstance(shape, Number)
    assert f"{on_duck(held, kind):.{shape.scale}f}" == number  # type: ignore[str-format]
    assert on_duck(held, kind, text=True) == expected


@pytest.mark.parametrize("day", [-1, 0, 1, 739_000, 3_652_059, 3_652_060, None])
def test_days_off_the_calendar_are_unknown(day: int | None) -> None:
    found = on_duck(day, DATE)
    assert (found.isoformat() if isinstance(found, dt.date) else found) == plain_value(
        DATE, day, dt.UTC
    )


@pytest.mark.parametrize("moment", [0, 1, -1, 1_500_000, 1_763_690_400_000_000])
def test_instants_in_text_are_in_utc(moment: int) -> None:
    assert on_duck(moment, DATETIME, text=True) == plain_value(DATETIME, moment, dt.UTC)


@pytest.mark.parametrize("seconds", [0, 59, 3_600, 72_000, 86_399])
def test_times_of_day(seconds: int) -> None:
    assert on_duck(seconds, TIME, text=True) == plain_value(TIME, seconds, dt.UTC)


def test_whole_numbers_beyond_64_bits_are_decimals() -> None:
    kind = IntType(-(10**30), 10**30)
    assert published(kind) == Number(0, True)
    assert on_duck(10**30, kind) == 10**30
