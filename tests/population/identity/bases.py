"""Profiles for tests: an identity out of text, and small bases as relations of an engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from siyu.compiler import Pack, Used, compile_pack
from siyu.core.identities import Identity
from siyu.functions.sql import TEXT
from siyu.population.engines import Engine
from siyu.population.identity.customers import write_customer_keys
from siyu.population.identity.normal import write_keys
from siyu.population.identity.profiles import Profiles, values_of
from siyu.population.identity.reference import Clash, Link, Profile, Ref, Resolution
from siyu.population.identity.resolve import resolve
from siyu.population.sources.sqltext import literal
from siyu.schema.load import load_schema
from siyu.syntax.parse import parse
from siyu.text import Source

SCHEMA = """\
schema: shop
customer: {key: id, fields: {id: {type: text}}}
enums: {gender: [f, m]}
profiles:
  key: profile_id
  channel: channel
  fields:
    profile_id: {type: text}
    channel: {type: text}
    union_id: {type: text, optional: true}
    phone: {type: text, optional: true, pii: true, label: {zh: 手机号, en: Phone}}
    phone_verified: {type: bool, default: true}
    email: {type: text, optional: true, pii: true}
    device: {type: text, optional: true}
    address: {type: text, optional: true}
    birthday: {type: date, optional: true, pii: true, label: {zh: 生日, en: Birthday}}
    gender: {type: enum gender, optional: true}
"""
HEAD = 'policy p\n  language 1\n  schema "s.yaml"\n\nidentity one_id "ONE ID" of profiles\n'
LINES = """\
  country CN
  join by union_id
  join by phone as phone when phone_verified
  join by email as email
  join by device weak
  join by address weak
  conflict on union_id, birthday, gender
  ignore phone in ("13800000000")
  at most 4 profiles per value
"""


def identity(lines: str = LINES, schema: str = SCHEMA) -> Identity:
    """The identity that these lines declare."""
    source = Source.of("p.siyu", HEAD + lines)
    loaded = load_schema(Source.of("s.yaml", schema))
    found = compile_pack(Pack((Used("p.siyu", parse(source)),), loaded, {"p.siyu": source}))
    assert found.program is not None, [(d.code, d.text()) for d in found.diagnostics]
    (only,) = found.identities
    return only


def person(number: int, when: bool | None = True, /, **values: str | None) -> Profile:
    """A profile with raw values; `when` is the verdict of the second line's condition."""
    ref = (("tmall", "wecom", "store")[number % 3], f"M{number}")
    return Profile(ref, values, {"one_id.join.2": when})


def stage(engine: Engine, profiles: Iterable[Profile], wanted: Identity) -> Profiles:
    """The profiles as `read_profiles` leaves them."""
    known = sorted(profiles, key=lambda each: each.ref)
    values = values_of(wanted)
    whens = {join.code: f"w{at}" for at, join in enumerate(wanted.joins) if join.when is not None}
    text = TEXT[engine.name]

    def row(at: int, each: Profile) -> str:
        cells = [str(at)]
        raws: Sequence[object] = (*each.ref, *(each.values.get(v.field) for v in values))
        cells += [f"CAST({literal(raw, engine.name)} AS {text})" for raw in raws]
        cells += ["TRUE" if each.when.get(code) is True else "FALSE" for code in whens]
        return f"({', '.join(cells)})"

    columns = ["p", "channel", "profile", *(f"v{at}" for at in range(len(values))), *whens.values()]
    rows = ", ".join(row(at, each) for at, each in enumerate(known, 1))
    typed = ", ".join(["CAST(p AS BIGINT) AS p", *columns[1:]])
    engine.table("profiles", f"SELECT {typed} FROM (VALUES {rows}) t({', '.join(columns)})")
    return Profiles(
        "profiles", tuple((f"v{at}", v) for at, v in enumerate(values)), whens, "", len(known), 0
    )


def found(engine: Engine, profiles: Sequence[Profile], wanted: Identity) -> Resolution:
    """What the engine finds, as the reference says it."""
    made = stage(engine, profiles, wanted)
    keys = [(raw, f"k{at}", value) for at, (raw, value) in enumerate(made.values)]
    write_keys(engine, made.table, keys, wanted)
    resolved = resolve(engine, made, wanted)
    refs: Mapping[int, Ref] = {
        int(p): (str(channel), str(profile))
        for p, channel, profile in engine.rows("SELECT p, channel, profile FROM profiles")
    }
    codes = [join.code for join in wanted.joins]
    customers = engine.rows(f"SELECT p, c, how FROM {resolved.customers}")
    links = engine.rows(f"SELECT k, p, e, link, status FROM {resolved.links}")
    clashes = engine.rows(f"SELECT k, begins, chain, field, p, value FROM {resolved.clashes}")
    assert len(customers) == len(profiles)
    assert len(links) == len({(row[0], row[1]) for row in links})
    return Resolution(
        {refs[p]: refs[c] for p, c, _ in customers},
        {refs[p]: "" if how is None else codes[how] for p, _, how in customers},
        frozenset(
            Link(codes[k], refs[p], refs[e], None if link is None else refs[link], status)
            for k, p, e, link, status in links
        ),
        frozenset(
            Clash(codes[k], refs[at], chain, field, refs[p], value)
            for k, at, chain, field, p, value in clashes
        ),
    )


def keys_found(engine: Engine, before: Mapping[Ref, str], wanted: Identity) -> dict[Ref, str]:
    """The customers' keys as the engine finds them, after `found`."""
    cells = ", ".join(
        "(" + ", ".join(literal(each, engine.name) for each in (*ref, key)) + ")"
        for ref, key in before.items()
    )
    earlier = f"SELECT * FROM (VALUES {cells}) t(channel, profile, customer)" if cells else None
    write_customer_keys(engine, wanted.name, earlier)
    rows = engine.rows(
        "SELECT k.channel, k.profile, n.customer FROM named n JOIN keys k ON k.p = n.p"
    )
    return {(str(channel), str(profile)): str(customer) for channel, profile, customer in rows}
