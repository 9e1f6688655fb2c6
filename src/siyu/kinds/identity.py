"""`identity`: which keys make profiles of several channels one customer (ONE ID)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from siyu.core.identities import PROFILE, Identity, Join, Value
from siyu.core.passes import needs_of
from siyu.core.program import Program
from siyu.diagnostics import Diagnostic, nearest, perhaps
from siyu.functions.evidence import COUNTRIES, KeyKind, key_of
from siyu.kinds.errors import Missing, NotAnAmount
from siyu.kinds.kind import Kind, clauses, numbered, only
from siyu.schema.model import Field, Profiles, Schema
from siyu.semantics import check
from siyu.semantics.build import FACTS, Build, Declared, Outcome, Scope
from siyu.semantics.phrases import KINDS, phrase
from siyu.syntax import ast
from siyu.types import (
    TEXT,
    BoolType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    TextType,
    Type,
)
from siyu.words import Words, say

HEAD = 'policy p\n  language 1\n  schema "retail.yaml"\n\n'
CHANNELS = """\
schema: shop
customer: {key: id, fields: {id: {type: text}}}
profiles:
  key: profile_id
  channel: channel
  fields:
    profile_id: {type: text}
    channel: {type: text}
    union_id: {type: text, optional: true}
    phone: {type: text, optional: true, pii: true}
    device: {type: text, optional: true}
    tags: {type: set of text}
