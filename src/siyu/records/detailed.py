"""The careful reader: the definition of what a request means, and the finder of all reasons.

Walks the plan with `siyu.schema.values.held`. The generated reader (`source.py`) takes the same
requests and gives the same facts, only faster; whatever it stumbles over is read again here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from siyu.core.program import Facts, TableNeed
from siyu.diagnostics import nearest
from siyu.records.outcome import Read, Reasons, Rejection
from siyu.records.plan import EventPlan, Fields, Plan, Rows, column_owner
from siyu.schema import MISSING, Field
from siyu.schema.model import outside
from siyu.schema.values import Mistake, held, shown
from siyu.types import DATETIME, ROWS_LIMIT, DateTimeType
from siyu.words import Words, either, say

PARTS = ("customer", "event", "context", "metrics", "as_of")
MAX_GUESSED = 40  # characters of a name that is worth comparing with the known ones

MISSING_HERE = say("is missing")
EMPTY_KEY = say("must not be empty: it is the key")

Row = dict[str, object]  # held values by field, lists of rows by collection
Held = dict[str, object]


def read_in_detail(plan: Plan, request: object, as_of: int | None) -> Read | Rejection:
    """The facts of a request, or all reasons why it is rejected. Never raises."""
    return _Reading(plan, Reasons()).run(request, as_of)


@dataclass(slots=True)
class _Reading:
    plan: Plan
    reasons: Reasons
    ignored: int = 0
    guessed: int = 0
    values: dict[tuple[str, str], object] = field(default_factory=dict)

    def run(self, request: object, as_of: int | None) -> Read | Rejection:
        if not isinstance(request, dict):
            self.reasons.add("request", say("must be an object, not {found}", found=shown(request)))
            return self._end() or self._impossible()
        self._names(request, frozenset(PARTS), "request", ignore=False)
        customer, tables = self._customer(request.get("customer"))
        event, event_held = self._event(request.get("event"))
        self._context(request.get("context"))
        given = self._metrics(request.get("metrics"))
        at = self._as_of(request.get("as_of"), event, event_held, as_of)
        key = customer.get(self.plan.key)
        event_key = event_held.get(event.key) if event is not None and event.key else None
        rejected = self._end()
        if rejected is not None or at is None:
            return rejected or self._impossible()
        texts = (str(key), event.name if event else None, _as_text(event_key))
        return self._read(at, texts, tables, given)

    def _not_empty(self, key: object, path: str) -> None:
        """Whoever has no key would be one with all others who have none."""
        if key == "":
            self.reasons.add(path, EMPTY_KEY)

    def _end(self) -> Rejection | None:
        return self.reasons.rejection()

    def _impossible(self) -> Rejection:
        self.reasons.add("request", say("cannot be read"))
        found = self.reasons.rejection()
        assert found is not None
        return found

    def _read(
        self,
        at: int,
        texts: tuple[str, str | None, str | None],
        tables: Held,
        given: tuple[tuple[str, object], ...],
    ) -> Read:
        key, event, event_key = texts
        own = {"as_of": at, "event": event, "event_key": event_key, "key": key}
        self.values.update({("request", name): value for name, value in own.items()})
        self.values.update({("metric", name): value for name, value in given})
        facts = Facts(
            tuple(self.values.get((i.origin, i.name)) for i in self.plan.needs.inputs),
            tuple(_table(tables, need) for need in self.plan.needs.tables),
            given,
        )
        return Read(facts, key, at, event, event_key, self.ignored)

    # ------------------------------------------------------------ parts of a request

    def _customer(self, raw: object) -> tuple[Held, Held]:
        if raw is None:
            self.reasons.add("customer", MISSING_HERE)
            return {}, {}
        if not isinstance(raw, dict):
            self.reasons.add("customer", say("must be an object, not {found}", found=shown(raw)))
            return {}, {}
        values = self._fields(raw, self.plan.customer, "customer")
        self._not_empty(values.get(self.plan.key), f"customer.{self.plan.key}")
        self.values.update({("customer", name): value for name, value in values.items()})
        tables: Held = {r.collection.name: self._rows(raw, r, "customer") for r in self.plan.rows}
        return values, tables

    def _event(self, raw: object) -> tuple[EventPlan | None, Held]:
        if raw is None:
            return None, {}
        if not isinstance(raw, dict):
            self.reasons.add("event", say("must be an object, not {found}", found=shown(raw)))
            return None, {}
        kind = raw.get("type")
        event = self.plan.events.get(kind) if isinstance(kind, str) else None
        if event is None:
            self.reasons.add("event.type", self._no_event(kind))
            return None, {}
        values = self._fields(raw, event.fields, "event")
        if event.key is not None:
            self._not_empty(values.get(event.key), f"event.{event.key}")
        named = {("event", f"{event.name}.{name}"): value for name, value in values.items()}
        self.values.update(named)
        return event, values

    def _no_event(self, kind: object) -> Words:
        if kind is None:
            return MISSING_HERE
        near = self._near(kind, self.plan.events)
        if near:
            return say("is {kind}, which is not an event; did you mean {near}", kind=shown(kind),
                       near=either(near))  # fmt: skip
        return say("is {kind}, which is not an event", kind=shown(kind))

    def _context(self, raw: object) -> None:
        if raw is not None and not isinstance(raw, dict):
            self.reasons.add("context", say("must be an object, not {found}", found=shown(raw)))
            return
        values = self._fields(raw or {}, self.plan.context, "context")
        self.values.update({("context", name): value for name, value in values.items()})

    def _metrics(self, raw: object) -> tuple[tuple[str, object], ...]:
        if raw is None:
            return ()
        if not isinstance(raw, dict):
            self.reasons.add("metrics", say("must be an object, not {found}", found=shown(raw)))
            return ()
        known = self.plan.metrics
        self._names(raw, frozenset(known), "metrics", self.plan.ignore)
        given = []
        for name, kind in known.items():
            if raw.get(name) is not None:
                value = held(kind, raw[name])
                if isinstance(value, Mistake):
                    self.reasons.add(f"metrics.{name}", value.text())
                else:
                    given.append((name, value))
        return tuple(given)

    def _as_of(
        self, raw: object, event: EventPlan | None, values: Held, otherwise: int | None
    ) -> int | None:
        """The event's own time, else what the request says, else what the caller said."""
        said = None if raw is None else self._instant(raw, "as_of")
        if event is not None and event.time is not None:
            found = values.get(event.time)
            return found if isinstance(found, int) else None
        if raw is None and otherwise is None:
            self.reasons.add("as_of", say("is missing, and nothing else says when to decide"))
        return otherwise if raw is None else said

    def _instant(self, raw: object, path: str) -> int | None:
        value = held(DATETIME, raw)
        problem = value.text() if isinstance(value, Mistake) else self._outside(value)
        if problem is not None:
            self.reasons.add(path, problem)
            return None
        return value if isinstance(value, int) else None

    def _outside(self, instant: object) -> Words | None:
        if isinstance(instant, int) and self.plan.first <= instant <= self.plan.last:
            return None
        return say("must lie within the years 1 to 9999 in every zone")

    # ------------------------------------------------------------ fields and rows

    def _fields(self, raw: Row, fields: Fields, path: str) -> Held:
        self._names(raw, fields.known, path, fields.ignore)
        return {each.name: self._field(raw.get(each.name), each, path) for each in fields.read}

    def _field(self, raw: object, each: Field, path: str) -> object:
        if raw is None:
            if each.default is MISSING and not each.optional:
                self.reasons.add(f"{path}.{each.name}", MISSING_HERE)
            return None if each.default is MISSING else each.default
        value = held(each.type, raw)
        problem: Words | None = (
            value.text(each.pii) if isinstance(value, Mistake) else outside(each, value)
        )
        if problem is None and isinstance(each.type, DateTimeType):
            problem = self._outside(value)
        if problem is None:
            return value
        self.reasons.add(f"{path}.{each.name}", problem)
        return None

    def _rows(self, raw: Row, rows: Rows, path: str) -> list[Row] | None:
        name = rows.collection.name
        path, found = f"{path}.{name}", raw.get(name)
        if found is None:
            if not rows.collection.default_empty and not rows.collection.optional:
                self.reasons.add(path, say("is missing; send `[]` where there are none"))
            return None if rows.collection.optional else []
        if not isinstance(found, list | tuple):
            self.reasons.add(
                path, say("must be a list of objects, not {found}", found=shown(found))
            )
            return []
        if len(found) > ROWS_LIMIT:
            most, count = ROWS_LIMIT, len(found)
            told = say("must have at most {most} rows, not {count}", most=most, count=count)
            self.reasons.add(path, told)
            return []
        read = [self._row(each, rows, f"{path}[{index}]") for index, each in enumerate(found)]
        return self._once(read, rows, path)

    def _row(self, raw: object, rows: Rows, path: str) -> Row:
        if not isinstance(raw, dict):
            self.reasons.add(path, say("must be an object, not {found}", found=shown(raw)))
            return {}
        row: Row = self._fields(raw, rows.fields, path)
        for each in rows.nested:
            row[each.collection.name] = self._rows(raw, each, path)
        return row

    def _once(self, read: list[Row], rows: Rows, path: str) -> list[Row]:
        """Equal rows of a keyed collection are one; two that differ are a mistake."""
        key = rows.collection.key
        if key is None:
            return read
        by_key: dict[object, Row] = {}
        for index, row in enumerate(read):
            if row.get(key) is None:
                continue
            first = by_key.setdefault(row[key], row)
            if first is not row and first != row:
                private = rows.collection.fields[key].pii
                told = (
                    say("is the key of two rows that differ")
                    if private
                    else say("is the key {key} of two rows that differ", key=shown(row[key]))
                )
                self.reasons.add(f"{path}[{index}].{key}", told)
        return list(by_key.values())

    def _names(self, raw: Row, known: frozenset[str], path: str, ignore: bool) -> None:
        for name in raw:
            if name in known:
                continue
            if ignore:
                self.ignored += 1
            else:
                self.reasons.add(path, self._unknown(name, known))

    def _unknown(self, name: object, known: frozenset[str]) -> Words:
        near = self._near(name, known)
        if near:
            return say("has an unknown key {name}; did you mean {near}", name=shown(name),
                       near=either(near))  # fmt: skip
        return say("has an unknown key {name}", name=shown(name))

    def _near(self, name: object, known: Iterable[str]) -> tuple[str, ...]:
        """The nearest known names; not for every one of a million unknown keys."""
        if not isinstance(name, str) or len(name) > MAX_GUESSED or self.guessed > 20:
            return ()
        self.guessed += 1
        return nearest(name, sorted(known))


