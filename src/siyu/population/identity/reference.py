"""The definition: which profiles are one customer, by lists and dicts.

It takes the profiles as they were read and an identity, and says the same in whatever order the
profiles come. The SQL of `resolve` is tested against it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from siyu.core.identities import Identity, Join, Value
from siyu.functions.evidence import key_of

Ref = tuple[str, str]  # channel and key of a profile; in this order, by code points
KNOWN = ""  # the field in which customers differ who each have a strong key


@dataclass(frozen=True, slots=True)
class Profile:
    """`values` are raw texts by field, None where nothing is known; `when` the verdicts of the
    lines with a condition, by the line's code, None where it is unknown."""

    ref: Ref
    values: Mapping[str, str | None] = field(default_factory=dict)
    when: Mapping[str, bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """What a profile has in common with another one, by a line: `evidence` is the first profile
    that has this value, `link` the first of those that it joins; None where it joins this profile
    to nobody: `status` says why ("conflict", "ambiguous", "shared")."""

    join: str
    ref: Ref
    evidence: Ref
    link: Ref | None
    status: str


@dataclass(frozen=True, slots=True)
class Clash:
    """A profile in a conflict: `at` is the first profile of those that the line would have made one
    customer, by one value or (`chain`) by several; `value` is what the profile's customer-to-be has
    in the field, None where that is unknown."""

    join: str
    at: Ref
    chain: bool
    field: str
    ref: Ref
    value: str | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """`first` gives each profile the first profile of its customer, `how` the line that joined it
    ("" of those that are alone)."""

    first: Mapping[Ref, Ref]
    how: Mapping[Ref, str]
    links: frozenset[Link]
    clashes: frozenset[Clash]


@dataclass(slots=True)
class _State:
    """Customers so far, each called by the first profile in it: `of` says whose each profile is,
    `facts` what each customer has in the fields that must not differ, `strong` who has a strong
    key."""

    of: dict[Ref, Ref]
    facts: dict[Ref, dict[str, str | None]]
    strong: set[Ref]
    links: set[Link] = field(default_factory=set)
    clashes: set[Clash] = field(default_factory=set)


def resolve(profiles: Iterable[Profile], identity: Identity) -> Resolution:
    """Who is one customer. No two profiles have the same reference."""
    known = sorted(profiles, key=lambda each: each.ref)
    evidence = {join.code: usable(known, join, identity) for join in identity.joins}
    kept = {code: unshared(found, identity.most) for code, found in evidence.items()}
    state = _State(
        {each.ref: each.ref for each in known},
        {each.ref: _facts(each, identity) for each in known},
        {ref for join in identity.joins if not join.weak for ref in kept[join.code]},
    )
    for join in identity.joins:
        _shared(join, evidence[join.code], kept[join.code], state)
        _Step(join, kept[join.code], state).take()
    how = {each.ref: "" for each in known}
    places = {join.code: place for place, join in enumerate(identity.joins)}
    for link in sorted(state.links, key=lambda each: -places[each.join]):
        if link.link is not None:
            how[link.ref] = link.join
    return Resolution(dict(state.of), how, frozenset(state.links), frozenset(state.clashes))


def normal(value: Value, raw: str | None, identity: Identity) -> str | None:
    """A value in its one way of writing; None where it says nothing."""
    key = None if raw is None else key_of(raw, value.kind, identity.country)
    return None if key in identity.ignored.get(value.field, ()) else key


def usable(profiles: Iterable[Profile], join: Join, identity: Identity) -> dict[Ref, str]:
    """The values that a line may go by."""
    found = {}
    for each in profiles:
        key = normal(join.value, each.values.get(join.value.field), identity)
        if key is not None and (join.when is None or each.when.get(join.code) is True):
            found[each.ref] = key
    return found


def unshared(found: Mapping[Ref, str], most: int | None) -> dict[Ref, str]:
    """Without the values that too many profiles have."""
    holders = Counter(found.values())
    return {ref: key for ref, key in found.items() if most is None or holders[key] <= most}


def _facts(profile: Profile, identity: Identity) -> dict[str, str | None]:
    return {
        value.field: normal(value, profile.values.get(value.field), identity)
        for value in identity.conflicts
    }


def _shared(join: Join, found: Mapping[Ref, str], kept: Mapping[Ref, str], state: _State) -> None:
    for holders in _held_by(found).values():
        if holders[0] not in kept:
            for ref in holders:
                state.links.add(Link(join.code, ref, holders[0], None, "shared"))


def _held_by(found: Mapping[Ref, str]) -> dict[str, list[Ref]]:
    """Who has each value, in order."""
    holders: dict[str, list[Ref]] = defaultdict(list)
    for ref in sorted(found):
        holders[found[ref]].append(ref)
    return holders


# ---------------------------------------------------------------- one line

Part = tuple[str, ...]


class _Step:
    """Joins the customers so far by one line, as far as nothing speaks against it."""

    def __init__(self, join: Join, kept: Mapping[Ref, str], state: _State) -> None:
        self.join, self.state = join, state
        self.holders = {key: refs for key, refs in _held_by(kept).items() if len(refs) > 1}

    def take(self) -> None:
        of = self.state.of
        rows = [(key, ref) for key, refs in self.holders.items() for ref in refs]
        # Of a value that speaks of several people only those are joined who agree.
        differ = {k: self.differing(of[ref] for ref in refs) for k, refs in self.holders.items()}
        parts = {(k, of[ref]): self.part(of[ref], differ[k]) for k, ref in rows}
        groups = _grouped((k, part, c) for (k, c), part in parts.items() if part is not None)
        # By several values, one after the other, more come together than any of them shows.
        root = _roots(groups.values())
        clusters = _grouped((first, c) for c, first in root.items())
        apart = {first: self.differing(cluster) for (first,), cluster in clusters.items()}
        finer = {
            (k, c): None if part is None else self.part(c, apart[root[c]])
            for (k, c), part in parts.items()
        }
        final = _grouped(
            (k, parts[k, c], part, c) for (k, c), part in finer.items() if part is not None
        )
        for key, refs in self.holders.items():
            self.note(refs[0], False, differ[key], refs)
        for (first,), members in clusters.items():
            if apart[first]:
                here = [(k, ref) for k, ref in rows if of[ref] in members]
                within = {ref for k, ref in here if parts[k, of[ref]] is not None}
                self.note(first, True, apart[first], within)
        for key, refs in self.holders.items():
            together = _grouped((parts[key, of[r]], finer[key, of[r]], r) for r in refs)
            for (part, fine), same in together.items():
                joined = fine is not None and len(same) > 1
                why = differ[key] | (apart[root[of[min(same)]]] if part is not None else set())
                status = "joined" if joined else "ambiguous" if KNOWN in why else "conflict"
                for ref in same:
                    link = min(same) if joined else None
                    self.state.links.add(Link(self.join.code, ref, refs[0], link, status))
        self.merge(_roots(final.values()))

    def facts(self, customer: Ref) -> dict[str, str | None]:
        """What a customer has; that of a weak line, who it is if it has a strong key."""
        found = self.state.facts[customer]
        if not self.join.weak:
            return found
        return {**found, KNOWN: repr(customer) if customer in self.state.strong else None}

    def differing(self, customers: Iterable[Ref]) -> set[str]:
        """The fields in which some customers have two values."""
        seen: dict[str, set[str]] = defaultdict(set)
        for customer in customers:
            for name, value in self.facts(customer).items():
                seen[name] |= set() if value is None else {value}
        return {name for name, values in seen.items() if len(values) > 1}

    def part(self, customer: Ref, differ: Iterable[str]) -> Part | None:
        """What those have in common who stay together; None where that is not known."""
        facts = self.facts(customer)
        found = [facts[name] for name in sorted(differ)]
        return None if None in found else tuple(map(str, found))

    def note(self, at: Ref, chain: bool, differ: set[str], refs: Iterable[Ref]) -> None:
        for ref in refs if KNOWN not in differ else ():
            facts = self.facts(self.state.of[ref])
            for name in differ:
                clash = Clash(self.join.code, at, chain, name, ref, facts[name])
                self.state.clashes.add(clash)

    def merge(self, into: Mapping[Ref, Ref]) -> None:
        """A customer has what one of those has whom it was made of: they do not differ."""
        state = self.state
        for ref, of in state.of.items():
            state.of[ref] = into.get(of, of)
        for customer, first in into.items():
            if customer in state.strong:
                state.strong.add(first)
            for name, value in state.facts[customer].items():
                if value is not None:
                    state.facts[first][name] = value


def _grouped(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[Any, ...], set[Ref]]:
    """Sets of what stands last, by what stands before."""
    found: dict[tuple[Any, ...], set[Ref]] = defaultdict(set)
    for *before, last in rows:
        found[tuple(before)].add(last)
    return found


def _roots(groups: Iterable[Iterable[Ref]]) -> dict[Ref, Ref]:
    """What hangs together: of each the first one."""
    parent: dict[Ref, Ref] = {}

    def root(each: Ref) -> Ref:
        while parent[each] != each:
            parent[each] = parent[parent[each]]
            each = parent[each]
        return each

    for group in groups:
        members = sorted(group)
        for each in members:
            parent.setdefault(each, each)
            one, other = sorted((root(members[0]), root(each)))
            parent[other] = one
    return {each: root(each) for each in parent}
