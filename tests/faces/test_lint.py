"""`siyu lint`, and what `siyu check` makes of severities."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from siyu.lint import LINTS
from tests.faces.shell import POLICY, pack, siyu

OLD = POLICY + "segment poor\n  when spend > 2 亿元 and spend < 1 亿元\n"


def test_the_list_says_what_is_set(here: Path) -> None:
    pack(here, policy=POLICY)
    ran = siyu("lint")
    assert (ran.code, ran.err) == (0, "")
    assert [line.split()[0] for line in ran.out.splitlines()] == [each.code for each in LINTS]
    assert "*" not in ran.out
    (here / "siyu.yaml").write_text("lints: {shadowed: error}\n")
    for path in (".", "policy.siyu"):
        assert "W0703  shadowed            error *  " in siyu("lint", path).out


def test_the_list_for_machines_and_in_chinese(here: Path) -> None:
    pack(here, policy=POLICY)
    ran = siyu("lint", "--set", "W0703=error", "--format", "json")
    document = json.loads(ran.out)
    assert document["settings"] == "siyu.yaml"
    assert document["lints"][2] == {
        "code": "W0703", "name": "shadowed", "severity": "error", "set": True,
        "meaning": "a row or case that is never reached",
    }  # fmt: skip
    assert siyu("lint", "--lang", "zh").out.count("W07") == len(LINTS)


def test_severities_are_set_and_followed(here: Path) -> None:
    pack(here, policy=OLD)
    assert "warning[W0701]" in siyu("check", ".").out
    assert siyu("lint", "--set", "never-holds=error").code == 0
    ran = siyu("check", ".")
    assert (ran.code, "error[W0701]" in ran.out, "1 error in 2 files" in ran.out) == (1, True, True)
    assert siyu("lint", "--set", "w0701=off").code == 0
    assert (here / "siyu.yaml").read_text() == "lints:\n  never-holds: off\n"
    assert siyu("check", ".").out == "2 files, no errors\n"


def test_a_file_with_mistakes_stays_as_it_is(here: Path) -> None:
    pack(here, policy=OLD)
    (here / "siyu.yaml").write_text("lints: {never-hold: off}\n")
    ran = siyu("lint", "--set", "shadowed=off")
    assert (ran.code, ran.out) == (1, "")
    assert "did you mean `never-holds`" in ran.err
    assert (here / "siyu.yaml").read_text() == "lints: {never-hold: off}\n"
    checked = siyu("check", ".")
    assert checked.code == 1
    assert "error[E0701]: no lint is called `never-hold`" in checked.out
    assert "siyu.yaml:1:9" in checked.out


@pytest.mark.parametrize(
    ("change", "said"),
    [("shadow=off", "did you mean `shadowed`"), ("shadowed=loud", "`off`, `warning` or `error`"),
     ("shadowed", "as in `shadowed=off`"), ("xyzzy=off", "`siyu lint` lists them all")],
)  # fmt: skip
def test_bad_changes_are_bad_usage(change: str, said: str, here: Path) -> None:
    pack(here, policy=POLICY)
    ran = siyu("lint", "--set", "never-holds=off", "--set", change)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert not (here / "siyu.yaml").exists()


def test_a_settings_file_that_cannot_be_read_or_written(here: Path) -> None:
    pack(here, policy=POLICY)
    (here / "siyu.yaml").mkdir()
    assert siyu("lint").code == 2
    assert siyu("lint", "--set", "shadowed=off").code == 2
    ran = siyu("check", ".")
    assert (ran.code, "is a folder" in ran.out) == (1, True)


def test_the_day_is_only_looked_at_where_it_is_given(here: Path) -> None:
    pack(here, policy=POLICY + "  effective from 2026-01-01 to 2026-03-31\n")
    assert "W0709" not in siyu("check", ".").out
    assert "W0709" not in siyu("check", "--today", "2026-03-31", ".").out
    assert "it ended on 2026-03-31" in siyu("check", "--today", "2026-04-01", ".").out
    assert siyu("check", "--today", "soon", ".").code == 2
