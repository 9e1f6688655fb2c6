"""Every pack decides about a made-up base and about what happens in it: DuckDB and Spark write what
the reference says, and twice the same bytes.

2,000 customers, of whom 200 are compared; in the long profile 100,000, of whom 500 are, and every
pack on Spark. Packs with a population's cuts find them in the base.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from hypothesis import settings

import siyu
from siyu.api.running import RunOptions, order_for, run
from siyu.faces.sample import command as sample
from siyu.population.run.order import Silent
from siyu.population.run.run import run as run_on
from tests.policies.test_packs import POLICIES
from tests.population.run.bases import AS_OF, files_of
from tests.population.run.test_run import sequence, without_moment, written
from tests.population.run.test_run_spark import Borrowed, rows


def is_long() -> bool:
    return settings.get_current_profile_name() == "long"


@dataclass(frozen=True)
class Pack:
    """A policy, an event that it has rules for, and whether the quick profile has it on Spark."""

    file: str
    event: str | None = None
    spark: bool = False

    @property
    def path(self) -> Path:
        return POLICIES / self.file

    def __str__(self) -> str:
        return self.path.parent.name


PACKS = (
    Pack("starter/policy.siyu", "order_paid"),
    Pack("starter_zh/policy.siyu", "order_paid"),
    Pack("retail_membership/tour.siyu", "order_paid"),
    Pack("six_r/policy.siyu", "order_paid"),
    Pack("four_r/policy.siyu", "place_entered"),
    Pack("triangle/policy.siyu", "order_paid"),
    Pack("loyalty/policy.siyu", "order_paid", spark=True),
    Pack("marketing5/policy.siyu", "order_paid"),
    Pack("compliance_cn/policy.siyu", "lottery_won"),
    Pack("compliance_eu/policy.siyu", spark=True),
)
each_pack = pytest.mark.parametrize("pack", PACKS, ids=str)


def made(pack: Pack, folder: Path, customers: int) -> Path:
    """Tables of so many customers, with their sources.yaml."""
    args = [str(pack.path), "--customers", str(customers), "--seed", "5"]
    done = CliRunner().invoke(sample, [*args, "-o", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


def some_of(policy: siyu.Policy, base: Path, folder: Path, step: int) -> Path:
    """The tables of every so-many-th customer."""
    key = policy.compiled.schema.key
    connection = duckdb.connect()
    people = f"SELECT {key} FROM '{base}/customer*.parquet'"
    every = f"SELECT {key} FROM ({people} ORDER BY {key}) QUALIFY row_number() OVER () % {step} = 0"
    connection.execute(f"CREATE TABLE chosen AS {every}")
    for path in sorted(base.rglob("*.parquet")):
        there = folder / path.relative_to(base)
        there.parent.mkdir(parents=True, exist_ok=True)
        some = f"SELECT * FROM '{path}' WHERE {key} IN (FROM chosen)"
        connection.execute(f"COPY ({some}) TO '{there}' (FORMAT parquet)")
    (folder / "sources.yaml").write_bytes((base / "sources.yaml").read_bytes())
    return folder


def decided(policy: siyu.Policy, run: Path, keys: set[str]) -> dict[str, list[Any]]:
    """The documents in a run's files about some customers, without their moments."""
    return {key: without_moment(each) for key, each in written(policy, run, keys).items()}


def wanted(policy: siyu.Policy, some: Path, work: Path, *events: str) -> dict[str, list[Any]]:
    """What the reference decides about the same, leaving out what is rejected."""
    found = sequence(policy, some, work, events)
    told = {key: [each for each in about if each is not None] for key, about in found.items()}
    return {key: without_moment(about) for key, about in told.items() if about}


@each_pack
def test_a_base_is_decided_about_as_the_reference_does(pack: Pack, tmp_path: Path) -> None:
    customers, step = (100_000, 200) if is_long() else (2_000, 10)
    base = made(pack, tmp_path / "base", customers)
    everyone = tmp_path / "run"
    run(pack.path, AS_OF, everyone, sources=base, calibrate=True)
    told = json.loads((everyone / "run.json").read_text())
    assert told["customers"]["decided"] == customers

    files = [everyone / f"{name}.yaml" for name in ("calibration", "allocation")]
    calibration, allocation = (each if each.exists() else None for each in files)
    policy = siyu.load(pack.path, calibration, allocation)
    some = some_of(policy, base, tmp_path / "some", step)
    expected = wanted(policy, some, tmp_path / "work")
    assert len(expected) == customers // step
    assert decided(policy, everyone, set(expected)) == expected

    run(pack.path, AS_OF, tmp_path / "again", sources=base, calibrate=True, threads=1)
    assert files_of(tmp_path / "again") == files_of(everyone)

    if pack.event is None:
        return
    happened = tmp_path / "happened"
    given = {"calibration": calibration, "allocation": allocation}
    run(pack.path, AS_OF, happened, sources=base, events=[pack.event], **given)
    few = some_of(policy, base, tmp_path / "few", 2 * step)  # an event takes the reference longer
    expected = wanted(policy, few, tmp_path / "works", pack.event)
    assert len(expected) > 10
    assert decided(policy, happened, set(expected)) == expected
    run(pack.path, AS_OF, tmp_path / "anew", sources=base, events=[pack.event], threads=1, **given)
    assert files_of(tmp_path / "anew") == files_of(happened)


@each_pack
def test_spark_decides_about_a_pack_as_duckdb_does(spark: Any, pack: Pack, tmp_path: Path) -> None:
    if not (pack.spark or is_long()):
        # A pack takes Spark up to minutes; two of them, and the corpus, show it each time.
        pytest.skip("Spark takes minutes with this pack: it is for SIYU_PROFILE=long")
    base = made(pack, tmp_path / "base", 100)
    policy = siyu.load(pack.path)
    found = {}
    for engine in ("duckdb", "spark"):
        options = RunOptions(sources=base, calibrate=True, engine=engine)
        order = order_for(policy, AS_OF, tmp_path / engine, options)
        if engine == "spark":
            order = replace(order, open_engine=lambda work: Borrowed(spark))
        run_on(order, Silent())
        names = ("decisions", "outcomes", "state")
        found[engine] = {name: rows(tmp_path / engine / f"{name}.parquet") for name in names}
    assert found["spark"] == found["duckdb"]
