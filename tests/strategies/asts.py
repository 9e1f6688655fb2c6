"""Files of every declaration, each in every shape that its clauses allow.

The trees are syntactically valid and mean nothing: names point nowhere, and a column may well be
called `when`. What a clause may hold is the grammar's word; `tests/syntax/test_roundtrip.py` fails
when a node class is never drawn.
"""

from __future__ import annotations

from functools import cache
from typing import Any, get_args

from hypothesis import strategies as st

from siyu.syntax import ast
from strategies import words
from strategies.expressions import cells, expressions, leaves
from strategies.words import counts, dates, idents, labels, paths, percents, texts, times

Draws = st.SearchStrategy[Any]


def files() -> st.SearchStrategy[ast.File]:
    return st.builds(
        ast.File,
        st.none() | headers(),
        _tuples(uses(), 0, 2),
        _tuples(declarations(), 0, 3),
    )


def headers() -> st.SearchStrategy[ast.Header]:
    return st.builds(
        ast.Header,
        idents(),
        labels(),
        st.none() | counts(),
        st.none() | counts(),
        st.none() | texts().map(ast.Text),
        st.none() | st.sampled_from(words.CURRENCIES).map(ast.Ident),
        st.none() | texts().map(ast.Text),
        st.none() | texts().map(ast.Text),
    )


def uses() -> st.SearchStrategy[ast.Use]:
    return st.builds(ast.Use, texts().map(ast.Text), st.none() | idents())


def _tuples(items: Draws, least: int, most: int) -> Draws:
    return st.lists(items, min_size=least, max_size=most).map(tuple)


# ---------------------------------------------------------------- shared clauses


def _effective() -> Draws:
    return st.builds(ast.Effective, dates(), dates())


def _formerly() -> Draws:
    return st.builds(ast.Formerly, idents())


def _frozen() -> Draws:
    return st.builds(ast.Frozen, dates(), dates())


@cache
def line_riders() -> Draws:
    """What may stand behind a case or a score line."""
    return st.one_of(texts().map(ast.Because), expressions().map(ast.Unless), _effective())


@cache
def riders() -> Draws:
    return line_riders() | _formerly()


def _when() -> Draws:
    return expressions().map(ast.When)


def orders() -> Draws:
    return st.builds(
        ast.Order,
        expressions() | st.sampled_from(("priority", "worth", "costs")),
        st.none() | st.sampled_from(("ascending", "descending")),
    )


def _calendar() -> Draws:
    return st.builds(ast.Window, words.time_units(), st.none() | counts())


def _window(*named: str) -> Draws:
    return st.one_of(_calendar(), *(st.just(ast.Window(name)) for name in named))


def _limit(*, of_policy: bool) -> Draws:
    return st.builds(
        ast.Limit,
        expressions(),
        _window("ever"),
        st.none() | idents(),
        _tuples(_purpose(), 0, 2) if of_policy else st.just(()),
    )


def _purpose() -> Draws:
    return st.sampled_from(("greeting", "opportunity", "recover", "remind", "upgrade"))


def _priority() -> Draws:
    return expressions().map(ast.Priority)


def _holdout() -> Draws:
    return st.builds(ast.Holdout, percents(), st.none() | texts())


# ---------------------------------------------------------------- facts


def params() -> Draws:
    version = st.builds(ast.ParamVersion, dates(), expressions())
    return st.builds(
        ast.Param, idents(), labels(), expressions(), _tuples(version | riders(), 0, 2)
    )


def metrics() -> Draws:
    return st.builds(ast.Metric, idents(), labels(), expressions(), _tuples(riders(), 0, 2))


def views() -> Draws:
    return st.builds(ast.View, idents(), labels(), paths(), expressions())


def calendars() -> Draws:
    return st.builds(ast.Calendar, idents(), labels(), _quoted())


# ---------------------------------------------------------------- segments, classes, scores, tiers


def segments() -> Draws:
    return st.builds(ast.Segment, idents(), labels(), _tuples(_when() | riders(), 1, 3))


def cases() -> Draws:
    behind = _tuples(line_riders(), 0, 2)
    holds = st.builds(ast.Case, idents(), labels(), expressions(), riders=behind)
    rest = st.builds(ast.Case, idents(), labels(), st.none(), st.booleans(), behind)
    return holds | rest


def classifies() -> Draws:
    return st.builds(
        ast.Classify, idents(), labels(), st.booleans(), _tuples(cases(), 1, 3),
        _tuples(_formerly(), 0, 1),
    )  # fmt: skip


