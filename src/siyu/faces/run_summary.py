"""What a run came to, as tables for people."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from siyu.faces.excerpt import harmless
from siyu.faces.speaking import colon, comma, told, tongue
from siyu.words import Said, Words, say, say_n

if TYPE_CHECKING:
    from rich.console import JustifyMethod
    from rich.table import Table

    from siyu.population.run.run import Finished

WARNING, HOLDS, FALSE, UNKNOWN = say("warning"), say("holds"), say("does not hold"), say("unknown")
PROVEN = say("proven")
GIVEN: Mapping[str, tuple[str, Words]] = {
    "points": ("postings", say("posted")),
    "incentives": ("given", say("given")),
    "contacts": ("sent", say("sent")),
}
SECONDS: Mapping[str, Words] = {
    "sources": say("reading the sources"), "facts": say("bringing the facts together"),
    "calibrate": say("calibrating"), "allocate": say("sharing out budgets and quotas"),
    "decide": say("deciding"), "write": say("writing"), "total": say("in all"),
}  # fmt: skip
STOPPED_BY: Mapping[str, Words] = {
    "unless": say("unless"), "never": say("never"), "consent": say("consent"),
    "limit": say("limit"), "cap": say("cap"), "posted": say("posted"), "group": say("group"),
    "holdout": say("holdout"), "budget": say("budget"), "quota": say("quota"),
    "arbitration": say("arbitration"), "discard": say("discard"),
}  # fmt: skip


def show(finished: Finished) -> None:
    """Writes the summary to standard output, and why nothing was published to standard error."""
    from rich.console import Console

    console = Console(highlight=False)
    run = finished.run
    console.print(harmless(told(_decided(run))))
    for each in (_outcomes(run), _budgets(run), _rejects(run), _claims(finished)):
        if each is not None:
            console.print(each)
    console.print(harmless(told(_spent(finished))), soft_wrap=True)
    for warning in finished.warnings:
        print(f"{told(WARNING)}{colon()}{harmless(told(warning))}", file=sys.stderr)
    if finished.place is not None:
        said = say("the run lies in {path}", path=str(_from_here(finished.place)))
        console.print(harmless(told(said)), soft_wrap=True)
        return
    for why in finished.why:
        print(harmless(told(why)), file=sys.stderr)
    print(told(say("so nothing is published")), file=sys.stderr)


def _from_here(path: Path) -> Path:
    """The path as people would type it from where they are."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _decided(run: Mapping[str, Any]) -> Said:
    label = run["policy"]["label"]
    about = run["occurred"] if run["occurred"] is not None else run["customers"]
    number, rejected = about["decided"], about["rejected"]
    if run["occurred"] is not None:
        what = say_n("1 event", "{number} events", number, number=f"{number:,}")
    else:
        what = say_n("1 customer", "{number} customers", number, number=f"{number:,}")
    if not rejected:
        return say("{label}: decided about {what}", label=label, what=what)
    return say("{label}: decided about {what}; {rejected} set aside", label=label, what=what,
               rejected=f"{rejected:,}")  # fmt: skip


def table_of(*heads: Words, figures: int = 2) -> Table:
    """Columns: a name, then so many of figures, then words."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, head in enumerate(heads):
        justify: JustifyMethod = "right" if 0 < place <= figures else "left"
        made.add_column(told(head), justify=justify, overflow="fold")
    return made


def _outcomes(run: Mapping[str, Any]) -> Table | None:
    """Every rule with how often it happened, and how often it was stopped by what."""
    counts, labels = run["counts"], run["labels"]
    rows = list(_rules(counts))
    if not rows:
        return None
    made = table_of(say("rule"), say("happened"), say("stopped"), say("by"))
    for rule, number in rows:
        stopped = counts.get("stopped", {}).get(rule, {})
        by = {word: sum(codes.values()) for word, codes in stopped.items()}
        largest = sorted(by.items(), key=lambda pair: -pair[1])
        told_by = comma().join(f"{told(STOPPED_BY.get(word, word))} {n:,}" for word, n in largest)
        label = labels.get(rule, rule)
        made.add_row(harmless(label), f"{number:,}", f"{sum(by.values()):,}" if by else "", told_by)
    return made


def _rules(counts: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for section, (word, _) in GIVEN.items():
        for rule, entry in sorted(counts.get(section, {}).items()):
            yield rule, entry[word]


def _budgets(run: Mapping[str, Any]) -> Table | None:
    """Budgets and quotas: what was gone of them before this run, and what it has used. Of several
    senders with a limit each all are counted together."""
    if not run["budgets"]:
        return None
    made = table_of(say("budget or quota"), say("at most"), say("used before"), say("used now"),
                  say("refused"), figures=4)  # fmt: skip
    labels = run["labels"]
    for code, each in sorted(run["budgets"].items()):
        rule = code.split(".")[0]
        limit = UNKNOWN if each["limit"] is None else _figure(each["limit"])
        if each["senders"] > 1 and each["limit"] is not None:
            limit = say("{senders} × {limit}", senders=each["senders"], limit=limit)
        made.add_row(
            harmless(f"{labels.get(rule, rule)} ({code})"), told(limit),
            _figure(each["used_before"]), _figure(each["spent"]), f"{each['refused']:,}",
        )  # fmt: skip
    return made


def _figure(amount: str | int | None) -> str:
    """An amount with its digits, or a number."""
    from decimal import Decimal

    return "" if amount is None else f"{Decimal(amount):,}"


def _rejects(run: Mapping[str, Any]) -> Table | None:
    """Tables with what was set aside, in words and by code."""
    if not run["rejects"]:
        return None
    from siyu.population.report.said import CODES

    made = table_of(say("set aside in"), say("rows"), say("why"), figures=1)
    for source, codes in sorted(run["rejects"].items()):
        for code, number in sorted(codes.items(), key=lambda pair: -pair[1]):
            why = f"{told(CODES[code])} ({code})" if code in CODES else code
            made.add_row(harmless(source), f"{number:,}", why)
    return made


def _claims(finished: Finished) -> Table | None:
    """Claims with whether they hold; those of everyone and those of each customer."""
    rows: list[tuple[str, bool | None, str]] = []
    labels = finished.run["labels"]
    for name, each in finished.indicators.get("claims", {}).items():
        shown = told(PROVEN) if each.get("proven") else str(each.get("value") or "")
        rows.append((each.get("label") or name, each["holds"], shown))
    for name, each in finished.run["counts"].get("claims", {}).items():
        holds = None if not each["true"] and not each["false"] else not each["false"]
        unknown = each["unknown"]
        told_unknown = told(say("{number} unknown", number=f"{unknown:,}")) if unknown else ""
        rows.append((labels.get(name, name), holds, told_unknown))
    if not rows:
        return None
    made = table_of(say("claim"), say("of everyone"), say("value"))
    for label, holds, value in rows:
        word = told(UNKNOWN if holds is None else HOLDS if holds else FALSE)
        made.add_row(harmless(label), word, harmless(value))
    return made


def _spent(finished: Finished) -> Said:
    parts = [
        told(say("{stage} {seconds} s", stage=SECONDS[name], seconds=f"{seconds:.1f}"))
        for name, seconds in finished.timings.items()
        if name in SECONDS and (seconds >= 0.05 or name == "total")
    ]
    return say("{parts}", parts=("；" if tongue() == "zh" else "; ").join(parts))
