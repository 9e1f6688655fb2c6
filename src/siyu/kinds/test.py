"""`test`: an example. What it gives becomes a request, what it expects becomes conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from siyu.core.compiled import Expectation, Given, TestCase, TestFile
from siyu.core.ir import Expr, Held
from siyu.diagnostics import nearest
from siyu.kinds.giving import Giving
from siyu.kinds.kind import Kind
from siyu.kinds.persona import Record, filled, lay
from siyu.kinds.test_errors import (
    LikeItself,
    NoFileOfThePack,
    NoMomentGiven,
    NoSuchGiven,
    NoSuchTest,
    NotLike,
    TitleTaken,
    WrongCells,
)
from siyu.semantics import check, make
from siyu.semantics.build import CLAIMS, Build, Declared, Outcome, Scope
from siyu.syntax import ast
from siyu.text import Span
from siyu.words import Words, say

JSON = ".json"


@dataclass(frozen=True, slots=True)
class Written:
    """A test as it stands in a file, and the prefix of the names there."""

    node: ast.Test
    prefix: str


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a test is about: what is given of the customer by all that it builds on, as a request
    without what is empty; the file below; and the population values."""

    given: Given
    facts: Record
    file: TestFile | None
    cuts: Mapping[str, Held]


NOBODY = Person(Given(), {"customer": {}}, None, {})


def test_cases(tests: Sequence[Written], build: Build) -> tuple[TestCase, ...]:
    """All tests, lowered after everything else."""
    _check_titles(tests, build)
    givings = []
    for number, each in enumerate(tests, 1):
        scope = Scope(build, f"~test.{number}", CLAIMS, each.prefix, claim=True)
        givings.append(Giving(each.node, scope))
    people = _people(tests, givings, build)
    return tuple(
        _case(number, giving, person)
        for number, (giving, person) in enumerate(zip(givings, people, strict=True), 1)
    )


def _check_titles(tests: Sequence[Written], build: Build) -> None:
    """A file that is used twice under two names has its tests twice: that is no clash."""
    seen: dict[str, ast.Test] = {}
    for each in tests:
        other = seen.setdefault(each.node.title, each.node)
        if other.span != each.node.span:
            build.report(TitleTaken(_head(each.node), each.node.title, _head(other)))


def _head(test: ast.Test) -> Span:
    """The line with the title, where the test says when it is."""
    span = test.span
    return span if test.at is None else Span(span.file, span.start, test.at.span.end)


def _case(number: int, giving: Giving, person: Person) -> TestCase:
    node, build = giving.node, giving.build
    request = {**person.facts, **giving.moment()}
    if person.file is None:
        request = filled(request, build.schema)
    scope = replace(giving.scope, event=giving.event)
    before = set(build.bindings)
    expectations = []
    for n, clause in enumerate(node.clauses, 1):
        if isinstance(clause, (ast.Expect, ast.ExpectNo)):
            name = f"~test.{number}.{n}"
            build.bind(name, _expected(clause, scope), CLAIMS, span=clause.span)
            expectations.append(Expectation(clause.span, name))
    own = tuple(b for name, b in build.bindings.items() if name not in before)
    for binding in own:
        del build.bindings[binding.name]
    return TestCase(
        node.title, node.span, request, giving.event, person.cuts, tuple(expectations), own,
        person.given, person.file, tuple(_decisions(node, build)),
    )  # fmt: skip


def _expected(clause: ast.Expect | ast.ExpectNo, scope: Scope) -> Expr:
    if isinstance(clause, ast.Expect):
        return check.condition(clause.condition, scope)
    found = check.condition(clause.what, scope)
    return make.not_(make.otherwise(found, make.false), clause.span)


# ---------------------------------------------------------------- customers like others


def _people(
    tests: Sequence[Written], givings: Sequence[Giving], build: Build
) -> tuple[Person, ...]:
    """The customer of every test, those that others build on first."""
    titles: dict[str, list[int]] = {}
    for number, each in enumerate(tests):
        titles.setdefault(each.node.title, []).append(number)
    below = [_below(number, givings[number], tests, titles, build) for number in range(len(tests))]
    people: dict[int, Person] = {}
    for first in range(len(tests)):
        for at in reversed(_chain(first, below, people, givings, build)):
            people[at] = _person(givings[at], _base(below[at], people))
    return tuple(people[at] for at in range(len(tests)))


