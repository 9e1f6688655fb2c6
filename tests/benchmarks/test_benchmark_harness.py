"""The harness pairs what ran together, and figures are written so that people can read them."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import pytest
from benchmarks.harness import Rival, compare, over
from benchmarks.report import Finding, Row, Target, duration, figure


def test_rivals_take_turns_and_the_base_is_one() -> None:
    turns: list[str] = []
    rivals = [Rival(name, lambda name=name: turns.append(name)) for name in ("a", "b", "c")]
    found = compare(rivals, rounds=3)
    assert turns == [*"abc", *"abc", *"bca", *"cab"]  # once to warm up, then each comes first once
    assert [rival.name for rival in found] == ["a", "b", "c"]
    assert (found[0].ratio, found[0].lowest, found[0].highest) == (1, 1, 1)
    assert all(rival.lowest <= rival.ratio <= rival.highest for rival in found)


def test_a_unit_is_one_call() -> None:
    seen: list[int] = []
    rival = over("count", seen.append, [1, 2, 3])
    rival.run()
    assert seen == [1, 2, 3]
    assert rival.size == 3


def test_each_turn_has_a_share_of_its_own() -> None:
    seen: list[int] = []
    rival = over("count", seen.append, list(range(7)), turns=3)
    for _ in range(4):
        rival.run()
    assert seen == [0, 1, 2, 3, 4, 5, 0, 1]
    assert rival.size == 2


def test_ratios_are_taken_within_a_round() -> None:
    """Here every turn takes a known time: the second round is ten times as slow for all."""
    now = 0

    def working(times: list[int]) -> Callable[[], None]:
        left = iter(times)

        def run() -> None:
            nonlocal now
            now += next(left)

        return run

    first, second = compare(
        [
            Rival("a", working([1, 100, 1_000, 100]), clock=lambda: now),
            Rival("b", working([1, 600, 8_000, 400]), size=2, clock=lambda: now),
        ],
        rounds=3,
    )
    assert (first.nanoseconds, first.ratio) == (100, 1)
    assert (second.nanoseconds, second.ratio) == (300, 3)
    assert (second.lowest, second.highest) == (2, 4)


def test_the_collector_rests_during_a_turn_only() -> None:
    states: list[bool] = []
    compare([Rival("look", lambda: states.append(gc.isenabled()))], rounds=2)
    assert states == [True, False, False]  # the first is the warm-up
    assert gc.isenabled()


def test_a_target_says_whether_it_is_met() -> None:
    at_most = Row("a", 1.3, "×", target=Target(1.2))
    at_least = Row("b", 50.0, "×", target=Target(50, at_least=True))
    assert (at_most.verdict, str(at_most.target)) == ("not met", "≤ 1.2")
    assert (at_least.verdict, str(at_least.target)) == ("met", "≥ 50")
    assert Row("c", 1.0, "ms").verdict == ""


def test_figures_are_readable() -> None:
    assert [duration(ns) for ns in (12, 5_300, 1_234_567, 2.5e9)] == [
        "12 ns", "5.3 µs", "1.23 ms", "2.5 s",
    ]  # fmt: skip
    assert [figure(value) for value in (0.412, 5.26, 26.84, 1234.5)] == [
        "0.41", "5.26", "26.8", "1,234",
    ]  # fmt: skip


def test_a_finding_is_kept_with_its_machine_and_without_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks import report

    monkeypatch.setattr(report, "RESULTS", tmp_path)
    row = Row("a ÷ b", 1.25, "×", 1.1, 1.4, "5 µs ÷ 4 µs", Target(1.2))
    report.save(Finding("small", "A small one", (row,), ("A note.",)))
    report.write_readme(["small", "absent"])
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| a ÷ b | 1.25 × | 1.10..1.40 | 5 µs ÷ 4 µs | ≤ 1.2 × | not met |" in text
    assert "A note." in text
    assert "cores" in text
    assert str(tmp_path) not in text
