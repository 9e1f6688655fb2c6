"""One turn of one rival in its own process: `python -m benchmarks.everyone.turn RIVAL FOLDER N`.

Prints what it took as JSON: seconds on the wall, seconds of processor time, and the most memory
that was resident, in MB. The base of N members lies in FOLDER and is made unless it does.
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.everyone.data import Base, customer_base
from benchmarks.everyone.orders import Orders, order_base

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


def by_siyu(base: Base, out: Path, *, audit: bool = False) -> None:
    from siyu.api.running import run

    sources = out.with_suffix(".yaml")
    sources.write_text(SOURCES.format(members=base.members, consents=base.consents))
    policy = POLICIES / "growth75.siyu"
    run(policy, AS_OF, out, sources=sources, audit=audit, threads=2, force=True)


def audited(base: Base, out: Path) -> None:
    by_siyu(base, out, audit=True)


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
    "siyu": by_siyu,
    "audit": audited,
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
