"""Roles: what the engine itself reads of a customer, and what it needs to find there."""

from __future__ import annotations

from collections.abc import Mapping

from siyu.diagnostics import nearest
from siyu.schema import diagnostics as problems
from siyu.schema.loading import Loading, good_name, setting
from siyu.schema.model import MISSING, Collection, CollectionRole, Field, Schema
from siyu.schema.shape import (
    COLLECTION_ROLES,
    FIELD_ROLES,
    ROLE_COLUMNS,
    TIMED_ROLES,
    Column,
    type_name,
)
from siyu.schema.tree import Map
from siyu.types import BoolType, DateType, ErrorType, LevelType, Type
from siyu.words import Words, say

CALLED: Mapping[CollectionRole, Words] = {
    "contact log": say("contact log"),
    "incentive log": say("incentive log"),
    "points log": say("points log"),
    "consents": say("collection of consents"),
}


def collection_role(run: Loading, tree: Map, name: str, nested: bool) -> CollectionRole | None:
    """The role a collection says it has; only those of the customer can have one."""
    found = tree.get("role")
    role = run.word(found, setting("role", f"`{name}`"))
    if found is None or role is None:
        return None
    known = () if nested else COLLECTION_ROLES
    for each in known:
        if role == each:
            return each
    where = say("a nested collection") if nested else say("a collection")
    run.report(problems.UnknownRole(found.span, role, where, known, nearest(role, known)))
    return None


def no_roles(run: Loading, fields: Mapping[str, Field], where: Words) -> None:
    """Only the customer's own fields have roles."""
    for field in fields.values():
        if field.role is not None:
            place = say("a field of {where}", where=where)
            run.report(problems.UnknownRole(field.span, field.role, place, (), ()))


def check_roles(run: Loading, schema: Schema) -> None:
    """That every role is played once, by what can play it."""
    players: list[Field | Collection] = [*schema.fields.values(), *schema.collections.values()]
    first: dict[str, Field | Collection] = {}
    for player in players:
        if player.role is None:
            continue
        other = first.setdefault(player.role, player)
        if other is not player:
            names = (player.name, other.name, player.role)
            run.report(problems.RoleTwice(player.span, *names, other.span))
    for field in schema.fields.values():
        _check_field(run, field)
    for collection in schema.collections.values():
        _check_collection(run, collection)


def _check_field(run: Loading, field: Field) -> None:
    if field.role is None:
        return
    wanted = _type_for(field.role)
    if wanted is None:
        near = nearest(field.role, FIELD_ROLES)
        run.report(problems.UnknownRole(field.span, field.role, say("a field"), FIELD_ROLES, near))
    elif field.type not in (wanted, ErrorType()):
        kinds = (type_name(field.type), type_name(wanted))
        run.report(problems.RoleOfWrongType(field.span, field.role, field.name, *kinds))
    elif field.role == "opt-out" and field.default is not MISSING:
        run.report(problems.DefaultForbidden(field.span, field.name))


def _type_for(role: str) -> Type | None:
    match role.split():
        case ["opt-out"]:
            return BoolType()
        case ["held", "level", "of", tier] if good_name(tier):
            return LevelType(tier)
        case ["kept", "until", "of", tier] if good_name(tier):
            return DateType()
        case _:
            return None


def _check_collection(run: Loading, rows: Collection) -> None:
    if rows.role is None:
        return
    called = CALLED[rows.role]
    if rows.role in TIMED_ROLES and rows.time is None:
        run.report(problems.TimeMissing(rows.span, called, rows.name))
    for column in ROLE_COLUMNS[rows.role]:
        _check_column(run, rows, called, column)
    granted = rows.fields.get("granted")
    if rows.role == "consents":
        if rows.default_empty:
            run.report(problems.DefaultForbidden(rows.span, rows.name))
        if granted is not None and granted.default is not MISSING:
            run.report(problems.DefaultForbidden(granted.span, granted.name))


def _check_column(run: Loading, rows: Collection, called: Words, column: Column) -> None:
    field = rows.fields.get(column.name)
    if field is None:
        if column.needed:
            names = (called, rows.name, column.name, column.wanted)
            run.report(problems.ColumnMissing(rows.span, *names))
    elif not isinstance(field.type, (*column.types, ErrorType)):
        facts = (called, rows.name, column.name, type_name(field.type), column.wanted)
        run.report(problems.ColumnOfWrongType(field.span, *facts))
