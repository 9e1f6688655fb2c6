"""Whole policies, and customers at their edges, from a source of chance.

Everything is drawn from one `random.Random`, so that a fixed seed gives a fixed policy and
Hypothesis can shrink what it draws. Constants come from small pools, and the customers' values lie
on and around the same constants: so boundaries are met often, not by luck.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

FACTS = (Path(__file__).parent / "facts.yaml").read_text(encoding="utf-8")
# The days of every policy; nothing is known of days before 2026 and after March 2027.
DAYS_FILE = """\
calendar: 1
source: made up
covers: {from: 2026-01-01, to: 2027-03-31}
days:
  sale: {dates: [2026-02-28..2026-03-02, 2026-11-21, 2027-01-01]}
  closed: {dates: [2026-03-29, 2026-10-25, 2026-11-22..2026-11-23, 2026-12-31..2027-01-03]}
  once: {dates: [2026-03-31], covers: {from: 2026-03-31, to: 2026-11-22}}
  none: {dates: []}
"""

NUMBERS = ("0", "1", "2", "3", "10", "18", "0.5", "2.345", "-1", "5%")
AMOUNTS = ("0 yuan", "1 yuan", "19.90 yuan", "100 yuan", "0.01 yuan", "¥99.99", "1 万元")
DAYS = ("1 day", "7 days", "30 days", "2 weeks", "90 days")
WINDOWS = ("1 day", "7 days", "30 days", "1 month", "12 months", "1 year", "24 hours", "36 hours")
DAYED = WINDOWS[:6]
DATES = ("2026-02-28", "2026-03-31", "2028-02-29", "2026-11-21", "2000-01-01")
COLORS = ("red", "green", "blue")
SIZES = ("s", "m", "l")
UNITS = ("day", "week", "month", "quarter", "year")
LISTS = ("cal.sale", "cal.closed", "cal.once", "cal.none")
TEXTS = ("note", "word", "place", "advisor")
PIECES = ("a", "日", "1", "%", "_", "e\u0301", "😀", " ")
TIMES = ("00:00", "02:30", "09:00", "20:00")
PARTS = ("weekday", "day_of_month", "month_of", "year_of", "days_in_month")
# Any two of them have moments in common, also outside of the quiet hours.
HOURS = (
    "10:00 to 20:00", "20:30 to 06:00", "09:00 to 12:00", "10:00 to 13:00, 14:00 to 20:45",
    "01:30 to 02:45, 09:30 to 11:00, 20:40 to 20:50",
)  # fmt: skip
OPEN = ("09:00 to 21:00", "00:00 to 24:00", "02:15 to 02:45, 10:30 to 11:30, 20:35 to 21:00")
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC")


class Maker:
    """Writes one policy. What has been declared so far may be named by what follows."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.lines: list[str] = []
        self.numbers = ["n", "n_opt", "d", "d", "d_opt"]
        self.amounts = ["cash", "cash_opt"]
        self.dates = ["born", "joined", "seen"]
        self.truths = ["vip", "shy", "stopped_all"]
        self.enums = {"hue": COLORS, "fit": SIZES, "fit_opt": SIZES}
        self.spans: list[str] = []

    # ------------------------------------------------------------ chance

    def one(self, items: tuple[str, ...] | list[str]) -> str:
        return items[self.rng.randrange(len(items))]

    def chance(self, percent: int) -> bool:
        return self.rng.randrange(100) < percent

    def pick(self, *makers: Callable[[int], str]) -> Callable[[int], str]:
        return makers[self.rng.randrange(len(makers))]

    # ------------------------------------------------------------ values

    def number(self, depth: int) -> str:
        if depth <= 0 or self.chance(35):
            return self.one([*self.numbers, *NUMBERS[:6]])
        return self.pick(self._number_sum, self._number_rows, self._number_time,
                         self._number_function, self._number_part)(depth - 1)  # fmt: skip

    def _number_sum(self, depth: int) -> str:
        a, b = self.number(depth), self.number(depth)
        return f"({a} {self.one(('+', '-', '*', '/'))} {b})"

    def _number_rows(self, depth: int) -> str:
        where = self._where(depth)
        return self.one([
            f"count(orders{self._over()}{where})", f"sum(orders.pieces{self._over()}{where})",
            f"avg(orders.pieces{where})", f"distinct(orders.hue{where})",
            f"max(visits.long{self._over(DAYED)})", "count(orders.lines where qty > 1)",
            "sum(orders.lines.qty where orders.paid)", f"count(visits{self._over(DAYED)})",
            "latest(orders.pieces by orders.paid_at)", "earliest(orders.pieces)",
            "count(orders where sum(lines.qty) >= 3)", "min(orders.pieces)",
        ])  # fmt: skip

    def _number_time(self, depth: int) -> str:
        amount = self.amount(0)
        return self.one([
            f"({self.amount(depth)} / {amount})", f"({self.span(0)} / 1 day)",
            "(as_of - seen) / 1 hour",
        ])  # fmt: skip

    def _number_function(self, depth: int) -> str:
        a, b = self.number(depth), self.number(depth)
        return self.one([
            f"round({a}, 1)", f"floor({a})", f"ceil({a})", f"min({a}, {b})", f"max({a}, {b})",
            f"abs({a})", f"({a} otherwise {self.one(NUMBERS)})", f"round({a} / 3, 2)",
        ])  # fmt: skip

    def _number_part(self, _: int) -> str:
        if self.chance(30):
            return f"length({self.one(TEXTS)})"
        return f"{self.one(PARTS)}({self.date()})"

    def amount(self, depth: int) -> str:
        if depth <= 0 or self.chance(35):
            return self.one([*self.amounts, *AMOUNTS])
        a, b = self.amount(depth - 1), self.amount(depth - 1)
        where = self._where(depth - 1)
        return self.one([
            f"({a} + {b})", f"({a} - {b})", f"({a} * {self.number(0)})", f"({a} / 3)",
            f"sum(orders.amount{self._over()}{where})", f"avg(orders.amount{where})",
            f"max(orders.amount{self._over()})", "sum(orders.lines.qty * orders.lines.price)",
            f"({a} otherwise {self.one(AMOUNTS)})", f"max({a}, {b})",
            "latest(orders.amount by orders.paid_at)",
        ])  # fmt: skip

    def span(self, depth: int) -> str:
        return self.one([
            *self.spans, "days since joined", "days since born", "days until born",
            "days since max(orders.paid_at)", "hours since seen", "months since joined",
            "days since earliest(orders.paid_at)", f"days until next({self.one(LISTS)})",
            f"days since last({self.one(LISTS)})",
        ])  # fmt: skip

    def date(self) -> str:
        return self.one([*self.dates, *DATES, "max(orders.paid_at)", "as_of", "min(visits.day)",
                         "joined + 1 month", "as_of - 30 days", "anniversary of born", "today",
                         "date_of(seen)", f"next({self.one(LISTS)})",
                         f"last({self.one(LISTS)})"])  # fmt: skip

    # ------------------------------------------------------------ conditions

    def condition(self, depth: int = 2) -> str:
        if depth > 0 and self.chance(45):
            parts = [self.condition(depth - 1) for _ in range(self.rng.randrange(2, 4))]
            word = self.one((" and ", " or "))
            return word.join(f"({p})" if " and " in p or " or " in p else p for p in parts)
        return self.pick(self._compare, self._period, self._set, self._rows, self._known,
                         self._negated, self._plain, self._share, self._day,
                         self._text)(depth)  # fmt: skip

    def _compare(self, depth: int) -> str:
        op = self.one((">", ">=", "<", "<=", "="))
        kind = self.rng.randrange(6)
        if kind == 0:
            return f"{self.number(depth)} {op} {self.one(NUMBERS)}"
        if kind == 1:
            return f"{self.amount(depth)} {op} {self.amount(0)}"
        if kind == 2:
            span = self.span(0)
            return f"{span} {op} {self._length_for(span)}"
        if kind == 3:
            return f"{self.date()} {op} {self.one(DATES)}"
        if kind == 4:
            low, high = self.rng.randrange(0, 5), self.rng.randrange(5, 30)
            return f"{self.number(0)} between {low} and {high}"
        name = self.one(list(self.enums))
        member = self.one(self.enums[name])
        if self.enums[name] is SIZES or name == "rank":
            return f"{name} {op} {member}"
        return f"{name} is {member}"

    def _length_for(self, span: str) -> str:
        return self.one(("1 month", "3 months", "1 year")) if "months" in span else self.one(DAYS)

    def _period(self, _: int) -> str:
        return self.one([
            f"{self.one(self.dates)} in this {self.one(UNITS)}",
            f"anniversary of born in this {self.one(('week', 'month', 'year'))}",
            f"anniversary of born within {self.one(('last', 'next'))} {self.one(DAYS)}",
            f"{self.one(self.dates)} within {self.one(('last', 'next'))} {self.one(WINDOWS[:6])}",
        ])  # fmt: skip

    def _day(self, _: int) -> str:
        day = self.one([*self.dates, "today", "as_of", "joined + 7 days", "max(orders.paid_at)"])
        listed = self.one(LISTS)
        return self.one([
            f"{day} is {listed}",
            f"not ({day} is {listed} otherwise {self.one(('true', 'false'))})",
            f"weekday({day}) in (6, 7)", f"day_of_month({day}) = days_in_month({day})",
            f"exists(orders where paid_at is {listed})", f"time_of(seen) >= {self.one(TIMES)}",
            f"time_of(as_of) < {self.one(TIMES)}",
        ])  # fmt: skip

    def _text(self, _: int) -> str:
        text, other = self.one(TEXTS), self.one(TEXTS)
        return self.one([
            f"length({text}) <= {self.one(('0', '1', '2', '3'))}", f"has_digit({text})",
            f'contains({text}, "{self.one(PIECES)}")', f'starts_with({text}, "{self.one(PIECES)}")',
            f"contains({text}, {other})", f"starts_with({text}, {other})",
        ])  # fmt: skip

    def _set(self, _: int) -> str:
        return self.one([
            'tags has "x"', 'word in ("a", "b")', "hue in (red, blue)", 'word = "b"',
            "n in (1, 2, 3)", "sunny", 'place = "home"',
        ])  # fmt: skip

    def _rows(self, depth: int) -> str:
        return self.one((f"exists(orders{self._over()})", f"exists(visits{self._over(DAYED)})"))

    def _known(self, _: int) -> str:
        name = self.one([*self.numbers, *self.amounts, "born", "hue", "shy", "seen"])
        return f"{name} is {self.one(('known', 'unknown'))}"

    def _negated(self, depth: int) -> str:
        return self.one([
            "not vip",
            f"not ((n_opt > {self.one(NUMBERS)}) otherwise {self.one(('true', 'false'))})",
            "born is known and not (born in this month)", "hue is known and hue is not red",
            "hue is unknown or hue not in (red, green)", f"n != {self.one(NUMBERS[:6])}",
            f"not exists(orders{self._over()})",
        ])  # fmt: skip

    def _plain(self, _: int) -> str:
        return self.one(self.truths)

    def _share(self, _: int) -> str:
        among = self.one(("", " among n >= 1"))
        return f"(top {self.one(('5%', '20%', '2.5%'))} by {self.one(self.amounts)}{among})"

    def _over(self, windows: tuple[str, ...] = ()) -> str:
        if self.chance(45):
            return ""
        if self.chance(30):
            days = windows or WINDOWS
            return f" over last {self.one(days)} ending {self.one(days)} ago"
        return f" over {self.one(('last', 'last', 'next'))} {self.one(windows or WINDOWS)}"

    def _where(self, depth: int) -> str:
        if self.chance(50):
            return ""
        return " where " + self.one((
            "paid", "amount >= 19.90 yuan", "hue is red", "paid and amount < cash", "pieces > n",
            "hue is known and hue is not blue", "paid_at in this month",
        ))  # fmt: skip

    # ------------------------------------------------------------ declarations

    def policy(self) -> str:
        zone = self.one(ZONES)
        head = ["policy generated", "  language 1", "  version 2", f'  timezone "{zone}"',
                "  currency CNY", '  schema "facts.yaml"', "",
                'calendar cal from "days.yaml"', ""]  # fmt: skip
        self._params()
        self._metrics()
        for n in range(self.rng.randrange(1, 4)):
            self._segment(f"s{n}")
        if self.chance(80):
            self._tier()
        for n in range(self.rng.randrange(0, 3)):
            self._classify(f"c{n}")
        if self.chance(70):
            self._score()
        for n in range(self.rng.randrange(0, 3)):
            self._table(f"t{n}")
        self._points()
        self._incentives()
        self._contacts()
        if self.chance(60):
            word = self.one(("always ", "never ", ""))
            self.lines += [f"ensure claim: {word}{self.condition()}", ""]
        return "\n".join([*head, *self.lines])

    def _params(self) -> None:
        self.lines += [f"param p0 = {self.one(NUMBERS)}",
                       "  from 2026-03-01 = 4", "  from 2027-01-01 = 2.5", "",
                       f"param p1 = {self.one(AMOUNTS)}", ""]  # fmt: skip
        self.numbers.append("p0")
        self.amounts.append("p1")

    def _metrics(self) -> None:
        for n in range(self.rng.randrange(1, 4)):
            self.lines += [f"metric m{n} = {self.number(2)}", ""]
            self.numbers.append(f"m{n}")
        for n in range(self.rng.randrange(1, 3)):
            self.lines += [f"metric a{n} = {self.amount(2)}", ""]
            self.amounts.append(f"a{n}")
        self.lines += ["metric gap = days since max(orders.paid_at)", ""]
        self.spans.append("gap")

    def riders(self) -> list[str]:
        found = []
        if self.chance(25):
            found.append("  unless " + self.one(("vip", "n > 10", "((n_opt > 2) otherwise false)",
                                                 "shy is unknown or shy")))  # fmt: skip
        if self.chance(15):
            found.append("  effective from 2026-01-01 to " + self.one(("2026-03-31", "2029-12-31")))
        return found

    def _segment(self, name: str) -> None:
        self.lines += [f"segment {name}", f"  when {self.condition()}", *self.riders(), ""]
        self.truths.append(name)

    def _tier(self) -> None:
        by = self.one(self.amounts)
        lines = [f"tier rank by {by}"]
        if self.chance(50):
            lines.append("  gold top 5% among n >= 1")
        else:
            lines.append("  gold from 5000 yuan")
        if self.chance(30):
            lines.append(f"  silver when {self.condition(1)}")
        else:
            lines.append("  silver from 100 yuan")
        lines.append("  plain otherwise" + self.one(("", " or unknown")))
        if self.chance(80):
            lines.append("  keep " + self.one(("12 months", "30 days", "1 month")))
            if self.chance(60):
                lines.append("  grace " + self.one(("30 days", "1 month")))
        if self.chance(50):
            lines.append("  fall one level")
        if self.chance(40):
            lines.append(f"  lifetime {self.one(('gold', 'silver'))} when {self.condition(0)}")
        self.lines += [*lines, ""]
        self.enums["rank"] = ("plain", "silver", "gold")

    def _classify(self, name: str) -> None:
        members = ("one", "two", "three")
        lines = [f"classify {name}"]
        for member in members[: self.rng.randrange(1, 3)]:
            lines.append(f"  {member} when {self.condition()}")
            lines += ["  " + rider for rider in self.riders()]
        lines.append("  three otherwise" + self.one(("", " or unknown")))
        self.lines += [*lines, ""]
        self.enums[name] = tuple(
            line.split()[0] for line in lines[1:] if line.split()[0] in members
        )

    def _score(self) -> None:
        lines = ["score risk from 0 to 100", f"  start {self.one(('0', '20', '50'))}"]
        for _ in range(self.rng.randrange(1, 4)):
            word = self.one(("add", "subtract"))
            lines.append(f"  {word} {self.one(('10', '40', '12.5', 'n'))} when {self.condition(1)}")
            lines += self.riders()
        self.lines += [*lines, ""]
        self.numbers.append("risk")

    def _table(self, name: str) -> None:
        how = self.one(("first", "first", "collect"))
        lines = [f"table {name} {how} gives gift, cost", "  | n | hue | cash_opt -> gift | cost |"]
        for n in range(self.rng.randrange(1, 5)):
            cells = (
                self.one(("any", "1, 2", ">= 3", "0..<10", "not 0, 1", "-1..2")),
                self.one(("any", "red", "not red, green", "known", "unknown", "blue")),
                self.one(("any", "> 99.99 yuan", "0 yuan..100 yuan", "unknown", "known")),
            )
            lines.append(f'  | {" | ".join(cells)} -> "g{n}" | {self.one(AMOUNTS)} |')
        lines.append(f'  | otherwise{self.one(("", " or unknown"))} -> "none" | 0 yuan |')
        self.lines += [*lines, ""]
        if how == "first":
            self.amounts.append(f"{name}.cost")

    def _points(self) -> None:
        self.lines += ["account growth", "", "account fund in CNY", ""]
        lines = ["points earn_it on paid"]
        if self.chance(30):
            lines.append("  into growth")
        per = self.one(("1 yuan", "full 10 yuan", "0.3 yuan"))
        lines.append(f"  earn {self.one(('1', '2', '0.7'))} per {per} of event.amount")
        times = self.rng.randrange(0, 3)
        for n in range(times):
            lines.append(f"  times {('2', '1.5')[n]} when {self.condition(1)}")
        if times > 1:
            lines.append("  multipliers " + self.one(("highest", "product", "sum")))
        for window in ("posting", "day", "week", "month", "year"):
            if self.chance(20):
                lines.append(f"  at most {self.one(('30', '200'))} per {window}")
        if self.chance(30):
            lines.append("  at least " + self.one(("1", "20")))
        lines.append("  round " + self.one(("down", "up", "half_up")))
        if self.chance(40):
            lines.append("  usable after 7 days")
        lines.append(self.one(("  expire 365 days after earning", "  expire at end of this year",
                               "  expire at end of next year")))  # fmt: skip
        if self.chance(30):
            lines.append(f"  when {self.condition(1)}")
        self.lines += [*lines, *self.riders(), ""]
        self.lines += [
            "points pay_friend on paid",
            "  into fund of referrer",
            "  earn 0.05 yuan per 1 yuan of event.amount",
            *self.riders(),
            "",
            "points spend_it on checkout",
            "  redeem 100 for 1 yuan of event.offered",
            "  at most " + self.one(("50% of event.amount", "1000 per day", "5 yuan")),
            "  at least " + self.one(("100", "1000", "2 yuan")),
            *self.riders(),
            "",
        ]
        self.lines += ["points undo on refunded", "  reverse earn_it", ""]
        self.lines += ["points undo_fund on refunded", "  reverse pay_friend", ""]

    def _incentives(self) -> None:
        key = self.one(("priority", "worth", "costs ascending", "priority, worth"))
        self.lines += [f"group g choose {self.one(('1', '2'))} by {key}", ""]
        for n in range(self.rng.randrange(1, 4)):
            on = " on paid" if self.chance(20) else ""
            lines = [f"incentive i{n}{on}", f"  for {self.condition(1)}", '  give coupon "x"']
            if self.chance(70):
                lines.append(f"  worth {self.one(AMOUNTS)}")
            if self.chance(60):
                lines.append(f"  costs {self.one(AMOUNTS)} * 0.35")
            if self.chance(60):
                lines.append(f"  priority {self.one(('1', '5', 'n'))}")
            if self.chance(65):
                lines.append("  competes in g")
            lines += ["  valid " + self.one(("14 days", "1 month")), "  hard internal"]
            if self.chance(50):
                window = self.one(("per 30 days", "per month", "ever", "per 24 hours"))
                lines.append(f"  limit {self.one(('1', '2'))} {window}")
            if self.chance(35):
                lines.append(f"  holdout {self.one(('10%', '50%', '0.5%', '100%'))}")
            if any(line.startswith("  worth") for line in lines) and self.chance(35):
                lines.append(
                    f"  budget 500 yuan of worth per {self.one(('month', 'run'))} by cash_opt"
                )
            self.lines += [*lines, *self.riders(), ""]
            if not on and not any("competes" in line for line in lines):
                self.truths.append(f"i{n}")

    def _contacts(self) -> None:
        purposes = ("greeting", "recover", "remind")
        for n in range(self.rng.randrange(1, 4)):
            on = " on paid" if self.chance(20) else ""
            via = self.one(("app", "app, sms", "wecom when vip, sms, app", "sms when n > 2, wecom"))
            lines = [
                f"contact k{n} {self.one(purposes)}{on}",
                f"  for {self.condition(1)}",
                f"  via {via}",
                f'  send "m{n}" with a = {self.one(self.amounts)}',
            ]
            if self.chance(50):
                lines.append(f"  during {self.one(HOURS)}")
            if self.chance(40):
                window = self.one(("per 30 days", "per week", "per day"))
                lines.append(f"  limit 1 {window}" + self.one(("", " on sms")))
            if self.chance(70):
                lines.append(f"  priority {self.one(('10', '50', 'n'))}")
            if self.chance(30):
                lines.append(f"  discard after {self.one(('2 hours', '12 hours', '1 day'))}")
            if self.chance(25):
                lines.append(f"  holdout {self.one(('30%', '60%'))}")
            self.lines += [*lines, *self.riders(), ""]
        self._contact_policies()

    def _open(self) -> str:
        excluded = ("", "", " except cal.closed", " except cal.once", " except cal.none, cal.sale")
        parts = [
            self.one(("", " on monday to friday", " on saturday, sunday", " on wednesday")),
            self.one(excluded), self.one(("", " for sms", " for wecom, app")),
        ]  # fmt: skip
        hours = self.one(OPEN)
        if self.chance(50):
            hours = self.one(("00:00 to 24:00", "02:30 to 24:00"))  # on whatever clock
            parts.append(" in zone of home")
        return f"  open {hours}" + "".join(parts)

    def _contact_policies(self) -> None:
        lines = ["contact policy house"]
        for text in ("limit 1 per 24 hours", "limit 3 per week for recover, remind",
                     "limit 2 per 30 days on app", "quiet 21:00 to 09:00", "never when stopped_all",
                     "quota 100 per day on sms same advisor by cash_opt"):  # fmt: skip
            if self.chance(50):
                lines.append("  " + text)
        if self.chance(30):
            lines.append(self._open())
        lines.append(self.one(("  choose 1 by priority", "  choose 2 by priority, cash",
                               "  choose 3 by cash_opt ascending")))  # fmt: skip
        self.lines += [*lines, ""]
        if self.chance(40):
            self.lines += [
                "contact policy extra",
                "  limit 1 per month on wecom",
                *self.riders(),
                "",
            ]
