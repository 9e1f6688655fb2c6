"""Names, texts and numbers: as authors write them, and as only a generator would."""

from __future__ import annotations

from hypothesis import strategies as st

from siyu.syntax import ast
from siyu.syntax.keywords import function_name, given_word, keywords

_PLAIN = """
recency orders_12m spend_12m x _ aov 近12个月消费 沉睡客户 金卡 café member_level vip2 É 名
"""
PLAIN = tuple(_PLAIN.split())
"""Words that no position reads as a keyword."""

KEYWORDS = tuple(
    sorted(
        word
        for word in {
            word
            for keyword in keywords().by_position.values()
            for spelled in keyword.spellings
            for word in spelled.split(" ")
        }
        if word.isidentifier()
    )
)
"""Every word of every keyword, in both languages: a schema may well have columns called so."""

ODD = ("a b", "1x", "满199减10", "a-b", "a.b", "# no", '"q"', "“", "50%", "-> x", "|", "\\", "Ａ")
"""Names that only backticks can hold."""

TEXTS = (
    *("", "金卡", "at risk", "满199减10", "{recency}", " padded ", "a\tb", "\\", "wakeup_v2"),
    *('say "hi"', "“quoted”", "# not a comment", "`tick`", "→、：＂"),
)


_SIGNS = "aZ9_金，。“”＂\"'#、→.|%-<>()=:「」\\ "
"""What random names and texts are made of: letters, and all that means something elsewhere."""


def name_texts() -> st.SearchStrategy[str]:
    """Names of every sort; no name can hold a backtick or be blank."""
    random = st.text(_SIGNS, min_size=1, max_size=5).filter(str.strip)
    return st.one_of(
        st.sampled_from(PLAIN), st.sampled_from(PLAIN), st.sampled_from(KEYWORDS),
        st.sampled_from(ODD), random,
    )  # fmt: skip


def idents() -> st.SearchStrategy[ast.Ident]:
    return name_texts().map(ast.Ident)


def functions() -> st.SearchStrategy[ast.Ident]:
    """A function has one name in the tree: `四舍五入` is `round` there."""
    return name_texts().map(function_name).map(ast.Ident)


def given_words() -> st.SearchStrategy[ast.Ident]:
    """What a test gives has one name too: `客户` is `customer`."""
    return name_texts().map(given_word).map(ast.Ident)


def functions_of_everyone() -> st.SearchStrategy[ast.Ident]:
    """Behind `population` stands a plain word."""
    return st.sampled_from(("percentile", "median", *PLAIN, "points", "sum")).map(ast.Ident)


def paths() -> st.SearchStrategy[ast.Name]:
    """Mostly one word, sometimes a dotted path."""
    one = name_texts().map(lambda text: (text,))
    more = st.lists(name_texts(), min_size=2, max_size=3).map(tuple)
    return st.one_of(one, one, more).map(ast.Name)


def texts() -> st.SearchStrategy[str]:
    """Texts of every sort; none can hold the closing signs of all three kinds of quotes."""
    random = st.text(_SIGNS + "`", max_size=6).filter(lambda text: not set('"”＂') <= set(text))
    return st.sampled_from(TEXTS) | random


def labels() -> st.SearchStrategy[str | None]:
    return st.none() | texts()


def counts() -> st.SearchStrategy[str]:
    return st.sampled_from(("0", "1", "2", "24", "1000"))


def digits() -> st.SearchStrategy[str]:
    return st.sampled_from(("0", "1", "2", "10", "0.35", "1.50", "20000", "007", "3.0"))


CURRENCIES = ("CNY", "USD", "JPY")
TIME_UNITS: tuple[ast.TimeUnit, ...] = ("minute", "hour", "day", "week", "month", "quarter", "year")


def time_units() -> st.SearchStrategy[ast.TimeUnit]:
    return st.sampled_from(TIME_UNITS)


def numbers() -> st.SearchStrategy[ast.Number]:
    small = st.builds(
        ast.Number, digits(), st.none() | st.sampled_from((*TIME_UNITS, "%", *CURRENCIES))
    )
    large = st.builds(
        ast.Number,
        digits(),
        st.none() | st.sampled_from(CURRENCIES),
        st.sampled_from(("万", "亿")),
    )
    return st.one_of(small, small, large)


def percents() -> st.SearchStrategy[ast.Number]:
    return digits().map(lambda text: ast.Number(text, "%"))


def dates() -> st.SearchStrategy[ast.Date]:
    return st.sampled_from(("2026-11-21", "1990-02-29", "9999-99-99")).map(ast.Date)


def times() -> st.SearchStrategy[ast.Time]:
    return st.sampled_from(("00:00", "20:30", "99:99")).map(ast.Time)


def date_times() -> st.SearchStrategy[ast.DateTime]:
    return st.builds(lambda day, time: ast.DateTime(day.text, time.text), dates(), times())