def scores() -> Draws:
    adjust = st.builds(
        ast.Adjust,
        st.sampled_from(("add", "subtract")),
        expressions(),
        expressions(),
        _tuples(line_riders(), 0, 2),
    )
    clauses = _tuples(st.one_of(adjust, adjust, expressions().map(ast.Start), _formerly()), 1, 4)
    return st.builds(ast.Score, idents(), labels(), expressions(), expressions(), clauses)


def levels() -> Draws:
    rule = st.one_of(
        st.builds(ast.TopShare, percents(), st.none() | expressions()),
        expressions().map(ast.FromValue),
        _when(),
        st.booleans().map(ast.OtherwiseLevel),
    )
    return st.builds(ast.Level, idents(), labels(), rule)


def tiers() -> Draws:
    clause = st.one_of(
        expressions().map(ast.Keep),
        expressions().map(ast.Grace),
        st.just(ast.FallOneLevel()),
        st.builds(ast.Lifetime, idents(), expressions()),
        _formerly(),
        _frozen(),
    )
    return st.builds(
        ast.Tier, idents(), labels(), expressions(), _tuples(levels(), 1, 3), _tuples(clause, 0, 3)
    )


# ---------------------------------------------------------------- points and incentives


def accounts() -> Draws:
    return st.builds(ast.Account, idents(), labels(), st.none() | st.sampled_from(words.CURRENCIES))


def _earns() -> Draws:
    rate = st.builds(ast.Earn, expressions(), expressions(), expressions(), st.booleans())
    return rate | expressions().map(ast.Earn)


def points() -> Draws:
    inner = expressions()
    at_most = st.one_of(
        st.builds(ast.AtMost, inner),
        st.builds(ast.AtMost, inner, window=_window("posting", "ever")),
        st.builds(ast.AtMost, inner, of=inner),
    )
    clause = st.one_of(
        st.builds(ast.Into, idents(), st.none() | paths()),
        _earns(),
        st.builds(ast.Times, inner, inner),
        st.sampled_from(("highest", "product", "sum")).map(ast.Multipliers),
        at_most,
        inner.map(ast.AtLeast),
        st.sampled_from(("down", "up", "half_up")).map(ast.RoundTo),
        inner.map(ast.Usable),
        inner.map(ast.ExpireAfter),
        st.builds(ast.ExpireAtEnd, st.sampled_from(("this", "next")), words.time_units()),
        st.builds(ast.Redeem, inner, inner, inner),
        idents().map(ast.Reverse),
        _when(),
        _frozen(),
        riders(),
    )
    return st.builds(ast.Points, idents(), labels(), idents(), _tuples(clause, 1, 8))


def groups() -> Draws:
    return st.builds(ast.Group, idents(), labels(), counts(), _tuples(orders(), 1, 3))


def incentives() -> Draws:
    inner = expressions()
    clause = st.one_of(
        st.builds(ast.Give, paths(), labels()),
        inner.map(ast.Worth),
        inner.map(ast.Valid),
        st.builds(
            ast.Nature, st.sampled_from(("hard", "soft")), st.sampled_from(("internal", "external"))
        ),
        _tuples(st.sampled_from(get_args(ast.Principle)), 1, 3).map(ast.Serves),
        inner.map(ast.Costs),
        idents().map(ast.Competes),
        _priority(),
        _limit(of_policy=False),
        st.builds(
            ast.Budget, inner, st.sampled_from((None, "worth", "costs")), _window("run"), orders()
        ),
        _holdout(),
        _frozen(),
        riders(),
    )
    return st.builds(
        ast.Incentive, idents(), labels(), st.none() | idents(), inner, _tuples(clause, 1, 6)
    )


# ---------------------------------------------------------------- contacts


def assigns() -> Draws:
    return st.builds(ast.Assign, paths(), expressions())


def _hours() -> Draws:
    return st.builds(ast.Hours, times(), times())


def _open() -> Draws:
    """Hours with any of their parts; at least one is written."""
    day = st.sampled_from(get_args(ast.Weekday))
    days = _tuples(st.builds(ast.Days, day, st.none() | day), 0, 2)
    channels = _tuples(idents(), 0, 2)
    rest = (_tuples(paths(), 0, 2), channels, st.none() | paths())
    whole = st.builds(ast.Open, st.just(()), _tuples(st.builds(ast.Days, day), 1, 2), *rest)
    return st.builds(ast.Open, _tuples(_hours(), 1, 3), days, *rest) | whole


