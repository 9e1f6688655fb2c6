"""A handful of receipts in the form of the packaged tables, small enough to add up by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

TRANSACTIONS = """
household store basket product quantity sales retail coupon match at
7         330   501    11      1        1.50  0.29   0      0     2017-01-01T11:53:26
7         330   501    12      2        4.05  0      0.55   0.10  2017-01-01T11:53:26
7         330   501    13      1        3.10  0.10   0      0     2017-01-01T11:53:26
7         412   502    14      9000     25.00 0      0      0     2017-07-05T03:59:59
7         412   502    99      1        0.01  0      0      0     2017-07-05T03:59:59
2         330   503    11      1        0.00  1.00   0      0     2018-01-01T04:01:20
"""
"""Amounts are dollars; times are UTC, as in the package; product 99 is in no list of products."""

PRODUCTS = {11: "GROCERY", 12: "FROZEN GROCERY", 13: "PRODUCE", 14: "FUEL", 15: "POSTAL CENTER"}

COLUMNS = {
    "household": "household_id",
    "store": "store_id",
    "basket": "basket_id",
    "product": "product_id",
    "quantity": "quantity",
    "sales": "sales_value",
    "retail": "retail_disc",
    "coupon": "coupon_disc",
    "match": "coupon_match_disc",
    "at": "transaction_timestamp",
}


def write_tables(folder: Path, transactions: str = TRANSACTIONS, **replaced: pa.Table) -> Path:
    """Write every table that the conversion reads, and give the folder."""
    tables = {
        "transactions": _transactions(transactions),
        "products": pa.table({"product_id": list(PRODUCTS), "department": list(PRODUCTS.values())}),
        "campaigns": pa.table({"campaign_id": [26, 8], "household_id": [7, 7]}),
        "campaign_descriptions": pa.table(
            {
                "campaign_id": [8, 26],
                "campaign_type": ["Type A", "Type B"],
                "start_date": [_at("2017-05-08"), _at("2016-12-28")],
                "end_date": [_at("2017-06-25"), _at("2017-02-19")],
            }
        ),
        "coupon_redemptions": pa.table(
            {
                "household_id": [7],
                "coupon_upc": [51380041013],
                "campaign_id": [26],
                "redemption_date": [_at("2017-01-01")],
            }
        ),
        "demographics": demographics(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in (tables | replaced).items():
        pq.write_table(table, folder / f"{name}.parquet")
    return folder


def demographics(age: str = "65+") -> pa.Table:
    """Household 7 as a survey knows it; whether it rents is not known."""
    return pa.table(
        {
            "household_id": [7],
            "age": [age],
            "income": ["35-49K"],
            "home_ownership": pa.array([None], pa.string()),
            "marital_status": ["Married"],
            "household_size": ["5+"],
            "household_comp": ["2 Adults Kids"],
            "kids_count": ["3+"],
        }
    )


def _transactions(text: str) -> pa.Table:
    names, *rows = (line.split() for line in text.strip().splitlines())
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    return pa.table({COLUMNS[name]: _typed(name, words) for name, words in columns.items()})


def _typed(name: str, words: tuple[Any, ...]) -> pa.Array:
    if name == "at":
        return pa.array([_at(word) for word in words], pa.timestamp("ns"))
    if name in ("sales", "retail", "coupon", "match"):
        return pa.array([float(word) for word in words])
    return pa.array([int(word) for word in words])


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
