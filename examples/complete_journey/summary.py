"""Print a tally for people: bars of segments, stages and levels; what was given and stopped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text
from tally import Tally
from words import Words

BAR = 28
"""Characters of the longest bar."""

UNKNOWN = "unknown"


def print_year_end(console: Console, tally: Tally, words: Words) -> None:
    """Print who the households are and what was decided for them at the end of the year."""
    whole = tally.decisions
    segments = [(words.of(name), count) for name, count in tally.segments.most_common()]
    bars(console, "Segments", segments, whole)
    for name, counts in (tally.classes | tally.levels).items():
        bars(console, words.of(name), _in_order(counts, words.members.get(name, {})), whole)
    for name, found in tally.tables.items():
        bars(console, words.of(name), found.most_common(), whole)
    for name, values in tally.scores.items():
        bars(console, words.of(name), _in_steps(values), whole)
    _print_incentives(console, tally, words)
    print_contacts(console, tally, words)
    claims = (
        (words.of(name), *(f"{found[verdict]:,}" for verdict in (True, False, None)))
        for name, found in sorted(tally.claims.items())
    )
    rows(console, "What must hold", ("claim", "holds", "broken", "cannot tell"), claims)


def print_baskets(console: Console, tally: Tally, words: Words) -> None:
    """Print what the last basket of each household earned."""
    postings = (
        (
            words.of(rule),
            f"{count:,}",
            f"{tally.points[rule]:,}" if rule in tally.points else "",
            f"{tally.worths[rule]:,.2f} USD" if rule in tally.worths else "",
        )
        for rule, count in sorted(tally.postings.items())
    )
    rows(console, "Points", ("rule", "households", "points", "worth"), postings)
    print_contacts(console, tally, words)


def print_contacts(console: Console, tally: Tally, words: Words) -> None:
    """Print who is written to, and what stopped the others."""
    sent = (
        (words.of(rule), channel, f"{count:,}")
        for (rule, channel), count in sorted(tally.contacts.items())
    )
    rows(console, "Contacts", ("contact", "channel", "households"), sent)
    stopped = (
        (words.of(rule), by, code, f"{count:,}")
        for (rule, by, code), count in sorted(tally.stopped.items())
    )
    rows(console, "Stopped on the way", ("what", "by", "code", "households"), stopped)


def bars(console: Console, title: str, counts: Sequence[tuple[str, int]], whole: int) -> None:
    """Print one row per name: its count, its share of the whole and a bar as long as the share."""
    table = _table(title)
    table.add_column(min_width=26)
    table.add_column(justify="right", min_width=6)
    table.add_column(justify="right", min_width=6)
    table.add_column(no_wrap=True)
    largest = max((count for _, count in counts), default=0)
    for name, count in counts:
        share = f"{count / whole:.1%}" if whole else ""
        length = max(round(BAR * count / largest), 1) if count else 0
        table.add_row(Text(name), f"{count:,}", share, Text("█" * length, style="cyan"))
    _print(console, table)


def rows(
    console: Console, title: str, header: Sequence[str], body: Iterable[Sequence[str]]
) -> None:
    """Print a plain table; a column of numbers is right-aligned, and an empty table says so."""
    content = list(body)
    if not content:
        console.print(Text.assemble((f"{title}: ", "bold"), "none"), end="\n\n")
        return
    table = _table(title, header=True)
    for name, column in zip(header, zip(*content, strict=True), strict=True):
        numbers = all(cell[:1].isdigit() or not cell or cell[0] == "-" for cell in column)
        table.add_column(name, justify="right" if numbers else "left")
    for row in content:
        table.add_row(*map(Text, row))
    _print(console, table)


def _print_incentives(console: Console, tally: Tally, words: Words) -> None:
    given = (
        (words.of(rule), benefit, f"{count:,}")
        for rule, found in sorted(tally.benefits.items())
        for benefit, count in found.most_common()
    )
    title = f"Incentives, at a cost of {tally.costs:,.2f} USD"
    rows(console, title, ("rule", "benefit", "households"), given)


def _in_order(
    counts: Mapping[str | None, int], members: Mapping[str, str]
) -> list[tuple[str, int]]:
    """The policy's order, each with its label; unknown comes last, and only where there is some."""
    listed = [(label, counts.get(member, 0)) for member, label in members.items()]
    return [*listed, *([(UNKNOWN, counts[None])] if None in counts else [])]


def _in_steps(values: Mapping[int, int]) -> list[tuple[str, int]]:
    """Scores from 0 to 100 in steps of twenty; the last step holds 100 too."""
    return [(f"{low} to {low + 19 + (low == 80)}", values.get(low, 0)) for low in range(0, 100, 20)]


def _print(console: Console, table: Table) -> None:
    console.print(table)
    console.print()


def _table(title: str, *, header: bool = False) -> Table:
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        show_header=header,
        header_style="dim",
        box=None,
        pad_edge=False,
        padding=(0, 3, 0, 0),
    )
