"""Bytes and dict say the same, whatever a decision holds, and the bytes are canonical."""

import ast
import json
from typing import Any

import pytest
from hypothesis import given, settings

from siyu.core.program import Entry, Fixed, Items, Leaf, Mapping, Part
from siyu.decision import Head, canonical, document_writer, exports_of
from siyu.types import (
    DATE,
    DATETIME,
    INT,
    TIME,
    DecimalType,
    DurationType,
    MoneyType,
    SetType,
    TextType,
    Type,
)

from .shapes import Made, decisions, program_of


@settings(max_examples=3 * settings.default.max_examples)
@given(decisions())
def test_bytes_and_dict_agree(made: Made) -> None:
    writer = document_writer(made.program, made.event)
    values = [made.values[name] for name in writer.exports]
    document = writer.to_dict(values, made.head)
    written = writer.to_json(values, made.head)
    assert json.loads(written) == document
    assert canonical(document) == written
    assert canonical(json.loads(written)) == written


@given(decisions())
def test_an_evaluators_own_order_of_exports_serves(made: Made) -> None:
    names = tuple(reversed([*exports_of(made.program, made.event), "more"]))
    values = [made.values.get(name) for name in names]
    writer = document_writer(made.program, made.event, names)
    plain = document_writer(made.program, made.event)
    own = [made.values[name] for name in plain.exports]
    assert writer.to_json(values, made.head) == plain.to_json(own, made.head)
    assert writer.decision(values, made.head) == plain.decision(own, made.head)


@given(decisions())
def test_generated_code_holds_no_text_of_the_author_as_code(made: Made) -> None:
    source = document_writer(made.program, made.event).source()
    names = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    assert all(name.isascii() for name in names)
    assert "boom" not in names


def document(parts: tuple[Part, ...], values: dict[str, Any], event: str | None = None) -> Any:
    program = program_of(parts)
    writer = document_writer(program, event)
    head = Head("M1", 1_795_226_400_000_000, "o1" if event else None)
    written = writer.to_json([values[name] for name in writer.exports], head)
    return json.loads(written)


@pytest.mark.parametrize(
    ("kind", "held", "written"),
    [
        (INT, -5, -5),
        (DecimalType(3), 250, "0.250"),
        (DecimalType(3), -250, "-0.250"),
        (DecimalType(3), -1, "-0.001"),
        (DecimalType(0), 7, "7"),
        (MoneyType("CNY", 2), 1750, "17.50"),
        (MoneyType("CNY", 6), 17_505_000, "17.51"),
        (MoneyType("CNY", 6), -17_505_000, "-17.51"),
        (MoneyType("CNY", 6), 17_504_999, "17.50"),
        (MoneyType("CNY", 6), -4_999, "0.00"),
        (MoneyType("JPY", 0), 500, "500"),
        (MoneyType("JPY", 2), 50, "1"),
        (MoneyType("CNY", 0), 5, "5.00"),
        (DurationType("day"), 265, "265 days"),
        (DurationType("day"), 1, "1 days"),
        (DurationType("day", 6), 17_333_333, "17.333333 days"),
        (DurationType("month"), -12, "-12 months"),
        (DATE, 739_941, "2026-11-21"),
        (TIME, 72_000, "20:00:00"),
        (DATETIME, 1_795_226_400_000_000, "2026-11-21T10:00:00+08:00"),
        (DATETIME, 1_795_226_400_500_000, "2026-11-21T10:00:00.500000+08:00"),
        (SetType(TextType()), frozenset("ba金"), ["a", "b", "金"]),
        (INT, None, None),
        (MoneyType("CNY", 6), None, None),
        (TIME, None, None),
    ],
)
def test_values_as_they_are_written(kind: Type, held: Any, written: Any) -> None:
    made = document((Part("metrics", "x", Leaf("x", kind)),), {"x": held})
    assert made["metrics"] == {"x": written}


def test_all_parts_are_there_in_their_order() -> None:
    assert list(document((), {})) == [
        "policy", "as_of", "customer", "event", "metrics", "segments", "classes", "scores",
        "tiers", "tables", "points", "incentives", "contacts", "stopped", "claims", "calibration",
    ]  # fmt: skip


def test_maps_and_lists_are_sorted_by_code_point() -> None:
    names = ["b", "B", "金", "a", "é"]
    parts = tuple(Part("classes", name, Fixed(name)) for name in names)
    parts += tuple(Part("contacts", name, Fixed(name), "on") for name in names)
    shape = Mapping(tuple((name, Entry(None, Fixed(1))) for name in names))
    made = document((*parts, Part("tables", "t", shape)), {"on": True})
    ordered = ["B", "a", "b", "é", "金"]
    assert list(made["classes"]) == ordered
    assert made["contacts"] == ordered
    assert list(made["tables"]["t"]) == ordered


def test_heavier_reasons_come_first() -> None:
    entries = tuple(Entry(f"g{n}", Fixed(f"r{n}"), f"w{n}") for n in range(4))
    values = {"g0": True, "g1": True, "g2": None, "g3": True, "w0": 5, "w1": -30, "w2": 99, "w3": 5}
    made = document((Part("scores", "s", Items(entries)),), values)
    assert made["scores"] == {"s": ["r1", "r0", "r3"]}


def test_stopped_outcomes() -> None:
    parts = (
        Part("contacts", "b", Fixed(1), "no", "by_b"),
        Part("incentives", "a", Fixed(1), "no", "by_a"),
        Part("points", "c", Fixed(1), "yes", "free", "paid"),
        Part("points", "d", Fixed(1), "no", "by_a", "other"),
    )
    values = {"no": False, "yes": True, "by_a": "limit a.limit.1", "by_b": "never house.never.1",
              "free": None}  # fmt: skip
    made = document(parts, values, "paid")
    assert (made["points"], made["incentives"], made["contacts"]) == ([1], [], [])
    assert made["event"] == {"type": "paid", "key": "o1"}
    assert made["stopped"] == []
    assert document(parts[:2], values)["stopped"] == [
        {"rule": "a", "by": "limit", "code": "a.limit.1"},
        {"rule": "b", "by": "never", "code": "house.never.1"},
    ]
