"""The text of a query: readable, the same each time, and nothing of an author in it unquoted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlglot
from syrupy.assertion import SnapshotAssertion

from siyu import api
from siyu.core import ir
from siyu.core.passes import alone, at_moment
from siyu.core.program import ColumnNeed, Program, TableNeed
from siyu.evaluators.sql import Relations, decide_query, generate, needs_read, plan_facts
from siyu.evaluators.sql.notes import note
from siyu.text import Span
from siyu.types import BOOL, INT, TEXT

from ..programs import call, const, facts, field, program
from .engine import agreed, rows
from .held import back, relations

STARTER = Path("policies/starter/policy.siyu")
AS_OF = 1_795_226_400_000_000
DIALECTS = ("duckdb", "spark")
EVIL = (
    "x'); DROP TABLE t; --",
    'a"b',
    "a`b",
    "\\",
    "a\nb",
    "${x}",
    "金 额",
    "*/ /*",
    "A",
    "a",
    "\x00",
)


def starter() -> Program:
    return alone(api.load(STARTER).program)


def text_of(made: Program, dialect: Any, event: str | None = None) -> str:
    tables = {need.path: need.path.replace(".", "_") for need in needs_read(made).tables}
    return generate(made, Relations("records", tables), dialect, event).text


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("event", [None, "order_paid"])
def test_of_the_starter(dialect: str, event: str | None, snapshot: SnapshotAssertion) -> None:
    text = text_of(at_moment(starter(), AS_OF, event), dialect, event)
    assert text == text_of(at_moment(starter(), AS_OF, event), dialect, event)
    assert len(sqlglot.parse(text, read=dialect)) == 1
    assert text == snapshot


@pytest.mark.parametrize("dialect", DIALECTS)
def test_without_a_moment_it_can_be_parsed_too(dialect: str) -> None:
    made = at_moment(starter(), None, "order_paid")
    assert len(sqlglot.parse(text_of(made, dialect, "order_paid"), read=dialect)) == 1


@pytest.mark.parametrize("evil", EVIL)
def test_no_text_of_an_author_gets_out_of_its_quotes(evil: str) -> None:
    """As a constant, a name of a binding, a field, a column, a table."""
    table = TableNeed(evil, (ColumnNeed(evil, TEXT, True),))
    text = ir.Const(evil, TEXT, code=evil)
    where = call("eq", BOOL, ir.Column(evil, TEXT), text)
    mine = call("eq", BOOL, ir.Column(evil, TEXT), field(evil, TEXT))
    made = program({
        evil: call("eq", BOOL, field(evil, TEXT), text),
        f"{evil}2": ir.Aggregate("count", ir.Rows(evil), None, where, INT),
        f"{evil}3": ir.Aggregate("count", ir.Rows(evil), None, mine, INT),
    }, [table])  # fmt: skip
    values = agreed(made, [facts(made, {evil: evil}, {evil: ((evil,), ("b",), (None,))})])
    assert values == [{evil: True, f"{evil}2": 1, f"{evil}3": 1}]
    for dialect in DIALECTS:
        of = Relations("records", {evil: "a_table"})
        query = generate(made, of, dialect, wanted=[b.name for b in made.bindings])  # type: ignore[arg-type]
        assert len(sqlglot.parse(query.text, read=dialect)) == 1


@pytest.mark.parametrize("evil", EVIL)
def test_a_note_stays_one_comment(evil: str) -> None:
    found = note(evil, Span("a\n.siyu", 0, 1), lambda span: f"{span.file}:1")
    assert not set(found) & set("\n\r\\$'\"`*{}\x00")


def test_what_is_left_to_the_reader_is_what_the_column_would_be() -> None:
    won = ir.And((field("a", BOOL), field("b", BOOL)))
    made = program({
        "won": won,
        "worth": ir.Cases((ir.Arm(ir.Ref("won", BOOL), const(5)),), const(0), "skip", INT),
        "five": const(5),
    })  # fmt: skip
    requests = [facts(made, {"a": a, "b": True}) for a in (True, False, None)]
    plan = plan_facts(made, None)
    records = relations(made, requests, "duckdb").records
    query = decide_query(plan, made, records, "duckdb", later=("worth", "five"))
    assert set(query.columns) == {"won"}
    assert set(query.later) == {"worth", "five"}
    asked = f"SELECT {query.later['worth']} AS w, {query.later['five']} AS f FROM ({query.text})"
    found = sorted((back(INT, row["w"]), back(INT, row["f"])) for row in rows(asked))
    assert found == [(0, 5), (0, 5), (5, 5)]


def test_what_is_no_binding_cannot_be_wanted() -> None:
    made = program({"x": field("x", INT)})
    with pytest.raises(KeyError, match="y"):
        plan_facts(made, None, wanted=["y"])
