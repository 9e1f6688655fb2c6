"""The rule kinds, one file each: node, checks, meaning in the core, and the page about it.

After this stage there are no declarations any more, only bindings and parts of the decision. KINDS
is the table of contents; nothing outside this folder knows a kind by name.
"""

from siyu.kinds import (
    account,
    calendar,
    classify,
    contact,
    ensure,
    group,
    identity,
    incentive,
    indicator,
    metric,
    param,
    points,
    score,
    segment,
    table,
    test,
    tier,
)  # fmt: skip
from siyu.kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    param.KIND,
    metric.METRIC,
    metric.VIEW,
    calendar.KIND,
    segment.KIND,
    classify.KIND,
    score.KIND,
    tier.KIND,
    table.KIND,
    account.KIND,
    points.KIND,
    incentive.KIND,
    group.KIND,
    contact.KIND,
    contact.POLICY,
    indicator.RECOMMEND,
    indicator.KIND,
    ensure.KIND,
    identity.KIND,
    test.KIND,
)

__all__ = ["KINDS", "Kind"]
