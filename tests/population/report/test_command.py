"""`siyu report` as its users meet it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.faces.shell import siyu


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_page_is_written_and_it_is_said_where(small: Path, here: Path) -> None:
    ran = siyu("report", small)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("written: report.html\nmade in ")
    assert (here / "report.html").read_text("utf-8").startswith("<!doctype html>\n<html lang=")


def test_the_language_is_that_of_the_command(small: Path, here: Path) -> None:
    ran = siyu("report", small, "-o", "r.html", "--lang", "zh")
    assert ran.code == 0
    assert '<html lang="zh-Hans">' in (here / "r.html").read_text("utf-8")


def test_figures_for_machines_have_all_their_digits(small: Path, earlier: Path) -> None:
    cost = ("--point-worth", "0.01", "--points-used", "60%", "--product-cost", "35%")
    ran = siyu("report", small, "--against", earlier, "--format", "json", *cost)
    assert ran.code == 0
    found = json.loads(ran.out)
    assert found["report"] == 1
    gold = found["pyramid"]["layers"][0]
    assert (gold["layer"], gold["heads"], gold["sales"]) == ("gold", 2, "4000.00")
    assert found["points"]["by"] == {"point_worth": "0.01", "used": "0.6", "product_cost": "0.35"}
    assert found["points"]["posted"][0]["cost"] == "0.42"


def test_the_ending_says_what_is_written(small: Path, here: Path) -> None:
    assert siyu("report", small, "-o", "figures.json").code == 0
    assert json.loads((here / "figures.json").read_text("utf-8"))["segments"]["further"] == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nowhere",), "error: there is no folder `nowhere`"),
        ((".",), "error: `.` is no folder of a complete run: it lacks `run.json`"),
        (("RUN", "--sales", "spent"), "error: the run has no metric `spent`"),
        (("RUN", "--against", "nowhere"), "error: there is no folder `nowhere`"),
        (("RUN", "--memory", "lots"), "error: `lots` is no amount of memory"),
        (("RUN", "--points-used", "some"), "`some` is no number and no percentage"),
        (("RUN", "--points-used", "-1"), "`-1` must be 0 or more"),
        (("RUN", "--point-worth", "1"), "--product-cost belong together"),
        (("RUN", "-o", "RUN/run.json"), "is read by this command, and would be lost"),
        (("RUN", "-o", "no/where.html"), "there is no folder `no`"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    small: Path, here: Path, arguments: tuple[str, ...], says: str
) -> None:
    given = [word.replace("RUN", str(small)) for word in arguments]
    ran = siyu("report", *given)
    assert ran.code == 2
    assert says in ran.err and "Traceback" not in ran.err
    assert list(here.iterdir()) == []


def test_a_file_that_is_cut_off_is_an_error_for_machines_too(small: Path, here: Path) -> None:
    shutil.copytree(small, here / "run")
    whole = (here / "run" / "decisions.parquet").read_bytes()
    (here / "run" / "decisions.parquet").write_bytes(whole[:500])
    ran = siyu("report", "run", "--format", "json")
    assert (ran.code, ran.out) == (2, "")
    assert "decisions.parquet" in json.loads(ran.err)["error"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"run": 2}', '{"run": 1}'])
def test_a_run_that_does_not_say_what_it_is_is_refused(small: Path, here: Path, text: str) -> None:
    shutil.copytree(small, here / "run")
    (here / "run" / "run.json").write_text(text, "utf-8")
    ran = siyu("report", "run")
    assert ran.code == 2 and "run.json" in ran.err
