"""The whole of `decide`: a dict as JSON gives it in, the document's bytes out, and its parts."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from benchmarks.decision import SHARE, by_hand
from benchmarks.harness import Paired, Rival, compare, over
from benchmarks.records import members, request
from benchmarks.report import Finding, Row, Target, duration
from benchmarks.rivals import siyu

NOTES = (
    "The hand-written function takes a validated record and leaves out checking and writing.",
    "The parts are measured one at a time, each with its inputs ready: together they take less",
    "than the whole, in which every object is new. That, and the decision's own objects, is what",
    "is left over.",
    "What would make it 3 ×: writing the document natively (msgspec writes it from ready objects",
    "in a third of the generated writer's time), and deciding and writing in one function, so that",
    "150 values need not be handed on and a decision's objects are made only for those who ask.",
)


def run(quick: bool) -> Finding:
    """Measure decide and each of its parts, beside the hand-written function."""
    turns = 5 if quick else 40
    people = members(SHARE * turns)
    loaded = siyu.policy()
    engine = loaded.engine()
    requests = [request(member) for member in people]
    lines = [json.dumps(asked, ensure_ascii=False).encode() for asked in requests]
    reads = [siyu.read(loaded, asked) for asked in requests]
    decisions = [loaded.decide(asked) for asked in requests]
    documents = [decision.to_json() for decision in decisions]
    plain = [msgspec.json.decode(document) for document in documents]

    def whole(asked: dict[str, Any]) -> bytes:
        return loaded.decide(asked).to_json()

    def text_to_text(line: bytes) -> bytes:
        return loaded.decide_json(line).to_json()

    rivals = [
        by_hand(people, turns),
        over("decide, dict to bytes", whole, requests, turns),
        over("validate", loaded.read, requests, turns),
        over("evaluate", engine.decide.decide, [read.facts for read in reads], turns),
        over("document and serialise", lambda one: one.to_json(), decisions, turns),
        over("decide, bytes to bytes", text_to_text, lines, turns),
        over("msgspec: read the request's bytes", msgspec.json.decode, lines, turns),
        over("msgspec: write the document's bytes", msgspec.json.encode, plain, turns),
    ]
    return _finding(rivals, turns, documents)


def _finding(rivals: list[Rival], rounds: int, documents: list[bytes]) -> Finding:
    found = compare(rivals, rounds)
    whole, *parts = found[1:5]
    rows = [_row(whole, Target(6)), *(_row(part, None) for part in parts)]
    rest = whole.ratio - sum(part.ratio for part in parts)
    rows.append(Row("what is left of the whole", rest, "×"))
    rows += [_row(each, None) for each in found[5:]]
    size = sum(map(len, documents)) / len(documents)
    hand = f"hand-written function: {duration(found[0].nanoseconds)}"
    notes = (*NOTES, f"A document has {size:,.0f} bytes on average; {hand}.")
    return Finding("whole", "The whole of decide ÷ the hand-written function", tuple(rows), notes)


def _row(each: Paired, target: Target | None) -> Row:
    time = duration(each.nanoseconds)
    return Row(each.name, each.ratio, "×", each.lowest, each.highest, time, target)
