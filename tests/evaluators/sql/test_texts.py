"""Texts that are few and known: which an expression can be, and columns that hold them as ENUMs."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siyu.core import ir
from siyu.evaluators.sql.texts import MOST, Texts, as_enum, closed, enum_of
from siyu.types import BOOL, INT, TEXT, EnumType

from ..programs import call, const, field, unknown

YES = field("yes", BOOL)
CITY = EnumType("city", ("town", "metro"), False)
ODD = ("it's", 'a "quote"', "x'); DROP TABLE t; --", "金卡", "满100'减'20", "", " ", "😀", "Z", "a")


def either(*texts: str | None) -> ir.Expr:
    """One of these texts, by what the customer's fields say."""
    *arms, last = [unknown(TEXT) if text is None else const(text) for text in texts]
    listed = tuple(ir.Arm(field(f"f{n}", BOOL), arm) for n, arm in enumerate(arms))
    return ir.Cases(listed, last, "skip", TEXT)


@pytest.mark.parametrize(
    ("expr", "texts"),
    [
        (const("a"), ("a",)),
        (unknown(TEXT), ()),
        (either("b", "a", None, "b"), ("a", "b")),
        (ir.Coalesce(either("b", None), const("c"), TEXT), ("b", "c")),
        (field("city", CITY), ("metro", "town")),
        (field("city", EnumType("city", (), False)), None),
        (field("name", TEXT), None),
        (ir.Coalesce(field("name", TEXT), const("c"), TEXT), None),
        (ir.Cases((ir.Arm(YES, const("a")),), field("name", TEXT), "skip", TEXT), None),
        (field("age", INT), None),
        (const(1), None),
    ],
)  # fmt: skip
def test_the_texts_that_an_expression_can_be(
    expr: ir.Expr, texts: tuple[str, ...] | None
) -> None:  # fmt: skip
    assert Texts().of(expr) == texts


def test_a_binding_is_what_its_expression_is_and_an_unheard_one_is_anything() -> None:
    texts = Texts()
    texts.bind("band", either("vip", "core"))
    texts.bind("name", field("name", TEXT))
    assert texts.of_binding("band") == ("core", "vip")
    assert texts.of(ir.Coalesce(ir.Ref("band", TEXT), const("none"), TEXT)) == (
        "core",
        "none",
        "vip",
    )
    assert texts.of(ir.Ref("name", TEXT)) is texts.of_binding("name") is None
    assert texts.of(ir.Ref("heard of nowhere", TEXT)) is None


def test_a_condition_is_no_text_that_its_case_can_be() -> None:
    asked = ir.Arm(call("eq", BOOL, field("name", TEXT), const("asked")), const("a"))
    assert Texts().of(ir.Cases((asked,), const("b"), "skip", TEXT)) == ("a", "b")


def test_more_texts_than_a_byte_is_worth_are_not_told() -> None:
    most = [f"t{n:03}" for n in range(MOST)]
    assert Texts().of(either(*most)) == closed(most) == tuple(most)
    assert Texts().of(either(*most, "one more")) is None
    assert closed([*most, "one more"]) is None
    assert closed(None) is None


@pytest.mark.parametrize("control", ["\0", "\n", "\x1f", "\x7f"])
def test_a_type_cannot_spell_out_control_characters(control: str) -> None:
    assert closed(["a", f"a{control}b"]) is None
    assert Texts().of(either("a", control)) is None


@given(st.lists(st.text(st.characters(exclude_categories=("Cc", "Cs"))), min_size=1, max_size=12))
def test_a_column_of_members_is_ordered_written_and_read_as_its_texts(values: list[str]) -> None:
    texts = closed(values)
    assert texts is not None
    with duckdb.connect(config={"threads": 1}) as db:
        db.execute("CREATE TABLE t (x VARCHAR)")
        db.executemany("INSERT INTO t VALUES (?)", [[value] for value in [*values, None]])
        db.execute(f"CREATE TABLE few AS SELECT {as_enum('x', texts)} AS x FROM t")
        assert db.execute("SELECT DISTINCT typeof(x) FROM few").fetchall()[0][0].startswith("ENUM")
        asked = "SELECT x, x >= ANY (SELECT x FROM {0}) FROM {0} ORDER BY x NULLS LAST"
        assert (
            db.execute(asked.format("few")).fetchall() == db.execute(asked.format("t")).fetchall()
        )
        found = [
            value for (value,) in db.execute("SELECT x FROM few ORDER BY x NULLS LAST").fetchall()
        ]
        assert found == [*sorted(values), None]


def test_texts_with_quotes_stay_what_they_are() -> None:
    texts = closed(ODD)
    assert texts is not None
    with duckdb.connect(config={"threads": 1}) as db:
        for text in ODD:
            (found,) = db.execute(f"SELECT {as_enum('?', texts)}::VARCHAR", [text]).fetchone() or ()
            assert found == text
        ((names,),) = db.execute(f"SELECT enum_range(NULL::{enum_of(texts)})").fetchall()
        assert names == sorted(ODD)


def test_a_text_that_nobody_knew_stops_the_query_and_loses_no_row() -> None:
    with duckdb.connect(config={"threads": 1}) as db:
        db.execute("CREATE TABLE t AS SELECT unnest(['a', 'b', 'c', NULL]) AS x")
        assert db.execute(f"SELECT count({as_enum('x', ('a', 'b', 'c'))}) FROM t").fetchall() == [
            (3,)
        ]
        with pytest.raises(duckdb.ConversionException, match="c"):
            db.execute(f"SELECT {as_enum('x', ('a', 'b'))} FROM t")
