"""The tree of a policy file: what was written, nothing more.

Every node is frozen and compares without its span, so that `parse(fmt(x)) == parse(x)` can be
said of whole files. Nothing is resolved here: a word is a word until `semantics` knows better.
A declaration keeps its clauses in the order they were written; that order gives the codes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from siyu.text import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Node:
    span: Span = field(default=NOWHERE, kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Ident(Node):
    """A name that is being declared or pointed to, without backticks."""

    text: str


# ---------------------------------------------------------------- expressions

TimeUnit = Literal["minute", "hour", "day", "week", "month", "quarter", "year"]
Big = Literal["万", "亿"]


@dataclass(frozen=True, slots=True)
class Number(Node):
    """`digits` as written without underscores ("1.50"). `unit` is a TimeUnit, "%", a currency code
    ("CNY", "USD") or None. `big` multiplies by 10^4 or 10^8."""

    digits: str
    unit: str | None = None
    big: Big | None = None


@dataclass(frozen=True, slots=True)
class Text(Node):
    value: str


@dataclass(frozen=True, slots=True)
class Bool(Node):
    value: bool


@dataclass(frozen=True, slots=True)
class Date(Node):
    """`2026-11-21`, as written; whether that day exists is checked later."""

    text: str


@dataclass(frozen=True, slots=True)
class DateTime(Node):
    """A date and a time of day: `2026-11-21 10:00`."""

    date: str
    time: str


@dataclass(frozen=True, slots=True)
class Time(Node):
    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A dotted path, at least one part: `recency`, `event.amount`, `orders.lines.qty`."""

    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`round(x, 2)`, `distance(a, b)`, `floor(x)`; not the aggregates."""

    function: Ident
    args: tuple[Expr, ...]


AggregateName = Literal[
    "sum", "count", "avg", "min", "max", "distinct", "exists", "latest", "earliest"
]


@dataclass(frozen=True, slots=True)
class Over(Node):
    """`over last 12 months`, `over next 7 days`, `over last 12 months ending 12 months ago`."""

    direction: Literal["last", "next"]
    length: Expr
    ending: Expr | None = None


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """`sum(orders.amount over last 12 months where status is paid)`.

    `min(a, b)` and `max(a, b)` of plain values also arrive here, with several args and no more.
    """

    function: AggregateName
    args: tuple[Expr, ...]
    by: Name | None = None
    over: Over | None = None
    where: Expr | None = None


@dataclass(frozen=True, slots=True)
class Share(Node):
    condition: Expr
    where: Expr | None = None


@dataclass(frozen=True, slots=True)
class Population(Node):
    """`population percentile(x, 95)`, `population median(x)`."""

    function: Ident
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Top(Node):
    """`top 5% by spend_12m among orders_12m >= 1`. `percent` has unit "%"."""

    percent: Number
    by: Expr
    among: Expr | None = None


@dataclass(frozen=True, slots=True)
class Negative(Node):
    value: Expr


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    op: Literal["+", "-", "*", "/"]
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Not(Node):
    value: Expr


@dataclass(frozen=True, slots=True)
class And(Node):
    """Two or more, flat: `a and b and c` is one node; an `And` inside was in parentheses."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    op: Literal["=", "!=", "<", "<=", ">", ">="]
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Expr
    low: Expr
    high: Expr


