"""Made-up tables of a tea chain, as its warehouse would have them: `python make_data.py`.

Nobody in them exists. A member has a habit (how often, what, where) and a day on which it ends;
summer drinks cold tea and winter hot tea; boxes are bought before Mid-Autumn and Spring Festival.
The same seed writes the same files.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
FIRST, LAST = date(2025, 2, 1), date(2026, 8, 8)  # LAST: the day whose events are decided about
MEMBERS, SEED = 1_500, 8
STORES = ("湖滨路店", "武林门店", "城西银泰店", "滨江天街店", "西溪店", "运河店", "钱江新城店",
          "下沙大学城店", "萧山店", "临平店", "良渚店", "南星桥店")  # fmt: skip
ADVISORS = 2  # of a store
MENU = {  # category: product and price in yuan
    "milk_tea": (("茉莉轻乳茶", 18), ("桂花乌龙奶茶", 20), ("大红袍奶盖", 22)),
    "fruit_tea": (("满杯杨梅", 22), ("柠檬绿茶", 16), ("西柚茉莉", 20)),
    "cold_brew": (("冷泡龙井", 16), ("冷泡凤凰单丛", 18)),
    "hot_tea": (("手沏岩茶", 24), ("陈皮熟普", 22)),
    "gift_box": (("桂花乌龙礼盒", 168), ("西湖龙井礼盒", 298)),
    "teaware": (("白瓷盖碗", 68), ("旅行茶杯", 48)),
}
GIFTS = ((date(2025, 10, 6), 30), (date(2026, 2, 17), 25))  # a festival, and the days before it
HOURS = (8, 9, 10, 11, 12, 13, 14, 14, 15, 15, 15, 16, 16, 17, 18, 19, 20)
CHANNELS = (("wecom", 0.8), ("community", 0.9), ("mini_program", 0.75), ("sms", 0.5))
CONTACTS = ("周三拼单", "高温提醒", "积分到期提醒", "七夕来信", "邀请好友", "唤醒来信")

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A habit: cups a week, from the day of joining to the last day."""

    number: int
    joined: date
    until: date
    weekly: float
    likes: str
    store: str
    advisor: str  # "" where nobody has been added in WeCom
    community: bool

    @property
    def key(self) -> str:
        return f"T{self.number:05}"


@dataclass(frozen=True, slots=True)
class Order:
    """A paid order; `lines` are category, product, quantity and price."""

    key: str
    member: Member
    at: datetime
    channel: str
    status: str
    lines: tuple[tuple[str, str, int, int], ...]

    @property
    def amount(self) -> int:
        return sum(quantity * price for _, _, quantity, price in self.lines)


def members(random: Random, count: int) -> list[Member]:
    """Most come seldom, a few every second day; a third stops at some time."""
    found = []
    for number in range(1, count + 1):
        joined = FIRST - timedelta(days=180) + timedelta(days=int(730 * random.random() ** 0.8))
        stays = random.random() < 0.66
        until = LAST if stays else joined + timedelta(days=random.randint(20, 500))
        store = STORES[min(int(random.paretovariate(1.1)) - 1, len(STORES) - 1)]
        friend = random.random() < 0.58
        advisor = f"{store}-{random.randint(1, ADVISORS)}号导购" if friend else ""
        likes = random.choice(("milk_tea", "milk_tea", "fruit_tea", "cold_brew", "hot_tea"))
        weekly = min(random.lognormvariate(-1.0, 0.9), 4.0)
        community = random.random() < (0.45 if friend else 0.1)
        found.append(Member(number, joined, until, weekly, likes, store, advisor, community))
    return found


def orders(random: Random, everyone: Iterable[Member]) -> list[Order]:
    """All orders of all members up to the end of the last day, one member after another."""
    found = []
    for member in everyone:
        day, number = max(member.joined, FIRST), 0
        while day <= min(member.until, LAST):
            number += 1
            found.append(_order(random, member, day, number))
            rate = member.weekly * (1.25 if 5 <= day.month <= 9 else 0.9)
            day += timedelta(days=1 + int(random.expovariate(rate / 7)))
    return found


