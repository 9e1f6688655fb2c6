"""How a declaration or a clause is written, drawn from the grammar, in either keyword language.

    incentive NAME ["LABEL"] [on NAME] for CONDITION
      give NAME
      limit N PERIOD
      …

Words are the keywords; CAPITALS stand for what the author writes; brackets may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from siyu.resources import resource
from siyu.syntax.keywords import Keyword, Language, keywords
from siyu.words import Said, Speech, say

_RULE = re.compile(r"^\??(\w+):", re.MULTILINE)
_TOKEN = re.compile(r'"[^"]*"|\w+\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\(|\)|\||\w+')
_MANY = re.compile(r"^(many|some|maybe|commas|bars)\{(.*)\}$")

# What stands for a part of the grammar that is not drawn further.
PLACES: Mapping[str, Said] = {
    "name": say("NAME"), "case_name": say("NAME"), "path": say("NAME"), "NAME": say("NAME"),
    "CASE_NAME": say("NAME"), "label": say('["LABEL"]'), "text": say('"TEXT"'),
    "value": say("VALUE"), "sum": say("VALUE"), "amount": say("VALUE"), "number": say("N"),
    "NUMBER": say("N"), "how_often": say("N"), "percent": say("N%"), "date": say("DATE"),
    "time": say("HH:MM"), "moment": say("DATE [HH:MM]"), "money": say("CURRENCY"),
    "MONEY_SIGN": say("¥"),
    "cell": say("CELL"), "assign": say("NAME = VALUE"), "claim": say("CLAIM"),
    "row": say("| CELL -> VALUE |"), "heading": say("| NAME -> NAME |"),
    "grid_heading": say("| NAME |"), "grid_row": say("| VALUE |"),
    "grid_value": say("VALUE"), "not": say("CONDITION"), "expr": say("VALUE"),
    "window": say("PERIOD"), "order": say("KEY"), "UNIT": say("UNIT"), "PURPOSE": say("PURPOSE"),
    "this_or_next": say("WHICH"), "prefixed": say("VALUE"), "atom": say("VALUE"),
    "product": say("VALUE"), "unary": say("VALUE"), "plain": say("VALUE"),
    "conjuncts": say("CONDITION"), "disjuncts": say("CONDITION"),
}  # fmt: skip
# The places whose choices are named below, by the grammar rule or terminal that has them.
NAMED: Mapping[str, str] = {
    "window": "window", "order": "order", "PURPOSE": "PURPOSE", "this_or_next": "this_or_next",
    "UNIT": "UNIT",
}  # fmt: skip
CONDITION = say("CONDITION")
_CONDITIONS_BEHIND = frozenset({"WHEN", "UNLESS", "FOR", "WHERE", "AMONG", "NEVER_WHEN"})
# Rules whose alternatives are put in place rather than named.
_INLINE = frozenset(
    {"on_event", "holdout", "limit", "earn", "at_most", "expire", "redeem"}
    | {"otherwise", "hardness", "source", "basis", "in_currency", "of_owner", "channel", "case"}
    | {"limit_scope", "quota_scope", "hit_policy", "when", "line_rider", "rider", "formerly"}
    | {"how", "level_rule", "as_name", "at_time", "level", "claim"}
)
_CHOICE = frozenset(
    {"hardness", "source", "window", "basis", "hit_policy", "how", "this_or_next", "key"}
    | {"otherwise", "level_rule", "limit_scope", "quota_scope"}
)


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write something: the grammar rule, its tokens, and whether only Chinese has it."""

    rule: str
    tokens: tuple[str, ...]
    chinese: bool = False


@cache
def forms() -> Mapping[str, tuple[Form, ...]]:
    """The alternatives of every rule of the grammar."""
    text = resource("grammar", "policy.lark").read_text(encoding="utf-8")
    text = re.sub(r"^//.*", "", text, flags=re.MULTILINE)
    text = re.sub(r"//.*[\u4e00-\u9fff].*", " CHINESE", text)
    text = re.sub(r"//.*|->\s*\w+", "", text)
    starts = [*_RULE.finditer(text)]
    found: dict[str, tuple[Form, ...]] = {}
    for rule, behind in zip(starts, [*starts[1:], None], strict=True):
        body = text[rule.end() : behind.start() if behind else len(text)]
        body = body.partition("%")[0].partition("\n\n")[0]
        found[rule[1]] = tuple(
            Form(rule[1], tuple(token for token in tokens if token != "CHINESE"),
                 "CHINESE" in tokens or tokens[:1] == ("window",) or {"BY", "EARN"} <= {*tokens})
            for tokens in _alternatives(body)
        )  # fmt: skip
    return found


def _alternatives(body: str) -> Iterator[tuple[str, ...]]:
    """The alternatives of a rule's body; a choice in parentheses stays as its first one."""
    tokens: list[str] = []
    depth, skipping = 0, False
    for token in _TOKEN.findall(body):
        if token == "(":
            depth, skipping = depth + 1, False
        elif token == ")":
            depth, skipping = depth - 1, False
        elif token == "|" and depth == 0:
            yield tuple(tokens)
            tokens = []
        elif token == "|":
            skipping = True
        elif not skipping:
            tokens.append(token)
    yield tuple(tokens)


@cache
def _by_terminal() -> Mapping[str, tuple[Keyword, ...]]:
    found: dict[str, list[Keyword]] = {}
    for keyword in keywords().by_position.values():
        if keyword.section not in ("function", "given_word"):
            found.setdefault(keyword.terminal, []).append(keyword)
    return {terminal: tuple(group) for terminal, group in found.items()}


