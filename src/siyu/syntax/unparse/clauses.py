"""Clauses as text: most are a sentence with their parts filled in, the rest have a function."""

from __future__ import annotations

import re
from itertools import chain
from typing import assert_never

from siyu.syntax import ast
from siyu.syntax.keywords import keywords
from siyu.syntax.unparse.expressions import SUM, breakable, expression
from siyu.syntax.unparse.lines import Piece, reach
from siyu.syntax.unparse.speech import (
    Speech,
    commas,
    joined,
    missing,
    path,
    quoted,
    ticked,
    word,
)

# `<position>` is a keyword, `{field}` a part of the clause. Where Chinese has another word order
# it has a sentence of its own.
_SENTENCES: dict[type[ast.Node], str | tuple[str, str]] = {
    ast.When: "<when> {condition}",
    ast.Unless: "<unless> {condition}",
    ast.NeverWhen: "<never_when> {condition}",
    ast.Where: "<where> {condition}",
    ast.Effective: "<effective> <from_date> {first} <to> {last}",
    ast.Formerly: "<formerly> {name}",
    ast.Frozen: "<frozen> {first} <to> {last}",
    ast.ParamVersion: "<from_date> {start} = {value}",
    ast.Start: "<start> {value}",
    ast.Keep: "<keep> {value}",
    ast.Grace: "<grace> {value}",
    ast.FallOneLevel: "<fall_one_level>",
    ast.Lifetime: "<lifetime> {level} <when> {when}",
    ast.Times: "<times> {value} <when> {when}",
    ast.AtLeast: "<at_least> {value}",
    ast.Usable: "<usable_after> {after}",
    ast.ExpireAfter: ("<expire> {after} <after_earning>", "<after_earning> {after} <expire>"),
    ast.Redeem: (
        "<redeem> {points} <redeem_for> {worth} <of_amount> {of}",
        "<redeem> {of} <per> {points} <points_counted> <redeem_for> {worth}",
    ),
    ast.Reverse: "<reverse> {rule}",
    ast.Worth: "<worth> {value}",
    ast.Valid: "<valid> {value}",
    ast.Costs: "<costs> {value}",
    ast.Competes: "<competes_in> {group}",
    ast.Priority: "<priority> {value}",
    ast.Quiet: "<quiet> {start} <to> {end}",
    ast.Discard: "<discard_after> {after} <discard_end>",
    ast.ByMeasure: "<by> {measure}",
    ast.TopCount: "<top> {count}",
    ast.Expect: "<expect> {condition}",
    ast.ExpectNo: "<expect_no> {what}",
    ast.ExpectDecision: "<expect> <decision_like> {file}",
    ast.Always: "{condition}",
    ast.Never: "<never> {condition}",
}
_PART = re.compile(r"<(\w+)>|\{(\w+)\}|(=)")

Clause = (
    ast.PointsClause | ast.IncentiveClause | ast.ContactClause | ast.ParamVersion | ast.Start
    | ast.Keep | ast.Grace | ast.FallOneLevel | ast.Lifetime | ast.Quota | ast.Quiet | ast.Open
    | ast.Require | ast.NeverWhen
    | ast.Choose | ast.Where | ast.ByMeasure | ast.TopCount | ast.Expect | ast.ExpectNo
    | ast.ExpectDecision
)  # fmt: skip


def clause(say: Speech, node: Clause) -> tuple[Piece, ...]:
    """The pieces of a clause: one, unless it holds a list or a condition of several parts."""
    match node:
        case ast.Via(channels):
            return _listed(say, say("via"), node, [(_channel(say, c), c) for c in channels])
        case ast.Send(template, params):
            lead = joined(say("send"), quoted(template), say("with") if params else "")
            return _listed(say, lead, node, [(assign(say, a), a) for a in params])
        case ast.Choose(count, by):
            return _listed(say, choose(say, count), node, [(order(say, key), key) for key in by])
        case ast.During(windows):
            return _listed(say, say("during"), node, [(hours(say, w), w) for w in windows])
        case ast.Open():
            return (Piece(_open(say, node), node.span),)
        case ast.Require(condition, channels):
            tail = _for_channels(say, channels)
            behind = (Piece(tail, channels[-1].span),) if channels else ()
            return (*breakable(say, say("require"), condition, node), *behind)
        case ast.Because() | ast.Into() | ast.Earn() | ast.Multipliers() | ast.AtMost():
            return (Piece(_points_text(say, node), node.span),)
        case ast.RoundTo() | ast.ExpireAtEnd():
            return (Piece(_points_text(say, node), node.span),)
        case ast.Give() | ast.Nature() | ast.Serves() | ast.Limit() | ast.Budget():
            return (Piece(_offer_text(say, node), node.span),)
        case ast.Holdout() | ast.Quota():
            return (Piece(_offer_text(say, node), node.span),)
        case _:
            return sentence(say, node)


