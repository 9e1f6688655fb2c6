"""Points and incentives, on the page."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from siyu.explain.html_parts import Child, Html, element
from siyu.population.report.drawn import HEADS, Series, bars
from siyu.population.report.exact import share, total
from siyu.population.report.model import Budget, Incentives, Points
from siyu.population.report.parts import (
    folded,
    heading,
    legend,
    meter,
    note,
    section,
    stack,
    table,
)  # fmt: skip
from siyu.population.report.said import (
    ACCOUNTS,
)  # fmt: skip
from siyu.population.report.shown import NOTHING, Shown
from siyu.words import say

RULE = say("Rule")


def points(found: Points, shown: Shown) -> Html:
    """What was posted, by rule and account, and what it really costs."""
    came = [each for each in found.posted if each.given]
    title = shown.of(say("Points"))
    inside: list[Child] = []
    if came:
        series = Series(shown.of(say("Points given")), HEADS, [each.given for each in came],
                        [shown.number(each.given) for each in came])  # fmt: skip
        names = [f"{shown.label(each.rule)} · {_account(each.account, shown)}" for each in came]
        inside.append(shown.chart(bars(names, series), title))
    heads = [
        shown.of(RULE), shown.of(say("Account")), shown.of(say("Postings")),
        shown.of(say("Given")), shown.of(say("Taken")), shown.of(say("Worth")),
    ]  # fmt: skip
    if found.by is not None:
        heads += [shown.of(say("Value when spent")), shown.of(say("Real cost"))]
    rows = []
    for each in found.posted:
        worth = total([each.worth_given, each.worth_taken])
        row: list[Child] = [
            shown.named(each.rule), _account(each.account, shown), shown.count(each.postings),
            shown.number(each.given), shown.number(each.taken), shown.money(worth),
        ]  # fmt: skip
        if found.by is not None:
            row += [shown.money(each.face), element("b", shown.money(each.cost))]
        rows.append(row)
    inside += [table(heads, rows, style="words2"), _formula(found, shown)]
    return section("points", title, *inside, lede=_points_lede(found, shown))


def _account(name: str, shown: Shown) -> str:
    return shown.word(ACCOUNTS, name) if name in ACCOUNTS else shown.label(name)


def _points_lede(found: Points, shown: Shown) -> str | None:
    spendable = [each for each in found.posted if each.account == "points" and each.given]
    given = total([each.given for each in spendable])
    if given is None:
        return None
    cost = total([each.cost for each in spendable])
    if cost is None:
        return shown.of(say("{points} points were given.", points=shown.number(given)))
    return shown.of(say("{points} points were given; they really cost {cost}.",
                        points=shown.number(given), cost=shown.money(cost)))  # fmt: skip


def _formula(found: Points, shown: Shown) -> Html:
    if found.by is None:
        return note(shown.of(say(
            "What points really cost is shown with --point-worth (what one is worth when it is "
            "spent), --points-used (the share ever spent) and --product-cost (what goods cost of "
            "their price)."
        )))  # fmt: skip
    said = say(
        "Real cost = points given × {worth} (worth of a point) × {used} (share ever spent) × "
        "{cost} (goods' cost of their price) ÷ 2: points cause two purchases, one when they are "
        "earned and one when they are spent.",
        worth=shown.number(found.by.point_worth, 6), used=shown.percent(found.by.used),
        cost=shown.percent(found.by.product_cost),
    )  # fmt: skip
    return note(shown.of(said))


# ---------------------------------------------------------------- incentives


def incentives(found: Incentives, shown: Shown) -> Html:
    """Who was given what, at what cost, and what budgets refused."""
    title = shown.of(say("Incentives"))
    names = [shown.label(each.rule) for each in found.given]
    given = Series(shown.of(say("Given")), HEADS, [each.awards for each in found.given],
                   [shown.count(each.awards) for each in found.given])  # fmt: skip
    refused = Series(shown.of(say("Refused by budget")), "down",
                     [each.held_back for each in found.given],
                     [shown.count(each.held_back) for each in found.given])  # fmt: skip
    compared = any(each.before is not None for each in found.given)
    heads = [shown.of(RULE), shown.of(say("Given")), shown.of(say("Worth")), shown.of(say("Cost")),
             shown.of(say("Refused by budget"))]  # fmt: skip
    if compared:
        heads += [shown.of(say("Before")), shown.of(say("Change"))]
    rows = []
    for each in found.given:
        row: list[Child] = [
            shown.named(each.rule), shown.count(each.awards), shown.money(each.worth),
            shown.money(each.cost), shown.count(each.held_back),
        ]  # fmt: skip
        if compared:
            then = each.before
            moved = None if then is None else share(each.awards - then, then)
            row += [shown.count(then), shown.change(moved)]
        rows.append(row)
    rows.append(_sums(found, compared, shown))
    return section(
        "incentives", title, legend((HEADS, given.name), ("down", refused.name)),
        shown.chart(bars(names, given, refused, stacked=True), title),
        table(heads, rows, total=True), _budgets(found, shown), _benefits(found, shown),
        lede=_cost(found, shown),
    )  # fmt: skip


def _sums(found: Incentives, compared: bool, shown: Shown) -> list[Child]:
    awards = sum(each.awards for each in found.given)
    row: list[Child] = [
        shown.of(say("All")), shown.count(awards),
        shown.money(total([each.worth for each in found.given])),
        shown.money(total([each.cost for each in found.given])),
        shown.count(sum(each.held_back for each in found.given)),
    ]  # fmt: skip
    if compared:
        then = sum(each.before or 0 for each in found.given)
        row += [shown.count(then), shown.change(share(awards - then, then))]
    return row


def _cost(found: Incentives, shown: Shown) -> str | None:
    cost = total([each.cost for each in found.given])
    awards = sum(each.awards for each in found.given)
    if cost is None:
        return None
    return shown.of(say("{awards} incentives cost {amount}.", awards=shown.count(awards),
                        amount=shown.short_money(cost)))  # fmt: skip


def _budgets(found: Incentives, shown: Shown) -> Html | None:
    if not found.budgets:
        return None
    heads = [
        shown.of(say("Budget or quota")), shown.of(say("Limit")), shown.of(say("Used before")),
        shown.of(say("This run")), shown.of(say("Left")), shown.of(say("Wanted")),
        shown.of(say("Admitted")), shown.of(say("Refused")),
    ]  # fmt: skip
    rows, lines = [], []
    for each in found.budgets:
        rows.append((
            coded(each.code, shown), _limit(each, shown), *(_amount(v, shown) for v in (
                each.used_before, each.spent, each.left, each.wanted, each.admitted, each.refused,
            )),
        ))  # fmt: skip
        lines.append(_meter(each, shown))
    title = heading(shown.of(say("Budgets and quotas")))
    return stack(title, element("ul", *lines, class_="meters"), table(heads, rows))


def _limit(each: Budget, shown: Shown) -> str:
    """What is allowed; where senders have each their own share, how many there are."""
    said = _amount(each.limit, shown)
    return said if each.senders == 1 else f"{said} × {shown.count(each.senders)}"


def _meter(each: Budget, shown: Shown) -> Html:
    """How full a budget is: what was used before, and what this run spends."""
    limit, before, spent = (_decimal(v) for v in (each.allowed, each.used_before, each.spent))
    past, now = share(before or 0, limit), share(spent, limit)
    full, start = (int(((past or 0) + (each or 0)) * 1000) for each in (now, None))
    drawn = meter("meter", ("spent", full), ("before", start))
    used = None if past is None or now is None else past + now
    said = say("{percent} used", percent=shown.percent(used))
    refused = _decimal(each.refused)
    tail: Child = None
    if refused:
        tail = element("b", shown.of(say("{count} refused", count=shown.number(refused))))
    rule = each.code.partition(".")[0]
    head = element("div", element("span", shown.label(rule)), element("span", shown.of(said)), tail)
    return element("li", head, drawn)


def _decimal(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        return None


def _amount(text: str | None, shown: Shown) -> str:
    """A figure of a budget: with a point it is money, without it a count."""
    number = _decimal(text)
    if number is None or text is None:
        return text or NOTHING
    return shown.money(number) if "." in text else shown.number(number)


def coded(code: str, shown: Shown) -> Html:
    """A part of a policy by the label of its declaration."""
    rule, _, rest = code.partition(".")
    label = shown.label(rule)
    if label == rule:
        return element("code", code)
    return element("span", label, " ", element("code", code if rest else rule))


def _benefits(found: Incentives, shown: Shown) -> Html | None:
    if not found.benefits:
        return None
    heads = (shown.of(say("Benefit")), shown.of(RULE), shown.of(say("Given")),
             shown.of(say("Worth")), shown.of(say("Cost")))  # fmt: skip
    rows = [
        (
            " · ".join(each for each in (b.benefit, b.detail) if each) or NOTHING,
            shown.label(b.rule), shown.count(b.awards), shown.money(b.worth), shown.money(b.cost),
        )
        for b in found.benefits
    ]  # fmt: skip
    left = None
    if found.further:
        left = note(shown.of(say("{count} rarer benefits are not listed.", count=found.further)))
    listing = table(heads, rows, style="words2")
    return stack(
        heading(shown.of(say("What was given"))),
        folded(shown.of(say("All benefits")), listing, len(rows)), left,
    )  # fmt: skip