@dataclass(frozen=True, slots=True)
class In(Node):
    value: Expr
    items: tuple[Expr, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class InPeriod(Node):
    """`birthday in this month`."""

    value: Expr
    unit: TimeUnit


@dataclass(frozen=True, slots=True)
class Within(Node):
    """`anniversary of birthday within next 7 days`."""

    value: Expr
    direction: Literal["last", "next"]
    length: Expr


@dataclass(frozen=True, slots=True)
class Is(Node):
    """`x is gold`, `x is not gold`."""

    value: Expr
    member: Expr
    negated: bool = False


@dataclass(frozen=True, slots=True)
class IsKnown(Node):
    """`x is known`, `x is unknown`."""

    value: Expr
    known: bool


@dataclass(frozen=True, slots=True)
class Has(Node):
    value: Expr
    item: Expr


@dataclass(frozen=True, slots=True)
class Set(Node):
    """`("a", "b")`, `()`: what a set holds, where it is given. Never one item: that is the item in
    parentheses."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Since(Node):
    """`days since x`, `days until x`."""

    unit: TimeUnit
    value: Expr
    until: bool = False


@dataclass(frozen=True, slots=True)
class Anniversary(Node):
    value: Expr


@dataclass(frozen=True, slots=True)
class Otherwise(Node):
    """`value otherwise default`: the default where the value is unknown."""

    value: Expr
    default: Expr


Expr = (
    Number | Text | Bool | Date | DateTime | Time | Name | Call | Aggregate | Share | Population
    | Top | Negative | Arithmetic | Not | And | Or | Compare | Between | In | InPeriod | Within
    | Is | IsKnown | Has | Set | Since | Anniversary | Otherwise
)  # fmt: skip

# ---------------------------------------------------------------- clauses shared by kinds


@dataclass(frozen=True, slots=True)
class Because(Node):
    """The author's words; `{name}` inside is filled in when explained."""

    text: str


@dataclass(frozen=True, slots=True)
class Unless(Node):
    condition: Expr


@dataclass(frozen=True, slots=True)
class Effective(Node):
    """Both days included."""

    first: Date
    last: Date


@dataclass(frozen=True, slots=True)
class Formerly(Node):
    name: Ident


@dataclass(frozen=True, slots=True)
class Frozen(Node):
    """`frozen from D to D`: once published, the rule stays as it is; both days included."""

    first: Date
    last: Date


Rider = Because | Unless | Effective | Formerly


@dataclass(frozen=True, slots=True)
class When(Node):
    condition: Expr


@dataclass(frozen=True, slots=True)
class Order(Node):
    """One sort key of `by …`. `key` is an expression, or the words priority, worth, costs."""

    key: Expr | Literal["priority", "worth", "costs"]
    direction: Literal["ascending", "descending"] | None = None


@dataclass(frozen=True, slots=True)
class Window(Node):
    """`per day` (calendar: count None), `per 24 hours` (rolling), `per posting`, `per run`,
    `ever`."""

    unit: TimeUnit | Literal["posting", "run", "ever"]
    count: str | None = None


@dataclass(frozen=True, slots=True)
class Priority(Node):
    value: Expr


@dataclass(frozen=True, slots=True)
class Holdout(Node):
    percent: Number
    salt: str | None = None


@dataclass(frozen=True, slots=True)
class Limit(Node):
    """`limit 3 per week on wecom for recover, opportunity`."""

    count: Expr
    window: Window
    channel: Ident | None = None
    purposes: tuple[str, ...] = ()


# ---------------------------------------------------------------- declarations


@dataclass(frozen=True, slots=True)
class ParamVersion(Node):
    start: Date
    value: Expr


@dataclass(frozen=True, slots=True)
class Param(Node):
    name: Ident
    label: str | None
    value: Expr
    clauses: tuple[ParamVersion | Rider, ...] = ()


@dataclass(frozen=True, slots=True)
class Metric(Node):
    name: Ident
    label: str | None
    value: Expr
    clauses: tuple[Rider, ...] = ()


@dataclass(frozen=True, slots=True)
class View(Node):
    """`view purchases of orders where status is paid`; `of` may be nested: `orders.lines`."""

    name: Ident
    label: str | None
    of: Name
    where: Expr


@dataclass(frozen=True, slots=True)
class Calendar(Node):
    """`calendar cn "中国节假日" from "calendars/cn.yaml"`: lists of days, called `cn.holiday`."""

    name: Ident
    label: str | None
    path: Text


@dataclass(frozen=True, slots=True)
class Segment(Node):
    name: Ident
    label: str | None
    clauses: tuple[When | Rider, ...]


@dataclass(frozen=True, slots=True)
class Case(Node):
    """`when` None is `otherwise`; `or_unknown` belongs to that one."""

    name: Ident
    label: str | None
    when: Expr | None
    or_unknown: bool = False
    riders: tuple[Rider, ...] = ()


@dataclass(frozen=True, slots=True)
class Classify(Node):
    name: Ident
    label: str | None
    exclusive: bool
    cases: tuple[Case, ...]
    clauses: tuple[Formerly, ...] = ()


@dataclass(frozen=True, slots=True)
class Start(Node):
    value: Expr


@dataclass(frozen=True, slots=True)
class Adjust(Node):
    """`add 40 when …`, `subtract 30 when …`; riders written behind it belong to it."""

    sign: Literal["add", "subtract"]
    value: Expr
    when: Expr
    riders: tuple[Rider, ...] = ()


@dataclass(frozen=True, slots=True)
class Score(Node):
    name: Ident
    label: str | None
    low: Expr
    high: Expr
    clauses: tuple[Start | Adjust | Formerly, ...]


@dataclass(frozen=True, slots=True)
class TopShare(Node):
    """A level's `top 5% among …`."""

    percent: Number
    among: Expr | None = None


@dataclass(frozen=True, slots=True)
class FromValue(Node):
    """A level's `from 1000 yuan`."""

    value: Expr


@dataclass(frozen=True, slots=True)
class OtherwiseLevel(Node):
    or_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Level(Node):
    name: Ident
    label: str | None
    rule: TopShare | FromValue | When | OtherwiseLevel


@dataclass(frozen=True, slots=True)
class Keep(Node):
    value: Expr


@dataclass(frozen=True, slots=True)
class Grace(Node):
    value: Expr


@dataclass(frozen=True, slots=True)
class FallOneLevel(Node):
    pass


@dataclass(frozen=True, slots=True)
class Lifetime(Node):
    level: Ident
    when: Expr


@dataclass(frozen=True, slots=True)
class Tier(Node):
    name: Ident
    label: str | None
    by: Expr
    levels: tuple[Level, ...]
    clauses: tuple[Keep | Grace | FallOneLevel | Lifetime | Formerly | Frozen, ...] = ()


@dataclass(frozen=True, slots=True)
class Account(Node):
    """`currency` None is points."""

    name: Ident
    label: str | None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Into(Node):
    """`into commission of referrer`."""

    account: Ident
    of: Name | None = None


@dataclass(frozen=True, slots=True)
class Earn(Node):
    """`earn 1 per full 10 yuan of event.amount`; `per` and `of` come together or not at all."""

    value: Expr
    per: Expr | None = None
    of: Expr | None = None
    full: bool = False


@dataclass(frozen=True, slots=True)
class Times(Node):
    value: Expr
    when: Expr


@dataclass(frozen=True, slots=True)
class Multipliers(Node):
    how: Literal["highest", "product", "sum"]


@dataclass(frozen=True, slots=True)
class AtMost(Node):
    """`at most 5000 per day` (window) or `at most 50% of event.amount` (of), or neither."""

    value: Expr
    window: Window | None = None
    of: Expr | None = None


@dataclass(frozen=True, slots=True)
class AtLeast(Node):
    value: Expr


@dataclass(frozen=True, slots=True)
class RoundTo(Node):
    how: Literal["down", "up", "half_up"]


@dataclass(frozen=True, slots=True)
class Usable(Node):
    after: Expr


@dataclass(frozen=True, slots=True)
class ExpireAfter(Node):
    after: Expr


@dataclass(frozen=True, slots=True)
class ExpireAtEnd(Node):
    which: Literal["this", "next"]
    unit: TimeUnit


@dataclass(frozen=True, slots=True)
class Redeem(Node):
    """`redeem 100 for 1 yuan of event.points_offered`."""

    points: Expr
    worth: Expr
    of: Expr


@dataclass(frozen=True, slots=True)
class Reverse(Node):
    rule: Ident


PointsClause = (
    Into | Earn | Times | Multipliers | AtMost | AtLeast | RoundTo | Usable | ExpireAfter
    | ExpireAtEnd | Redeem | Reverse | When | Frozen | Rider
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Points(Node):
    name: Ident
    label: str | None
    on: Ident
    clauses: tuple[PointsClause, ...]


@dataclass(frozen=True, slots=True)
class Group(Node):
    name: Ident
    label: str | None
    choose: str
    by: tuple[Order, ...]


@dataclass(frozen=True, slots=True)
class Give(Node):
    """`give coupon "50 off 199"`, `give offer.benefit`."""

    benefit: Name
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Worth(Node):
    value: Expr


@dataclass(frozen=True, slots=True)
class Valid(Node):
    value: Expr


@dataclass(frozen=True, slots=True)
class Nature(Node):
    """`hard internal`, `soft external`."""

    cost: Literal["hard", "soft"]
    source: Literal["internal", "external"]


Principle = Literal[
    "join", "stickiness", "next_purchase", "larger_baskets", "social_face", "affection"
]


@dataclass(frozen=True, slots=True)
class Serves(Node):
    """`serves join, affection`: what an incentive does for the membership scheme."""

    principles: tuple[Principle, ...]


@dataclass(frozen=True, slots=True)
class Costs(Node):
    value: Expr


@dataclass(frozen=True, slots=True)
class Competes(Node):
    group: Ident


@dataclass(frozen=True, slots=True)
class Budget(Node):
    amount: Expr
    of: Literal["worth", "costs"] | None
    window: Window
    by: Order


IncentiveClause = (
    Give | Worth | Valid | Nature | Serves | Costs | Competes | Priority | Limit | Budget | Holdout
    | Frozen | Rider
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Incentive(Node):
    name: Ident
    label: str | None
    on: Ident | None
    audience: Expr
    clauses: tuple[IncentiveClause, ...]


Purpose = Literal["greeting", "opportunity", "recover", "remind", "upgrade"]


@dataclass(frozen=True, slots=True)
class Channel(Node):
    name: Ident
    when: Expr | None = None


@dataclass(frozen=True, slots=True)
class Via(Node):
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class Assign(Node):
    target: Name
    value: Expr


@dataclass(frozen=True, slots=True)
class Send(Node):
    template: str
    params: tuple[Assign, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours(Node):
    """`10:00 to 13:00`."""

    start: Time
    end: Time


@dataclass(frozen=True, slots=True)
class During(Node):
    """`during 10:00 to 13:00, 14:00 to 20:00`: inside any of them; at least one."""

    windows: tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class Discard(Node):
    after: Expr


ContactClause = Via | Send | Limit | Priority | Holdout | During | Discard | Frozen | Rider


@dataclass(frozen=True, slots=True)
class Contact(Node):
    name: Ident
    label: str | None
    purpose: Purpose | None
    on: Ident | None
    audience: Expr
    clauses: tuple[ContactClause, ...]


@dataclass(frozen=True, slots=True)
class Quota(Node):
    count: Expr
    window: Window
    channel: Ident | None
    same: Ident | None
    by: Order


@dataclass(frozen=True, slots=True)
class Quiet(Node):
    start: Time
    end: Time


Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@dataclass(frozen=True, slots=True)
class Days(Node):
    """`monday to friday`, or `saturday` alone."""

    first: Weekday
    last: Weekday | None = None


@dataclass(frozen=True, slots=True)
class Open(Node):
    """`open 10:00 to 13:00 on monday to friday except fr.holiday for calls in zone of home_zone`;
    what was not written is empty: the whole day, every day, all channels, the policy's zone."""

    windows: tuple[Hours, ...]
    days: tuple[Days, ...] = ()
    exceptions: tuple[Name, ...] = ()
    channels: tuple[Ident, ...] = ()
    zone: Name | None = None


@dataclass(frozen=True, slots=True)
class Require(Node):
    """`require length(title) <= 8 for sms`, of the messages that may be sent."""

    condition: Expr
    channels: tuple[Ident, ...] = ()


@dataclass(frozen=True, slots=True)
class NeverWhen(Node):
    condition: Expr


@dataclass(frozen=True, slots=True)
class Choose(Node):
    count: str
    by: tuple[Order, ...]


@dataclass(frozen=True, slots=True)
class ContactPolicy(Node):
    name: Ident
    label: str | None
    clauses: tuple[Limit | Quota | Quiet | Open | Require | NeverWhen | Choose | Rider, ...]


# table cells


@dataclass(frozen=True, slots=True)
class AnyCell(Node):
    """`any`: holds whatever the value is, missing too."""


@dataclass(frozen=True, slots=True)
class KnownCell(Node):
    known: bool


@dataclass(frozen=True, slots=True)
class CompareItem(Node):
    op: Literal["=", "!=", "<", "<=", ">", ">="]
    value: Expr


@dataclass(frozen=True, slots=True)
class RangeItem(Node):
    """`0 days..90 days`, or with `..<` without its end."""

    low: Expr
    high: Expr
    open_end: bool


@dataclass(frozen=True, slots=True)
class ListCell(Node):
    """`platinum, gold`; one item is the common case. `not` governs the whole list."""

    items: tuple[CompareItem | RangeItem | Expr, ...]
    negated: bool = False


Cell = AnyCell | KnownCell | ListCell


@dataclass(frozen=True, slots=True)
class Row(Node):
    """`cells` None is the otherwise row."""

    cells: tuple[Cell, ...] | None
    outputs: tuple[Expr, ...]
    or_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Table(Node):
    """`outputs` are the words after `gives`; `columns` the headings left of the arrow;
    `output_columns` those right of it, checked to be the same words."""

    name: Ident
    label: str | None
    policy: Literal["first", "exclusive", "collect"]
    outputs: tuple[Ident, ...]
    columns: tuple[Name, ...]
    output_columns: tuple[Ident, ...]
    rows: tuple[Row, ...]
    clauses: tuple[Formerly | Frozen, ...] = ()


# ---------------------------------------------------------------- who is one person

KeyKind = Literal["phone", "email"]


@dataclass(frozen=True, slots=True)
class Country(Node):
    """`country CN`: where telephone numbers without a country are from."""

    code: Ident


@dataclass(frozen=True, slots=True)
class JoinBy(Node):
    """`join by phone as phone when phone_verified`: profiles of one value are one person."""

    field: Ident
    kind: KeyKind | None = None
    weak: bool = False
    when: Expr | None = None


@dataclass(frozen=True, slots=True)
class ConflictOn(Node):
    """`conflict on birthday, gender`: nobody has two of these."""

    fields: tuple[Ident, ...]


@dataclass(frozen=True, slots=True)
class Ignore(Node):
    """`ignore phone in ("", "00000000000")`: values that say nothing."""

    field: Ident
    values: tuple[Text | Number, ...]


@dataclass(frozen=True, slots=True)
class MostProfiles(Node):
    """`at most 20 profiles per value`."""

    count: str


IdentityClause = Country | JoinBy | ConflictOn | Ignore | MostProfiles


@dataclass(frozen=True, slots=True)
class Identity(Node):
    """`identity one_id "…" of profiles`."""

    name: Ident
    label: str | None
    source: Ident
    clauses: tuple[IdentityClause, ...]


@dataclass(frozen=True, slots=True)
class Indicator(Node):
    name: Ident
    label: str | None
    value: Expr
    by: Name | None = None


@dataclass(frozen=True, slots=True)
class Where(Node):
    condition: Expr


@dataclass(frozen=True, slots=True)
class ByMeasure(Node):
    """`by confidence`."""

    measure: Ident


@dataclass(frozen=True, slots=True)
class TopCount(Node):
    count: str


@dataclass(frozen=True, slots=True)
class Recommend(Node):
    name: Ident
    label: str | None
    source: Name
    clauses: tuple[Where | ByMeasure | TopCount | Rider, ...]


@dataclass(frozen=True, slots=True)
class Always(Node):
    """A claim that is a plain condition; `written` tells whether the word stood there."""

    condition: Expr
    written: bool = False


@dataclass(frozen=True, slots=True)
class Never(Node):
    condition: Expr


@dataclass(frozen=True, slots=True)
class Monotone(Node):
    """`raising spend_12m never lowers member_level`."""

    raised: Name
    effect: Literal["lowers", "raises"]
    watched: Name


@dataclass(frozen=True, slots=True)
class Depends(Node):
    """`offer.benefit depends only on member_level`, or (`only` False) `… never depends on …`."""

    what: Name
    only: bool
    on: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Ensure(Node):
    name: Ident
    label: str | None
    claim: Always | Never | Monotone | Depends


@dataclass(frozen=True, slots=True)
class GivenFields(Node):
    """`given customer a = 1, b = 2`, `given order_paid amount = 5 yuan`, `given calibration …`."""

    what: Ident
    assigns: tuple[Assign, ...]


@dataclass(frozen=True, slots=True)
class GivenGrid(Node):
    """`given orders` and a grid: the heading's names, then rows of literals."""

    what: Name
    columns: tuple[Name, ...]
    rows: tuple[tuple[Expr, ...], ...]


@dataclass(frozen=True, slots=True)
class GivenLike(Node):
    """`given customer like "a sleeping gold member"`, or `like "customers/M1.json"`; the fields
    behind it are other than that customer's."""

    what: Ident
    source: Text
    assigns: tuple[Assign, ...] = ()


@dataclass(frozen=True, slots=True)
class Expect(Node):
    condition: Expr


@dataclass(frozen=True, slots=True)
class ExpectNo(Node):
    what: Name


@dataclass(frozen=True, slots=True)
class ExpectDecision(Node):
    """`expect decision like "decisions/M1.json"`."""

    file: Text


TestClause = GivenFields | GivenGrid | GivenLike | Expect | ExpectNo | ExpectDecision


@dataclass(frozen=True, slots=True)
class Test(Node):
    """`at` None: the event's time, or an error when there is none."""

    title: str
    at: Date | DateTime | None
    clauses: tuple[TestClause, ...]


Declaration = (
    Param | Metric | View | Segment | Classify | Score | Tier | Account | Points | Group
    | Incentive | Table | Contact | ContactPolicy | Recommend | Indicator | Ensure | Test
    | Identity | Calendar
)  # fmt: skip

# ---------------------------------------------------------------- the file


@dataclass(frozen=True, slots=True)
class Header(Node):
    """`policy retail_membership "…"` and its clauses; None where a clause was not written."""

    name: Ident
    label: str | None
    language: str | None = None
    version: str | None = None
    timezone: Text | None = None
    currency: Ident | None = None
    schema: Text | None = None
    messages: Text | None = None


@dataclass(frozen=True, slots=True)
class Use(Node):
    path: Text
    alias: Ident | None = None


@dataclass(frozen=True, slots=True)
class Comment(Node):
    """One comment with its `#`, and whether it stands alone on its line; placed by its span."""

    text: str
    own_line: bool


@dataclass(frozen=True, slots=True)
class File(Node):
    """One policy file. A used file may have no header."""

    header: Header | None
    uses: tuple[Use, ...]
    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...] = field(default=(), compare=False)
