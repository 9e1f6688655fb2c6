"""What is sent: the message that a contact names, held against the catalogue and against what
contact policies require of messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, ClassVar, TypeVar, cast

from siyu.core.ir import Const, Expr, Ref
from siyu.core.passes.fold import folded
from siyu.core.walk import parts, rewrite, walk
from siyu.diagnostics import Diagnostic, Note, nearest, perhaps
from siyu.kinds.house import House
from siyu.kinds.kind import clauses
from siyu.schema.messages import Template, filled, places
from siyu.schema.shape import type_word
from siyu.semantics import check, make
from siyu.semantics.build import Build
from siyu.syntax import ast
from siyu.text import Span
from siyu.types import Type
from siyu.words import Words, either, say

NAMES = {"title": "title", "body": "body", "标题": "title", "正文": "body"}
CALLED = {"title": say("title"), "body": say("body")}
SHOWN = 40  # characters of a text that a message quotes
# What may stand in a place of which nobody knows what comes: nothing, or much.
FILLS = ("", "▯" * 1_000)
HEAD = 'policy p\n  language 1\n  schema "retail.yaml"\n  messages "messages.yaml"\n\n'
CONTACT = 'contact back recover\n  for true\n  via sms\n  send "wakeup" with amount = 50 yuan\n'
Tree = TypeVar("Tree")


@dataclass(frozen=True, slots=True)
class NoCatalogue(Diagnostic):
    code: ClassVar[str] = "E0670"
    message: ClassVar[str] = "`require` asks for texts of messages, and the policy names none"
    label: ClassVar[str] = "there is no text to look at"
    help: ClassVar[str] = 'write `messages "messages.yaml"` in the head of the policy'
    page: ClassVar[str] = (
        "`require` is a condition over the `title` and the `body` of every message that may be "
        "sent. These stand in a catalogue, a YAML file that the head of the policy names:\n\n"
        '```yaml\nmessages: 1\ntemplates:\n  wakeup:\n    title: "50 yuan for you"\n'
        "    body: We miss you. Reply R to opt out.\n```"
    )
    wrong: ClassVar[str] = HEAD.replace('  messages "messages.yaml"\n', "") + (
        "contact policy house\n  require length(title) <= 8\n"
    )
    right: ClassVar[str] = HEAD + "contact policy house\n  require length(title) <= 8\n"


@dataclass(frozen=True, slots=True)
class NoSuchMessage(Diagnostic):
    code: ClassVar[str] = "E0675"
    message: ClassVar[str] = "the catalogue has no message `{name}`"
    label: ClassVar[str] = "nobody knows what to send"
    page: ClassVar[str] = (
        "Where a policy names a catalogue of messages, `send` names one of them, so that a "
        "message that nobody has written is not found by customers."
    )
    wrong: ClassVar[str] = HEAD + CONTACT.replace("wakeup", "wakup")
    right: ClassVar[str] = HEAD + CONTACT

    name: str
    near: tuple[str, ...]
    known: tuple[str, ...]

    def what_to_do(self) -> Words:
        if self.near:
            return perhaps(self.near)
        return say("its messages are {known}", known=self.known)


@dataclass(frozen=True, slots=True)
class WrongParameters(Diagnostic):
    code: ClassVar[str] = "E0676"
    message: ClassVar[str] = "the parameters do not fit message `{name}`"
    label: ClassVar[str] = "{problem}"
    help: ClassVar[str] = "write `with`, and one value for each pair of braces in the message"
    page: ClassVar[str] = (
        "The texts of a message have places for parameters, written in braces. `with` gives a "
        "value for each of them and for nothing else, of the type that the catalogue says, where "
        "it says one."
    )
    wrong: ClassVar[str] = HEAD + CONTACT.replace("amount", "sum_off")
    right: ClassVar[str] = HEAD + CONTACT

    name: str
    problem: Words


@dataclass(frozen=True, slots=True)
class WrongMessage(Diagnostic):
    code: ClassVar[str] = "E0677"
    message: ClassVar[str] = "message `{name}` was not written for this"
    label: ClassVar[str] = "{problem}"
    help: ClassVar[str] = "send another message, or change what the catalogue says of this one"
    page: ClassVar[str] = (
        "A message may say for which channels and for which purpose it was written. A contact that "
        "sends it goes through these channels only, and has this purpose."
    )
    wrong: ClassVar[str] = HEAD + CONTACT.replace("via sms", "via wecom")
    right: ClassVar[str] = HEAD + CONTACT

    name: str
    problem: Words


@dataclass(frozen=True, slots=True)
class NotAllowed(Diagnostic):
    code: ClassVar[str] = "E0678"
    message: ClassVar[str] = "message `{name}` is not what contact policy `{policy}` requires"
    label: ClassVar[str] = "{said}"
    help: ClassVar[str] = "change the text in the catalogue, or send another message"
    page: ClassVar[str] = (
        "What a contact policy requires of messages must hold for each message that a contact may "
        "send, in each of its languages, and on the channels behind `for` where it names some."
    )
    wrong: ClassVar[str] = HEAD + (
        'contact hello greeting\n  for true\n  via app\n  send "welcome"\n\n'
        "contact policy house\n  require length(title) <= 8\n"
    )
    right: ClassVar[str] = HEAD + CONTACT + (
        "\ncontact policy house\n  require length(title) <= 8 and has_digit(title)\n"
        '  require contains(body, "回复R") for sms\n'
    )  # fmt: skip

    name: str
    policy: str
    said: Words
    required: Span
    written: Span

    @property
    def notes(self) -> tuple[Note, ...]:
        """What is required, and where the message stands."""
        return (
            Note(say("this is required"), self.required),
            Note(say("the message stands here"), self.written),
        )


@dataclass(frozen=True, slots=True)
class CannotTell(Diagnostic):
    code: ClassVar[str] = "E0679"
    message: ClassVar[str] = "whether messages are as required cannot be told"
    label: ClassVar[str] = "{problem}"
    help: ClassVar[str] = "{advice}"
    page: ClassVar[str] = (
        "`require` is looked at once, when the policy is compiled: it speaks of `title`, `body` "
        "and constants, not of customers. A text with places for parameters is as long as what "
        "comes into them: where it matters, the catalogue gives the longest example that may "
        "occur, as in `params: {{amount: {{type: money, example: 100.00}}}}`."
    )
    wrong: ClassVar[str] = (
        HEAD + CONTACT + ("\ncontact policy house\n  require length(title) <= 8 or age > 1\n")
    )
    right: ClassVar[str] = HEAD + CONTACT + (
        "\ncontact policy house\n  require length(title) <= 8\n"
    )  # fmt: skip

    problem: Words
    advice: Words


# ---------------------------------------------------------------- the message of a contact


def check_message(
    node: ast.Contact, send: ast.Send, given: Mapping[str, Expr], policies: tuple[House, ...],
    build: Build,
) -> None:  # fmt: skip
    """Reports where a contact and the catalogue do not agree; silent without a catalogue."""
    catalogue = build.messages
    if catalogue is None:
        return
    template = catalogue.templates.get(send.template)
    if template is None:
        if catalogue.whole:
            known = tuple(sorted(catalogue.templates))
            near = nearest(send.template, known)
            build.report(NoSuchMessage(send.span, send.template, near, known))
        return
    _check_parameters(send, template, given, build)
    _check_purpose(node, send, template, build)
    for house in policies:
        for clause in clauses(house.node, ast.Require):
            if not clause.channels or {c.text for c in clause.channels} & set(_channels(node)):
                _check_required(send, template, clause, house, build)


def _channels(node: ast.Contact) -> tuple[str, ...]:
    return tuple(c.name.text for via in clauses(node, ast.Via) for c in via.channels)


def _check_parameters(
    send: ast.Send, template: Template, given: Mapping[str, Expr], build: Build
) -> None:
    spans = {assign.target.text: assign.span for assign in send.params}
    missing = tuple(place for place in template.places if place not in given)
    if missing:
        problem = say("no value is given for {names}", names=either(missing))
        build.report(WrongParameters(send.span, template.name, problem))
    for name, value in given.items():
        wanted = template.params[name].type if name in template.params else None
        if name not in template.places:
            problem = say("the message has no place for `{name}`", name=name)
            near = nearest(name, missing)
            if near:
                problem = say("the message has no place for `{name}`, but one for {near}",
                              name=name, near=either(near))  # fmt: skip
            build.report(WrongParameters(spans[name], template.name, problem))
        elif wanted is not None and not _fits(value.type, wanted):
            problem = say("`{name}` is {wanted} in the catalogue, and {found} here", name=name,
                          wanted=wanted, found=type_word(type(value.type)))  # fmt: skip
            build.report(WrongParameters(spans[name], template.name, problem))


def _fits(kind: Type, wanted: str) -> bool:
    word = type_word(type(kind))
    return word in ("unknown", wanted) or (word, wanted) == ("int", "decimal")


def _check_purpose(node: ast.Contact, send: ast.Send, template: Template, build: Build) -> None:
    for via in clauses(node, ast.Via):
        for channel in via.channels:
            if template.channels and channel.name.text not in template.channels:
                problem = say("its channels are {channels}", channels=template.channels)
                build.report(WrongMessage(channel.name.span, template.name, problem))
    if template.purpose and node.purpose and template.purpose != node.purpose:
        problem = say("its purpose is {purpose}", purpose=template.purpose)
        build.report(WrongMessage(send.span, template.name, problem))


# ---------------------------------------------------------------- what is required


def check_requirements(house: House, build: Build) -> None:
    """Reports what no text could meet or tell, once for each `require`."""
    for clause in clauses(house.node, ast.Require):
        if build.messages is None:
            build.report(NoCatalogue(clause.span))
        _is_sound(clause, house, build)


def _is_sound(clause: ast.Require, house: House, build: Build) -> bool:
    """Whether a requirement can be held against texts; what is wrong with it is reported once."""
    key = f"require {house.declared.name} {clause.span.start}"
    if key not in build.halves:
        before = len(build.found)
        said = check.condition(_put(clause.condition, {"title": "1", "body": "1"}), house.scope)
        leaves = [_constant(node, build) for node in walk(said) if not parts(node)]
        if len(build.found) == before and not all(isinstance(n, Const) for n in leaves):
            problem = say("this asks for more than the message")
            advice = say("speak of `title`, `body` and constants only")
            build.report(CannotTell(clause.condition.span, problem, advice))
        build.halves[key] = len(build.found) == before
    return build.halves[key] is True


def _check_required(
    send: ast.Send, template: Template, clause: ast.Require, house: House, build: Build
) -> None:
    if not _is_sound(clause, house, build):
        return
    condition = clause.condition
    for item in condition.items if isinstance(condition, ast.And) else (condition,):
        asked = tuple(dict.fromkeys(_asked(item)))
        absent = next((word for word in asked if not getattr(template, word)), None)
        if absent is not None:
            said: Words = say("it has no {text}", text=CALLED[absent])
            _refuse(send, template, item, house, said, build)
            continue
        for texts in _texts(template, asked):
            if _meets(send, template, item, texts, house, build):
                break


def _meets(
    send: ast.Send, template: Template, item: ast.Expr, texts: Mapping[str, str], house: House,
    build: Build,
) -> bool:  # fmt: skip
    """Whether something was reported of one language's texts."""
    examples = {n: p.example for n, p in template.params.items() if p.example is not None}
    open_ = [p for text in texts.values() for p in places(text) if p not in examples]
    tried = [
        {word: filled(text, examples, fill) for word, text in texts.items()}
        for fill in (FILLS if open_ else FILLS[:1])
    ]
    verdicts = [_holds(item, each, house, build) for each in tried]
    if all(verdicts):
        return False
    if open_:
        problem = say("this depends on what stands for {names} in message `{message}`",
                      names=either(tuple(dict.fromkeys(open_))), message=template.name)  # fmt: skip
        advice = say("give an example in the catalogue, the longest that may occur: "
                     "`params: {{{name}: {{example: …}}}}`", name=open_[0])  # fmt: skip
        build.report(CannotTell(send.span, problem, advice))
    else:
        quoted = tuple(
            say("the {text} `{words}`", text=CALLED[word], words=_short(words))
            for word, words in tried[0].items()
        )
        why = _why(item, tried[0], house, build)
        said = say("{texts} does not do: {why}", texts=quoted, why=why)
        _refuse(send, template, item, house, said, build)
    return True


