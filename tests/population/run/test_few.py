"""Columns of outcomes.parquet that hold few texts: narrow or wide, the rows are the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import duckdb
import pytest

from siyu.evaluators.sql.texts import MOST
from siyu.population.run.columns import Decided
from siyu.population.run.few import NOTHING, few_texts, narrowed, stop_words
from siyu.population.run.layout import Constant, Content, Outcomes, RowOf, RowsOf, Value
from siyu.population.run.outcomes import column_types, outcomes
from siyu.population.run.sql_duckdb import Duck
from siyu.population.run.sql_spark import Spark
from siyu.types import TEXT

TEXTS = {"offer": ("it's 20", "满100减20", "礼"), "stop": ("cap too_often", "rule of o'neill")}
ROWS = (
    ("A", True, "满100减20", None, "app"),
    ("B", True, "it's 20", None, "sms"),
    ("C", True, None, "cap too_often", None),
    ("D", False, "礼", "rule of o'neill", "a channel nobody heard of"),
    ("E", None, None, None, None),
)
DECIDED = Decided(
    "decided", {name: name for name in ("given", "offer", "stop", "channel")}, "customer", None,
    Duck(), texts=TEXTS,
)  # fmt: skip


def part(rule: str, kind: str = "incentive", **columns: Content) -> Outcomes:
    return Outcomes(kind, rule, "given", None, tuple(columns.items()))


PARTS = (
    part("gift", benefit=Value("offer", TEXT), send=Constant('the "best" o\'clock')),
    part("note", "contact", channel=Value("channel", TEXT), params=RowsOf((RowOf(None, ()),))),
    Outcomes("stopped", "gift", None, "stop", ()),
)


def few(parts: Sequence[Outcomes], decided: Decided = DECIDED) -> dict[str, tuple[str, ...]]:
    return few_texts(parts, decided, column_types(parts, "CNY"))


def written(parts: Sequence[Outcomes], decided: Decided) -> list[dict[str, Any]]:
    """The rows that a Parquet file would have, in order of their texts."""
    with duckdb.connect(config={"threads": 1}) as db:
        told = "customer VARCHAR, given BOOLEAN, offer VARCHAR, stop VARCHAR, channel VARCHAR"
        db.execute(f"CREATE TABLE decided ({told})")
        db.executemany("INSERT INTO decided VALUES (?, ?, ?, ?, ?)", [list(row) for row in ROWS])
        found = db.sql(outcomes(parts, decided, column_types(parts, "CNY")))
        names = found.columns
        rows = found.order("customer, kind, rule").fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_columns_whose_texts_are_known_are_narrow_and_the_others_are_not() -> None:
    found = few(PARTS)
    assert found["kind"] == ("contact", "incentive", "stopped")
    assert found["rule"] == ("gift", "note")
    assert found["benefit"] == ("it's 20", "满100减20", "礼")
    assert found["send"] == ('the "best" o\'clock',)
    assert found["by"] == ("cap", "rule")
    assert found["code"] == ("of o'neill", "too_often")
    assert "channel" not in found
    assert found["detail"] == found["event"] == found["id"] == NOTHING
    assert {"customer", "points", "until", "reasons"}.isdisjoint(found)


def test_narrow_and_wide_columns_have_the_same_rows() -> None:
    wide = replace(DECIDED, texts={})
    assert "benefit" not in few(PARTS, wide)
    rows = written(PARTS, DECIDED)
    assert rows == written(PARTS, wide)
    said = [tuple(row[name] for name in ("customer", "rule", "benefit", "channel", "by", "code"))
            for row in rows]  # fmt: skip
    assert said == [
        ("A", "note", None, "app", None, None),
        ("A", "gift", "满100减20", None, None, None),
        ("B", "note", None, "sms", None, None),
        ("B", "gift", "it's 20", None, None, None),
        ("C", "note", None, None, None, None),
        ("C", "gift", None, None, None, None),
        ("C", "gift", None, None, "cap", "too_often"),
        ("D", "gift", None, None, "rule", "of o'neill"),
    ]


def test_an_empty_column_is_null_in_every_row() -> None:
    assert {row["detail"] for row in written(PARTS, DECIDED)} == {None}
    assert narrowed({"detail": "CAST(NULL AS VARCHAR)"}, {"detail": NOTHING})["detail"] == (
        "CAST(CAST(NULL AS VARCHAR) AS ENUM(''))"
    )


def test_more_texts_than_fit_leave_the_column_wide() -> None:
    fitting = tuple(part(f"r{n:03}", send=Constant(f"s{n}")) for n in range(MOST))
    assert len(few(fitting)["rule"]) == len(few(fitting)["send"]) == MOST
    crowd = (*fitting, part("one more", send=Constant("s0")))
    assert "rule" not in few(crowd)
    assert len(few(crowd)["send"]) == MOST
    assert len({row["rule"] for row in written(crowd, DECIDED)}) == MOST + 1


def test_a_control_character_leaves_the_column_wide() -> None:
    odd = [part("r", send=Constant("two\nlines")), part("s", send=Constant("one"))]
    assert "send" not in few(odd)
    assert {row["send"] for row in written(odd, DECIDED)} == {"two\nlines", "one"}


def test_texts_that_are_long_to_say_leave_the_column_wide() -> None:
    long = [part(f"r{n}", send=Constant(f"{n}" * 3_000)) for n in range(6)]
    assert "send" not in few(long)
    assert "rule" in few(long)


def test_a_text_outside_its_list_stops_the_run_and_loses_no_row() -> None:
    wrong = replace(DECIDED, texts={"offer": ("it's 20", "礼")})
    with pytest.raises(duckdb.ConversionException, match="满100减20"):
        written(PARTS[:1], wrong)


def test_the_words_of_a_stop_are_picked_by_its_text() -> None:
    assert stop_words("stop", replace(DECIDED, texts={})) is None
    assert (
        stop_words("stop", replace(DECIDED, texts={"stop": ()})) == ("CAST(NULL AS VARCHAR)",) * 2
    )
    one = replace(DECIDED, texts={"stop": ("cap first", "cap second")})
    by, code = stop_words("stop", one) or ("", "")
    assert by == "'cap'"
    assert code.startswith("CASE ")


def test_events_and_their_type_are_never_taken_for_nothing() -> None:
    of_events = replace(DECIDED, event="event", event_type="order_paid")
    found = few(PARTS, of_events)
    assert "event" not in found
    assert found["event_type"] == ("order_paid",)


def test_spark_keeps_texts() -> None:
    assert few(PARTS, replace(DECIDED, dialect=Spark())) == {}
