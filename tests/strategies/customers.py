"""Requests for generated policies: values on and around the constants that the policies use."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

MOMENTS = (
    "2026-03-31T00:00:00", "2026-02-28T23:59:59", "2028-02-29T12:00:00", "2026-11-21T10:00:00",
    "2026-03-29T02:30:00", "2026-10-25T02:30:00", "2026-11-01T01:30:00", "2027-01-01T00:00:00",
    "2026-12-31T23:59:59.999999", "2026-11-22T08:59:59", "2026-11-21T21:00:00",
)  # fmt: skip
AMOUNTS = ("0", "0.01", "1", "19.9", "19.90", "99.99", "100", "100.01", "9999.99", "5000", "33.33")
NUMBERS = (-100, -1, 0, 1, 2, 3, 4, 5, 10, 11, 18, 30, 1000)
DECIMALS = ("-100", "0", "0.05", "0.50", "2.34", "2.35", "10", "999.99", "-0.01")
STEPS = (
    dt.timedelta(0), dt.timedelta(microseconds=1), dt.timedelta(seconds=1), dt.timedelta(hours=1),
    dt.timedelta(hours=24), dt.timedelta(days=1), dt.timedelta(days=7), dt.timedelta(days=30),
    dt.timedelta(days=31), dt.timedelta(days=90), dt.timedelta(days=365), dt.timedelta(days=366),
)  # fmt: skip

NOTES = ("", "a", "ab1", "日本１", "%", "a_b", "e\u0301", "\u00e9", "😀a", " a ", "A\n1")
HOMES = ("Asia/Shanghai", "Europe/Paris", "America/New_York", "Indian/Reunion", "Pacific/Apia")


class People:
    """Makes requests as they come from outside, in one zone."""

    def __init__(self, rng: Random, zone: str) -> None:
        self.rng = rng
        self.zone = ZoneInfo(zone)
        naive = dt.datetime.fromisoformat(self.one(MOMENTS))
        self.now = naive.replace(tzinfo=self.zone)

    def one(self, items: Any) -> Any:
        return items[self.rng.randrange(len(items))]

    def chance(self, percent: int) -> bool:
        return self.rng.randrange(100) < percent

    # ------------------------------------------------------------ values

    def moment(self) -> str:
        """Mostly the recent past, often to the microsecond at the edge of a window."""
        at = self.now - self.one(STEPS) - self.one((*STEPS[:3], dt.timedelta(0), dt.timedelta(0)))
        if self.chance(15):
            at = self.now + self.one(STEPS)
        zone = self.one((self.zone, dt.UTC, dt.timezone(dt.timedelta(hours=9))))
        return at.astimezone(zone).isoformat()

    def day(self) -> str:
        if self.chance(30):
            return self.one(("2024-02-29", "2000-02-29", "2026-01-31", "1990-11-21", "2026-11-28",
                             "2025-12-31", "2027-04-01", "0001-01-01", "9999-12-31"))  # fmt: skip
        return (self.now.date() - self.one(STEPS)).isoformat()

    def amount(self) -> Any:
        return self.one(AMOUNTS)

    # ------------------------------------------------------------ a request

    def request(self) -> dict[str, Any]:
        event = self.event()
        made: dict[str, Any] = {"customer": self.customer(), "as_of": self.now.isoformat()}
        if event is not None:
            made["event"] = event
        if self.chance(40):
            made["context"] = {"sunny": self.chance(50), "place": self.one(("home", "store"))}
        if self.chance(10):
            made["metrics"] = {"gap": self.one(("1 days", "30 days", "90 days"))}
        return made

    def event(self) -> dict[str, Any] | None:
        kind = self.one((None, None, "paid", "paid", "refunded", "checkout"))
        key = self.one(("o1", "o2", "o9"))
        match kind:
            case "paid":
                made = {"type": "paid", "order_id": key, "amount": self.amount()}
                return made | ({"pieces": self.one((0, 3))} if self.chance(50) else {})
            case "refunded":
                return {"type": "refunded", "order_id": key, "amount": self.amount()}
            case "checkout":
                offered = self.one((0, 99, 100, 999, 1000, 1799, 100_000))
                return {"type": "checkout", "cart_id": self.rng.randrange(3), "at": self.moment(),
                        "amount": self.amount(), "offered": offered}  # fmt: skip
            case _:
                return None

    def customer(self) -> dict[str, Any]:
        made: dict[str, Any] = {
            "id": f"C{self.rng.randrange(40)}", "n": self.one(NUMBERS), "d": self.one(DECIMALS),
            "cash": self.amount(), "joined": self.day(), "fit": self.one(("s", "m", "l")),
            "stopped_all": self.chance(15),
        }  # fmt: skip
        maybe: dict[str, Any] = {
            "n_opt": self.one(NUMBERS), "d_opt": self.one(DECIMALS), "cash_opt": self.amount(),
            "born": self.day(), "seen": self.moment(),
            "vip": self.chance(40), "shy": self.chance(50),
            "hue": self.one(("red", "green", "blue")), "fit_opt": self.one(("s", "m", "l")),
            "word": self.one(("a", "b", "日")), "tags": self.one(([], ["x"], ["y", "x", "x"])),
            "note": self.one(NOTES), "home": self.one(HOMES),
            "advisor": self.one(("li", "wu")), "referrer": "R1",
            "rank_held": self.one(("plain", "silver", "gold")), "rank_until": self.day(),
        }  # fmt: skip
        made |= {name: value for name, value in maybe.items() if self.chance(60)}
        made["orders"] = [self.order(n) for n in range(self.one((0, 0, 1, 2, 3, 5)))]
        if self.chance(70):
            made["visits"] = [self.visit() for _ in range(self.one((0, 1, 3)))]
        made["contacts"] = [self.sent() for _ in range(self.one((0, 0, 1, 2, 4)))]
        made["grants"] = [self.grant() for _ in range(self.one((0, 0, 1, 2)))]
        made["points_log"] = [self.posted() for _ in range(self.one((0, 1, 2, 3)))]
        made["consents"] = [self.consent() for _ in range(self.one((0, 2, 4, 6)))]
        return made

    # ------------------------------------------------------------ rows

    def order(self, n: int) -> dict[str, Any]:
        made: dict[str, Any] = {"order_id": f"o{n}", "paid_at": self.moment(),
                                "amount": self.amount(), "paid": self.chance(70)}  # fmt: skip
        if self.chance(60):
            made["hue"] = self.one(("red", "green", "blue"))
        if self.chance(60):
            made["pieces"] = self.one((0, 1, 3, 50))
        made["lines"] = [
            {
                "line_no": i,
                "qty": self.one((0, 1, 2, 3)),
                "price": self.one(("0.01", "19.9", "33.33")),
            }
            for i in range(self.one((0, 1, 2)))
        ]
        return made

    def visit(self) -> dict[str, Any]:
        return {"day": self.day()} | (
            {"long": self.one(("0", "1.5", "500"))} if self.chance(60) else {}
        )

    def sent(self) -> dict[str, Any]:
        return {"at": self.moment(), "contact": self.one(("k0", "k1", "k2", "gone")),
                "channel": self.one(("app", "sms", "wecom"))}  # fmt: skip

    def grant(self) -> dict[str, Any]:
        return {"at": self.moment(), "incentive": self.one(("i0", "i1", "i2"))}

    def posted(self) -> dict[str, Any]:
        rule = self.one(("earn_it", "earn_it", "pay_friend", "spend_it", "undo"))
        made: dict[str, Any] = {"at": self.moment(), "rule": rule, "account": "points",
                                "event": self.one(("o1", "o2", "0", "1"))}  # fmt: skip
        if self.chance(80):
            made["points"] = self.one((-5, 1, 19, 30, 199, 200))
        if self.chance(60):
            made["worth"] = self.one(("-0.50", "0.99", "5"))
        if self.chance(80):
            made["amount"] = self.one(("0", "19.90", "100", "33.33"))
        return made

    def consent(self) -> dict[str, Any]:
        made: dict[str, Any] = {"channel": self.one(("app", "sms", "wecom"))}
        if self.chance(90):
            made["granted"] = self.chance(75)
        if self.chance(25):
            made["purpose"] = self.one(("greeting", "recover", "remind"))
        made["since"] = self.moment()
        if self.chance(25):
            made["expiry"] = self.day()
        return made


CUTS = {"5": "9999.99", "20": "100.00", "2_5": None}
