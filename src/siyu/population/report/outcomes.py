"""What a run posts, gives and sends, and what stopped the others."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from siyu.population.report.base import Base
from siyu.population.report.exact import rounded
from siyu.population.report.model import (
    Benefit,
    Budget,
    Given,
    Incentives,
    Outreach,
    Points,
    PointsCost,
    Posted,
    Sent,
    Stopped,
)
from siyu.types import minor_digits

SPENDABLE = "points"
"""The account whose points customers pay with; growth values and commissions are none."""
MOST_BENEFITS = 20


def points(base: Base, by: PointsCost | None) -> Points:
    """Postings by rule and account. Points cause two purchases, when they are earned and when they
    are spent, so that only half of what the goods cost is due to them."""
    found = base.rows(
        "SELECT rule, coalesce(account, 'points') AS account, count(*), sum(points)"
        " FILTER (points > 0), sum(points) FILTER (points < 0), sum(worth) FILTER (worth > 0),"
        " sum(worth) FILTER (worth < 0) FROM outcomes WHERE kind = 'points'"
        " GROUP BY ALL ORDER BY ALL"
    )
    return Points(tuple(_posted(base, row, by) for row in found), by)


def _posted(base: Base, row: tuple[Any, ...], by: PointsCost | None) -> Posted:
    rule, account, count, given, taken, came, went = row
    face = cost = None
    if by is not None and given is not None and account == SPENDABLE:
        digits = minor_digits(base.folder.currency)
        exact = Decimal(given) * by.point_worth
        face = rounded(exact, digits)
        cost = rounded(exact * by.used * by.product_cost / 2, digits)
    return Posted(rule, account, count, given, taken, came, went, face, cost)


def incentives(base: Base, earlier: Base | None) -> Incentives:
    """Awards by rule, the commonest benefits, and the budgets of the run."""
    found = base.rows(
        "SELECT rule, count(*), sum(worth), sum(cost) FROM outcomes WHERE kind = 'incentive'"
        " GROUP BY ALL ORDER BY ALL"
    )
    refused = dict(base.rows(
        "SELECT rule, count(*) FROM outcomes WHERE kind = 'stopped' AND \"by\" = 'budget'"
        " GROUP BY ALL ORDER BY ALL"
    ))  # fmt: skip
    past = None if earlier is None else _awards(earlier)
    counted = {rule: (awards, worth, cost) for rule, awards, worth, cost in found}
    rules = [*(base.folder.part("counts", "incentives") or base.folder.named("incentive"))]
    rules += [rule for rule in counted if rule not in rules]
    given = []
    for rule in rules:
        awards, worth, cost = counted.get(rule, (0, None, None))
        before = None if past is None else past.get(rule, 0)
        given.append(Given(rule, awards, worth, cost, refused.get(rule, 0), before))
    benefits = base.rows(
        "SELECT rule, benefit, detail, count(*) AS awards, sum(worth), sum(cost) FROM outcomes"
        " WHERE kind = 'incentive' GROUP BY rule, benefit, detail"
        f" ORDER BY awards DESC, rule, benefit, detail LIMIT {MOST_BENEFITS}"
    )
    kinds = base.rows(
        "SELECT count(*) FROM (SELECT DISTINCT rule, benefit, detail FROM outcomes"
        " WHERE kind = 'incentive')"
    )[0][0]
    listed = tuple(Benefit(*each) for each in benefits)
    return Incentives(tuple(given), listed, kinds - len(listed), budgets(base.folder.run))


def _awards(base: Base) -> dict[str, int]:
    return dict(base.rows(
        "SELECT rule, count(*) FROM outcomes WHERE kind = 'incentive' GROUP BY ALL ORDER BY ALL"
    ))  # fmt: skip


def budgets(run: Mapping[str, Any]) -> tuple[Budget, ...]:
    """Budgets and quotas as run.json has them, by their codes."""
    stated = run.get("budgets")
    if not isinstance(stated, dict):
        return ()
    return tuple(_budget(code, each) for code, each in stated.items() if isinstance(each, dict))


def _budget(code: str, each: Mapping[str, Any]) -> Budget:
    words = {key: None if value is None else str(value) for key, value in each.items()}
    limit, before, spent = (_number(words.get(key)) for key in ("limit", "used_before", "spent"))
    senders = max(1, int(words.get("senders") or 1))
    allowed = None if limit is None else limit * senders
    left = None
    if allowed is not None and spent is not None:
        left = str(max(allowed - (before or 0) - spent, allowed * 0))
    return Budget(
        code, senders, words.get("limit"), None if allowed is None else str(allowed),
        words.get("used_before"), words.get("spent"), left, words.get("wanted"),
        words.get("admitted"), words.get("refused"),
    )  # fmt: skip


def _number(word: str | None) -> Decimal | None:
    return None if word is None else Decimal(word)


def outreach(base: Base, earlier: Base | None) -> Outreach:
    """Contacts by rule, purpose and channel; and everything that was stopped, by what."""
    sent = base.rows(
        "SELECT rule, purpose, channel, count(*) FROM outcomes WHERE kind = 'contact'"
        " GROUP BY ALL ORDER BY ALL"
    )
    kinds = base.folder.part("kinds")
    stopped = base.rows(
        "SELECT rule, \"by\", code, count(*) AS times FROM outcomes WHERE kind = 'stopped'"
        ' GROUP BY rule, "by", code ORDER BY rule, times DESC, "by", code'
    )
    before = None
    if earlier is not None:
        before = earlier.rows("SELECT count(*) FROM outcomes WHERE kind = 'contact'")[0][0]
    return Outreach(
        tuple(Sent(*each) for each in sent),
        before,
        tuple(Stopped(rule, kinds.get(rule, ""), by or "", code or "", times)
              for rule, by, code, times in stopped),
    )  # fmt: skip
