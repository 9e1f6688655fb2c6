"""What each rule of the grammar builds: one function or node class per rule.

A builder is called with the span of what was read and the values of the rule's carrying children,
in their order (see `compiled.Rule.kept`). Lists arrive as Python lists and leave as tuples.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast

from siyu.diagnostics import Diagnostic
from siyu.syntax import ast
from siyu.syntax.errors import Repeated, UnexpectedText
from siyu.syntax.keywords import function_name, given_word, keywords
from siyu.text import Span


class Leaf(NamedTuple):
    """A terminal that carries something: a keyword's value, or the text of a literal."""

    terminal: str
    value: str
    span: Span


class Refused(Exception):
    """Well-formed text that no tree can hold; the parser turns it into its diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.code)
        self.diagnostic = diagnostic


class Scope(NamedTuple):
    """One `on wecom`, `same advisor` or `for recover` behind a limit or a quota."""

    kind: str
    value: Any
    span: Span


Builder = Callable[..., Any]

# ---------------------------------------------------------------- header, names, literals


def _header(span: Span, name: ast.Ident, label: str | None, clauses: list[Scope]) -> ast.Header:
    said = _once(clauses)
    return ast.Header(
        name,
        label,
        language=said.get("language"),
        version=said.get("version"),
        timezone=said.get("timezone"),
        currency=said.get("currency"),
        schema=said.get("schema"),
        span=span,
    )


def _once(clauses: list[Scope]) -> dict[str, Any]:
    seen: dict[str, Scope] = {}
    for clause in clauses:
        if clause.kind in seen:
            raise Refused(Repeated(clause.span, clause.kind, seen[clause.kind].span))
        seen[clause.kind] = clause
    return {kind: clause.value for kind, clause in seen.items()}


def _header_number(kind: str) -> Builder:
    return lambda span, number: Scope(kind, number.value, span)


def _header_text(kind: str) -> Builder:
    return lambda span, text: Scope(kind, text, span)


def _currency(span: Span, money: Leaf) -> Scope:
    return Scope("currency", ast.Ident(_code(money), span=money.span), span)


def _code(money: Leaf) -> str:
    """The currency that a word or a sign stands for."""
    if money.terminal == "MONEY":
        return money.value
    return next(
        keyword.value
        for _, keyword in keywords().by_word[money.value]
        if keyword.terminal == "MONEY"
    )


def _ident(span: Span, word: Leaf) -> ast.Ident:
    return ast.Ident(word.value, span=span)


def _path(span: Span, words: list[Leaf]) -> ast.Name:
    return ast.Name(tuple(word.value for word in words), span=span)


def _first(_span: Span, value: Any) -> Any:
    return value


def _label(_span: Span, text: Leaf | None = None) -> str | None:
    return None if text is None else text.value


def _text(span: Span, text: Leaf) -> ast.Text:
    return ast.Text(text.value, span=span)


def _number(
    span: Span, number: Leaf, unit: str | None = None, big: ast.Big | None = None
) -> ast.Number:
    return ast.Number(number.value, unit, big, span=span)


def _number_unit(span: Span, number: Leaf, unit: Leaf) -> ast.Number:
    return _number(span, number, unit.value)


def _number_big(span: Span, number: Leaf, big: Leaf) -> ast.Number:
    return _number(span, number, None, cast(ast.Big, big.value))


def _number_money(span: Span, number: Leaf, money: Leaf) -> ast.Number:
    return _number(span, number, _code(money))


def _number_big_money(span: Span, number: Leaf, big: Leaf, money: Leaf) -> ast.Number:
    return _number(span, number, _code(money), cast(ast.Big, big.value))


def _sign_number(span: Span, money: Leaf, number: Leaf) -> ast.Number:
    return _number_money(span, number, money)


def _sign_number_big(span: Span, money: Leaf, number: Leaf, big: Leaf) -> ast.Number:
    return _number_big_money(span, number, big, money)


def _percent(span: Span, number: Leaf) -> ast.Number:
    return _number(span, number, "%")


def _date(span: Span, date: Leaf) -> ast.Date:
    return ast.Date(date.value, span=span)


def _datetime(span: Span, date: Leaf, time: Leaf) -> ast.DateTime:
    return ast.DateTime(date.value, time.value, span=span)


def _time(span: Span, time: Leaf) -> ast.Time:
    return ast.Time(time.value, span=span)


# ---------------------------------------------------------------- expressions


def _node(node: type[ast.Node], *fixed: Any) -> Builder:
    """A node of the children as they come, with `fixed` behind them."""

    make = cast(Builder, node)

    def build(span: Span, *children: Any) -> ast.Node:
        built: ast.Node = make(*children, *fixed, span=span)
        return built

    return build


def _arithmetic(span: Span, left: ast.Expr, op: Leaf, right: ast.Expr) -> ast.Arithmetic:
    return ast.Arithmetic(cast(Any, op.value), left, right, span=span)


def _comparison(span: Span, left: ast.Expr, op: Leaf, right: ast.Expr) -> ast.Compare:
    return ast.Compare(cast(Any, op.value), left, right, span=span)


def _all_of(node: type[ast.And] | type[ast.Or]) -> Builder:
    return lambda span, items: node(tuple(items), span=span)


def _in_list(negated: bool) -> Builder:
    return lambda span, value, items: ast.In(value, tuple(items), negated, span=span)


def _between(span: Span, value: ast.Expr, low: ast.Expr, _and: None, high: ast.Expr) -> ast.Between:
    return ast.Between(value, low, high, span=span)


def _in_this(span: Span, value: ast.Expr, unit: Leaf) -> ast.InPeriod:
    return ast.InPeriod(value, cast(ast.TimeUnit, unit.value), span=span)


def _within(direction: Any) -> Builder:
    return lambda span, value, length, _inside: ast.Within(value, direction, length, span=span)


def _since(until: bool) -> Builder:
    return lambda span, unit, value: ast.Since(unit.value, value, until, span=span)


def _since_counted(until: bool) -> Builder:
    return lambda span, value, unit: ast.Since(unit.value, value, until, span=span)


def _call(span: Span, function: Leaf, args: list[ast.Expr] | None = None) -> ast.Call:
    return ast.Call(_function(function), tuple(args or ()), span=span)


def _function(word: Leaf) -> ast.Ident:
    return ast.Ident(function_name(word.value), span=word.span)


def _population(span: Span, function: Leaf, args: list[ast.Expr]) -> ast.Population:
    return ast.Population(_function(function), tuple(args), span=span)


def _aggregate(
    span: Span,
    function: Leaf,
    args: list[ast.Expr],
    by: ast.Name | None,
    over: ast.Over | None,
    where: ast.Expr | None,
) -> ast.Aggregate:
    return ast.Aggregate(cast(Any, function.value), tuple(args), by, over, where, span=span)


def _over(direction: Any) -> Builder:
    return lambda span, length: ast.Over(direction, length, span=span)


# ---------------------------------------------------------------- figures, customers


def _named(node: type[ast.Node]) -> Builder:
    """Name, label, single values, and a list of clauses last."""

    make = cast(Builder, node)

    def build(span: Span, *children: Any) -> ast.Node:
        built: ast.Node = make(*children[:-1], tuple(children[-1]), span=span)
        return built

    return build


def _classify(
    span: Span, name: ast.Ident, label: str | None, exclusive: Leaf | None, items: list[ast.Node]
) -> ast.Classify:
    return ast.Classify(
        name,
        label,
        exclusive is not None,
        tuple(item for item in items if isinstance(item, ast.Case)),
        tuple(item for item in items if isinstance(item, ast.Formerly)),
        span=span,
    )


def _case_when(
    span: Span, name: ast.Ident, label: str | None, when: ast.Expr, riders: list[ast.Rider]
) -> ast.Case:
    return ast.Case(name, label, when, False, tuple(riders), span=span)


def _case_otherwise(
    span: Span, name: ast.Ident, label: str | None, or_unknown: bool, riders: list[ast.Rider]
) -> ast.Case:
    return ast.Case(name, label, None, or_unknown, tuple(riders), span=span)


def _adjust(sign: Any) -> Builder:
    return lambda span, value, when, riders: ast.Adjust(sign, value, when, tuple(riders), span=span)


def _tier(
    span: Span,
    name: ast.Ident,
    label: str | None,
    by: ast.Expr,
    levels: list[ast.Level],
    clauses: list[Any],
) -> ast.Tier:
    return ast.Tier(name, label, by, tuple(levels), tuple(clauses), span=span)


# ---------------------------------------------------------------- points


def _account(span: Span, name: ast.Ident, label: str | None, currency: Leaf | None) -> ast.Account:
    return ast.Account(name, label, None if currency is None else _code(currency), span=span)


def _multipliers(span: Span, how: Leaf) -> ast.Multipliers:
    said = "sum" if how.value == "sum_of_all" else how.value
    return ast.Multipliers(cast(Any, said), span=span)


def _earn_per(full: bool) -> Builder:
    return lambda span, value, per, of: ast.Earn(value, per, of, full, span=span)


def _per_earn(full: bool) -> Builder:
    """`每 1 元 得 1 分` names no figure: the event's amount is meant."""

    def build(span: Span, per: ast.Expr, value: ast.Expr) -> ast.Earn:
        return ast.Earn(value, per, ast.Name(("event", "amount"), span=per.span), full, span=span)

    return build


