"""The figures of a report, in no language: counts are int, amounts and shares Decimal, and None is
what a run cannot tell. `plain` makes JSON of them, decimals as texts with their digits."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from siyu.population.report.exact import Number


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim: `holds` False where it does not, None where the run cannot tell. Of a claim about
    single customers, for how many it is true, false, unknown."""

    name: str
    holds: bool | None
    true: int
    false: int
    unknown: int
    value: str | None


@dataclass(frozen=True, slots=True)
class Layer:
    """The customers of one level or case (None: unknown): heads, and the sums of their sales and
    of their orders where the report knows which metrics these are."""

    layer: str | None
    heads: int
    sales: Number | None
    orders: Number | None
    share_of_heads: Decimal | None
    share_of_sales: Decimal | None
    frequency: Decimal | None
    """orders a head"""
    value: Decimal | None
    """sales an order"""


@dataclass(frozen=True, slots=True)
class LayerChange:
    """What a layer added to the sales since the earlier run, and by what: it has more or fewer
    heads, they order more or less often, an order is worth more or less. The three make `sales`."""

    layer: str | None
    heads: Decimal
    frequency: Decimal
    value: Decimal
    sales: Decimal


@dataclass(frozen=True, slots=True)
class Pyramid:
    """The layers of a tier or class from the top, the whole of them, and those of the earlier
    run."""

    of: str
    sales: str | None
    orders: str | None
    layers: tuple[Layer, ...]
    whole: Layer
    before: tuple[Layer, ...] | None
    whole_before: Layer | None
    changes: tuple[LayerChange, ...] | None


@dataclass(frozen=True, slots=True)
class Segment:
    """How many are in a segment, out, and of how many it is unknown."""

    name: str
    true: int
    false: int
    unknown: int
    share: Decimal | None
    before: int | None


@dataclass(frozen=True, slots=True)
class Overlap:
    """Customers who are in exactly these segments."""

    segments: tuple[str, ...]
    heads: int


@dataclass(frozen=True, slots=True)
class Segments:
    """Segments, the largest sets of customers in the same ones, and how many are in both of two.
    `compared` are the segments that overlaps were counted for."""

    segments: tuple[Segment, ...]
    compared: tuple[str, ...]
    overlaps: tuple[Overlap, ...]
    further: int
    """customers in sets that are too small to be listed"""
    both: tuple[tuple[int, ...], ...]
    """of each compared segment, a row: how many are in each other one too"""


@dataclass(frozen=True, slots=True)
class Stages:
    """The cases of a class as layers, their heads before, and how they cross the pyramid."""

    name: str
    stages: tuple[Layer, ...]
    before: Mapping[str, int] | None
    levels: tuple[str | None, ...]
    crossed: tuple[tuple[int, ...], ...]
    """of each stage, a row: heads in each of the levels"""


@dataclass(frozen=True, slots=True)
class Movement:
    """Customers who came from one level to another by one change; None is no level, or none
    known."""

    held: str | None
    change: str | None
    level: str | None
    heads: int


@dataclass(frozen=True, slots=True)
class Movements:
    name: str
    levels: tuple[str, ...]
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class Posted:
    """What a rule posted to an account: `given` is the sum of what came in, `taken` of what went
    out (negative); worths are money. `cost` is what the points given really cost."""

    rule: str
    account: str
    postings: int
    given: Number | None
    taken: Number | None
    worth_given: Number | None
    worth_taken: Number | None
    face: Decimal | None
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class PointsCost:
    """What the cost of points was computed with: what a point is worth when it is spent, the share
    of points that is ever spent, what goods cost of their price."""

    point_worth: Decimal
    used: Decimal
    product_cost: Decimal


@dataclass(frozen=True, slots=True)
class Points:
    posted: tuple[Posted, ...]
    by: PointsCost | None


@dataclass(frozen=True, slots=True)
class Given:
    """What a rule gives: awards, and the sums of their worth and cost. `held_back` are those that
    its budget refused, `before` the awards of the earlier run."""

    rule: str
    awards: int
    worth: Number | None
    cost: Number | None
    held_back: int
    before: int | None


@dataclass(frozen=True, slots=True)
class Benefit:
    rule: str
    benefit: str | None
    detail: str | None
    awards: int
    worth: Number | None
    cost: Number | None


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget or quota: what it allows (each of its `senders`), what the period had spent before,
    what this run spends; and how many wanted it, got it, did not. Amounts have a point, counts
    none; `allowed` is what all senders may spend together."""

    code: str
    senders: int
    limit: str | None
    allowed: str | None
    used_before: str | None
    spent: str | None
    left: str | None
    wanted: str | None
    admitted: str | None
    refused: str | None


@dataclass(frozen=True, slots=True)
class Incentives:
    given: tuple[Given, ...]
    benefits: tuple[Benefit, ...]
    further: int
    """kinds of benefit that are not listed"""
    budgets: tuple[Budget, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    rule: str
    purpose: str | None
    channel: str | None
    contacts: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """How often something stopped a rule; `code` is the part of the policy that did."""

    rule: str
    kind: str
    by: str
    code: str
    times: int


@dataclass(frozen=True, slots=True)
class Outreach:
    sent: tuple[Sent, ...]
    before: int | None
    stopped: tuple[Stopped, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """Scores from `low` on, below the next bin's."""

    low: Decimal
    high: Decimal
    heads: int


@dataclass(frozen=True, slots=True)
class Score:
    name: str
    known: int
    unknown: int
    low: Decimal | None
    average: Decimal | None
    high: Decimal | None
    bins: tuple[Bin, ...]
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """How often a row of a decision table decided (None: none did); its outputs where they are
    the same for everyone."""

    row: str | None
    heads: int
    outputs: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator, all told and by groups, with the values of the earlier run. Values are texts
    with their digits, as the run wrote them."""

    name: str
    type: str
    value: str | None
    before: str | None
    by: str | None
    groups: tuple[tuple[str, str | None, str | None], ...]


@dataclass(frozen=True, slots=True)
class Reject:
    """Rows that were set aside, by table, kind and reason."""

    source: str
    kind: str
    field: str | None
    code: str
    rows: int
    customers: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A count or an amount now and in the earlier run. `what` is customers, sales, level, segment
    or stage; `of` and `part` name the declaration and its level or case."""

    what: str
    of: str
    part: str
    before: Number
    now: Number
    change: Decimal | None
    """as a share of what it was"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that a report shows. `run` is what the run says of itself."""

    run: Mapping[str, Any]
    before: Mapping[str, Any] | None
    claims: tuple[Claim, ...]
    pyramid: Pyramid | None
    segments: Segments | None
    stages: tuple[Stages, ...]
    movements: tuple[Movements, ...]
    points: Points
    incentives: Incentives
    outreach: Outreach
    scores: tuple[Score, ...]
    tables: tuple[Table, ...]
    indicators: tuple[Indicator, ...]
    rejects: tuple[Reject, ...]
    moved: tuple[Moved, ...]


def plain(value: Any) -> Any:
    """Figures as JSON holds them.

    >>> plain(Bin(Decimal("0"), Decimal("5.0"), 3))
    {'low': '0', 'high': '5.0', 'heads': 3}
    """
    if dataclasses.is_dataclass(value):
        names = (field.name for field in dataclasses.fields(value))
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return format(value, "f") if isinstance(value, Decimal) else value
