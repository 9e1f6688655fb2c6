"""Generated expressions: none crashes the checker, what it accepts has a value, and what it calls
known is known, of members of whom little is known, too."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from siyu.core.ir import Call
from siyu.core.walk import walk
from siyu.diagnostics import Diagnostic
from siyu.semantics import check, ranges
from siyu.semantics.build import FIGURES, Build, Scope
from siyu.syntax import ast
from siyu.types import DateTimeType, DateType
from strategies.expressions import expressions

from .harness import checked, evaluated
from .test_values import LEVELS, MEMBER, VIEWS

STRANGER = {
    "member_id": "M0", "joined_on": "2026-11-21", "unsubscribed": True, "orders": [],
}  # fmt: skip
MEMBERS: tuple[dict[str, Any], ...] = (
    {"customer": STRANGER},
    {"customer": MEMBER, "context": {"weather": "rain", "kind_of_day": "weekend"}},
    {"customer": MEMBER, "event": {"type": "order_paid", "order_id": "o9", "amount": "19.90"}},
)
BEFORE = f"{LEVELS}{VIEWS}metric half = total_spend / 2\nmetric recency = days since joined_on\n"

NUMBERS = ("age", "total_spend", "half", "lifetime_years", "nps_score", "event.amount", "recency")
OTHERS = ("joined_on", "birthday", "as_of", "tags", "unsubscribed", "member_level_held", "weather",
          "gold", "kind_of_day", "home", "nonsense", "订单")  # fmt: skip
COLUMNS = ("amount", "paid_at", "status", "category", "lines.qty")
ROWS = ("orders", "purchases", "lines", "purchases.lines", "orders.lines", "contacts")


def name(text: str) -> ast.Name:
    return ast.Name(tuple(text.split(".")))


def literal(text: str, unit: str | None) -> ast.Expr:
    return ast.Number(text, unit)


LITERALS = st.builds(
    literal,
    st.sampled_from(("0", "1", "2.5", "30", "100000")),
    st.sampled_from((None, None, "CNY", "CNY", "day", "day", "hour", "month", "%", "USD")),
)
FIGURES_ = st.sampled_from(NUMBERS).map(name) | LITERALS
ANY = FIGURES_ | st.sampled_from(OTHERS).map(name) | st.dates().map(lambda d: ast.Date(str(d)))
COLUMN = st.builds(lambda r, c: name(f"{r}.{c}"), st.sampled_from(ROWS), st.sampled_from(COLUMNS))
OVER = st.builds(ast.Over, st.sampled_from(("last", "next")), LITERALS)
SIGNS = st.sampled_from(("=", "!=", "<", "<=", ">", ">="))


def grown(inner: st.SearchStrategy[ast.Expr]) -> st.SearchStrategy[ast.Expr]:
    rows = st.sampled_from(ROWS).map(name)
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    column_where = st.builds(ast.Compare, SIGNS, st.sampled_from(COLUMNS).map(name), inner)
    where = st.none() | column_where | inner
    op = st.sampled_from(("sum", "avg", "min", "max", "distinct", "latest", "earliest", "count"))
    return st.one_of(
        st.builds(ast.Arithmetic, st.sampled_from("+-*/"), inner, inner),
        st.builds(ast.Compare, SIGNS, inner, inner),
        st.builds(ast.Is, inner, inner, st.booleans()),
        st.builds(ast.Between, inner, inner, inner),
        st.builds(ast.In, inner, several, st.booleans()),
        st.builds(ast.And, several),
        st.builds(ast.Or, several),
        st.builds(ast.Not, inner),
        st.builds(ast.IsKnown, inner, st.booleans()),
        st.builds(ast.Otherwise, inner, inner),
        st.builds(ast.Negative, inner),
        st.builds(ast.Has, inner, inner | st.just(ast.Text("vip"))),
        st.builds(ast.InPeriod, inner, st.sampled_from(("day", "week", "month", "year", "hour"))),
        st.builds(ast.Within, inner, st.sampled_from(("last", "next")), LITERALS),
        st.builds(ast.Since, st.sampled_from(("day", "week", "year")), inner, st.booleans()),
        st.builds(ast.Anniversary, inner),
        st.builds(ast.Call, st.sampled_from(("round", "floor", "abs")).map(ast.Ident),
                  st.tuples(inner)),
        st.builds(ast.Aggregate, op, st.tuples(COLUMN), st.none(), st.none() | OVER, where),
        st.builds(ast.Aggregate, st.sampled_from(("count", "exists")), st.tuples(rows), st.none(),
                  st.none() | OVER, where),
        st.builds(ast.Aggregate, st.sampled_from(("min", "max")), several),
    )  # fmt: skip


# Anything anywhere, which the checker mostly refuses.
GROWN = st.recursive(ANY, grown, max_leaves=6)

# Values where they belong, which it mostly accepts.
Trees = st.SearchStrategy[ast.Expr]
PLAIN: Trees = st.deferred(
    lambda: st.one_of(
        st.sampled_from(("age", "lifetime_years", "nps_score", "orders.lines")).map(_figure),
        st.builds(literal, st.sampled_from(("0", "1", "2.5", "0.125")), st.none()),
        st.builds(ast.Arithmetic, st.sampled_from("+-*/"), PLAIN, PLAIN),
        st.builds(ast.Arithmetic, st.just("/"), MONEY, MONEY),
        st.builds(ast.Otherwise, PLAIN, PLAIN),
        st.builds(ast.Aggregate, st.sampled_from(("min", "max")), st.tuples(PLAIN, PLAIN)),
        st.builds(ast.Call, st.sampled_from(("round", "floor", "ceil", "abs")).map(ast.Ident),
                  st.tuples(PLAIN)),
        st.builds(ast.Aggregate, st.sampled_from(("sum", "avg", "max", "min", "distinct")),
                  st.just((name("lines.qty"),)), st.none(), st.none(), st.none() | OF_LINE),
        st.builds(ast.Aggregate, st.just("count"), st.just((name("purchases"),)), st.none(),
                  st.none(), st.none() | OF_ORDER),
    )
)  # fmt: skip
MONEY: Trees = st.deferred(
    lambda: st.one_of(
        st.sampled_from(("total_spend", "half", "event.amount")).map(name),
        st.builds(literal, st.sampled_from(("0", "9.99", "1000")), st.just("CNY")),
        st.builds(ast.Arithmetic, st.sampled_from("+-"), MONEY, MONEY),
        st.builds(ast.Arithmetic, st.sampled_from("*/"), MONEY, PLAIN),
        st.builds(ast.Otherwise, MONEY, MONEY),
        st.builds(ast.Negative, MONEY),
        st.builds(ast.Aggregate, st.sampled_from(("sum", "avg", "max", "min", "latest")),
                  st.just((name("purchases.amount"),)), st.none(), st.none() | LAST,
                  st.none() | OF_ORDER),
    )
)  # fmt: skip
LENGTHS = st.builds(literal, st.sampled_from(("1", "30")), st.sampled_from(("day", "month")))
LAST = st.builds(ast.Over, st.sampled_from(("last", "next")), LENGTHS)
HOLDS: Trees = st.deferred(
    lambda: st.one_of(
        st.sampled_from(("unsubscribed", "wecom_friend")).map(name),
        st.builds(ast.Compare, SIGNS, PLAIN, PLAIN),
        st.builds(ast.Compare, SIGNS, MONEY, MONEY),
        st.builds(ast.Compare, SIGNS, st.just(name("member_level_held")), st.just(name("gold"))),
        st.builds(ast.IsKnown, PLAIN | MONEY, st.booleans()),
        st.builds(ast.Not, HOLDS),
        st.builds(ast.And, st.lists(HOLDS, min_size=2, max_size=3).map(tuple)),
        st.builds(ast.Or, st.lists(HOLDS, min_size=2, max_size=3).map(tuple)),
        st.builds(guarded, PLAIN, SIGNS, PLAIN, st.booleans()),
        st.builds(ast.Aggregate, st.just("exists"), st.just((name("orders"),)), st.none(),
                  st.none() | LAST, st.none() | OF_ORDER),
    )
)  # fmt: skip
OF_ORDER: Trees = st.deferred(
    lambda: st.one_of(
        st.builds(ast.Compare, SIGNS, st.just(name("amount")), MONEY),
        st.builds(guarded, st.just(name("category")), st.just("!="), st.just(ast.Text("tea")),
                  st.booleans()),
        st.builds(ast.Aggregate, st.just("exists"), st.just((name("lines"),)), st.none(),
                  st.none(), st.none() | OF_LINE),
    )
)  # fmt: skip
OF_LINE: Trees = st.deferred(lambda: st.builds(ast.Compare, SIGNS, st.just(name("qty")), PLAIN))


def _figure(text: str) -> ast.Expr:
    return ast.Aggregate("count", (name(text),)) if text == "orders.lines" else name(text)


def guarded(value: ast.Expr, op: Any, other: ast.Expr, out: bool) -> ast.Expr:
    """A negation that says what happens where the value is unknown."""
    negated = ast.Not(ast.Compare(op, value, other))
    both = ast.And((ast.IsKnown(value, True), ast.IsKnown(other, True), negated))
    either = ast.Or((ast.IsKnown(value, False), ast.IsKnown(other, False), negated))
    return either if out else both


FITTING = PLAIN | MONEY | HOLDS


def scope_for() -> Scope:
    return Scope(checked(BEFORE).build, "s", FIGURES)


def lowered(tree: ast.Expr) -> tuple[Build, tuple[Diagnostic, ...]]:
    """The build with the tree as binding `m`, and what was reported."""
    scope = scope_for()
    value = check.value(tree, scope)
    scope.build.bind("m", value, FIGURES, optional=check.may_be_unknown(value, scope))
    return scope.build, tuple(scope.build.found)


MOVING = {"add_months", "shift_days", "shift_months", "shift_seconds", "add", "sub"}


def moves(build: Build) -> bool:
    """Whether a date is moved, perhaps beyond the year 9999: that is unknown, and nobody asks."""
    return any(
        isinstance(node, Call)
        and node.function in MOVING
        and isinstance(node.type, (DateType, DateTimeType))
        for node in walk(build.bindings["m"].expr)
    )


def test_what_is_accepted_has_a_value_and_what_is_known_is_known() -> None:
    reached: Counter[str] = Counter()

    @settings(max_examples=4 * settings.default.max_examples)
    @given(GROWN | FITTING)
    def hold(tree: ast.Expr) -> None:
        build, found = lowered(tree)
        if found:
            reached.update(each.code for each in found)
            return
        for facts in MEMBERS:
            value = evaluated(build, **facts)["m"]
            reached["unknown" if value is None else "known"] += 1
            assert value is not None or build.unknowable["m"] or moves(build)
            kind = ranges.number(build.bindings["m"].type)
            if kind is not None and value is not None:
                reached["number"] += 1
                assert kind.low <= value <= kind.high

    hold()
    wanted = {"known", "unknown", "number", "E0401", "E0403", "E0501"}
    assert wanted <= set(reached), reached


@given(expressions())
@settings(max_examples=3 * settings.default.max_examples)
def test_no_expression_crashes_the_checker(tree: ast.Expr) -> None:
    _, found = lowered(tree)
    for each in found:
        assert each.text() and each.label_text() and each.help_text()
