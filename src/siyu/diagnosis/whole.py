"""The diagnosis of one policy: every part found once, then what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from siyu.compiler import Pack
from siyu.core.chains import ways
from siyu.core.ir import Expr
from siyu.diagnosis.cases import families
from siyu.diagnosis.gaps import gaps
from siyu.diagnosis.model import Cell, Diagnosis, Quadrant, Served
from siyu.kinds.kind import clauses
from siyu.schema import Schema
from siyu.semantics.build import Build, Declared
from siyu.syntax import ast
from siyu.types import EnumType

# Where the member comes to us; on every other channel we go to the member.
INBOUND = frozenset(
    {"store", "shop", "counter", "pos", "mini_program", "miniprogram", "in_app", "app_inbox", "web"}
    | {"website", "qr", "qr_code", "hotline", "service", "mall", "member_center", "member_centre"}
    | {"门店", "柜台", "小程序", "站内", "商城", "会员中心", "官网", "二维码", "客服", "热线"}
)


def diagnose(pack: Pack, build: Build, name: str, label: str) -> Diagnosis:
    """The diagnosis of a policy without errors."""
    incentives = _of(build, ast.Incentive)
    contacts = _of(build, ast.Contact)
    found = families(build)
    purposes = tuple(_purpose(word, contacts) for word in get_args(ast.Purpose))
    channels = _channels(build.schema, contacts)
    principles = tuple(_principle(word, incentives) for word in get_args(ast.Principle))
    quadrants = _quadrants(contacts, build)
    labels = {each.name: each.label for each in build.declared.values()}
    missing = gaps(pack, build, found, purposes, channels, principles, quadrants)
    return Diagnosis(name, label, found, purposes, channels, principles,
                     _matrix(incentives), quadrants, missing, labels)  # fmt: skip


def _of(build: Build, kind: type[ast.Node]) -> tuple[Declared, ...]:
    return tuple(each for each in build.declared.values() if isinstance(each.node, kind))


def _purpose(word: str, contacts: Sequence[Declared]) -> Served:
    return Served(word, tuple(c.name for c in contacts if getattr(c.node, "purpose", None) == word))


def _principle(word: str, incentives: Sequence[Declared]) -> Served:
    serving = [
        each.name
        for each in incentives
        if any(word in clause.principles for clause in clauses(each.node, ast.Serves))
    ]
    return Served(word, tuple(serving))


# ---------------------------------------------------------------- channels


def _channels(schema: Schema, contacts: Sequence[Declared]) -> tuple[Served, ...]:
    """The channels that the schema knows, then others that contacts use."""
    users: dict[str, list[str]] = {word: [] for word in _known(schema)}
    for each in contacts:
        for channel in _via(each):
            users.setdefault(channel, []).append(each.name)
    return tuple(Served(channel, tuple(dict.fromkeys(names))) for channel, names in users.items())


def _known(schema: Schema) -> Iterator[str]:
    for collection in schema.collections.values():
        if collection.role in ("contact log", "consents"):
            field = collection.fields.get("channel")
            if field is not None and isinstance(field.type, EnumType):
                yield from field.type.members


def _via(contact: Declared) -> Iterator[str]:
    for via in clauses(contact.node, ast.Via):
        for channel in via.channels:
            yield channel.name.text


# ---------------------------------------------------------------- what kinds there are


def _matrix(incentives: Sequence[Declared]) -> tuple[Cell, ...]:
    cells: dict[tuple[str, str, str], list[str]] = {}
    for each in incentives:
        nature = next(iter(clauses(each.node, ast.Nature)), None)
        give = next(iter(clauses(each.node, ast.Give)), None)
        benefit = give.benefit.text if give is not None else ""
        key = (nature.cost if nature else "", nature.source if nature else "", benefit)
        cells.setdefault(key, []).append(each.name)
    return tuple(Cell(*key, tuple(names)) for key, names in sorted(cells.items()))


def _quadrants(contacts: Sequence[Declared], build: Build) -> tuple[Quadrant, ...]:
    """A contact `on` an event, or one whose audience rests on the event or the context of the
    moment, is triggered, every other one planned. It is inbound on channels where the member comes
    to us; a contact with channels of both sorts is in both quadrants."""
    found: Mapping[tuple[str, str], list[str]] = {
        (timing, direction): []
        for timing in ("planned", "triggered")
        for direction in ("outbound", "inbound")
    }
    for each in contacts:
        timing = "triggered" if _triggered(each, build) else "planned"
        for direction in dict.fromkeys(
            "inbound" if channel.lower() in INBOUND else "outbound" for channel in _via(each)
        ):
            found[timing, direction].append(each.name)
    return tuple(
        Quadrant(timing, direction, tuple(names))  # type: ignore[arg-type]
        for (timing, direction), names in found.items()
    )


def _triggered(contact: Declared, build: Build) -> bool:
    assert isinstance(contact.node, ast.Contact)
    if contact.node.on is not None:
        return True
    wanted = build.bindings.get(f"{contact.name}.meant")

    def expr_of(name: str) -> Expr | None:
        binding = build.bindings.get(name)
        return None if binding is None else binding.expr

    if wanted is None:
        return False
    facts = ways((wanted.expr,), expr_of, lambda name: False).facts
    return any(fact.origin in ("context", "event") for fact in facts)
