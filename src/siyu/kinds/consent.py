"""Whether a customer may be contacted through a channel: consent fails closed."""

from __future__ import annotations

from collections.abc import Callable

from siyu.core.ir import Call, Expr
from siyu.kinds.rule import in_log
from siyu.schema import Collection
from siyu.semantics import check, make
from siyu.semantics.build import Scope
from siyu.text import Span
from siyu.types import BOOL, DateTimeType

Rows = Callable[[Scope], tuple[Expr, ...]]


def consented(log: Collection, channel: str, purpose: str | None, scope: Scope, span: Span) -> Expr:
    """True where the latest row for channel and purpose grants it; never unknown.

    Refusal wins ties, and always where rows have no time. A row without a purpose speaks of every
    purpose. A granted row past its `expiry`, or without a `basis` where the schema has that field,
    grants nothing.
    """

    def concerned(row: Scope) -> tuple[Expr, ...]:
        return (_channel(channel, row), *_purpose(log, purpose, row))

    def granting(row: Scope) -> tuple[Expr, ...]:
        granted = make.otherwise(check.column("granted", row), make.false)
        return (granted, *_basis(log, row), *_unexpired(log, row, scope))

    if log.time is None:
        yes = in_log("exists", log, None, lambda r: (*concerned(r), *granting(r)), scope, span)
        no = in_log("exists", log, None, lambda r: (*concerned(r), _refused(r)), scope, span)
        return _closed(yes, no)
    time = log.time
    latest = in_log("max", log, time, concerned, scope, span)
    latest = scope.build.bind(
        scope.build.name_of(f"{scope.owner}.{channel}.latest"), latest, scope.stratum
    )

    def newest(row: Scope) -> tuple[Expr, ...]:
        return (*concerned(row), Call("eq", (check.column(time, row), latest), BOOL))

    yes = in_log("exists", log, None, lambda r: (*newest(r), *granting(r)), scope, span)
    no = in_log("exists", log, None, lambda r: (*newest(r), _refused(r)), scope, span)
    return _closed(yes, no)


def _closed(yes: Expr, no: Expr) -> Expr:
    """Granted and not refused; whatever is unknown of either is no."""
    return make.all_of(make.otherwise(yes, make.false), make.not_(make.otherwise(no, make.true)))


def _refused(row: Scope) -> Expr:
    return make.not_(make.otherwise(check.column("granted", row), make.false))


def _channel(channel: str, row: Scope) -> Expr:
    column = check.column("channel", row)
    return Call("eq", (column, make.const(channel, column.type)), BOOL)


def _purpose(log: Collection, purpose: str | None, row: Scope) -> tuple[Expr, ...]:
    if "purpose" not in log.fields:
        return ()
    column = check.column("purpose", row)
    general = make.not_(make.known(column))
    if purpose is None:
        return (general,)
    same = Call("eq", (column, make.const(purpose, column.type)), BOOL)
    return (make.any_of(general, same),)


def _basis(log: Collection, row: Scope) -> tuple[Expr, ...]:
    if "basis" not in log.fields:
        return ()
    return (make.known(check.column("basis", row)),)


def _unexpired(log: Collection, row: Scope, scope: Scope) -> tuple[Expr, ...]:
    if "expiry" not in log.fields:
        return ()
    column = check.column("expiry", row)
    if isinstance(column.type, DateTimeType):
        holds = Call("gt", (column, check.as_of(scope)), BOOL)
    else:
        holds = Call("ge", (column, check.today(scope)), BOOL)
    return (make.any_of(make.not_(make.known(column)), holds),)
