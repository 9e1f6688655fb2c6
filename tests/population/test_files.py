"""Calibrations and allocations: values of every type, and every mistake at its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import siyu
from siyu import api
from siyu.core.program import Cut, Needs, Program
from siyu.population.files import PopulationValues, read_allocation, read_calibration
from siyu.text import Source
from siyu.types import (
    BOOL,
    DATE,
    DATETIME,
    INT,
    TEXT,
    DecimalType,
    DurationType,
    EnumType,
    MoneyType,
    Type,
)

KINDS: dict[str, Type] = {
    "money": MoneyType("CNY", 2),
    "int": INT,
    "decimal": DecimalType(3),
    "date": DATE,
    "datetime": DATETIME,
    "days": DurationType("day"),
    "text": TEXT,
    "bool": BOOL,
    "level": EnumType("tier", ("silver", "gold"), True),
}
CUTS = tuple(Cut(name, kind) for name, kind in KINDS.items())
LEVELS = EnumType("tier", ("silver", "gold"), True)
RANKED = (Cut("gift.budget.1", MoneyType("CNY", 2)), Cut("house.quota.1", INT),
          Cut("level.quota.1", LEVELS, ascending=True))  # fmt: skip
PROGRAM = Program("shop", 1, "UTC", "CNY", (), Needs((), ()), (), CUTS, (), "id", "", RANKED)

HEAD = "calibration: 1\npolicy: shop\n"
WRITTEN = {
    "money": ('"20000.00"', 2_000_000),
    "int": ("7", 7),
    "decimal": ("0.125", 125),
    "date": ("2026-11-21", 739_941),
    "datetime": ("2026-11-21T10:00:00+08:00", 1_795_226_400_000_000),
    "days": ('"90 days"', 90),
    "text": ('"x: y"', "x: y"),
    "bool": ("true", True),
    "level": ("gold", "gold"),
}


def calibration(text: str) -> PopulationValues:
    return read_calibration(Source.of("c.yaml", text), PROGRAM)


def allocation(text: str) -> PopulationValues:
    return read_allocation(Source.of("a.yaml", text), PROGRAM)


def cuts(**changed: str) -> str:
    """A calibration file, with some of its values written otherwise."""
    said = {name: changed.get(name, text) for name, (text, _) in WRITTEN.items()}
    return HEAD + "cuts:\n" + "".join(f"  {name}: {text}\n" for name, text in said.items() if text)


def problems(found: PopulationValues, text: str) -> list[tuple[int, str]]:
    source = Source.of("c.yaml", text)
    return [(source.place(each.span.start).line, each.message) for each in found.problems]


# ---------------------------------------------------------------- calibrations


def test_values_of_every_type_are_held_as_the_program_reads_them() -> None:
    found = calibration(cuts())
    assert found.problems == ()
    assert found.values == {name: value for name, (_, value) in WRITTEN.items()}
    assert found.digest.startswith("sha256:")
    assert found.digest != calibration(cuts(int="8")).digest


@pytest.mark.parametrize("written", ["20000", "20000.0", '"20000"'])
def test_amounts_are_read_digit_by_digit(written: str) -> None:
    found = calibration(cuts(money=written))
    assert (found.values["money"], found.problems) == (2_000_000, ())


@pytest.mark.parametrize("name", ["int", "decimal"])
def test_every_figure_may_stand_in_quotes(name: str) -> None:
    bare, quoted = calibration(cuts(**{name: "30"})), calibration(cuts(**{name: '"30"'}))
    assert bare.problems == quoted.problems == ()
    assert bare.values == quoted.values


@pytest.mark.parametrize("name", KINDS)
def test_null_is_a_value_that_the_population_does_not_have(name: str) -> None:
    found = calibration(cuts(**{name: "null"}))
    assert found.problems == ()
    assert found.values[name] is None


WRONG = {
    "money": ("20000.001", "0.1.2", "many", "true", "[1]", "{a: 1}", ".nan", ".inf", "1e999999"),
    "int": ("1.5", '"seven"', "true", "9" * 100, "[]"),
    "decimal": ("0.1234", "x", "1e-99"),
    "date": ("2026-02-30", "tomorrow", "20261121", "2026-11-21T10:00:00Z"),
    "datetime": ("2026-11-21T10:00:00", "2026-11-21", "now"),
    "days": ("5 months", "soon", "[90]"),
    "bool": ("maybe", "1"),
    "level": ("platinum", "1", "[gold]"),
}


@pytest.mark.parametrize(
    ("name", "written"), [(name, each) for name, all_ in WRONG.items() for each in all_]
)
def test_a_wrong_value_is_told_at_its_line(name: str, written: str) -> None:
    text = cuts(**{name: written})
    line = 4 + list(KINDS).index(name)
    found = calibration(text)
    assert [each for each, _ in problems(found, text)] == [line], found.problems
    assert f"`{name}`" in found.problems[0].message
    assert len(found.problems[0].message) < 200
    assert name not in found.values


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "begins with `calibration: 1`"),
        ("- 1\n- 2\n", 1, "begins with `calibration: 1`"),
        ("nothing\n", 1, "begins with `calibration: 1`"),
        (cuts().replace("calibration: 1", "calibration: 2"), 1, "`calibration: 1` is missing"),
        (cuts().replace("calibration: 1", "allocation: 1"), 1, "`calibration: 1` is missing"),
        (cuts().replace("policy: shop", "policy: other"), 2, "made for policy `other`, not `shop`"),
        (HEAD, 1, "`cuts` must list"),
        (HEAD + "cuts: 5\n", 3, "`cuts` must list"),
        (cuts(money=""), 3, "`money` is missing"),
        (cuts() + "  mony: 5\n", 13, "did you mean `money`"),
        (cuts() + "  zzzzzzzz: 5\n", 13, "reads no value `zzzzzzzz`"),
        (cuts() + "  money: 5\n", 13, "money"),
        ("a: &a [x]\nb: *a\n", 2, ""),
        ("a: [\n", 2, ""),
        ("a: \0\n", 1, ""),
        ("calibration: !!python/object/apply:os.getcwd []\n", 1, ""),
        ("a: " + "[" * 5_000, 1, ""),
    ],
)
def test_every_mistake_of_a_file_is_told_at_its_line(text: str, line: int, message: str) -> None:
    found = calibration(text)
    told = problems(found, text)
    assert any(at == line and message in said for at, said in told), told


def test_all_mistakes_are_told_at_once() -> None:
    text = cuts(money="x", int="y", date="z", text="") + "  more: 1\n"
    assert [line for line, _ in problems(calibration(text), text)] == [4, 5, 7, 12, 3]


# ---------------------------------------------------------------- allocations


def test_verdicts_of_budgets_and_quotas_are_read() -> None:
    found = allocation("""\
