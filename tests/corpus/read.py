"""Reads the corpus: chapters of cases, written in YAML so that people can check them by hand.

A file is a list of chapters:

    - says: what the chapter is about, as prose
      policy: |          # without its header; several chapters of a file may do without one
        metric m = …
      zone: Europe/Berlin            # else Asia/Shanghai
      change: {old text: new text}   # lines of facts.yaml that this chapter needs otherwise
      use: {file.siyu: text}         # files that it uses; `file.siyu as x` gives a prefix
      calendars: {file.yaml: text}   # files that its calendars name
      messages: text                 # the catalogue of messages that its head names
      calibration: {cut: value}
      allocation: {cuts as in an allocation file}
      at: 2026-11-21 10:00           # when nothing else is said
      customer: {…}                  # what all its cases give; a case's own fields are added
      values: [{expression: value in the document}, …]
      errors: [E0301 at `text` …]    # instead of cases: what the compiler says
      cases:
        - says: one sentence
          at, customer, event, context, metrics   # the request
          expect: {path: value}      # of the decision document
          rejected: [path: …]        # instead: what is wrong with the request

A path goes down the document by dots: `tiers.level.change`. In the lists of points, incentives and
contacts an outcome is found by its rule: `points.buy.points`. The bare list stands for the rules in
it (`incentives: [a, b]`), and `stopped` for lines `rule by code`; `order metrics` stands for the
names of a part as they stand. A moment without a zone is local
to the policy. Rows may be given as a table of text with `|` between its columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor

HERE = Path(__file__).parent
NOW = "2026-11-21 10:00"
ZONE = "Asia/Shanghai"
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d(\.\d+)?)?( fold)?")


class Plain(SafeConstructor):
    """Dates and fractions stay the text that was written."""


for tag in ("timestamp", "float"):
    Plain.add_constructor(
        f"tag:yaml.org,2002:{tag}", lambda self, node: SafeConstructor.construct_scalar(self, node)
    )


@dataclass(frozen=True)
class Chapter:
    """A policy and what all its cases share."""

    file: str
    number: int
    says: str
    policy: str
    facts: str
    zone: str
    at: str | None
    used: Mapping[str, str] = field(default_factory=dict)
    calibration: Mapping[str, Any] | None = None
    allocation: Mapping[str, Any] | None = None
    errors: tuple[str, ...] | None = None
    calendars: Mapping[str, str] = field(default_factory=dict)
    messages: str | None = None

    @property
    def id(self) -> str:
        return f"{self.file}-{self.number}"


@dataclass(frozen=True)
class Case:
    """One request, and what must come of it."""

    chapter: Chapter
    says: str
    request: Mapping[str, Any]
    expect: Mapping[str, Any]
    rejected: tuple[str, ...] | None

    @property
    def id(self) -> str:
        return f"{self.chapter.id}: {self.says}"


@cache
def facts() -> str:
    return (HERE / "facts.yaml").read_text("utf-8")


def files() -> list[Path]:
    return sorted(path for path in HERE.glob("*.yaml") if path.name != "facts.yaml")


def read(path: Path) -> tuple[list[Chapter], list[Case]]:
    """The chapters and cases of one file, in order."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = Plain
    chapters: list[Chapter] = []
    cases: list[Case] = []
    for number, raw in enumerate(yaml.load(path.read_text("utf-8")), 1):
        chapter, values = _chapter(path.stem, number, raw)
        chapters.append(chapter)
        cases += _cases(chapter, raw, values)
    return chapters, cases


KEYS = {
    "says", "policy", "zone", "change", "use", "calibration", "allocation", "at", "customer",
    "values", "errors", "cases", "calendars", "messages",
}  # fmt: skip
CASE_KEYS = {"says", "at", "customer", "event", "context", "metrics", "expect", "rejected"}


