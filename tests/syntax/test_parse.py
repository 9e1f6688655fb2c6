"""Section 1 of the language, sentence by sentence: what may be written, and what it is read as."""

from __future__ import annotations

import pytest

from siyu.syntax import ast
from siyu.syntax.parse import parse
from siyu.text import Source
from strategies.reading import (
    RFM,
    TOUR,
    codes,
    condition,
    declaration,
    figure,
    name,
    read,
    tree,
)

# ---------------------------------------------------------------- the tour


@pytest.mark.parametrize("path", [TOUR, RFM], ids=["tour", "rfm"])
def test_the_tour_is_valid_as_it_stands(path) -> None:
    parsed = parse(Source.of(path.name, path.read_text(encoding="utf-8")))
    assert parsed.diagnostics == ()


def test_the_tour_in_chinese_keywords_is_the_same_policy() -> None:
    chinese = TOUR.parent.parent.parent / "tests" / "syntax" / "tour_zh.siyu"
    assert tree(chinese.read_text(encoding="utf-8")) == tree(TOUR.read_text(encoding="utf-8"))


def test_every_node_lies_within_the_declaration_it_belongs_to() -> None:
    text = TOUR.read_text(encoding="utf-8")
    for found in tree(text).declarations:
        written = text[found.span.start : found.span.end]
        assert not written[0].isspace() and not written[-1].isspace()
        if not isinstance(found, ast.Test):
            assert text[found.name.span.start : found.name.span.end] == found.name.text


# ---------------------------------------------------------------- no significant whitespace


def test_space_is_not_significant() -> None:
    """Every declaration of the tour on one line is the same policy, and so is one word a line."""
    text = TOUR.read_text(encoding="utf-8")
    expected = tree(text)
    words = _words(text)
    assert tree(" ".join(words)) == expected
    assert tree("\n".join(words)) == expected


def _words(text: str) -> list[str]:
    from siyu.syntax.lexer import tokenise

    return [text[t.start : t.end] for t in tokenise(Source.of("tour", text)).items]


# ---------------------------------------------------------------- names


@pytest.mark.parametrize("word", ["沉睡客户", "last_12", "Ärger", "x1"])
def test_names_may_be_of_any_script(word: str) -> None:
    found = declaration(f"metric {word} = 1")
    assert isinstance(found, ast.Metric) and found.name.text == word


def test_policy_text_is_normalised() -> None:
    """An e with a combining accent is the letter é: one name, however it was typed."""
    assert condition("cafe\u0301 = 1") == condition("caf\u00e9 = 1")


COMMON = (
    *("points", "level", "score", "group", "year", "count", "day", "status", "segment"),
    *("sum", "min", "limit", "first", "start"),
)


@pytest.mark.parametrize("word", COMMON)
@pytest.mark.parametrize(
    "text",
    [
        "metric {} = event.{} + {}",
        "metric m = count({})",
        "metric m = sum(orders.{} over last 12 months where {} > 1)",
        "segment s when {} = 3 and not {} or_not",
        "segment s when {} between {} and 5",
        "segment {} when {} is {}",
        "view {} of {} where {} is {}",
        "tier t by {} {} from 5 {} otherwise",
        "table {} first gives {} | {} | -> {} | | {} | -> {} |",
        "group {} choose 1 by {}, {} descending",
        "contact {} for {} via {} when {}, {}",
        "ensure {}: {} > 1",
        "points {} on {} into {} earn 1 per 1 yuan of {}",
        "indicator {} = share({} > 1 where {} > 2) by {}",
    ],
)
def test_common_words_are_names_where_no_keyword_can_stand(word: str, text: str) -> None:
    text = text.replace(" or_not", " = 2").replace(
        "| -> {} | | {} | -> {} |", "-> {} | | {} -> 1 |"
    )
    bare, quoted = text.replace("{}", word), text.replace("{}", f"`{word}`")
    assert tree(bare) == tree(quoted)


def test_after_a_dot_every_word_is_a_name() -> None:
    for word in ("when", "and", "not", "true", "otherwise", "unknown", "从", "且"):
        assert figure(f"event.{word}.{word} + 1") == ast.Arithmetic(
            "+", name("event", word, word), ast.Number("1")
        )


