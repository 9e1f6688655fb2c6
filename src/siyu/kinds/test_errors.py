"""What can be wrong with a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.diagnostics import Diagnostic, Note
from siyu.text import Span
from siyu.words import Words, say

HEAD = 'policy p\n  language 1\n  schema "retail.yaml"\n\n'


@dataclass(frozen=True, slots=True)
class NoSuchGiven(Diagnostic):
    code: ClassVar[str] = "E0692"
    message: ClassVar[str] = "a test cannot give `{name}`"
    label: ClassVar[str] = "there is no {what} of this name"
    help: ClassVar[str] = "{hint}"
    page: ClassVar[str] = (
        "A test gives `customer` fields, `context`, `metrics`, `calibration` values, an event of "
        "the schema, or the rows of a collection."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\n'
        'test "t" at 2026-01-01\n  given customer\n    agee = 5\n  expect true\n'
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\n'
        'test "t" at 2026-01-01\n  given customer\n    age = 5\n  expect true\n'
    )

    name: str
    what: Words
    hint: Words


@dataclass(frozen=True, slots=True)
class NoMomentGiven(Diagnostic):
    code: ClassVar[str] = "E0693"
    message: ClassVar[str] = "test `{name}` does not say when it takes place"
    label: ClassVar[str] = "decisions depend on the moment they are made at"
    help: ClassVar[str] = 'write the moment behind the title: `test "…" at 2026-11-21 10:00`'
    page: ClassVar[str] = (
        "Nothing in a policy reads the clock: a decision is made as of a moment that is given. So "
        "a test says its moment, or gives an event that has a time."
    )
    wrong: ClassVar[str] = 'policy p\n  language 1\n\ntest "t"\n  expect true\n'
    right: ClassVar[str] = 'policy p\n  language 1\n\ntest "t" at 2026-01-01\n  expect true\n'

    name: str


@dataclass(frozen=True, slots=True)
class WrongCells(Diagnostic):
    code: ClassVar[str] = "E0694"
    message: ClassVar[str] = "this row has {found} cells, and the heading {wanted}"
    label: ClassVar[str] = "every row has one cell for each column"
    help: ClassVar[str] = "write `unknown` where a value is missing"
    page: ClassVar[str] = "The rows of a grid have a cell for each word of its heading."
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\ntest "t" at 2026-01-01\n'
        "  given consents\n    | channel | granted |\n    | wecom |\n  expect true\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\ntest "t" at 2026-01-01\n'
        "  given consents\n    | channel | granted |\n    | wecom   | true    |\n  expect true\n"
    )

    found: int
    wanted: int


@dataclass(frozen=True, slots=True)
class NoSuchTest(Diagnostic):
    code: ClassVar[str] = "E0695"
    message: ClassVar[str] = "no test of this policy is called `{title}`"
    label: ClassVar[str] = "whose customer is meant"
    help: ClassVar[str] = "{hint}"
    page: ClassVar[str] = (
        "Behind `given customer like` stands the title of another test: its customer is taken, and "
        "what this test gives is put in place of what that one gave. A text that ends in `.json` "
        "is a file in the policy's folder that holds a customer or a request."
    )
    wrong: ClassVar[str] = HEAD + (
        'test "an adult" at 2026-01-01\n  given customer\n    age = 30\n  expect age = 30\n\n'
        'test "a child" at 2026-01-01\n  given customer like "an adlut"\n    age = 5\n'
        "  expect age = 5\n"
    )
    right: ClassVar[str] = HEAD + (
        'test "an adult" at 2026-01-01\n  given customer\n    age = 30\n  expect age = 30\n\n'
        'test "a child" at 2026-01-01\n  given customer like "an adult"\n    age = 5\n'
        "  expect age = 5\n"
    )

    title: str
    hint: Words


@dataclass(frozen=True, slots=True)
class LikeItself(Diagnostic):
    code: ClassVar[str] = "E0696"
    message: ClassVar[str] = "the customer of test `{title}` is like itself"
    label: ClassVar[str] = "this leads back to the same test"
    help: ClassVar[str] = "let one of these tests give its customer without `like`"
    page: ClassVar[str] = (
        "Tests may build on each other's customers as far as they like, but not in a circle: one "
        "of them has to say who the customer is."
    )
    wrong: ClassVar[str] = HEAD + (
        'test "one" at 2026-01-01\n  given customer like "two"\n  expect true\n\n'
        'test "two" at 2026-01-01\n  given customer like "one"\n  expect true\n'
    )
    right: ClassVar[str] = HEAD + (
        'test "one" at 2026-01-01\n  given customer\n    age = 30\n  expect true\n\n'
        'test "two" at 2026-01-01\n  given customer like "one"\n  expect true\n'
    )

    title: str


@dataclass(frozen=True, slots=True)
class NoFileOfThePack(Diagnostic):
    code: ClassVar[str] = "E0697"
    message: ClassVar[str] = "{problem}"
    label: ClassVar[str] = "this file belongs to the policy's tests"
    help: ClassVar[str] = (
        "write a path as seen from this file, such as `decisions/gold.json`, inside the policy's "
        "folder"
    )
    page: ClassVar[str] = (
        "Tests may take a customer from a JSON file, and compare a whole decision with one. Both "
        "lie in the policy's folder or below it, and end in `.json`."
    )
    wrong: ClassVar[str] = HEAD + (
        'test "t" at 2026-01-01\n  given customer like "../others/M1.json"\n  expect true\n'
    )
    right: ClassVar[str] = HEAD + (
        'test "t" at 2026-01-01\n  given customer like "customers/M1.json"\n  expect true\n'
    )

    problem: Words


@dataclass(frozen=True, slots=True)
class TitleTaken(Diagnostic):
    code: ClassVar[str] = "E0698"
    message: ClassVar[str] = "two tests are called `{title}`"
    label: ClassVar[str] = "this title is taken"
    help: ClassVar[str] = "let the title say what this test shows, and the other does not"
    page: ClassVar[str] = (
        "A title is a test's name: in reports, behind `siyu test -k`, and behind `like` in other "
        "tests. So a policy has no two tests of one title."
    )
    wrong: ClassVar[str] = HEAD + (
        'test "t" at 2026-01-01\n  expect true\n\ntest "t" at 2026-01-02\n  expect true\n'
    )
    right: ClassVar[str] = HEAD + (
        'test "t" at 2026-01-01\n  expect true\n\ntest "u" at 2026-01-02\n  expect true\n'
    )

    title: str
    earlier: Span

    @property
    def notes(self) -> tuple[Note, ...]:
        """Where the other one stands."""
        return (Note(say("the other one stands here"), self.earlier),)


@dataclass(frozen=True, slots=True)
class NotLike(Diagnostic):
    code: ClassVar[str] = "E0699"
    message: ClassVar[str] = "{problem}"
    label: ClassVar[str] = "`like` stands behind `customer`, once in a test"
    help: ClassVar[str] = "{advice}"
    page: ClassVar[str] = (
        "`given customer like` takes a whole customer, with all collections. There is one customer "
        "in a test; what else is given replaces fields and collections of that customer."
    )
    wrong: ClassVar[str] = HEAD + (
        'test "t" at 2026-01-01\n  given orders like "customers/M1.json"\n  expect true\n'
    )
    right: ClassVar[str] = HEAD + (
        'test "t" at 2026-01-01\n  given customer like "customers/M1.json"\n  expect true\n'
    )

    problem: Words
    advice: Words
