"""Loading, deciding and explaining from Python."""

from __future__ import annotations

import datetime as dt
import doctest
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import siyu
from siyu import api
from siyu.locale import speech

from .packs import AT, HEADER, MEMBER, RETAIL, ROOT, STARTER, pack

INSTANT = 1_795_226_400_000_000  # AT in microseconds since 1970


@pytest.fixture(scope="module")
def tour() -> siyu.Policy:
    return siyu.load(RETAIL / "tour.siyu", calibration=RETAIL / "calibration.yaml", cache=False)


def lines(name: str) -> list[dict[str, Any]]:
    text = (RETAIL / name).read_text(encoding="utf-8")
    return [json.loads(line, parse_float=Decimal) for line in text.splitlines()]


# ---------------------------------------------------------------- loading


def test_every_published_name_is_there() -> None:
    for name in api.__all__:
        assert getattr(api, name).__doc__ or name == "Request"
    for name in siyu.__all__:
        assert hasattr(siyu, name)
    assert not hasattr(api, "nothing_of_this_name")


@pytest.mark.parametrize(
    "module", ["api", "api.loading", "api.checking", "api.deciding", "explain.shown",
               "explain.facts"],
)  # fmt: skip
def test_examples_in_docstrings_hold(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(import_module(f"siyu.{module}")).failed == 0


def test_a_folder_stands_for_its_one_policy(tmp_path: Path) -> None:
    path = pack(tmp_path, 'use "more.siyu"\n', more="metric a = spend\n")
    assert siyu.load(tmp_path).path == path
    path.rename(tmp_path / "other.siyu")
    assert siyu.load(tmp_path).path == tmp_path / "other.siyu"


def test_which_policy_is_meant_must_be_clear(tmp_path: Path) -> None:
    with pytest.raises(api.InputFileError, match="there is no policy in"):
        siyu.load(tmp_path)
    for name in ("a", "b"):
        (tmp_path / f"{name}.siyu").write_text(HEADER, encoding="utf-8")
    with pytest.raises(api.InputFileError, match=r"several policies.*`a.siyu`, `b.siyu`"):
        siyu.load(tmp_path)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda path: None, "there is no file"),
        (lambda path: path.write_bytes(b"policy p\n  \xff\n"), "line 2 holds a byte"),
        (lambda path: path.symlink_to(path), "cannot be read"),
        (lambda path: path.symlink_to("/dev/zero"), "is no file"),
        (lambda path: path.write_bytes(b" " * 20_000_001), "larger than 20 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_so(made: Any, message: str, tmp_path: Path) -> None:
    path = tmp_path / "p.siyu"
    made(path)
    with pytest.raises(api.InputFileError, match=message) as caught:
        siyu.load(path)
    assert isinstance(caught.value, api.SiyuError)


def test_a_path_that_is_no_path_is_told_so() -> None:
    with pytest.raises(api.InputFileError):
        siyu.load("a\0b.siyu")
    with pytest.raises(api.InputFileError):
        siyu.load("x" * 5_000)


def test_errors_come_all_at_once_with_their_places(tmp_path: Path) -> None:
    path = pack(tmp_path, "metric a = nowhere\nmetric b = spend +\nmetric c = spend\n")
    with pytest.raises(api.PolicyError) as caught:
        siyu.load(path)
    error = caught.value

    assert [d.span.file for d in error.diagnostics] == ["policy.siyu"] * 2
    first, second = str(error).splitlines()
    assert first.startswith("policy.siyu:7:12: E0303 ")
    assert second.startswith("policy.siyu:8:")
    assert set(error.sources) == {"policy.siyu", "shop.yaml"}
    assert [d.code for d in api.check(path).diagnostics] == [d.code for d in error.diagnostics]
    assert not api.check(path).ok


def test_a_loaded_policy_says_who_it_is(tour: siyu.Policy) -> None:
    assert (tour.name, tour.version) == ("retail_membership", 3)
    assert tour.digest.startswith("sha256:")
    assert set(tour.files) == {"tour.siyu", "rfm.siyu"}
    assert tour.diagnostics == ()
    assert "tour.siyu" in repr(tour)


# ---------------------------------------------------------------- deciding


def test_a_policy_that_needs_everybody_waits_for_its_calibration() -> None:
    policy = siyu.load(RETAIL / "tour.siyu", cache=False)
    for ask in (policy.decide, policy.explain, policy.read):
        with pytest.raises(api.CalibrationNeeded, match=r"needs a calibration") as caught:
            ask(lines("customers.jsonl")[0])
        assert caught.value.names == ("at_risk.top_5", "member_level.platinum", "member_level.gold")
    assert len(policy.tests) == 2


def test_a_request_says_when_or_the_caller_does(tmp_path: Path) -> None:
    policy = siyu.load(pack(tmp_path, "metric a = spend\n"))
    said = policy.decide(MEMBER)
    unsaid = {"customer": MEMBER["customer"]}
    zone = dt.timezone(dt.timedelta(hours=8))

    for when in (AT, INSTANT, dt.datetime(2026, 11, 21, 10, tzinfo=zone)):
        assert policy.decide(unsaid, when) == said
    assert policy.decide(MEMBER, "2020-01-01T00:00:00Z") == said
    assert hash(policy.decide(unsaid, AT)) == hash(said)
    with pytest.raises(api.Rejected, match="as_of"):
        policy.decide(unsaid)


@pytest.mark.parametrize(
    "when",
    ["today", "2026-11-21", "2026-11-21T10:00:00", True, dt.datetime(2026, 11, 21), 1.5, [], ""],
)
def test_what_is_no_instant_is_refused(when: Any, tmp_path: Path) -> None:
    policy = siyu.load(pack(tmp_path, "metric a = spend\n"))
    with pytest.raises(api.InputFileError, match="`as_of`"):
        policy.decide(MEMBER, when)


@pytest.mark.parametrize("when", [10**30, -(10**30), 10**18, dt.datetime(1, 1, 1, tzinfo=dt.UTC)])
def test_instants_outside_the_calendar_are_refused(when: Any, tmp_path: Path) -> None:
    policy = siyu.load(pack(tmp_path, "metric a = spend\n"))
    with pytest.raises(api.InputFileError, match="years 1 to 9999"):
        policy.decide({"customer": {"id": "a"}}, when)


def test_many_are_decided_in_order_and_as_they_are_asked_for(tmp_path: Path) -> None:
    policy = siyu.load(pack(tmp_path, "metric a = spend\n"))
    taken = []

    def requests() -> Iterator[dict[str, Any]]:
        for spend in ("1.00", "one", "3.00"):
            taken.append(spend)
            yield {"customer": {"id": spend, "spend": spend}, "as_of": AT}

    found = policy.decide_many(requests())
    first = next(found)
    assert isinstance(first, siyu.Decision)
    assert (first.customer, taken) == ("1.00", ["1.00"])
    second, third = found
    assert isinstance(second, api.Rejection)
    assert [str(reason) for reason in second.reasons] == [str(second)]
    assert isinstance(third, siyu.Decision)
    assert third.metrics == {"a": "3.00"}


def test_json_is_read_digit_by_digit(tmp_path: Path) -> None:
    policy = siyu.load(pack(tmp_path, "metric a = spend\n"))
    line = f'{{"customer": {{"id": "a", "spend": 19.90}}, "as_of": "{AT}"}}'

    assert policy.decide_json(line).metrics == {"a": "19.90"}
    assert policy.decide_json(line.encode()) == policy.decide_json(line)
    for bad in ("", "[]", "{", '{"customer": {"id": "a", "id": "b"}}', b"\xff", "NaN"):
        with pytest.raises(api.Rejected):
            policy.decide_json(bad)


def test_all_reasons_of_a_rejection_are_told(tmp_path: Path) -> None:
    policy = siyu.load(pack(tmp_path, "metric a = spend\nmetric b = sum(orders.amount)\n"))
    bad = {"customer": {"id": 5, "spend": "x", "orders": [{"no": "1"}], "more": 1}, "as_of": AT}
    with pytest.raises(api.Rejected) as caught:
        policy.decide(bad)
    paths = {reason.path for reason in caught.value.reasons}

    assert {"customer.id", "customer.spend", "customer.orders[0].amount"} <= paths
    assert all(path in str(caught.value) for path in paths)


def test_a_decision_has_the_parts_of_its_document(tour: siyu.Policy) -> None:
    decision = tour.decide(lines("customers.jsonl")[3])
    document = json.loads(decision.to_json())

    assert decision.to_dict() == document
    for part, value in document.items():
        assert getattr(decision, part) == value
    changed = decision.to_dict()
    changed["metrics"].clear()
    assert decision.to_dict() == document


def test_the_generated_code_can_be_read(tour: siyu.Policy) -> None:
    assert "def decide(facts" in tour.source()
    assert tour.source("order_paid") != tour.source()
    with pytest.raises(api.InputFileError, match="no event `nothing`"):
        tour.source("nothing")


def test_one_policy_serves_many_threads() -> None:
    """Mixed events, moments and given metrics, from a policy that has not decided yet: the same
    bytes as one thread gets."""
    asked = [*lines("customers.jsonl"), *lines("events.jsonl")]
    varied = []
    for number, request in enumerate(asked * 4):
        if number % 3 == 1:
            request = {**request, "metrics": {"orders_12m": number % 9}}
        if number % 3 == 2:
            request = {**request, "as_of": f"2026-11-{number % 28 + 1:02d}T08:30:00+08:00"}
        if number % 5 == 4:
            request = {**request, "metrics": {"spend_12m": f"{number}.50", "orders_12m": 2}}
        varied.append(request)

    def loaded() -> siyu.Policy:
        calibration = RETAIL / "calibration.yaml"
        return siyu.load(RETAIL / "tour.siyu", calibration=calibration)

    siyu.load(RETAIL / "tour.siyu")
    alone = loaded()
    expected = [alone.decide(request).to_json() for request in varied]
    shared = loaded()
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda request: shared.decide(request).to_json(), varied * 3))
    assert found == expected * 3
    with ThreadPoolExecutor(8) as threads:
        said = list(threads.map(lambda request: loaded().explain(request).text(), varied[:24]))
    assert said == [alone.explain(request).text() for request in varied[:24]]


