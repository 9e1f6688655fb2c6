"""The file: what is written is read back, and what is wrong in it is told at its line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from siyu.core.program import Balances, CutRule, Everyone, Needs, Pairs, Program
from siyu.population.calibration.compare import drift_document, drifts, side_of, side_of_file
from siyu.population.calibration.model import (
    BalancesFound,
    Band,
    Calibration,
    CutFound,
    NotFound,
    Pair,
    PairsFound,
)
from siyu.population.calibration.text import calibration_text
from siyu.population.files import PopulationValues, read_calibration
from siyu.text import Source
from siyu.types import DATE, DATETIME, INT, DecimalType, DurationType, MoneyType, Type

KINDS: dict[str, tuple[Type, int]] = {
    "best.top_5": (MoneyType("CNY", 2), 2_000_000),
    "best.top_5_2": (MoneyType("CNY", 6), -45_280_545),
    "等级.金卡": (INT, 7),
    "m.median": (DecimalType(3), 125),
    "m.percentile_95": (DATE, 739_941),
    "m.percentile_90": (DATETIME, 1_795_226_400_000_000),
    "m.percentile_80": (DurationType("day", 6), 17_333_333),
}
RULES = tuple(
    CutRule(name, "top" if "top" in name else "percentile", "5", "x", None, kind)
    for name, (kind, _) in KINDS.items()
)
EVERYONE = Everyone(
    cuts=RULES,
    pairs=(Pairs("also", "orders", "category", None, "lift", None),),
    balances=(Balances("points", INT), Balances("fund", MoneyType("CNY", 2))),
)
PROGRAM = Program("shop", 3, "Asia/Shanghai", "CNY", (), Needs((), ()), (), (), (), "id",
                  everyone=EVERYONE)  # fmt: skip
NINE = (1, 2, 3, 4, 5, 6, 7, 8, None)
FOUND = Calibration(
    "shop",
    3,
    "sha256:aa",
    "Asia/Shanghai",
    1_795_226_400_000_000,
    1200,
    tuple(
        CutFound(name, value, kind, 1000, 60, 50, "top" in name)
        for name, (kind, value) in KINDS.items()
    ),
    (
        PairsFound("also", 900, 1200, 1000, (
            Pair('a "b"\n', "茶: 绿", 3, 333333, 1_000_000, 1_333_333),
        ), 4),
    ),
    (
        NotFound("fund", "others"),
        BalancesFound("points", INT, 4, 3, 4, NINE, NINE, (None,) * 9, (Band(None, 2), Band(5, 1))),
    ),
    {"orders": "sha256:bb", "customer": "sha256:cc"},
)  # fmt: skip
TEXT = calibration_text(FOUND)


def read(text: str) -> PopulationValues:
    return read_calibration(Source.of("c.yaml", text), PROGRAM)


def test_what_is_written_is_read_back() -> None:
    found = read(TEXT)
    assert [each.message for each in found.problems] == []
    assert found.values == FOUND.values
    assert (found.as_of, found.population, found.made_for) == (FOUND.as_of, 1200, "sha256:aa")
    assert found.counts["best.top_5"].known == 1000
    assert found.counts["best.top_5"].reached == 60


def test_the_same_findings_give_the_same_bytes() -> None:
    assert calibration_text(replace(FOUND)) == TEXT


def test_a_population_without_anything_is_a_file_too() -> None:
    empty = Calibration("shop", 3, "sha256:aa", "UTC", 0, 0, ())
    found = read(calibration_text(empty))
    assert ([each.message for each in found.problems], found.values) == ([], {})


def test_a_cut_that_is_not_there_is_null() -> None:
    nobody = replace(FOUND, cuts=tuple(replace(cut, value=None, reached=0) for cut in FOUND.cuts))
    found = read(calibration_text(nobody))
    assert found.problems == ()
    assert set(found.values.values()) == {None}


@pytest.mark.parametrize(
    ("before", "after", "at", "message"),
    [
        ("population: 1200", "population: many", "population: many",
         "`population` must be a whole number, 0 or more"),
        ("population: 1200", "popluation: 1200", "popluation",
         "there is nothing called `popluation` here; did you mean `population`"),
        ('  policy: "sha256:aa"', "  policy: [1]", "policy: [1]", "`policy` must be a text"),
        ("counts:\n  best.top_5:", "counts:\n  best.pot_5:", "best.pot_5",
         "there is nothing called `best.pot_5` here; did you mean `best.top_5`"),
        ("{known: 1000, reached: 60}", "{known: 1000}", "{known: 1000}", "`reached` is missing"),
        ("{known: 1000, reached: 60}", "{known: 1000, reached: -1}", "-1}",
         "`reached` must be a whole number, 0 or more"),
        ("  also:", "  aslo:", "aslo",
         "there is nothing called `aslo` here; did you mean `also`"),
        ('lift: "1.333333"', 'lift: "much"', '"much"', "`lift` must be a number"),
        ('lift: "1.333333"', "lift: null", "lift: null", "`lift` must be a number"),
        ("not_found: others", "not_found: sometimes", "sometimes",
         "`not_found` must be one of `log`, `columns`, `others`, `rows`"),
        ("    members: 4\n", "", "redeemers", "`members` is missing"),
        ('p10: "1"', 'p10: "1.5"', 'p10: "1.5"', "`p10` must be a whole number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_line(before: str, after: str, at: str, message: str) -> None:
    assert before in TEXT
    text = TEXT.replace(before, after, 1)
    source = Source.of("c.yaml", text)
    (found,) = read(text).problems
    assert source.place(found.span.start).line == source.place(text.index(at)).line
    assert found.message.startswith(message)


def test_how_far_two_lie_apart() -> None:
    cuts = list(FOUND.cuts)
    cuts[0] = replace(cuts[0], value=2_250_001, reached=80)
    cuts[1] = replace(cuts[1], value=None)
    new = replace(FOUND, cuts=tuple(cuts), population=1300)
    old = read(TEXT)
    values = {name: value for name, value in old.values.items() if name != "m.median"}
    before = side_of_file(replace(old, values=values))
    found = drifts(PROGRAM, before, side_of(new), {"best.top_5": 125})
    document = drift_document(PROGRAM, before, side_of(new), found)
    assert document["old"] == {"as_of": "2026-11-21T10:00:00+08:00", "population": 1200}
    assert document["new"]["population"] == 1300
    rows = {each["name"]: each for each in document["cuts"]}
    assert list(rows) == list(KINDS)
    assert rows["best.top_5"] == {
        "name": "best.top_5", "old": "20000.00", "new": "22500.01", "change": "+12.5",
        "old_share": "0.060000", "new_share": "0.080000", "concerned": "0.125000", "only_in": None,
    }  # fmt: skip
    assert (rows["best.top_5_2"]["new"], rows["best.top_5_2"]["change"]) == (None, None)
    assert rows["m.median"]["only_in"] == "new"
    assert rows["m.percentile_95"]["change"] is None  # a date


def test_a_change_is_rounded_half_away_from_zero() -> None:
    for old, new, change in ((1000, 1005, "+0.5"), (2000, 1999, "-0.1"), (10_000, 10_004, "0.0"),
                             (-100, -150, "-50.0"), (0, 5, None)):  # fmt: skip
        cut = replace(FOUND.cuts[0], value=old)
        one = side_of(replace(FOUND, cuts=(cut,)))
        other = side_of(replace(FOUND, cuts=(replace(cut, value=new),)))
        (drift,) = drifts(PROGRAM, one, other)
        assert drift_document(PROGRAM, one, other, (drift,))["cuts"][0]["change"] == change
