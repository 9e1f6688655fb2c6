"""From a schema to the tables of a sample: what their rows are, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from siyu.population.sample import shapes
from siyu.population.sample.clock import clock_of
from siyu.population.sample.columns import (
    clamped,
    columns_of,
    is_quantity,
    nobody,
    owner_column,
    parent_column,
)
from siyu.population.sample.draws import Draws, name
from siyu.population.sample.held import as_column, customer_key
from siyu.population.sample.keys import Digits, row_key
from siyu.population.sample.logs import Logs
from siyu.population.sample.model import Column, Table, Wish
from siyu.population.sample.scale import (
    LINES,
    ROWS,
    digits_of,
    extra_rows,
    first_money,
    ledger_of,
    means,
)
from siyu.population.sample.values import Row, Values
from siyu.schema.model import Collection, Event, Field
from siyu.types import EnumType, IntType, MoneyType, TextType


@dataclass(frozen=True, slots=True)
class Plan:
    """The tables of a sample, parents before what is nested in them; `left_out` are collections
    whose rows cannot be found again, because the rows around them have no key of their own."""

    tables: tuple[Table, ...]
    draws: Draws
    left_out: tuple[str, ...] = ()


def plan(wish: Wish) -> Plan:
    """The tables that a wish makes."""
    draws = Draws(wish.seed)
    values = Values(wish, draws, clock_of(draws, wish.as_of, wish.timezone))
    made = _Planning(wish, draws, values)
    tables = [made.customer(), *made.collections(), *made.events()]
    return Plan(tuple(tables), draws, tuple(made.left_out()))


@dataclass(slots=True)
class _Planning:
    wish: Wish
    draws: Draws
    values: Values

    # ------------------------------------------------------------ customers

    def customer(self) -> Table:
        wish, row = self.wish, Row("customer", "i", "i")
        key = Column(wish.schema.key, "owner", "key", True)
        fields = [f for f in wish.schema.fields.values() if f.name != wish.schema.key]
        columns = [
            key,
            *(c for f in fields for c in columns_of(f, self.values.maybe(f, row), wish.form)),
        ]
        return Table("customer", self._customers("{low}", "{high}"), tuple(columns), "i")

    def _customers(self, low: str, high: str) -> str:
        """Customers with what their rows depend on: how active they are (`act`), when they joined
        and when they were last there (positions in time)."""
        draws = self.draws
        act = draws.number("i", ("customer", "active"), shapes.POSITIONS)
        joined = f"{draws.number('i', ('customer', 'joined'), 5200)} - 1100"
        stays = draws.number("i", ("customer", "stays"), 3 * 1025)
        last = f"CASE WHEN act > 2400 OR {stays} % 3 = 0 THEN 1024 - {stays} % 64 "
        last += f"ELSE {stays} // 3 END"
        most = shapes.POSITIONS - 1
        key = customer_key(self.wish, "i")
        first = f"SELECT i, {key} AS owner, {act} AS act, {joined} AS joined "
        first += f"FROM range({low}, {high}) r(i)"
        second = f"SELECT *, greatest(least(joined, {most - 6}), 0) AS p0 FROM ({first})"
        return f"SELECT *, p0 + (({most} - p0) * ({last})) // 1024 AS p1 FROM ({second})"

    # ------------------------------------------------------------ rows

    def collections(self) -> Iterator[Table]:
        logs = Logs(self.wish, self.draws, self.values, ledger_of(self.wish))
        for path, rows in self.wish.schema.collections.items():
            table = self._rows(path, rows, logs)
            yield table
            yield from self._nested(path, rows, table, ("n1", "j1", digits_of(self.wish, path)))

    def left_out(self) -> Iterator[str]:
        for path, rows in self.wish.schema.walk():
            for below in rows.collections:
                if not _found_again(path, rows):
                    yield f"{path}.{below}"

    def _rows(self, path: str, rows: Collection, logs: Logs) -> Table:
        follows = rows.role == "points log" and logs.ledger is not None
        base, heavy, extra = self._bases(path, rows, logs if follows else None, path)
        row = Row(path, "n1", "j1", "p0", "p1" if rows.role is None else "4095")
        special = logs.columns(rows, row) if rows.role is not None else {}
        if rows.role == "consents":
            kept = self.draws.chance("n1", (path, "kept"), 850)
            base = f"SELECT * FROM ({base}) WHERE {kept}"
        owner = self._owner(rows.fields)
        columns = [owner, *self._fields(rows, row, special, digits_of(self.wish, path))]
        return Table(path, base, tuple(columns), "n1", means(self.wish)[path], heavy, extra)

    def _count(self, path: str, rows: Collection | None) -> str:
        """How many rows a customer has."""
        if rows is not None and rows.role == "consents":
            return str(len(Logs.channels(self.values, rows)))
        most = self._most(rows)
        return self.draws.listed(shapes.counts(means(self.wish)[path], most), "act")

    def _most(self, rows: Collection | None) -> int | None:
        """No more rows than there are keys."""
        if rows is None or rows.key is None:
            return None
        kind = rows.fields[rows.key].type
        return len(kind.members if isinstance(kind, EnumType) else self.values.things(rows)) or None

    def _bases(
        self, path: str, rows: Collection | None, follows: Logs | None, place: str
    ) -> tuple[str, str, int]:
        """The rows of all customers, and those that the heavy one has beside them."""
        count, more = self._count(path, rows), ""
        limited = self._most(rows) is not None or (rows is not None and rows.role == "consents")
        extra = 0 if limited else extra_rows(self.wish, path)
        if follows is not None:
            assert follows.ledger is not None
            bought = self._count(follows.ledger, self.wish.schema.collections[follows.ledger])
            if extra_rows(self.wish, follows.ledger):
                beside = extra_rows(self.wish, follows.ledger)
                bought += f" + CASE i WHEN {self.heavy} THEN {beside} ELSE 0 END"
            most = follows.rules if rows is not None else 1
            count = f"least({count}, ({bought}) * {most})"
            order = "j1 % bought" if rows is not None else "bought - 1 - j1 % bought"
            more = f", {order} AS oj, i * {ROWS} + {order} AS o1"
            if extra:
                extra = min(extra, extra_rows(self.wish, follows.ledger) * most)
        else:
            bought = "0"
        customers = self._customers("{low}", "{high}")
        counted = f"SELECT *, ({count}) AS many, ({bought}) AS bought FROM ({customers})"
        rows_of = f"SELECT *, unnest(range(many)) AS j1 FROM ({counted})"
        base = f"SELECT *, i * {ROWS} + j1 AS n1{more} FROM ({rows_of})"
        heavy = counted.format(low=self.heavy, high=self.heavy + 1)
        heavy = f"SELECT c.*, many + k AS j1 FROM ({heavy}) c, range({{low}}, {{high}}) r(k)"
        return base, f"SELECT *, i * {ROWS} + j1 AS n1{more} FROM ({heavy})" if extra else "", extra

    @property
    def heavy(self) -> int:
        """The customer who has so many rows."""
        return self.wish.customers // 2

    # ------------------------------------------------------------ rows in rows

    def _nested(
        self, path: str, rows: Collection, around: Table, numbers: tuple[str, str, Digits]
    ) -> Iterator[Table]:
        if not _found_again(path, rows):
            return
        assert rows.key is not None
        number, place, digits = numbers
        depth = path.count(".") + 2
        for below, inner in rows.collections.items():
            full = f"{path}.{below}"
            mean = means(self.wish)[full]
            most = min(self._most(inner) or 60, 60)
            table = shapes.counts(mean - 1 if mean >= 1 else mean, most - 1 if mean >= 1 else most)
            drawn = self.draws.number(number, (full, "many"), shapes.POSITIONS)
            many = self.draws.listed(table, drawn) + (" + 1" if mean >= 1 else "")
            salt = self.draws.salt(full, "number")
            here, spot = f"n{depth}", f"j{depth}"
            own = f"((hash(xor({number}, {salt})) >> 24)::BIGINT * {LINES} + {spot}) AS {here}"
            total = self._total(rows, path, number, place, digits)

            def under(base: str, m: str = many, s: str = spot, o: str = own, d: int = depth,
                      t: str = total) -> str:  # fmt: skip
                counted = f"SELECT *, ({m}) AS many{d}, {t} AS total{d} FROM ({base})"
                return (
                    f"SELECT *, {o} FROM (SELECT *, unnest(range(many{d})) AS {s} FROM ({counted}))"
                )

            # Rows that have rows inside are told apart in all of a customer's.
            mark = f"({place} * {LINES} + {spot})" if inner.collections else spot
            row = Row(full, here, mark)
            outer = as_column(rows.fields[rows.key], self._key(rows, path, place, digits))
            columns = [
                self._owner(inner.fields),
                Column(parent_column(self.wish, rows, inner), outer, "parent", True,
                       nobody(rows.fields[rows.key])),
                *self._fields(inner, row, self._share(rows, inner, row, depth), Digits(0, 4)),
            ]  # fmt: skip
            heavy = under(around.heavy) if around.heavy else ""
            made = Table(full, under(around.base), tuple(columns), here, around.mean * mean, heavy,
                         around.extra)  # fmt: skip
            yield made
            yield from self._nested(full, inner, made, (here, mark, Digits(0, 4)))

    def _key(self, rows: Collection, path: str, place: str, digits: Digits) -> str:
        assert rows.key is not None
        if things := self.values.things(rows):
            return self.draws.listed(things, f"{place} % {len(things)}")
        return row_key(rows.fields[rows.key], path, place, digits, self.values.clock.as_of)

    def _total(self, rows: Collection, path: str, number: str, place: str, digits: Digits) -> str:
        """The amount that the rows inside a row add up to."""
        field = first_money(rows)
        return "0" if field is None else self.values.held(field, Row(path, number, place))

    def _share(self, rows: Collection, inner: Collection, row: Row, depth: int) -> dict[str, str]:
        """What a line costs: its share of the amount of the row around it."""
        around, own = first_money(rows), first_money(inner)
        if around is None or own is None:
            return {}
        assert isinstance(own.type, MoneyType) and isinstance(around.type, MoneyType)
        weight = f"(60 + {self.draws.number(row.number, (row.path, 'weight'), 81)})"
        total = f"total{depth} * {weight} // (many{depth} * 100)"
        quantity = next((f for f in inner.fields.values() if is_quantity(f)), None)
        found = {}
        if quantity is not None:
            many = self.values.held(quantity, row)
            total = f"{total} // greatest({many}, 1)"
        step = own.type.scale - around.type.scale
        total = f"({total}) * {10**step}" if step >= 0 else f"({total}) // {10**-step}"
        found[own.name] = f"least(greatest({total}, {own.type.low}), {own.type.high})"
        return found

    # ------------------------------------------------------------ events

    def events(self) -> Iterator[Table]:
        ledger = ledger_of(self.wish)
        for each in self.wish.schema.events.values():
            yield self._event(each, ledger)

    def _event(self, event: Event, ledger: str | None) -> Table:
        path = f"events/{event.name}"
        bought = self.wish.schema.collections[ledger] if ledger is not None else None
        follows = bought is not None and (bought.key in event.fields or event.key is None)
        logs = Logs(self.wish, self.draws, self.values, ledger) if follows else None
        base, heavy, extra = self._bases(path, None, logs, path)
        row = Row(path, "n1", "j1", "p0", "4095")
        special: dict[str, str] = {}
        if follows and bought is not None and ledger is not None:
            order = Row(ledger, "o1", "oj")
            for field in event.fields.values():
                twin = bought.fields.get(field.name)
                if twin is None or twin.type != field.type:
                    continue
                key = field.name == bought.key
                digits = digits_of(self.wish, ledger)
                drawn = (
                    row_key(twin, ledger, "oj", digits, self.wish.as_of)
                    if key
                    else self.values.held(twin, order)
                )
                special[field.name] = clamped(field, drawn)
        if event.key is not None and event.key not in special:
            field = event.fields[event.key]
            special[event.key] = row_key(field, path, "j1", digits_of(self.wish, path),
                                         self.values.clock.as_of)  # fmt: skip
        owner = self._owner(event.fields)
        fields = [
            column
            for field in event.fields.values()
            for column in columns_of(
                field,
                self._optional(field, special, row),
                self.wish.form,
                field.name == event.key,
            )
        ]
        return Table(path, base, (owner, *fields), "n1", means(self.wish)[path], heavy, extra)

    # ------------------------------------------------------------ columns

    def _fields(
        self, rows: Collection, row: Row, special: Mapping[str, str], digits: Digits
    ) -> Iterator[Column]:
        for field in rows.fields.values():
            if field.name == rows.key and field.name not in special:
                held = self._key(rows, row.path, row.place, digits)
            else:
                held = self._optional(field, special, row)
            yield from columns_of(field, held, self.wish.form, field.name == rows.key)

    def _owner(self, fields: Mapping[str, Field]) -> Column:
        key = self.wish.schema.fields[self.wish.schema.key]
        column = owner_column(self.wish, fields)
        return Column(column, "owner", "customer", True, nobody(key))

    def _optional(self, field: Field, special: Mapping[str, str], row: Row) -> str:
        return special[field.name] if field.name in special else self.values.maybe(field, row)


def _found_again(path: str, rows: Collection) -> bool:
    """Whether the rows inside these can say where they stand."""
    if rows.key is None:
        return False
    return "." not in path or isinstance(rows.fields[rows.key].type, IntType | TextType)


def selected(table: Table, low: int, high: int, heavy: bool = False) -> str:
    """The SELECT of a table's rows of some customers, or of the heavy one's further rows."""
    columns = ", ".join(
        f"{each.written.format(each.sql)} AS {name(each.name)}" for each in table.columns
    )
    base = (table.heavy if heavy else table.base).format(low=low, high=high)
    return f"SELECT {columns} FROM ({base})"
