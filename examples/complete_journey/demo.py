"""Decide about 2,469 real households, and say what came out: what `make demo` runs.

    python examples/complete_journey/demo.py

shows the policy, decides about every household at the end of the year and about the last basket of
each, writes the decisions as JSON lines, and explains three of them: why a household is given
something, why another is not, and what would lift a third one to the next level.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any

import click
from files import shown, whole_file, write_jsonl
from households import Row, last_basket
from prepare import CACHE, HERE, packaged_tables, prepare, progress
from rich.console import Console
from rich.text import Text
from summary import print_baskets, print_year_end
from tally import Tally
from words import words_of

import siyu
from siyu.api import Rejection
from siyu.explain.text import lines_of
from siyu.faces.painted import painted
from siyu.words import ENGLISH

POLICY = HERE / "journey.siyu"
CALIBRATION = HERE / "calibration.yaml"
EXCERPT = ("classify churn", "tier card", "points basket_points", "incentive win_back")


@dataclass(frozen=True, slots=True)
class Example:
    """What is explained of the first household that it fits; `asked` as `siyu explain` is asked."""

    title: str
    fits: Callable[[Row], bool]
    asked: Mapping[str, Any]


EXAMPLES = (
    Example(
        "Why household {household} is offered something",
        lambda decision: any(c["rule"] == "win_back_letter" for c in decision["contacts"]),
        {"what": "win_back"},
    ),
    Example(
        "Why household {household} is not sent the coupon book",
        lambda decision: any(
            stop["rule"] == "coupon_book" and stop["by"] == "arbitration"
            for stop in decision["stopped"]
        ),
        {"why_not": "coupon_book"},
    ),
    Example(
        "What would change the card of household {household}",
        lambda decision: decision["segments"]["nearly_gold"] is True,
        {"what": "card", "what_if": True},
    ),
)


@dataclass(slots=True)
class Run:
    """One pass over the households: what was decided, and what could not be."""

    tally: Tally = field(default_factory=Tally)
    rejects: list[Row] = field(default_factory=list)
    examples: dict[int, int] = field(default_factory=dict)
    """The line, from 1, of the first request that fits an example, by the example's place."""

    seconds: float = 0.0

    @property
    def speed(self) -> float:
        """Requests a second, with reading, counting and writing."""
        done = self.tally.decisions + len(self.rejects)
        return done / self.seconds if self.seconds else 0.0


def read_requests(path: Path) -> Iterator[Row]:
    """Read one request a line."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def decide(policy: siyu.Policy, requests: Iterable[Row], out: Path) -> Run:
    """Decide about every request and write the decisions; a bad request is set aside."""
    run = Run()
    started = time.perf_counter()
    with whole_file(out) as file:
        for line, found in enumerate(policy.decide_many(requests), 1):
            if isinstance(found, Rejection):
                run.rejects.append({"line": line, "reasons": [str(r) for r in found.reasons]})
                continue
            file.write(found.to_json() + b"\n")
            document = found.to_dict()
            run.tally.add(document)
            for place, example in enumerate(EXAMPLES):
                if place not in run.examples and example.fits(document):
                    run.examples[place] = line
    run.seconds = time.perf_counter() - started
    rejects = out.with_suffix(".rejects.jsonl")
    if run.rejects:
        write_jsonl(rejects, run.rejects)
    else:
        rejects.unlink(missing_ok=True)
    return run


def excerpt(text: str, beginnings: Iterable[str]) -> str:
    """Cut out the declarations that begin so, each up to the empty line behind it.

    >>> excerpt("param a = 1\\n\\nparam b = 2\\n  from 2027-01-01 = 3\\n", ["param b"])
    'param b = 2\\n  from 2027-01-01 = 3'
    """
    paragraphs = [part.strip("\n") for part in text.split("\n\n")]
    found = (part for start in beginnings for part in paragraphs if part.startswith(f"{start} "))
    return "\n\n".join(found)


def show_policy(console: Console, policy: siyu.Policy) -> None:
    """Print some declarations as they stand in the policy."""
    title(console, f"The policy: some of {policy.path.name}")
    text = Text(excerpt(policy.path.read_text(encoding="utf-8"), EXCERPT))
    text.highlight_regex(r"(?m)^\w+|^  [a-z]+", "bold")
    text.highlight_regex(r'"[^"]*"', "green")
    console.print(text, soft_wrap=True)


def title(console: Console, words: str) -> None:
    console.print()
    console.rule(Text(words, style="bold"), align="left")
    console.print()


def show_examples(
    console: Console, policy: siyu.Policy, path: Path, lines: Mapping[int, int], out: Path
) -> Path | None:
    """Print the explanations of the requests in these lines; write the first household's as a page,
    and tell where."""
    page = None
    for place, line in sorted(lines.items()):
        example = EXAMPLES[place]
        request = next(islice(read_requests(path), line - 1, None))
        household = request["customer"]["household_id"]
        title(console, example.title.format(household=household))
        explanation = policy.explain(request, **example.asked)
        for each in lines_of(explanation, ENGLISH, "full", console.width):
            console.print(painted(each), soft_wrap=True)
        if page is None:
            page = out / f"household_{household}.html"
            everything = policy.explain(request, what_if=True)
            with whole_file(page) as file:
                file.write(everything.html().encode())
    return page


def show_files(console: Console, runs: dict[Path, Run]) -> None:
    """Print how fast it was and where the results lie."""
    title(console, "Where it lies")
    for path, run in runs.items():
        done, rejects = run.tally.decisions, len(run.rejects)
        speed = f"{done:,} decisions, {rejects:,} rejected, {run.speed:,.0f} a second"
        console.print(Text(f"{shown(path)}: {speed}"), soft_wrap=True)


@click.command(help="Decide about the households of The Complete Journey, and say what came out.")
@click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=CACHE / "out",
    show_default="beside this script",
    help="Folder that the decisions are written to.",
)
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
    help="Folder that the prepared households are kept in.",
)
def main(out: Path, source: Path | None, cache: Path) -> None:
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # where a terminal has no bars, it shows ?
    console = Console(highlight=False)
    policy = siyu.load(POLICY, calibration=CALIBRATION)
    show_policy(console, policy)
    title(console, "The households")
    households = prepare(source or packaged_tables(), cache, console)
    with households.open("rb") as lines:
        total = sum(1 for _ in lines)
    words = words_of(policy)

    requests = progress(read_requests(households), total, "deciding about the year", console)
    year = decide(policy, requests, out / "year_end.jsonl")
    title(console, f"{year.tally.decisions:,} households at the end of 2017")
    print_year_end(console, year.tally, words)

    events = map(last_basket, read_requests(households))
    asked = progress(events, total, "deciding about last baskets", console)
    baskets = decide(policy, asked, out / "last_baskets.jsonl")
    title(console, "The last basket of each, at the moment it was paid")
    print_baskets(console, baskets.tally, words)

    page = show_examples(console, policy, households, year.examples, out)
    show_files(console, {out / "year_end.jsonl": year, out / "last_baskets.jsonl": baskets})
    if page is not None:
        console.print(Text(f"{shown(page)}: all of the first household, to open and to print"),
                      soft_wrap=True)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
