"""`siyu.yaml`: read with all its mistakes, and changed without losing anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siyu.lint import LEVELS, LINTS, Level, Settings, read_settings
from siyu.lint.edit import with_levels
from siyu.text import Source


def read(text: str) -> Settings:
    return read_settings(Source.of("siyu.yaml", text))


def test_names_and_codes() -> None:
    text = "lints:\n  unused-metric: off\n  w0715: error\n"
    assert read(text) == Settings({"W0707": "off", "W0715": "error"})
    for nothing in ("", "# later\n", "lints:\n", "lints: {}\n"):
        assert read(nothing) == Settings()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("lints: {unused: off}", ["E0701"]),
        ("lints: {unused-metric: loud}", ["E0702"]),
        ("lints: {unused-metric: [off]}", ["E0702"]),
        ("lints: {unused-metric: off, W0707: off}", ["E0703"]),
        ("lint: {unused-metric: off}", ["E0208"]),
        ("lints: {a: off, unused-metric: loud}\nlint: {}", ["E0701", "E0702", "E0208"]),
        ("lints: off", ["E0210"]),
        ("- a", ["E0210"]),
        ("lints: {", ["E0201"]),
    ],
)
def test_mistakes_are_told_where_they_stand(text: str, codes: list[str]) -> None:
    found = read(text).diagnostics
    assert [each.code for each in found] == codes
    assert all(0 <= each.span.start <= each.span.end <= len(text) for each in found)


def test_a_list_is_shown_as_it_is_written() -> None:
    (found,) = read("lints: {unused-metric: [off]}").diagnostics
    assert found.text() == "`[off]` is no severity"


KEPT = [
    ("", "lints:\n  unused-metric: off\n"),
    ("# ours", "# ours\nlints:\n  unused-metric: off\n"),
    ("lints:\n", "lints:\n  unused-metric: off\n"),
    ("lints:  # none yet\n# end\n", "lints:  # none yet\n  unused-metric: off\n# end\n"),
    ("lints:\n    W0707: 'error'  # all read\n# end\n",
     "lints:\n    W0707: off  # all read\n# end\n"),
    ("lints:\n    W0715: error  # ours\n\n# end",
     "lints:\n    W0715: error  # ours\n    unused-metric: off\n\n# end"),
    ("lints: {W0715: error}  # ours\n",
     "lints: {unused-metric: off, W0715: error}  # ours\n"),
    ("lints: {\n  W0715: error, # ours\n}\n",
     "lints: {unused-metric: off, \n  W0715: error, # ours\n}\n"),
    ("{}\n", "\nlints:\n  unused-metric: off\n"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), KEPT)
def test_what_people_wrote_is_kept(before: str, after: str) -> None:
    assert with_levels(before, {"W0707": "off"}) == after
    assert read(after).levels["W0707"] == "off"
    assert read(after).diagnostics == ()


CODES = [lint.code for lint in LINTS]
CHANGES = st.dictionaries(st.sampled_from(CODES), st.sampled_from(LEVELS), max_size=6)


@given(st.lists(CHANGES, max_size=4), st.sampled_from([before for before, _ in KEPT]))
def test_changes_add_up(changes: list[dict[str, Level]], text: str) -> None:
    levels = dict(read(text).levels)
    for change in changes:
        text = with_levels(text, change)
        levels |= change
        assert read(text) == Settings(levels)


def test_libraries_are_folders_by_name() -> None:
    assert read("libraries: {shared: ../shared, 公共: lib}").libraries == {
        "shared": "../shared",
        "公共": "lib",
    }
    assert read("libraries:\n") == Settings()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("libraries: {shared: /etc}", ["E0704"]),
        ("libraries: {shared: ~/shared}", ["E0704"]),
        ("libraries: {shared: 'a\\b'}", ["E0704"]),
        ("libraries: {a/b: ../shared}", ["E0704"]),
        ("libraries: {..: ../shared}", ["E0704"]),
        ("libraries: {shared: [a]}", ["E0210"]),
        ("libraries: {shared: ''}", ["E0704"]),
        ("libraries: ../shared", ["E0210"]),
        ("librarys: {}", ["E0208"]),
    ],
)
def test_what_is_no_library(text: str, codes: list[str]) -> None:
    assert [each.code for each in read(text).diagnostics] == codes
