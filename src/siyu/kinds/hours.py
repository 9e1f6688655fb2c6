"""When a contact may go out: its own hours, and everybody's quiet hours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.core.ir import Arm, Cases, Const, Expr
from siyu.diagnostics import Diagnostic
from siyu.functions import FUNCTIONS
from siyu.kinds.house import House
from siyu.kinds.kind import clauses
from siyu.semantics import check, make
from siyu.semantics.build import Scope
from siyu.syntax import ast
from siyu.types import DATETIME, TEXT

Window = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class NoMoment(Diagnostic):
    code: ClassVar[str] = "E0671"
    message: ClassVar[str] = "contact `{name}` could never be sent"
    label: ClassVar[str] = "these hours and the quiet hours leave no moment of the day"
    help: ClassVar[str] = "move `during`, or the `quiet` hours of the contact policies"
    page: ClassVar[str] = (
        "`during` and `quiet` hours never stop a contact; they move it to the next moment that "
        "all of them allow. Together they must leave one."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\ncontact hello greeting\n  for true\n'
        '  via app\n  send "t"\n  during 22:00 to 23:00\n\ncontact policy house\n'
        "  quiet 21:00 to 09:00\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\ncontact hello greeting\n  for true\n'
        '  via app\n  send "t"\n  during 10:00 to 20:00\n\ncontact policy house\n'
        "  quiet 21:00 to 09:00\n"
    )

    name: str


def not_before(node: ast.Contact, policies: tuple[House, ...], scope: Scope) -> Expr:
    """The first moment from as_of on that all hours allow."""
    own = tuple(_window("during", d.start, d.end, scope) for d in clauses(node, ast.During))
    always = own + tuple(
        w for house in policies if make.is_true(house.binds) for w in _quiet(house)
    )
    sometimes = [house for house in policies if not make.is_true(house.binds) and _quiet(house)]
    every = always + tuple(w for house in sometimes for w in _quiet(house))
    if every and FUNCTIONS["next_allowed"].python(0, "UTC", every) is None:
        at = next(iter(clauses(node, ast.During)), None)
        scope.build.report(NoMoment(at.span if at else node.name.span, scope.owner))
    return _moved(always, sometimes, scope)


def _moved(windows: tuple[Window, ...], sometimes: list[House], scope: Scope) -> Expr:
    """Policies that bind only sometimes are taken into account one after the other."""
    if not sometimes:
        now = check.as_of(scope)
        if not windows:
            return now
        zone = make.const(scope.build.timezone, TEXT)
        return make.call("next_allowed", DATETIME, now, zone, Const(windows, TEXT))
    house, *rest = sometimes
    bound = _moved(windows + _quiet(house), rest, scope)
    free = _moved(windows, rest, scope)
    return Cases((Arm(house.binds, bound),), free, "skip", DATETIME)


def _quiet(house: House) -> tuple[Window, ...]:
    return tuple(
        _window("quiet", quiet.start, quiet.end, house.scope)
        for quiet in clauses(house.node, ast.Quiet)
    )


def _window(word: str, start: ast.Time, end: ast.Time, scope: Scope) -> Window:
    seconds = [check.value(time, scope) for time in (start, end)]
    first, last = (
        x.value if isinstance(x, Const) and isinstance(x.value, int) else 0 for x in seconds
    )
    return (word, first, last)
