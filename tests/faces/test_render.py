"""How a message looks: the place drawn under its source, whatever the source holds."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from siyu.diagnostics import Diagnostic, Note
from siyu.faces.excerpt import excerpt, width
from siyu.faces.render import Paint, as_json, paint_for, render, render_all, seen_from_here, summary
from siyu.text import NOWHERE, Source, Span


@dataclass(frozen=True, slots=True)
class Wrong(Diagnostic):
    code: ClassVar[str] = "E9999"
    message: ClassVar[str] = "`{name}` is wrong"
    label: ClassVar[str] = "here"
    help: ClassVar[str] = "write `right`"

    name: str = "x"
    said: tuple[Note, ...] = ()

    @property
    def notes(self) -> tuple[Note, ...]:
        return self.said


@dataclass(frozen=True, slots=True)
class Odd(Wrong):
    code: ClassVar[str] = "W0001"
    severity = "warning"


TEXT = """\
policy p "会员"
  language 1

segment 沉睡客户 "Asleep"
\twhen recency > 90 days and 会员等级 is gold
  unless tags has "vip"
"""
SOURCE = Source.of("pack/a.siyu", TEXT)
SOURCES = {SOURCE.name: SOURCE}


def at(words: str, *, to: str = "") -> Span:
    start = TEXT.index(words)
    return Span(SOURCE.name, start, TEXT.index(to) + len(to) if to else start + len(words))


def drawn(span: Span, *notes: Note) -> str:
    return render(Wrong(span, said=notes), SOURCES)


def test_one_line(snapshot: SnapshotAssertion) -> None:
    assert drawn(at("recency")) == snapshot


def test_wide_characters_take_two_columns(snapshot: SnapshotAssertion) -> None:
    assert drawn(at("沉睡客户")) == snapshot
    assert drawn(at("会员等级")) == snapshot
    assert drawn(at("is gold")) == snapshot


def test_several_lines(snapshot: SnapshotAssertion) -> None:
    assert drawn(at("segment", to="gold")) == snapshot
    assert drawn(at("segment", to='"vip"\n')) == snapshot
    assert drawn(Span(SOURCE.name, 0, len(TEXT))) == snapshot


def test_the_end_of_the_file_and_an_empty_line(snapshot: SnapshotAssertion) -> None:
    assert drawn(Span(SOURCE.name, len(TEXT), len(TEXT))) == snapshot
    assert drawn(Span(SOURCE.name, TEXT.index("\n\n") + 1, TEXT.index("\n\n") + 1)) == snapshot


def test_no_place(snapshot: SnapshotAssertion) -> None:
    assert drawn(NOWHERE, Note("nor has this")) == snapshot


def test_notes_at_other_places(snapshot: SnapshotAssertion) -> None:
    assert drawn(at("gold"), Note("a remark"), Note("said here", at("vip"))) == snapshot


def test_long_lines_are_cut_around_the_place(snapshot: SnapshotAssertion) -> None:
    for before, inside in ((0, 3), (500, 3), (500, 400), (500, 2000)):
        text = "a" * before + "会" * inside + "b" * 500
        source = Source.of("a.siyu", text)
        span = Span("a.siyu", before, before + inside)
        assert render(Wrong(span), {"a.siyu": source}) == snapshot


def test_what_a_terminal_would_obey_is_not_printed(snapshot: SnapshotAssertion) -> None:
    source = Source.of("a\x1b[2J.siyu", "x\x1b[31m \u202e\x07 y")
    wrong = Wrong(Span(source.name, 0, 1), name="\x1b]0;owned\x07")
    text = render(wrong, {source.name: source})
    assert "\x1b" not in text and "\x07" not in text and "\u202e" not in text
    assert text == snapshot


def test_colours(snapshot: SnapshotAssertion) -> None:
    found = (Wrong(at("gold"), said=(Note("said here", at("vip")),)), Odd(at("recency")))
    assert render_all(found, SOURCES, Paint(True)) == snapshot


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_only_a_terminal_is_coloured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert paint_for(Terminal()).colour
    assert not paint_for(io.StringIO()).colour
    monkeypatch.setenv("NO_COLOR", "1")
    assert not paint_for(Terminal()).colour
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not paint_for(Terminal()).colour


def test_a_summary_counts(snapshot: SnapshotAssertion) -> None:
    wrong, odd = Wrong(at("gold")), Odd(at("recency"))
    assert summary((wrong, wrong, odd), 3) == snapshot
    assert summary((odd,), 1) == snapshot
    assert summary((), 1) == snapshot


def test_for_machines(snapshot: SnapshotAssertion) -> None:
    wrong = Wrong(at("segment", to="gold"), said=(Note("a remark"), Note("said", at("vip"))))
    assert as_json(wrong, SOURCES) == snapshot
    assert as_json(Odd(NOWHERE), SOURCES) == snapshot


def test_files_are_called_as_seen_from_here() -> None:
    seen = seen_from_here({"a.siyu": Source.of("a.siyu", TEXT)}, Path("packs/one"))
    wrong = Wrong(Span("a.siyu", 0, 6))
    assert " --> packs/one/a.siyu:1:1\n" in render(wrong, seen)
    assert as_json(wrong, seen)["file"] == "packs/one/a.siyu"


CHARACTERS = st.sampled_from("ab \t会，\u0301\u3000\x00\x1b\n😀")
TEXTS = st.text(CHARACTERS | st.characters(), max_size=300)


@given(TEXTS, st.integers(0, 300), st.integers(0, 300))
def test_any_span_of_any_text_can_be_drawn(text: str, start: int, length: int) -> None:
    source = Source.of("a", text)
    drawing = excerpt(source, Span("a", start, start + length), "here", room=60)
    lines = [line for _, line, _ in drawing.lines]
    assert all(line.isprintable() for line in lines)
    assert all(width(line) <= 60 * 2 + 10 for line in lines)
    assert sum(under for _, _, under in drawing.lines) == 1
    assert lines[-1].endswith("^ here")


@given(st.text("ab会\t😀", max_size=30), st.text("ab会😀", min_size=1, max_size=30), TEXTS)
def test_the_line_under_a_place_is_as_long_as_the_place(
    before: str, inside: str, after: str
) -> None:
    source = Source.of("a", before + inside + after)
    drawing = excerpt(source, Span("a", len(before), len(before) + len(inside)), "", room=1000)
    (_, text, _), (_, under, _) = drawing.lines
    start = len(under) - len(under.lstrip(" "))
    assert set(under[start:]) == {"^"}
    assert len(under) - start == width(inside)
    ahead = next(n for n in range(len(text) + 1) if width(text[:n]) == start)
    assert text[ahead:].startswith(inside)
