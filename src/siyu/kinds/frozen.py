"""`frozen from D to D`: rules that stay as they are once they were published, and what they say.

What a rule says is the text of its declaration and of all that it names, as the formatter writes it
with English keywords, without labels, comments, `because`, `formerly` and the period itself; names
that carry `formerly` stand under their oldest one. So formatting, keyword language, wording and
renames are free, and no later version of the compiler finds a rule changed that nobody changed.
Facts that are read stand beside, with their types and defaults, and the texts of messages sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from siyu.core.chains import Fact, ways
from siyu.core.ir import Expr
from siyu.core.show import show_type
from siyu.kinds.kind import all_names, clauses, only, scope_of
from siyu.schema import Field
from siyu.schema.calendars import Days
from siyu.schema.messages import Template
from siyu.schema.model import MISSING, Collection
from siyu.semantics.build import Build, Declared, Outcome
from siyu.semantics.literals import day
from siyu.semantics.make import is_error
from siyu.semantics.order import meant, named, tree
from siyu.semantics.type_errors import Backwards
from siyu.syntax import ast
from siyu.syntax.unparse import unparse
from siyu.text import Span
from siyu.types import EnumType, SetType, Type

FREE = (ast.Because, ast.Formerly, ast.Frozen)


@dataclass(frozen=True, slots=True)
class FrozenRule:
    """A rule with a frozen period: `first` and `last` as written (2026-11-01), `names` all that it
    was ever called. `made_of` are the texts of the declarations that it rests on, itself first;
    `facts` what is read of the schema and the header."""

    name: str
    names: frozenset[str]
    first: str
    last: str
    made_of: Mapping[str, str]
    facts: Mapping[str, str]
    span: Span


def digest_of(made_of: Mapping[str, str], facts: Mapping[str, str]) -> str:
    """sha256 over the texts and facts, whatever their order."""
    total = hashlib.sha256()
    for part in (made_of, facts):
        total.update(len(part).to_bytes(8, "big"))
        for name in sorted(part):
            for word in (name, part[name]):
                data = word.encode()
                total.update(len(data).to_bytes(8, "big") + data)
    return f"sha256:{total.hexdigest()}"


def check_frozen(build: Build) -> None:
    """Reports periods that are none: a second one, a day that does not exist, ends swapped."""
    for declared in build.declared.values():
        if not clauses(declared.node, ast.Frozen):
            continue
        frozen = only(declared.node, ast.Frozen, build, "frozen from")
        assert frozen is not None
        scope = scope_of(declared, build)
        if is_error(day(frozen.first, scope), day(frozen.last, scope)):
            continue
        if frozen.first.text > frozen.last.text:
            build.report(Backwards(frozen.last.span, frozen.first.text, frozen.last.text))


def frozen_rules(build: Build) -> tuple[FrozenRule, ...]:
    """The rules that have a frozen period, by name; to be asked of a policy without errors."""
    found = []
    for name, declared in sorted(build.declared.items()):
        period = clauses(declared.node, ast.Frozen)
        if period:
            whole = _closure(declared, build)
            lists = frozenset(
                node.parts[-1]
                for each in whole
                for node in tree(each.node)
                if isinstance(node, ast.Name)
            )
            made_of = {oldest(each): said(each, build, lists) for each in whole}
            found.append(
                FrozenRule(
                    name,
                    all_names(declared.node, name),
                    period[0].first.text,
                    period[0].last.text,
                    made_of,
                    dict(_facts(declared, whole, build)),
                    _name(declared).span,
                )
            )
    return tuple(found)


def oldest(declared: Declared) -> str:
    """The oldest name of a declaration, with the prefix of its file."""
    former = clauses(declared.node, ast.Formerly)
    return declared.prefix + former[-1].name.text if former else declared.name


def _name(declared: Declared) -> ast.Ident:
    assert not isinstance(declared.node, ast.Test)
    return declared.node.name


# ---------------------------------------------------------------- what it names


def _closure(root: Declared, build: Build) -> tuple[Declared, ...]:
    """A rule and all declarations that it names, and those name; the others of their groups too,
    since who gets what depends on them."""
    found: dict[str, Declared] = {root.name: root}
    waiting = [root]
    while waiting:
        here = waiting.pop(0)
        for each in (*named(here, build.declared), *_rivals(here, build)):
            if each.name not in found and not isinstance(each.node, ast.Test):
                found[each.name] = each
                waiting.append(each)
    return (root, *(found[name] for name in sorted(found) if name != root.name))


def _rivals(declared: Declared, build: Build) -> Iterator[Declared]:
    groups = {clause.group.text for clause in clauses(declared.node, ast.Competes)}
    for each in build.declared.values():
        if {clause.group.text for clause in clauses(each.node, ast.Competes)} & groups:
            yield each


# ---------------------------------------------------------------- what it says


def said(declared: Declared, build: Build, lists: frozenset[str]) -> str:
    """A declaration as the formatter writes it, without what may change freely; of a calendar, the
    days of those `lists` that are named."""
    plain = _plain(declared.node, declared, build)
    text = unparse(ast.File(None, (), (plain,)), "en")
    if isinstance(declared.node, ast.Calendar):
        calendar = build.calendars.get(declared.node.path.span)
        found = () if calendar is None else sorted(calendar.lists.items())
        text += "".join(f"  # {_days(each)}\n" for name, each in found if name in lists)
    return text


def _days(each: Days) -> str:
    """`sale, from 2026-01-01 to 2026-12-31: 2026-06-18, 2026-11-01..2026-11-11`."""
    runs: list[list[int]] = []
    for at in each.days:
        if runs and at == runs[-1][1] + 1:
            runs[-1][1] = at
        else:
            runs.append([at, at])
    days = ", ".join(_iso(a) if a == b else f"{_iso(a)}..{_iso(b)}" for a, b in runs)
    return f"{each.name}, from {_iso(each.first)} to {_iso(each.last)}: {days}".rstrip()


def _iso(at: int) -> str:
    return date.fromordinal(at).isoformat()


def _plain(node: Any, at: Declared, build: Build) -> Any:
    if isinstance(node, tuple):
        return tuple(_plain(each, at, build) for each in node if not isinstance(each, FREE))
    if isinstance(node, ast.Name):
        return replace(node, parts=_renamed(node.parts, at, build))
    if isinstance(node, ast.Ident):
        return replace(node, text=_renamed((node.text,), at, build)[0])
    if not isinstance(node, ast.Node):
        return node
    changed: dict[str, Any] = {
        each.name: None if each.name == "label" else _plain(getattr(node, each.name), at, build)
        for each in fields(node)
        if each.name != "span"
    }
    return replace(node, **changed)


def _renamed(parts: tuple[str, ...], at: Declared, build: Build) -> tuple[str, ...]:
    """A name with the oldest name of the declaration that it begins with."""
    for n in range(len(parts), 0, -1):
        found = meant(parts[:n], at.prefix, build.declared)
        if found is None:
            continue
        former = clauses(found.node, ast.Formerly)
        length = _name(found).text.count(".") + 1
        if former and _name(found).text == ".".join(parts[n - length : n]):
            return (*parts[: n - length], former[-1].name.text, *parts[n:])
        return parts
    return parts


# ---------------------------------------------------------------- what it reads


def _facts(
    declared: Declared, whole: Iterable[Declared], build: Build
) -> Iterator[tuple[str, str]]:
    outcome = build.outcomes.get(declared.name)
    roots = _values(outcome) if outcome is not None else ()

    def expr_of(name: str) -> Expr | None:
        binding = build.bindings.get(name) or build.aside.bindings.get(name)
        return None if binding is None else binding.expr

    yield "timezone", build.timezone
    if build.currency:
        yield "currency", build.currency
    found = ways(roots, expr_of, lambda name: False).facts
    for fact in sorted(found):
        text = _fact(fact, build)
        if text is not None:
            yield f"{fact.origin}.{fact.name}" if fact.origin != "rows" else fact.name, text
    known = build.messages.templates if build.messages is not None else {}
    sent = {send.template for each in whole for send in clauses(each.node, ast.Send)}
    for name in sorted(sent & known.keys()):
        yield f"messages.{name}", _message(known[name])


def _message(template: Template) -> str:
    """What people get to read."""
    texts = {
        f"{part} {language}": text
        for part, labels in (("title", template.title), ("body", template.body))
        for language, text in (("zh", labels.zh), ("en", labels.en))
        if text
    }
    return "; ".join(f"{part}: {text}" for part, text in texts.items())


def _values(outcome: Outcome) -> tuple[Expr, ...]:
    value = () if outcome.value is None else (outcome.value,)
    return (*value, *outcome.fields.values())


def _fact(fact: Fact, build: Build) -> str | None:
    """The type of a fact; None for what is no field."""
    schema = build.schema
    path, _, last = fact.name.rpartition(".")
    match fact.origin:
        case "customer":
            found = schema.fields.get(fact.name)
        case "context":
            found = schema.context.get(fact.name)
        case "event":
            event = schema.events.get(path)
            found = event.fields.get(last) if event else None
        case "rows":
            whole = schema.collection(fact.name)
            if whole is not None:
                return _rows(whole)
            rows = schema.collection(path) if path else None
            found = rows.fields.get(last) if rows else None
        case _:
            found = None
    return None if found is None else _typed(found)


def _typed(each: Field) -> str:
    text = _type(each.type) + ("?" if each.maybe_unknown else "")
    if each.default is not MISSING:
        text += f" = {_held(each.default)}"
    return f"{text}, {each.role}" if each.role else text


def _rows(each: Collection) -> str:
    """What it means that there are none of these rows, and what they are for."""
    text = "rows = []" if each.default_empty else "rows?" if each.optional else "rows"
    return f"{text}, {each.role}" if each.role else text


def _held(value: object) -> str:
    """A default as it is held, the same for equal ones."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(sorted(map(str, value))) if isinstance(value, frozenset) else str(value)


def _type(kind: Type) -> str:
    """A type with the words of its enum."""
    inner = kind.item if isinstance(kind, SetType) else kind
    words = f" ({', '.join(inner.members)})" if isinstance(inner, EnumType) else ""
    return show_type(kind) + words