def test_backticks_make_any_word_a_name() -> None:
    for word in ("when", "and", "not", "true", "7 days", "a-b", "且", "因为 x"):
        assert condition(f"`{word}` = 1") == ast.Compare("=", name(word), ast.Number("1"))
        assert condition(f"「{word}」 = 1") == ast.Compare("=", name(word), ast.Number("1"))


@pytest.mark.parametrize("word", ["day", "and", "unless", "has", "is", "year", "effective", "keep"])
@pytest.mark.parametrize("label", ["", ' "标签"'])
def test_in_a_list_of_cases_a_word_before_a_label_or_when_is_a_name(word: str, label: str) -> None:
    found = declaration(
        f"classify c\n  a when recency > 90\n  {word}{label} when x = 1\n  {word}_{label} otherwise"
    )
    assert isinstance(found, ast.Classify)
    assert [case.name.text for case in found.cases] == ["a", word, f"{word}_"]


@pytest.mark.parametrize("word", ["day", "and", "keep", "grace", "lifetime", "formerly", "year"])
@pytest.mark.parametrize("rule", ["from 5 yuan", "top 5%", "when x = 1", "top 5% among x = 1"])
def test_in_a_list_of_levels_a_word_before_from_or_top_is_a_name(word: str, rule: str) -> None:
    found = declaration(f"tier t by x\n  a from 90\n  {word} {rule}\n  rest otherwise")
    assert isinstance(found, ast.Tier)
    assert [level.name.text for level in found.levels] == ["a", word, "rest"]


def test_but_because_is_never_the_name_of_a_case() -> None:
    found = declaration('classify c\n  a when x = 1 because "why"\n  otherwise "其余" otherwise')
    assert isinstance(found, ast.Classify)
    assert found.cases[0].riders == (ast.Because("why"),)
    assert found.cases[1].name.text == "otherwise"

    assert codes('tier t by x\n  a from 1\n  because "why" from 0\n  b otherwise') == ["E0101"]


def test_an_operator_before_text_stays_an_operator_in_a_list_of_cases() -> None:
    found = declaration(
        'classify c\n  a when tags has "vip"\n  b "B" when s is "paid" and top 5% by x\n'
        '  otherwise "其余" otherwise'
    )
    assert isinstance(found, ast.Classify)
    assert found.cases[0].when == ast.Has(name("tags"), ast.Text("vip"))
    assert [case.name.text for case in found.cases] == ["a", "b", "otherwise"]


def test_a_word_between_two_bars_of_a_grid_is_a_name() -> None:
    found = declaration(
        'test "t"\n  given orders\n    | count | year | x |\n    | any | not | 3 days |\n  expect y'
    )
    assert isinstance(found, ast.Test)
    grid = found.clauses[0]
    assert isinstance(grid, ast.GivenGrid)
    assert grid.columns == (name("count"), name("year"), name("x"))
    assert grid.rows == ((name("any"), name("not"), ast.Number("3", "day")),)


def test_true_and_false_stay_themselves_in_a_grid() -> None:
    found = declaration('test "t"\n  given orders\n    | a | b |\n    | true | 假 |')
    assert isinstance(found, ast.Test)
    assert isinstance(found.clauses[0], ast.GivenGrid)
    assert found.clauses[0].rows == ((ast.Bool(True), ast.Bool(False)),)


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("share", "share(x = 1)"),
        ("round", "round(x, 2)"),
        ("top", "top 5% by x"),
        ("days", "days since x"),
        ("count", "count(x)"),
        ("population", "population median(x)"),
        ("anniversary", "anniversary of x"),
    ],
)
def test_words_that_open_a_form_are_keywords_only_before_its_next_word(
    word: str, form: str
) -> None:
    assert condition(f"{word} = 1") == ast.Compare("=", name(word), ast.Number("1"))
    assert not isinstance(condition(f"({form})"), ast.Name)


