"""Count what a run decided: who is in which segment, stage and level, and what they got.

Takes for granted decision documents as JSON objects, as `siyu schema decision` publishes them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Document = dict[str, Any]


@dataclass(slots=True)
class Tally:
    """Counts over the decisions added so far."""

    decisions: int = 0
    segments: Counter[str] = field(default_factory=Counter)
    classes: dict[str, Counter[str | None]] = field(default_factory=dict)
    levels: dict[str, Counter[str | None]] = field(default_factory=dict)
    tables: dict[str, Counter[str]] = field(default_factory=dict)
    scores: dict[str, Counter[int]] = field(default_factory=dict)
    postings: Counter[str] = field(default_factory=Counter)
    points: Counter[str] = field(default_factory=Counter)
    worths: dict[str, Decimal] = field(default_factory=dict)
    incentives: Counter[str] = field(default_factory=Counter)
    benefits: dict[str, Counter[str]] = field(default_factory=dict)
    costs: Decimal = Decimal(0)
    contacts: Counter[tuple[str, str]] = field(default_factory=Counter)
    stopped: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    claims: dict[str, Counter[bool | None]] = field(default_factory=dict)

    def add(self, document: Document) -> None:
        """Count one decision."""
        self.decisions += 1
        self._facts(document)
        self._postings(document["points"])
        self._incentives(document["incentives"])
        for contact in document["contacts"]:
            self.contacts[contact["rule"], contact["channel"]] += 1
        for stop in document["stopped"]:
            self.stopped[stop["rule"], stop["by"], stop["code"]] += 1
        for name, holds in document["claims"].items():
            self.claims.setdefault(name, Counter())[holds] += 1

    def _facts(self, document: Document) -> None:
        self.segments.update({name: held is True for name, held in document["segments"].items()})
        for name, case in document["classes"].items():
            self.classes.setdefault(name, Counter())[case] += 1
        for name, tier in document["tiers"].items():
            self.levels.setdefault(name, Counter())[tier["level"]] += 1
        for name, table in document["tables"].items():
            if isinstance(table, dict):
                first = next(iter(table["out"].values()))
                self.tables.setdefault(name, Counter())[str(first)] += 1
        for name, score in document["scores"].items():
            value = int(Decimal(str(score["value"])))
            self.scores.setdefault(name, Counter())[min(value // 20 * 20, 80)] += 1

    def _postings(self, postings: list[Document]) -> None:
        for posting in postings:
            rule = posting["rule"]
            self.postings[rule] += 1
            if posting["points"] is not None:
                self.points[rule] += posting["points"]
            if posting["worth"] is not None:
                worth = Decimal(str(posting["worth"]))
                self.worths[rule] = self.worths.get(rule, Decimal(0)) + worth

    def _incentives(self, incentives: list[Document]) -> None:
        for given in incentives:
            self.incentives[given["rule"]] += 1
            benefit = given["detail"] or given["benefit"]
            self.benefits.setdefault(given["rule"], Counter())[str(benefit)] += 1
            if given["cost"] is not None:
                self.costs += Decimal(str(given["cost"]))
