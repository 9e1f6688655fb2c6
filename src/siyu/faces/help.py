"""`siyu help`: a page about a kind of rule, a word, a function, a command, a message, a concept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import click

from siyu.faces.examples import in_keywords
from siyu.faces.help_page import WIDTH, Page, drawn, in_lines, of_markdown
from siyu.faces.options import fail
from siyu.faces.speaking import LANG, colon, comma, current, tongue
from siyu.words import Words, say

if TYPE_CHECKING:
    from siyu.faces.concepts import Concept
    from siyu.syntax.keywords import Keyword
    from siyu.words import Speech

EXAMPLE = """\b
Examples:
  siyu help
  siyu help incentive
  siyu help 'over last'
  siyu help unknown
"""
_CODE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


@click.command("help", epilog=EXAMPLE)
@click.argument("topic", nargs=-1, metavar="[TOPIC]")
@LANG
def command(topic: tuple[str, ...]) -> None:
    """Show a page about TOPIC, or list the topics.

    TOPIC is a kind of rule (incentive), a word of the language in English or Chinese (holdout,
    满), a function (sum), a command (test), the code of a message (E0303), or something to know
    about (unknown, time, coverage).
    """
    speech = current()
    if not topic:
        click.echo(listed(speech))
        return
    asked = " ".join(topic)
    pages = tuple(found(asked, speech))
    if not pages:
        _nothing(asked, speech)
    click.echo("\n\n".join(drawn(page, speech) for page in pages))


def _nothing(asked: str, speech: Speech) -> None:
    from siyu.diagnostics import nearest
    from siyu.faces.excerpt import harmless
    from siyu.words import either

    near = nearest(asked, topics())
    hint = say("did you mean {near}", near=either(near)) if near else say("`siyu help` lists all")
    fail(speech.of(say("there is no help about `{topic}`", topic=harmless(asked))), speech.of(hint))


# ---------------------------------------------------------------- finding


def topics() -> tuple[str, ...]:
    """Every word that has a page."""
    from siyu.faces.cli import COMMANDS
    from siyu.faces.concepts import CONCEPTS
    from siyu.kinds import KINDS
    from siyu.syntax.keywords import keywords

    words = [word for each in CONCEPTS for word in each.words]
    words += [kind.word for kind in KINDS]
    words += [each.name for each in functions()]
    words += COMMANDS
    words += [word for each in keywords().by_position.values() for word in each.spellings]
    return tuple(dict.fromkeys(words))


def found(asked: str, speech: Speech) -> Iterator[Page]:
    """The pages about a topic: of its kinds, else what else is called so."""
    from siyu.faces.catalogue import catalogue

    if re.fullmatch(r"[EWew]\d{4}", asked) and asked.upper() in catalogue():
        yield _message(asked.upper(), speech)
        return
    pages = (*_kind(asked, speech), *_concept(asked), *_function(asked, speech))
    pages += tuple(_command(asked))
    yield from pages or _keyword(asked, speech)


def _message(code: str, speech: Speech) -> Page:
    from siyu.faces.catalogue import catalogue
    from siyu.faces.pages import headline

    kind = catalogue()[code]
    return Page(
        code,
        headline(kind, speech),
        (
            (say("what is meant"), tuple(in_lines(speech.text(kind.page.strip())))),
            (say("more"), (f"siyu explain {code}",)),
        ),
    )


def _kind(asked: str, speech: Speech) -> Iterator[Page]:
    from siyu.faces.synopsis import places, synopsis
    from siyu.kinds import KINDS
    from siyu.syntax.keywords import keywords

    for kind in KINDS:
        rule = kind.word.replace(" ", "_")
        keyword = keywords().by_position[rule]
        if asked not in keyword.spellings:
            continue
        lines = synopsis(rule, tongue(), speech)
        where = [f"{name}{colon()}{what}" for name, what in places(lines, tongue(), speech)]
        codes = sorted({each.code for each in kind.diagnostics})
        sections: list[tuple[Words, tuple[str, ...]]] = [
            (say("how it is written"), tuple(lines)),
            (say("where"), tuple(line for each in where for line in in_lines(each))),
            (say("what it means"), of_markdown(speech.text(kind.page.strip()))),
            (say("messages of its own"), tuple(in_lines(comma().join(codes)))),
        ]
        title = " · ".join((keyword.en[0], keyword.zh[0]))
        yield Page(title, "", tuple(each for each in sections if each[1]))


def _concept(asked: str) -> Iterator[Page]:
    from siyu.faces.concepts import CONCEPTS

    for each in CONCEPTS:
        if asked.lower() in each.words:
            speech = current()
            sections: list[tuple[Words, tuple[str, ...]]] = [
                ("", tuple(in_lines(speech.of(each.text)))),
                (say("for example"), tuple(in_keywords(each.example, tongue()).splitlines())),
                (
                    say("see also"),
                    tuple([comma().join(map(_called, each.see))] if each.see else []),
                ),
            ]
            yield Page(
                each.called(tongue()), each.title, tuple(part for part in sections if part[1])
            )


@dataclass(frozen=True, slots=True)
class Function:
    """A function's entry: how it is called, what it gives, and examples."""

    name: str
    shape: str
    doc: str
    examples: tuple[str, ...]