def _order(random: Random, member: Member, day: datetime | date, number: int) -> Order:
    at = datetime(day.year, day.month, day.day, random.choice(HOURS), random.randint(0, 59))
    lines = [_line(random, _taste(random, member, day.month))]
    if random.random() < 0.35:  # for two
        lines.append(_line(random, _taste(random, member, day.month)))
    if any(0 < (festival - at.date()).days <= ahead for festival, ahead in GIFTS):
        if random.random() < 0.12:
            lines.append(_line(random, "gift_box"))
            if random.random() < 0.4:
                lines.append(_line(random, "teaware"))
    elif random.random() < 0.01:
        lines.append(_line(random, "teaware"))
    channel = random.choice(("store", "store", "mini_program", "mini_program", "delivery"))
    status = "refunded" if random.random() < 0.01 else "paid"
    return Order(f"{member.key}-{number:04}", member, at, channel, status, tuple(lines))


def _taste(random: Random, member: Member, month: int) -> str:
    """What one drinks: the own favourite, or what the season asks for."""
    if random.random() < 0.6:
        return member.likes
    cold = ("fruit_tea", "cold_brew", "cold_brew", "milk_tea")
    warm = ("milk_tea", "hot_tea", "hot_tea", "fruit_tea")
    return random.choice(cold if 5 <= month <= 9 else warm)


def _line(random: Random, category: str) -> tuple[str, str, int, int]:
    product, price = random.choice(MENU[category])
    return category, product, 1, price


# ---------------------------------------------------------------- the tables


def member_rows(random: Random, everyone: list[Member], bought: list[Order]) -> Iterable[Row]:
    """With the level that each has held since some day of the year before."""
    spent: dict[str, int] = {}
    since = datetime(LAST.year - 1, LAST.month, LAST.day) - timedelta(days=40)
    for order in bought:
        if order.status == "paid" and since <= order.at < since + timedelta(days=365):
            spent[order.member.key] = spent.get(order.member.key, 0) + order.amount
    for each in everyone:
        year = spent.get(each.key, 0)
        level = "gold" if year >= 2000 else "silver" if year >= 600 else "green"
        until = LAST + timedelta(days=random.randint(-60, 330))
        held = (level, until) if (LAST - each.joined).days > 90 else ("", "")
        birthday = date(random.randint(1970, 2006), random.randint(1, 12), random.randint(1, 28))
        yield (each.key, birthday if random.random() < 0.7 else "", each.joined, each.store,
               bool(each.advisor), each.advisor, each.community, random.random() < 0.4,
               f"d{each.number:05}" if random.random() < 0.85 else "",
               random.random() < 0.03, *held)  # fmt: skip


def lot_rows(random: Random, bought: list[Order]) -> Iterable[Row]:
    """A lot for each order of the last year; members use up the oldest of theirs."""
    rest: dict[str, float] = {}
    for order in bought:
        age = (LAST - order.at.date()).days
        if order.status == "paid" and 0 < age <= 365:
            used = rest.setdefault(order.member.key, random.choice((0.0, 0.0, 0.3, 0.9)))
            left = 0 if age > 365 * (1 - used) else order.amount
            yield (f"L{order.key}", order.member.key, order.at, left,
                   order.at.date() + timedelta(days=365))  # fmt: skip


def consent_rows(random: Random, everyone: Iterable[Member]) -> Iterable[Row]:
    for each in everyone:
        for channel, share in CHANNELS:
            yield each.key, datetime(2026, 1, 1), channel, random.random() < share


def contact_rows(random: Random, everyone: Iterable[Member]) -> Iterable[Row]:
    """What was sent in the five weeks before; nights come before the morning that they send in."""
    for each in everyone:
        for _ in range(random.choice((0, 0, 1, 1, 2, 3))):
            day = LAST - timedelta(days=random.randint(1, 35))
            channel = "wecom" if each.advisor and random.random() < 0.5 else "mini_program"
            yield (each.key, datetime(day.year, day.month, day.day, 9), random.choice(CONTACTS),
                   channel, each.advisor)  # fmt: skip


