"""Small whole bases, as files: tables out of requests, a policy, and runs over them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

import siyu
from siyu.api.running import run
from siyu.population.run.run import Finished
from tests.population.run.relation import rows_of

HEADS = {"grants": "id,at,incentive,worth,cost\n", "events.paid": "id,order_id,at,amount\n"}
AS_OF = "2026-11-21T10:00:00+08:00"
Rows = Sequence[Mapping[str, Any]]

SCHEMA = """schema: shop
version: 1
customer:
  key: id
  fields:
    id:      {type: text}
    spend:   {type: money, min: 0, max: 1_000_000}
    age:     {type: int, optional: true, min: 0, max: 120}
    advisor: {type: text, optional: true}
    out:     {type: bool, role: opt-out}
    level_held:  {type: level of grade, optional: true, role: held level of grade}
    level_until: {type: date, optional: true, role: kept until of grade}
collections:
  orders:
    key: order_id
    time: at
    default: []
    fields:
      order_id: {type: text}
      at: {type: datetime}
      amount: {type: money, min: 0}
  contacts:
    role: contact log
    default: []
    time: at
    fields: {at: {type: datetime}, contact: {type: text}, channel: {type: text}}
  grants:
    role: incentive log
    default: []
    time: at
    fields:
      at: {type: datetime}
      incentive: {type: text}
      worth: {type: money, optional: true}
      cost: {type: money, optional: true}
  points_log:
    role: points log
    default: []
    time: at
    fields:
      at: {type: datetime}
      rule: {type: text}
      account: {type: text}
      points: {type: int, optional: true}
      worth: {type: money, optional: true}
      event: {type: text}
      amount: {type: money, optional: true}
  consents:
    role: consents
    optional: true
    fields: {channel: {type: text}, granted: {type: bool}}
events:
  paid:
    key: order_id
    time: at
    fields: {order_id: {type: text}, at: {type: datetime}, amount: {type: money, min: 0}}
  refunded:
    key: order_id
    time: at
    fields: {order_id: {type: text}, at: {type: datetime}, amount: {type: money, min: 0}}
"""
HEAD = """policy shop "店"
  language 1
  timezone "Asia/Shanghai"
  currency CNY
  schema "shop.yaml"

"""
SOURCES = """sources: 1
timezone: Asia/Shanghai
customer: {from: customers.jsonl}
collections:
"""


@dataclass(frozen=True)
class Base:
    """A folder with a policy and its tables."""

    folder: Path

    @property
    def policy(self) -> Path:
        return self.folder / "shop.siyu"

    def run(self, name: str = "night", **options: Any) -> Finished:
        return run(self.policy, options.pop("as_of", AS_OF), self.folder / name, **options)

    def rows(self, name: str, table: str = "decisions") -> list[dict[str, Any]]:
        path = self.folder / name / f"{table}.parquet"
        return rows_of(duckdb.connect(), f"SELECT * FROM read_parquet('{path}')")

    def loaded(self, **files: Any) -> siyu.Policy:
        return siyu.load(self.policy, cache=False, **files)


def make_base(
    folder: Path, policy: str, tables: Mapping[str, Rows], more: str = "", head: str = HEAD
) -> Base:
    """`tables` by name: "customers", collections, and "events.NAME"."""
    (folder / "shop.siyu").write_text(head + policy, encoding="utf-8")
    (folder / "shop.yaml").write_text(SCHEMA, encoding="utf-8")
    sources = SOURCES
    events = ""
    for name, rows in tables.items():
        path = folder / f"{name}.jsonl"
        if rows or name == "customers":
            lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
            path.write_text("".join(lines), encoding="utf-8")
        else:  # a file without a row of JSON has no columns
            path = folder / f"{name}.csv"
            path.write_text(HEADS[name])
        if name.startswith("events."):
            events += f"  {name.removeprefix('events.')}: {{from: {path.name}, customer: id}}\n"
        elif name != "customers":
            sources += f"  {name}: {{from: {path.name}, customer: id}}\n"
    if sources.endswith("collections:\n"):
        sources = sources.removesuffix("collections:\n")
    text = sources + (f"events:\n{events}" if events else "") + more
    (folder / "sources.yaml").write_text(text, encoding="utf-8")
    return Base(folder)


def customer(key: str, spend: str = "0", **more: Any) -> dict[str, Any]:
    return {"id": key, "spend": spend, "out": False, **more}


def files_of(folder: Path) -> dict[str, bytes]:
    """Everything in a folder but the timings."""
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if path.name != "timings.json"
    }