def _by_per_earn(full: bool) -> Builder:
    return lambda span, of, per, value: ast.Earn(value, per, of, full, span=span)


def _at_most_of(span: Span, value: ast.Expr, of: ast.Expr) -> ast.AtMost:
    return ast.AtMost(value, None, of, span=span)


def _at_most_the(span: Span, of: ast.Expr, value: ast.Expr) -> ast.AtMost:
    return ast.AtMost(value, None, of, span=span)


def _in_at_most(span: Span, unit: Leaf, value: ast.Expr) -> ast.AtMost:
    return ast.AtMost(value, ast.Window(cast(Any, unit.value), span=unit.span), span=span)


def _expire_at_end(span: Span, period: Leaf) -> ast.ExpireAtEnd:
    which: Any = "this" if period.terminal == "THIS_UNIT" else "next"
    return ast.ExpireAtEnd(which, cast(ast.TimeUnit, period.value), span=span)


def _redeem_of(span: Span, of: ast.Expr, points: ast.Expr, worth: ast.Expr) -> ast.Redeem:
    return ast.Redeem(points, worth, of, span=span)


def _window(span: Span, unit: Leaf) -> ast.Window:
    return ast.Window(_time_unit(unit), span=span)


def _rolling_window(span: Span, count: Leaf, unit: Leaf) -> ast.Window:
    return ast.Window(_time_unit(unit), count.value, span=span)


