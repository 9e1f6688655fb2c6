"""zen-engine over a base: rows out of Parquet, a call each, decisions as JSON into Parquet."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.records import Consent, Member
from benchmarks.rivals import zen

SHARE = 1_000  # rows that are written at once
FEN = ("total_spend", "spend_12m", "spend_90d", "refund_12m")


def run(members: Path, consents: Path, out: Path, today: str) -> int:
    """Decide about everyone; the number of members."""
    out.mkdir(parents=True, exist_ok=True)
    decide, day = zen.load(), dt.date.fromisoformat(today).toordinal()
    with duckdb.connect(config={"threads": 2}) as db:
        db.execute("CREATE TEMP TABLE found (customer VARCHAR, decision VARCHAR)")
        found: list[tuple[str, str]] = []
        for member in _members(db, members, consents):
            said = json.dumps(decide(zen.record(member, day)), ensure_ascii=False)
            found.append((member.member_id, said))
            if len(found) == SHARE:
                _write(db, found)
        _write(db, found)
        db.execute(f"COPY found TO '{out}/decisions.parquet' (COMPRESSION zstd)")
        (count,) = db.execute("SELECT count(*) FROM found").fetchone() or (0,)
        return int(count)


def _members(db: duckdb.DuckDBPyConnection, members: Path, consents: Path) -> list[Member]:
    found = db.execute(
        f"""SELECT m.*, rows FROM '{members}' m LEFT JOIN (
          SELECT member_id, list({{channel: channel, granted: granted}}) AS rows
          FROM '{consents}' GROUP BY member_id) USING (member_id) ORDER BY member_id"""
    )
    names = [column[0] for column in found.description or ()]
    return [_member(dict(zip(names, row, strict=True))) for row in found.fetchall()]


def _member(row: dict[str, Any]) -> Member:
    rows = row.pop("rows") or ()
    held = {
        name: value.toordinal() if isinstance(value, dt.date) else value
        for name, value in row.items()
    }
    held |= {name: int(held[name] * 100) for name in FEN}
    if held["avg_discount"] is not None:
        held["avg_discount"] = int(held["avg_discount"] * 10_000)
    return Member(**held, consents=tuple(Consent(r["channel"], r["granted"]) for r in rows))


def _write(db: duckdb.DuckDBPyConnection, found: list[tuple[str, str]]) -> None:
    names, said = [name for name, _ in found], [text for _, text in found]
    db.execute("INSERT INTO found SELECT unnest(?), unnest(?)", [names, said])
    found.clear()
