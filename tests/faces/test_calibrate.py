"""`siyu calibrate`: a file out of tables, and how far two of them lie apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import siyu as api
from tests.faces.shell import pack, process, siyu

POLICY = """\
policy shop "Shop"
  language 1
  timezone "Asia/Shanghai"
  currency CNY
  schema "facts.yaml"

segment best "Best"
  when top 20% by spend among spend > 0 yuan

segment upper
  when spend >= population median(spend)

recommend also from orders.category
  where lift > 1
"""
SCHEMA = """\
schema: facts
customer:
  key: id
  fields:
    id: {type: text}
    spend: {type: money, optional: true}
collections:
  orders:
    default: []
    fields:
      category: {type: text}
"""
SOURCES = """\
sources: 1
currency: CNY
customer: {from: members.csv}
collections:
  orders: {from: orders.csv, customer: member}
"""
ORDERS = "member,category\nM1,a\nM1,b\nM2,a\nM2,b\nM3,c\n"
ARGS = ("calibrate", "policy.siyu", "--as-of", "2026-11-21 10:00")


def members(*spends: object) -> None:
    lines = [f"M{n},{spend}" for n, spend in enumerate(spends, 1)]
    Path("members.csv").write_text("\n".join(["id,spend", *lines]) + "\n", "utf-8")


@pytest.fixture
def base(here: Path) -> Path:
    pack(here, policy=POLICY)
    Path("facts.yaml").write_text(SCHEMA, "utf-8")
    Path("sources.yaml").write_text(SOURCES, "utf-8")
    Path("orders.csv").write_text(ORDERS, "utf-8")
    members(0, *range(10, 110, 10), "")
    return here


def test_a_calibration_is_written_and_read_by_decisions(base: Path) -> None:
    ran = siyu(*ARGS, "-o", "calibration.yaml")
    assert (ran.code, ran.out) == (0, ""), ran.err
    assert ran.err == "written: calibration.yaml\n"
    text = Path("calibration.yaml").read_text("utf-8")
    for line in (
        "as_of: 2026-11-21T10:00:00+08:00", "population: 12", '  best.top_20: "90.00"',
        '  upper.median: "50.00"', "  best.top_20: {known: 10, reached: 2}",
        '      - {first: "a", second: "b", customers: 2, support: "0.666667", '
        'confidence: "1.000000", lift: "1.500000"}',
    ):  # fmt: skip
        assert line in text.splitlines()
    policy = api.load("policy.siyu", calibration="calibration.yaml")
    spends = {"90": True, "80": False}
    for spend, inside in spends.items():
        request = {"customer": {"id": "x", "spend": spend}, "as_of": "2026-11-21T10:00:00+08:00"}
        assert policy.decide(request).to_dict()["segments"]["best"] is inside
    again = siyu(*ARGS)
    assert (again.code, again.out) == (0, text)


def test_ties_are_told(base: Path) -> None:
    members(0, *([50] * 4), *([1] * 6))
    ran = siyu(*ARGS, "-o", "calibration.yaml")
    assert ran.code == 0
    assert (
        "warning: `best.top_20`: equal values put 4 members into a top share meant for 2\n"
        in ran.err
    )
    assert "# equal values: 4 instead of 2" in Path("calibration.yaml").read_text("utf-8")


def test_the_drift_since_an_earlier_one(base: Path) -> None:
    siyu(*ARGS, "-o", "old.yaml")
    members(0, *range(10, 110, 10), 120, 130)
    shown = siyu(*ARGS, "--compare", "old.yaml", "-o", "new.yaml")
    assert shown.code == 0
    assert shown.out == (
        "old: 2026-11-21T10:00:00+08:00  12 members\n"
        "new: 2026-11-21T10:00:00+08:00  13 members\n"
        "cut             old     new   change  reached, old  reached, new  concerned\n"
        "best.top_20   90.00  100.00  +11.1 %       20.00 %       25.00 %     8.33 %\n"
        "upper.median  50.00   60.00  +20.0 %       54.55 %       53.85 %     7.69 %\n"
    )
    files = siyu("calibrate", "policy.siyu", "--compare", "old.yaml", "--with", "new.yaml",
                 "--format", "json")  # fmt: skip
    document = json.loads(files.out)
    assert document["new"] == {"as_of": "2026-11-21T10:00:00+08:00", "population": 13}
    assert document["cuts"][0] == {
        "name": "best.top_20", "old": "90.00", "new": "100.00", "change": "+11.1",
        "old_share": "0.200000", "new_share": "0.250000", "concerned": None, "only_in": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("calibrate", "policy.siyu"), "say when to look at everyone with --as-of"),
        ((*ARGS, "--sources", "nowhere.yaml"), "nowhere.yaml"),
        ((*ARGS, "--compare", "sources.yaml"), "sources.yaml"),
        ((*ARGS, "--with", "x.yaml"), "--with needs --compare OLD"),
        ((*ARGS, "--memory", "much"), "much"),
        ((*ARGS, "-o", "sources.yaml", "--sources", "sources.yaml"), "would be lost"),
        ((*ARGS, "-o", "."), "is a folder"),
    ],
)
def test_what_cannot_be_done_is_said(base: Path, args: tuple[str, ...], said: str) -> None:
    before = sorted(path.name for path in base.iterdir())
    ran = siyu(*args)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert sorted(path.name for path in base.iterdir()) == before


def test_a_table_that_is_missing_is_said_at_its_line(base: Path) -> None:
    Path("orders.csv").unlink()
    ran = process(*ARGS, "-o", "calibration.yaml")
    assert ran.returncode == 2
    assert b"line 5" in ran.stderr
    assert b"orders.csv" in ran.stderr
    assert not Path("calibration.yaml").exists()


def test_a_folder_stands_for_the_sources_yaml_in_it(base: Path) -> None:
    there = base / "there"
    there.mkdir()
    for name in ("sources.yaml", "members.csv", "orders.csv"):
        (base / name).rename(there / name)
    calibrated = siyu(*ARGS, "--sources", "there")
    assert calibrated.code == 0, calibrated.err
    checked = siyu("sources", "check", *ARGS[1:], "--sources", "there")
    assert checked.code == 0, checked.err
