"""What logs and consents hold: the names that a policy writes there, in step with the orders."""

from __future__ import annotations

from dataclasses import dataclass

from siyu.population.sample import words
from siyu.population.sample.draws import Draws
from siyu.population.sample.keys import row_key
from siyu.population.sample.model import Wish
from siyu.population.sample.scale import digits_of, first_money
from siyu.population.sample.values import Row, Values
from siyu.schema.model import Collection, Field
from siyu.types import EnumType, IntType, MoneyType

SPENDING = 60  # of a thousand postings


@dataclass(frozen=True, slots=True)
class Logs:
    """`ledger` is the collection of orders that points are posted about, if there is one."""

    wish: Wish
    draws: Draws
    values: Values
    ledger: str | None

    @property
    def rules(self) -> int:
        """How many rules post points."""
        return max(1, len(self.wish.names.points))

    @staticmethod
    def channels(values: Values, rows: Collection) -> tuple[str, ...]:
        """The channels that there can be consents for."""
        field = rows.fields.get("channel")
        if field is not None and isinstance(field.type, EnumType):
            return field.type.members
        return values.wish.names.words.get("channel", ()) or words.CHANNELS

    def columns(self, rows: Collection, row: Row) -> dict[str, str]:
        """Held values of the columns that the role of a collection names."""
        names = self.wish.names
        match rows.role:
            case "contact log":
                return self._named(rows, row, "contact", names.contacts)
            case "incentive log":
                return self._named(rows, row, "incentive", names.incentives)
            case "points log":
                return self._points(rows, row)
            case "consents":
                return self._consents(rows, row)
            case _:
                return {}

    def _named(
        self, rows: Collection, row: Row, column: str, names: tuple[str, ...]
    ) -> dict[str, str]:
        field = rows.fields.get(column)
        if field is None or isinstance(field.type, EnumType) or not names:
            return {}
        return {column: self.draws.one_of(words.weighted(names), row.number, (row.path, column))}

    def _consents(self, rows: Collection, row: Row) -> dict[str, str]:
        channels = self.channels(self.values, rows)
        found = {"channel": self.draws.listed(channels, f"{row.place} % {len(channels)}")}
        if "granted" in rows.fields:
            found["granted"] = self.draws.chance(row.number, (row.path, "granted"), 850)
        return found

    def _points(self, rows: Collection, row: Row) -> dict[str, str]:
        pairs = self.wish.names.points or (("purchase", "points"),)
        which = f"(({row.place} // greatest(bought, 1)) % {len(pairs)})"
        found: dict[str, str] = {}
        for column, place in (("rule", 0), ("account", 1)):
            field = rows.fields.get(column)
            if field is not None and not isinstance(field.type, EnumType):
                earned = self.draws.listed([pair[place] for pair in pairs], which)
                found[column] = self._or_spent(row, earned, place)
        worth = rows.fields.get("worth")
        if worth is not None and worth.optional:
            found["worth"] = "NULL"  # that of accounts in money
        about = self._about_order(rows)
        points = rows.fields.get("points")
        if self.wish.names.redeeming and points is not None and isinstance(points.type, IntType):
            units = self.draws.number(row.number, (row.path, "spent"), 15)
            spent = f"greatest(-100 * (1 + {units}), {points.type.low})"
            earned = about.get("points") or self.values.held(points, row)
            about["points"] = f"CASE WHEN {self._spends(row)} THEN {spent} ELSE {earned} END"
        return found | about

    def _spends(self, row: Row) -> str:
        """Whether points are spent in a row of the log, not earned."""
        return self.draws.chance(row.number, (row.path, "spends"), SPENDING)

    def _or_spent(self, row: Row, earned: str, place: int) -> str:
        """The rule or the account of a row, by its place in the pairs of both."""
        pairs = self.wish.names.redeeming
        if not pairs:
            return earned
        spent = self.draws.one_of([each[place] for each in pairs], row.number, (row.path, "by"))
        return f"CASE WHEN {self._spends(row)} THEN {spent} ELSE {earned} END"

    def _about_order(self, rows: Collection) -> dict[str, str]:
        """The order that points were posted about: its key and amount, and soon after it."""
        if self.ledger is None:
            return {}
        bought = self.wish.schema.collections[self.ledger]
        order = Row(self.ledger, "o1", "oj")
        found: dict[str, str] = {}
        if bought.key is not None and not isinstance(bought.fields[bought.key].type, IntType):
            digits = digits_of(self.wish, self.ledger)
            key = bought.fields[bought.key]
            found["event"] = row_key(key, self.ledger, "oj", digits, self.wish.as_of)
        amount = first_money(bought)
        if amount is not None:
            self._amounts(rows, amount, self.values.held(amount, order), found)
        if rows.time is not None and bought.time is not None:
            self._time(rows, bought.fields[bought.time], order, found)
        return found

    def _amounts(self, rows: Collection, amount: Field, paid: str, found: dict[str, str]) -> None:
        assert isinstance(amount.type, MoneyType)
        own = rows.fields.get("amount")
        if own is not None and own.type == amount.type:
            assert isinstance(own.type, MoneyType)
            found["amount"] = f"least(greatest({paid}, {own.type.low}), {own.type.high})"
        points = rows.fields.get("points")
        if points is not None and isinstance(points.type, IntType):
            earned = f"({paid}) // {10**amount.type.scale}"
            found["points"] = f"least(greatest({earned}, {points.type.low}), {points.type.high})"

    def _time(self, rows: Collection, paid: Field, order: Row, found: dict[str, str]) -> None:
        assert rows.time is not None
        if rows.fields[rows.time].type != paid.type:
            return
        found[rows.time] = self.values.held(paid, order)