def sentence(say: Speech, node: ast.Node) -> tuple[Piece, ...]:
    """A clause by its sentence; a condition that ends it in both languages may be broken."""
    written = _SENTENCES[type(node)]
    chosen = written if isinstance(written, str) else written[say.language == "zh"]
    parts = list(_PART.finditer(chosen))
    last = getattr(node, parts[-1][2]) if parts[-1][2] and chosen is written else None
    if not isinstance(last, ast.And | ast.Or):
        return (Piece(joined(*(_part(say, node, part) for part in parts)), node.span),)
    return breakable(say, joined(*(_part(say, node, part) for part in parts[:-1])), last, node)


def _part(say: Speech, node: ast.Node, part: re.Match[str]) -> str:
    position, field, sign = part.groups()
    if not field:
        return sign or say(position)
    value = getattr(node, field)
    return word(value.text) if isinstance(value, ast.Ident) else _plain(say, value)


def _plain(say: Speech, value: str | ast.Expr) -> str:
    return value if isinstance(value, str) else expression(say, value)


def _listed(
    say: Speech, lead: str, whole: ast.Node, items: list[tuple[str, ast.Node]]
) -> tuple[Piece, ...]:
    """`lead a, b, c`: a piece for each item, the first one with the lead."""
    if not items:
        return (Piece(lead, whole.span),)
    texts = [f"{text}," for text, _ in items[:-1]] + [items[-1][0]]
    first = Piece(joined(lead, texts[0]), reach(whole.span, items[0][1].span))
    return first, *(Piece(t, item.span) for t, (_, item) in zip(texts[1:], items[1:], strict=True))


# ---------------------------------------------------------------- points

_Points = (
    ast.Because | ast.Into | ast.Earn | ast.Multipliers | ast.AtMost | ast.RoundTo | ast.ExpireAtEnd
)


def _points_text(say: Speech, node: _Points) -> str:
    match node:
        case ast.Because(text):
            return joined(say("because"), quoted(text))
        case ast.Into(account, of):
            owner = joined(say("of_owner"), path(of)) if of else ""
            return joined(say("into"), word(account.text), owner)
        case ast.Earn():
            return _earn(say, node)
        case ast.Multipliers(how):
            return say("multipliers", "sum_of_all" if how == "sum" else how)
        case ast.AtMost():
            return _at_most(say, node)
        case ast.RoundTo(how):
            return say(f"round_{how}")
        case ast.ExpireAtEnd(which, unit):
            period = f"{which}.{unit}"
            zh = say.language == "zh"
            return say(period, "at_end_of", "expire") if zh else say("expire", "at_end_of", period)
        case _:
            assert_never(node)


def _earn(say: Speech, node: ast.Earn) -> str:
    """`earn 1 per 1 yuan of event.amount` is `按 event.amount 每 1 元 得 1 分`."""
    value = joined(say("earn"), _amount(say, node.value))
    if node.per is None or node.of is None:
        return value
    rate = joined(say("per_full" if node.full else "per"), expression(say, node.per))
    if say.language == "zh":
        return joined(say("by"), expression(say, node.of), rate, value)
    return joined(value, rate, say("of_amount"), expression(say, node.of))


def _at_most(say: Speech, node: ast.AtMost) -> str:
    """`at most 50% of x` is `至多 x 的 50%`; `at most 100 per day` is `每日 至多 100 分`."""
    lead = say("at_most")
    if node.of is None:
        most = _amount(say, node.value)
        leading = _at_most_per(say, node.window)
        return joined(leading, most) if leading else joined(lead, most, window(say, node.window))
    value, of = expression(say, node.value), expression(say, node.of)
    if say.language == "en":
        return joined(lead, value, say("of_amount"), of)
    return joined(lead, of, say("the"), value)


def _at_most_per(say: Speech, node: ast.Window | None) -> str:
    """`每日 至多`, for the windows that may lead in Chinese; empty for others."""
    position = f"at_most_per.{node.unit}" if node and node.count is None else ""
    return say(position) if position in keywords().by_position else ""


def _amount(say: Speech, node: ast.Expr, counter: str = "points_counted") -> str:
    """An expression, with the Chinese counting word behind a bare number: `1 分`, `3 次`."""
    bare = isinstance(node, ast.Number) and node.unit is None
    return joined(expression(say, node), say(counter) if bare else "")


def window(say: Speech, node: ast.Window | None) -> str:
    """`per day`, `per 24 hours`, `per posting`, `ever`."""
    match node:
        case None:
            return ""
        case ast.Window("ever"):
            return say("ever")
        case ast.Window("posting" | "run" as unit):
            return say(f"per_{unit}")
        case ast.Window(unit, None):
            return say(f"per_unit.{unit}")
        case ast.Window(unit, count):
            return joined(say("per_window"), count or "", say.unit(unit, count or ""))