allocation: 1
policy: shop
cuts:
  gift.budget.1:
    period: 2026-11
    last: {value: "500.00", tie: "8a"}
  house.quota.1:
    period: 2026-11-21
    senders:
      li: {all: true}
      wang: {none: true}
      zhao: {last: {value: null, tie: "0"}}
""")
    assert found.problems == ()
    assert found.values == {
        "gift.budget.1": (("", "cut", True, 50_000, "8a"),),
        "gift.budget.1.period": "2026-11",
        "house.quota.1": (
            ("li", "all", True, 0, ""),
            ("wang", "none", True, 0, ""),
            ("zhao", "cut", False, 0, "0"),
        ),
        "house.quota.1.period": "2026-11-21",
    }


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("cuts: []\n", 3, "`cuts` must list"),
        ("cuts:\n  gift.budget.2: {all: true}\n", 4, "did you mean `gift.budget.1`"),
        ("cuts:\n  gift.budget.1: all\n", 4, "must say `all`"),
        ("cuts:\n  gift.budget.1: {all: false}\n", 4, "must say `all: true`"),
        ("cuts:\n  gift.budget.1: {last: {tie: x}}\n", 4, "`value` is missing"),
        ("cuts:\n  gift.budget.1: {last: {value: x, tie: x}}\n", 4, "`value` must be"),
        ("cuts:\n  gift.budget.1: {last: {value: 1}}\n", 4, "`tie` is missing"),
        ("cuts:\n  house.quota.1: {senders: {li: 5}}\n", 4, "must say `all`"),
    ],
)
def test_every_mistake_of_an_allocation_is_told(body: str, line: int, message: str) -> None:
    text = "allocation: 1\npolicy: shop\n" + body
    told = problems(allocation(text), text)
    assert any(at == line and message in said for at, said in told), told


# ---------------------------------------------------------------- from end to end

SHOP = """\
schema: shop
version: 1
enums:
  channel: {sms: SMS}