def _refuse(
    send: ast.Send, template: Template, item: ast.Expr, house: House, said: Words, build: Build
) -> None:
    build.report(
        NotAllowed(send.span, template.name, house.declared.name, said, item.span, template.span)
    )


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _texts(template: Template, asked: tuple[str, ...]) -> list[dict[str, str]]:
    """The texts that a condition asks for, in each language, each set of them once."""
    found = []
    for language in ("zh", "en"):
        labels = {word: getattr(template, word).text(language) for word in asked}
        texts = {word: text for word, text in labels.items() if text is not None}
        if texts not in found:
            found.append(texts)
    return found


def _holds(item: ast.Expr, texts: Mapping[str, str], house: House, build: Build) -> bool:
    value = _value(item, texts, house, build)
    return value is not None and value.value is True


def _why(item: ast.Expr, texts: Mapping[str, str], house: House, build: Build) -> Words:
    """The values of a comparison, or that the condition does not hold."""
    if isinstance(item, ast.Compare):
        left, right = (_value(side, texts, house, build) for side in (item.left, item.right))
        if left is not None and right is not None and isinstance(left.value, int):
            return say("{left} {sign} {right} does not hold", left=left.value, sign=item.op,
                       right=right.value)  # fmt: skip
    return say("what is required does not hold")