"""
ONE = "identity one_id of profiles\n"


@dataclass(frozen=True, slots=True)
class NoProfiles(Diagnostic):
    code: ClassVar[str] = "E0711"
    message: ClassVar[str] = "there are no profiles called `{name}`"
    label: ClassVar[str] = "an identity joins the profiles of the schema"
    help: ClassVar[str] = "{what}"
    page: ClassVar[str] = (
        "An identity makes one customer of the profiles that channels have of a person. The schema "
        "says what a profile is in its part `profiles`: the field that is its key, the one that is "
        "its channel, and what else is known."
    )
    wrong: ClassVar[str] = HEAD + "identity one_id of people\n  join by union_id\n"
    right: ClassVar[str] = HEAD + ONE + "  join by union_id\n"
    example_facts: ClassVar[str] = CHANNELS

    name: str
    what: Words


@dataclass(frozen=True, slots=True)
class NoProfileField(Diagnostic):
    code: ClassVar[str] = "E0712"
    message: ClassVar[str] = "a profile has no field `{name}`"
    label: ClassVar[str] = "the schema's `profiles` have none of this name"
    help: ClassVar[str] = "add it to the fields of `profiles` in the schema"
    page: ClassVar[str] = (
        "`join by`, `conflict on` and `ignore` name fields of a profile, as the schema lists them "
        "below `profiles`. What a customer has is not known yet where customers are made."
    )
    wrong: ClassVar[str] = HEAD + ONE + "  join by unionid\n"
    right: ClassVar[str] = HEAD + ONE + "  join by union_id\n"
    example_facts: ClassVar[str] = CHANNELS

    name: str
    near: tuple[str, ...]

    def what_to_do(self) -> Words:
        return perhaps(self.near) if self.near else Diagnostic.what_to_do(self)


@dataclass(frozen=True, slots=True)
class NoKey(Diagnostic):
    code: ClassVar[str] = "E0713"
    message: ClassVar[str] = "`{name}` cannot be compared here: it is {found}"
    label: ClassVar[str] = "{wanted}"
    help: ClassVar[str] = "name another field"
    page: ClassVar[str] = (
        "What joins profiles is text, a whole number or a word of a list; a telephone number or an "
        "e-mail address is text. What must not differ may also be a date, a number or a yes or no. "
        "Sets, places and instants are no keys of a person."
    )
    wrong: ClassVar[str] = HEAD + ONE + "  join by tags\n"
    right: ClassVar[str] = HEAD + ONE + "  join by union_id\n"
    example_facts: ClassVar[str] = CHANNELS

    name: str
    found: Words
    wanted: Words


@dataclass(frozen=True, slots=True)
class WeakFirst(Diagnostic):
    code: ClassVar[str] = "E0714"
    message: ClassVar[str] = "a strong key stands behind a weak one"
    label: ClassVar[str] = "this line comes after a weak one"
    help: ClassVar[str] = "write the weak lines last: that is when they are looked at"
    page: ClassVar[str] = (
        "The lines of an identity are looked at in the order written, the strongest first. A weak "
        "one only brings profiles that have no strong key at all to the one customer it points to, "
        "which is not known before all strong ones have been looked at."
    )
    wrong: ClassVar[str] = HEAD + ONE + "  join by device weak\n  join by union_id\n"
    right: ClassVar[str] = HEAD + ONE + "  join by union_id\n  join by device weak\n"
    example_facts: ClassVar[str] = CHANNELS


@dataclass(frozen=True, slots=True)
class NoCountry(Diagnostic):
    code: ClassVar[str] = "E0715"
    message: ClassVar[str] = "siyu does not know the telephone numbers of `{code_}`"
    label: ClassVar[str] = "a country is written as two capitals, as in CN"
    help: ClassVar[str] = "write one of {known}"
    page: ClassVar[str] = (
        "A number without the code of a country is one of the country that the identity names. How "
        "long its numbers are and what stands before them differs from country to country."
    )
    wrong: ClassVar[str] = HEAD + ONE + "  country China\n  join by phone as phone\n"
    right: ClassVar[str] = HEAD + ONE + "  country CN\n  join by phone as phone\n"
    example_facts: ClassVar[str] = CHANNELS

    code_: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NothingIgnored(Diagnostic):
    code: ClassVar[str] = "E0716"
    message: ClassVar[str] = "nothing is joined by `{name}`, so there is nothing to ignore"
    label: ClassVar[str] = "no line says `join by {name}` or `conflict on {name}`"
    help: ClassVar[str] = "take the line away, or join by the field"
    page: ClassVar[str] = (
        "`ignore` names values that say nothing of a person, such as a shop's own number. It "
        "speaks of a field that profiles are joined by or must not differ in."
    )
    wrong: ClassVar[str] = HEAD + ONE + '  join by union_id\n  ignore device in ("none")\n'
    right: ClassVar[str] = (
        HEAD + ONE + '  join by union_id\n  join by device weak\n  ignore device in ("none")\n'
    )
    example_facts: ClassVar[str] = CHANNELS

    name: str


KEYS = (TextType, IntType, EnumType)
COMPARED = (*KEYS, DateType, BoolType, DecimalType)


def lower(declared: Declared, build: Build) -> Outcome:
    """An identity is looked at before there are customers, so that nothing else can name it."""
    node = declared.node
    assert isinstance(node, ast.Identity)
    profiles = build.schema.profiles
    if profiles is None or node.source.text != "profiles":
        what = say("write `of profiles`") if profiles is not None else say(
            "add a part `profiles` to the schema, with `key`, `channel` and `fields`"
        )  # fmt: skip
        build.report(NoProfiles(node.source.span, node.source.text, what))
    else:
        made = _Lowering(declared, node, build, profiles).made()
        build.halves[f"identity {declared.name}"] = made
    return Outcome(declared.name, declared.kind, FACTS)


def identities_of(build: Build) -> tuple[Identity, ...]:
    """All identities of a policy, in the order of their names."""
    found = [each for each in build.halves.values() if isinstance(each, Identity)]
    return tuple(sorted(found, key=lambda each: each.name))


def profile_schema(schema: Schema, profiles: Profiles) -> Schema:
    """A profile as if it were a customer."""
    fields = {PROFILE: Field(PROFILE, TEXT), **profiles.fields}
    return Schema("profiles", PROFILE, enums=schema.enums, fields=fields)


class _Lowering:
    def __init__(
        self, declared: Declared, node: ast.Identity, build: Build, profiles: Profiles
    ) -> None:
        self.node, self.build, self.profiles = node, build, profiles
        self.declared = declared
        self.schema = profile_schema(build.schema, profiles)
        self.within = Build(
            self.schema, build.policy, build.timezone, build.currency, {}, _nothing, build.found
        )
        self.scope = Scope(self.within, declared.name, FACTS)
        self.country = self._country()

    def made(self) -> Identity:
        name = self.declared.name
        joins = self._joins()
        conflicts = self._conflicts()
        values = {each.value.field: each.value for each in reversed(joins)}
        values |= {each.field: each for each in conflicts if each.field not in values}
        ignored = self._ignored(values)
        for field in dict.fromkeys((self.profiles.channel, self.profiles.key)):
            self._bind(self.profiles.fields[field])
        bindings = tuple(self.within.bindings.values())
        program = Program(
            name, 1, self.build.timezone, self.build.currency, bindings,
            needs_of(bindings, {}), (), (), (), PROFILE,
        )  # fmt: skip
        return Identity(
            name, self.declared.label, joins, conflicts, program, self.schema,
            self.profiles.channel, self.profiles.key, self.country, self._most(), ignored,
        )  # fmt: skip

    # ------------------------------------------------------------ lines

    def _joins(self) -> tuple[Join, ...]:
        written = clauses(self.node, ast.JoinBy)
        found, weak = [], False
        codes = numbered(self.declared.name, "join", len(written))
        for code, clause in zip(codes, written, strict=True):
            if weak and not clause.weak:
                self.build.report(WeakFirst(clause.span))
            weak = weak or clause.weak
            value = self._value(clause.field, KEYS, clause.kind or "text")
            when = None
            if clause.when is not None:
                condition = check.condition(clause.when, self.scope, code)
                when = self.within.bind(f"{code}.when", condition, FACTS).name
            if value is not None:
                found.append(Join(code, value, clause.weak, when))
        if not any(not each.weak for each in written):
            why = say("only a strong key says that two profiles are one person")
            self._missing("join by", why, "join by union_id")
        elif not self.country and any(each.kind == "phone" for each in written):
            why = say("telephone numbers without a country are from somewhere")
            self._missing("country", why, "country CN")
        return tuple(found)

    def _conflicts(self) -> tuple[Value, ...]:
        kinds: dict[str, KeyKind] = {}
        for join in clauses(self.node, ast.JoinBy):
            kinds.setdefault(join.field.text, join.kind or "text")
        found: dict[str, Value] = {}
        for clause in clauses(self.node, ast.ConflictOn):
            for field in clause.fields:
                value = self._value(field, COMPARED, kinds.get(field.text, "text"))
                if value is not None:
                    found.setdefault(value.field, value)
        return tuple(found.values())

    def _ignored(self, values: Mapping[str, Value]) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for clause in clauses(self.node, ast.Ignore):
            name = clause.field.text
            if self._field(clause.field) is None:
                continue
            if name not in values:
                self.build.report(NothingIgnored(clause.field.span, name))
                continue
            for each in clause.values:
                raw = each.value if isinstance(each, ast.Text) else each.digits
                key = self._key(raw, values[name].kind)
                if key is not None:
                    found.setdefault(name, set()).add(key)
        return {name: frozenset(each) for name, each in found.items()}

    def _key(self, raw: str, kind: KeyKind) -> str | None:
        if kind == "phone" and not self.country:
            return None
        return key_of(raw, kind, self.country)

    def _most(self) -> int | None:
        clause = only(self.node, ast.MostProfiles, self.build, "at most")
        if clause is None:
            return None
        digits = clause.count.replace("_", "")
        if digits.isdigit() and int(digits) > 1:
            return int(digits)
        wanted, found = say("a whole number of at least 2"), say("`{count}`", count=clause.count)
        example = "at most 20 profiles per value"
        self.build.report(NotAnAmount(clause.span, "at most", wanted, found, example))
        return None

    def _country(self) -> str:
        clause = only(self.node, ast.Country, self.build, "country")
        if clause is None:
            return ""
        code = clause.code.text
        if code not in COUNTRIES:
            self.build.report(NoCountry(clause.code.span, code, tuple(COUNTRIES)))
            return "CN"  # whatever it was, it was named
        return code

    # ------------------------------------------------------------ fields

    def _value(self, name: ast.Ident, kinds: tuple[type[Type], ...], kind: KeyKind) -> Value | None:
        field = self._field(name)
        if field is None:
            return None
        if not isinstance(field.type, kinds) or (kind != "text" and field.type != TEXT):
            wanted = say("telephone numbers and e-mail addresses are text")
            if kind == "text":
                wanted = say("a key is text, a whole number or a word of a list")
                if kinds is COMPARED:
                    wanted = say("what must not differ is text, a number, a date or a yes or no")
            self.build.report(NoKey(name.span, name.text, phrase(field.type), wanted))
            return None
        binding = self._bind(field)
        return Value(field.name, kind, binding, field.type, field.pii, field.label)

    def _field(self, name: ast.Ident) -> Field | None:
        field = self.profiles.fields.get(name.text)
        if field is None:
            near = nearest(name.text, self.profiles.fields)
            self.build.report(NoProfileField(name.span, name.text, near))
        return field

    def _bind(self, field: Field) -> str:
        """The value as it is read, under a name of its own."""
        name = f"of {field.name}"
        if name not in self.within.bindings:
            value = check.value(ast.Name((field.name,), span=self.node.span), self.scope)
            self.within.bind(name, value, FACTS, optional=field.maybe_unknown)
        return name

    def _missing(self, word: str, why: Words, example: str) -> None:
        kind, name = KINDS["identity"], self.declared.name
        self.build.report(Missing(self.node.name.span, kind, name, word, why, example))


def _nothing(_declared: Declared, _build: Build) -> Outcome:
    raise AssertionError("a profile knows of no declarations")


KIND = Kind(
    "identity",
    ast.Identity,
    FACTS,
    lower,
    """Which profiles of several channels are one customer (ONE ID). Profiles come from the schema's
part `profiles`. Each `join by` names a key: profiles that have the same value of it, written in one
way (`as phone`, `as email`), are one person. The lines are looked at in the order written. A `weak`
key never joins two profiles that each have a strong key; it brings those without one to the one
customer it points to. Where a value would bring two values of a `conflict on` field together, it
joins only those that agree, and the conflict is reported. `siyu identity` makes the customers and
says why. More in [ONE ID](identity.md).

```siyu profiles
identity one_id "ONE ID" of profiles
  country CN
  join by union_id
  join by phone as phone when phone_verified
  join by email as email when email_verified
  join by device weak
  conflict on birthday, gender
  ignore phone in ("13800000000")
  at most 20 profiles per value
```
""",
    (NoProfiles, NoProfileField, NoKey, WeakFirst, NoCountry, NothingIgnored),
)
