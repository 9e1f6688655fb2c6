"""Fields and collections that a rule needs by their role in the schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.core.ir import Expr
from siyu.diagnostics import Diagnostic
from siyu.schema import Collection
from siyu.semantics import check
from siyu.semantics.build import Scope
from siyu.semantics.errors import HEAD
from siyu.syntax import ast
from siyu.text import Span
from siyu.words import Words, either, say

# The facts of the examples: orders that are paid and refunded.
SHOP = """\
schema: shop
customer: {key: id, fields: {id: {type: text}}}
collections:
  points_log:
    role: points log
    time: at
    fields:
      at:      {type: datetime}
      rule:    {type: text}
      account: {type: text}
      points:  {type: int}
      event:   {type: text}
events:
  order_paid:     {key: order_id, fields: {order_id: {type: text}, amount: {type: money}}}
  order_refunded: {key: order_id, fields: {order_id: {type: text}, amount: {type: money}}}
  order_returned: {key: order_id, fields: {order_id: {type: text}}}
"""
PURCHASE = "points purchase on order_paid\n  earn 1 per 1 yuan of event.amount\n"


@dataclass(frozen=True, slots=True)
class MissingRole(Diagnostic):
    code: ClassVar[str] = "E0605"
    message: ClassVar[str] = "the schema has nothing with the role {roles}"
    label: ClassVar[str] = "`{clause}` has to read it"
    help: ClassVar[str] = "add {lines} to {where} in the schema"
    page: ClassVar[str] = (
        "A limit counts what was given or sent before, a tier must know the level held until now, "
        "and nobody may be contacted without consent. The schema says by roles where these facts "
        "stand: `contact log`, `incentive log`, `points log` and `consents` are collections, "
        "`held level of TIER` and `kept until of TIER` are fields of the customer."
    )
    wrong: ClassVar[str] = (
        "policy p\n  language 1\n\ntier t by 5\n  gold from 10\n  plain otherwise\n"
        "  keep 12 months\n"
    )
    right: ClassVar[str] = (
        "policy p\n  language 1\n\ntier t by 5\n  gold from 10\n  plain otherwise\n"
    )

    roles: tuple[str, ...]
    clause: str
    where: Words

    def facts(self) -> dict[str, object]:
        """With the lines that the schema lacks."""
        lines = tuple(f"role: {role}" for role in self.roles)
        return {**Diagnostic.facts(self), "roles": either(self.roles), "lines": lines}


@dataclass(frozen=True, slots=True)
class RoleColumn(Diagnostic):
    code: ClassVar[str] = "E0606"
    message: ClassVar[str] = "`{collection}` has the role `{role}` but no field `{column}`"
    label: ClassVar[str] = "`{clause}` has to read it"
    help: ClassVar[str] = "add the field `{column}` to `{collection}` in the schema"
    page: ClassVar[str] = (
        "A log has fields of fixed names, so that a rule finds its own rows in it: `contact` and "
        "`channel` in a contact log; `incentive`, `worth` and `cost` in an incentive log; `rule`, "
        "`account`, `points`, `worth`, `event` and `amount` in a points log; `channel` and "
        "`granted` in consents."
    )
    wrong: ClassVar[str] = (
        HEAD + PURCHASE + "\npoints refund on order_refunded\n  reverse purchase\n"
    )
    right: ClassVar[str] = HEAD + PURCHASE
    example_facts: ClassVar[str] = SHOP

    role: str
    collection: str
    column: str
    clause: str


def fields_of_roles(
    roles: tuple[str, ...], scope: Scope, needed: Span | None, clause: str
) -> tuple[Expr | None, ...]:
    """The customer's fields with these roles, as expressions. None for each that is not there;
    all of them are reported at once if `needed` says which clause cannot do without."""
    span = needed or scope.build.declared[scope.owner].node.span
    named: dict[str | None, str] = {}
    for name, field in scope.build.schema.fields.items():
        named.setdefault(field.role, name)
    missing = tuple(role for role in roles if role not in named)
    if missing and needed is not None:
        one = say("a field of the customer")
        where = one if len(missing) == 1 else say("fields of the customer")
        scope.build.report(MissingRole(needed, missing, clause, where))
    return tuple(
        check.value(ast.Name((named[role],), span=span), scope) if role in named else None
        for role in roles
    )


def log_of_role(
    role: str, columns: tuple[str, ...], scope: Scope, needed: Span, clause: str
) -> Collection | None:
    """The collection with a role, if it has the columns; else None, reported."""
    found = next((c for c in scope.build.schema.collections.values() if c.role == role), None)
    if found is None:
        scope.build.report(MissingRole(needed, (role,), clause, say("a collection")))
        return None
    for column in columns:
        if column not in found.fields:
            scope.build.report(RoleColumn(needed, role, found.name, column, clause))
            return None
    return found