def contacts() -> Draws:
    channel = st.builds(ast.Channel, idents(), st.none() | expressions())
    clause = st.one_of(
        _tuples(channel, 1, 3).map(ast.Via),
        st.builds(ast.Send, texts(), _tuples(assigns(), 0, 2)),
        _limit(of_policy=False),
        _priority(),
        _holdout(),
        st.builds(ast.During, _tuples(_hours(), 1, 3)),
        expressions().map(ast.Discard),
        _frozen(),
        riders(),
    )
    return st.builds(
        ast.Contact,
        idents(),
        labels(),
        st.none() | _purpose(),
        st.none() | idents(),
        expressions(),
        _tuples(clause, 1, 4),
    )


def contact_policies() -> Draws:
    clause = st.one_of(
        _limit(of_policy=True),
        st.builds(
            ast.Quota,
            expressions(),
            _calendar(),
            st.none() | idents(),
            st.none() | idents(),
            orders(),
        ),
        st.builds(ast.Quiet, times(), times()),
        _open(),
        st.builds(ast.Require, expressions(), _tuples(idents(), 0, 2)),
        expressions().map(ast.NeverWhen),
        st.builds(ast.Choose, counts(), _tuples(orders(), 1, 3)),
        riders(),
    )
    return st.builds(ast.ContactPolicy, idents(), labels(), _tuples(clause, 1, 4))


# ---------------------------------------------------------------- tables


@st.composite
def tables(draw: st.DrawFn) -> ast.Table:
    columns = draw(_tuples(paths(), 1, 3))
    outputs = draw(_tuples(idents(), 1, 2))
    answers = _tuples(expressions(), len(outputs), len(outputs))
    row = st.builds(ast.Row, _tuples(cells(), len(columns), len(columns)), answers)
    rest = st.builds(ast.Row, st.none(), answers, st.booleans())
    return ast.Table(
        draw(idents()),
        draw(labels()),
        draw(st.sampled_from(("first", "exclusive", "collect"))),
        outputs,
        columns,
        outputs,
        draw(_tuples(row | rest, 1, 3)),
        draw(_tuples(_formerly() | _frozen(), 0, 2)),
    )


# ---------------------------------------------------------------- figures, claims, examples


def indicators() -> Draws:
    return st.builds(ast.Indicator, idents(), labels(), expressions(), st.none() | paths())


def recommends() -> Draws:
    clause = st.one_of(
        expressions().map(ast.Where),
        idents().map(ast.ByMeasure),
        counts().map(ast.TopCount),
        riders(),
    )
    return st.builds(ast.Recommend, idents(), labels(), paths(), _tuples(clause, 0, 3))


def identities() -> Draws:
    kinds = st.sampled_from((None, "phone", "email"))
    clause = st.one_of(
        st.builds(ast.JoinBy, idents(), kinds, st.booleans(), st.none() | expressions()),
        idents().map(ast.Country),
        _tuples(idents(), 1, 3).map(ast.ConflictOn),
        st.builds(ast.Ignore, idents(), _tuples(_quoted(), 1, 3)),
        counts().map(ast.MostProfiles),
    )
    return st.builds(ast.Identity, idents(), labels(), idents(), _tuples(clause, 1, 4))


def ensures() -> Draws:
    claim = st.one_of(
        st.builds(ast.Always, expressions(), st.booleans()),
        expressions().map(ast.Never),
        st.builds(ast.Monotone, paths(), st.sampled_from(("lowers", "raises")), paths()),
        st.builds(ast.Depends, paths(), st.booleans(), _tuples(paths(), 1, 3)),
    )
    return st.builds(ast.Ensure, idents(), labels(), claim)


@st.composite
def grids(draw: st.DrawFn) -> ast.GivenGrid:
    columns = draw(_tuples(paths(), 1, 3))
    row = _tuples(leaves() | expressions(), len(columns), len(columns))
    return ast.GivenGrid(draw(paths()), columns, draw(_tuples(row, 1, 3)))


def _quoted() -> Draws:
    return texts().map(ast.Text)


def tests() -> Draws:
    clause = st.one_of(
        st.builds(ast.GivenFields, words.given_words(), _tuples(assigns(), 1, 3)),
        grids(),
        st.builds(ast.GivenLike, words.given_words(), _quoted(), _tuples(assigns(), 0, 2)),
        expressions().map(ast.Expect),
        paths().map(ast.ExpectNo),
        _quoted().map(ast.ExpectDecision),
    )
    at = st.one_of(st.none(), dates(), words.date_times())
    return st.builds(ast.Test, texts(), at, _tuples(clause, 1, 4))


DECLARATIONS = (
    params, metrics, views, segments, classifies, scores, tiers, accounts, points, groups,
    incentives, tables, contacts, contact_policies, recommends, indicators, ensures, tests,
    identities, calendars,
)  # fmt: skip


@cache
def declarations() -> Draws:
    return st.one_of(*(kind() for kind in DECLARATIONS))