# ---------------------------------------------------------------- incentives and contacts

_Offer = ast.Give | ast.Nature | ast.Serves | ast.Limit | ast.Budget | ast.Holdout | ast.Quota


def _offer_text(say: Speech, node: _Offer) -> str:
    match node:
        case ast.Give(benefit, detail):
            return joined(say("give"), path(benefit), label(detail))
        case ast.Nature(cost, source):
            return say(cost, source)
        case ast.Serves(principles):
            return joined(say("serves"), commas([say(f"principle.{each}") for each in principles]))
        case ast.Limit() | ast.Budget() | ast.Quota():
            return _bound(say, node)
        case ast.Holdout(percent, salt):
            seed = joined(say("salt"), quoted(salt)) if salt is not None else ""
            return joined(say("holdout"), say.number(percent), seed)
        case _:
            assert_never(node)


def _bound(say: Speech, node: ast.Limit | ast.Budget | ast.Quota) -> str:
    """`limit 1 per 90 days` is `每 90 天 限 1 次`: in Chinese the window leads."""
    when = window(say, node.window)
    match node:
        case ast.Limit(count, _, channel, purposes):
            most = joined(say("limit"), _amount(say, count, "times_counted"))
            aims = commas([say(f"purpose.{purpose}") for purpose in purposes])
            rest = joined(_on(say, channel), joined(say("for"), aims) if purposes else "")
        case ast.Budget(amount, of, _, by):
            most = joined(say("budget"), expression(say, amount), say(f"of_{of}") if of else "")
            rest = joined(say("by"), order(say, by))
        case ast.Quota(count, _, channel, same, by):
            most = joined(say("quota"), expression(say, count))
            sender = joined(say("same"), word(same.text)) if same else ""
            rest = joined(_on(say, channel), sender, say("by"), order(say, by))
        case _:
            assert_never(node)
    return joined(most, when, rest) if say.language == "en" else joined(when, most, rest)


def _on(say: Speech, channel: ast.Ident | None) -> str:
    return joined(say("on_channel"), word(channel.text)) if channel else ""


def hours(say: Speech, node: ast.Hours) -> str:
    """`10:00 to 13:00`."""
    return joined(expression(say, node.start), say("to"), expression(say, node.end))


def _open(say: Speech, node: ast.Open) -> str:
    """`open 10:00 to 13:00 on monday to friday except fr.holiday for calls in zone of home_zone`;
    in Chinese the weekdays follow the hours without a word between them."""
    windows = commas([hours(say, window) for window in node.windows])
    days = commas([_days(say, each) for each in node.days])
    on = say("on_days") if days and (say.language == "en" or not windows) else ""
    but = joined(say("except"), commas([path(each) for each in node.exceptions]))
    zone = joined(say("in_zone"), path(node.zone)) if node.zone else ""
    channels = _for_channels(say, node.channels)
    return joined(say("open"), windows, on, days, but if node.exceptions else "", channels, zone)


def _days(say: Speech, node: ast.Days) -> str:
    last = joined(say("to"), say(f"weekday.{node.last}")) if node.last else ""
    return joined(say(f"weekday.{node.first}"), last)


def _for_channels(say: Speech, channels: tuple[ast.Ident, ...]) -> str:
    names = commas([word(channel.text) for channel in channels])
    return joined(say("for_channels"), names) if channels else ""


def _channel(say: Speech, node: ast.Channel) -> str:
    when = joined(say("when"), expression(say, node.when)) if node.when is not None else ""
    return joined(word(node.name.text), when)


def assign(say: Speech, node: ast.Assign) -> str:
    """`amount = wakeup.worth`."""
    return f"{path(node.target)} = {expression(say, node.value)}"


def given_assign(say: Speech, node: ast.Assign) -> str:
    """`birthday = unknown`, where a test gives it."""
    return f"{path(node.target)} = {missing(say, node.value) or expression(say, node.value)}"


def choose(say: Speech, count: str) -> str:
    """`choose 1 by`."""
    return joined(say("choose"), count, say("by"))


def order(say: Speech, node: ast.Order) -> str:
    """One key of `by`: an expression, or one of the words priority, worth, costs."""
    return joined(_key(say, node), say(node.direction) if node.direction else "")


def _key(say: Speech, node: ast.Order) -> str:
    if isinstance(node.key, str):
        return say(node.key)
    text = expression(say, node.key, SUM)
    if text in _own_keys():
        return ticked(text)
    return f"({text})" if text.split(" ")[0] in _own_keys() else text


def _own_keys() -> frozenset[str]:
    """The words that mean an incentive's own priority, worth and costs."""
    table = keywords().by_position
    return frozenset(
        chain.from_iterable(table[k].spellings for k in ("priority", "worth", "costs"))
    )


def label(text: str | None) -> str:
    return "" if text is None else quoted(text)
