"""What DuckDB says of files that are not what their names say."""

from __future__ import annotations

from pathlib import Path

import pytest

from siyu.population.engines import EngineFailed, duck


def whole(folder: Path) -> bytes:
    engine = duck.open_engine("1GB", folder, 1)
    engine.write(
        "SELECT 'member ' || i AS id, i % 7 AS n FROM range(20000) r(i)", folder / "x.parquet"
    )
    engine.close()
    return (folder / "x.parquet").read_bytes()


@pytest.mark.parametrize("spoilt", ["empty", "cut", "other", "torn"])
def test_a_spoilt_file_is_one_that_cannot_be_read(tmp_path: Path, spoilt: str) -> None:
    data = whole(tmp_path)
    torn = data[:4] + bytes([7]) * (len(data) // 2) + data[4 + len(data) // 2 :]
    made = {"empty": b"", "cut": data[:-100], "other": b"id,n\n1,2\n" * 9, "torn": torn}
    path = tmp_path / f"{spoilt}.parquet"
    path.write_bytes(made[spoilt])
    engine = duck.open_engine("1GB", tmp_path, 1)
    with pytest.raises(EngineFailed, match="a file cannot be read: ") as failed:
        engine.rows(f"SELECT count(*), max(id), sum(n) FROM read_parquet('{path}')")
    assert failed.value.advice
    engine.close()