def test_members_called_known_unknown_or_any_need_backticks() -> None:
    assert condition("x is known") == ast.IsKnown(name("x"), True)
    assert condition("x is `known`") == ast.Is(name("x"), name("known"))


# ---------------------------------------------------------------- keywords of two languages


def test_a_file_may_mix_both_spellings() -> None:
    assert condition("x >= 2 且 y 介于 60 days and 120 天") == condition(
        "x >= 2 and y between 60 天 至 120 days"
    )


def test_one_english_word_has_a_chinese_word_for_each_place() -> None:
    cases = declaration("classify c\n  a 当 x = 1\n  b 其余")
    assert cases == declaration("classify c\n  a when x = 1\n  b otherwise")
    assert figure("x 缺省 0") == ast.Otherwise(name("x"), ast.Number("0"))
    assert figure("x otherwise 0") == figure("x 缺省 0")
    level = declaration("等级 t 按 x\n  gold 满 5 元\n  base 其余")
    assert level == declaration("tier t by x\n  gold from 5 yuan\n  base otherwise")
    dated = declaration("参数 p = 1\n  自 2027-01-01 = 2")
    assert dated == declaration("param p = 1\n  from 2027-01-01 = 2")


def test_a_word_of_another_place_is_told_the_right_one() -> None:
    parsed = read("分类 c\n  a 当 x = 1\n  b 缺省")
    (found,) = parsed.diagnostics
    assert (found.code, found.label_text()) == ("E0102", "did you mean `其余`?")


CHINESE_FORMS = {
    "points p on e\n  每 1 元 得 1 分": "points p on e\n  earn 1 per 1 yuan of event.amount",
    "points p on e\n  按 a.b 每满 10 元 得 1 分": "points p on e\n  earn 1 per full 10 yuan of a.b",
    "points p on e\n  每日 至多 5000 分": "points p on e\n  at most 5000 per day",
    "points p on e\n  至多 a 的 50%": "points p on e\n  at most 50% of a",
    "points p on e\n  用 a 每 100 分 抵 1 元": "points p on e\n  redeem 100 for 1 yuan of a",
    "points p on e\n  获得后 365 天 过期": "points p on e\n  expire 365 days after earning",
    "points p on e\n  明年 末 过期": "points p on e\n  expire at end of next year",
    "points p on e\n  至多 5 分\n  每 1 元 得 1 分\n  至多 9 每 24 小时": (
        "points p on e\n  at most 5\n  earn 1 per 1 yuan of event.amount\n  at most 9 per 24 hours"
    ),
    "incentive i for x\n  每 90 天 限 1 次": "incentive i for x\n  limit 1 per 90 days",
    "incentive i for x\n  累计 限 1 次": "incentive i for x\n  limit 1 ever",
    "contact c for x\n  超过 2 小时 作废": "contact c for x\n  discard after 2 hours",
    "metric m = 距 a.b 的天数": "metric m = days since a.b",
    "metric m = 到 a.b 的月数": "metric m = months until a.b",
    "metric m = 求和(a.b 近 12 个月 其中 c 是 d)": (
        "metric m = sum(a.b over last 12 months where c is d)"
    ),
    "metric m = 四舍五入(x, 2)": "metric m = round(x, 2)",
    "segment s 当 生日 的周年 在 未来 7 天 内": (
        "segment s when anniversary of 生日 within next 7 days"
    ),
    "segment s 当 x 在 本月": "segment s when x in this month",
    "segment s 当 x 未知 或 y 是 已知": "segment s when x is unknown or y is known",
    "segment s 当 x 不属于 (a、b)": "segment s when x not in (a, b)",
    "segment s 当 前 5% 按 x 限于 y > 1": "segment s when top 5% by x among y > 1",
}


@pytest.mark.parametrize(("chinese", "english"), CHINESE_FORMS.items())
def test_where_english_word_order_reads_badly_there_is_a_chinese_form(
    chinese: str, english: str
) -> None:
    assert tree(chinese) == tree(english)


# ---------------------------------------------------------------- numbers, units, money