def _time_unit(unit: Leaf) -> Any:
    """Distances have units too, but nobody counts per kilometre."""
    if unit.value in {"m", "km"}:
        raise Refused(UnexpectedText(unit.span, unit.value, "a unit of time such as `days`"))
    return unit.value


# ---------------------------------------------------------------- incentives, tables


def _group(
    span: Span, name: ast.Ident, label: str | None, choose: Leaf, by: list[ast.Order]
) -> ast.Group:
    return ast.Group(name, label, choose.value, tuple(by), span=span)


def _order(span: Span, key: Any, direction: Leaf | None = None) -> ast.Order:
    said: Any = key.value if isinstance(key, Leaf) else key
    return ast.Order(said, cast(Any, direction.value) if direction else None, span=span)


def _incentive(
    span: Span,
    name: ast.Ident,
    label: str | None,
    on: ast.Ident | None,
    audience: ast.Expr,
    clauses: list[ast.IncentiveClause],
) -> ast.Incentive:
    return ast.Incentive(name, label, on, audience, tuple(clauses), span=span)


def _give(span: Span, benefit: ast.Name, detail: ast.Text | None = None) -> ast.Give:
    return ast.Give(benefit, None if detail is None else detail.value, span=span)


def _nature(span: Span, cost: Leaf, source: Leaf) -> ast.Nature:
    return ast.Nature(cast(Any, cost.value), cast(Any, source.value), span=span)


