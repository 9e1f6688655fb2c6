"""A file read again, changed in one place, means what it means when it is read anew."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from siyu.syntax.lexer import tokenise
from siyu.syntax.memo import MEMO, Memo, key_of
from siyu.syntax.parse import parse
from siyu.text import Source, Span

TOUR = Path(__file__).resolve().parents[2] / "policies/retail_membership/tour.siyu"
TEXT = TOUR.read_text(encoding="utf-8")


def with_places(node: Any) -> Any:
    """A tree with its spans, which comparing trees leaves out."""
    if isinstance(node, tuple):
        return [with_places(each) for each in node]
    if is_dataclass(node) and not isinstance(node, Span | type):
        return (type(node), [with_places(getattr(node, each.name)) for each in fields(node)])
    return node


def read(name: str, text: str) -> Any:
    parsed = parse(Source.of(name, text))
    return with_places(parsed.file), parsed.diagnostics, parsed.broken


@given(
    at=st.integers(0, len(TEXT)),
    put=st.sampled_from(["", "\n", "# a remark\n", " and ", "5 ", '"', ")", "metric m = 1\n"]),
    cut=st.integers(0, 30),
)
def test_a_changed_file_reads_as_if_nothing_were_remembered(at: int, put: str, cut: int) -> None:
    changed = TEXT[:at] + put + TEXT[at + cut :]
    MEMO.clear()
    read("before.siyu", TEXT)
    remembered = read("after.siyu", changed)
    MEMO.clear()
    assert read("after.siyu", changed) == remembered


def test_what_is_moved_is_found_again_where_it_was_moved_to() -> None:
    source = Source.of("a.siyu", 'segment s "老客"\n  when 2 > 1\n')
    tokens = tokenise(source).items
    key = key_of(source.text, tokens, 0, len(tokens))
    assert key is not None
    memo = Memo()
    memo.keep(key, "a.siyu", 0, parse(source).file.declarations)
    moved = memo.find(key, "b.siyu", 100)
    assert moved is not None
    assert moved[0].span == Span("b.siyu", 100, 100 + len(source.text.rstrip()))
    again = memo.find(key, "b.siyu", 100)
    assert again is not None
    assert again[0] is moved[0]


def test_what_is_too_much_is_forgotten_all_at_once() -> None:
    memo = Memo(most=12)
    keys = []
    for number in range(4):
        source = Source.of("a.siyu", f"metric m{number} = 1")
        tokens = tokenise(source).items
        key = key_of(source.text, tokens, 0, len(tokens))
        assert key is not None
        keys.append(key)
        memo.keep(key, "a.siyu", 0, [number])
        memo.keep(key, "a.siyu", 0, [number])
        if number == 2:
            assert [memo.find(each, "a.siyu", 0) for each in keys] == [[0], [1], [2]]
    assert [memo.find(each, "a.siyu", 0) for each in keys] == [None, None, None, [3]]
