"""`siyu report`: the page of a run, for whoever decides what comes of it."""

from __future__ import annotations

import sys
import time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from siyu.faces.options import fail, to_json
from siyu.faces.speaking import LANG, current, told
from siyu.words import say

if TYPE_CHECKING:
    from siyu.population.report.model import PointsCost

Form = Literal["html", "json"]
DEFAULT = "report.html"

EXAMPLE = """\b
Examples:
  siyu report out/2026-11-21
  siyu report out/2026-11-21 --against out/2026-10-21 -o report.html --lang zh
  siyu report out/2026-11-21 --sales spend_12m --orders orders_12m
  siyu report out/2026-11-21 --point-worth 0.01 --points-used 60% --product-cost 35%
  siyu report out/2026-11-21 --format json -o figures.json
"""


class _Rate(click.ParamType[Decimal]):
    """A decimal number that is not negative, or so many of one hundred."""

    name = "rate"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        text = str(value).strip()
        try:
            found = Decimal(text.removesuffix("%"))
        except InvalidOperation:
            self.fail(told(say("`{text}` is no number and no percentage", text=text)), param, ctx)
        if not found.is_finite() or found < 0:
            self.fail(told(say("`{text}` must be 0 or more", text=text)), param, ctx)
        return found / 100 if text.endswith("%") else found


@click.command("report", epilog=EXAMPLE)
@click.argument("folder", metavar="DIR")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="The file to write; it is complete or not there. Otherwise report.html here, "
    "or standard output for JSON; `-` is standard output.",
)
@click.option("--against", metavar="OLDDIR", help="An earlier run, to show what moved since.")
@click.option(
    "--pyramid",
    metavar="NAME",
    help="The tier or class whose levels are the layers of the pyramid; otherwise what is called a "
    "pyramid, or the first tier.",
)
@click.option(
    "--sales",
    metavar="METRIC",
    help="The metric that is summed as sales; otherwise the amount that the tier goes by.",
)
@click.option(
    "--orders",
    metavar="METRIC",
    help="The metric that is summed as orders; otherwise the whole number that is called so.",
)
@click.option("--point-worth", type=_Rate(), metavar="AMOUNT", help="What a point is worth when it "
              "is spent, such as 0.01.")  # fmt: skip
@click.option("--points-used", type=_Rate(), metavar="SHARE", help="The share of points that is "
              "ever spent, such as 60%.")  # fmt: skip
@click.option("--product-cost", type=_Rate(), metavar="SHARE", help="What goods cost of their "
              "price, on average, such as 35%.")  # fmt: skip
@click.option("--memory", metavar="SIZE", help="The most memory to use, such as 4GB.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "json"]),
    default=None,
    help="The page, or its figures for machines. Otherwise as the ending of FILE says, else html.",
)
@LANG
def command(
    folder: str,
    output: str | None,
    against: str | None,
    pyramid: str | None,
    sales: str | None,
    orders: str | None,
    point_worth: Decimal | None,
    points_used: Decimal | None,
    product_cost: Decimal | None,
    memory: str | None,
    form: Form | None,
) -> None:
    """Show a run as one page that needs no network: what the policy does with the customer base.

    DIR is the folder that `siyu run -o DIR` wrote. The page shows the customer pyramid, segments,
    stages, movements between levels, points, incentives, contacts and what stopped them,
    indicators, and what was set aside; every chart with its figures in a table. The same run makes
    the same page.

    Exits 0, or 2 where a folder is no complete run or the page cannot be written.
    """
    from siyu.faces.one_file import put, writable
    from siyu.population.report.figures import Asked, figures_of
    from siyu.population.report.folder import ReportFailed
    from siyu.population.report.model import plain

    ending = Path(output).suffix.lower() if output else ""
    chosen: Form = form or ("json" if ending == ".json" else "html")
    told_as = "json" if chosen == "json" else "text"
    place = output if output is not None else DEFAULT if chosen == "html" else None
    writable(place, [str(path) for path in _read(folder, against)])
    began = time.monotonic()
    asked = Asked(
        Path(folder),
        Path(against) if against is not None else None,
        pyramid,
        sales,
        orders,
        _cost(point_worth, points_used, product_cost),
        memory,
    )
    try:
        figures, run = figures_of(asked)
    except ReportFailed as failed:
        fail(failed.said, failed.advice, told_as)
    if chosen == "json":
        put(to_json({"report": 1} | plain(figures)) + "\n", place, told_as)
        return
    from siyu.population.report.page import page_of

    put(page_of(figures, run, current()), place, told_as)
    seconds = f"{time.monotonic() - began:.1f}"
    print(told(say("made in {seconds} s", seconds=seconds)), file=sys.stderr)


def _read(folder: str, against: str | None) -> list[Path]:
    """The files of the runs: none of them may be written over."""
    return [
        path
        for each in (folder, against)
        if each is not None and Path(each).is_dir()
        for path in sorted(Path(each).rglob("*"))
        if path.is_file()
    ]


def _cost(worth: Decimal | None, used: Decimal | None, cost: Decimal | None) -> PointsCost | None:
    """What points cost, where all three are known: one alone says nothing."""
    from siyu.population.report.model import PointsCost

    if worth is None and used is None and cost is None:
        return None
    if worth is None or used is None or cost is None:
        said = say("--point-worth, --points-used and --product-cost belong together: give all")
        raise click.UsageError(told(said))
    return PointsCost(worth, used, cost)
