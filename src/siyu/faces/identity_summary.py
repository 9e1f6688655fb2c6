"""What an identity came to, as tables for people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from siyu.faces.excerpt import harmless
from siyu.faces.run_summary import table_of
from siyu.faces.speaking import told, tongue
from siyu.words import Said, say

if TYPE_CHECKING:
    from siyu.population.identity.run import Done


def show(done: Done) -> None:
    """Writes the summary to standard output."""
    from rich.console import Console

    console = Console(highlight=False)
    document = done.document
    console.print(harmless(told(_joined(document))), soft_wrap=True)
    lines = table_of(
        say("joined by"), say("usable"), say("no key"), say("condition unmet"), say("too many"),
        say("joined"), say("conflict"), say("unclear"), figures=7,
    )  # fmt: skip
    for each in document["lines"]:
        links = each["links"]
        figures = (
            each["usable"], each["no_key"], each["condition_unmet"], each["shared"]["profiles"],
            links.get("joined", 0), links.get("conflict", 0), links.get("ambiguous", 0),
        )  # fmt: skip
        lines.add_row(
            harmless(_called(each)), *(f"{number:,}" if number else "" for number in figures)
        )
    console.print(lines)
    if document["conflicts"]:
        fields = {each["field"]: each for each in document["identity"]["conflicts"]}
        rules = {each["rule"]: each for each in document["lines"]}
        clashes = table_of(say("differ in"), say("conflicts"), say("profiles"), say("joined by"))
        for each in document["conflicts"]:
            clashes.add_row(
                harmless(_called(fields[each["field"]])), f"{each['conflicts']:,}",
                f"{each['profiles']:,}", harmless(_called(rules[each["rule"]])),
            )  # fmt: skip
        console.print(clashes)
    if document["changes"] is not None:
        console.print(harmless(told(_changed(document["changes"]))), soft_wrap=True)
    seconds = f"{done.timings['total']:.1f}"
    console.print(harmless(told(say("in all {seconds} s", seconds=seconds))))
    said = say("the result lies in {path}", path=str(_from_here(done.place)))
    console.print(harmless(told(said)), soft_wrap=True)


def _joined(document: Mapping[str, Any]) -> Said:
    profiles, customers = document["profiles"], document["customers"]
    said = say(
        "{label}: {profiles} profiles are {customers} customers, the largest of {largest} profiles",
        label=document["identity"]["label"], profiles=f"{profiles['used']:,}",
        customers=f"{customers['all']:,}", largest=f"{customers['largest']:,}",
    )  # fmt: skip
    if not profiles["set_aside"]:
        return said
    return say("{said}; {number} set aside", said=said, number=f"{profiles['set_aside']:,}")


def _changed(changes: Mapping[str, int]) -> Said:
    numbers = {name: f"{number:,}" for name, number in changes.items()}
    return say(
        "since the earlier result: {kept} customers kept their key, {new} are new, {merged} were "
        "merged into others, {split} split off, {gone} are gone",
        **numbers,
    )


def _called(each: Mapping[str, Any]) -> str:
    first, second = ("zh", "en") if tongue() == "zh" else ("en", "zh")
    labels = each["label"]
    return labels[first] or labels[second] or str(each["field"])


def _from_here(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