customer:
  key: id
  fields:
    id:      {type: text}
    spend:   {type: money}
    advisor: {type: text, optional: true}
    stop:    {type: bool, role: opt-out}
collections:
  grants:
    role: incentive log
    default: []
    time: at
    fields: {at: {type: datetime}, incentive: {type: text}}
  contacts:
    role: contact log
    default: []
    time: at
    fields: {at: {type: datetime}, contact: {type: text}, channel: {type: enum channel}}
  consents:
    role: consents
    fields: {channel: {type: enum channel}, granted: {type: bool}}
"""
RULES = """\
policy shop
  language 1
  timezone "Asia/Shanghai"
  currency CNY
  schema "shop.yaml"

segment best
  when top 5% by spend

incentive gift
  for spend > 0 yuan
  give coupon "A"
  soft internal
  costs 10 yuan
  budget 1000 yuan per month by spend

contact hello greeting
  for spend > 0 yuan
  via sms
  send "hello"

contact policy house
  quota 10 per day on sms same advisor by spend
"""
AT = "2026-11-21T10:00:00+08:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop.yaml").write_text(SHOP, encoding="utf-8")
    (tmp_path / "policy.siyu").write_text(RULES, encoding="utf-8")
    (tmp_path / "c.yaml").write_text(HEAD + 'cuts:\n  best.top_5: "500.00"\n', encoding="utf-8")
    return tmp_path


def member(spend: str, advisor: str | None = "li", at: str = AT) -> dict[str, Any]:
    consents = [{"channel": "sms", "granted": True}]
    customer = {"id": "a", "spend": spend, "stop": False, "consents": consents, "advisor": advisor}
    return {"customer": customer, "as_of": at}


def load(folder: Path, allotted: str | None) -> siyu.Policy:
    path = None
    if allotted is not None:
        path = folder / "a.yaml"
        path.write_text(f"allocation: 1\npolicy: shop\ncuts:\n{allotted}", encoding="utf-8")
    return siyu.load(folder, calibration=folder / "c.yaml", allocation=path, cache=False)


def test_without_an_allocation_nothing_binds_and_the_decision_says_so(folder: Path) -> None:
    decision = load(folder, None).decide(member("100.00"))
    (given,), (sent,) = decision.incentives, decision.contacts
    assert (given["budget"], sent["quota"]) == ("not applied", "not applied")
    assert decision.stopped == []


BUDGET = """\
  gift.budget.1: {period: 2026-11, last: {value: "300.00", tie: "ffffffffffffffffffffffffffffffff"}}
  house.quota.1:
    period: 2026-11-21
    senders:
      li: {last: {value: "200.00", tie: "ffffffffffffffffffffffffffffffff"}}
      wang: {none: true}
