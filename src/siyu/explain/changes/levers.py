"""The figures that may change: fields, metrics and consents, each with its place in the facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal

from siyu.core.compiled import Compiled
from siyu.core.ir import Aggregate, Column, Expr, Input, Ref
from siyu.core.program import Binding, Facts, Program
from siyu.core.walk import walk
from siyu.explain.changes.labels import called, shown
from siyu.explain.changes.probe import Probe
from siyu.functions import FUNCTIONS
from siyu.schema.model import Collection, Field, Schema
from siyu.types import (
    BOOL,
    DateTimeType,
    DateType,
    DecimalType,
    EnumType,
    MoneyType,
    Type,
    minor_digits,
)
from siyu.words import Words, say

Origin = Literal["customer", "event", "context", "metric", "rows"]
FIXED_ROLES = ("held level", "kept until")
FINEST = 4  # digits behind the point in which people speak of shares and ratios
NO_TEXTS: Mapping[str, str] = MappingProxyType({})
ANYTHING = "…"  # stands for a text of which only matters that there is one


@dataclass(frozen=True, slots=True)
class Lever:
    """A figure that may change.

    `place`: where its value stands among a probe's inputs; of a consent, its table. `switch`: the
    input that says that a metric, or what rows come to, is another than it was. `step`: its
    smallest change, in units of its scale. `field` is that of the schema, `channel` the one whose
    consent it is, `core` the input's or binding's name where that is another (`order_paid.amount`).
    """

    name: str
    label: Words
    origin: Origin
    type: Type
    place: int
    switch: int | None = None
    step: int = 1
    field: Field | None = None
    channel: str | None = None
    core: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """How the core calls it: of metrics and what rows come to the binding's name."""
        origin = "metric" if self.switch is not None else self.origin
        return (origin, self.core or self.name)

    def of(self, facts: Facts) -> Any:
        """What stands in the facts; of metrics only where they have been moved."""
        return facts.values[self.place]

    def moved(self, facts: Facts, value: Any) -> Facts:
        """The facts with another value of this figure (of consents: see `consent`)."""
        values = list(facts.values)
        values[self.place] = value
        if self.switch is not None:
            values[self.switch] = True
        return Facts(tuple(values), facts.tables)


@dataclass(frozen=True, slots=True)
class Consent(Lever):
    """Whether a customer consents to be reached through a channel: a row that says so, at the
    moment of the decision (`moment`: its place among the inputs)."""

    columns: tuple[str, ...] = ()
    time: str | None = None
    moment: int | None = None
    filled: tuple[tuple[str, Any], ...] = ()
    expiry: Type | None = None
    zone: str = "UTC"

    @property
    def key(self) -> tuple[str, str]:
        """Consents are rows, and inputs of no other kind."""
        return ("consent", self.name)

    def of(self, facts: Facts) -> bool:
        """Whether, of the latest rows, some grants it and none refuses."""
        rows = [dict(zip(self.columns, r, strict=True)) for r in self._rows(facts) if self._own(r)]
        if self.time is not None:
            now = None if self.moment is None else facts.values[self.moment]
            times = [row[self.time] for row in rows]
            past = [at for at in times if at is not None and (now is None or at <= now)]
            rows = [row for row in rows if past and row[self.time] == max(past)]
        granted = all(row["granted"] is True for row in rows)
        return granted and any(self._counts(row, facts) for row in rows)

    def _counts(self, row: Mapping[str, Any], facts: Facts) -> bool:
        """Whether a row that grants has what it takes: a basis, and an end that is not past."""
        if "basis" in row and row["basis"] is None:
            return False
        end = row.get("expiry")
        if end is None or self.moment is None:
            return True
        now = facts.values[self.moment]
        if isinstance(self.expiry, DateTimeType):
            return bool(end > now)
        return bool(end >= FUNCTIONS["local_date"].python(now, self.zone))

    def moved(self, facts: Facts, value: Any) -> Facts:
        """Its rows make way for one that says this."""
        tables = list(facts.tables)
        others = [row for row in self._rows(facts) if not self._own(row)]
        tables[self.place] = (*others, self._row(facts, value))
        return Facts(facts.values, tuple(tables))

    def _rows(self, facts: Facts) -> tuple[tuple[Any, ...], ...]:
        return facts.tables[self.place] or ()

    def _own(self, row: tuple[Any, ...]) -> bool:
        return bool(row[self.columns.index("channel")] == self.channel)

    def _row(self, facts: Facts, value: Any) -> tuple[Any, ...]:
        said = {**dict(self.filled), "channel": self.channel, "granted": value}
        if self.time is not None and self.moment is not None:
            said[self.time] = facts.values[self.moment]
        return tuple(said.get(name) for name in self.columns)


def levers_of(
    compiled: Compiled, probe: Probe, show_pii: bool = False, texts: Mapping[str, str] = NO_TEXTS
) -> tuple[Lever, ...]:
    """The figures that people or systems can change: no keys, nothing immutable, no held levels;
    nothing personal unless it may be shown. `texts`: how aggregates are written that are bindings
    of the probe."""
    found = (*_fields(compiled, probe), *_metrics(compiled, probe, show_pii, texts),
             *_consents(compiled, probe))  # fmt: skip
    return tuple(each for each in found if show_pii or not (each.field and each.field.pii))


def every_lever(compiled: Compiled, probe: Probe) -> tuple[Lever, ...]:
    """All fields and metrics that are read, for whoever makes records up instead of advising."""
    fields = _all_fields(compiled.schema, probe)
    return (*fields, *_metrics(compiled, probe, True, NO_TEXTS), *_consents(compiled, probe))


# ---------------------------------------------------------------- fields


