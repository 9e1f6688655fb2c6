"""A run can be explained when other files have come beside those that it read."""

from __future__ import annotations

from pathlib import Path

import pytest

from siyu.api.replaying import replay
from siyu.api.running import RunFailed
from tests.population.run.bases import customer, make_base
from tests.population.run.test_run_rules import TIER

STATE = """  also:
    - from: last/state.parquet
      customer: customer
      columns: {level_held: level_held, level_until: level_until}
      missing: allowed
"""


def test_a_run_is_replayed_from_the_files_it_read(tmp_path: Path) -> None:
    base = make_base(tmp_path, TIER, {"customers": [customer("M1", "50")]})
    sources = base.folder / "sources.yaml"
    text = sources.read_text(encoding="utf-8")
    text = text.replace(
        "customer: {from: customers.jsonl}", "customer:\n  from: cust*.jsonl\n" + STATE
    )
    sources.write_text(text, encoding="utf-8")
    base.run("first")
    (base.folder / "last").symlink_to("first")
    base.run("second")
    (base.folder / "last").unlink()
    (base.folder / "last").symlink_to("second")
    (base.folder / "cust_later.jsonl").write_bytes((base.folder / "customers.jsonl").read_bytes())

    first = replay(base.policy, base.folder / "first", "M1")
    second = replay(base.policy, base.folder / "second", "M1")
    assert (first.problems, second.problems) == ((), ())
    assert "level_held" not in first.request["customer"]
    assert second.request["customer"]["level_held"]

    (base.folder / "customers.jsonl").write_text('{"id": "M1", "spend": "51", "out": false}\n')
    with pytest.raises(RunFailed, match="customer"):
        replay(base.policy, base.folder / "second", "M1")
