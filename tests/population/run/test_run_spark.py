"""A run on Spark writes the same rows as on DuckDB."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

import siyu
from siyu.api.deciding import moment
from siyu.api.running import RunOptions, order_for
from siyu.population.run.order import Silent
from siyu.population.run.run import run
from tests.population.run.bases import AS_OF, customer, make_base
from tests.population.run.relation import rows_of
from tests.population.run.test_run_rules import GIFT, POINTS, TIER, paid

MORE = """score risk from 0 to 100
  start 20
  add 40 when spend > 20 yuan
  subtract 30.5 when age > 40

table offer first gives benefit, cost
  | grade | age  -> benefit | cost    |
  | high  | > 40 -> "大额券" | 3 yuan  |
  | otherwise    -> "无"     | 0 yuan  |

table all collect gives word
  | spend     -> word  |
  | > 20 yuan -> "it's" |
  | > 5 yuan  -> "b\\\\c" |
  | otherwise -> "none" |

contact hello greeting
  for spend > 25 yuan
  via app
  send "hello" with amount = spend, old = age, until = grade.keep_until, word = offer.benefit
  priority 1

"""


class Borrowed:
    """An engine that somebody else closes."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def close(self) -> None:
        """Not ours."""


@pytest.mark.parametrize("events", [(), ("paid", "refunded")])
def test_spark_writes_what_duckdb_writes(
    spark: Any, tmp_path: Path, events: tuple[str, ...]
) -> None:
    people = [
        customer(f"M{n}", f"{n * 7}.5", **({"age": n * 9 % 80} if n % 3 else {})) for n in range(12)
    ]
    consents = [{"id": f"M{n}", "channel": "app", "granted": n % 2 == 0} for n in range(12)]
    happened = [
        paid(f"M{n % 4}", f"o{n}", f"2026-11-20 {n + 9:02}:00", f"{n * 13}.99") for n in range(12)
    ]
    tables = {
        "customers": people, "consents": consents, "events.paid": happened,
        "events.refunded": [paid("M1", "o1", "2026-11-21 08:00", "5")],
        "grants": [{"id": "M3", "at": "2026-11-02 09:00", "incentive": "gift", "worth": "40"}],
    }  # fmt: skip
    base = make_base(tmp_path, TIER + GIFT + POINTS + MORE, tables)
    text = (base.folder / "sources.yaml").read_text()
    for path in base.folder.glob("*.jsonl"):
        there = path.with_suffix(".parquet")
        duckdb.connect().execute(f"COPY (FROM read_json('{path}')) TO '{there}' (FORMAT parquet)")
    (base.folder / "sources.yaml").write_text(text.replace(".jsonl", ".parquet"))
    policy = siyu.load(base.policy, cache=False)
    found = {}
    for engine in ("duckdb", "spark"):
        options = RunOptions(engine=engine, events=events, audit=True)  # type: ignore[arg-type]
        order = order_for(policy, moment(AS_OF), base.folder / engine, options)
        if engine == "spark":
            order = replace(order, open_engine=lambda work: Borrowed(spark))
        run(order, Silent())
        names = ["decisions", "outcomes", "audit", *([] if events else ["state"])]
        found[engine] = {name: rows(base.folder / engine / f"{name}.parquet") for name in names}
    assert found["spark"] == found["duckdb"]
    assert found["duckdb"]["outcomes"]


def rows(path: Path) -> list[str]:
    where = path / "*.parquet" if path.is_dir() else path
    return sorted(map(str, rows_of(duckdb.connect(), f"SELECT * FROM read_parquet('{where}')")))