def _fields(compiled: Compiled, probe: Probe) -> Iterator[Lever]:
    for lever in _all_fields(compiled.schema, probe):
        field = lever.field
        if field is not None and not field.immutable and not _fixed(field):
            yield lever


def _fixed(field: Field) -> bool:
    return field.role is not None and field.role.startswith(FIXED_ROLES)


def _all_fields(schema: Schema, probe: Probe) -> Iterator[Lever]:
    used = {
        (node.origin, node.name)
        for binding in probe.program.bindings
        for node in walk(binding.expr)
        if isinstance(node, Input)
    }
    for need in probe.origin.needs.inputs:
        field = _field(schema, need, probe.event)
        if field is not None and (need.origin, need.name) in used:
            place = probe.inputs[need.origin, need.name]
            origin: Any = need.origin
            yield Lever(need.name.rpartition(".")[2], called(field), origin, need.type, place,
                        field=field, core=need.name)  # fmt: skip


def _field(schema: Schema, need: Input, event: str | None) -> Field | None:
    """The field of an input that may be another one; None for keys, moments and other events."""
    match need.origin:
        case "customer":
            return None if need.name == schema.key else schema.fields.get(need.name)
        case "context":
            return schema.context.get(need.name)
        case "event":
            owner, _, name = need.name.partition(".")
            if owner != event or name in (schema.events[owner].key, schema.events[owner].time):
                return None
            return schema.events[owner].fields.get(name)
        case _:
            return None


# ---------------------------------------------------------------- metrics


def _metrics(
    compiled: Compiled, probe: Probe, show_pii: bool, texts: Mapping[str, str]
) -> Iterator[Lever]:
    bound = {binding.name: binding for binding in probe.origin.bindings}
    personal = set() if show_pii else _personal(compiled.schema, probe.origin.bindings)
    for name, moved in probe.moved.items():
        if name in personal:
            continue
        kind, text = bound[name].type, texts.get(name)
        step = step_of(kind)
        if text is not None:
            yield Lever(text, text, "rows", kind, moved.place, moved.switch, step, core=name)
        else:
            label = compiled.labels.get(name, name)
            yield Lever(name, label, "metric", kind, moved.place, moved.switch, step)


def step_of(kind: Type) -> int:
    """The least by which people would say that such a figure changes."""
    match kind:
        case MoneyType(currency=currency, scale=scale):
            return int(10 ** max(0, scale - minor_digits(currency)))
        case DecimalType(scale=scale):
            return int(10 ** max(0, scale - FINEST))
        case _:
            return 1


def _personal(schema: Schema, bindings: tuple[Binding, ...]) -> set[str]:
    """The bindings that rest on something personal: their values would tell of it."""
    fields, columns = _personal_fields(schema)
    found: set[str] = set()
    for binding in bindings:
        if any(_tells(node, fields, columns, found) for node in walk(binding.expr)):
            found.add(binding.name)
    return found


def reads_personal_days(schema: Schema, program: Program) -> bool:
    """Whether something rests on a personal date or moment: then the day on which it becomes
    another would tell of it."""
    fields, columns = _personal_fields(schema)
    return any(
        isinstance(node, (Input, Column))
        and isinstance(node.type, (DateType, DateTimeType))
        and _tells(node, fields, columns, set())
        for binding in program.bindings
        for node in walk(binding.expr)
    )


def _personal_fields(schema: Schema) -> tuple[set[str], set[str]]:
    """The personal fields as inputs are called, and the personal columns of rows."""
    fields = {name for name, field in schema.fields.items() if field.pii}
    fields |= {name for name, field in schema.context.items() if field.pii}
    for event, each in schema.events.items():
        fields |= {f"{event}.{name}" for name, field in each.fields.items() if field.pii}
    columns = {
        name for _, rows in schema.walk() for name, field in rows.fields.items() if field.pii
    }
    return fields, columns


def _tells(node: Expr, fields: set[str], columns: set[str], found: set[str]) -> bool:
    match node:
        case Input(name=name):
            return node.origin != "request" and name in fields
        case Column(name=name):
            return name.rpartition(".")[2] in columns
        case Ref(name=name):
            return name in found
        case _:
            return False


# ---------------------------------------------------------------- consents


def _consents(compiled: Compiled, probe: Probe) -> Iterator[Lever]:
    path, rows = next(
        ((p, c) for p, c in compiled.schema.collections.items() if c.role == "consents"), ("", None)
    )
    if rows is None or path not in probe.tables or not _reads(probe, path):
        return
    kind = rows.fields["channel"].type
    if not isinstance(kind, EnumType):
        return
    need = probe.program.needs.tables[probe.tables[path]]
    columns = tuple(column.name for column in need.columns)
    if not {"channel", "granted"} <= set(columns):
        return
    bare = Consent(path, "", "customer", BOOL, probe.tables[path], columns=columns, time=rows.time,
                   moment=probe.inputs.get(("request", "as_of")), filled=_filled(rows),
                   expiry=rows.fields["expiry"].type if "expiry" in rows.fields else None,
                   zone=probe.program.timezone)  # fmt: skip
    for channel in kind.members:
        label = say("consent to {channel}", channel=shown(kind, channel, compiled))
        yield replace(bare, name=f"{path}.{channel}", label=label, channel=channel)


def _reads(probe: Probe, path: str) -> bool:
    return any(
        isinstance(node, Aggregate) and node.rows.table == path
        for binding in probe.program.bindings
        for node in walk(binding.expr)
    )


def _filled(rows: Collection) -> tuple[tuple[str, Any], ...]:
    """What else a new row says: a purpose and an end it has none, of the rest something."""
    basis = rows.fields.get("basis")
    if basis is None:
        return ()
    return (("basis", basis.type.members[0] if isinstance(basis.type, EnumType) else ANYTHING),)