def grant_rows(random: Random, everyone: Iterable[Member]) -> Iterable[Row]:
    for each in everyone:
        if random.random() < 0.1:
            day = LAST - timedelta(days=random.randint(1, 120))
            at = datetime(day.year, day.month, day.day, 2)
            yield each.key, at, random.choice(("沉睡唤醒", "每月礼遇")), "6.00"


def paid_rows(random: Random, today: Iterable[Order]) -> Iterable[Row]:
    for order in today:
        group = random.choice((2, 3, 3, 5)) if order.channel == "mini_program" else 1
        yield order.key, order.member.key, order.at, f"{order.amount}.00", group


def visit_rows(random: Random, everyone: list[Member]) -> Iterable[Row]:
    for number, each in enumerate(random.sample(everyone, len(everyone) // 30)):
        at = datetime(LAST.year, LAST.month, LAST.day, random.choice(HOURS), number % 60)
        yield f"V{number}", each.key, at, each.store


def referral_rows(random: Random, everyone: list[Member]) -> Iterable[Row]:
    """One in ten brings oneself: with the own telephone."""
    for number, each in enumerate(random.sample(everyone, len(everyone) // 60)):
        at = datetime(LAST.year, LAST.month, LAST.day, random.choice(HOURS), number % 60)
        device = f"d{each.number:05}" if random.random() < 0.1 else f"n{number}"
        amount = f"{random.choice((16, 18, 22, 40))}.00"
        yield f"R{number}", each.key, at, f"N{number}", amount, device


def write(folder: Path, name: str, header: str, rows: Iterable[Sequence[object]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(header.split())
        lines.writerows([_text(cell) for cell in row] for row in rows)


def _text(cell: object) -> object:
    if isinstance(cell, bool):
        return "Y" if cell else "N"
    return f"{cell:%Y-%m-%d %H:%M:%S}" if isinstance(cell, datetime) else cell


def main(folder: Path = HERE / ".cache" / "data", count: int = MEMBERS, seed: int = SEED) -> None:
    random = Random(seed)
    everyone = members(random, count)
    bought = orders(random, everyone)
    today = [each for each in bought if each.at.date() == LAST]
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, "members", "member_no birthday joined_on store is_wecom_friend advisor in_group "
          "location_ok device unsubscribed level level_until",
          member_rows(random, everyone, bought))  # fmt: skip
    write(folder, "orders", "order_no member_no paid_at amount status channel store",
          ((o.key, o.member.key, o.at, f"{o.amount}.00", o.status, o.channel, o.member.store)
           for o in bought))  # fmt: skip
    write(folder, "order_lines", "order_no member_no line_no product category qty price",
          ((o.key, o.member.key, n, product, category, quantity, f"{price}.00")
           for o in bought
           for n, (category, product, quantity, price) in enumerate(o.lines, 1)))  # fmt: skip
    write(folder, "points_lots", "lot_no member_no earned_at remaining expires_on",
          lot_rows(random, bought))  # fmt: skip
    write(folder, "consents", "member_no at channel granted", consent_rows(random, everyone))
    write(folder, "contacts", "member_no at contact channel advisor",
          contact_rows(random, everyone))  # fmt: skip
    write(folder, "grants", "member_no at incentive cost", grant_rows(random, everyone))
    write(folder, "paid_today", "order_no member_no paid_at amount group_size",
          paid_rows(random, today))  # fmt: skip
    write(folder, "visits_today", "visit_no member_no at store", visit_rows(random, everyone))
    write(folder, "referrals_today", "referral_no member_no done_at friend amount device",
          referral_rows(random, everyone))  # fmt: skip
    sys.stdout.write(f"{len(everyone)} 位会员，{len(bought)} 笔订单，其中当天 {len(today)} 笔\n")


if __name__ == "__main__":
    main()
