"""The generated source itself: what it may hold, how long it may be, and what it remembers."""

from __future__ import annotations

import ast
import builtins
import re
import threading
import time
from typing import Any

import pytest

from siyu.core import ir
from siyu.core.passes import specialise
from siyu.core.passes.samples import PROGRAM
from siyu.core.program import ColumnNeed, Entry, Facts, Fields, Items, Leaf, Maybe, Part, TableNeed
from siyu.evaluators.record import compile_record, functions, generate
from siyu.evaluators.reference import Trace, evaluate
from siyu.types import BOOL, DATE, DATETIME, INT, TEXT

from .programs import AS_OF, both, call, const, facts, field, program

EVIL = (
    "x'); raise SystemExit #", '"""', "\\", "\n    import os", "{0}", "%s", "__import__('os')",
    "k1", "\u2028", "\ud800", "'+(1)+'", "# coding: latin-1", "\x00",
)  # fmt: skip
WORD = re.compile(r"(f_\w+|contest|[a-z]\d+|decide(_\d+)?|moment(_\d+)?|facts|values|tables|given|"
                  r"get|add|memory|careful|len|set|dict|_)$")  # fmt: skip


# ------------------------------------------------------------------------------ author's texts


@pytest.mark.parametrize("evil", EVIL)
def test_no_text_of_an_author_is_in_the_source(evil: str) -> None:
    """As a constant, a binding's name, a field's, a column's, a candidate's, a rule's, a code."""
    table = TableNeed(evil, (ColumnNeed(evil, TEXT, True),))
    text = ir.Const(evil, TEXT, code=evil)
    column = call("eq", BOOL, ir.Column(evil, TEXT), text)
    winner = ir.Contest((ir.Candidate(evil, field(evil, BOOL), (text,)),), (True,), (), 1)
    made = program(
        {
            evil: call("join", TEXT, field(f"{evil}2", TEXT), text),
            f"{evil}3": ir.Aggregate("count", ir.Rows(evil), None, column, INT),
            f"{evil}4": call("item", BOOL, winner, const(0)),
            f"{evil}5": call("in_set", BOOL, text, ir.Const(frozenset({evil}), TEXT)),
            f"{evil}6": call("rank", INT, field("e", TEXT), ir.Const((evil, "b"), TEXT)),
            f"{evil}7": ir.Cases(
                tuple(ir.Arm(call("eq", BOOL, field("e", TEXT), text), text) for _ in range(9)),
                text, "stop", TEXT,
            ),
        },
        [table],
    )  # fmt: skip
    source = generate(made, None).source
    assert source.isascii()
    for node in ast.walk(ast.parse(source)):
        assert not isinstance(node, ast.Constant) or not isinstance(node.value, str | bytes)
        for name in (getattr(node, "id", None), getattr(node, "attr", None)):
            assert name is None or WORD.match(name), name
    request = facts(made, {f"{evil}2": "a", evil: True, "e": evil}, {evil: ((evil,), (None,))})
    found = both(made, request)
    assert found[evil] == "a" + evil
    assert found[f"{evil}3"] == 1
    assert found[f"{evil}7"] == evil


def test_what_the_source_may_call_is_listed() -> None:
    """Nothing of Python's builtins beyond these can be reached by name."""
    reachable = {name for name in dir(builtins) if WORD.match(name)}
    assert reachable == {"len", "set", "dict", "_"} & set(dir(builtins))


# ----------------------------------------------------------------------------- deep and long


def test_deep_expressions() -> None:
    """Far deeper than any policy may be written."""
    number: ir.Expr = field("x", INT)
    flag: ir.Expr = field("a", BOOL)
    for depth in range(1_200):
        number = call("add", INT, number, const(1)) if depth % 2 else ir.Coalesce(
            number, const(0), INT
        )  # fmt: skip
        flag = ir.Not(ir.And((flag, field("b", BOOL)))) if depth % 3 else ir.Or((flag,))
    made = program({"number": number, "flag": flag})
    for values in ({"x": 5, "a": True, "b": None}, {"x": None, "a": None, "b": False}):
        both(made, facts(made, values))


