"""Tells, as Markdown, for how many customers two runs over the same base decide differently.

python what_changes.py BEFORE AFTER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

MOVES = 5
"""Moves that are shown of each column; the rest are counted."""


def main(before: Path, after: Path) -> None:
    """Prints the table."""
    labels = told(after)["labels"]
    rows = changed(before, after)
    total = told(after)["customers"]["decided"]
    print(f"### What changes, for {total:,} customers\n")
    if not rows:
        print("Nothing: every customer is decided about as before.")
        return
    print("| what | customers | from → to |\n|---|---:|---|")
    for column, customers, moves in rows:
        label = labels.get(column, "")
        name = f"{label} `{column}`" if label else f"`{column}`"
        print(f"| {name} | {customers:,} | {moves} |")


def told(run: Path) -> dict:
    """What a run says of itself."""
    return json.loads((run / "run.json").read_text(encoding="utf-8"))


def changed(before: Path, after: Path) -> list[tuple[str, int, str]]:
    """Columns that differ, with the number of customers and the most frequent moves."""
    database = duckdb.connect()
    for name, run in (("one", before), ("other", after)):
        database.read_parquet(str(run / "decisions.parquet")).create_view(name)
    columns = {
        name: [each[0] for each in database.execute(f"DESCRIBE {name}").fetchall()]
        for name in ("one", "other")
    }
    # Dates and amounts behind a level (`level.keep_until`) follow from it: the level is enough.
    told_by = [each for each in columns["other"] if "." not in each or each.endswith(".change")]
    both = [each for each in told_by if each in columns["one"] and each != "customer"]
    found = []
    for column in both:
        quoted = '"' + column.replace('"', '""') + '"'
        moves = database.execute(
            f"SELECT one.{quoted}::VARCHAR, other.{quoted}::VARCHAR, count(*) AS n"
            f" FROM one JOIN other USING (customer)"
            f" WHERE one.{quoted} IS DISTINCT FROM other.{quoted}"
            " GROUP BY ALL ORDER BY n DESC, 1, 2"
        ).fetchall()
        if moves:
            shown = [f"{a or '–'} → {b or '–'}: {n:,}" for a, b, n in moves[:MOVES]]
            more = len(moves) - MOVES
            shown += [f"{more:,} others"] if more > 0 else []
            found.append((column, sum(n for *_, n in moves), "<br>".join(shown)))
    new = [each for each in columns["other"] if each not in columns["one"]]
    gone = [each for each in columns["one"] if each not in columns["other"]]
    found += [(each, 0, "new") for each in new] + [(each, 0, "gone") for each in gone]
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
