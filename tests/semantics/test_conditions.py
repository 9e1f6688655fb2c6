"""Conditions keep their codes and places, which explanations rest on."""

from siyu.core.ir import And, Const, Input, Known, Not, Or, Ref
from siyu.semantics import check, make
from siyu.semantics.build import FIGURES, Build, Declared, Outcome, Scope
from siyu.semantics.optional import false_guards, true_guards
from siyu.syntax import ast
from siyu.syntax.parse import parse
from siyu.text import Source
from siyu.types import BOOL, INT

from .harness import checked, retail


def scope() -> Scope:
    def lower(declared: Declared, build: Build) -> Outcome:
        raise AssertionError(declared)

    return Scope(Build(retail(), "p", "UTC", "CNY", {}, lower), "s", FIGURES)


def tree(text: str) -> ast.Expr:
    (node,) = parse(Source.of("p.siyu", f"metric m = {text}")).file.declarations
    assert isinstance(node, ast.Metric)
    return node.value


def test_parts_of_a_condition_have_codes_in_the_order_written() -> None:
    expr = tree("age is known and unsubscribed and age >= 18")
    found = check.condition(expr, scope(), "s.when.1")
    assert isinstance(found, And)
    assert found.code == "s.when.1"
    assert [item.code for item in found.items] == ["s.when.1.1", "s.when.1.2", "s.when.1.3"]
    assert isinstance(found.items[0], Known)


def test_parts_of_parts_are_numbered_below_them() -> None:
    expr = tree('age >= 18 and (tags has "vip" or unsubscribed)')
    found = check.condition(expr, scope(), "c")
    assert isinstance(found, And)
    inner = found.items[1]
    assert isinstance(inner, Or)
    assert [item.code for item in inner.items] == ["c.2.1", "c.2.2"]


def test_every_part_knows_where_it_was_written() -> None:
    text = "age >= 18 and count(orders) > 3"
    found = check.condition(tree(text), scope(), "c")
    source = f"metric m = {text}"
    assert isinstance(found, And)
    shown = [source[item.span.start : item.span.end] for item in found.items]
    assert shown == ["age >= 18", "count(orders) > 3"]


AGE = Input("customer", "age", INT)
KNOWN = Known(AGE)


def test_guards_of_what_is_true_and_of_what_is_false() -> None:
    flag = Ref("flag", BOOL)
    assert true_guards(KNOWN) == {AGE}
    assert false_guards(KNOWN) == frozenset()
    assert true_guards(And((KNOWN, flag))) == {AGE}
    assert true_guards(Or((KNOWN, flag))) == frozenset()
    assert true_guards(Or((KNOWN, And((flag, KNOWN))))) == {AGE}
    assert false_guards(Or((Not(KNOWN), flag))) == {AGE}
    assert false_guards(And((Not(KNOWN), flag))) == frozenset()
    assert true_guards(Not(Or((Not(KNOWN), flag)))) == {AGE}


def test_what_a_known_result_needs_is_known() -> None:
    total = make.call("add", INT, AGE, Const(1, INT))
    assert AGE in true_guards(Known(total))


def test_names_in_words_become_references() -> None:
    done = checked(
        "metric spend = sum(orders.amount)\nsegment s\n  when age > 3\n"
        '  because "spent {spend} at {age} in {context.weather}"'
    )
    assert not done.found
    words = done.build.words["s"]
    assert [piece for piece in words if isinstance(piece, str)] == ["spent ", " at ", " in "]
    names = [piece.name for piece in words if isinstance(piece, Ref)]
    assert names[0] == "spend" and len(names) == 3
