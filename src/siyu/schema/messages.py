"""Message catalogues: YAML files of templates, as a policy's `messages` names them.

messages: 1
templates:
  wakeup:
    title: {zh: 回来领50元, en: "50 off"}
    body: 我们想你了，{amount} 元券等你来领。拒收请回复R
    channels: [sms, app]
    params: {amount: {type: money, example: "50.00"}}
    purpose: recover

Pure: text in, values out. Reads on after a mistake, so that one run reports all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from siyu.diagnostics import Diagnostic, in_source_order
from siyu.schema import diagnostics as problems
from siyu.schema.loading import Loading, described, setting
from siyu.schema.model import NO_LABELS, Labels
from siyu.schema.shape import PLAIN_TYPES
from siyu.schema.tree import List, Map, Pair, Scalar, Tree, read_tree
from siyu.text import NOWHERE, Source, Span
from siyu.words import Words, either, say

TOP = ("messages", "templates")
TEMPLATE = ("title", "body", "channels", "params", "purpose")
PARAM = ("type", "example")
PURPOSES = ("greeting", "opportunity", "recover", "remind", "upgrade")
TYPES = (*PLAIN_TYPES, "enum")
THE_FILE = say("the message catalogue")
EXAMPLE = """\
messages: 1
templates:
  wakeup:
    title: 回来领50元
    body: 我们想你了，{amount} 元券等你来领。拒收请回复R
    channels: [sms, app]
    params: {amount: money}
    purpose: recover
  welcome:
    title: 欢迎光临，送您双十一专享礼
    body: 谢谢惠顾