def _budget(
    span: Span, amount: ast.Expr, basis: Leaf | None, window: ast.Window, by: ast.Order
) -> ast.Budget:
    of: Any = None if basis is None else basis.value.removeprefix("of_")
    return ast.Budget(amount, of, window, by, span=span)


def _budget_in(
    span: Span, window: ast.Window, amount: ast.Expr, basis: Leaf | None, by: ast.Order
) -> ast.Budget:
    return _budget(span, amount, basis, window, by)


def _holdout(span: Span, percent: ast.Number, salt: ast.Text | None = None) -> ast.Holdout:
    return ast.Holdout(percent, None if salt is None else salt.value, span=span)


def _limit(span: Span, count: ast.Expr, window: ast.Window, scopes: list[Scope]) -> ast.Limit:
    said = _once(scopes)
    return ast.Limit(count, window, said.get("on"), said.get("for", ()), span=span)


def _limit_in(span: Span, window: ast.Window, count: ast.Expr, scopes: list[Scope]) -> ast.Limit:
    return _limit(span, count, window, scopes)


def _for_purposes(span: Span, purposes: list[Leaf]) -> Scope:
    return Scope("for", tuple(purpose.value for purpose in purposes), span)


def _scope(kind: str) -> Builder:
    return lambda span, name: Scope(kind, name, span)


def _table(
    span: Span,
    name: ast.Ident,
    label: str | None,
    policy: Leaf,
    outputs: list[ast.Ident],
    heading: tuple[tuple[ast.Name, ...], tuple[ast.Ident, ...]],
    rows: list[ast.Row],
    clauses: list[ast.Formerly],
) -> ast.Table:
    return ast.Table(
        name,
        label,
        cast(Any, policy.value),
        tuple(outputs),
        *heading,
        tuple(rows),
        tuple(clauses),
        span=span,
    )


def _heading(_span: Span, columns: list[ast.Name], outputs: list[ast.Ident]) -> Any:
    return tuple(columns), tuple(outputs)


def _row(span: Span, cells: list[ast.Cell], outputs: list[ast.Expr]) -> ast.Row:
    return ast.Row(tuple(cells), tuple(outputs), span=span)


def _otherwise_row(span: Span, or_unknown: bool, outputs: list[ast.Expr]) -> ast.Row:
    return ast.Row(None, tuple(outputs), or_unknown, span=span)


def _list_cell(negated: bool) -> Builder:
    return lambda span, items: ast.ListCell(tuple(items), negated, span=span)


def _compare_item(span: Span, op: Leaf, value: ast.Expr) -> ast.CompareItem:
    return ast.CompareItem(cast(Any, op.value), value, span=span)


def _constant(value: Any) -> Builder:
    return lambda _span: value


# ---------------------------------------------------------------- contacts, claims, tests


def _contact(
    span: Span,
    name: ast.Ident,
    label: str | None,
    purpose: Leaf | None,
    on: ast.Ident | None,
    audience: ast.Expr,
    clauses: list[ast.ContactClause],
) -> ast.Contact:
    said = cast(Any, purpose.value) if purpose else None
    return ast.Contact(name, label, said, on, audience, tuple(clauses), span=span)


def _send(span: Span, template: ast.Text, params: list[ast.Assign] | None = None) -> ast.Send:
    return ast.Send(template.value, tuple(params or ()), span=span)


def _via(span: Span, channels: list[ast.Channel]) -> ast.Via:
    return ast.Via(tuple(channels), span=span)


def _quota(
    span: Span, count: ast.Expr, window: ast.Window, scopes: list[Scope], by: ast.Order
) -> ast.Quota:
    said = _once(scopes)
    return ast.Quota(count, window, said.get("on"), said.get("same"), by, span=span)


def _quota_in(
    span: Span, window: ast.Window, count: ast.Expr, scopes: list[Scope], by: ast.Order
) -> ast.Quota:
    return _quota(span, count, window, scopes, by)


def _choose(span: Span, count: Leaf, by: list[ast.Order]) -> ast.Choose:
    return ast.Choose(count.value, tuple(by), span=span)


