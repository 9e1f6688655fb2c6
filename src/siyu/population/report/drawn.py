"""What the page's script draws: kinds of charts with names, values, and texts in the language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from siyu.population.report.exact import Number
from siyu.population.report.shown import place, seen

PAST = "past"
HEADS, SALES = "heads", "sales"


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart: its name, where its bars end, and what is written at them."""

    name: str
    tone: str
    values: Sequence[Number | None]
    texts: Sequence[str]
    tones: Sequence[str] | None = None
    """of each bar, where they differ"""

    def plain(self) -> dict[str, Any]:
        made: dict[str, Any] = {
            "name": seen(self.name), "tone": self.tone,
            "values": [place(each) for each in self.values],
            "texts": [seen(each) for each in self.texts],
        }  # fmt: skip
        if self.tones is not None:
            made["tones"] = list(self.tones)
        return made


def bars(names: Sequence[str], *series: Series, stacked: bool = False) -> dict[str, Any]:
    """A row of bars for each name: beside each other, or one behind the other."""
    return {
        "kind": "bars", "names": [seen(each) for each in names], "stacked": stacked,
        "series": [each.plain() for each in series],
    }  # fmt: skip


def sides(names: Sequence[str], left: Series, right: Series) -> dict[str, Any]:
    """Two bars back to back for each name, on the same scale."""
    return {
        "kind": "sides", "names": [seen(each) for each in names],
        "series": [left.plain(), right.plain()],
    }  # fmt: skip


def columns(names: Sequence[str], ranges: Sequence[str], series: Series) -> dict[str, Any]:
    """How many there are of each, from left to right; `ranges` say what each name means."""
    return {
        "kind": "columns", "names": [seen(each) for each in names],
        "ranges": [seen(each) for each in ranges], "series": [series.plain()],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    id: str
    name: str
    depth: int
    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    source: str
    target: str
    value: int
    name: str
    text: str
    tone: str


def flow(nodes: Sequence[Node], links: Sequence[Link]) -> dict[str, Any]:
    """From nodes on the left to nodes on the right, bands as wide as their values."""
    deep = [sum(node.depth == depth for node in nodes) for depth in range(3)]
    return {
        "kind": "flow", "rows": max(deep),
        "nodes": [
            {"id": seen(n.id), "name": seen(n.name), "depth": n.depth, "tone": n.tone,
             "text": n.text}
            for n in nodes
        ],
        "links": [
            {"source": seen(k.source), "target": seen(k.target), "value": k.value,
             "name": seen(k.name), "text": k.text, "tone": k.tone}
            for k in links
        ],
    }  # fmt: skip
