"""A year of 2,469 real households, decided about as a night's run would: what `make demo` runs.

    python examples/complete_journey/demo.py

lays the receipts out as tables and runs the commands that a schedule would run, each printed before
what it prints: the tables are checked; everyone is decided about in October and again at the end of
the year; the baskets of Christmas week are decided about one after another; three households
are explained from the run; and a page shows all of it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import duckdb
from files import shown
from prepare import CACHE, HERE, packaged_tables
from rich.console import Console
from rich.text import Text
from tables import prepare_tables

from siyu.faces.cli import main as siyu_main

POLICY = HERE / "journey.siyu"
LAST = CACHE / "last"  # where sources.yaml looks for the cards that were given before
EXCERPT = ("classify churn", "tier card", "points basket_points", "incentive win_back")
AUTUMN, YEAR_END = "2017-10-01T00:00:00-04:00", "2018-01-01T00:00:00-05:00"


@dataclass(frozen=True, slots=True)
class Example:
    """What is explained of the first household that fits: `fits` is asked of decisions.parquet."""

    title: str
    fits: str
    asked: Sequence[str]


EXAMPLES = (
    Example(
        "Why household {household} is offered something",
        "list_contains(incentives, 'win_back')",
        ("win_back",),
    ),
    Example(
        "Why household {household} is not sent the letter",
        "list_bool_or([stop LIKE 'win_back_letter quota %' FOR stop IN stopped])",
        ("--why-not", "win_back_letter", "--level", "short"),
    ),
    Example(
        "What would change the card of household {household}",
        "nearly_gold",
        ("card", "--what-if"),
    ),
)


def excerpt(text: str, beginnings: Iterable[str]) -> str:
    """Cut out the declarations that begin so, each up to the empty line behind it.

    >>> excerpt("param a = 1\\n\\nparam b = 2\\n  from 2027-01-01 = 3\\n", ["param b"])
    'param b = 2\\n  from 2027-01-01 = 3'
    """
    paragraphs = [part.strip("\n") for part in text.split("\n\n")]
    found = (part for start in beginnings for part in paragraphs if part.startswith(f"{start} "))
    return "\n\n".join(found)


def show_policy(console: Console) -> None:
    """Print some declarations as they stand in the policy."""
    title(console, f"The policy: some of {POLICY.name}")
    text = Text(excerpt(POLICY.read_text(encoding="utf-8"), EXCERPT))
    text.highlight_regex(r"(?m)^\w+|^  [a-z]+", "bold")
    text.highlight_regex(r'"[^"]*"', "green")
    console.print(text, soft_wrap=True)


def title(console: Console, words: str) -> None:
    console.print()
    console.rule(Text(words, style="bold"), align="left")
    console.print()


def print_typed(console: Console, command: str) -> None:
    """Print a command as it would be typed."""
    console.print(Text.assemble(("$ ", "bold green"), (command, "bold")), soft_wrap=True)


def siyu(console: Console, *arguments: str | Path) -> None:
    """Run a command of siyu in this process, as if it had been typed; if it fails, so do we."""
    words = [str(shown(each)) if isinstance(each, Path) else each for each in arguments]
    print_typed(console, "siyu " + " ".join(words))
    sys.stdout.flush()
    try:
        siyu_main(words)
    except SystemExit as done:
        if done.code:
            raise
    console.print()


def households(run: Path) -> list[tuple[Example, str]]:
    """The first household of a run that fits each example, where there is one; one household for
    several examples where one fits several."""
    rows = f"read_parquet('{run / 'decisions.parquet'}')"
    found = []
    with duckdb.connect() as db:
        for example in EXAMPLES:
            select = f"SELECT min(customer) FROM {rows} WHERE {example.fits}"
            if (row := db.execute(select).fetchone()) and row[0] is not None:
                found.append((example, row[0]))
    return found


@click.command(help="Decide about the households of The Complete Journey, and say what came out.")
@click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=CACHE / "out",
    show_default="beside this script",
    help="Folder that the runs and the page are written to.",
)
@click.option(
    "--source",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="Folder of the Parquet tables, instead of the packaged ones.",
)
def main(out: Path, source: Path | None) -> None:
    began = time.perf_counter()
    console = Console(highlight=False)
    show_policy(console)
    out.mkdir(parents=True, exist_ok=True)
    autumn, year, baskets = out / "2017-10-01", out / "2018-01-01", out / "baskets"
    page = (out / "report.html").absolute()

    title(console, "The tables, and what siyu sees in them")
    prepare_tables(source or packaged_tables(), CACHE, console)
    siyu(console, "sources", "check", POLICY, "--as-of", YEAR_END)

    title(console, "Everyone, in October and at the end of the year")
    LAST.unlink(missing_ok=True)
    siyu(console, "run", POLICY, "--as-of", AUTUMN, "--calibrate", "--force", "-o", autumn)
    LAST.symlink_to(autumn.absolute())
    print_typed(console, f"ln -sfn {shown(autumn)} {shown(LAST)}")
    siyu(console, "run", POLICY, "--as-of", YEAR_END, "--calibrate", "--previous", autumn,
         "--force", "-o", year)  # fmt: skip
    siyu(console, "calibrate", POLICY, "--compare", autumn / "calibration.yaml",
         "--with", year / "calibration.yaml")  # fmt: skip

    title(console, "The baskets of Christmas week, one after another")
    siyu(console, "run", POLICY, "--as-of", YEAR_END, "--events", "basket_paid",
         "--calibration", year / "calibration.yaml", "--force", "-o", baskets)  # fmt: skip

    for example, household in households(year):
        title(console, example.title.format(household=household))
        siyu(console, "explain", POLICY, "--run", year, "--customer", household, *example.asked)

    title(console, "All of it on one page")
    siyu(console, "report", year, "--against", autumn, "--orders", "visits_12m", "-o", page)
    console.print(Text(f"{time.perf_counter() - began:.0f} s in all; open"), soft_wrap=True)
    console.print(Text(page.as_uri(), style=f"link {page.as_uri()}"), soft_wrap=True)


if __name__ == "__main__":
    main()
