"""Comparison, membership and choice as SQL. Values are held alike on both sides, and texts compare
by code point in either engine."""

from __future__ import annotations

from collections.abc import Sequence

from siyu.functions.declaration import OPEN, Dialect, SqlArg
from siyu.functions.sql import Writer, constant, integer, literal, where


def compared(operator: str) -> Writer:
    """What writes a comparison."""

    def write(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
        return f"({args[0].text} {operator} {args[1].text})"

    return write


def in_set(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    return _among(args[0], constant(args[1], "a set of values"), dialect)


def _among(value: SqlArg, members: frozenset[object], dialect: Dialect) -> str:
    if not members:
        return where([f"{value.text} IS NOT NULL"], "FALSE")
    held = sorted(members, key=lambda each: (str(type(each)), each))
    return f"({value.text} IN ({', '.join(literal(each, dialect) for each in held)}))"


def has(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    members, value = args
    if isinstance(members.value, frozenset):
        return _among(value, members.value, dialect)
    contains = "list_contains" if dialect == "duckdb" else "array_contains"
    found = f"{contains}({members.text}, {value.text})"
    return where([f"{value.text} IS NOT NULL"] * (value.value is OPEN), found)


def rank(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    members = constant(args[1], "the order of an enum")
    first = {member: place for place, member in reversed(list(enumerate(members)))}
    places = sorted(first.items(), key=lambda item: item[1])
    if not places:
        return literal(None, dialect, bits)
    arms = [f"WHEN {literal(m, dialect)} THEN {integer(n, dialect, bits)}" for m, n in places]
    return f"CASE {args[0].text} {' '.join(arms)} END"


def item(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    """Of a contest, or of a constant list of values of any type."""
    listed, place = args
    if listed.value is OPEN:
        return f"{listed.text}[{constant(place, 'a place') + (dialect == 'duckdb')}]"
    values: tuple[object, ...] = listed.value
    if place.value is not OPEN:
        return _typed(values[place.value], dialect, bits)
    arms = [f"WHEN {n} THEN {_typed(value, dialect, bits)}" for n, value in enumerate(values)]
    return f"CASE {place.text} {' '.join(arms)} END"


def _typed(value: object, dialect: Dialect, bits: int) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return literal(value, dialect, bits if whole else None)


def admitted(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    """One arm a sender. Unknown cuts admit nobody and refuse nobody."""
    cuts = constant(args[0], "what a run allotted")
    if cuts is None:
        return "CAST(NULL AS BOOLEAN)"
    first = {cut[0]: cut for cut in reversed(cuts) if isinstance(cut, tuple)}
    sender, known, value, tie = args[1:]
    unknown = [f"{arg.text} IS NULL" for arg in args[1:] if arg.value is OPEN]
    arms = [f"WHEN {' OR '.join(unknown)} THEN NULL"] if unknown else []
    for name in sorted(first):
        if sender.value is not OPEN and sender.value != name:
            continue
        within = _within(first[name], known.text, value.text, tie.text, dialect)
        arms.append(f"WHEN {sender.text} = {literal(name, dialect)} THEN {within}")
    return f"CASE {' '.join(arms)} ELSE TRUE END" if arms else "TRUE"


def _within(cut: tuple[object, ...], known: str, value: str, tie: str, dialect: Dialect) -> str:
    """Whether a rank is not below a cut, as `admitted` says."""
    _, verdict, last_known, last_value, last_tie = cut
    if verdict != "cut":
        return literal(verdict == "all", dialect)
    assert isinstance(last_tie, str)
    part = f"split_part({tie}, ' ', -1)"
    if dialect == "spark":
        part = f"substring_index({tie}, ' ', -1)"
    own = f"{tie if ' ' in last_tie else part} <= {literal(last_tie, dialect)}"
    if not last_known:
        return f"({known} OR {own})"
    held = literal(last_value, dialect)
    return f"({known} AND ({value} > {held} OR ({value} = {held} AND {own})))"