def _as_text(value: object) -> str | None:
    return None if value is None else str(value)


# ---------------------------------------------------------------- tables


def _table(held_rows: Held, need: TableNeed) -> tuple[tuple[object, ...], ...] | None:
    """The rows of a table, flattened where its path leads into rows."""
    found = _flattened(held_rows, need.path.split("."), "", {})
    return None if found is None else tuple(_cells(rows, need) for rows in found)


Chain = dict[str, Row]  # by path: the row, and the rows around it


def _flattened(around: Row, parts: list[str], prefix: str, chain: Chain) -> list[Chain] | None:
    rows = around.get(parts[0])
    if not isinstance(rows, list):
        return None
    path = prefix + parts[0]
    chains: list[Chain] = [{**chain, path: row} for row in rows]
    if len(parts) == 1:
        return chains
    found: list[Chain] = []
    for each in chains:
        below = _flattened(each[path], parts[1:], f"{path}.", each)
        if below is None:
            return None
        found += below
    return found


def _cells(chain: Chain, need: TableNeed, path: str | None = None) -> tuple[object, ...]:
    path = need.path if path is None else path
    cells: list[object] = []
    for column in need.columns:
        owner, name = column_owner(path, column.name)
        value = chain[owner].get(name)
        if column.nested is not None and isinstance(value, list):
            below = f"{owner}.{name}"
            value = tuple(_cells({**chain, below: row}, column.nested, below) for row in value)
        cells.append(value)
    return tuple(cells)
