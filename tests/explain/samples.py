"""Explanations built by hand, to see how each part of one is written."""

from __future__ import annotations

from siyu.explain.model import Change, Changes, Explanation, Outcome, Shown, Step
from siyu.text import Source, Span
from siyu.types import BoolType, DateType, DurationType, IntType, LevelType, MoneyType, TextType
from siyu.words import say

POLICY = """\
policy shop "小店"

segment loyal "忠诚会员"
  when orders >= 3

incentive wakeup "唤醒大额券"
  for recency > 90 days and ltv >= 500 yuan
  unless tags has "vip"
  give coupon "50 off 199"
  limit 1 per 90 days
  because "您已 {recency} 没有光临"
"""
SOURCES = {"policy.siyu": Source.of("policy.siyu", POLICY)}
ZONE = "Asia/Shanghai"


def money(yuan: int) -> Shown:
    return Shown(MoneyType("CNY", 2), yuan * 100, ZONE)


def days(number: int | None) -> Shown:
    return Shown(DurationType("day", 0), number, ZONE)


def number(figure: int | None) -> Shown:
    return Shown(IntType(), figure, ZONE)


def at(text: str) -> Span:
    """Where a text stands in the policy."""
    start = POLICY.index(text)
    return Span("policy.siyu", start, start + len(text))


RECENCY = Step("fact", "距上次购买 (recency)", None, days(265))
LTV = Step(
    "fact",
    "客户终身价值 (ltv)",
    None,
    money(22500),
    below=(
        Step("fact", "lifetime_years", None, number(3)),
        Step(
            "fact", "近12个月订单数 (orders_12m)", None, number(1), say("as the request gives it")
        ),
    ),
)
AUDIENCE = Step(
    "condition",
    "recency > 90 days and ltv >= 500 yuan",
    "true",
    code="wakeup.for.1",
    span=at("recency > 90 days and ltv >= 500 yuan"),
    decisive=True,
    below=(
        Step("condition", "recency > 90 days", "true", code="wakeup.for.1.1",
             span=at("recency > 90 days"), decisive=True, below=(RECENCY,)),
        Step("condition", "ltv >= 500 yuan", "true", code="wakeup.for.1.2",
             span=at("ltv >= 500 yuan"), decisive=True, below=(LTV,)),
    ),
)  # fmt: skip
UNLESS = Step("stopper", 'unless tags has "vip"', "unknown", code="wakeup.unless.1",
              span=at('tags has "vip"'),
              below=(Step("fact", "tags", None, Shown(TextType(), None, ZONE)),))  # fmt: skip
LIMIT = Step("stopper", "limit 1 per 90 days", "true", remark=say("as the request gives it"),
             code="wakeup.limit.1", span=at("limit 1 per 90 days"), decisive=True)  # fmt: skip
NOT_ASKED = Step("stopper", "holdout 10%", code="wakeup.holdout.1", reached=False)
CAP = Step("cap", "at most 5000 per day", "false", number(12), code="wakeup.at_most.1")

CHANGES = Changes(
    (
        Change("recency", "距上次购买", "metric", days(265), days(90), days(175), 0.66,
               "at most", say("not given")),
        Change("ltv", "客户终身价值", "metric", money(22500), money(499), money(22001), 0.9778,
               "at most", say("not given")),
        Change("days", "", "time", Shown(DateType(), 739_941, ZONE),
               Shown(DateType(), 739_971, ZONE),
               days(30), None, "exactly", say("given"), 740_001),
    ),
    7,
    say("10 times its value"),
)  # fmt: skip

GIVEN = Outcome(
    "wakeup", "incentive", "唤醒大额券", "yes", say("given"),
    because=(("您已 ", days(265), " 没有光临"),),
    steps=(AUDIENCE,), chain=(CAP,), changes=CHANGES,
)  # fmt: skip
STOPPED = Outcome(
    "wakeup", "incentive", "唤醒大额券", "stopped", say("giving stopped"),
    steps=(AUDIENCE,), chain=(UNLESS, LIMIT, NOT_ASKED),
    changes=Changes((), 7, say("10 times its value")),
)  # fmt: skip
LEVEL = Outcome(
    "level", "tier", "<script>alert(1)</script> 会员\x1b[31m等级", "yes", "金卡 & more",
    steps=(Step("condition", "from 5000 yuan", "true", code="level.gold", decisive=True),),
    progress=(Step("fact", "白金卡", None, money(1200), below=(
        Step("fact", "spend", None, money(8800)), Step("fact", "needed", None, money(10000)))),),
)  # fmt: skip
PERSONAL = Outcome(
    "baby", "segment", "baby", "no", say("not in the segment"),
    steps=(Step("condition", "birthday is known", "false", decisive=True, below=(
        Step("fact", "birthday", None, Shown(DateType(), 1, ZONE, hidden=True)),
        Step("fact", "wecom", None, Shown(BoolType(), True, ZONE)),
        Step("fact", "level", None, Shown(LevelType("level"), "gold", ZONE, "金卡")),
    )),),
)  # fmt: skip


def explained(*outcomes: Outcome, why_not: bool = False) -> Explanation:
    """An explanation of these outcomes."""
    return Explanation(
        "why_not" if why_not else "why", "shop", "小店", "M02", "2026-11-21T10:00:00+08:00", None,
        ZONE, outcomes,
    )  # fmt: skip


EVERYTHING = explained(GIVEN, STOPPED, LEVEL, PERSONAL)