@pytest.mark.parametrize(
    "text", ["199 yuan", "199 元", "¥199", "￥199", "199元", "199 CNY", "１９９元"]
)
def test_money_in_its_spellings(text: str) -> None:
    assert figure(text) == ast.Number("199", "CNY")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5 万元", ast.Number("5", "CNY", "万")),
        ("5万元", ast.Number("5", "CNY", "万")),
        ("¥5万", ast.Number("5", "CNY", "万")),
        ("1.2 亿", ast.Number("1.2", None, "亿")),
        ("20 USD", ast.Number("20", "USD")),
        ("$20", ast.Number("20", "USD")),
        ("20 美元", ast.Number("20", "USD")),
        ("30 days", ast.Number("30", "day")),
        ("30 天", ast.Number("30", "day")),
        ("1 day", ast.Number("1", "day")),
        ("12 months", ast.Number("12", "month")),
        ("12个月", ast.Number("12", "month")),
        ("500 m", ast.Number("500", "m")),
        ("2公里", ast.Number("2", "km")),
        ("5%", ast.Number("5", "%")),
        ("５％", ast.Number("5", "%")),
        ("1_000", ast.Number("1000")),
        ("1.50", ast.Number("1.50")),
        ("-2", ast.Negative(ast.Number("2"))),
    ],
)
def test_numbers_keep_their_digits(text: str, number: ast.Expr) -> None:
    assert figure(text) == number


def test_a_unit_written_onto_a_number_is_split_from_what_follows() -> None:
    assert condition("a > 1000元且 b > 30天或者 > 1".replace("或者", "且 c")) == condition(
        "a > 1000 元 且 b > 30 天 且 c > 1"
    )
    assert condition("a > 5万元且 b") == condition("a > 5 万元 and b")
    assert condition("a 在 未来 30天内") == condition("a within next 30 days")


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("segment s\n  当recency > 1", "当 recency"),
        ("segment s\n  当 recency介于 60 天 至 120 天", "recency 介于"),
        ("segment s\n  当 a > 1000 元且 b > 2", "元 且"),
        ("segment s\n  当 a > 1000元且次数 > 2", "且 次数"),
        ("segment s\n  当 a 介于 60天 至120天", "至 120天"),
    ],
)
def test_where_a_missing_space_makes_one_word_of_two_the_space_is_suggested(
    text: str, split: str
) -> None:
    (found,) = read(text).diagnostics
    assert (found.code, found.help_text()) == ("E0110", f"write `{split}`")


# ---------------------------------------------------------------- what a Chinese keyboard types


def test_full_width_signs_are_read_as_their_ascii_twins() -> None:
    assert tree(
        "ｓｅｇｍｅｎｔ　ｓ　“标签”　ｗｈｅｎ　（ａ　≥　１　且　ｂ　≠　２）　且　ｃ　≤　３　＃　注"
    ) == tree('segment s "标签" when (a >= 1 and b != 2) and c <= 3 # 注')
    assert figure("ｆ（ａ，　ｂ、 ｃ）＋１％＊２") == figure("f(a, b, c) + 1% * 2")
    assert tree("决策表 t 首个 给出 b｜x → b｜｜＞1 －＞ 2｜") == tree(
        "table t first gives b | x -> b | | > 1 -> 2 |"
    )


def test_inside_strings_nothing_is_changed() -> None:
    assert figure('"Ａ，Ｂ　！→"') == ast.Text("Ａ，Ｂ　！→")


def test_a_string_ends_with_the_partner_of_the_quote_that_opened_it() -> None:
    assert figure('“说 "好" 吗”') == ast.Text('说 "好" 吗')
    assert figure('"说 “好” 吗"') == ast.Text("说 “好” 吗")
    assert figure('＂a"b＂') == ast.Text('a"b')
    assert codes('metric m = “a"') == ["E0104"]


# ---------------------------------------------------------------- and, or


def test_and_with_or_needs_parentheses() -> None:
    assert codes("segment s when a and b or c") == ["E0107"]
    assert codes("segment s when a or b and c") == ["E0107"]
    assert condition("(a and b) or c") == ast.Or((ast.And((name("a"), name("b"))), name("c")))
    assert condition("a and b and c") == ast.And((name("a"), name("b"), name("c")))
    assert condition("not a and b") == ast.And((ast.Not(name("a")), name("b")))


