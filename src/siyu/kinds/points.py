"""`points`: postings on an event: earned, redeemed, or taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.core.ir import Call, Expr, Ref
from siyu.core.program import Entry, Fields, Fixed, Items, Leaf, Part, Shape
from siyu.diagnostics import Diagnostic
from siyu.kinds.balances import keep_account
from siyu.kinds.kind import Kind, Stopper, only, scope_of
from siyu.kinds.post_earn import earned
from siyu.kinds.post_redeem import redeemed
from siyu.kinds.post_reverse import reversed_by, reversed_rule
from siyu.kinds.posting import Posting, Receiver, receiver_of
from siyu.kinds.refuse import EARNING, NOT_TAKEN_BACK, refuse_clauses
from siyu.kinds.rule import (
    EVENT_KEY,
    check_event,
    happening,
    occasion,
    outcome_id,
    stopped_by,
    where_given,
)  # fmt: skip
from siyu.semantics import make
from siyu.semantics.build import POINTS, Build, Declared, Outcome, Scope
from siyu.syntax import ast
from siyu.types import BOOL, DATE, INT, TEXT, MoneyType, Type
from siyu.words import Words, say


@dataclass(frozen=True, slots=True)
class OneDoing(Diagnostic):
    code: ClassVar[str] = "E0651"
    message: ClassVar[str] = "points rule `{name}` must do one thing: earn, redeem or reverse"
    label: ClassVar[str] = "this rule does {found}"
    help: ClassVar[str] = "write one line `earn …`, `redeem …` or `reverse …`, and a rule for each"
    page: ClassVar[str] = (
        "A points rule makes one kind of posting: it earns points, it quotes what redeemed points "
        "are worth, or it takes back what another rule posted."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n  schema "retail.yaml"\n\n'
        "points buy on order_paid\n  round down\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n  schema "retail.yaml"\n\n'
        "points buy on order_paid\n  earn 1 per 1 yuan of event.amount\n  round down\n"
    )

    name: str
    found: Words


def lower(declared: Declared, build: Build) -> Outcome:
    node = declared.node
    assert isinstance(node, ast.Points)
    name = declared.name
    event = check_event(node.on, build)
    scope = scope_of(declared, build, event)
    receiver = _receiver(node, scope)
    build.later(lambda: keep_account(node, receiver, scope))
    posting = _posting(node, receiver, scope)
    if posting is None or event is None:
        return Outcome(name, declared.kind, POINTS, make.error_value(node.span))
    return _emit(declared, node, event, posting, receiver, scope)


def _receiver(node: ast.Points, scope: Scope) -> Receiver:
    """Where a rule posts to; what is taken back leaves the account that it went into."""
    taken = next((c for c in node.clauses if isinstance(c, ast.Reverse)), None)
    if taken is None:
        return receiver_of(node, scope)
    rule = reversed_rule(taken, scope)
    return receiver_of(rule.node if rule else node, scope)  # type: ignore[arg-type]


def _posting(node: ast.Points, receiver: Receiver, scope: Scope) -> Posting | None:
    build = scope.build
    earn = only(node, ast.Earn, build, "earn")
    redeem = only(node, ast.Redeem, build, "redeem")
    reverse = only(node, ast.Reverse, build, "reverse")
    done = [clause for clause in (earn, redeem, reverse) if clause is not None]
    if len(done) != 1:
        found = say("nothing yet") if not done else say("several things")
        build.report(OneDoing(node.name.span, scope.owner, found))
        return None
    if earn is not None:
        return earned(node, earn, receiver, scope)
    if redeem is not None:
        refuse_clauses(node, EARNING, build, say("a rule that redeems"))
        return redeemed(node, redeem, scope)
    assert reverse is not None
    refuse_clauses(node, NOT_TAKEN_BACK, build, say("a rule that takes back"))
    rule = reversed_rule(reverse, scope)
    return reversed_by(node, reverse, rule, receiver, scope) if rule else None


def _emit(
    declared: Declared, node: ast.Points, event: str, posting: Posting, receiver: Receiver,
    scope: Scope,
) -> Outcome:  # fmt: skip
    """Binds what was found, and puts it into the decision document."""
    build, name = scope.build, declared.name

    def bind(word: str, expr: Expr, *, optional: bool = True) -> Ref:
        return build.bind(f"{name}.{word}", expr, POINTS, optional=optional, span=node.name.span)

    meant = make.all_of(happening(event), posting.meant, make.known(receiver.to))
    wanted = bind("meant", make.otherwise(meant, make.false), optional=False)
    stops = tuple(
        Stopper(
            s.by, s.code, bind(f"stop.{n}", make.otherwise(s.holds, make.false), optional=False)
        )
        for n, s in enumerate(posting.stops, 1)
    )
    clear = make.all_of(wanted, *(make.not_(stop.holds) for stop in stops))
    amount = bind("amount_due", where_given(bind("clear", clear, optional=False), posting.amount))
    some = Call("ne", (amount, make.const(0, amount.type)), BOOL)
    given = build.bind(name, make.otherwise(some, make.false), POINTS, optional=False,
                       span=node.name.span)  # fmt: skip
    stopped = bind("stopped", stopped_by(wanted, stops))
    money = isinstance(amount.type, MoneyType)
    worth_type = amount.type if money else posting.worth.type if posting.worth else None
    points = bind("points", make.const(None, INT) if money else where_given(given, amount))
    worth: Expr | None = amount if money else posting.worth
    fields: dict[str, Expr] = {"points": points}
    if worth is not None:
        fields["worth"] = bind("worth", where_given(given, worth))
    made = occasion(event, scope)
    if posting.occasion is not None:
        made = Call("join", (made, make.const("\x1f", TEXT), posting.occasion), TEXT)
    leaves: dict[str, tuple[Expr, Type]] = {
        "id": (outcome_id(node, name, made, build), TEXT),
        "to": (receiver.to, TEXT),
        "event": (EVENT_KEY, TEXT),
        "usable_on": (posting.usable or make.const(None, DATE), DATE),
        "expires_on": (posting.expires or make.const(None, DATE), DATE),
    }
    if posting.event_amount is not None:
        leaves["amount"] = (posting.event_amount, posting.event_amount.type)
    bound: dict[str, Shape] = {}
    for word, (expr, kind) in leaves.items():
        ref = bind(word, where_given(given, expr))
        bound[word] = Leaf(ref.name, kind)
        if word not in ("id", "event"):
            fields[word] = ref
    reasons = []
    for n, (code, holds) in enumerate(posting.reasons, 1):
        guard = bind(f"reason.{n}", make.otherwise(holds, make.false), optional=False)
        reasons.append(Entry(guard.name, Fixed(code)))
    shape = Fields(
        (
            ("id", bound["id"]),
            ("rule", Fixed(name)),
            ("account", Fixed(receiver.account)),
            ("to", bound["to"]),
            ("points", Leaf(points.name, INT)),
            ("worth", Leaf(f"{name}.worth", worth_type) if worth_type else Fixed(None)),
            ("event", bound["event"]),
            ("amount", bound.get("amount", Fixed(None))),
            ("usable_on", bound["usable_on"]),
            ("expires_on", bound["expires_on"]),
            ("reasons", Items(tuple(reasons))),
        )
    )
    build.emit(Part("points", name, shape, given.name, stopped.name, event))
    return Outcome(name, declared.kind, POINTS, given, fields)


KIND = Kind(
    "points",
    ast.Points,
    POINTS,
    lower,
    """Postings on an event. `earn E per U of A` is E × A ÷ U, exact until it is rounded once (down,
unless `round` says otherwise); `per full U` counts whole U. `times` multiplies where a condition
holds; several of them need `multipliers highest`, `product` or `sum` (of the factors that hold, 1
where none does). Then come `at most N per posting|day|week|month|year` (calendar; it counts what
the points log holds of this rule) and `at least` (below it nothing is posted). A rule never posts
twice for one event.

`redeem 100 for 1 yuan of event.points_offered` is a quote: whole hundreds only, negative points and
what they are worth. `reverse RULE` takes back the refunded share of what a rule posted.

Without `into` the account is `points`. `into commission of referrer` posts to another customer,
whose key stands in the field `referrer`; where that field is unknown nothing is posted.

```siyu
points purchase "Points on purchases" on order_paid
  earn 1 per 1 yuan of event.amount
  times 2 when anniversary of birthday in this month
  at most 5000 per day
  usable after 7 days
  expire 365 days after earning
```
""",
    (OneDoing,),
)
