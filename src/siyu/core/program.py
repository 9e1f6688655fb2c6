"""A compiled policy: bindings in order, the facts they need, and the layout of the decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from siyu.core.ir import Expr, Input
from siyu.text import NOWHERE, Span
from siyu.types import Type


@dataclass(frozen=True, slots=True)
class Binding:
    """A named value. `stratum` 0 facts and metrics, 1 segments…tables, 2 points, 3 incentives,
    4 contacts, 5 claims. `metric` is true where a request may bring the value itself."""

    name: str
    expr: Expr
    type: Type
    stratum: int = 0
    metric: bool = False
    span: Span = field(default=NOWHERE, compare=False, repr=False)


# ---------------------------------------------------------------- what is read of a request


@dataclass(frozen=True, slots=True)
class ColumnNeed:
    """A column of a table's rows. `nested` is set where the column holds a collection of rows."""

    name: str
    type: Type
    optional: bool
    nested: TableNeed | None = None


@dataclass(frozen=True, slots=True)
class TableNeed:
    """A collection that some aggregate reads: `path` "orders" or flattened "orders.lines".

    `optional`: the collection may be unknown altogether (`None` instead of rows); its aggregates
    are then all unknown, `exists` too: nobody looked, so nobody can say that there is none.
    """

    path: str
    columns: tuple[ColumnNeed, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Needs:
    """The facts a program reads, in the order in which `Facts` holds them."""

    inputs: tuple[Input, ...]
    tables: tuple[TableNeed, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """One validated request: held values in the order of `Needs.inputs`, rows (tuples in the order
    of the need's columns) in the order of `Needs.tables`. Metrics that the request brought stand in
    `given`, by name."""

    values: tuple[object, ...]
    tables: tuple[tuple[tuple[object, ...], ...] | None, ...]
    given: tuple[tuple[str, object], ...] = ()


# ---------------------------------------------------------------- what is written of a decision


@dataclass(frozen=True, slots=True)
class Leaf:
    """A binding's value, written as its type is written; null where unknown."""

    binding: str
    type: Type


@dataclass(frozen=True, slots=True)
class Fixed:
    """The same in every decision."""

    value: str | int | bool | None


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object with these keys in this order."""

    items: tuple[tuple[str, Shape], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """Present where the binding `guard` is true (None: always). A larger absolute value of the
    binding `weight` comes first, ties in the order written."""

    guard: str | None
    shape: Shape
    weight: str | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """A JSON array of the entries that are present."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A JSON object of the entries that are present, keyed; written in code-point order of keys."""

    entries: tuple[tuple[str, Entry], ...]


@dataclass(frozen=True, slots=True)
class Maybe:
    """The shape where the binding `guard` is true, else null."""

    guard: str
    shape: Shape


Shape = Leaf | Fixed | Fields | Items | Mapping | Maybe

Section = Literal[
    "metrics", "segments", "classes", "scores", "tiers", "tables", "points", "incentives",
    "contacts", "stopped", "claims",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """What one declaration contributes. Map sections (metrics … tables, claims): `name` is the key.
    List sections (points, incentives, contacts): present where `guard` is true, sorted by `name`.
    `stop` is a binding that is null, or the text "by code" of what kept it out of them. `on` is the
    event it belongs to; facts (metrics … tables, claims) are written whatever the event is."""

    section: Section
    name: str
    shape: Shape
    guard: str | None = None
    stop: str | None = None
    on: str | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """A population value that decisions read from a calibration: Input("cut", name); or what a
    budget or quota ranks by, from above or (`ascending`) from below."""

    name: str
    type: Type
    span: Span = field(default=NOWHERE, compare=False, repr=False)
    ascending: bool = False


# ---------------------------------------------------------------- what needs everyone


@dataclass(frozen=True, slots=True)
class CutRule:
    """How a calibration finds the cut `name`, over everyone with a known value of the binding `by`
    and, where `among` names one, for whom that is true.

    "top": T is the value of rank ceil(p x N) from the top; where T is the least value there is, the
    next larger one, and none if there is none. "percentile": of rank ceil(p x N) from below.
    `percent` is the share as written, "2.5".
    """

    name: str
    side: Literal["top", "percentile"]
    percent: str
    by: str
    among: str | None
    type: Type
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Want:
    """Who would draw on a budget or quota, as names of bindings: `wants` is true for those whom
    nothing but this allotment (or a later one) could stop, once those that it comes `after` are put
    in, and is never unknown; `amount` is what they take, never unknown (None: one); `rank` orders
    them, highest first, negated already where the lowest come first, unknown last; `tie` is what
    `functions.allocation.admitted` takes; `sender` says out of whose share ("" where all have one).
    `rule` is the rule's oldest name, which logs and allocations know."""

    rule: str
    wants: str
    amount: str | None
    rank: str
    tie: str
    sender: str


@dataclass(frozen=True, slots=True)
class Allotment:
    """A budget or a quota: full wants by rank until the first does not fit. `limit` names a binding
    that is the same for everyone. `used` names a binding: what this customer's log holds of the
    current period, counted before anybody wants anything (None: nothing can be told);
    `used_sender` says out of whose share; both are the same in every decision about a customer.
    `window` is the period: "run", "ever", a calendar "day", "week", "month", "quarter", "year",
    "hour" or "minute", or with a `count` so many of them, rolling. Amounts, `limit` and `used` are
    held in one scale. `after` are the codes of allotments that must be settled before this one can
    be asked for; they stand before it in `Everyone.allotments`."""

    code: str
    kind: Literal["budget", "quota"]
    limit: str
    window: str
    count: int | None
    wants: tuple[Want, ...]
    used: str | None
    used_sender: str | None
    after: tuple[str, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


StatOp = Literal["count", "sum", "min", "max", "distinct", "median", "percentile"]


@dataclass(frozen=True, slots=True)
class Stat:
    """One value of everyone for whom the binding `where` is true (None: all) and the binding
    `value` is known (None: whatever): `count` and `distinct` count, `median` and `percentile` take
    the value of rank ceil(p x N) from below. 0 over nobody for count, sum and distinct, else
    unknown."""

    name: str
    op: StatOp
    value: str | None
    where: str | None
    type: Type
    percent: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator, or a claim about everyone: `value` is an expression over `Ref`s to the stats,
    by name; it may read cuts and "as_of", and nothing else. With `by` it is found once for everyone
    and once for each value of that binding, of a set for each of its items."""

    name: str
    kind: Literal["indicator", "claim"]
    stats: tuple[Stat, ...]
    value: Expr
    type: Type
    by: str | None = None
    by_type: Type | None = None
    by_name: str = ""  # what `by` is called: a declaration, or a field of the customer
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Pairs:
    """What goes with what, of a `recommend`: pairs (A, B) of values of a column of a table's rows
    that occur with the same customer. support = P(A, B), confidence = P(B given A), lift =
    confidence / P(B), over the customers with a known value, each a decimal of 6 digits. `where` is
    a condition over `Ref`s "support", "confidence" and "lift"; `by` orders, highest first; `most`
    is how many per A are kept (None: all)."""

    name: str
    table: str
    column: str
    where: Expr | None
    by: Literal["lift", "confidence", "support"]
    most: int | None
    row_where: Expr | None = None  # over the table's columns
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Balances:
    """How the balances of a points account are spread, for a calibration. `column` ("points", or
    "worth" of money accounts), "rule" and `time` are columns of the points log `table`; `row_where`
    picks the account's postings. `redeemed_by` are the names of its redeeming rules. `why_not` says
    what is in the way, as `population.calibration` words it ("": nothing)."""

    account: str
    type: Type
    redeemed_by: tuple[str, ...] = ()
    table: str = ""
    time: str = ""
    column: str = ""
    row_where: Expr | None = None
    why_not: Literal["", "log", "columns", "others"] = ""


@dataclass(frozen=True, slots=True)
class Everyone:
    """What a run over the whole population finds. `bindings` come after the program's own and may
    refer to them; the rules name bindings of either."""

    bindings: tuple[Binding, ...] = ()
    cuts: tuple[CutRule, ...] = ()
    allotments: tuple[Allotment, ...] = ()
    figures: tuple[Figure, ...] = ()
    pairs: tuple[Pairs, ...] = ()
    needs: Needs = field(default_factory=lambda: Needs((), ()))
    """Of the program's and these bindings together: what a run reads."""
    balances: tuple[Balances, ...] = ()
    calibration: Needs = field(default_factory=lambda: Needs((), ()))
    """The same with the rows of pairs and balances: what a calibration reads."""
    proven: tuple[str, ...] = ()
    """Claims that hold of every decision, proven when the policy was compiled."""


@dataclass(frozen=True, slots=True)
class Nature:
    """What kind of incentive one is, for people and tools; no decision rests on it. `cost` is
    "hard" or "soft", `source` "internal" or "external" (empty where it was not written), `serves`
    what it does for the scheme, as written: "join", "stickiness", "next_purchase",
    "larger_baskets", "social_face", "affection"."""

    name: str
    cost: str = ""
    source: str = ""
    serves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """`bindings` are in dependency order. `emits(event)` are the parts of a decision about it."""

    name: str
    version: int
    timezone: str
    currency: str
    bindings: tuple[Binding, ...]
    needs: Needs
    parts: tuple[Part, ...]
    cuts: tuple[Cut, ...]
    allocations: tuple[str, ...]  # names of Input("allocation", …) that are read
    customer_key: str
    digest: str = ""
    ranked: tuple[Cut, ...] = ()  # budgets and quotas by code, with the type they rank by
    everyone: Everyone = field(default_factory=Everyone)
    natures: tuple[Nature, ...] = ()  # of the incentives, by name

    def emits(self, event: str | None) -> tuple[Part, ...]:
        """The parts written for a request with this event (None: without one)."""
        facts = {"metrics", "segments", "classes", "scores", "tiers", "tables", "claims"}
        return tuple(p for p in self.parts if p.section in facts or p.on == event)