"""
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter: a word for its type, and what it may look like; None where not said."""

    type: str | None = None
    example: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """One message. `channels` empty: written for any. `places` are the parameters that its texts
    hold, by name; the catalogue need not say more of them."""

    name: str
    title: Labels = NO_LABELS
    body: Labels = NO_LABELS
    channels: tuple[str, ...] = ()
    params: Mapping[str, Param] = field(default_factory=dict)
    purpose: str | None = None
    places: tuple[str, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The templates by name; `whole` is false where the file has mistakes, so that one that is
    missing may be there."""

    templates: Mapping[str, Template] = field(default_factory=dict)
    whole: bool = True


@dataclass(frozen=True, slots=True)
class LoadedMessages:
    """What was read of a catalogue; after errors it is only good for finding more errors."""

    catalogue: Catalogue
    diagnostics: tuple[Diagnostic, ...] = ()


UNREADABLE = LoadedMessages(Catalogue(whole=False))


def places(text: str) -> tuple[str, ...]:
    """The parameters that a text has places for, each once.

    >>> places("{name}: {amount} off, {amount}!")
    ('name', 'amount')
    """
    return tuple(dict.fromkeys(_PLACE.findall(text)))


def filled(text: str, values: Mapping[str, str], rest: str) -> str:
    """A text with values in its places, and `rest` in those that have none."""
    return _PLACE.sub(lambda place: values.get(place[1], rest), text)


def load_messages(source: Source) -> LoadedMessages:
    """Reads a catalogue.

    >>> load_messages(Source.of("m.yaml", EXAMPLE)).catalogue.templates["wakeup"].places
    ('amount',)
    """
    tree, found = read_tree(source)
    run = Loading("", found)
    top = run.object(tree, THE_FILE) if tree is not None else None
    if top is None:
        if not found:
            run.report(problems.KeyMissing(Span(source.name, 0, 0), THE_FILE, "messages"))
        return LoadedMessages(Catalogue(whole=False), in_source_order(found))
    run.check_keys(top, TOP, THE_FILE)
    version = run.need(top, "messages", THE_FILE)
    if version is not None and not (isinstance(version, Scalar) and version.text == "1"):
        run.wrong(version, setting("messages", THE_FILE), say("1, the format that is known"))
    pairs = run.named(run.need(top, "templates", THE_FILE), setting("templates", THE_FILE))
    templates = {pair.key: _template(run, pair) for pair in pairs}
    return LoadedMessages(Catalogue(templates, not found), in_source_order(found))


def _template(run: Loading, pair: Pair) -> Template:
    name = pair.key
    where = say("`{name}`", name=name)
    tree = run.object(pair.value, say("the message `{name}`", name=name))
    if tree is None:
        return Template(name, span=pair.key_span)
    run.check_keys(tree, TEMPLATE, say("a message"))
    title, body = (_text(run, tree.get(key), setting(key, where)) for key in ("title", "body"))
    if tree.get("title") is None and tree.get("body") is None:
        run.need(tree, "body", where)
    texts = (title.zh, title.en, body.zh, body.en)
    held = dict.fromkeys(place for text in texts if text for place in places(text))
    params = {each.key: _param(run, each) for each in _params(run, tree, where)}
    for unused in (each for each in _params(run, tree, where) if each.key not in held):
        problem = say("the name of a place in its texts, such as {places}",
                      places=either(tuple(f"{{{p}}}" for p in held) or ("{amount}",)))  # fmt: skip
        run.report(problems.WrongShape(unused.key_span, say("a parameter of {where}", where=where),
                                       problem, say("`{name}`", name=unused.key)))  # fmt: skip
    return Template(
        name, title, body, _words(run, tree.get("channels"), setting("channels", where)),
        params, _purpose(run, tree.get("purpose"), setting("purpose", where)),
        tuple(held), pair.key_span,
    )  # fmt: skip


def _text(run: Loading, tree: Tree | None, what: Words) -> Labels:
    found = run.labels(tree, what)
    for each in _scalars(tree):
        rest = _PLACE.sub("", each.text)
        names = places(each.text)
        if "{" in rest or "}" in rest or not all(name.strip() == name != "" for name in names):
            wanted = say("text in which each pair of braces holds the name of a parameter")
            run.wrong(each, what, wanted)
    return found


def _scalars(tree: Tree | None) -> Iterator[Scalar]:
    match tree:
        case Scalar():
            yield tree
        case Map():
            for pair in tree.pairs:
                if isinstance(pair.value, Scalar):
                    yield pair.value


def _words(run: Loading, tree: Tree | None, what: Words) -> tuple[str, ...]:
    if tree is None:
        return ()
    if isinstance(tree, List) and tree.items:
        words = (run.word(item, say("each of {what}", what=what)) for item in tree.items)
        return tuple(word for word in words if word is not None)
    run.wrong(tree, what, say("a list of channels"))
    return ()


def _params(run: Loading, tree: Map, where: Words) -> tuple[Pair, ...]:
    params = tree.get("params")
    if params is not None and not isinstance(params, Map):
        run.object(params, setting("params", where))
        return ()
    return params.pairs if isinstance(params, Map) else ()


def _param(run: Loading, pair: Pair) -> Param:
    where = say("`{name}`", name=pair.key)
    if not isinstance(pair.value, Map):
        return Param(_type(run, pair.value, where))
    run.check_keys(pair.value, PARAM, say("a parameter"))
    kind = pair.value.get("type")
    example = run.word(pair.value.get("example"), setting("example", where))
    return Param(None if kind is None else _type(run, kind, where), example)


def _type(run: Loading, tree: Tree, where: Words) -> str | None:
    if isinstance(tree, Scalar) and tree.text in TYPES:
        return tree.text
    wanted = either(tuple(say("{word}", word=word) for word in TYPES))
    run.report(problems.WrongShape(tree.span, setting("type", where), wanted, described(tree)))
    return None


def _purpose(run: Loading, tree: Tree | None, what: Words) -> str | None:
    if tree is None or (isinstance(tree, Scalar) and tree.text in PURPOSES):
        return tree.text if isinstance(tree, Scalar) else None
    run.report(problems.WrongShape(tree.span, what, either(PURPOSES), described(tree)))
    return None
