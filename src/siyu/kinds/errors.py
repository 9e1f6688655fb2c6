"""Mistakes that several rule kinds can make: E06xx. A kind's own stand in its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.diagnostics import Diagnostic
from siyu.words import Words, say


@dataclass(frozen=True, slots=True)
class Twice(Diagnostic):
    code: ClassVar[str] = "E0601"
    message: ClassVar[str] = "`{word}` may be written once in a rule"
    label: ClassVar[str] = "this is a second one"
    help: ClassVar[str] = "keep one of the two"
    page: ClassVar[str] = (
        "Some clauses answer a question that has one answer: how much is given, how long it is "
        "valid, which group a rule competes in. A second answer would have to win by a hidden "
        "rule, so it is refused."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n\nincentive gift\n  for true\n  give coupon "A"\n'
        '  give coupon "B"\n  soft internal\n'
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n\nincentive gift\n  for true\n  give coupon "A"\n  soft internal\n'
    )

    word: str


@dataclass(frozen=True, slots=True)
class NotHere(Diagnostic):
    code: ClassVar[str] = "E0602"
    message: ClassVar[str] = "`{word}` says nothing about {about}"
    label: ClassVar[str] = "this has no meaning here"
    help: ClassVar[str] = "take it away"
    page: ClassVar[str] = (
        "`unless` and `effective` switch rules off: segments, cases, score lines, points, "
        "incentives, contacts and contact policies. A value cannot be switched off, since "
        "something would have to stand in its place: give a metric a default with `otherwise`, "
        "and a param dated versions with `from`. Other clauses speak of one thing only, too: "
        "`usable after` of earning, a limit's `on` of contacts, `per run` of budgets and quotas. "
        "Nothing that is written is passed over in silence."
    )
    wrong: ClassVar[str] = "policy p\n  language 1\n\nmetric m = 1\n  unless true\n"
    right: ClassVar[str] = "policy p\n  language 1\n\nmetric m = 1\n"

    word: str
    about: Words

    def what_to_do(self) -> Words:
        if self.word in ("unless", "effective"):
            return say("take it away, or write it at the rule that it should stop")
        return Diagnostic.what_to_do(self)


@dataclass(frozen=True, slots=True)
class Missing(Diagnostic):
    code: ClassVar[str] = "E0603"
    message: ClassVar[str] = "{kind} `{name}` does not say `{word}`"
    label: ClassVar[str] = "{why}"
    help: ClassVar[str] = "add a line `{example}`"
    page: ClassVar[str] = (
        "A rule must say what it does before it can do it: a segment says when, an incentive what "
        "it gives, a contact through which channels and what it sends, a score where it starts."
    )
    wrong: ClassVar[str] = "policy p\n  language 1\n\nincentive gift\n  for true\n"
    right: ClassVar[str] = (
        'policy p\n  language 1\n\nincentive gift\n  for true\n  give coupon "A"\n  soft internal\n'
    )

    kind: Words
    name: str
    word: str
    why: Words
    example: str


@dataclass(frozen=True, slots=True)
class SameName(Diagnostic):
    code: ClassVar[str] = "E0604"
    message: ClassVar[str] = "`{name}` stands twice in {kind} `{owner}`"
    label: ClassVar[str] = "this name is taken"
    help: ClassVar[str] = "give it another name"
    page: ClassVar[str] = (
        "Cases and levels are told apart by their names: in decisions, in reason codes and in "
        "what other rules compare with."
    )
    wrong: ClassVar[str] = "policy p\n  language 1\n\nclassify c\n  a when false\n  a otherwise\n"
    right: ClassVar[str] = "policy p\n  language 1\n\nclassify c\n  a when false\n  b otherwise\n"

    name: str
    kind: Words
    owner: str


@dataclass(frozen=True, slots=True)
class NotAnAmount(Diagnostic):
    code: ClassVar[str] = "E0662"
    message: ClassVar[str] = "`{word}` takes {wanted}"
    label: ClassVar[str] = "this is {found}"
    help: ClassVar[str] = "write `{example}`"
    page: ClassVar[str] = (
        "What an incentive is worth and costs is money; how long it is valid is a duration; how "
        "often it may be given is a whole number."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n\nincentive gift\n  for true\n  give coupon "A"\n'
        "  worth 5\n  soft internal\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n\nincentive gift\n  for true\n  give coupon "A"\n'
        "  worth 5 yuan\n  soft internal\n"
    )

    word: str
    wanted: Words
    found: Words
    example: str
