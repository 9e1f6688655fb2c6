"""Every mistake that only a rule kind knows: its code, and the words that it points to, which stand
between ⟦ and ⟧."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import siyu.kinds
from siyu.diagnostics import Diagnostic
from tests.corpus.engines import compiled
from tests.corpus.read import Chapter, facts

HEAD = 'policy p\n  language 1\n  currency CNY\n  schema "facts.yaml"\n\n'
INCENTIVE = "incentive gift\n  for true\n  give coupon\n  soft internal\n"
CONTACT = 'contact note\n  for true\n  via sms\n  send "x"\n'
EARN = "  earn 1 per 1 yuan of event.amount\n"
REDEEM = "points p on checkout\n  redeem 100 for 1 yuan of event.offered\n"
BACK = f"points b on paid\n{EARN}points r on refunded\n  reverse b\n"
HIGH_LOW = "  high from 10\n  low otherwise\n"
FROZEN = "frozen from 2026-11-01 to 2026-11-12"
OFFER = (
    "segment rich\n  when spend > 5 yuan\n"
    'table offer first gives price\n  | rich | vip -> price |\n  | true | true -> "A" |\n'
    '  | any | any -> "B" |\n'
)
CLASS = "classify c\n  a when n > 1\n  b otherwise\n"

MISTAKES = [
    ("E0601", f"{INCENTIVE}  worth 1 yuan\n  ⟦worth 2 yuan⟧\n"),
    ("E0601", f"{INCENTIVE}  ⟦give cash⟧\n"),
    ("E0601", f"{INCENTIVE}  holdout 10%\n  ⟦holdout 20%⟧\n"),
    ("E0601", f"{CONTACT}  ⟦via app⟧\n"),
    ("E0601", f"{CONTACT}  discard after 1 hour\n  ⟦discard after 2 hours⟧\n"),
    ("E0601", "score s from 0 to 9\n  start 1\n  ⟦start 2⟧\n"),
    ("E0601", "segment s\n  when vip\n  ⟦when shy⟧\n"),
    ("E0601", f"points p on paid\n{EARN}  round down\n  ⟦round up⟧\n"),
    ("E0601", f"points p on paid\n{EARN}  at least 1\n  ⟦at least 2⟧\n"),
    ("E0601", f"tier t by n\n{HIGH_LOW}  fall one level\n  ⟦fall one level⟧\n"),
    ("E0602", "metric m = 1\n  ⟦unless vip⟧\n"),
    ("E0602", "param p1 = 1\n  ⟦effective from 2026-01-01 to 2026-02-01⟧\n"),
    ("E0602", f"{REDEEM}  ⟦times 2 when vip⟧\n"),
    ("E0602", f"{REDEEM}  ⟦usable after 7 days⟧\n"),
    ("E0602", f"{REDEEM}  ⟦expire at end of this year⟧\n"),
    ("E0602", f"{BACK}  ⟦at most 5 per day⟧\n"),
    ("E0602", f"{BACK}  ⟦round up⟧\n"),
    ("E0602", f"{BACK}  ⟦into points⟧\n"),
    ("E0602", f"{INCENTIVE}  ⟦limit 1 per day on sms⟧\n"),
    ("E0602", f"{INCENTIVE}  ⟦limit 1 per day for recover⟧\n"),
    ("E0602", f"{CONTACT}  ⟦limit 1 per day for recover⟧\n"),
    ("E0602", f"{INCENTIVE}  ⟦limit 1 per run⟧\n"),
    ("E0602", f"{CONTACT}  ⟦limit 1 per posting⟧\n"),
    ("E0602", "contact policy h\n  ⟦limit 1 per run⟧\n"),
    ("E0602", f"points p on paid\n{EARN}  ⟦at most 5 per run⟧\n"),
    ("E0602", f"{INCENTIVE}  worth 1 yuan\n  budget 5 yuan ⟦per posting⟧ by n\n"),
    ("E0602", f"{INCENTIVE}  worth 1 yuan\n  budget 5 yuan per run by ⟦priority⟧\n"),
    ("E0602", "contact policy h\n  choose 1 by ⟦worth⟧\n"),
    ("E0603", "segment ⟦s⟧\n  unless vip\n"),
    ("E0603", "score ⟦s⟧ from 0 to 1\n  add 1 when vip\n"),
    ("E0603", "incentive ⟦i⟧\n  for true\n"),
    ("E0603", 'contact ⟦c⟧\n  for true\n  send "x"\n'),
    ("E0603", "contact ⟦c⟧\n  for true\n  via sms\n"),
    ("E0604", "classify c\n  a when vip\n  ⟦a⟧ otherwise\n"),
    ("E0604", "tier t by n\n  a from 5\n  ⟦a⟧ otherwise\n"),
    ("E0604", "table t first gives a, ⟦a⟧\n  | n -> a | a |\n  | otherwise -> 1 | 2 |\n"),
    ("E0604", f"{CONTACT[:-1]} with a = 1, ⟦a⟧ = 2\n"),
    ("E0607", "points p on ⟦pay⟧\n  earn 1\n"),
    ("E0607", "incentive i on ⟦pay⟧ for true\n  give coupon\n  soft internal\n"),
    ("E0607", 'contact c on ⟦pay⟧ for true\n  via sms\n  send "x"\n'),
    ("E0608", f"{INCENTIVE}  holdout ⟦101%⟧\n"),
    ("E0608", f"{INCENTIVE}  holdout ⟦1.234%⟧\n"),
    ("E0608", f"{CONTACT}  holdout ⟦100.01%⟧\n"),
    ("E0611", "param p1 = ⟦spend⟧\n"),
    ("E0611", "param p1 = ⟦as_of⟧\n"),
    ("E0611", "metric m = 1\nparam p1 = ⟦m + 1⟧\n"),
    ("E0612", "param p1 = 1\n  from 2027-01-01 = 2\n  from ⟦2026-01-01⟧ = 3\n"),
    ("E0621", "classify ⟦c⟧\n  a when n < 5\n"),
    ("E0621", "tier ⟦t⟧ by n\n  a from 5\n"),
    ("E0621", "table ⟦t⟧ first gives x\n  | n -> x |\n  | 5 -> 1 |\n"),
    ("E0622", "classify c exclusive\n  a when n < 5\n  ⟦b⟧ when n < 6\n  d otherwise\n"),
    ("E0623", "classify c\n  ⟦b otherwise⟧\n  a when n < 5\n"),
    ("E0623", "tier t by n\n  ⟦low otherwise⟧\n  high from 10\n"),
    ("E0631", f"tier t by n\n{HIGH_LOW}  ⟦grace 1 month⟧\n"),
    ("E0632", f"tier t by n\n{HIGH_LOW}  lifetime ⟦hihg⟧ when vip\n"),
    ("E0641", "table t first gives x\n  | n -> x |\n  ⟦| 1 -> 1 | 2 |⟧\n  | otherwise -> 2 |\n"),
    ("E0641", "table t first gives x\n  | n | vip -> x |\n  ⟦| 1 -> 1 |⟧\n"),
    ("E0641", "table t collect gives x\n  | n -> x |\n  ⟦| 1 | 2 -> 1 |⟧\n"),
    ("E0642", "table ⟦t⟧ first gives x, y\n  | n -> y | x |\n  | otherwise -> 2 | 3 |\n"),
    ("E0651", "points ⟦p⟧ on paid\n  round up\n"),
    ("E0651", f"points ⟦p⟧ on paid\n{EARN}  redeem 1 for 1 yuan of n\n"),
    ("E0652", f"points p on paid\n  into ⟦growht⟧\n{EARN}account growth\n"),
    ("E0653", f"account a\npoints p on paid\n  into a of ⟦spend⟧\n{EARN}"),
    ("E0654", "points p on paid\n  earn ⟦1 yuan⟧ per 1 yuan of event.amount\n"),
    ("E0654", "account a in USD\npoints p on paid\n  into a\n"
              f"{EARN.replace('1 per', '⟦1 yuan⟧ per')}"),
    ("E0654", f"account a in CNY\npoints p on paid\n  into a\n{EARN.replace('1 per', '⟦1⟧ per')}"),
    ("E0655", f"points ⟦p⟧ on paid\n{EARN}  times 2 when vip\n  times 3 when vip\n"),
    ("E0656", "points r on refunded\n  reverse ⟦buy⟧\n"),
    ("E0656", f"points b on paid\n{EARN}points r on refunded\n  reverse b\n"
              "points q on refunded\n  reverse ⟦r⟧\n"),
    ("E0657", f"points b on paid\n{EARN}points r on visited\n  ⟦reverse b⟧\n"),
    ("E0661", f"{INCENTIVE}  ⟦budget 1 yuan per run by n⟧\n"),
    ("E0661", f"{INCENTIVE}  worth 1 yuan\n  ⟦budget 1 yuan of costs per run by n⟧\n"),
    ("E0633", "tier t by n\n  low from 10\n  high ⟦from 50⟧\n  plain otherwise\n"),
    ("E0633", "tier t by n\n  many top 20%\n  few ⟦top 5%⟧\n  plain otherwise\n"),
    ("E0634", "score s from ⟦100 to 0⟧\n  start 1\n"),
    ("E0662", f"{INCENTIVE}  worth ⟦5⟧\n"),
    ("E0662", f"{INCENTIVE}  costs ⟦n⟧\n"),
    ("E0662", f"{INCENTIVE}  limit ⟦1.5⟧ per month\n"),
    ("E0662", f"{CONTACT}  limit ⟦2.5⟧ per day\n"),
    ("E0662", f"{CONTACT}contact policy h\n  limit ⟦0.5⟧ per day\n"),
    ("E0662", f"{CONTACT}contact policy h\n  quota ⟦0.5⟧ per day by n\n"),
    ("E0662", "⟦group g choose 1.5 by priority⟧\n"),
    ("E0662", f"⟦group g choose 0 by priority⟧\n{INCENTIVE}  competes in g\n"),
    ("E0662", f"{CONTACT}contact policy h\n  ⟦choose 2.5 by priority⟧\n"),
    ("E0663", f"{INCENTIVE}  competes in ⟦nothing⟧\n"),
    ("E0663", f"segment s\n  when vip\n{INCENTIVE}  competes in ⟦s⟧\n"),
    ("E0671", f"{CONTACT}  ⟦during 22:00 to 23:00⟧\ncontact policy h\n  quiet 21:00 to 09:00\n"),
    ("E0671", f"{CONTACT}  ⟦during 08:00 to 09:00⟧\n  during 10:00 to 11:00\n"),
    ("E0671", f"{CONTACT.replace('note', '⟦note⟧')}contact policy a\n  quiet 09:00 to 21:00\n"
              "contact policy b\n  quiet 21:00 to 09:00\n"),
    ("E0672", 'contact c\n  for true\n  via sms, ⟦fax⟧\n  send "x"\n'),
    ("E0673", "contact policy a\n  choose 1 by n\ncontact policy b\n  ⟦choose 2 by n⟧\n"),
    ("E0669", "contact policy h\n  open 10:00 to 20:00 except ⟦birthday⟧\n"),
    ("E0303", "contact policy h\n  open 10:00 to 20:00 except ⟦fr.holiday⟧\n"),
    ("E0670", "contact policy h\n  ⟦require length(title) <= 8⟧\n"),
    ("E0674", "contact policy h\n  open 10:00 to 20:00 in zone of ⟦city⟧\n"),
    ("E0674", "contact policy h\n  open 10:00 to 20:00 in zone of ⟦day⟧\n"),
    ("E0671", f"{CONTACT}  ⟦during 10:00 to 11:00, 12:00 to 13:00⟧\n"
              "contact policy h\n  quiet 12:00 to 13:00\n  open 11:00 to 13:00 for sms\n"),
    ("E0681", f"{CLASS}ensure e: raising ⟦c⟧ never lowers n\n"),
    ("E0686", "ensure e: ⟦city⟧ depends only on n\n"),
    ("E0686", f"{OFFER}ensure e: ⟦offer.price⟧ depends only on rich, n\n"),
    ("E0687", f"{OFFER}ensure e: ⟦offer⟧ never depends on spend\n"),
    ("E0687", f"{OFFER}ensure e: ⟦offer⟧ never depends on rich\n"),
    ("E0688", f"{INCENTIVE}  ⟦serves join, affection, join⟧\n"),
    ("E0601", f"{INCENTIVE}  serves join\n  ⟦serves affection⟧\n"),
    ("E0601", f"{INCENTIVE}  {FROZEN}\n  ⟦{FROZEN}⟧\n"),
    ("E0601", f"tier t by n\n{HIGH_LOW}  {FROZEN}\n  ⟦{FROZEN}⟧\n"),
    ("E0416", f"{CONTACT}  frozen from 2026-11-12 to ⟦2026-11-01⟧\n"),
    ("E0682", "indicator i = share(vip) by ⟦n⟧\n"),
    ("E0683", "recommend r from orders.channel\n  by ⟦luck⟧\n"),
    ("E0684", "recommend r from ⟦city⟧\n"),
    ("E0684", "recommend r from ⟦orders.chanel⟧\n"),
    ("E0683", "recommend r from orders.channel\n  where ⟦luck⟧ > 1\n"),
    ("E0685", "indicator i = ⟦n⟧\n"),
    ("E0685", "indicator i = avg(n) + ⟦n⟧\n"),
    ("E0685", "indicator i = ⟦count(orders)⟧\n"),
    ("E0685", "ensure e: share(vip) <= 5% and ⟦vip⟧\n"),
    ("E0685", "recommend r from orders.channel\n  where lift > ⟦n⟧\n"),
    ("E0685", f"{INCENTIVE}  worth 1 yuan\n  budget 1 yuan * ⟦n⟧ per run by n\n"),
    ("E0685", f"{CONTACT}contact policy h\n  quota ⟦n⟧ per day by n\n"),
    ("E0691", 'test "t" at 2026-01-01\n  given customer\n    n = ⟦n_opt⟧\n  expect true\n'),
    ("E0691", 'test "t" at 2026-01-01\n  given customer\n'
              "    joined = ⟦2026-01-01 + 99999999 days⟧\n  expect true\n"),
    ("E0692", 'test "t" at 2026-01-01\n  given customer\n    ⟦nn⟧ = 1\n  expect true\n'),
    ("E0692", 'test "t" at 2026-01-01\n  given ⟦paids⟧\n    amount = 1 yuan\n  expect true\n'),
    ("E0693", '⟦test "t"\n  expect true⟧\n'),
    ("E0694", 'test "t" at 2026-01-01\n  given consents\n    | channel | granted |\n'
              "    | ⟦sms⟧ |\n  expect true\n"),
    ("E0695", 'test "t" at 2026-01-01\n  given customer like ⟦"u"⟧\n  expect true\n'),
    ("E0696", 'test "t" at 2026-01-01\n  given customer like ⟦"t"⟧\n  expect true\n'),
    ("E0697", 'test "t" at 2026-01-01\n  given customer like ⟦"x/../../y.json"⟧\n  expect true\n'),
    ("E0697", 'test "t" at 2026-01-01\n  expect decision like ⟦"x.yaml"⟧\n'),
    ("E0698", 'test "t" at 2026-01-01\n  expect true\n\n⟦test "t" at 2026-01-02⟧\n'
              "  expect true\n"),
    ("E0699", 'test "t" at 2026-01-01\n  given ⟦consents⟧ like "x.json"\n  expect true\n'),
    ("E0699", 'test "t" at 2026-01-01\n  given customer like "x.json"\n'
              '  given customer like ⟦"y.json"⟧\n  expect true\n'),
]  # fmt: skip

# The catalogue of messages, and what does not fit it.
MESSAGES = """\
messages: 1
templates:
  hello: {title: "8折到家", body: "{amount}", params: {amount: {type: money, example: "5.00"}}}
  back: {title: {zh: 满100减50元, en: Take 50 off}, body: R, channels: [sms], purpose: recover}
  open: {title: "{name}, hi", body: hi}
  bare: {body: "1"}
