"""What can be wrong with types, units, scales and ranges: E04xx."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.diagnostics import Diagnostic, perhaps
from siyu.semantics.errors import HEAD
from siyu.words import Words


@dataclass(frozen=True, slots=True)
class NotACondition(Diagnostic):
    code: ClassVar[str] = "E0401"
    message: ClassVar[str] = "this is {found}, where a condition is needed"
    label: ClassVar[str] = "neither true nor false"
    help: ClassVar[str] = "compare it with something, as in `x >= 3` or `x is known`"
    page: ClassVar[str] = (
        "`when`, `where`, `and`, `or` and `not` take conditions: comparisons, bool fields, and "
        "the names of segments and rules."
    )
    wrong: ClassVar[str] = HEAD + "segment a\n  when count(orders)\n"
    right: ClassVar[str] = HEAD + "segment a\n  when count(orders) >= 1\n"

    found: Words


@dataclass(frozen=True, slots=True)
class NoArithmetic(Diagnostic):
    code: ClassVar[str] = "E0402"
    message: ClassVar[str] = "{first} and {second} cannot be {verb}"
    label: ClassVar[str] = "their units do not go together"
    help: ClassVar[str] = "{advice}"
    page: ClassVar[str] = (
        "Units are checked. Amounts of one currency are added and subtracted, multiplied and "
        "divided by plain numbers; an amount divided by an amount is a plain number; durations "
        "likewise. A date minus a date is a number of days; a date plus a duration is a date."
    )
    wrong: ClassVar[str] = HEAD + "metric m = total_spend + 5\n"
    right: ClassVar[str] = HEAD + "metric m = total_spend + 5 yuan\n"

    first: Words
    second: Words
    verb: Words
    advice: Words


@dataclass(frozen=True, slots=True)
class NotComparable(Diagnostic):
    code: ClassVar[str] = "E0403"
    message: ClassVar[str] = "{first} cannot be compared with {second}"
    label: ClassVar[str] = "the two sides are of different kinds"
    help: ClassVar[str] = "{advice}"
    page: ClassVar[str] = (
        "Both sides of a comparison must be of one kind: amounts of one currency, durations, "
        "dates, text, or words of one enum. A date and a date with a time are compared by the "
        "local date."
    )
    wrong: ClassVar[str] = HEAD + "segment a\n  when total_spend >= 30 days\n"
    right: ClassVar[str] = HEAD + "segment a\n  when total_spend >= 30 yuan\n"

    first: Words
    second: Words
    advice: Words


@dataclass(frozen=True, slots=True)
class NotAMember(Diagnostic):
    code: ClassVar[str] = "E0404"
    message: ClassVar[str] = "`{word}` is not one of the words of `{enum}`"
    label: ClassVar[str] = "`{enum}` has {members}"
    help: ClassVar[str] = "choose one of its words"
    page: ClassVar[str] = (
        "A value of an enum is compared with its words, as the schema, the tier or the "
        "classification lists them. A word stands without quotes; its label is for reading only."
    )
    wrong: ClassVar[str] = HEAD + "metric m = count(orders where status is payed)\n"
    right: ClassVar[str] = HEAD + "metric m = count(orders where status is paid)\n"

    word: str
    enum: str
    members: tuple[str, ...]
    near: tuple[str, ...] = ()

    def what_to_do(self) -> Words:
        return perhaps(self.near) if self.near else Diagnostic.what_to_do(self)


@dataclass(frozen=True, slots=True)
class NotOrdered(Diagnostic):
    code: ClassVar[str] = "E0405"
    message: ClassVar[str] = "{what} has no order, so `{op}` says nothing about it"
    label: ClassVar[str] = "neither is more than the other"
    help: ClassVar[str] = "compare with `is` or `in (…)`"
    page: ClassVar[str] = (
        "`<`, `<=`, `>`, `>=` and `between` are for numbers, amounts, durations, dates and times, "
        "for text, and for enums that the schema calls ordered. The levels of a tier are ordered."
    )
    wrong: ClassVar[str] = HEAD + "metric m = count(orders where status >= paid)\n"
    right: ClassVar[str] = HEAD + "metric m = count(orders where status in (paid, refunded))\n"

    what: Words
    op: str


@dataclass(frozen=True, slots=True)
class WrongType(Diagnostic):
    code: ClassVar[str] = "E0406"
    message: ClassVar[str] = "this is {found}, where {wanted} is needed"
    label: ClassVar[str] = "not {wanted}"
    help: ClassVar[str] = "{advice}"
    page: ClassVar[str] = (
        "Every place of a rule takes values of one kind: an amount of money, a duration, a number, "
        "a date, a condition. Nothing is converted in silence."
    )
    wrong: ClassVar[str] = HEAD + 'metric m = abs("a")\n'
    right: ClassVar[str] = HEAD + "metric m = abs(-1)\n"

    found: Words
    wanted: Words
    advice: Words


@dataclass(frozen=True, slots=True)
class TwoCurrencies(Diagnostic):
    code: ClassVar[str] = "E0407"
    message: ClassVar[str] = "amounts in {first} and {second} cannot be taken together"
    label: ClassVar[str] = "two currencies"
    help: ClassVar[str] = "convert one of them by a rate: `x / (1 {second}) * rate`"
    page: ClassVar[str] = (
        "No exchange rate is assumed. Divide by one unit of the currency to get a plain number, "
        "and multiply by a rate that the policy or the facts give."
    )
    wrong: ClassVar[str] = HEAD + "metric m = total_spend + 5 USD\n"
    right: ClassVar[str] = HEAD + "metric m = total_spend + 5 yuan\n"

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class MonthsAndDays(Diagnostic):
    code: ClassVar[str] = "E0408"
    message: ClassVar[str] = "months and days cannot be taken together: months differ in length"
    label: ClassVar[str] = "`1 month` is not `30 days`"
    help: ClassVar[str] = "say both in months, or both in days"
    page: ClassVar[str] = (
        "Months, quarters and years are calendar lengths: a month has 28 to 31 days. Weeks, days, "
        "hours and minutes are fixed lengths. The two are never mixed; `months since d` and "
        "`days since d` give whichever is needed."
    )
    wrong: ClassVar[str] = HEAD + "segment a\n  when days since joined_on > 6 months\n"
    right: ClassVar[str] = HEAD + "segment a\n  when months since joined_on > 6 months\n"


@dataclass(frozen=True, slots=True)
class TooLarge(Diagnostic):
    code: ClassVar[str] = "E0409"
    message: ClassVar[str] = "this could need more than 38 digits"
    label: ClassVar[str] = "up to {digits} digits, by the ranges of what it is made of"
    help: ClassVar[str] = "give fields a range in the schema, or bound a part of it: `min(x, …)`"
    page: ClassVar[str] = (
        "Numbers are exact and never wrap. From the ranges of the fields the checker finds how "
        "large each result can be; what could need more than 38 digits is refused. A field "
        "without a range counts as up to 10^12, an amount as up to 10^9."
    )
    wrong: ClassVar[str] = HEAD + "metric a = total_spend / 7 yuan\nmetric m = a * a * a * a\n"
    right: ClassVar[str] = HEAD + "metric a = total_spend / 7 yuan\nmetric m = a * a\n"

    digits: int


@dataclass(frozen=True, slots=True)
class NoSuchMoment(Diagnostic):
    code: ClassVar[str] = "E0410"
    message: ClassVar[str] = "`{written}` is not {what}"
    label: ClassVar[str] = "the calendar or the clock has no such moment"
    help: ClassVar[str] = "{advice}"
    page: ClassVar[str] = (
        "Dates are written `2026-11-21` and times of day `20:00`, from 00:00 to 24:00."
    )
    wrong: ClassVar[str] = HEAD + "segment a\n  when joined_on >= 2026-02-30\n"
    right: ClassVar[str] = HEAD + "segment a\n  when joined_on >= 2026-02-28\n"

    written: str
    what: Words
    advice: Words


@dataclass(frozen=True, slots=True)
class LostDigits(Diagnostic):
    code: ClassVar[str] = "E0411"
    message: ClassVar[str] = "this has {has} digits after the point, where {most} fit"
    label: ClassVar[str] = "digits would be lost"
    help: ClassVar[str] = "say how to round it: `round(x, {most})`, `floor(x)` or `ceil(x)`"
    page: ClassVar[str] = (
        "No digit is lost silently. Where a value with fewer digits is needed, the policy says "
        "how to round. Nine digits after the point are the most a number has."
    )
    wrong: ClassVar[str] = HEAD + "metric m = 1.0000000001\n"
    right: ClassVar[str] = HEAD + "metric m = 1.000000001\n"

    has: int
    most: int


@dataclass(frozen=True, slots=True)
class NeedsUnit(Diagnostic):
    code: ClassVar[str] = "E0412"
    message: ClassVar[str] = "a length of time needs its unit"
    label: ClassVar[str] = "this is {found}"
    help: ClassVar[str] = "write `{example}`"
    page: ClassVar[str] = (
        "A length of time is written with its unit: `30 days`, `24 hours`, `12 months`. A plain "
        "number could be any of them."
    )
    wrong: ClassVar[str] = HEAD + "metric m = count(orders over last 30)\n"
    right: ClassVar[str] = HEAD + "metric m = count(orders over last 30 days)\n"

    found: Words
    example: str


@dataclass(frozen=True, slots=True)
class DateHasNoHours(Diagnostic):
    code: ClassVar[str] = "E0413"
    message: ClassVar[str] = "a date has no time of day, so {unit} cannot be counted from it"
    label: ClassVar[str] = "this is a date"
    help: ClassVar[str] = "count in days, or use a field that holds a date and time"
    page: ClassVar[str] = (
        "Hours and minutes are counted between moments. A date is a whole day; count days, weeks "
        "or months from it."
    )
    wrong: ClassVar[str] = HEAD + "metric m = hours since joined_on\n"
    right: ClassVar[str] = HEAD + "metric m = days since joined_on\n"

    unit: Words


@dataclass(frozen=True, slots=True)
class PartOfDay(Diagnostic):
    code: ClassVar[str] = "E0414"
    message: ClassVar[str] = "the calendar moves by whole {unit}"
    label: ClassVar[str] = "this may be a fraction"
    help: ClassVar[str] = "round it first: `round(x)`, `floor(x)` or `ceil(x)`"
    page: ClassVar[str] = (
        "Days and months move the local clock by whole days and months. Half a day is `12 hours`; "
        "there is no half month."
    )
    wrong: ClassVar[str] = HEAD + "segment a\n  when joined_on > as_of - 1.5 months\n"
    right: ClassVar[str] = HEAD + "segment a\n  when joined_on > as_of - 2 months\n"

    unit: Words


@dataclass(frozen=True, slots=True)
class NotALength(Diagnostic):
    code: ClassVar[str] = "E0415"
    message: ClassVar[str] = "a period of this length holds nothing"
    label: ClassVar[str] = "not more than nothing"
    help: ClassVar[str] = "write a length above zero"
    page: ClassVar[str] = "`last N` and `next N` look back or ahead by N, so N is above zero."
    wrong: ClassVar[str] = HEAD + "metric m = count(orders over last 0 days)\n"
    right: ClassVar[str] = HEAD + "metric m = count(orders over last 1 day)\n"


@dataclass(frozen=True, slots=True)
class Backwards(Diagnostic):
    code: ClassVar[str] = "E0416"
    message: ClassVar[str] = "`{last}` is before `{first}`"
    label: ClassVar[str] = "no day is in this period"
    help: ClassVar[str] = "write the earlier day first"
    page: ClassVar[str] = "A period runs from its first day to its last one, both included."
    wrong: ClassVar[str] = (
        HEAD + "segment a\n  when true\n  effective from 2026-12-31 to 2026-01-01\n"
    )
    right: ClassVar[str] = (
        HEAD + "segment a\n  when true\n  effective from 2026-01-01 to 2026-12-31\n"
    )

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class NotAShare(Diagnostic):
    code: ClassVar[str] = "E0417"
    message: ClassVar[str] = "`{written}` is not a share of everyone"
    label: ClassVar[str] = "a share lies above 0% and is at most 100%"
    help: ClassVar[str] = "write a number such as `5%`, for a percentile such as `95`"
    page: ClassVar[str] = (
        "`top 5%` is the best twentieth of all members with a known value; "
        "`population percentile(x, 95)` is the value that 95 of 100 members do not exceed."
    )
    wrong: ClassVar[str] = HEAD + "segment a\n  when top 500% by total_spend\n"
    right: ClassVar[str] = HEAD + "segment a\n  when top 5% by total_spend\n"

    written: str