def synopsis(rule: str, language: Language, speech: Speech) -> list[str]:
    """How the declaration of a grammar rule is written: its head, then its clauses, indented."""
    lines: list[str] = []
    for form in forms()[rule]:
        head, parts = _head_and_parts(form)
        written = _written(head, language, speech)
        if written is not None and written not in lines:
            lines.append(written)
        for part in parts:
            lines += [f"  {line}" for line in _clauses(part, language, speech)]
    return list(dict.fromkeys(lines))


def _head_and_parts(form: Form) -> tuple[tuple[str, ...], list[str]]:
    """The tokens of the first line, and the rules of what stands below it."""
    head, parts = [], []
    for token in form.tokens:
        many = _MANY.match(token)
        if many and many[1] in ("many", "some") and many[2] not in ("limit_scope", "quota_scope"):
            parts.append(many[2])
        elif token in ("heading", "level"):
            parts.append(token)
        else:
            head.append(token)
    return tuple(head), parts


def _clauses(rule: str, language: Language, speech: Speech) -> Iterator[str]:
    """Every way to write a clause."""
    if rule not in forms():
        yield speech.of(PLACES[rule])
        return
    for form in forms()[rule]:
        if rule in PLACES and rule not in _INLINE:
            yield speech.of(PLACES[rule])
            return
        only = form.tokens[0] if len(form.tokens) == 1 else ""
        if only in forms() and (only in _INLINE or only.endswith("_clause")):
            yield from _clauses(only, language, speech)
            continue
        written = None if _foreign(form, language) else _written(form.tokens, language, speech)
        if written:
            yield written


def _foreign(form: Form, language: Language) -> bool:
    return form.chinese and language == "en"


def clause_forms(terminal: str, language: Language, speech: Speech) -> list[str]:
    """Every way to write a clause that has this keyword."""
    found = [
        written
        for group in forms().values()
        for form in group
        if terminal in form.tokens
        and not _foreign(form, language)
        and (written := _written(form.tokens, language, speech)) is not None
    ]
    return list(dict.fromkeys(found))


@cache
def reaches(rule: str, terminal: str) -> bool:
    """Whether a keyword may stand in a declaration, expressions aside."""
    seen: set[str] = set()
    waiting = [rule]
    while waiting:
        here = waiting.pop()
        if here in seen or here in ("expr", "value", "sum", "not"):
            continue
        seen.add(here)
        for form in forms().get(here, ()):
            for token in form.tokens:
                many = _MANY.match(token)
                inner = many[2] if many else token
                if inner == terminal:
                    return True
                waiting.append(inner)
    return False


def _written(tokens: tuple[str, ...], language: Language, speech: Speech) -> str | None:
    """Tokens as an author writes them; None where a keyword has no word in the language."""
    words: list[str] = []
    behind = ""
    for token in tokens:
        word = _word(token, behind, language, speech)
        if word is None:
            return None
        if word:
            words.append(word)
        behind = token
    return " ".join(words)


def _word(token: str, behind: str, language: Language, speech: Speech) -> str | None:
    if token.startswith('"'):
        return token.strip('"')
    many = _MANY.match(token)
    if many:
        inner = _word(many[2], behind, language, speech)
        if inner is None or many[1] == "maybe":
            return f"[{inner}]" if inner else ""
        return f"[{inner}]" if many[1] == "many" else f"{inner}, …"
    if token == "expr" and behind in _CONDITIONS_BEHIND:
        return speech.of(CONDITION)
    if token in _INLINE and token not in ("claim",):
        return _inlined(token, language, speech)
    if token in PLACES:
        return speech.of(PLACES[token])
    if token in _by_terminal():
        return _keyword(_by_terminal()[token], language)
    if token in forms():
        return _inlined(token, language, speech)
    return token


def _inlined(rule: str, language: Language, speech: Speech) -> str | None:
    """The alternatives of a small rule in one line: a choice by bars, otherwise the first."""
    written = [
        each
        for form in forms()[rule]
        if not _foreign(form, language)
        and (each := _written(form.tokens, language, speech)) is not None
    ]
    written = list(dict.fromkeys(written))
    if not written:
        return None
    return " | ".join(written) if rule in _CHOICE else written[0]


def _keyword(group: tuple[Keyword, ...], language: Language) -> str | None:
    spelt = [(each.en if language == "en" else each.zh)[:1] for each in group]
    words = [each[0] for each in spelt if each]
    return " | ".join(words) if words else None


def places(lines: list[str], language: Language, speech: Speech) -> Iterator[tuple[str, str]]:
    """What the places that lines name may hold, where that is one of a few."""
    for rule in NAMED:
        name = speech.of(PLACES[rule])
        if any(name in line.split() for line in lines):
            if rule in forms():
                choices = _inlined_choices(rule, language, speech)
            else:
                choices = _keyword(_by_terminal()[rule], language) or ""
            yield name, choices


def _inlined_choices(rule: str, language: Language, speech: Speech) -> str:
    inner = forms()["key" if rule == "order" else rule]
    written = (_written(form.tokens, language, speech) for form in inner)
    choices = " | ".join(dict.fromkeys(each for each in written if each))
    if rule != "order":
        return choices
    ways = (_keyword(_by_terminal()[way], language) or "" for way in ("ASCENDING", "DESCENDING"))
    return f"{choices} [{' | '.join(ways)}]"
