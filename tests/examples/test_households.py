"""From the packaged tables to households: exact to the cent, in local time, the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow.compute as pc
import pytest
from click.testing import CliRunner
from files import made_from, whole_file, write_jsonl
from households import Row, households, last_basket, money, read_tables
from prepare import main, packaged_tables, prepare
from rich.console import Console

from .receipts import TRANSACTIONS, demographics, write_tables

CONSOLE = Console(quiet=True)
SAMPLE = Path(__file__).resolve().parents[2] / "examples/complete_journey/sample.jsonl"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_tables(tmp_path / "tables")


def converted(folder: Path) -> list[Row]:
    return list(households(read_tables(folder)))


def lines_of(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def total(rows: list[Row], name: str) -> Decimal:
    return sum((Decimal(row[name]) for row in rows), Decimal(0))


def test_a_household_becomes_a_customer_with_nested_baskets(folder: Path) -> None:
    second, seventh = converted(folder)

    assert second["customer"]["household_id"] == "2"
    assert seventh == {
        "as_of": "2018-01-01T00:00:00-05:00",
        "customer": {
            "household_id": "7",
            "age_band": "age_65_up",
            "income_band": "from_35k",
            "married": True,
            "people": "five_up",
            "kids": "three_up",
            "unsubscribed": False,
            "consents": [
                {"channel": "receipt", "granted": True},
                {"channel": "mail", "granted": True},
            ],
            "contacts": [
                {
                    "at": "2016-12-28T00:00:00-05:00",
                    "contact": "campaign_26",
                    "channel": "mail",
                    "campaign_type": "type_b",
                },
                {
                    "at": "2017-05-08T00:00:00-04:00",
                    "contact": "campaign_8",
                    "channel": "mail",
                    "campaign_type": "type_a",
                },
            ],
            "redemptions": [
                {
                    "redemption_id": "26-51380041013-2017-01-01",
                    "redeemed_on": "2017-01-01",
                    "campaign": "campaign_26",
                    "coupon": "51380041013",
                }
            ],
            "baskets": [
                {
                    "basket_id": "501",
                    "paid_at": "2017-01-01T06:53:26-05:00",
                    "store": "330",
                    "amount": "8.65",
                    "saved": "0.49",
                    "coupons": "0.55",
                    "category": "grocery",
                    "lines": [
                        {"department": "grocery", "items": 2, "amount": "5.55"},
                        {"department": "produce", "items": 1, "amount": "3.10"},
                    ],
                },
                {
                    "basket_id": "502",
                    "paid_at": "2017-07-04T23:59:59-04:00",
                    "store": "412",
                    "amount": "25.01",
                    "saved": "0.00",
                    "coupons": "0.00",
                    "category": "fuel",
                    "lines": [
                        {"department": "fuel", "items": 1, "amount": "25.00"},
                        {"department": "other", "items": 1, "amount": "0.01"},
                    ],
                },
            ],
        },
    }


def test_who_was_never_mailed_is_on_no_mailing_list(folder: Path) -> None:
    customer = converted(folder)[0]["customer"]

    assert customer["consents"] == [{"channel": "receipt", "granted": True}]
    assert customer["contacts"] == []
    assert "kids" not in customer


def test_the_last_basket_is_asked_about_as_an_event(folder: Path) -> None:
    request = converted(folder)[1]

    assert last_basket(request) == {
        "customer": request["customer"],
        "event": {
            "type": "basket_paid",
            "basket_id": "502",
            "paid_at": "2017-07-04T23:59:59-04:00",
            "amount": "25.01",
            "fuel": "25.00",
        },
    }


def test_an_amount_finer_than_a_cent_is_refused(tmp_path: Path) -> None:
    folder = write_tables(tmp_path, TRANSACTIONS.replace("3.10 ", "3.105"))

    with pytest.raises(ValueError, match="finer than a cent"):
        converted(folder)


def test_a_new_word_in_the_demographics_is_refused(tmp_path: Path) -> None:
    folder = write_tables(tmp_path, demographics=demographics(age="ageless"))

    with pytest.raises(ValueError, match="`ageless` is not a known age"):
        converted(folder)


@pytest.mark.parametrize(("cents", "text"), [(0, "0.00"), (5, "0.05"), (100, "1.00")])
def test_money_is_written_with_its_cents(cents: int, text: str) -> None:
    assert money(cents) == text


def test_the_file_is_made_once_and_again_when_a_table_changes(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    target = prepare(write_tables(tmp_path / "tables"), cache, CONSOLE)
    first, made = target.read_bytes(), target.stat().st_mtime_ns

    assert prepare(tmp_path / "tables", cache, CONSOLE).stat().st_mtime_ns == made

    write_tables(tmp_path / "tables", TRANSACTIONS.replace("25.00", "26.00"))
    changed = prepare(tmp_path / "tables", cache, CONSOLE).read_bytes()
    assert changed == first.replace(b"25.00", b"26.00").replace(b"25.01", b"26.01")


def test_the_same_tables_give_the_same_bytes(tmp_path: Path, folder: Path) -> None:
    one = prepare(folder, tmp_path / "one", CONSOLE)
    two = prepare(folder, tmp_path / "two", CONSOLE)

    assert one.read_bytes() == two.read_bytes()
    assert lines_of(one) == converted(folder)


def test_a_damaged_cache_is_made_again(tmp_path: Path, folder: Path) -> None:
    target = prepare(folder, tmp_path / "cache", CONSOLE)
    content = target.read_bytes()
    target.write_bytes(content[:100])

    assert prepare(folder, tmp_path / "cache", CONSOLE).read_bytes() == content


def test_an_interrupted_file_does_not_appear(tmp_path: Path) -> None:
    def rows() -> Iterator[int]:
        yield 1
        raise KeyboardInterrupt

    (tmp_path / "out.jsonl").write_text("before\n")
    with pytest.raises(KeyboardInterrupt):
        write_jsonl(tmp_path / "out.jsonl", rows())

    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
    assert (tmp_path / "out.jsonl").read_text() == "before\n"


def test_nothing_is_noted_as_made_when_making_it_failed(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_text("x")

    def fail() -> None:
        with whole_file(tmp_path / "target") as file:
            file.write(b"half")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        made_from([source], tmp_path / "target", fail)
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_the_command_writes_households_or_last_baskets(tmp_path: Path, folder: Path) -> None:
    where = ["--source", str(folder), "--cache", str(tmp_path / "cache")]

    assert CliRunner().invoke(main, where).exit_code == 0
    assert CliRunner().invoke(main, [*where, "--last-baskets"]).exit_code == 0

    asked = lines_of(tmp_path / "cache" / "last_baskets.jsonl")
    assert [request["event"]["basket_id"] for request in asked] == ["503", "502"]


def test_the_command_names_a_table_that_is_missing(tmp_path: Path, folder: Path) -> None:
    (folder / "products.parquet").unlink()

    result = CliRunner().invoke(main, ["--source", str(folder), "--cache", str(tmp_path)])

    assert result.exit_code == 1
    assert "the table `products.parquet` is not in" in result.output


def test_the_command_says_what_is_wrong_with_a_table(tmp_path: Path) -> None:
    folder = write_tables(tmp_path / "tables", demographics=demographics(age="ageless"))

    result = CliRunner().invoke(main, ["--source", str(folder), "--cache", str(tmp_path / "cache")])

    assert result.exit_code == 1
    assert "are not as expected: `ageless` is not a known age of a household" in result.output
    assert not (tmp_path / "cache").exists()


def test_the_packaged_year_adds_up(year: list[Row]) -> None:
    baskets = items = redeemed = mailed = 0
    amount = saved = coupons = lines = Decimal(0)
    count = 0
    sample = {row["customer"]["household_id"]: row for row in lines_of(SAMPLE)}
    for request in year:
        household = request["customer"]["household_id"]
        assert sample.get(household, request) == request
        customer = request["customer"]
        count += 1
        baskets += len(customer["baskets"])
        redeemed += len(customer["redemptions"])
        mailed += len(customer["contacts"])
        amount += total(customer["baskets"], "amount")
        saved += total(customer["baskets"], "saved")
        coupons += total(customer["baskets"], "coupons")
        for basket in customer["baskets"]:
            lines += total(basket["lines"], "amount")
            items += sum(line["items"] for line in basket["lines"])

    bought = read_tables(packaged_tables()).transactions
    assert (count, baskets, items, redeemed, mailed) == (2469, 155_848, 1_469_307, 2102, 6589)
    assert amount == lines == cents_of(bought["sales_value"]) == Decimal("4596039.58")
    assert saved == cents_of(bought["retail_disc"]) + cents_of(bought["coupon_match_disc"])
    assert coupons == cents_of(bought["coupon_disc"])


def cents_of(column: object) -> Decimal:
    """A sum of doubles is off by less than a cent here: rounding it gives the exact sum."""
    return Decimal(str(pc.sum(column).as_py())).quantize(Decimal("0.01"))
