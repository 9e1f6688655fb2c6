"""All rivals of the benchmarks decide alike, and the members they decide about reach every outcome.

zen-engine and datalogic-py come with the extra `bench`; where one is missing its test is skipped.
"""

from __future__ import annotations

import pytest
from benchmarks.handwritten import Decided, decided
from benchmarks.outcomes import differences, expected, flat, reached
from benchmarks.records import TODAY, members
from benchmarks.rivals import siyu

PEOPLE = members(4_000)


def compared(found: Decided, index: int) -> list[str]:
    return differences(flat(decided(PEOPLE[index], TODAY)), flat(found))


def test_members_reach_every_outcome() -> None:
    counts = reached(decided(member, TODAY) for member in PEOPLE)
    assert counts.keys() == expected()
    assert min(counts.values()) >= 5, counts.most_common()[-5:]


def test_a_seed_gives_the_same_members() -> None:
    assert members(50) == PEOPLE[:50]
    assert members(50, seed=1) != PEOPLE[:50]


def test_a_difference_is_seen() -> None:
    changed = decided(PEOPLE[0], TODAY)._replace(care=(1, "vip_save", "advisor"))
    assert compared(changed, 0) == [
        "tables.care: (6, 'none', 'none') and (1, 'vip_save', 'advisor')"
    ]


def test_datalogic_decides_alike() -> None:
    pytest.importorskip("datalogic_py")
    from benchmarks.rivals import datalogic

    run = datalogic.load()
    for index, member in enumerate(PEOPLE):
        found = datalogic.outcome(run(datalogic.record(member, TODAY)), member)
        assert not compared(found, index), member


def test_zen_decides_alike() -> None:
    pytest.importorskip("zen")
    from benchmarks.rivals import zen

    for run, count in ((zen.load(), 4_000), (zen.load_text(), 200)):
        for index, member in enumerate(PEOPLE[:count]):
            found = zen.outcome(run(zen.record(member, TODAY)), member)
            assert not compared(found, index), member


def test_siyu_decides_alike() -> None:
    policy = siyu.policy()
    for index, member in enumerate(PEOPLE):
        assert not compared(siyu.outcome(policy, member), index), member
