"""Print a tally for people: bars of segments, stages and levels; what was given and stopped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from rich.console import Console
from rich.table import Table
from rich.text import Text
from tally import Tally

Key = TypeVar("Key")

BAR = 28
"""Characters of the longest bar."""


def bars(console: Console, title: str, counts: Sequence[tuple[str, int]], whole: int) -> None:
    """Print one row per name: its count, its share of the whole and a bar as long as the share."""
    table = _table(title)
    table.add_column(min_width=22)
    table.add_column(justify="right", min_width=6)
    table.add_column(justify="right", min_width=6)
    table.add_column()
    largest = max((count for _, count in counts), default=0)
    for name, count in counts:
        share = f"{count / whole:.1%}" if whole else ""
        length = round(BAR * count / largest) if largest else 0
        bar = "█" * (length or (1 if count else 0))
        table.add_row(name, f"{count:,}", share, Text(bar, style="cyan"))
    console.print(table)


def rows(
    console: Console, title: str, header: Sequence[str], body: Iterable[Sequence[str]]
) -> None:
    """Print a plain table; numbers are right-aligned, and an empty one says `none`."""
    table = _table(title, header=True)
    content = list(body) or [("none", *("" for _ in header[1:]))]
    for index, name in enumerate(header):
        numeric = all(_numeric(row[index]) for row in content)
        table.add_column(name, justify="right" if numeric else "left", min_width=6)
    for row in content:
        table.add_row(*row)
    console.print(table)


def print_year_end(console: Console, tally: Tally, order: Mapping[str, Sequence[str]]) -> None:
    """Print what was decided for everybody at the end of the year.

    `order` gives for a classify or tier its cases from first to last, as the policy has them.
    """
    whole = tally.decisions
    bars(console, "Segments", by_count(tally.segments), whole)
    for kind, outcomes in (("Stages", tally.classes), ("Levels", tally.levels)):
        for name, counts in outcomes.items():
            known = {key or "unknown": counts[key] for key in _ordered(counts, order.get(name, ()))}
            bars(console, f"{kind}: {name}", list(known.items()), whole)
    for name, found in tally.tables.items():
        bars(console, f"Table: {name}", by_count(found), whole)
    for name, values in tally.scores.items():
        spread = [(f"{low} to {low + 19 + (low == 80)}", values[low]) for low in range(0, 100, 20)]
        bars(console, f"Score: {name}", spread, whole)
    rows(
        console,
        f"Incentives, at a cost of {tally.costs:,.2f} USD",
        ("rule", "benefit", "households"),
        (
            (rule, benefit, f"{count:,}")
            for rule, found in sorted(tally.benefits.items())
            for benefit, count in found.most_common()
        ),
    )
    print_contacts(console, tally)
    rows(
        console,
        "Claims",
        ("claim", "holds", "broken", "cannot tell"),
        (
            (name, *(f"{found[key]:,}" for key in (True, False, None)))
            for name, found in sorted(tally.claims.items())
        ),
    )


def print_baskets(console: Console, tally: Tally) -> None:
    """Print what the last basket of each household earned."""
    rows(
        console,
        "Points",
        ("rule", "postings", "points", "worth"),
        (
            (
                rule,
                f"{count:,}",
                f"{tally.points[rule]:,}" if rule in tally.points else "",
                f"{tally.worths[rule]:,.2f} USD" if rule in tally.worths else "",
            )
            for rule, count in sorted(tally.postings.items())
        ),
    )
    print_contacts(console, tally)


def print_contacts(console: Console, tally: Tally) -> None:
    """Print who is written to, and what stopped the others."""
    rows(
        console,
        "Contacts",
        ("rule", "channel", "households"),
        ((*key, f"{count:,}") for key, count in sorted(tally.contacts.items())),
    )
    rows(
        console,
        "Stopped on the way",
        ("rule", "stopped by", "code", "households"),
        ((*key, f"{count:,}") for key, count in sorted(tally.stopped.items())),
    )


def by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Sort names by their count, highest first, then by name."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _ordered(counts: Mapping[Key, int], order: Sequence[Key]) -> list[Key]:
    """The policy's order, then whatever else was counted."""
    return [*order, *sorted((key for key in counts if key not in order), key=str)]


def _numeric(text: str) -> bool:
    return text[:1].isdigit() or text in ("", "-") or text[:1] == "-"


def _table(title: str, *, header: bool = False) -> Table:
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        show_header=header,
        header_style="dim",
        box=None,
        padding=(0, 2, 0, 0),
    )
