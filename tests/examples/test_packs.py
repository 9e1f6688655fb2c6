"""Every pack in the repository is right, in form, keeps its own examples, and decides as recorded.

The decisions are those of the generated Python; the reference evaluator must give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from households import last_basket
from syrupy.assertion import SnapshotAssertion

import siyu
from siyu.decision import Head, exports_of, plain_document
from siyu.decision.plain import canonical
from siyu.evaluators import reference
from siyu.faces.cli import command as siyu_command
from siyu.records import Read
from siyu.testing import EVALUATORS, run_tests
from siyu.text import Source

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Pack:
    """A policy file, the figures it needs, and the requests that lie beside it."""

    policy: str
    calibration: str | None
    requests: tuple[str, ...]
    baskets: bool = False
    """Whether each request is also asked at the moment of the customer's last basket."""

    def __str__(self) -> str:
        return self.policy

    def load(self) -> siyu.Policy:
        calibration = self.calibration and ROOT / self.calibration
        return siyu.load(ROOT / self.policy, calibration=calibration, cache=False)

    def lines(self) -> Iterator[dict[str, Any]]:
        for name in self.requests:
            for line in (ROOT / self.policy).with_name(name).read_bytes().splitlines():
                yield (request := json.loads(line))
                if self.baskets:
                    yield last_basket(request)


RETAIL = "policies/retail_membership/calibration.yaml"
PACKS = (
    Pack("policies/starter/policy.siyu", None, ("customers.jsonl",)),
    Pack("policies/starter_zh/policy.siyu", None, ("customers.jsonl",)),
    Pack("policies/retail_membership/tour.siyu", RETAIL, ("customers.jsonl", "events.jsonl")),
    Pack("policies/retail_membership/tour_zh.siyu", RETAIL, ("customers.jsonl", "events.jsonl")),
    Pack(
        "examples/complete_journey/journey.siyu",
        "examples/complete_journey/calibration.yaml",
        ("sample.jsonl",),
        baskets=True,
    ),
)

each_pack = pytest.mark.parametrize("pack", PACKS, ids=str)


def test_no_pack_is_forgotten() -> None:
    """A pack is a folder with a file that begins with `policy`; the others are used by it. Those
    of the library that have no requests beside them are looked at in tests/policies, the tea chain
    in test_tea_shop.py."""
    library = (path for path in ROOT.glob("policies/*/*.siyu") if _has_requests(path.parent))
    files = [*library, *ROOT.glob("examples/*/*.siyu")]
    first = {path for path in files if begins_with_policy(path) and path.parent.name != "tea_shop"}

    assert {str(path.relative_to(ROOT)) for path in first} == {pack.policy for pack in PACKS}


def _has_requests(folder: Path) -> bool:
    return any(folder.glob("*.jsonl"))


def begins_with_policy(path: Path) -> bool:
    from siyu.syntax.parse import parse

    text = path.read_text(encoding="utf-8")
    return parse(Source.of(path.name, text)).file.header is not None


@each_pack
def test_a_pack_has_neither_mistakes_nor_warnings(pack: Pack) -> None:
    assert pack.load().diagnostics == ()


@each_pack
def test_the_examples_of_a_pack_hold_on_every_evaluator(pack: Pack) -> None:
    policy = pack.load()
    results = run_tests(policy)

    assert [result for result in results if not result.passed] == []
    assert len(results) == len(EVALUATORS) * len(policy.tests) > 0


@pytest.mark.parametrize("folder", ["policies", "examples"])
def test_packs_are_in_the_canonical_format(folder: str) -> None:
    result = CliRunner().invoke(siyu_command, ["fmt", "--check", str(ROOT / folder)])

    assert result.exit_code == 0, result.output


@each_pack
def test_a_pack_decides_as_recorded(pack: Pack, snapshot: SnapshotAssertion) -> None:
    policy = pack.load()

    assert "\n".join(told(policy.decide(request)) for request in pack.lines()) == snapshot


def told(decision: siyu.Decision) -> str:
    """A decision with one line for each part that holds something, without digests."""
    parts = decision.to_dict()
    event = parts["event"] and f" on {parts['event']['type']} {parts['event']['key']}"
    lines = [f"{parts['customer']} at {parts['as_of']}{event or ''}"]
    for name, part in parts.items():
        if part and name not in ("policy", "as_of", "customer", "event", "calibration"):
            each = part if isinstance(part, list) else [part]
            lines += [f"  {name}: {json.dumps(one, ensure_ascii=False)}" for one in each]
    return "\n".join(lines)


@each_pack
def test_the_reference_decides_the_same_bytes(pack: Pack) -> None:
    policy = pack.load()
    for request in pack.lines():
        decision = policy.decide(request)
        read = policy.read(request)
        assert isinstance(read, Read)
        values = reference.evaluate(policy.ready, read.facts, read.event)
        named = {name: values[name] for name in exports_of(policy.ready, read.event)}
        head = Head(read.key, read.as_of, read.event_key, decision.to_dict()["calibration"])
        document = plain_document(policy.ready, read.event, named, head)
        assert canonical(document) == decision.to_json()


@each_pack
def test_everything_a_pack_decides_can_be_explained(pack: Pack) -> None:
    policy = pack.load()
    for request in pack.lines():
        explained = policy.explain(request)
        told = {outcome.name for outcome in explained.outcomes}
        decision = policy.decide(request)
        given = [*decision.points, *decision.incentives, *decision.contacts, *decision.stopped]
        assert {each["rule"] for each in given} <= told


@each_pack
def test_neither_the_order_of_rows_nor_a_repeated_row_matters(pack: Pack) -> None:
    policy = pack.load()
    keyed = {name for name, rows in policy.compiled.schema.collections.items() if rows.key}
    for request in pack.lines():
        disturbed = {**request, "customer": disturb(request["customer"], keyed)}
        assert policy.decide(disturbed).to_json() == policy.decide(request).to_json()


def disturb(customer: dict[str, Any], keyed: set[str]) -> dict[str, Any]:
    """Rows backwards, and the first of a keyed collection once more."""
    return {
        name: [*reversed(value), *(value[:1] if name in keyed else [])]
        if isinstance(value, list)
        else value
        for name, value in customer.items()
    }


@pytest.mark.parametrize(("english", "chinese"), [PACKS[0:2], PACKS[2:4]], ids=["starter", "tour"])
def test_the_chinese_twin_is_the_same_policy(english: Pack, chinese: Pack) -> None:
    """Two spellings of one policy: their decisions differ in nothing but the digest."""
    policies = chinese.load(), english.load()
    for request in english.lines():
        one, other = (policy.decide(request).to_dict() for policy in policies)
        assert one.pop("policy") != other.pop("policy")
        assert one == other


def test_the_template_runs_where_init_puts_it(tmp_path: Path) -> None:
    where = tmp_path / "mine"
    runner = CliRunner()
    assert runner.invoke(siyu_command, ["init", str(where)]).exit_code == 0

    for command in (["check"], ["test"], ["fmt", "--check"]):
        result = runner.invoke(siyu_command, [*command, str(where)])
        assert result.exit_code == 0, result.output

    decide = ["decide", f"{where}/policy.siyu", "--customers", f"{where}/customers.jsonl"]
    result = runner.invoke(siyu_command, [*decide, "-o", f"{where}/out.jsonl"])
    assert result.exit_code == 0, result.output
    assert len((where / "out.jsonl").read_bytes().splitlines()) == 6
