"""How a report's figures are written in a language: counts, amounts, shares, and the author's
labels of what was counted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from siyu.explain.html_parts import Html, element
from siyu.explain.values import amount_text, moment_text, number_text
from siyu.population.report.exact import Number, rounded
from siyu.population.report.folder import RunFolder
from siyu.text import harmless
from siyu.types import MoneyType, minor_digits
from siyu.words import Said, Speech, Words, say

NOTHING = "–"
LARGE = 100_000
UNKNOWN = say("unknown")
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(slots=True)
class Shown:
    """One page in the making: its language, the run's labels, and the charts drawn so far."""

    speech: Speech
    folder: RunFolder
    charts: list[dict[str, Any]] = field(default_factory=list)

    def of(self, words: Words) -> str:
        """Words in the page's language."""
        return self.speech.of(words)

    # ------------------------------------------------------------ numbers

    def count(self, number: int | None) -> str:
        """A whole number, its thousands apart."""
        return NOTHING if number is None else number_text(Decimal(number), self.speech.tongue)

    def number(self, number: Number | None, digits: int = 2) -> str:
        """A number with at most so many digits behind the point."""
        if number is None:
            return NOTHING
        return number_text(rounded(number, digits), self.speech.tongue)

    def money(self, amount: Number | None) -> str:
        """An amount of the run's currency with its minor digits."""
        if amount is None:
            return NOTHING
        digits = minor_digits(self.folder.currency)
        held = int(rounded(amount, digits).scaleb(digits))
        return amount_text(held, MoneyType(self.folder.currency, digits), self.speech.tongue)

    def short_money(self, amount: Number | None) -> str:
        """An amount as it is said in a meeting: `¥25.8M`, `2,581.6万元`."""
        if amount is None or abs(Decimal(amount)) < LARGE:
            return self.money(amount)
        size_of = abs(Decimal(amount))
        unit = next(u for u in _UNITS[self.speech.tongue] if size_of >= u[0])
        size = number_text(rounded(Fraction(amount) / unit[0], 1), self.speech.tongue)
        sample = amount_text(0, MoneyType(self.folder.currency, 0), self.speech.tongue)
        if minor_digits(self.folder.currency):
            sample = self.money(0)
        before, _, after = sample.partition("0")
        tail = after.lstrip(".,0")
        said = f"{before}{size.lstrip('-')}{unit[1]}{tail}"
        return f"-{said}" if amount < 0 else said

    def percent(self, share: Decimal | None, digits: int = 1) -> str:
        """A share of one hundred."""
        if share is None:
            return NOTHING
        from babel.numbers import format_decimal

        pattern = "#,##0." + "0" * digits if digits else "#,##0"
        said = rounded(Fraction(share) * 100, digits)
        return f"{format_decimal(said, pattern, locale=self.speech.tongue)}%"

    def change(self, share: Decimal | None) -> str:
        """A change against what was, with its sign."""
        if share is None:
            return NOTHING
        return f"+{self.percent(share)}" if share > 0 else self.percent(share)

    def signed(self, amount: Number | None) -> str:
        """An amount with its sign."""
        return f"+{self.money(amount)}" if amount is not None and amount > 0 else self.money(amount)

    def moment(self, text: object) -> str:
        """An instant of the run's files on the run's clock."""
        try:
            at = dt.datetime.fromisoformat(str(text))
        except ValueError:
            return harmless(str(text))
        if at.tzinfo is None:
            return harmless(str(text))
        past = (at - EPOCH) // dt.timedelta(microseconds=1)
        return moment_text(past, self.folder.zone, self.speech.tongue)

    # ------------------------------------------------------------ names

    def label(self, name: str) -> str:
        """What the author calls a declaration, else its name."""
        found = self.folder.part("labels").get(name)
        return str(found) if found else name

    def case(self, of: str, name: str | None) -> str:
        """What the author calls a level or case; None is not known."""
        return self.of(UNKNOWN) if name is None else self.label_of(f"{of}.{name}", name)

    def label_of(self, key: str, otherwise: str) -> str:
        """The label that is kept under a key."""
        found = self.folder.part("labels").get(key)
        return str(found) if found else otherwise

    def named(self, name: str) -> Html:
        """A declaration by label and name."""
        label = self.label(name)
        if label == name:
            return element("span", label)
        return element("span", label, " ", element("code", name))

    def cased(self, of: str, name: str | None) -> Html:
        """A level or case by label and name."""
        label = self.case(of, name)
        if name is None or label == name:
            return element("span", label)
        return element("span", label, " ", element("code", name))

    def word(self, words: dict[str, Said], name: str | None) -> str:
        """A word of the language's own, such as a reason, or what stands there."""
        if name is None or name == "":
            return NOTHING
        return self.of(words[name]) if name in words else self.label(name)

    # ------------------------------------------------------------ charts

    def chart(self, spec: dict[str, Any], says: str) -> Html:
        """A place for a chart; what it shows stands in a table too, for whoever cannot see it."""
        self.charts.append(spec)
        return element(
            "div", class_="chart", data_chart=str(len(self.charts) - 1), role="img", aria_label=says
        )


_UNITS: dict[str, tuple[tuple[int, str], ...]] = {
    "en": ((10**9, "B"), (10**6, "M"), (10**3, "K")),
    "zh": ((10**8, "亿"), (10**4, "万")),
}


def seen(text: str) -> str:
    """A text as a chart shows it."""
    return harmless(text)


def place(number: Number | None) -> int | float:
    """Where a number stands in a drawing; its text is written elsewhere."""
    if number is None:
        return 0
    return int(number) if number == int(number) else float(number)