def test_many_kinds_of_given_metrics_do_not_pile_up(tmp_path: Path) -> None:
    from siyu.api.deciding import MOST_VARIANTS

    names = [f"m{n}" for n in range(MOST_VARIANTS + 6)]
    policy = siyu.load(
        pack(tmp_path, "".join(f"metric {name} = count(orders)\n" for name in names))
    )
    for name in names:
        decision = policy.decide({**MEMBER, "metrics": {name: 7}})
        assert decision.metrics[name] == 7
    assert len(policy._deciding._engines) == MOST_VARIANTS


def test_the_starter_policy_decides_its_members() -> None:
    policy = siyu.load(STARTER)
    text = (STARTER / "customers.jsonl").read_text(encoding="utf-8")
    decisions = [policy.decide_json(line) for line in text.splitlines()]
    assert [decision.customer for decision in decisions] == [f"M{n}" for n in range(1, 7)]


def test_what_is_wrong_is_said_in_either_language(tmp_path: Path) -> None:
    zh = speech("zh")
    with pytest.raises(api.InputFileError) as none:
        siyu.load(tmp_path / "nothing.siyu")
    assert zh.of(none.value.said) == f"没有文件 `{tmp_path / 'nothing.siyu'}`"
    assert (none.value.hint, zh.of(none.value.advice)) == ("look at the path", "检查路径")
    (tmp_path / "p.siyu").write_text("policy p\n  language 1\n\nmetric m = n\n", encoding="utf-8")
    with pytest.raises(api.PolicyError) as wrong:
        siyu.load(tmp_path / "p.siyu", cache=False)
    assert str(wrong.value) == "p.siyu:4:12: E0303 nothing is called `n`"
    assert zh.of(wrong.value.said) == "p.siyu:4:12: E0303 没有叫 `n` 的东西"
    with pytest.raises(api.Rejected) as rejected:
        siyu.load("policies/starter").decide({})
    assert str(rejected.value).startswith("customer is missing; as_of is missing")
    assert zh.of(rejected.value.said).startswith("customer 缺失；as_of 缺失")
