"""Every pack decides about a made-up base: DuckDB and Spark write what the reference says.

2,000 customers, of whom every tenth is compared; in the long profile 100,000, every fiftieth, and
every pack on Spark. Packs with a population's cuts find them in the base.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import settings

import siyu
from siyu.api.running import RunOptions, order_for, run, sources_of
from siyu.decision.plain import Head, plain_document
from siyu.evaluators import reference
from siyu.faces.sample import command as sample
from siyu.population.engines import duck
from siyu.population.run.order import Silent
from siyu.population.run.run import run as run_on
from siyu.population.sources.opened import open_sources
from siyu.population.sources.requests import requests
from siyu.records import Rejection
from tests.policies.test_packs import POLICIES
from tests.population.run.bases import AS_OF
from tests.population.run.test_run import written
from tests.population.run.test_run_spark import Borrowed, rows

PACKS = sorted({path.parent for path in POLICIES.glob("*/policy.siyu")})
FEW = 60  # customers on Spark
QUICK = ("loyalty",)  # what is run there in the quick profile


def made(pack: Path, folder: Path, customers: int) -> Path:
    """Tables of so many customers, with their sources.yaml."""
    args = [str(pack / "policy.siyu"), "--customers", str(customers), "--seed", "5"]
    done = CliRunner().invoke(sample, [*args, "-o", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


def expected(policy: siyu.Policy, folder: Path, work: Path, step: int) -> dict[str, Any]:
    """What the reference decides about every so-many-th customer; None of one that is rejected."""
    read = sources_of(folder / "sources.yaml", policy)
    work.mkdir()
    opened = open_sources(
        read, folder, duck.open_engine("1GB", work), work, (), policy.program.timezone
    )
    found: dict[str, Any] = {}
    for number, (key, request) in enumerate(requests(opened, policy.compiled.schema, None)):
        if number % step:
            continue
        assert request is not None
        facts = policy.read(request, AS_OF)
        if isinstance(facts, Rejection):
            found[key] = None
            continue
        values = reference.evaluate(policy.ready, facts.facts, facts.event)
        head = Head(key, facts.as_of, facts.event_key, None)
        found[key] = plain_document(policy.ready, facts.event, values, head)
    return found


@pytest.mark.parametrize("pack", PACKS, ids=lambda path: path.name)
def test_a_base_is_decided_about_as_the_reference_does(pack: Path, tmp_path: Path) -> None:
    long = settings.get_current_profile_name() == "long"
    customers, step = (100_000, 50) if long else (2_000, 10)
    folder = made(pack, tmp_path / "base", customers)
    out = folder / "run"
    run(pack / "policy.siyu", AS_OF, out, sources=folder, calibrate=True)
    told = json.loads((out / "run.json").read_text())
    assert told["customers"]["decided"] == customers

    files = [out / f"{name}.yaml" for name in ("calibration", "allocation")]
    calibration, allocation = (each if each.exists() else None for each in files)
    policy = siyu.load(pack / "policy.siyu", calibration, allocation)
    wanted = expected(policy, folder, tmp_path / "work", step)
    found = written(policy, out)
    assert len(wanted) == customers // step
    for key, document in wanted.items():
        assert found[key] == [document]


@pytest.mark.parametrize("pack", PACKS, ids=lambda path: path.name)
def test_spark_decides_about_a_pack_as_duckdb_does(spark: Any, pack: Path, tmp_path: Path) -> None:
    if pack.name not in QUICK and settings.get_current_profile_name() != "long":
        pytest.skip("in the long profile")
    folder = made(pack, tmp_path / "base", FEW)
    policy = siyu.load(pack / "policy.siyu")
    found = {}
    for engine in ("duckdb", "spark"):
        options = RunOptions(sources=folder, calibrate=True, engine=engine)
        order = order_for(policy, AS_OF, tmp_path / engine, options)
        if engine == "spark":
            order = replace(order, open_engine=lambda work: Borrowed(spark))
        run_on(order, Silent())
        names = ("decisions", "outcomes", "state")
        found[engine] = {name: rows(tmp_path / engine / f"{name}.parquet") for name in names}
    assert found["spark"] == found["duckdb"]
