"""A rule in the Chinese order of words says the same of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.explain.test_progress import one, request, said


@pytest.mark.parametrize(
    "text",
    ["points buy on paid\n  earn 1 per 1 yuan of event.amount\n",
     "积分 buy 于 paid\n  按 event.amount 每 1 元 得 1 分\n"],
)  # fmt: skip
def test_how_much_more_earns_more_in_either_order(tmp_path: Path, text: str) -> None:
    outcome = one(tmp_path, text, request({"type": "paid", "amount": "33.50"}), "buy")
    assert said(outcome.progress) == ["¥0.50 more of `event.amount` earns more"]
