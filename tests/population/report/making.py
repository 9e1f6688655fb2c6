"""Folders of runs whose decisions, outcomes and rejects are given one by one."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

COLUMNS = {
    "customer": "VARCHAR", "event": "VARCHAR", "event_type": "VARCHAR", "kind": "VARCHAR",
    "rule": "VARCHAR", "id": "VARCHAR", "code": "VARCHAR", "by": "VARCHAR", "change": "VARCHAR",
    "from": "VARCHAR", "to": "VARCHAR", "until": "DATE", "account": "VARCHAR",
    "receiver": "VARCHAR", "points": "BIGINT", "amount": "DECIMAL(18,2)", "worth": "DECIMAL(18,2)",
    "cost": "DECIMAL(18,2)", "benefit": "VARCHAR", "detail": "VARCHAR", "purpose": "VARCHAR",
    "channel": "VARCHAR", "send": "VARCHAR",
}  # fmt: skip
REJECTS = {
    "source": "VARCHAR", "kind": "VARCHAR", "customer": "VARCHAR", "key": "VARCHAR",
    "field": "VARCHAR", "code": "VARCHAR", "reason": "VARCHAR",
}  # fmt: skip


def write_json(folder: Path, run: dict[str, Any], indicators: dict[str, Any]) -> None:
    for name, document in (("run.json", run), ("indicators.json", indicators)):
        (folder / name).write_text(json.dumps(document, ensure_ascii=False, default=str), "utf-8")


def small_run(
    folder: Path, decisions: str, outcomes: list[dict[str, object]] | None = None,
    rejects: list[dict[str, object]] | None = None, run: dict[str, Any] | None = None,
    indicators: dict[str, Any] | None = None,
) -> Path:  # fmt: skip
    """A run whose decisions are what a SELECT gives."""
    folder.mkdir(parents=True)
    db = duckdb.connect()
    db.execute(f"COPY ({decisions}) TO '{folder}/decisions.parquet' (FORMAT parquet)")
    for name, shape, rows in (("outcomes", COLUMNS, outcomes), ("rejects", REJECTS, rejects)):
        columns = ", ".join(f'"{key}" {kind}' for key, kind in shape.items())
        db.execute(f"CREATE TABLE {name} ({columns})")
        for row in rows or ():
            keys = ", ".join(f'"{key}"' for key in row)
            marks = ", ".join("?" for _ in row)
            values = [str(v) if isinstance(v, Decimal) else v for v in row.values()]
            db.execute(f"INSERT INTO {name} ({keys}) VALUES ({marks})", values)
        db.execute(f"COPY {name} TO '{folder}/{name}.parquet' (FORMAT parquet)")
    plain = {
        "run": 1, "policy": {"name": "p", "version": 1, "digest": "sha256:00", "label": "策略"},
        "schema": {"name": "s", "version": 1}, "as_of": "2026-11-21T10:00:00+08:00",
        "timezone": "Asia/Shanghai", "currency": "CNY", "events": [], "engine": "duckdb",
        "calibration": None, "allocation": None, "sources": {},
        "customers": {"read": 0, "decided": 0, "rejected": 0}, "labels": {}, "kinds": {},
        "versions": {"siyu": "1", "engine": "2", "language": 1},
    }  # fmt: skip
    write_json(folder, plain | (run or {}), indicators or {"indicators": {}, "claims": {}})
    return folder
