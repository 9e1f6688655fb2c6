"""Names, texts and numbers: as authors write them, and as only a generator would."""

from __future__ import annotations

from hypothesis import strategies as st

from siyu.syntax import ast

_PLAIN = """
recency orders_12m spend_12m x _ aov 近12个月消费 沉睡客户 金卡 café member_level vip2 É 名
"""
PLAIN = tuple(_PLAIN.split())
"""Words that no position reads as a keyword."""

_KEYWORDS = """
points level score any known unknown day days year month top share round when otherwise because
not and or true false sum count min from yuan CNY by per priority worth costs no in is has policy
metric test use to on of for ever run posting population always never raising anniversary since
last this next where language first greeting exclusive with same given expect at up salt customer
当 且 非 天 元 万 亿 分 次 每 满 自 近 前 真 任意 已知 未知 其余 缺省 求和 计数 年 月 本月 每日 距
占比 全体 优先级 价值 四舍五入 的 的周年 的天数 内 末 指标 客户 无 始终 绝不 用 得 问候 属于
"""
KEYWORDS = tuple(_KEYWORDS.split())
"""Words that are keywords somewhere; a schema may well have columns called so."""

ODD = ("a b", "1x", "满199减10", "a-b", "a.b", "# no", '"q"', "“", "50%", "-> x", "|", "\\")
"""Names that only backticks can hold."""

TEXTS = (
    *("", "金卡", "at risk", "满199减10", "{recency}", " padded ", "a\tb", "\\", "wakeup_v2"),
    *('say "hi"', "“quoted”", "# not a comment", "`tick`", "→、：＂"),
)


def name_texts() -> st.SearchStrategy[str]:
    return st.one_of(
        st.sampled_from(PLAIN),
        st.sampled_from(PLAIN),
        st.sampled_from(KEYWORDS),
        st.sampled_from(ODD),
    )


def idents() -> st.SearchStrategy[ast.Ident]:
    return name_texts().map(ast.Ident)


def paths() -> st.SearchStrategy[ast.Name]:
    """Mostly one word, sometimes a dotted path."""
    one = name_texts().map(lambda text: (text,))
    more = st.lists(name_texts(), min_size=2, max_size=3).map(tuple)
    return st.one_of(one, one, more).map(ast.Name)


def texts() -> st.SearchStrategy[str]:
    return st.sampled_from(TEXTS)


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
