"""Amounts of memory as people write them."""

import pytest

from siyu.population.engines import EngineFailed
from siyu.population.engines.memory import machine_bytes, memory_bytes


@pytest.mark.parametrize(
    ("text", "size"),
    [("4GB", 4 * 10**9), ("1.5 gib", 3 * 2**29), ("256MB", 256 * 10**6), ("0.3TB", 3 * 10**11)],
)
def test_sizes_are_read(text: str, size: int) -> None:
    assert memory_bytes(text) == size


@pytest.mark.parametrize("text", ["", "4", "GB", "4 G", "-4GB", "4KB", "1e3MB", "４GB", "4GB 2"])
def test_what_is_no_size_is_said(text: str) -> None:
    with pytest.raises(EngineFailed, match="is no amount of memory") as failed:
        memory_bytes(text)
    assert "4GB" in str(failed.value.advice)


def test_too_little_is_said() -> None:
    with pytest.raises(EngineFailed, match="`255MB` of memory is too little to work with"):
        memory_bytes("255MB")


def test_without_a_size_it_is_a_share_of_the_machine() -> None:
    assert machine_bytes() * 5 // 10 < memory_bytes(None) < machine_bytes()