def _chapter(file: str, number: int, raw: dict[str, Any]) -> tuple[Chapter, dict[str, Any]]:
    assert raw.keys() <= KEYS, raw.keys() - KEYS
    zone = raw.get("zone", ZONE)
    known = facts()
    for old, new in raw.get("change", {}).items():
        assert old in known, old
        known = known.replace(old, new)
    body = raw.get("policy", "")
    values = {}
    for n, (expr, value) in enumerate(_pairs(raw.get("values", ())), 1):
        body += f"\nmetric v{n} = {expr}\n"
        values[f"metrics.v{n}"] = (expr, _local(value, zone))
    used = {_file(name): text for name, text in raw.get("use", {}).items()}
    uses = "".join(_use(name) for name in raw.get("use", {}))
    head = (
        f'policy corpus\n  language 1\n  timezone "{zone}"\n  currency CNY\n  schema "facts.yaml"\n'
    )
    if "messages" in raw:
        head += '  messages "messages.yaml"\n'
    at = raw.get("at", NOW)
    errors = raw.get("errors")
    return Chapter(
        file, number, raw["says"], f"{head}\n{uses}{body}", known, zone, at, used,
        raw.get("calibration"), raw.get("allocation"),
        None if errors is None else tuple(errors), raw.get("calendars", {}),
        raw.get("messages"),
    ), values  # fmt: skip


def _file(name: str) -> str:
    return str(name.partition(" as ")[0])


def _use(name: str) -> str:
    path, _, prefix = name.partition(" as ")
    return f'use "{path}"{" as " + prefix if prefix else ""}\n'


def _pairs(values: Any) -> Iterator[tuple[str, Any]]:
    for each in values:
        yield from each.items()


def _cases(chapter: Chapter, raw: dict[str, Any], values: dict[str, Any]) -> Iterator[Case]:
    shared = raw.get("customer", {})
    if values:
        request = _request({}, shared, chapter)
        for path, (expr, value) in values.items():
            yield Case(chapter, f"{expr} = {value}", request, {path: value}, None)
    for each in raw.get("cases", ()):
        assert each.keys() <= CASE_KEYS, each.keys() - CASE_KEYS
        assert ("expect" in each) != ("rejected" in each), each["says"]
        rejected = each.get("rejected")
        yield Case(
            chapter, each["says"], _request(each, shared, chapter),
            _local(each.get("expect", {}), chapter.zone),
            None if rejected is None else tuple(rejected),
        )  # fmt: skip


def _request(raw: dict[str, Any], shared: dict[str, Any], chapter: Chapter) -> dict[str, Any]:
    customer = {"id": "M1", "unsubscribed": False, "consents": [], **shared}
    customer.update(raw.get("customer", {}))
    request: dict[str, Any] = {"customer": {k: _rows(v) for k, v in customer.items()}}
    for part in ("event", "context", "metrics"):
        if part in raw:
            request[part] = raw[part]
    at = raw.get("at", chapter.at)
    if at is not None:
        request["as_of"] = at
    made = _local(request, chapter.zone)
    assert isinstance(made, dict)
    return made


def _rows(value: Any) -> Any:
    if not isinstance(value, str) or " | " not in value:
        return value
    heading, *lines = (
        [cell.strip() for cell in line.split("|")] for line in value.strip().splitlines()
    )
    return [{k: _cell(v) for k, v in zip(heading, line, strict=True) if v != ""} for line in lines]


def _cell(text: str) -> Any:
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    return {"true": True, "false": False, "null": None}.get(text, text)


def _local(value: Any, zone: str) -> Any:
    """With every moment that says no zone made local; ` fold` is the second of two equal ones."""
    match value:
        case dict():
            return {key: _local(each, zone) for key, each in value.items()}
        case list():
            return [_local(each, zone) for each in value]
        case str() if MOMENT.fullmatch(value):
            moment = datetime.fromisoformat(value.removesuffix(" fold"))
            fold = int(value.endswith(" fold"))
            return moment.replace(tzinfo=ZoneInfo(zone), fold=fold).isoformat()
        case _:
            return value