def _top_count(span: Span, count: Leaf) -> ast.TopCount:
    return ast.TopCount(count.value, span=span)


def _monotone(effect: Any) -> Builder:
    return lambda span, raised, watched: ast.Monotone(raised, effect, watched, span=span)


def _test(span: Span, title: ast.Text, at: Any, clauses: list[Any]) -> ast.Test:
    return ast.Test(title.value, at, tuple(clauses), span=span)


def _given_fields(span: Span, what: ast.Name, assigns: list[ast.Assign]) -> ast.GivenFields:
    name = ast.Ident(given_word(what.text), span=what.span)
    return ast.GivenFields(name, tuple(assigns), span=span)


def _given_grid(
    span: Span, what: ast.Name, columns: list[ast.Name], rows: list[Any]
) -> ast.GivenGrid:
    return ast.GivenGrid(what, tuple(columns), tuple(rows), span=span)


def _grid_word(span: Span, word: Leaf) -> ast.Name:
    return ast.Name((word.value,), span=span)


def _grid_row(_span: Span, cells: list[ast.Expr]) -> tuple[ast.Expr, ...]:
    return tuple(cells)


def _because(span: Span, text: ast.Text) -> ast.Because:
    return ast.Because(text.value, span=span)


BUILDERS: Mapping[str, Builder] = {
    "header": _header,
    "language": _header_number("language"),
    "version": _header_number("version"),
    "timezone": _header_text("timezone"),
    "currency": _currency,
    "schema": _header_text("schema"),
    "use": _node(ast.Use),
    "as_name": _first,
    "param": _named(ast.Param),
    "param_version": _node(ast.ParamVersion),
    "metric": _named(ast.Metric),
    "view": _node(ast.View),
    "segment": _named(ast.Segment),
    "classify": _classify,
    "case_when": _case_when,
    "case_otherwise": _case_otherwise,
    "otherwise": _constant(False),
    "otherwise_or_unknown": _constant(True),
    "score": _named(ast.Score),
    "start_value": _node(ast.Start),
    "add": _adjust("add"),
    "subtract": _adjust("subtract"),
    "tier": _tier,
    "level": _node(ast.Level),
    "top_share": _node(ast.TopShare),
    "from_value": _node(ast.FromValue),
    "otherwise_level": _node(ast.OtherwiseLevel, False),
    "otherwise_level_or_unknown": _node(ast.OtherwiseLevel, True),
    "keep": _node(ast.Keep),
    "grace": _node(ast.Grace),
    "fall_one_level": _node(ast.FallOneLevel),
    "lifetime": _node(ast.Lifetime),
    "account": _account,
    "in_currency": _first,
    "points": _named(ast.Points),
    "into": _node(ast.Into),
    "of_owner": _first,
    "multipliers": _multipliers,
    "times": _node(ast.Times),
    "earn": _node(ast.Earn),
    "earn_per": _earn_per(False),
    "earn_per_full": _earn_per(True),
    "per_earn": _per_earn(False),
    "per_full_earn": _per_earn(True),
    "by_per_earn": _by_per_earn(False),
    "by_per_full_earn": _by_per_earn(True),
    "at_most": _node(ast.AtMost),
    "at_most_in": _node(ast.AtMost),
    "at_most_of": _at_most_of,
    "at_most_the": _at_most_the,
    "in_at_most": _in_at_most,
    "at_least": _node(ast.AtLeast),
    "round_down": _node(ast.RoundTo, "down"),
    "round_up": _node(ast.RoundTo, "up"),
    "round_half_up": _node(ast.RoundTo, "half_up"),
    "usable": _node(ast.Usable),
    "expire_after": _node(ast.ExpireAfter),
    "expire_at_end": _expire_at_end,
    "redeem": _node(ast.Redeem),
    "redeem_of": _redeem_of,
    "reverse": _node(ast.Reverse),
    "window": _window,
    "rolling_window": _rolling_window,
    "per_posting": _node(ast.Window, "posting"),
    "per_run": _node(ast.Window, "run"),
    "ever": _node(ast.Window, "ever"),
    "group": _group,
    "order": _order,
    "incentive": _incentive,
    "give": _give,
    "worth": _node(ast.Worth),
    "valid": _node(ast.Valid),
    "nature": _nature,
    "costs": _node(ast.Costs),
    "competes": _node(ast.Competes),
    "priority": _node(ast.Priority),
    "limit": _limit,
    "limit_in": _limit_in,
    "on_channel": _scope("on"),
    "for_purposes": _for_purposes,
    "budget": _budget,
    "budget_in": _budget_in,
    "holdout": _holdout,
    "table": _table,
    "heading": _heading,
    "row": _row,
    "otherwise_row": _otherwise_row,
    "any_cell": _node(ast.AnyCell),
    "known_cell": _node(ast.KnownCell, True),
    "unknown_cell": _node(ast.KnownCell, False),
    "list_cell": _list_cell(False),
    "not_cell": _list_cell(True),
    "compare_item": _compare_item,
    "range_item": _node(ast.RangeItem, False),
    "open_range_item": _node(ast.RangeItem, True),
    "contact": _contact,
    "via": _via,
    "channel": _node(ast.Channel),
    "send": _send,
    "assign": _node(ast.Assign),
    "during": _node(ast.During),
    "discard": _node(ast.Discard),
    "contact_policy": _named(ast.ContactPolicy),
    "quota": _quota,
    "quota_in": _quota_in,
    "same": _scope("same"),
    "quiet": _node(ast.Quiet),
    "never_when": _node(ast.NeverWhen),
    "choose": _choose,
    "recommend": _named(ast.Recommend),
    "where": _node(ast.Where),
    "by_measure": _node(ast.ByMeasure),
    "top_count": _top_count,
    "indicator": _node(ast.Indicator),
    "ensure": _node(ast.Ensure),
    "claim": _node(ast.Always, False),
    "always": _node(ast.Always, True),
    "never": _node(ast.Never),
    "never_lowers": _monotone("lowers"),
    "never_raises": _monotone("raises"),
    "test": _test,
    "given_fields": _given_fields,
    "given_grid": _given_grid,
    "grid_heading": _first,
    "grid_row": _grid_row,
    "grid_word": _grid_word,
    "expect": _node(ast.Expect),
    "expect_no": _node(ast.ExpectNo),
    "because": _because,
    "unless": _node(ast.Unless),
    "effective": _node(ast.Effective),
    "formerly": _node(ast.Formerly),
    "when": _node(ast.When),
    "default": _node(ast.Otherwise),
    "conjunction": _all_of(ast.And),
    "disjunction": _all_of(ast.Or),
    "not_": _node(ast.Not),
    "comparison": _comparison,
    "between": _between,
    "in_list": _in_list(False),
    "not_in_list": _in_list(True),
    "in_this": _in_this,
    "within_last": _within("last"),
    "within_next": _within("next"),
    "is_": _node(ast.Is),
    "is_not": _node(ast.Is, True),
    "is_known": _node(ast.IsKnown, True),
    "is_unknown": _node(ast.IsKnown, False),
    "has": _node(ast.Has),
    "top": _node(ast.Top),
    "arithmetic": _arithmetic,
    "negative": _node(ast.Negative),
    "since": _since(False),
    "until": _since(True),
    "since_counted": _since_counted(False),
    "until_counted": _since_counted(True),
    "anniversary": _node(ast.Anniversary),
    "true": _node(ast.Bool, True),
    "false": _node(ast.Bool, False),
    "parentheses": _first,
    "call": _call,
    "share": _node(ast.Share),
    "population": _population,
    "aggregate": _aggregate,
    "by_path": _first,
    "over_last": _over("last"),
    "over_next": _over("next"),
    "number": _number,
    "number_unit": _number_unit,
    "number_big": _number_big,
    "number_money": _number_money,
    "number_big_money": _number_big_money,
    "sign_number": _sign_number,
    "sign_number_big": _sign_number_big,
    "percent": _percent,
    "name": _ident,
    "case_name": _ident,
    "label": _label,
    "path": _path,
    "text": _text,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
}
