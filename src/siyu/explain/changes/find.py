"""The changes of one outcome, in words that are in no language yet."""

from __future__ import annotations

from siyu.core.compiled import Compiled
from siyu.core.program import Program
from siyu.explain.model import Changes
from siyu.records import Read


def find_changes(
    compiled: Compiled, program: Program, read: Read, what: str, show_pii: bool = False
) -> Changes:
    """Per figure the smallest change that makes the outcome another, the smallest share first.

    `program` has its population values, and `read` is the request that was decided about. `what`
    is a declaration by its name, or one of its cases, levels or rows by code (`lifecycle.growth`,
    `member_level.platinum`, `offer.row.2`): then the changes that lead there (or away from there).
    Nothing is found for what is not decided in such a request. Personal fields are looked at only
    where they may be shown (`show_pii`).
    """
    raise NotImplementedError