def test_deep_conditions_inside_of_rows() -> None:
    table = TableNeed("orders", (ColumnNeed("amount", INT, True), ColumnNeed("ok", BOOL, True)))
    deep: ir.Expr = ir.Column("ok", BOOL)
    for depth in range(500):
        deep = ir.Not(ir.Or((deep, call("lt", BOOL, ir.Column("amount", INT), const(depth)))))
    made = program(
        {"n": ir.Aggregate("count", ir.Rows("orders"), None, deep, INT)}, [table]
    )  # fmt: skip
    rows = tuple((a, ok) for a in (None, 3, 499, 900) for ok in (True, False, None))
    both(made, facts(made, tables={"orders": rows}))


def test_the_same_node_many_times_does_not_grow_the_source() -> None:
    node: ir.Expr = call("add", INT, field("x", INT), const(1))
    for _ in range(60):
        node = call("add", INT, node, node)
    made = program({"x": node})
    assert len(generate(made, None).source) < 5_000
    assert both(made, facts(made, {"x": 0})) == {"x": 2**60}


def large(rules: int) -> Any:
    exprs: dict[str, ir.Expr] = {}
    for n in range(rules):
        x, y = (
            field(f"x{n % 40}", INT, n % 3 == 0),
            field(f"x{(n * 7) % 40}", INT, n * 7 % 40 % 3 == 0),
        )
        above = call("gt", BOOL, x, const(n % 50))
        exprs[f"s{n}"] = ir.And((above, ir.Or((call("lt", BOOL, y, const(n)), ir.Not(above)))))
    arms = tuple(ir.Arm(ir.Ref(name, BOOL), const(n)) for n, name in enumerate(exprs))
    exprs["first"] = ir.Cases(arms, const(-1), "stop", INT)
    exprs["any"] = ir.Or(tuple(arm.when for arm in arms))
    return program(exprs)


def test_a_function_that_is_too_long_is_split_and_decides_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(functions, "LENGTH", 100)
    made = large(500)
    assert generate(made, None).source.count("def ") > 5
    both(made, facts(made, {f"x{n}": n for n in range(40)}))


def test_time_to_compile_grows_with_the_policy_and_not_faster() -> None:
    def seconds(rules: int) -> float:
        made = large(rules)
        start = time.perf_counter()
        compile_record(made, None)
        return time.perf_counter() - start

    small, big = min(seconds(100) for _ in range(3)), seconds(1_000)
    assert big < 25 * small


def test_time_to_decide_grows_with_the_orders_and_not_faster() -> None:
    table = TableNeed("orders", (ColumnNeed("amount", INT, True), ColumnNeed("at", INT, False)))
    exprs: dict[str, ir.Expr] = {
        f"n{n}": ir.Aggregate(
            "sum", ir.Rows("orders"), ir.Column("amount", INT),
            call("gt", BOOL, ir.Column("at", INT), const(n)), INT,
        )
        for n in range(10)
    }  # fmt: skip
    made = program(exprs, [table])
    decide = compile_record(made, None)

    def seconds(rows: int) -> float:
        request = facts(made, tables={"orders": tuple((n, n % 20) for n in range(rows))})
        start = time.perf_counter()
        decide(request)
        return time.perf_counter() - start

    few = min(seconds(1_000) for _ in range(5))
    assert min(seconds(10_000) for _ in range(3)) < 25 * few


# ----------------------------------------------------------------------------- what is remembered


def test_what_depends_on_the_moment_follows_the_moment() -> None:
    today = call("local_date", DATE, AS_OF, const("Asia/Shanghai"))
    made = program({"age": call("sub", INT, today, field("born", DATE))})
    decide = compile_record(made, None)
    day = 86_400_000_000
    for as_of in (0, day, 0, 5 * day, 5 * day):
        request = facts(made, {"born": 0}, as_of=as_of)
        assert decide.values(request) == evaluate(made, request, None)