"""


@pytest.mark.parametrize(
    ("request_", "gift", "hello"),
    [
        (member("300.00"), "applied", "applied"),
        (member("299.99"), "budget gift.budget.1", "applied"),
        (member("199.99"), "budget gift.budget.1", "quota house.quota.1"),
        (member("900.00", "wang"), "applied", "quota house.quota.1"),
        (member("900.00", "new"), "applied", "applied"),
        (member("1.00", at="2026-12-01T10:00:00+08:00"), "not applied", "not applied"),
        (member("199.99", at="2026-11-22T10:00:00+08:00"), "budget gift.budget.1", "not applied"),
    ],
)
def test_an_allocation_binds_in_its_period(
    request_: dict[str, Any], gift: str, hello: str, folder: Path
) -> None:
    policy = load(folder, BUDGET)
    decision = policy.decide(request_)
    found = {each["rule"]: each["budget"] for each in decision.incentives}
    found |= {each["rule"]: each["quota"] for each in decision.contacts}
    found |= {each["rule"]: f"{each['by']} {each['code']}" for each in decision.stopped}
    assert found == {"gift": gift, "hello": hello}
    for name in ("gift", "hello"):
        (outcome,) = policy.explain(request_, name).outcomes
        stopped = any(each["rule"] == name for each in decision.stopped)
        assert str(outcome.headline).startswith("not ") == stopped


def test_a_calibration_decides_and_is_named(folder: Path) -> None:
    policy = load(folder, None)
    assert policy.decide(member("500.00")).segments == {"best": True}
    assert policy.decide(member("499.99")).segments == {"best": False}
    assert policy.decide(member("1.00")).calibration == calibration_digest(folder)


def test_an_allocation_says_the_period_it_was_made_for(folder: Path) -> None:
    with pytest.raises(api.InputFileError) as caught:
        load(folder, "  gift.budget.1: {all: true}\n  house.quota.1: {all: true}\n")
    lines = str(caught.value).splitlines()[1:]
    assert [line.split(" does not ")[0] for line in lines] == [
        "  line 4: `gift.budget.1`",
        "  line 5: `house.quota.1`",
    ]
    assert all("`period`" in line for line in lines)


def test_a_calibration_says_when_it_was_made(folder: Path) -> None:
    written = (folder / "c.yaml").read_text(encoding="utf-8")
    assert load(folder, None).calibrated_at is None
    at = "as_of: 1970-01-01T08:00:01+08:00\n"
    (folder / "c.yaml").write_text(HEAD + at + written.removeprefix(HEAD), encoding="utf-8")
    assert load(folder, None).calibrated_at == 1_000_000
    (folder / "c.yaml").write_text(HEAD + "as_of: soon\n" + written.removeprefix(HEAD), "utf-8")
    with pytest.raises(api.InputFileError, match="line 3: `as_of` must be an instant"):
        load(folder, None)


def calibration_digest(folder: Path) -> str:
    import hashlib

    return f"sha256:{hashlib.sha256((folder / 'c.yaml').read_bytes()).hexdigest()}"


def test_nobody_is_above_a_value_that_the_population_does_not_have(folder: Path) -> None:
    (folder / "c.yaml").write_text(HEAD + "cuts:\n  best.top_5: null\n", encoding="utf-8")
    assert load(folder, None).decide(member("500.00")).segments == {"best": False}


def test_files_that_cannot_be_used_are_told_with_their_lines(folder: Path) -> None:
    (folder / "c.yaml").write_text(HEAD + "cuts:\n  best.top5: 1\n", encoding="utf-8")
    with pytest.raises(api.InputFileError) as caught:
        load(folder, None)
    assert "line 4: the policy reads no value `best.top5`; did you mean `best.top_5`" in str(
        caught.value
    )
    assert "line 3: `best.top_5` is missing" in str(caught.value)
    assert caught.value.hint
    with pytest.raises(api.InputFileError, match="there is no file"):
        siyu.load(folder, calibration=folder / "none.yaml")


def test_many_mistakes_are_counted(folder: Path) -> None:
    rest = "".join(f"  x{n}: 1\n" for n in range(50))
    (folder / "c.yaml").write_text(HEAD + 'cuts:\n  best.top_5: "1"\n' + rest, encoding="utf-8")
    with pytest.raises(api.InputFileError, match="and 30 more"):
        load(folder, None)


def test_levels_are_ranked_by_their_place() -> None:
    text = "allocation: 1\ncuts:\n  level.quota.1: {last: {value: gold, rule: r, tie: ab}}\n"
    assert allocation(text).values["level.quota.1"] == (("", "cut", True, -1, "r ab"),)
