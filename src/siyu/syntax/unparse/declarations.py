"""Declarations as blocks of lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from siyu.syntax import ast
from siyu.syntax.unparse.clauses import (
    Clause,
    choose,
    clause,
    given_assign,
    label,
    order,
    sentence,
)
from siyu.syntax.unparse.expressions import VALUE, breakable, expression
from siyu.syntax.unparse.grids import grid, table_rows
from siyu.syntax.unparse.identities import identity_clause
from siyu.syntax.unparse.lines import Block, Line, Piece, columns, reach
from siyu.syntax.unparse.speech import Speech, commas, joined, path, quoted, word
from siyu.text import NOWHERE


def declaration(say: Speech, node: ast.Declaration) -> Block:
    """The block of a declaration; its first piece begins where the declaration does."""
    return Block(type(node).__name__, tuple(_lines(say, node)))


def _lines(say: Speech, node: ast.Declaration) -> list[Line]:
    match node:
        case ast.Param() | ast.Metric():
            return [_formula(say, node), *_clauses(say, node.clauses)]
        case ast.View(_, _, of, where):
            lead = joined(_head(say, node), say("of_source"), path(of), say("where"))
            return [Line(0, breakable(say, lead, where, node))]
        case ast.Calendar(_, _, file):
            return [_only_head(say, node, joined(say("from_file"), quoted(file.value)))]
        case ast.Segment():
            return [_only_head(say, node), *_clauses(say, node.clauses)]
        case ast.Classify():
            return _classify(say, node)
        case ast.Score():
            return _score(say, node)
        case ast.Tier():
            return _tier(say, node)
        case ast.Account(_, _, currency):
            unit = joined(say("in_currency"), currency) if currency else ""
            return [_only_head(say, node, unit)]
        case ast.Points(_, _, on):
            return [_only_head(say, node, _on_event(say, on)), *_clauses(say, node.clauses)]
        case ast.Group():
            return [_group(say, node)]
        case ast.Incentive() | ast.Contact():
            return [*_audience(say, node), *_clauses(say, node.clauses)]
        case ast.Table():
            return _table(say, node)
        case ast.ContactPolicy():
            return [_only_head(say, node), *_clauses(say, node.clauses)]
        case ast.Recommend(_, _, source):
            goods = joined(say("from_source"), path(source))
            return [_only_head(say, node, goods), *_clauses(say, node.clauses)]
        case ast.Indicator():
            return [_formula(say, node)]
        case ast.Identity(_, _, source):
            head = _only_head(say, node, joined(say("of_source"), word(source.text)))
            return [head, *(identity_clause(say, each) for each in node.clauses)]
        case ast.Ensure():
            return [_ensure(say, node)]
        case ast.Test():
            return _test(say, node)
        case _:
            assert_never(node)


# ---------------------------------------------------------------- parts that many have

_Named = (
    ast.Param
    | ast.Metric
    | ast.View
    | ast.Segment
    | ast.Classify
    | ast.Score
    | ast.Tier
    | ast.Account
    | ast.Points
    | ast.Group
    | ast.Incentive
    | ast.Table
    | ast.Contact
    | ast.ContactPolicy
    | ast.Recommend
    | ast.Indicator
    | ast.Ensure
    | ast.Identity
    | ast.Calendar
)


def _head(say: Speech, node: _Named) -> str:
    kind = "contact_policy" if isinstance(node, ast.ContactPolicy) else type(node).__name__.lower()
    return joined(say(kind), word(node.name.text), label(node.label))


def _only_head(say: Speech, node: _Named, rest: str = "") -> Line:
    return Line(0, (Piece(joined(_head(say, node), rest), reach(node.span, node.name.span)),))


def _clauses(say: Speech, nodes: Iterable[Clause]) -> list[Line]:
    return [Line(2, clause(say, node), isinstance(node, _FILLED)) for node in nodes]


_FILLED = ast.Via | ast.Send | ast.Choose | ast.During


def _riders(say: Speech, nodes: Iterable[ast.Rider]) -> list[Piece]:
    """What is written behind a case or a score line."""
    return [piece for node in nodes for piece in clause(say, node)]


def _on_event(say: Speech, event: ast.Ident | None) -> str:
    return joined(say("on_event"), word(event.text)) if event else ""


def _formula(say: Speech, node: ast.Param | ast.Metric | ast.Indicator) -> Line:
    """`metric aov = spend / orders otherwise 0 yuan`."""
    lead = f"{_head(say, node)} ="
    by = node.by if isinstance(node, ast.Indicator) else None
    if isinstance(node.value, ast.Otherwise) and not isinstance(node, ast.Indicator):
        value = expression(say, node.value, VALUE)
        pieces: tuple[Piece, ...] = (Piece(f"{lead} {value}", reach(node.span, node.value.span)),)
    else:
        pieces = breakable(say, lead, node.value, node)
    behind = (Piece(joined(say("by"), path(by)), by.span),) if by else ()
    return Line(0, (*pieces, *behind))


# ---------------------------------------------------------------- classes, scores, tiers


def _classify(say: Speech, node: ast.Classify) -> list[Line]:
    named = _aligned([(case.name, case.label) for case in node.cases])
    cases = [_case(say, lead, case) for lead, case in zip(named, node.cases, strict=True)]
    body = [*_clauses(say, node.clauses), *cases]
    body.sort(key=lambda line: line.pieces[0].span.start)  # as the author had them
    return [_only_head(say, node, say("exclusive") if node.exclusive else ""), *body]


def _aligned(names: list[tuple[ast.Ident, str | None]]) -> list[str]:
    """Names and labels in columns, ready for what follows."""
    return [joined(*cells) for cells in columns([[word(n.text), label(t)] for n, t in names])]


def _assigns(say: Speech, assigns: tuple[ast.Assign, ...]) -> tuple[Piece, ...]:
    texts = [given_assign(say, a) for a in assigns]
    texts[:-1] = [f"{text}," for text in texts[:-1]]
    return tuple(Piece(text, a.span) for text, a in zip(texts, assigns, strict=True))


def _given(say: Speech, what: ast.Ident) -> str:
    return joined(say("given"), say.given(what.text))


def _case(say: Speech, lead: str, node: ast.Case) -> Line:
    if node.when is None:
        rest = _otherwise(say, node.or_unknown)
        pieces: tuple[Piece, ...] = (Piece(f"{lead} {rest}", node.name.span),)
    else:
        pieces = breakable(say, f"{lead} {say('when')}", node.when, node.name)
    return Line(2, (*pieces, *_riders(say, node.riders)))


def _otherwise(say: Speech, or_unknown: bool) -> str:
    return say("otherwise", "or", "unknown") if or_unknown else say("otherwise")


def _score(say: Speech, node: ast.Score) -> list[Line]:
    low, high = expression(say, node.low), expression(say, node.high)
    lines = [_only_head(say, node, joined(say("from_score"), low, say("to"), high))]
    for part in node.clauses:
        match part:
            case ast.Adjust(sign, value, when, riders):
                lead = joined(say(sign), expression(say, value), say("when"))
                pieces = breakable(say, lead, when, part)
                lines.append(Line(2, (*pieces, *_riders(say, riders))))
            case _:
                lines += _clauses(say, [part])
    return lines


def _tier(say: Speech, node: ast.Tier) -> list[Line]:
    named = _aligned([(level.name, level.label) for level in node.levels])
    levels = [_level(say, lead, level) for lead, level in zip(named, node.levels, strict=True)]
    head = _only_head(say, node, joined(say("by"), expression(say, node.by)))
    return [head, *levels, *_clauses(say, node.clauses)]


def _level(say: Speech, lead: str, node: ast.Level) -> Line:
    match node.rule:
        case ast.TopShare(percent, among):
            top = f"{lead} {say('top')} {say.number(percent)}"
            if among is not None:
                return Line(2, breakable(say, f"{top} {say('among')}", among, node.name))
            return Line(2, (Piece(top, node.span),))
        case ast.FromValue(value):
            text = f"{lead} {say('from_level')} {expression(say, value)}"
            return Line(2, (Piece(text, node.span),))
        case ast.When(condition):
            return Line(2, breakable(say, f"{lead} {say('when')}", condition, node.name))
        case ast.OtherwiseLevel(or_unknown):
            return Line(2, (Piece(f"{lead} {_otherwise(say, or_unknown)}", node.span),))
        case _:
            assert_never(node.rule)


# ---------------------------------------------------------------- groups, incentives, contacts


def _group(say: Speech, node: ast.Group) -> Line:
    keys = commas([order(say, key) for key in node.by])
    text = joined(_head(say, node), choose(say, node.choose), keys)
    return Line(0, (Piece(text, node.span),))


def _audience(say: Speech, node: ast.Incentive | ast.Contact) -> list[Line]:
    purpose = node.purpose if isinstance(node, ast.Contact) else None
    rest = joined(say(f"purpose.{purpose}") if purpose else "", _on_event(say, node.on))
    whom = breakable(say, say("for"), node.audience, node.audience)
    return [_only_head(say, node, rest), Line(2, whom)]


# ---------------------------------------------------------------- tables, claims, examples


def _table(say: Speech, node: ast.Table) -> list[Line]:
    outputs = commas([word(name.text) for name in node.outputs])
    head = _only_head(say, node, joined(say(node.policy, "gives"), outputs))
    return [head, *table_rows(say, node), *_clauses(say, node.clauses)]


def _ensure(say: Speech, node: ast.Ensure) -> Line:
    lead = f"{_head(say, node)}:"
    match node.claim:
        case ast.Always(condition, written):
            return _claim(say, joined(lead, say("always")) if written else lead, condition, node)
        case ast.Never(condition):
            return _claim(say, joined(lead, say("never")), condition, node)
        case ast.Monotone(raised, effect, watched):
            claim = joined(say("raising"), path(raised), say("never", effect), path(watched))
            return Line(0, (Piece(f"{lead} {claim}", node.span),))
        case ast.Depends(what, only, on):
            how = say("depends_only_on" if only else "never_depends_on")
            claim = joined(path(what), how, commas([path(name) for name in on]))
            return Line(0, (Piece(f"{lead} {claim}", node.span),))
        case _:
            assert_never(node.claim)


def _claim(say: Speech, lead: str, condition: ast.Expr, node: ast.Ensure) -> Line:
    """`never -x` would take something from a figure called never: a minus is kept apart."""
    text = expression(say, condition)
    if text.startswith("-") and not lead.endswith(":"):
        return Line(0, (Piece(f"{lead} ({text})", node.span),))
    return Line(0, breakable(say, lead, condition, node))


def _test(say: Speech, node: ast.Test) -> list[Line]:
    at = joined(say("at_time"), expression(say, node.at)) if node.at is not None else ""
    end = node.at.span if node.at is not None else NOWHERE
    begin = Piece(joined(say("test"), quoted(node.title), at), reach(node.span, end))
    lines = [Line(0, (begin,))]
    for part in node.clauses:
        match part:
            case ast.GivenFields(what, assigns):
                lines.append(Line(2, (Piece(_given(say, what), reach(part.span, what.span)),)))
                lines.append(Line(4, _assigns(say, assigns), fill=True, hang=0))
            case ast.GivenLike(what, source, assigns):
                lead = joined(_given(say, what), say("like"), quoted(source.value))
                lines.append(Line(2, (Piece(lead, reach(part.span, source.span)),)))
                if assigns:
                    lines.append(Line(4, _assigns(say, assigns), fill=True, hang=0))
            case ast.GivenGrid(what):
                lines.append(Line(2, (Piece(joined(say("given"), path(what)), what.span),)))
                lines += grid(say, part)
            case _:
                lines.append(Line(2, sentence(say, part)))
    return lines
