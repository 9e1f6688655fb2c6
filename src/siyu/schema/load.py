"""From the text of a schema file to a `Schema`, and everything that is wrong with the file.

Pure: text in, values out. Reads on after a mistake, so that one run reports all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from siyu.diagnostics import Diagnostic, in_source_order, nearest
from siyu.schema import diagnostics as problems
from siyu.schema.fields import read_fields
from siyu.schema.loading import Loading, setting
from siyu.schema.model import (
    MISSING,
    Collection,
    Enum,
    Event,
    Field,
    Labels,
    Profiles,
    Schema,
)
from siyu.schema.roles import check_roles, collection_role, no_roles
from siyu.schema.shape import (
    COLLECTION,
    CONTEXT,
    CUSTOMER,
    ENUM,
    EVENT,
    KEY_TYPES,
    PROFILES,
    ROW_KEY_TYPES,
    TOP,
    WORDS,
    type_name,
    type_word,
)
from siyu.schema.tree import List, Map, Pair, Scalar, Tree, read_tree
from siyu.text import Source, Span
from siyu.types import DateTimeType, DateType, ErrorType
from siyu.words import Words, either, say

THE_FILE, THE_CUSTOMER, THE_CONTEXT = say("the file"), say("the customer"), say("the context")
THE_PROFILES = say("the profiles")


@dataclass(frozen=True, slots=True)
class Loaded:
    """`schema` is None where nothing could be made of the file; after errors it is only good for
    finding more errors."""

    schema: Schema | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        """Whether the schema can be decided with: no errors, warnings at most."""
        return self.schema is not None and all(d.severity != "error" for d in self.diagnostics)


def load_schema(source: Source, currency: str = "") -> Loaded:
    """Read a schema file. `currency` is the policy's, for amounts that do not name theirs.

    >>> text = "schema: shop\\ncustomer: {key: id, fields: {id: {type: text}}}"
    >>> load_schema(Source.of("shop.yaml", text)).schema.fields["id"].type
    TextType()
    """
    tree, found = read_tree(source)
    run = Loading(currency, found)
    top = run.object(tree, say("a schema file")) if tree is not None else None
    if tree is None or top is None:
        if not found:
            run.report(problems.KeyMissing(Span(source.name, 0, 0), THE_FILE, "schema"))
        return Loaded(None, in_source_order(found))
    schema = _schema(run, top)
    check_roles(run, schema)
    return Loaded(schema, in_source_order(found))


def _schema(run: Loading, top: Map) -> Schema:
    run.check_keys(top, TOP, say("a schema file"))
    ignores = run.ignores_extra(top, THE_FILE)
    run.enums = _enums(run, top)
    key, fields = _customer(run, top)
    return Schema(
        name=run.word(run.need(top, "schema", THE_FILE), "`schema`") or "",
        key=key,
        version=_version(run, top.get("version")),
        labels=run.labels(top.get("labels"), "`labels`"),
        extra_ignore=ignores,
        enums=run.enums,
        fields=fields,
        collections=_collections(run, top, fields, THE_CUSTOMER, ignores),
        events=_events(run, top, ignores),
        context=_context(run, top),
        profiles=_profiles(run, top),
        span=top.span,
    )


def _version(run: Loading, tree: Tree | None) -> int:
    match tree:
        case None:
            return 1
        case Scalar(value=int(version)) if not isinstance(version, bool) and version >= 1:
            return version
        case _:
            run.wrong(tree, "`version`", say("a whole number from 1"))
            return 1


# ---------------------------------------------------------------- enums


def _enums(run: Loading, top: Map) -> dict[str, Enum]:
    return {pair.key: _enum(run, pair) for pair in run.named(top.get("enums"), "`enums`")}


def _enum(run: Loading, pair: Pair) -> Enum:
    """Short: `{sms: SMS}`; long: `{values: {…}, ordered: true}`; labels may be left out."""
    what = say("the enum `{name}`", name=pair.key)
    members, ordered, label = pair.value, False, Labels()
    if isinstance(members, Map) and isinstance(members.get("values"), Map | List):
        run.check_keys(members, ENUM, say("an enum"))
        ordered = run.flag(members, "ordered", what)
        label = run.labels(members.get("label"), setting("label", what))
        members = members.get("values") or members
    labels = _members(run, members, what)
    if not labels:
        run.report(problems.EmptyEnum(pair.key_span, pair.key))
    for name in labels:
        if name in ("known", "unknown", "any"):
            span = members.key_span(name) if isinstance(members, Map) else members.span
            run.report(problems.MemberNeedsBackticks(span, pair.key, name))
    return Enum(pair.key, tuple(labels), labels, ordered, label, span=pair.key_span)


def _members(run: Loading, tree: Tree, what: Words) -> dict[str, Labels]:
    if isinstance(tree, List):
        words = [
            (run.word(item, say("a member of {what}", what=what)), item) for item in tree.items
        ]
        unlabelled = [(word, item.span) for word, item in words if word]
        pairs = tuple(Pair(word, span, Scalar("", None, span)) for word, span in unlabelled)
        tree = Map(pairs, tree.span)
    named = run.named(tree, what)
    return {
        pair.key: run.labels(pair.value, say("the label of `{name}`", name=pair.key))
        for pair in named
    }


# ---------------------------------------------------------------- customer, events, context


def _customer(run: Loading, top: Map) -> tuple[str, dict[str, Field]]:
    where = THE_CUSTOMER
    tree = run.object(run.need(top, "customer", THE_FILE), "`customer`")
    if tree is None:
        return "", {}
    run.check_keys(tree, CUSTOMER, where)
    fields = read_fields(run, run.need(tree, "fields", where), where)
    run.need(tree, "key", where)
    return _pointer(run, tree, "key", where, fields, KEY_TYPES) or "", fields


def _events(run: Loading, top: Map, ignores: bool) -> dict[str, Event]:
    found = run.named(top.get("events"), "`events`")
    return {pair.key: _event(run, pair, ignores) for pair in found}


def _event(run: Loading, pair: Pair, ignores: bool) -> Event:
    where = say("the event `{name}`", name=pair.key)
    tree = run.object(pair.value, where)
    if tree is None:
        return Event(pair.key, span=pair.key_span)
    run.check_keys(tree, EVENT, say("an event"))
    fields = read_fields(run, run.need(tree, "fields", where), where)
    no_roles(run, fields, where)
    if "type" in fields:
        own = (
            say("a field of {where}", where=where),
            say("what every event brings"),
            pair.key_span,
        )
        run.report(problems.NameTwice(fields["type"].span, "type", *own))
    return Event(
        pair.key,
        _pointer(run, tree, "key", where, fields, KEY_TYPES),
        _pointer(run, tree, "time", where, fields, (DateTimeType,)),
        fields,
        run.labels(tree.get("label"), setting("label", where)),
        run.ignores_extra(tree, where) or ignores,
        span=pair.key_span,
    )


def _context(run: Loading, top: Map) -> dict[str, Field]:
    tree = run.object(top.get("context"), "`context`")
    if tree is None:
        return {}
    run.check_keys(tree, CONTEXT, THE_CONTEXT)
    fields = read_fields(run, run.need(tree, "fields", THE_CONTEXT), THE_CONTEXT)
    no_roles(run, fields, THE_CONTEXT)
    return fields


def _profiles(run: Loading, top: Map) -> Profiles | None:
    where = THE_PROFILES
    tree = run.object(top.get("profiles"), "`profiles`")
    if tree is None:
        return None
    run.check_keys(tree, PROFILES, where)
    fields = read_fields(run, run.need(tree, "fields", where), where)
    no_roles(run, fields, where)
    run.need(tree, "key", where)
    run.need(tree, "channel", where)
    key = _pointer(run, tree, "key", where, fields, KEY_TYPES)
    channel = _pointer(run, tree, "channel", where, fields, WORDS)
    label = run.labels(tree.get("label"), setting("label", where))
    return Profiles(key or "", channel or "", fields, label, span=tree.span)


# ---------------------------------------------------------------- collections


def _collections(
    run: Loading, around: Map, beside: dict[str, Field], where: Words, ignores: bool
) -> dict[str, Collection]:
    made = {}
    for pair in run.named(around.get("collections"), setting("collections", where)):
        if pair.key in beside:
            kinds = (
                say("a collection of {where}", where=where),
                say("a field of {where}", where=where),
                beside[pair.key].span,
            )
            run.report(problems.NameTwice(pair.key_span, pair.key, *kinds))
        made[pair.key] = _collection(run, pair, ignores, nested=where != THE_CUSTOMER)
    return made


def _collection(run: Loading, pair: Pair, ignores: bool, nested: bool) -> Collection:
    where = f"`{pair.key}`"
    tree = run.object(pair.value, say("the collection `{name}`", name=pair.key))
    if tree is None:
        return Collection(pair.key, span=pair.key_span)
    run.check_keys(tree, COLLECTION, say("a collection"))
    ignores = run.ignores_extra(tree, where) or ignores
    fields = read_fields(run, run.need(tree, "fields", where), where)
    no_roles(run, fields, where)
    made = Collection(
        pair.key,
        _pointer(run, tree, "key", where, fields, ROW_KEY_TYPES),
        _pointer(run, tree, "time", where, fields, (DateTimeType, DateType)),
        collection_role(run, tree, pair.key, nested),
        fields,
        _collections(run, tree, fields, where, ignores),
        _default_empty(run, tree, where),
        run.flag(tree, "optional", where),
        ignores,
        run.labels(tree.get("label"), setting("label", where)),
        span=pair.key_span,
    )
    if made.default_empty and made.optional:
        run.report(problems.DefaultOrOptional(tree.key_span("optional"), pair.key))
        return replace(made, optional=False)
    return made


def _default_empty(run: Loading, tree: Map, where: Words) -> bool:
    match tree.get("default"):
        case None:
            return False
        case List(items=()):
            return True
        case wrong:
            run.wrong(wrong, setting("default", where), say("`[]` (absent means none)"))
            return False


# ---------------------------------------------------------------- keys and times


def _pointer(
    run: Loading,
    tree: Map,
    role: str,
    where: Words,
    fields: dict[str, Field],
    types: tuple[type, ...],
) -> str | None:
    """The field that `key:` or `time:` names; None where there is none or it cannot be that."""
    found = tree.get(role)
    name = run.word(found, setting(role, where))
    if found is None or name is None or not isinstance(tree.get("fields"), Map):
        return None
    if name not in fields:
        near = nearest(name, fields)
        run.report(problems.PointsNowhere(found.span, role, where, name, near))
        return None
    field = fields[name]
    if not isinstance(field.type, (*types, ErrorType)):
        wanted = either([type_word(each) for each in types])
        kind = type_name(field.type)
        run.report(problems.WrongFieldFor(found.span, role, where, name, kind, wanted))
    elif field.optional or field.default is not MISSING:
        run.report(problems.WrongFieldMissing(found.span, role, where, name))
    return name
