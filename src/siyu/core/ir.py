"""The nodes of the core. Whoever adds one adds it to every evaluator; the type checker lists them.

Every node has a `type` (of the held values, see `siyu.types`), may be unknown at run time (`None`),
and knows the `span` it came from and, where it is a condition people are told about, its stable
`code` (`at_risk.when.1`). Numbers are held as scaled integers; scaling is explicit in `Call`s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from siyu.text import NOWHERE, Span
from siyu.types import BOOL, Type

Held = bool | int | str | frozenset[str] | tuple[object, ...] | None


@dataclass(frozen=True, slots=True)
class Node:
    span: Span = field(default=NOWHERE, kw_only=True, compare=False, repr=False)
    code: str = field(default="", kw_only=True, compare=False)


@dataclass(frozen=True, slots=True)
class Const(Node):
    value: Held
    type: Type


Origin = Literal["customer", "event", "context", "request", "metric", "cut", "allocation"]


@dataclass(frozen=True, slots=True)
class Input(Node):
    """One scalar fact. Names: a field's name; "order_paid.amount" for events; a cut's name as in
    the calibration file. Origin "request" has: "as_of" (datetime, never unknown), "event" (text,
    the event's type), "event_key" (text), "key" (text, the customer's key).

    `optional`: may be unknown. A field of an event is unknown in requests about another one or
    none, whatever this says: it speaks of requests about its event."""

    origin: Origin
    name: str
    type: Type
    optional: bool = True  # False: never unknown, so that evaluators need no test


@dataclass(frozen=True, slots=True)
class Ref(Node):
    """The value of a binding."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Column(Node):
    """A column of the current row of the aggregate `level` steps out (0: the innermost)."""

    name: str
    type: Type
    level: int = 0
    optional: bool = True


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of `siyu.functions.FUNCTIONS`. All are strict: unknown in, unknown out."""

    function: str
    args: tuple[Expr, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Not(Node):
    value: Expr
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class And(Node):
    """Kleene: false if any is false, else unknown if any is unknown. Every item is traced."""

    items: tuple[Expr, ...]
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Or(Node):
    items: tuple[Expr, ...]
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Known(Node):
    """Never unknown itself."""

    value: Expr
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Coalesce(Node):
    """The value, or where it is unknown the default."""

    value: Expr
    default: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class Arm:
    """`value`, where `when` is true."""

    when: Expr
    value: Expr


OnUnknown = Literal["skip", "stop", "otherwise"]


@dataclass(frozen=True, slots=True)
class Cases(Node):
    """The value of the first arm whose `when` is true, else `otherwise`.

    What an unknown `when` before the first true one does: "skip": as false; "stop": the result is
    unknown; "otherwise": the result is `otherwise`. Arms and `otherwise` are evaluated only when
    taken.
    """

    arms: tuple[Arm, ...]
    otherwise: Expr
    on_unknown: OnUnknown
    type: Type


@dataclass(frozen=True, slots=True)
class Rows:
    """What an aggregate runs over: a table of the facts ("orders", "orders.lines": flattened, with
    parents' columns as "orders.paid_at"), or with `nested` a collection inside the current row
    (column `table` of the row `level` steps out, counted outside the new aggregate)."""

    table: str
    nested: bool = False
    level: int = 0


AggregateOp = Literal["count", "sum", "min", "max", "distinct", "exists", "latest", "earliest"]


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """Over the rows whose `where` is true (None: all) and whose `value` is known (None: all).

    count, sum, distinct: 0 over nothing; exists: false over nothing; min, max, latest, earliest:
    unknown over nothing. latest and earliest: `value` of the row with the greatest (least) `by`,
    ties to the greatest `tie`; rows with unknown `by` do not count, and the found row's unknown
    value is unknown (so here rows with unknown `value` do count).
    """

    op: AggregateOp
    rows: Rows
    value: Expr | None
    where: Expr | None
    type: Type
    by: Expr | None = None
    tie: Expr | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """That a candidate, if chosen, takes one from room number `room` where `when` is true."""

    room: int
    when: Expr


@dataclass(frozen=True, slots=True)
class Candidate:
    """`name` breaks ties, ascending by code point. `eligible` must be true to take part."""

    name: str
    eligible: Expr
    keys: tuple[Expr, ...]
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True)
class Contest(Node):
    """Who is chosen among candidates: at most `take`, in the order of their keys (`descending`
    per key; unknown last), then name; each chosen one needs and takes one of every room it uses.
    A room that is unknown has no end. The value is a tuple of bools, in the candidates' order;
    read one with `Call("item", (contest, Const(i)))`. Never unknown."""

    candidates: tuple[Candidate, ...]
    descending: tuple[bool, ...]
    rooms: tuple[Expr, ...]
    take: int
    type: Type = BOOL


Expr = (
    Const | Input | Ref | Column | Call | Not | And | Or | Known | Coalesce | Cases | Aggregate
    | Contest
)  # fmt: skip