def test_comparisons_do_not_chain() -> None:
    assert codes("segment s when 1 < x < 5") == ["E0108"]
    assert codes("segment s when a = b = c") == ["E0108"]


# ---------------------------------------------------------------- header, use, comments


def test_the_header() -> None:
    file = tree(TOUR.read_text(encoding="utf-8"))
    assert file.header == ast.Header(
        ast.Ident("retail_membership"),
        "零售会员增长",
        language="1",
        version="3",
        timezone=ast.Text("Asia/Shanghai"),
        currency=ast.Ident("CNY"),
        schema=ast.Text("retail.yaml"),
    )


def test_use_takes_a_path_and_perhaps_a_name() -> None:
    assert tree('use "rfm.siyu"\nuse "x.siyu" as x\n引用 "y.siyu" 作为 y').uses == (
        ast.Use(ast.Text("rfm.siyu")),
        ast.Use(ast.Text("x.siyu"), ast.Ident("x")),
        ast.Use(ast.Text("y.siyu"), ast.Ident("y")),
    )


def test_comments_run_to_the_end_of_the_line_and_keep_their_place() -> None:
    text = '# first\nmetric m = 1  # why\n  ＃ 全角\nmetric n = "# no"'
    file = tree(text)
    assert [(c.text, c.own_line) for c in file.comments] == [
        ("# first", True),
        ("# why", False),
        ("# 全角", True),
    ]
    assert text[file.comments[1].span.start :].startswith("# why")


# ---------------------------------------------------------------- recovery


def test_each_broken_declaration_gives_one_message_and_the_others_stay() -> None:
    parsed = read(
        "metric a = 1 +\n\nsegment b\n  when (x > 1\n\nmetric c = 3\n\nsegmant d\n  when x\n\n"
        'classify e "E"\n  points "P" when x > 1 )\n  rest otherwise\n\nmetric f = 4\n'
    )
    assert [d.code for d in parsed.diagnostics] == ["E0103", "E0105", "E0112", "E0106"]
    # `segmant` can only mean `segment`.
    assert [d.name.text for d in parsed.file.declarations] == ["c", "d", "f"]
    assert [word.text for word in parsed.broken] == ["a", "b", "e"]


def test_recovery_in_chinese() -> None:
    parsed = read(
        "指标 a = \n分群 b\n  当 x >\n指标 c = 3\n分裙 d\n  当 x\n触达策略 e\n  限\n指标 f = 4"
    )
    assert [d.code for d in parsed.diagnostics] == ["E0103", "E0103", "E0112", "E0103"]
    assert [d.name.text for d in parsed.file.declarations] == ["c", "d", "f"]


def test_spans_count_from_the_beginning_of_the_file() -> None:
    text = "metric a = 1\n\n\nmetric b = )\n"
    (found,) = read(text).diagnostics
    assert text[found.span.start : found.span.end] == ")"


def test_an_empty_file_is_a_file() -> None:
    assert tree("") == ast.File(None, (), ())
    assert tree("\ufeff # nothing\n").declarations == ()


@pytest.mark.parametrize(
    "text",
    [
        "tier t by x\n  frozen from 2026-11-01\n  gold from 3\n",
        "等级 t 按 x\n  冻结 满 3\n  gold 满 2\n",
    ],
)
def test_a_level_may_be_called_frozen(text: str) -> None:
    (tier,) = tree(text).declarations
    assert isinstance(tier, ast.Tier)
    assert next(level.name.text for level in tier.levels) in ("frozen", "冻结")
    assert tier.clauses == ()


def test_points_may_be_usable_later_and_frozen() -> None:
    text = "积分 p 于 paid\n  得 1 分\n  冻结 7 天\n  冻结 自 2026-11-01 至 2026-11-12\n"
    (points,) = tree(text).declarations
    assert isinstance(points, ast.Points)
    assert [type(each) for each in points.clauses] == [ast.Earn, ast.Usable, ast.Frozen]