def test_a_moment_at_which_something_is_unknown_is_decided_with_care() -> None:
    """In the last day of the calendar there is no tomorrow."""
    tomorrow = call("shift_days", DATETIME, AS_OF, const(1), const("UTC"))
    made = program({
        "soon": call("lt", BOOL, field("at", DATETIME), tomorrow),
        "known": ir.Known(tomorrow),
    })  # fmt: skip
    decide = compile_record(made, None)
    last = 253_402_300_799_999_999
    for as_of in (0, last, 0, last):
        request = facts(made, {"at": 5}, as_of=as_of)
        assert decide.values(request) == evaluate(made, request, None)


def test_threads_do_not_see_each_others_moments() -> None:
    today = call("local_date", DATE, AS_OF, const("Asia/Shanghai"))
    made = program({"today": today, "next": call("add", DATE, today, const(1))})
    decide = compile_record(made, None)
    wrong: list[object] = []

    def work(first: int) -> None:
        for n in range(2_000):
            day = first + n % 3
            found = decide(facts(made, as_of=day * 86_400_000_000))
            if found != (719_163 + day, 719_164 + day):
                wrong.append(found)

    threads = [threading.Thread(target=work, args=(10 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


# ------------------------------------------------------------------------------ only where asked


def test_what_stands_under_a_guard_is_computed_under_it() -> None:
    name = call("outcome_id", TEXT, const("p"), const("r"), field("key", TEXT), const("d"))
    parts = (
        Part("points", "r", Fields((("id", Leaf("id", TEXT)),)), guard="given"),
        Part("metrics", "m", Items((Entry("given", Maybe("given", Leaf("id", TEXT))),))),
    )
    made = program({"given": field("a", BOOL), "id": name}, parts=parts)
    decide = compile_record(made, None)
    assert decide.values(facts(made, {"a": True, "key": "k"}))["id"]
    for a in (False, None):
        assert decide.values(facts(made, {"a": a, "key": "k"}))["id"] is None


def test_parts_of_other_events_are_left_out() -> None:
    made = specialise(PROGRAM, {"high.top_5": 10}, {})
    assert compile_record(made, None).exports == ("spend", "high")
    assert compile_record(made, "order_paid").exports == ("spend", "high", "earned")


def test_metrics_of_the_request_are_used_as_given() -> None:
    made = specialise(PROGRAM, {"high.top_5": 10}, {})
    request = Facts((7,), (((3, "paid"),),), (("spend", 11),))
    brought = compile_record(made, None, given=("spend",))
    assert brought.values(request) == {"spend": 11, "high": True}
    assert evaluate(made, request, None)["high"] is True
    assert compile_record(made, None).values(request) == {"spend": 3, "high": False}


# ------------------------------------------------------------------------------------- tracing


def test_a_trace_knows_every_condition_and_the_rows_that_counted() -> None:
    made = specialise(PROGRAM, {"high.top_5": 10}, {})
    trace = Trace()
    evaluate(
        made, Facts((7,), (((3, "paid"), (9, "lost"), (None, "paid"), (4, "paid")),)), None, trace
    )
    spend, high = made.bindings[0].expr, made.bindings[1].expr
    assert isinstance(spend, ir.Aggregate)
    assert isinstance(high, ir.Call)
    assert trace.value(spend) == 7
    assert [trace.value(arg) for arg in high.args] == [7, 10]
    assert [(row.index, row.row["amount"]) for row in trace.rows(spend)] == [(0, 3), (3, 4)]


def test_a_trace_goes_on_where_the_verdict_is_clear() -> None:
    a, b = field("a", BOOL), call("gt", BOOL, field("x", INT), const(3))
    arms = (ir.Arm(a, const(1)), ir.Arm(b, const(2)))
    made = program({"both": ir.And((a, b)), "case": ir.Cases(arms, const(3), "skip", INT)})
    trace = Trace()
    evaluate(made, facts(made, {"a": False, "x": 9}), None, trace)
    assert trace.value(b) is True
    assert trace.value(arms[0].value) == 1
