"""Small programs made by hand, for tests of one thing at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from siyu.core import ir
from siyu.core.passes import needs_of
from siyu.core.program import Binding, Facts, Leaf, Needs, Part, Program, TableNeed
from siyu.core.verify import verify
from siyu.evaluators.record import compile_record
from siyu.evaluators.reference import evaluate
from siyu.types import BOOL, DATETIME, INT, TEXT, Type

AS_OF = ir.Input("request", "as_of", DATETIME, False)


def const(value: Any) -> ir.Const:
    """A constant, its type guessed from the value."""
    kinds: dict[type, Type] = {bool: BOOL, int: INT, str: TEXT}
    return ir.Const(value, kinds.get(type(value), TEXT))


def unknown(kind: Type) -> ir.Const:
    return ir.Const(None, kind)


def field(name: str, kind: Type, optional: bool = True) -> ir.Input:
    return ir.Input("customer", name, kind, optional)


def call(name: str, kind: Type, *args: ir.Expr) -> ir.Call:
    return ir.Call(name, args, kind)


def program(
    exprs: Mapping[str, ir.Expr],
    tables: Sequence[TableNeed] = (),
    parts: Sequence[Part] | None = None,
) -> Program:
    """A program of these bindings; without `parts` each of them is written."""
    bindings = tuple(Binding(name, expr, expr.type) for name, expr in exprs.items())
    found = needs_of(bindings, {table.path: table for table in tables})
    inputs = (AS_OF, *(need for need in found.inputs if need != AS_OF))
    if parts is None:
        parts = [Part("metrics", b.name, Leaf(b.name, b.type)) for b in bindings]
    made = Program(
        "p", 1, "Asia/Shanghai", "CNY", bindings, Needs(inputs, found.tables), tuple(parts),
        (), (), "id",
    )  # fmt: skip
    assert not verify(made)
    return made


def facts(
    made: Program, values: Mapping[str, Any] = {}, tables: Mapping[str, Any] = {}, as_of: int = 0
) -> Facts:
    """A request; fields not given are unknown, tables not given are empty."""
    held = {**values, "as_of": as_of}
    needed = tuple(held.get(need.name) for need in made.needs.inputs)
    return Facts(needed, tuple(tables.get(need.path, ()) for need in made.needs.tables))


def both(made: Program, request: Facts, event: str | None = None) -> dict[str, Any]:
    """What the reference gives, which must be what the generated Python gives, types included."""
    expected = evaluate(made, request, event)
    names = [binding.name for binding in made.bindings]
    found = compile_record(made, event, exports=names).values(request)
    assert {n: (type(v), v) for n, v in found.items()} == {
        n: (type(v), v) for n, v in expected.items()
    }
    return expected


def value(expr: ir.Expr, **values: Any) -> Any:
    """An expression's value where the customer's fields have these values."""
    made = program({"x": expr})
    return both(made, facts(made, values))["x"]