def _value(item: ast.Expr, texts: Mapping[str, str], house: House, build: Build) -> Const | None:
    """What an expression is for these texts; what is wrong with it has been reported."""
    before = len(build.found)
    found = _constant(check.value(_put(item, texts), house.scope), build)
    del build.found[before:]
    return found if isinstance(found, Const) else None


def _constant(expr: Expr, build: Build) -> Expr:
    """An expression of which everything that is constant has been computed."""

    def change(node: Expr) -> Expr:
        if isinstance(node, Ref) and node.name in build.bindings:
            return _constant(build.bindings[node.name].expr, build)
        return folded(node)

    return expr if make.is_error(expr) else rewrite(expr, change, {})


def _asked(tree: object) -> list[str]:
    """Which texts of a message a condition names."""
    if isinstance(tree, ast.Name):
        return [NAMES[tree.text]] if tree.text in NAMES else []
    if isinstance(tree, tuple):
        return [word for each in tree for word in _asked(each)]
    if is_dataclass(tree) and not isinstance(tree, type | Span):
        return [word for each in fields(tree) for word in _asked(getattr(tree, each.name))]
    return []


def _put(tree: Tree, texts: Mapping[str, str]) -> Tree:
    """A condition with texts in place of their names."""
    made: Any = tree
    if isinstance(tree, ast.Name):
        word = NAMES.get(tree.text)
        if word is not None:
            made = ast.Text(texts.get(word, ""), span=tree.span)
    elif isinstance(tree, tuple):
        made = tuple(_put(each, texts) for each in tree)
    elif is_dataclass(tree) and not isinstance(tree, type | Span):
        changed = {
            each.name: _put(getattr(tree, each.name), texts)
            for each in fields(tree)
            if each.name != "span"
        }
        made = replace(tree, **changed)
    return cast(Tree, made)
