"""Whole runs over small bases."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest

import siyu
from siyu.api.deciding import moment
from siyu.api.running import run, sources_of
from siyu.decision.plain import Head, plain_document
from siyu.evaluators import reference
from siyu.population.engines import duck
from siyu.population.run import base
from siyu.population.run.replay import with_outcomes
from siyu.population.sources.opened import open_sources
from siyu.population.sources.requests import requests
from siyu.records import Rejection
from tests.population.run.bases import AS_OF, files_of
from tests.population.run.rebuild import document_of_rows
from tests.population.run.relation import rows_of

ROOT = Path(__file__).parents[3]
RETAIL = ROOT / "policies" / "retail_membership" / "tour.siyu"


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up base of the retail policy, some of it spoilt; and its run."""
    from click.testing import CliRunner

    from siyu.faces.sample import command

    folder = tmp_path_factory.mktemp("retail") / "base"
    args = [str(RETAIL), "--customers", "90", "--seed", "3", "--dirty", "0.2%"]
    made = CliRunner().invoke(command, [*args, "-o", str(folder)])
    assert made.exit_code == 0, made.output
    run(RETAIL, AS_OF, folder / "run", sources=folder, calibrate=True)
    return folder


def sequence(
    policy: siyu.Policy, folder: Path, work: Path, events: tuple[str, ...] = ()
) -> dict[str, list[dict[str, Any] | None]]:
    """What the reference decides, by customer: of events one after another, each with a log that
    holds what those before have given. None where a request is rejected."""
    schema = policy.compiled.schema
    read = sources_of(folder / "sources.yaml", policy)
    work.mkdir()
    engine = duck.open_engine("1GB", work)
    opened = open_sources(read, folder, engine, work, events, policy.program.timezone)
    asked: dict[str, list[Any]] = {}
    for number, event in enumerate(events or (None,)):
        for key, request in requests(opened, schema, event):
            asked.setdefault(key, []).append((number, request))
    found: dict[str, list[dict[str, Any] | None]] = {}
    for key, each in asked.items():
        reads = [(number, request, policy.read(request, AS_OF)) for number, request in each]
        order = sorted(reads, key=lambda r: _place(r[0], r[2]))
        documents: list[dict[str, Any]] = []
        for _, request, _ in order:
            for document in documents:
                request = with_outcomes(request, schema, document)
            again = policy.read(request, AS_OF)
            if isinstance(again, Rejection):
                found.setdefault(key, []).append(None)
                continue
            values = reference.evaluate(policy.ready, again.facts, again.event)
            head = Head(key, again.as_of, again.event_key, None)
            made = plain_document(policy.ready, again.event, values, head)
            documents.append(made)
            found.setdefault(key, []).append(made)
    return found


def _place(number: int, read: Any) -> Any:
    if isinstance(read, Rejection):
        return (0, 0, "")
    return (read.as_of, number, read.event_key or "")


def written(
    policy: siyu.Policy, folder: Path, keys: Iterable[str] | None = None
) -> dict[str, list[dict[str, Any]]]:
    """The documents that the files of a run hold, by customer; of all customers, or of some."""
    connection = duckdb.connect()
    some = ""
    if keys is not None:
        connection.execute("CREATE TABLE asked AS SELECT unnest(?) AS key", [list(keys)])
        some = "WHERE customer IN (FROM asked)"
    rows = rows_of(connection, f"SELECT * FROM read_parquet('{folder}/decisions.parquet') {some}")
    outs = rows_of(connection, f"SELECT * FROM read_parquet('{folder}/outcomes.parquet') {some}")
    at: dict[str, list[Any]] = {}
    for each in outs:
        at.setdefault(each["customer"], []).append(each)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        event = row.get("event_type")
        about = (row.get("event"), event)
        own = [
            each
            for each in at.get(row["customer"], ())
            if (each["event"], each["event_type"]) == about
        ]
        head = Head(row["customer"], moment(AS_OF) or 0, row.get("event"), None)
        made = document_of_rows(policy.ready, event, row, own, head)
        found.setdefault(row["customer"], []).append(made)
    return found


