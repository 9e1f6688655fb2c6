"""A diagnosis as tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from siyu.faces.excerpt import harmless
from siyu.faces.speaking import colon, comma, told
from siyu.semantics.phrases import KINDS
from siyu.semantics.scheme import (
    COSTS,
    DIRECTIONS,
    PRINCIPLES,
    PURPOSES,
    SOURCES,
    TIMINGS,
)
from siyu.words import Words, say, say_n

if TYPE_CHECKING:
    from rich.table import Table

    from siyu.diagnosis import Diagnosis, Family, Gap, Served
    from siyu.text import Source

NOTHING = "–"
HELPS = 2  # of what to write for findings of one kind: the others read alike


def show(root: Path, one: Diagnosis, sources: Mapping[str, Source]) -> None:
    """Writes everything to standard output."""
    from rich.console import Console

    console = Console(highlight=False)
    console.print(harmless(told(say("{label}: the diagnosis", label=one.label))), style="bold")
    for table in _tables(one):
        console.print(table)
    for code, group in groupby(one.gaps, key=lambda gap: gap.code):
        _tell(code, list(group), root, sources)
    number = sum(gap.counts for gap in one.gaps)
    if number:
        said = say_n("1 thing is missing", "{count} things are missing", number)
    else:
        said = say("nothing is missing")
    console.print(harmless(told(said)), soft_wrap=True)


def _tell(code: str, group: Sequence[Gap], root: Path, sources: Mapping[str, Source]) -> None:
    from siyu.diagnosis import CODES

    print(f"{code}  {told(CODES[code][0])}")
    helps: dict[str, None] = {}
    for gap in group:
        source = sources.get(gap.span.file)
        line = f":{source.place(gap.span.start).line}" if source is not None else ""
        print(harmless(f"  {root.parent / gap.span.file}{line}  {told(gap.said)}"))
        helps[told(gap.todo)] = None
    for each in list(helps)[:HELPS]:
        print(harmless(f"  = {told(say('what to write'))}{colon()}{each}"))
    print()


def _tables(one: Diagnosis) -> Iterator[Table]:
    labels = one.labels
    for family in one.families:
        yield _family(family, labels)
    yield _served(say("purpose"), say("contacts"), one.purposes, PURPOSES, labels)
    if one.channels:
        yield _served(say("channel"), say("contacts"), one.channels, {}, labels)
    yield _served(say("principle"), say("incentives"), one.principles, PRINCIPLES, labels)
    if one.matrix:
        table = _table(say("cost"), say("source"), say("benefit"), say("incentives"))
        for cell in one.matrix:
            cost, source = COSTS.get(cell.cost, ""), SOURCES.get(cell.source, "")
            table.add_row(told(cost) or NOTHING, told(source) or NOTHING,
                          harmless(cell.benefit), _names(cell.incentives, labels))  # fmt: skip
        yield table
    table = _table(say("timing"), say("direction"), say("contacts"))
    for each in one.quadrants:
        table.add_row(told(TIMINGS[each.timing]), told(DIRECTIONS[each.direction]),
                      _names(each.contacts, labels))  # fmt: skip
    yield table


def _family(family: Family, labels: Mapping[str, str]) -> Table:
    kind = say("family of segments") if family.kind == "segments" else KINDS[family.kind]
    whole = family.label if family.label == family.name else f"{family.label} ({family.name})"
    head = say("{kind} {name}", kind=kind, name=whole)
    table = _table(head, say("is meant for it"), say("cannot tell"), say("do not ask"))
    for case in family.cases:
        name = case.name if case.label == case.name else f"{case.label} ({case.name})"
        table.add_row(harmless(name), _names(case.named_by, labels),
                      _names(case.unsure, labels), str(len(case.for_all)))  # fmt: skip
    return table


def _served(
    head: Words, rules: Words, found: Iterable[Served], names: Mapping[str, Words],
    labels: Mapping[str, str],
) -> Table:  # fmt: skip
    table = _table(head, rules)
    for each in found:
        name = told(names[each.name]) if each.name in names else each.name
        table.add_row(harmless(name), _names(each.rules, labels))
    return table


def _names(names: Sequence[str], labels: Mapping[str, str]) -> str:
    return harmless(comma().join(labels.get(name, name) for name in names)) or NOTHING


def _table(*heads: Words) -> Table:
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        made.add_column(harmless(told(head)))
    return made
