"""The lints, one file each: the table of contents."""

from __future__ import annotations

from collections.abc import Mapping

from siyu.lint import (
    allowed,
    always_holds,
    empty_holdout,
    expired,
    foreign_currency,
    idle_priority,
    mixed_windows,
    never_holds,
    no_effect,
    shadowed,
    uncosted_incentive,
    unlimited_contact,
    unreachable_level,
    untested_rule,
    unused_metric,
    unused_param,
    unused_part,
    unused_segment,
)  # fmt: skip
from siyu.lint.finding import Lint

LINTS: tuple[Lint, ...] = (
    never_holds.LINT,
    always_holds.LINT,
    shadowed.LINT,
    unreachable_level.LINT,
    unused_segment.LINT,
    unused_param.LINT,
    unused_metric.LINT,
    unused_part.LINT,
    expired.LINT,
    mixed_windows.LINT,
    uncosted_incentive.LINT,
    unlimited_contact.LINT,
    empty_holdout.LINT,
    foreign_currency.LINT,
    untested_rule.LINT,
    no_effect.LINT,
    idle_priority.LINT,
    allowed.LINT,
)
BY_NAME: Mapping[str, Lint] = {
    **{lint.code: lint for lint in LINTS},
    **{lint.name: lint for lint in LINTS},
}


def lint_called(name: str) -> Lint | None:
    """The lint of a name or code; capitals do not matter in codes.

    >>> lint_called("w0703") is lint_called("shadowed")
    True
    """
    return BY_NAME.get(name) or BY_NAME.get(name.upper())