def without_moment(documents: list[Any]) -> list[Any]:
    return [each and {k: v for k, v in each.items() if k != "as_of"} for each in documents]


def test_a_run_decides_as_the_reference_does(retail: Path, tmp_path: Path) -> None:
    folder = retail / "run"
    policy = siyu.load(RETAIL, folder / "calibration.yaml", folder / "allocation.yaml")
    expected = sequence(policy, retail, tmp_path / "work")
    found = written(policy, folder)
    rejected = {key for key, each in expected.items() if each == [None]}
    assert rejected and len(found) > 50
    assert found.keys() == expected.keys() - rejected
    for key, documents in found.items():
        assert documents == expected[key]
    told = json.loads((folder / "run.json").read_text())
    assert told["customers"]["rejected"] == len(rejected)
    assert told["customers"]["decided"] == len(found)
    aside = rows_of(duckdb.connect(), f"SELECT * FROM read_parquet('{folder}/rejects.parquet')")
    assert {each["customer"] for each in aside if each["kind"] != "orphan"} == rejected


def test_events_are_decided_as_if_they_came_one_by_one(retail: Path, tmp_path: Path) -> None:
    events = ("order_paid", "order_refunded")
    folder = tmp_path / "events"
    calibration = retail / "run" / "calibration.yaml"
    run(RETAIL, AS_OF, folder, sources=retail, events=events, calibration=calibration)
    policy = siyu.load(RETAIL, calibration)
    expected = sequence(policy, retail, tmp_path / "work", events)
    found = written(policy, folder)
    assert sum(map(len, found.values())) > 20
    for key, documents in found.items():
        assert documents == [each for each in expected[key] if each is not None]
    assert found.keys() == {k for k, each in expected.items() if any(each)}


def test_the_same_inputs_give_the_same_bytes(retail: Path, tmp_path: Path) -> None:
    first = files_of(retail / "run")
    assert {"decisions.parquet", "run.json", "state.parquet", "allocation.yaml"} <= first.keys()
    for name, options in {"again": {}, "one": {"threads": 1}, "many": {"threads": 7}}.items():
        run(RETAIL, AS_OF, tmp_path / name, sources=retail, calibrate=True, **options)
        assert files_of(tmp_path / name) == first


def test_every_condition_can_be_audited(retail: Path, tmp_path: Path) -> None:
    calibration = retail / "run" / "calibration.yaml"
    folder = tmp_path / "audited"
    run(RETAIL, AS_OF, folder, sources=retail, calibration=calibration, audit=True)
    rows = rows_of(duckdb.connect(), f"SELECT * FROM read_parquet('{folder}/audit.parquet')")
    decided = rows_of(duckdb.connect(), f"SELECT * FROM read_parquet('{folder}/decisions.parquet')")
    assert [row["customer"] for row in rows] == [row["customer"] for row in decided]
    for row, decision in zip(rows, decided, strict=True):
        assert (row["churn_risk.1"] is True) == ("churn_risk.1" in decision["churn_risk.reasons"])
        assert (row["churn_risk.1"] is None) == ("churn_risk.1" in decision["churn_risk.unknown"])
    assert {name for row in rows for name, value in row.items() if value is None}
    (folder / "audit.parquet").unlink()
    changed = ("run.json", "calibration.yaml")
    assert {k: v for k, v in files_of(folder).items() if k not in changed} == {
        k: v for k, v in files_of(retail / "run").items() if k not in changed
    }


def test_a_base_in_shares_is_decided_alike(
    retail: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the rows of all customers do not fit into memory together."""
    monkeypatch.setattr(base, "parts_for", lambda *args: 3)
    run(RETAIL, AS_OF, tmp_path / "shares", sources=retail, calibrate=True)
    for name in ("decisions", "outcomes", "state"):
        one, three = (
            sorted(map(str, rows_of(duckdb.connect(), f"SELECT * FROM read_parquet('{path}')")))
            for path in (
                retail / "run" / f"{name}.parquet",
                tmp_path / "shares" / f"{name}.parquet",
            )
        )
        assert one == three
    assert files_of(tmp_path / "shares")["run.json"] == files_of(retail / "run")["run.json"]
