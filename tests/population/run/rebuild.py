"""The decision document out of what a run has written: a row of decisions.parquet and the
customer's rows of outcomes.parquet. So the files hold all that was decided."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from siyu.core import program as core
from siyu.core.program import Fields, Fixed, Items, Leaf, Maybe, Part, Program, Shape
from siyu.decision.plain import Head
from siyu.decision.values import datetime_text
from siyu.population.run.layout import FACTS, LISTED, Column, Path, decision_columns
from siyu.population.run.published import scales
from siyu.types import (
    BoolType,
    DateTimeType,
    DateType,
    DecimalType,
    DurationType,
    IntType,
    MoneyType,
    Type,
)

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
KINDS = {"points": "points", "incentives": "incentive", "contacts": "contact"}
CALLED = {"to": "receiver"}


def document_of_rows(
    program: Program,
    event: str | None,
    row: Mapping[str, Any],
    outcomes: Sequence[Mapping[str, Any]],
    head: Head,
) -> dict[str, Any]:
    """The document. Timestamps in rows are microseconds since 1970."""
    zone = ZoneInfo(program.timezone)
    made = _Rebuild(program, event, row, outcomes, head, zone)
    return made.document()


class _Rebuild:
    def __init__(
        self,
        program: Program,
        event: str | None,
        row: Mapping[str, Any],
        outcomes: Sequence[Mapping[str, Any]],
        head: Head,
        zone: dt.tzinfo,
    ) -> None:
        self.program, self.event, self.row, self.head, self.zone = program, event, row, head, zone
        self.parts = sorted(program.emits(event), key=lambda part: part.name)
        self.columns: dict[tuple[str, str, Path], Column] = {
            (each.section, each.part, each.path): each for each in decision_columns(program, event)
        }
        self.outcomes = {(each["kind"], each["rule"]): each for each in outcomes}
        assert len(self.outcomes) == len(outcomes), "an outcome twice"

    def document(self) -> dict[str, Any]:
        program, head = self.program, self.head
        made: dict[str, Any] = {
            "policy": {"name": program.name, "version": program.version, "digest": program.digest},
            "as_of": datetime_text(head.as_of, self.zone),
            "customer": self.row["customer"],
            "event": None,
        }
        if self.event is not None:
            made["event"] = {"type": self.event, "key": self.row["event"]}
        for section in FACTS[:-1]:
            made[section] = self.section(section)
        for section in ("points", "incentives", "contacts"):
            made[section] = [
                self.outcome(part)
                for part in self.parts
                if part.section == section and part.name in self.row[section]
            ]
        made["stopped"] = [self.stop(text) for text in self.row["stopped"]]
        made["claims"] = self.section("claims")
        made["calibration"] = head.calibration
        counted = sum(len(self.row[word]) for word in (*LISTED, "stopped"))
        assert counted == sum(each["kind"] != "tier" for each in self.outcomes.values())
        self.tiers(made["tiers"])
        return made

    def section(self, name: str) -> dict[str, Any]:
        return {
            p.name: self.shape(p.shape, (), lambda path, p=p: self.cell(p, path))  # type: ignore[misc]
            for p in self.parts
            if p.section == name
        }

    def cell(self, part: Part, path: Path) -> Any:
        return self.row[self.columns[part.section, part.name, path].name]

    def tiers(self, tiers: Mapping[str, Any]) -> None:
        """Changes of level stand among the outcomes as well."""
        if self.event is not None:
            return
        for name, tier in tiers.items():
            row = self.outcomes.get(("tier", name))
            if tier["change"] in (None, "kept"):
                assert row is None
            else:
                assert row is not None
                told = (row["code"], row["change"], row["from"], row["to"], _text(row["until"]))
                words = ("change", "change", "held", "level", "keep_until")
                assert told == tuple(tier[word] for word in words)

    def stop(self, text: str) -> dict[str, str]:
        rule, by, code = _split(text, self.parts)
        row = self.outcomes["stopped", rule]
        assert (row["by"], row["code"]) == (by, code)
        return {"rule": rule, "by": by, "code": code}

    # ------------------------------------------------------------ shapes

    def outcome(self, part: Part) -> dict[str, Any]:
        row = self.outcomes[KINDS[part.section], part.name]

        def cell(path: Path) -> Any:
            if path[0] == "params":
                return json.loads(row["params"])[path[1]]
            if path[0] == "event":
                return self.row["event"]
            return row[CALLED.get(path[0], path[0])]

        return self.shape(part.shape, (), cell)  # type: ignore[no-any-return]

    def shape(self, shape: Shape, path: Path, cell: Any) -> Any:
        match shape:
            case Leaf():
                return written(shape.type, cell(path), self.zone)
            case Fixed():
                return shape.value
            case Fields():
                return {key: self.shape(each, (*path, key), cell) for key, each in shape.items}
            case core.Mapping():
                pairs = sorted(shape.entries, key=lambda pair: pair[0])
                found = {k: self.shape(e.shape, (*path, k), cell) for k, e in pairs}
                return {key: each for key, each in found.items() if each is not None}
            case Maybe():
                found = self.shape(shape.shape, path, cell)
                return None if next(iter(found.values())) is None else found
            case Items(entries=entries):
                if all(isinstance(each.shape, Fixed) for each in entries):
                    return cell(path)
                rows = {_row_number(each.shape): each.shape for each in entries}
                return [self.shape(rows[each["row"]], (), _field(each)) for each in cell(path)]


def _row_number(shape: Shape) -> Any:
    assert isinstance(shape, Fields)
    first = dict(shape.items)["row"]
    assert isinstance(first, Fixed)
    return first.value


def _field(row: Mapping[str, Any]) -> Any:
    return lambda path: row[path[-1]]


def _split(text: str, parts: Sequence[Part]) -> tuple[str, str, str]:
    for part in parts:
        if part.stop is not None and text.startswith(f"{part.name} "):
            by, _, code = text.removeprefix(f"{part.name} ").partition(" ")
            return part.name, by, code
    raise AssertionError(text)


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def written(kind: Type, value: Any, zone: dt.tzinfo) -> Any:
    """A cell as the document has it; text is there already."""
    if value is None:
        return None
    match kind:
        case BoolType():
            return value == "true" if isinstance(value, str) else value
        case IntType():
            return int(value)
        case DecimalType() | MoneyType() | DurationType() if not isinstance(value, str):
            unit = f" {kind.unit}s" if isinstance(kind, DurationType) else ""
            return f"{Decimal(value):.{scales(kind)[1]}f}{unit}"
        case DateType():
            return _text(value)
        case DateTimeType():
            if isinstance(value, str):
                value = (dt.datetime.fromisoformat(value) - EPOCH) // dt.timedelta(microseconds=1)
            return datetime_text(value, zone)
        case _:
            return json.loads(value) if kind == "json" else value
