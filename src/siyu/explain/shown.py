"""Values in words, for an explanation and for what an author says with `because`.

Personal values are masked, and so is whatever hands one on unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal
from zoneinfo import ZoneInfo

from siyu.core.compiled import Compiled
from siyu.core.ir import Aggregate, Call, Cases, Coalesce, Column, Expr, Input, Ref
from siyu.core.program import Binding, Program
from siyu.decision.values import plain_value
from siyu.schema.model import Field, Schema
from siyu.types import (
    DateTimeType,
    DateType,
    DurationType,
    EnumType,
    GeoType,
    LevelType,
    SetType,
    TextType,
    TimeType,
    Type,
)

MASK = "•••"
PICKING = ("min", "max", "latest", "earliest", "sum")  # an amount of one row may stand alone
SAME = ("rescale", "min", "max")
TELLING = (TextType, DateType, DateTimeType, TimeType, GeoType, SetType)
Tongue = Literal["en", "zh"]

UNITS: dict[str, str] = {
    "minute": "分钟", "hour": "小时", "day": "天", "week": "周", "month": "个月", "year": "年",
}  # fmt: skip
SAID: dict[Tongue, dict[object, str]] = {
    "en": {None: "unknown", True: "yes", False: "no", (): "none"},
    "zh": {None: "未知", True: "是", False: "否", (): "无"},
}


def tongue(text: str, before: Tongue = "en") -> Tongue:
    """The language of a text, by its last letter; where it has none, the language before it.

    >>> tongue("We missed you, 您已 "), tongue("… "), tongue("since ")
    ('zh', 'en', 'en')
    """
    for char in reversed(text):
        if "\u3400" <= char <= "\u9fff":
            return "zh"
        if char.isascii() and char.isalpha():
            return "en"
    return before


def duration_text(written: str, unit: str, language: Tongue) -> str:
    """A duration as a person writes it.

    >>> duration_text("1.000000", "day", "en"), duration_text("17.500000", "day", "zh")
    ('1 day', '17.5 天')
    """
    number = written.rstrip("0").rstrip(".") if "." in written else written
    if language == "zh":
        return f"{number} {UNITS.get(unit, unit)}"
    return f"{number} {unit}" if number in ("1", "-1") else f"{number} {unit}s"


@dataclass(frozen=True)
class Wording:
    """How values of one policy are shown. `show_pii` shows personal values too."""

    compiled: Compiled
    program: Program
    show_pii: bool

    def value(self, node: Expr, value: Any, language: Tongue = "en") -> str:
        """What an expression is worth."""
        if value is not None and self.hides(node):
            return MASK
        return self.text(node.type, value, language)

    def text(self, kind: Type, value: Any, language: Tongue = "en") -> str:
        """A value of a type."""
        if value is None or isinstance(value, bool):
            return SAID[language][value]
        if isinstance(value, tuple):
            return ", ".join(map(str, value))
        made = plain_value(kind, value, self._zone)
        if isinstance(made, list):
            return ", ".join(map(str, made)) or SAID[language][()]
        if isinstance(kind, DurationType):
            return duration_text(made.partition(" ")[0], kind.unit, language)
        if isinstance(kind, (EnumType, LevelType)):
            return self._member(kind, str(made))
        return str(made)

    def _member(self, kind: EnumType | LevelType, member: str) -> str:
        owner = kind.name if isinstance(kind, EnumType) else kind.tier
        label = self.compiled.labels.get(f"{owner}.{member}", member)
        return member if label == member else f"{label} ({member})"

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.program.timezone)

    # ------------------------------------------------------------ what is personal

    def hides(self, node: Expr) -> bool:
        """Whether the value of an expression is that of a personal field, handed on unchanged."""
        if self.show_pii or not self._personal:
            return False
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
            case Ref() if node.name in self._bindings:
                yield self._bindings[node.name].expr, table
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

    def hides_binding(self, name: str) -> bool:
        """Whether a binding's value is that of a personal field."""
        binding = self._bindings.get(name)
        return binding is not None and self.hides(binding.expr)

    @property
    def hides_key(self) -> bool:
        """Whether the customer's key is personal."""
        return not self.show_pii and ("customer", self.compiled.schema.key) in self._personal

    @cached_property
    def _bindings(self) -> Mapping[str, Binding]:
        return {binding.name: binding for binding in self.program.bindings}

    @cached_property
    def _personal(self) -> frozenset[tuple[str, str]]:
        found = set(_personal(self.compiled.schema))
        if ("customer", self.compiled.schema.key) in found:
            found.add(("request", "key"))
        return frozenset(found)


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