def _base(below: int | TestFile | None, people: Mapping[int, Person]) -> Person:
    if isinstance(below, TestFile):
        return replace(NOBODY, file=below)
    return NOBODY if below is None else people[below]


def _chain(
    first: int,
    below: list[int | TestFile | None],
    people: Mapping[int, Person],
    givings: Sequence[Giving],
    build: Build,
) -> list[int]:
    """A test and those it builds on that are still to be made; a circle is reported and cut."""
    chain: dict[int, None] = {}
    at: int | TestFile | None = first
    while isinstance(at, int) and at not in people:
        chain[at] = None
        like, following = givings[at].like, below[at]
        if like is not None and isinstance(following, int) and following in chain:
            build.report(LikeItself(like.span, givings[at].node.title))
            below[at] = None
        at = below[at]
    return list(chain)


def _below(
    number: int,
    giving: Giving,
    tests: Sequence[Written],
    titles: Mapping[str, Sequence[int]],
    build: Build,
) -> int | TestFile | None:
    """The place of the test, or the file, that a customer is like. Of a file that is used twice
    the tests mean those under their own prefix."""
    like = giving.like
    if like is None:
        return None
    if like.value.endswith(JSON):
        return _file(like, build)
    found = titles.get(like.value, ())
    if found:
        return next((n for n in found if tests[n].prefix == tests[number].prefix), found[0])
    near = nearest(like.value, [title for title in titles if title != giving.node.title])
    hint: Words = say("write the title of another test, or a file that ends in `.json`")
    if near:
        hint = say("perhaps {near} is meant", near=near)
    build.report(NoSuchTest(like.span, like.value, hint))
    return None


def _person(giving: Giving, base: Person) -> Person:
    own = giving.given()
    return Person(
        replace(own, over=base.given if base.file is not None else None),
        lay(base.facts, own, giving.schema),
        base.file,
        {**base.cuts, **giving.cuts},
    )


def _decisions(node: ast.Test, build: Build) -> Iterator[TestFile]:
    for clause in node.clauses:
        if isinstance(clause, ast.ExpectDecision):
            found = _file(clause.file, build)
            if found is not None:
                yield found


def _file(written: ast.Text, build: Build) -> TestFile | None:
    """A path seen from the file it is written in, as seen from the pack's folder."""
    path = written.value
    problem: Words | None = None
    steps = written.span.file.split("/")[:-1]
    outside = not path or path.startswith(("/", "~")) or "\\" in path or "\0" in path
    for step in path.split("/"):
        if step == "..":
            outside = outside or not steps
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    if outside:
        problem = say("`{path}` lies outside the policy's folder", path=path)
    elif not path.endswith(JSON):
        problem = say("`{path}` does not end in `.json`", path=path)
    if problem is not None:
        build.report(NoFileOfThePack(written.span, problem))
        return None
    return TestFile(written.span, "/".join(steps))


# ---------------------------------------------------------------- the kind


def _never(declared: Declared, build: Build) -> Outcome:
    """Tests have titles and no names: nobody asks for them, and `test_cases` lowers them."""
    return Outcome(declared.name, declared.kind, CLAIMS)


KIND = Kind(
    "test",
    ast.Test,
    CLAIMS,
    _never,
    """An example that must come out as expected, on every evaluator. `given` puts a record
together: fields of the customer, an event, the context, metrics, population values, and
collections as grids; collections that are not given are empty. `given customer like` takes the
customer of another test, or one out of a JSON file, and what else is given replaces parts of it.
`expect` states a condition, `expect no RULE` that a rule gives nothing, `expect decision like` that
the whole decision is that of a file; `siyu test --update` writes it.

```siyu
test "a sleeping gold member gets the coupon" at 2026-11-21 10:00
  given customer
    member_id = "M1", lifetime_years = 2.5
  expect lifecycle is dormant
```
""",
    (
        NoSuchGiven,
        NoMomentGiven,
        WrongCells,
        NoSuchTest,
        LikeItself,
        NoFileOfThePack,
        TitleTaken,
        NotLike,
    ),
)
