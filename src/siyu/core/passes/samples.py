"""A small program for the doctests of the passes beside it."""

from siyu.core.ir import Aggregate, Call, Column, Const, Expr, Input, Ref, Rows
from siyu.core.program import (
    Binding,
    ColumnNeed,
    Cut,
    Leaf,
    Needs,
    Part,
    Program,
    TableNeed,
)
from siyu.types import BOOL, INT, TEXT


def _call(function: str, *args: Expr, kind: object = INT) -> Call:
    return Call(function, args, kind)  # type: ignore[arg-type]


AMOUNT = Column("amount", INT)
PAID = _call("eq", Column("status", TEXT), Const("paid", TEXT), kind=BOOL)
SPEND = Aggregate("sum", Rows("orders"), AMOUNT, PAID, INT)
CUT = Input("cut", "high.top_5", INT)
EVENT = Input("event", "order_paid.amount", INT, optional=False)

ORDERS = TableNeed(
    "orders",
    (
        ColumnNeed("order_id", TEXT, False),
        ColumnNeed("amount", INT, True),
        ColumnNeed("status", TEXT, False),
    ),
)

PROGRAM = Program(
    name="sample",
    version=1,
    timezone="Asia/Shanghai",
    currency="CNY",
    bindings=(
        Binding("spend", SPEND, INT, 0, metric=True),
        Binding("high", _call("ge", Ref("spend", INT), CUT, kind=BOOL), BOOL, 1),
        Binding("earned", _call("mul", EVENT, _call("add", Const(1, INT), Const(1, INT))), INT, 2),
    ),
    needs=Needs((EVENT,), (TableNeed("orders", ORDERS.columns[1:]),)),
    parts=(
        Part("metrics", "spend", Leaf("spend", INT)),
        Part("segments", "high", Leaf("high", BOOL)),
        Part("points", "purchase", Leaf("earned", INT), on="order_paid"),
    ),
    cuts=(Cut("high.top_5", INT),),
    allocations=(),
    customer_key="member_id",
)