@cache
def functions() -> tuple[Function, ...]:
    """All functions, of plain values first."""
    from siyu.semantics.functions import AGGREGATE_ENTRIES, BUILT_INS

    plain = [
        Function(each.name, each.shape, each.doc, each.examples) for each in BUILT_INS.values()
    ]
    rows = [
        Function(each.name, each.shape, each.doc, (each.example,)) for each in AGGREGATE_ENTRIES
    ]
    return (*plain, *rows)


def _function(asked: str, speech: Speech) -> Iterator[Page]:
    from siyu.syntax.keywords import keywords

    words = {each.value: each for each in keywords().by_position.values()
             if each.section in ("function", "aggregate")}  # fmt: skip
    shown: set[str] = set()
    for each in functions():
        spelt = words[each.name].zh if each.name in words else ()
        if asked not in (each.name, *spelt) or each.shape in shown:
            continue
        shown.add(each.shape)
        yield Page(
            " · ".join((each.name, *spelt[:1])),
            "",
            (
                (say("how it is written"), (each.shape,)),
                (say("what it means"), tuple(in_lines(speech.text(each.doc)))),
                (say("for example"), each.examples),
            ),
        )


def _command(asked: str) -> Iterator[Page]:
    from siyu.faces.cli import COMMANDS
    from siyu.faces.cli import command as top

    name = asked.removeprefix("siyu ")
    if name in COMMANDS:
        each = top.get_command(click.Context(top, info_name="siyu"), name)
        assert each is not None
        context = each.context_class(each, info_name=f"siyu {name}", max_content_width=WIDTH)
        yield Page(f"siyu {name}", "", (("", tuple(each.get_help(context).splitlines())),))


def _keyword(asked: str, speech: Speech) -> Iterator[Page]:
    """Where a word of the language may stand, and how it is written there."""
    from siyu.faces.synopsis import clause_forms, places
    from siyu.syntax.keywords import keywords

    seen: set[str] = set()
    for each in keywords().by_position.values():
        if asked not in each.spellings or each.terminal in seen:
            continue
        seen.add(each.terminal)
        lines = clause_forms(each.terminal, tongue(), speech)
        where = [f"{name}{colon()}{what}" for name, what in places(lines, tongue(), speech)]
        also = comma().join(_users(each.terminal))
        sections: list[tuple[Words, tuple[str, ...]]] = [
            (say("how it is written"), tuple(lines)),
            (say("where"), tuple(line for each in where for line in in_lines(each))),
            (say("for example"), tuple(_seen(each))),
            (say("in"), tuple([also] if also else [])),
        ]
        title = " · ".join((*each.en[:1], *each.zh[:1]))
        yield Page(title, "", tuple(part for part in sections if part[1]))


def _users(terminal: str) -> Iterator[str]:
    """The kinds of rules that a keyword may stand in."""
    from siyu.faces.synopsis import reaches
    from siyu.kinds import KINDS

    kinds = (kind.word for kind in KINDS if reaches(kind.word.replace(" ", "_"), terminal))
    return map(_called, kinds)


def _called(topic: str) -> str:
    """A concept or a kind of rule as the language that is spoken calls it."""
    from siyu.faces.concepts import CONCEPTS
    from siyu.syntax.keywords import keywords

    for each in CONCEPTS:
        if each.name == topic:
            return each.called(tongue())
    keyword = keywords().by_position.get(topic.replace(" ", "_"))
    return keyword.zh[0] if keyword is not None and tongue() == "zh" else topic


def _concept_line(concept: Concept, speech: Speech) -> str:
    return f"{concept.called(speech.tongue)}{colon()}{speech.of(concept.title)}"


def _seen(keyword: Keyword) -> Iterator[str]:
    """Lines of the kinds' examples that begin with a keyword."""
    from siyu.kinds import KINDS

    blocks = (block for kind in KINDS for block in _CODE.findall(kind.page))
    written = (in_keywords(block, tongue()) for block in blocks)
    lines = (line.strip() for block in written for line in block.splitlines())
    word = (keyword.zh if tongue() == "zh" else keyword.en)[:1]
    return iter(dict.fromkeys(line for line in lines if word and line.startswith(f"{word[0]} ")))


# ---------------------------------------------------------------- drawing


def listed(speech: Speech) -> str:
    """All topics, in groups."""
    from siyu.faces.cli import COMMANDS
    from siyu.faces.concepts import CONCEPTS
    from siyu.kinds import KINDS
    from siyu.syntax.keywords import keywords

    spelt = keywords().by_position
    called = sorted({each.name for each in functions()})
    clauses = [each for each in spelt.values() if each.section == "clause"]
    groups: list[tuple[Words, Sequence[str]]] = [
        (say("to know about"), [_concept_line(each, speech) for each in CONCEPTS]),
        (say("kinds of rules"), [_both(spelt[kind.word.replace(" ", "_")]) for kind in KINDS]),
        (say("clauses"), [_both(each) for each in clauses if each.en]),
        (say("functions"), called),
        (say("commands"), tuple(COMMANDS)),
    ]
    lines = [speech.of(say("siyu help TOPIC shows a page about"))]
    for heading, names in groups:
        lines += ["", speech.of(heading)]
        if heading == groups[0][0]:
            lines += [f"  {name}" for name in names]
        else:
            lines += [f"  {line}" for line in in_lines(comma().join(names))]
    return "\n".join(lines)


def _both(keyword: object) -> str:
    en, zh = getattr(keyword, "en", ()), getattr(keyword, "zh", ())
    return " ".join((*en[:1], *zh[:1]))
