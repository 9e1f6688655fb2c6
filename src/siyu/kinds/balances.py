"""Which postings make up the balance of a points account: what a calibration spreads out."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from siyu.core.program import Balances
from siyu.kinds.allotted import log_called
from siyu.kinds.kind import all_names, clauses
from siyu.kinds.posting import Receiver
from siyu.kinds.rule import CUSTOMER_KEY, column_in
from siyu.semantics import check, make, rows
from siyu.semantics.build import Scope
from siyu.syntax import ast
from siyu.text import NOWHERE


def keep_account(node: ast.Points, receiver: Receiver, scope: Scope) -> None:
    """Keeps for calibrations the account that a points rule posts to. Postings to other members
    stand in the log of the event's customer: what those hold cannot be told from it."""
    kept = scope.build.aside.balances
    found = kept.get(receiver.account) or _of_account(receiver, scope)
    if receiver.to != CUSTOMER_KEY:
        found = replace(found, why_not=found.why_not or "others", row_where=None)
    if clauses(node, ast.Redeem):
        names = {*found.redeemed_by, *all_names(node, scope.owner)}
        found = replace(found, redeemed_by=tuple(sorted(names)))
    kept[receiver.account] = found


def _of_account(receiver: Receiver, scope: Scope) -> Balances:
    column = "points" if receiver.currency is None else "worth"
    made = Balances(receiver.account, receiver.type)
    log = log_called("points log", ("account", "rule", column), scope)
    if log is None or log.time is None:
        there = log_called("points log", (), scope) is not None
        why: Literal["columns", "log"] = "columns" if there else "log"
        return replace(made, why_not=why)
    within, _ = check.row_scope(log.name, scope)
    there_now = rows.existing(within.rows[0], within, NOWHERE)
    amount = check.column(column, within)
    account = column_in("account", frozenset({receiver.account}), within)
    where = make.all_of(there_now, account, make.known(amount))
    return replace(
        made, type=amount.type, table=log.name, time=log.time, column=column, row_where=where
    )
