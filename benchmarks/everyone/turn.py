"""One turn of one rival in its own process: `python -m benchmarks.everyone.turn RIVAL FOLDER N`.

Prints what it took as JSON: seconds on the wall, seconds of processor time, and the most memory
that was resident, in MB. The base of N members lies in FOLDER and is made unless it does.
"""

from __future__ import annotations

import json
import re
import resource
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.everyone.data import Base, customer_base
from benchmarks.everyone.orders import Orders, order_base
from benchmarks.growth import grown

AS_OF = "2026-11-21T10:00:00+08:00"
TODAY = AS_OF[:10]
POLICIES = Path(__file__).parents[1] / "policy"


def copy(base: Base, out: Path) -> None:
    """Read the members and write them again: the least that any of them can take."""
    out.mkdir()
    with duckdb.connect(config={"threads": 2}) as db:
        db.execute(f"COPY (FROM '{base.members}') TO '{out}/copy.parquet' (COMPRESSION zstd)")


def by_hand(base: Base, out: Path) -> None:
    from benchmarks.everyone.rivals import handsql

    handsql.run(base.members, base.consents, out, TODAY, out.with_suffix(".duckdb"))


def by_polars(base: Base, out: Path) -> None:
    from benchmarks.everyone.rivals import polars_rival

    polars_rival.run(base.members, base.consents, out, TODAY)


def by_numpy(base: Base, out: Path) -> None:
    from benchmarks.everyone.rivals import numpy_rival

    numpy_rival.run(base.members, base.consents, out, TODAY)


def by_zen(base: Base, out: Path) -> None:
    from benchmarks.everyone.rivals import zen_batch

    zen_batch.run(base.members, base.consents, out, TODAY)


def by_siyu(base: Base, out: Path, *, audit: bool = False, memory: str | None = None) -> None:
    _decided(POLICIES / "growth75.siyu", base, out, audit=audit, memory=memory)


def _decided(policy: Path, base: Base, out: Path, **options: Any) -> None:
    from siyu.api.running import run

    sources = out.with_suffix(".yaml")
    sources.write_text(SOURCES.format(members=base.members, consents=base.consents))
    run(policy, AS_OF, out, sources=sources, threads=2, force=True, **options)


def audited(base: Base, out: Path) -> None:
    by_siyu(base, out, audit=True)


def in_4gb(base: Base, out: Path) -> None:
    by_siyu(base, out, memory="4GB")


def group_by(base: Orders, out: Path) -> None:
    from benchmarks.everyone.rivals import groupby

    groupby.run(base.members, base.orders, out)


def figures(base: Orders, out: Path, unique: str = "trusted") -> None:
    from siyu.api.running import run

    sources = out.with_suffix(".yaml")
    text = ORDER_SOURCES.format(members=base.members, orders=base.orders, unique=unique)
    sources.write_text(text)
    run(POLICIES / "orders.siyu", AS_OF, out, sources=sources, threads=2, force=True)


def checked_figures(base: Orders, out: Path) -> None:
    figures(base, out, "checked")


def many_times(base: Base, out: Path, copies: int = 10) -> None:
    _decided(_grown_policy(out, copies), base, out)


def _grown_policy(folder: Path, copies: int) -> Path:
    """The policy with many times its rules, in a folder of its own beside this one. Members of 18
    are in the base: every copy keeps the age that its claim is about."""
    place = folder.with_name(f"{folder.name}-policy")
    place.mkdir(exist_ok=True)
    path = place / "growth75.siyu"
    path.write_text(re.sub(r"(?m)( and age <) \d+$", r"\1 18", grown(copies)), encoding="utf-8")
    for name in ("growth75.yaml", "siyu.yaml"):
        shutil.copy(POLICIES / name, place / name)
    return path


def grown_by_hand(way: str) -> Callable[[Base, Path], None]:
    """Ten programmes in SQL, written in one of the ways of `handgrown`."""

    def written(base: Base, out: Path) -> None:
        from benchmarks.everyone.rivals import handgrown

        handgrown.run(base, out, TODAY, way)

    return written


SOURCES = """sources: 1
currency: CNY
customer:
  from: {members}
collections:
  consents: {{from: {consents}, customer: member_id}}
"""
ORDER_SOURCES = """sources: 1
currency: CNY
customer:
  from: {members}
collections:
  orders: {{from: {orders}, customer: member_id, unique: {unique}}}
"""
OF_MEMBERS: dict[str, Callable[[Base, Path], None]] = {
    "copy": copy,
    "handsql": by_hand,
    "polars": by_polars,
    "numpy": by_numpy,
    "zen": by_zen,
    "siyu": by_siyu,
    "audit": audited,
    "siyu-4gb": in_4gb,
    "grown": many_times,
    "grown-rules": grown_by_hand("rules"),
    "grown-programmes": grown_by_hand("programmes"),
    "grown-one": grown_by_hand("one"),
}
OF_ORDERS: dict[str, Callable[[Orders, Path], None]] = {
    "groupby": group_by,
    "orders": figures,
    "orders-checked": checked_figures,
}


def main(rival: str, folder: Path, size: int) -> None:
    """Make the base if need be, take the turn, and print what it took."""
    out = folder / f"out-{rival}"
    shutil.rmtree(out, ignore_errors=True)
    out.with_suffix(".duckdb").unlink(missing_ok=True)
    if rival in OF_ORDERS:
        orders = order_base(folder, size // 10, size)
        _measured(lambda: OF_ORDERS[rival](orders, out))
    else:
        base = customer_base(folder, size)
        _measured(lambda: OF_MEMBERS[rival](base, out))


def _measured(run: Callable[[], None]) -> None:
    before, start = time.process_time(), time.perf_counter()
    run()
    spent = {
        "wall": time.perf_counter() - start,
        "processor": time.process_time() - before,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(spent))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
