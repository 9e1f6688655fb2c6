"""What a name means where it stands.

In this order: columns of the row (the innermost row first), the customer's fields, the context's,
what the policy declares, `as_of` and `today`, and behind `event.` the event's fields.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from siyu.core.ir import Coalesce, Column, Expr, Input
from siyu.diagnostics import Diagnostic
from siyu.schema import Field
from siyu.semantics.build import (
    Build,
    DaysOf,
    Declared,
    Outcome,
    RowScope,
    Scope,
    error_value,
)
from siyu.semantics.candidates import (
    Member,
    everything,
    member_called,
    near,
    near_members,
    of_fields,
    of_outcome,
)
from siyu.semantics.errors import (
    EventsDisagree,
    NamedRival,
    NoSuchField,
    NotAValue,
    UndefinedName,
)  # fmt: skip
from siyu.semantics.parts import explained, in_chinese, part_of
from siyu.semantics.phrases import A_KIND, phrase
from siyu.semantics.ranges import has_order
from siyu.semantics.times import as_of, today
from siyu.syntax import ast
from siyu.syntax.trouble import OTHERWISE_SAID
from siyu.text import Span
from siyu.words import Said, Words, say

Parts = tuple[str, ...]
COLUMN = say("a column of many rows")
AMOUNT = ("amount", "金额")  # what an event is about: the first, or else the second
# Names, no keywords: a field or a rule that is called so comes first.
MOMENT = {"事件": "event", "情境": "context", "此刻": "as_of", "今天": "today"}


def name(node: ast.Name, scope: Scope, hint: Words = "") -> Expr:
    """The value of a name; reports one that means nothing here (`hint` replaces the help)."""
    found = lookup(node.parts, node.span, scope)
    if found is not None:
        return found
    report_undefined(node, scope, hint)
    return error_value(node.span)


def lookup(parts: Parts, span: Span, scope: Scope) -> Expr | None:
    """The value of a name, None where it means nothing here; an error value after a report."""
    for level, row in enumerate(scope.rows):
        found = _in_row(parts, row, level, span, scope.build)
        if found is not None:
            return found
    return (
        _of_customer(parts, span, scope.build)
        or _of_context(parts, span, scope.build)
        or _declared(parts, span, scope)
        or _of_moment(parts, span, scope)
    )


# ------------------------------------------------------------------------------ rows


def _in_row(parts: Parts, row: RowScope, level: int, span: Span, build: Build) -> Expr | None:
    """A column of a row: its own, or of the rows around it that stand in the same table."""
    here = row.seen_as or row.path
    for path in _outwards(here, row.nested):
        collection = build.schema.collection(path)
        if collection is None or ".".join(parts[:-1]) not in _called(path, here, row):
            continue
        each = collection.fields.get(parts[-1])
        if each is not None:
            before = "" if path == row.path else f"{path}."
            kind = build.real_type(each.type)
            return Column(before + each.name, kind, level, each.maybe_unknown, span=span)
    return None


def _outwards(path: str, nested: bool) -> tuple[str, ...]:
    """The collection and those around it; around nested rows stand rows of their own."""
    if nested:
        return (path,)
    steps = path.split(".")
    return tuple(".".join(steps[:n]) for n in range(len(steps), 0, -1))


def _called(path: str, here: str, row: RowScope) -> tuple[str, ...]:
    """What may stand before a column of the row of a path: nothing, the path, its last word, or
    what the row is called; around a row called `purchases.lines` is one called `purchases`."""
    out = here.count(".") - path.count(".")
    names = (name.rsplit(".", out)[0] for name in row.names if name.count(".") >= out)
    return ("", path, path.rpartition(".")[2], *names)


# ------------------------------------------------------------------------------ facts


def _of_customer(parts: Parts, span: Span, build: Build) -> Expr | None:
    each = build.schema.fields.get(parts[0]) if len(parts) == 1 else None
    return _input("customer", each.name, each, span, build) if each else None


def _of_context(parts: Parts, span: Span, build: Build) -> Expr | None:
    spelled = parts[1:] if in_english(parts)[0] == "context" else parts
    each = build.schema.context.get(spelled[0]) if len(spelled) == 1 else None
    return _input("context", each.name, each, span, build) if each else None


def _input(origin: str, called: str, each: Field, span: Span, build: Build) -> Input:
    kind = build.real_type(each.type)
    return Input(origin, called, kind, each.maybe_unknown, span=span)  # type: ignore[arg-type]


def in_english(parts: Parts) -> Parts:
    """A name whose first word is the Chinese one of the event, the context or the moment.

    >>> in_english(("事件", "金额"))
    ('event', '金额')
    """
    return (MOMENT.get(parts[0], parts[0]), *parts[1:]) if parts else parts


def _of_moment(parts: Parts, span: Span, scope: Scope) -> Expr | None:
    parts = in_english(parts)
    if parts == ("as_of",):
        return as_of(scope, span)
    if parts == ("today",):
        return replace(today(scope), span=span)
    if parts[0] != "event" or len(parts) != 2:
        return None
    if scope.event is not None:
        return _of_event(parts[1], scope.event, span, scope.build)
    return _of_any_event(parts[1], span, scope)


def _of_event(field_name: str, event: str, span: Span, build: Build) -> Expr | None:
    found = build.schema.events.get(event)
    each = found.fields.get(field_name) if found else None
    if found and each is None and field_name == AMOUNT[0]:
        each = found.fields.get(AMOUNT[1])
    return _input("event", f"{event}.{each.name}", each, span, build) if each else None


def _of_any_event(field_name: str, span: Span, scope: Scope) -> Expr | None:
    """Outside of a rule `on` an event: the field of whichever event there is, if any."""
    found: list[Expr] = []
    for event in scope.build.schema.events.values():
        each = event.fields.get(field_name)
        if each is not None:
            one = _input("event", f"{event.name}.{field_name}", each, span, scope.build)
            found.append(replace(one, optional=True))
    if not found:
        return None
    if any(each.type != found[0].type for each in found):
        other = next(each.type for each in found if each.type != found[0].type)
        pair = phrase(found[0].type), phrase(other)
        scope.build.report(EventsDisagree(span, field_name, *pair))
        return error_value(span)
    result = found[-1]
    for first in reversed(found[:-1]):
        result = Coalesce(first, result, first.type, span=span)
    return result


# ------------------------------------------------------------------------------ declarations


def find_declared(parts: Parts, scope: Scope) -> tuple[Declared, Parts] | None:
    """The declaration that the longest beginning of a name means, and the rest of the name."""
    for n in range(len(parts), 0, -1):
        declared = scope.build.find(".".join(parts[:n]), scope.prefix)
        if declared is not None:
            return declared, parts[n:]
    return None


def outcome_of(declared: Declared, span: Span, scope: Scope) -> Outcome | None:
    """What a declaration offers, lowered if need be; None after a report."""
    if declared.name in scope.barred:
        scope.build.report(NamedRival(span, declared.name, scope.owner))
        return None
    return scope.build.outcome(declared, span, scope.stratum)


def _declared(parts: Parts, span: Span, scope: Scope) -> Expr | None:
    found = find_declared(parts, scope)
    if found is None:
        return None
    declared, rest = found
    outcome = outcome_of(declared, span, scope)
    if outcome is None:
        return error_value(span)
    value = part_of(outcome.fields, ".".join(rest)) if rest else outcome.value
    if value is not None:
        return replace(value, span=span, code="")
    _report_no_value(declared, outcome, rest, span, scope)
    return error_value(span)


def _report_no_value(
    declared: Declared, outcome: Outcome, rest: Parts, span: Span, scope: Scope
) -> None:
    called = declared.name.removeprefix(scope.prefix)
    report = scope.build.report
    if outcome.view is not None:
        whole = ".".join((called, *rest))
        what = COLUMN if rest else A_KIND["view"]
        report(NotAValue(span, whole, what, _one_value("max" if rest else "count", whole)))
    elif outcome.days is not None:
        _report_days(called, outcome.days, rest, span, report)
    elif rest:
        word = ".".join(rest)
        close = near(word, (*of_outcome(outcome.fields), *in_chinese(outcome.fields)))
        report(NoSuchField(span, word, called, close, parts=explained(outcome.fields)))
    elif outcome.fields:
        first = next(iter(outcome.fields))
        what = say("{a_kind} with several parts", a_kind=A_KIND[declared.kind])
        instead = say("name one of its parts, as in `{part}`", part=f"{called}.{first}")
        report(NotAValue(span, called, what, instead))
    else:
        report(NotAValue(span, called, A_KIND[declared.kind], say("name a value instead")))


def _report_days(
    called: str, days: DaysOf, rest: Parts, span: Span, report: Callable[[Diagnostic], None]
) -> None:
    """A calendar or one of its lists, where a value is needed."""
    if not rest:
        has = days.calendar.lists if days.calendar else {}
        example = f"{called}.{next(iter(has), 'holiday')}"
        instead = say("name one of its lists of days, as in `{example}`", example=example)
        report(NotAValue(span, called, A_KIND["calendar"], instead))
    elif days.calendar is not None:
        whole = ".".join((called, *rest))
        instead = say("ask whether a date is one of them, as in `today is {days}`, or for the next "
                      "one, as in `next({days})`", days=whole)  # fmt: skip
        report(NotAValue(span, whole, say("a list of days"), instead))


def _one_value(function: str, rows: str) -> Said:
    return say("ask for one value, as in `{example}`", example=f"{function}({rows})")


def _one_or_any(rows: str, column: str, function: str) -> Said:
    return say(
        "ask for one value, as in `{one}`, or whether there is such a row, as in `{any}`",
        one=f"{function}({rows}.{column})",
        any=f"exists({rows} where {column} …)",
    )


# ------------------------------------------------------------------------------ nothing found


def report_undefined(node: ast.Name, scope: Scope, hint: Words = "") -> None:
    """Says what is wrong with a name that means nothing here, and what may have been meant."""
    build, parts = scope.build, node.parts
    rows = build.schema.collection(".".join(parts))
    if rows is not None:
        what, instead = say("a collection of rows"), _one_value("count", node.text)
        return build.report(NotAValue(node.span, node.text, what, instead))
    owner = _owner(parts[:-1], scope)
    if owner is not None:
        return _report_in(owner, node, scope)
    member = member_called(node.text, build)
    if member is not None and not hint:
        return build.report(UndefinedName(node.span, node.text, (), _as_member(node.text, member)))
    hint = hint or _otherwise_said(node.text)
    close = near(node.text, everything(scope)) or _near_last(parts, scope)
    if not close and not hint:
        close = near_members(node.text, build)
    return build.report(UndefinedName(node.span, node.text, close, "" if close else hint))


def report_misspelt(node: ast.Name, scope: Scope) -> None:
    """Says that a name is misspelt where it may also be a word of an enum that is not known: when
    it is no such word, and nearly what the policy or the schema declares."""
    if member_called(node.text, scope.build) is None:
        close = near(node.text, everything(scope))
        if close:
            scope.build.report(UndefinedName(node.span, node.text, close))


NOTHING = frozenset({"null", "NULL", "none", "None", "nil", "空", "空值"})


def _otherwise_said(word: str) -> Words:
    """How to write a word that is none of the language, if it is known what it means."""
    if word in NOTHING:
        return say("what is missing is unknown: ask `x is known` or `x is unknown`")
    signs = ((said, sign) for said, sign in OTHERWISE_SAID.items() if not said.isascii())
    for said, sign in sorted(signs, key=lambda pair: -len(pair[0])):
        left, found, right = word.partition(said)
        if left and found and right and not sign.isalpha():
            return say("write `{left} {sign} {right}`", left=left, sign=sign, right=right)
    return ""


def _as_member(written: str, member: Member) -> Words:
    """How a word of an enum, or its label, is asked for."""
    if written == member.word:
        return say("`{word}` is a word of `{enum}`: write `{enum} is {word}`", word=written,
                   enum=member.owner)  # fmt: skip
    return say("`{label}` is the label of `{word}`: write `{enum} is {word}`", label=written,
               word=member.word, enum=member.owner)  # fmt: skip


def _near_last(parts: Parts, scope: Scope) -> Parts:
    """For `purchase.amount`, a collection or declaration near the first word."""
    if len(parts) < 2:
        return ()
    close = near(parts[0], everything(scope))
    return tuple(".".join((each, *parts[1:])) for each in close)


def _owner(before: Parts, scope: Scope) -> tuple[Field, ...] | None:
    """The fields of what the words before the last dot name: a collection, the event, the context;
    None where they name nothing that has fields."""
    schema, before = scope.build.schema, in_english(before)
    if before == ("context",):
        return tuple(schema.context.values())
    if before == ("event",):
        only = schema.events.get(scope.event or "")
        events = [only] if only else schema.events.values()
        return tuple(each for event in events for each in event.fields.values())
    rows = schema.collection(".".join(before)) if before else None
    return tuple(rows.fields.values()) if rows else None


def _report_in(owner: tuple[Field, ...], node: ast.Name, scope: Scope) -> None:
    has = tuple(dict.fromkeys(each.name for each in owner))
    called, word = ".".join(node.parts[:-1]), node.parts[-1]
    if in_english((called,)) == ("event",) and scope.event is not None:
        called = scope.event
    if word in has:
        kind = next(each.type for each in owner if each.name == word)
        instead = _one_or_any(called, word, "max" if has_order(kind) else "latest")
        return scope.build.report(NotAValue(node.span, node.text, COLUMN, instead))
    close = near(word, of_fields(owner))
    return scope.build.report(NoSuchField(node.span, word, called, close, has))