"""
TO = "contact note recover\n  for true\n  via sms\n"
SENT = [
    ("E0675", f'{TO}  ⟦send "helo" with amount = 1 yuan⟧\n'),
    ("E0676", f'{TO}  ⟦send "hello"⟧\n'),
    ("E0676", f'{TO}  send "hello" with amount = 1 yuan, ⟦n = n⟧\n'),
    ("E0676", f'{TO}  send "hello" with ⟦amount = n⟧\n'),
    ("E0676", f'{TO}  send "back" with ⟦amount = 1 yuan⟧\n'),
    ("E0677", 'contact note recover\n  for true\n  via sms, ⟦app⟧ when vip\n  send "back"\n'),
    ("E0677", 'contact note remind\n  for true\n  via sms\n  ⟦send "back"⟧\n'),
    ("E0678", f'{TO}  ⟦send "back"⟧\ncontact policy h\n  require length(title) <= 8\n'),
    ("E0678", f'{TO}  ⟦send "back"⟧\ncontact policy h\n'
              '  require contains(body, "回复R") for sms\n'),
    ("E0678", f'{TO}  ⟦send "bare"⟧\ncontact policy h\n  require has_digit(title)\n'),
    ("E0679", f'{TO}  ⟦send "open" with name = "x"⟧\ncontact policy h\n'
              "  require length(title) <= 30\n"),
    ("E0679", f'{TO}  ⟦send "open" with name = "x"⟧\ncontact policy h\n'
              "  require has_digit(title)\n"),
    ("E0679", "contact policy h\n  require ⟦length(title) <= n⟧\n"),
    ("E0303", "contact policy h\n  require length(⟦titel⟧) <= 8\n"),
]  # fmt: skip
FITTING = [
    f'{TO}  send "hello" with amount = 1 yuan\ncontact policy h\n'
    "  require length(title) <= 8 and has_digit(title) for sms, app\n"
    "  require length(body) <= 4\n",
    f'{TO}  send "back"\ncontact policy h\n  require length(title) <= 8 for app\n'
    '  require 含有(正文, "R") 渠道 sms\n',
    f'param most = 12\n{TO}  send "open" with name = "x"\ncontact policy h\n'
    '  require contains(title, "hi") and length(body) <= most\n',
]

# Schemas that lack what a rule has to read.
LACKING = [
    ("E0605", "    role: points log\n", "points p on paid\n  ⟦earn 1⟧\n"),
    ("E0605", "    role: incentive log\n", f"{INCENTIVE}  ⟦limit 1 per day⟧\n"),
    ("E0605", "    role: contact log\n", f"{CONTACT}  ⟦limit 1 per day⟧\n"),
    ("E0605", "    role: contact log\n", "contact policy h\n  ⟦limit 1 per day⟧\n"),
    ("E0605", "    role: consents\n", 'contact c\n  for true\n  ⟦via sms⟧\n  send "x"\n'),
    ("E0605", ", role: kept until of level", f"tier level by n\n{HIGH_LOW}  ⟦keep 1 year⟧\n"),
    ("E0606", "      amount:  {type: money, optional: true}\n",
     f"points b on paid\n{EARN}points r on refunded\n  ⟦reverse b⟧\n"),
]  # fmt: skip


def found(text: str, schema: str, messages: str | None = None) -> list[tuple[str, str, int]]:
    chapter = Chapter("mistakes", 1, "", text, schema, "UTC", None, messages=messages)
    return [
        (d.code, text[d.span.start : d.span.end], d.span.start)
        for d in compiled(chapter).diagnostics
    ]


def expected(code: str, marked: str, head: str = HEAD) -> tuple[str, list[tuple[str, str, int]]]:
    text = head + marked
    start, end = text.index("⟦"), text.index("⟧") - 1
    text = text.replace("⟦", "").replace("⟧", "")
    return text, [(code, text[start:end], start)]


@pytest.mark.parametrize(("code", "marked"), MISTAKES, ids=lambda each: each)
def test_a_mistake_is_told_once_where_it_stands(code: str, marked: str) -> None:
    text, said = expected(code, marked)
    assert found(text, facts()) == said


@pytest.mark.parametrize(("code", "lacking", "marked"), LACKING, ids=lambda each: each)
def test_what_the_schema_lacks_is_told_where_it_is_needed(
    code: str, lacking: str, marked: str
) -> None:
    text, said = expected(code, marked)
    assert lacking in facts()
    assert found(text, facts().replace(lacking, "")) == said


WITH_MESSAGES = HEAD.replace("\n\n", '\n  messages "messages.yaml"\n\n')


@pytest.mark.parametrize(("code", "marked"), SENT, ids=lambda each: each)
def test_what_does_not_fit_the_catalogue_is_told_where_it_is_sent(code: str, marked: str) -> None:
    text, said = expected(code, marked, WITH_MESSAGES)
    assert found(text, facts(), MESSAGES) == said


@pytest.mark.parametrize("text", FITTING, ids=lambda each: each)
def test_of_a_message_that_is_as_required_nothing_is_said(text: str) -> None:
    assert found(WITH_MESSAGES + text, facts(), MESSAGES) == []


def test_every_mistake_of_a_kind_is_among_them() -> None:
    told = {code for code, _ in (*MISTAKES, *SENT)} | {code for code, _, _ in LACKING}
    known = set()
    for module in pkgutil.iter_modules(siyu.kinds.__path__):
        for each in vars(importlib.import_module(f"siyu.kinds.{module.name}")).values():
            if isinstance(each, type) and issubclass(each, Diagnostic):
                known.add(getattr(each, "code", None))
    assert {code for code in known if code and code.startswith("E06")} - told == set()
