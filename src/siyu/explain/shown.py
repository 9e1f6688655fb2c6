"""Values as explanations hold them: with their labels, and masked where they are personal.

Personal values are masked, and so is whatever hands one on unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from siyu.core.ir import Aggregate, Call, Cases, Coalesce, Column, Expr, Input, Ref
from siyu.explain.anatomy import Anatomy
from siyu.explain.model import Shown
from siyu.schema.model import Field, Labels, Schema
from siyu.types import (
    DateTimeType,
    DateType,
    EnumType,
    GeoType,
    LevelType,
    SetType,
    TextType,
    TimeType,
    Type,
)
from siyu.words import Speech

PICKING = ("min", "max", "latest", "earliest", "sum")  # an amount of one row may stand alone
SAME = ("rescale", "min", "max")
TELLING = (TextType, DateType, DateTimeType, TimeType, GeoType, SetType)


class Showing:
    """How values of one policy are shown. `show_pii` shows personal values too."""

    def __init__(self, anatomy: Anatomy, show_pii: bool) -> None:
        self._anatomy = anatomy
        self._show_pii = show_pii
        self._zone = anatomy.program.timezone
        self._hidden: dict[int, bool] = {}

    def value(self, node: Expr, held: Any) -> Shown:
        """What an expression is worth."""
        return self.of(node.type, held, held is not None and self.hides(node))

    def of(self, kind: Type, held: Any, hidden: bool = False) -> Shown:
        """A value of a type."""
        if held is not None and isinstance(kind, EnumType | LevelType):
            owner = kind.name if isinstance(kind, EnumType) else kind.tier
            label, label_en = self._member(owner, str(held))
            return Shown(kind, held, self._zone, label, hidden, label_en)
        return Shown(kind, held, self._zone, "", hidden)

    def column(self, table: str, name: str, kind: Type, held: Any) -> Shown:
        """A value in a row."""
        hidden = not self._show_pii and self._is_personal_column(table, name)
        return self.of(kind, held, hidden and held is not None)

    def _member(self, owner: str, member: str) -> tuple[str, str]:
        label = self._anatomy.compiled.labels.get(f"{owner}.{member}")
        if label is not None:
            return label, ""
        enum = self._anatomy.compiled.schema.enums.get(owner)
        labels = enum.labels.get(member) if enum is not None else None
        return two(labels) if labels else ("", "")

    # ------------------------------------------------------------ what is personal

    def hides(self, node: Expr) -> bool:
        """Whether the value of an expression is that of a personal field, handed on unchanged."""
        if self._show_pii or not self._personal:
            return False
        found = self._hidden.get(id(node))
        if found is None:
            found = self._hidden[id(node)] = self._hands_on(node)
        return found

    def _hands_on(self, node: Expr) -> bool:
        waiting, seen = [(node, "")], set()
        while waiting:
            here, table = waiting.pop()
            if id(here) in seen:
                continue
            seen.add(id(here))
            if isinstance(here, Input) and (here.origin, here.name) in self._personal:
                return True
            if isinstance(here, Column) and self._is_personal_column(table, here.name):
                return True
            waiting.extend(self._handed_on(here, table))
        return False

    def _handed_on(self, node: Expr, table: str) -> Iterator[tuple[Expr, str]]:
        match node:
            case Ref() if node.name in self._anatomy.bindings:
                yield self._anatomy.bindings[node.name].expr, table
            case Coalesce():
                yield from ((node.value, table), (node.default, table))
            case Cases():
                yield from ((arm.value, table) for arm in node.arms)
                yield node.otherwise, table
            case Aggregate() if node.value is not None and node.op in PICKING:
                yield node.value, node.rows.table
            case Call() if isinstance(node.type, TELLING) or node.function in SAME:
                yield from ((arg, table) for arg in node.args)
            case _:
                pass

    def _is_personal_column(self, table: str, column: str) -> bool:
        path, _, name = column.rpartition(".")
        return ("row", f"{path or table}.{name}") in self._personal

    @property
    def hides_key(self) -> bool:
        """Whether the customer's key is personal."""
        return (
            not self._show_pii and ("customer", self._anatomy.compiled.schema.key) in self._personal
        )

    @cached_property
    def _personal(self) -> frozenset[tuple[str, str]]:
        found = set(_personal(self._anatomy.compiled.schema))
        if ("customer", self._anatomy.compiled.schema.key) in found:
            found.add(("request", "key"))
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Label:
    """What people call a fact, in each language."""

    zh: str
    en: str

    def spoken(self, speech: Speech) -> str:
        """The label in a language."""
        return self.zh if speech.tongue == "zh" else self.en


def two(labels: Labels) -> tuple[str, str]:
    """A label and the English one, where that is another.

    >>> two(Labels(zh="金卡")), two(Labels(zh="金卡", en="Gold"))
    (('金卡', ''), ('金卡', 'Gold'))
    """
    zh, en = labels.text("zh") or "", labels.text("en") or ""
    return zh, "" if en == zh else en


def _personal(schema: Schema) -> Iterator[tuple[str, str]]:
    """Origin and name of every personal field; of columns "row" and the path."""
    yield from (("customer", name) for name in _pii(schema.fields))
    yield from (("context", name) for name in _pii(schema.context))
    for event, each in schema.events.items():
        yield from (("event", f"{event}.{name}") for name in _pii(each.fields))
    for path, rows in schema.walk():
        own = path.rpartition(".")[2]
        for name in _pii(rows.fields):
            yield from (("row", f"{path}.{name}"), ("row", f"{own}.{name}"))


def _pii(fields: Mapping[str, Field]) -> Iterator[str]:
    return (name for name, field in fields.items() if field.pii)
