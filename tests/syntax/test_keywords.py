"""The table of keywords, and the grammar that they belong to."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from siyu.resources import resource
from siyu.syntax.compiled import compiled, digest, pack, sources
from siyu.syntax.keywords import (
    function_name,
    given_word,
    keywords,
    must_quote,
    positions,
    spelling,
)
from strategies.reading import read, tree

# ---------------------------------------------------------------- the fixed spellings

FIXED = {
    "policy": "策略", "metric": "指标", "param": "参数", "view": "视图", "segment": "分群",
    "classify": "分类", "tier": "等级", "points": "积分", "account": "账户", "incentive": "激励",
    "table": "决策表", "contact": "触达", "score": "评分", "indicator": "统计", "recommend": "推荐",
    "ensure": "保证", "test": "测试", "when": "当", "unless": "除非", "and": "且", "or": "或",
    "not": "非", "for": "面向", "by": "按", "to": "至", "because": "因为",
    "otherwise": "其余", "default": "缺省", "from_level": "满", "from_date": "自",
}  # fmt: skip


@pytest.mark.parametrize(("position", "chinese"), FIXED.items())
def test_fixed_spellings(position: str, chinese: str) -> None:
    assert spelling(position, "zh") == chinese


def test_the_english_of_a_position_is_its_own_word_or_the_word_it_is_a_place_of() -> None:
    for position in ("policy", "when", "and", "segment", "contact"):
        assert spelling(position, "en") == position
    assert spelling("default", "en") == spelling("otherwise", "en") == "otherwise"
    assert spelling("from_level", "en") == spelling("from_date", "en") == "from"


# ---------------------------------------------------------------- the table as a whole


def test_every_keyword_has_a_spelling_in_a_language() -> None:
    assert [k.position for k in keywords().by_position.values() if not k.spellings] == []


def test_words_of_one_place_are_told_apart() -> None:
    """No two keywords of the same terminal share a spelling."""
    seen: dict[tuple[str, str], str] = {}
    for keyword in keywords().by_position.values():
        for written in keyword.spellings:
            key = (keyword.terminal + keyword.section, written)
            assert seen.setdefault(key, keyword.position) == keyword.position


def test_every_spelling_is_words_or_a_currency_sign() -> None:
    for keyword in keywords().by_position.values():
        for written in keyword.spellings:
            assert re.fullmatch(r"([^\W\d]\w*( [^\W\d]\w*)*)|[¥$€£]", written), written


def test_every_keyword_is_in_the_grammar_and_every_word_of_the_grammar_in_the_table() -> None:
    grammar = resource("grammar", "policy.lark").read_text(encoding="utf-8")
    declared = set(re.findall(r"[A-Z_]+", " ".join(re.findall(r"^%declare (.*)", grammar, re.M))))
    names = {"NAME", "CASE_NAME", "GRID_NAME", "MONEY_SIGN"}
    taken = {
        k.terminal for k in keywords().by_position.values()
        if k.section not in {"function", "given_word"}
    }  # fmt: skip
    assert declared - names == taken


def test_positions_of_a_word() -> None:
    assert positions("otherwise") == ("otherwise", "default")
    assert positions("缺省") == ("default",)
    assert positions("recency") == ()


def test_an_unknown_position_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        spelling("nowhere", "en")


def test_names_of_functions_and_of_what_a_test_gives() -> None:
    assert (function_name("四舍五入"), function_name("f")) == ("round", "f")
    assert (given_word("客户"), given_word("orders")) == ("customer", "orders")


# ---------------------------------------------------------------- backticks

NAME_PLACES = [
    "metric W = W + 1 * W",
    "metric m = sum(W.x over last 3 days where W = 1)",
    "metric m = latest(o.W by W)",
    "metric m = W otherwise W",
    "metric m = f(W, W)",
    "metric m = days since W",
    "segment W when W = 3 and W > 3 days and not W",
    "segment s when W is W and W is not W and W is known",
    "segment s when W in (W, W) or W has W or W between W and W",
    "segment s when top 5% by W among W = 1",
    'classify W a when x > 3 days W when W = 1 W "l" when W b otherwise',
    'tier t by W W "l" from 5 yuan W from 5 W top 5% among W = 1 W when W b otherwise',
    'score W from W to W start W add W when W subtract W when W because "x"',
    "view W of W where W = 1",
    "points W on W into W of W earn W per W of W times W when W at most W of W",
    "account W\n\naccount b",
    "group W choose 1 by W, W ascending",
    "incentive W on W for W = 1 give W worth W costs W competes in W limit W per day",
    'contact W recover on W for W via W, W when W, W send "x" with W = W',
    "contact policy W limit 1 per day on W quota 1 per day on W same W by W",
    "table W first gives W, b | W | x.W -> W | b | | W | W, W -> W | W |",
    "table t collect gives b | x | y -> b | | not W | < W -> W | | W..W | W..<W -> 1 |",
    "recommend W from W.x where W > 1 by W",
    "indicator W = W by W",
    "ensure W: raising W never lowers W",
    'test "t" given W W = W, W = 1 expect W = 1 expect no W',
    'test "t" given W | W | b | | W | 1 |',
]


@pytest.mark.parametrize("place", NAME_PLACES)
def test_a_word_that_needs_no_backticks_is_a_name_wherever_a_name_can_stand(place: str) -> None:
    bare = [word for word in keywords().by_word if word[0].isalpha() and not must_quote(word)]
    assert len(bare) > 200
    for word in bare:
        quoted = tree(place.replace("W", f"`{word}`"))
        assert tree(place.replace("W", word)) == quoted, word


def test_backticks_free_every_word_everywhere() -> None:
    for place in NAME_PLACES:
        for word in ("when", "and", "true", "是", "otherwise", "any", "because"):
            assert not read(place.replace("W", f"`{word}`")).diagnostics


# ---------------------------------------------------------------- the compiled grammar


def test_the_compiled_grammar_is_fresh() -> None:
    """`python grammar/compile.py` writes it; Lark finds no conflict, or this could not be made."""
    packed = json.loads(resource("grammar", "compiled.json").read_text(encoding="utf-8"))
    assert packed["digest"] == digest(*sources())
    assert packed == json.loads(json.dumps(pack(*sources())))


def test_lark_reads_what_the_table_reads() -> None:
    """The machine runs Lark's table: what it settles, Lark's own parser accepts."""
    from lark import Lark, Token
    from lark.lexer import Lexer

    from siyu.syntax.lexer import tokenise
    from siyu.syntax.machine import Machine
    from siyu.text import Source
    from strategies.reading import TOUR

    class Settled(Lexer):
        __future_interface__ = 2

        def __init__(self, _conf: object) -> None: ...

        def lex(self, state, _parser):
            return iter(state.text.text if hasattr(state.text, "text") else state.text)

    source = Source.of("tour", TOUR.read_text(encoding="utf-8"))
    tokens = tokenise(source).items
    seen: list[Token] = []

    class Watching(Machine):
        def _take(self, taken):
            seen.append(Token(taken.terminal, taken.value))
            return super()._take(taken)

    Watching(compiled().table, "tour", tokens, 0, len(tokens)).run()
    grammar, _ = sources()
    parser = Lark(grammar, parser="lalr", lexer=Settled, strict=True)
    interactive = parser.parse_interactive()
    for token in seen:
        interactive.feed_token(token)
    interactive.feed_eof()


def test_reading_a_policy_loads_neither_lark_nor_yaml() -> None:
    script = (
        "import sys\nfrom siyu.syntax import parse\nfrom siyu.text import Source\n"
        "parse(Source.of('p', 'metric m = 1'))\n"
        "print([name for name in ('lark', 'ruamel.yaml') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
