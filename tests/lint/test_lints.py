"""Each lint beyond the examples on its page: what it tells, and what it leaves alone."""

from __future__ import annotations

import pytest

from siyu.lint import LINTS
from tests.lint.looking import looked, told

GIFT = 'incentive gift\n  for true\n  give coupon "A"\n  costs 5 yuan\n  soft internal\n'
HELLO = 'contact hello greeting\n  for true\n  via app, sms\n  send "hello"\n'
LAST = "over last 12 months"
THIS = "where paid_at in this year"


def test_names_and_codes_are_given_once_and_in_order() -> None:
    assert [lint.code for lint in LINTS] == sorted({lint.code for lint in LINTS})
    assert len({lint.name for lint in LINTS}) == len(LINTS)


SEGMENT = "segment s\n  when {}\n"
NEVER = [
    ("age > 150", "`age` lies between 0 and 120"),
    ("age is known and not age <= 120", None),
    ("total_spend < 0 yuan", "`total_spend` lies between 0.00 CNY and 1000000000.00 CNY"),
    ("count(orders) < 0", "`count(orders)` is at least 0"),
    ("member_level_held > gold", "`member_level_held` is `plain` or `gold`"),
    ("nps_score > 9 and nps_score < 9", "no `nps_score` meets all of this"),
    ("age > 30 and wecom_friend and age < 20", "no `age` meets all of this"),
    ("age between 30 and 20", "no `age` meets all of this"),
    ("(age > 130 or wecom_friend) and age > 3", "`age` lies between 0 and 120"),
    ("days since joined_on > 9 days and days since joined_on < 9 days",
     "no `days since joined_on` meets all of this"),
    ("joined_on is unknown", "`joined_on` is always known"),
    ("(age otherwise 7) > 120", "`age otherwise 7` lies between 0 and 120"),
    ("count(orders where amount < 0 yuan) > 0",
     "`amount` lies between 0.00 CNY and 1000000.00 CNY"),
    ("total_spend * 2 < 0 yuan", "`total_spend` lies between 0.00 CNY and 1000000000.00 CNY"),
    ("min(total_spend, 5 yuan) > 5 yuan", "`min(total_spend, 5 yuan)` lies between 0.00 CNY and "
     "5.00 CNY"),
]  # fmt: skip
TIER = "\ntier member_level by total_spend\n  gold from 5 yuan\n  plain otherwise\n"


@pytest.mark.parametrize(("condition", "why"), NEVER)
def test_conditions_that_never_hold(condition: str, why: str | None) -> None:
    text = SEGMENT.format(condition) + TIER
    found = told(text, "W0701")
    if why is None:  # its inner condition is told to hold always
        assert (found, len(told(text, "W0702"))) == ([], 1)
    else:
        (message,) = found
        assert message.endswith(f" can never hold: {why}")


@pytest.mark.parametrize(
    "condition",
    ["true", "false", "age > 119", "(age otherwise 200) > 120", "((age > 30) otherwise true)",
     "age > 30 or age < 20", "member_level_held > plain", "wecom_friend and age is unknown",
     "min(total_spend, 5 yuan) >= 5 yuan", "sum(orders.amount) > 5 yuan",
     "tags has \"a\" and tags has \"b\""],
)  # fmt: skip
def test_conditions_of_which_nothing_can_be_told(condition: str) -> None:
    text = SEGMENT.format(condition) + TIER
    assert told(text, "W0701") == told(text, "W0702") == []


def test_all_versions_of_a_param_count() -> None:
    late = "param old = 130\n  from 2027-01-01 = 100\n" + SEGMENT.format("age > old")
    assert told(late, "W0701") == []
    never = "param old = 130\n  from 2027-01-01 = 140\n" + SEGMENT.format("age > old")
    assert told(never, "W0701") == ["`age > old` can never hold: `age` lies between 0 and 120"]


def test_claims_may_say_what_never_happens() -> None:
    assert told("ensure sane: never age > 150\n", "W0701") == []


def test_a_condition_that_always_holds_says_what_it_asks() -> None:
    (found,) = looked(SEGMENT.format("wecom_friend and age >= 0")).found()
    assert found.text() == "`age >= 0` can never be false"
    assert found.help_text() == "correct the figure, or write `age is known`"


TABLE = "table t first gives x\n  | wecom_friend | age -> x |\n{}"


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (("any | >= 18 -> 1", "true | >= 21 -> 2", "otherwise -> 3"), ["row 2 of table `t`"]),
        (("true | any -> 1", "false | any -> 2", "otherwise -> 3"), ["row 3 of table `t`"]),
        (("true | < 9 -> 1", "any | >= 9 -> 2", "true | any -> 3", "otherwise -> 4"),
         ["row 3 of table `t`"]),
        (("any | >= 21 -> 1", "any | >= 18 -> 2", "otherwise -> 3"), []),
        (("any | >= 0 -> 1", "otherwise or unknown -> 3"), []),
        (("any | >= 0 -> 1", "otherwise -> 3"), ["row 2 of table `t`"]),
        # Whoever's age is missing reaches the second row.
        (("any | known -> 1", "any | unknown -> 2", "otherwise or unknown -> 3"),
         ["row 3 of table `t`"]),
    ],
)  # fmt: skip
def test_rows_that_are_never_reached(rows: tuple[str, ...], found: list[str]) -> None:
    text = TABLE.format("".join(f"  | {row} |\n" for row in rows))
    shown = [each.split(" is never")[0] for each in told(text, "W0703")]
    assert shown == found


def test_the_row_that_takes_everybody_is_shown() -> None:
    rows = "  | any | >= 18 -> 1 |\n  | true | >= 21 -> 2 |\n  | otherwise -> 3 |\n"
    made = looked(TABLE.format(rows))
    (found,) = (each for each in made.found() if each.code == "W0703")
    (note,) = found.notes
    assert note.span is not None and made.pack.sources["policy.siyu"].text[
        note.span.start :
    ].startswith("| any | >= 18")


@pytest.mark.parametrize(
    ("levels", "found"),
    [
        ("  gold from 9\n  silver from 3\n  plain otherwise\n", []),
        ("  gold from 200\n  plain otherwise\n",
         ["nobody can ever reach `gold` of tier `t`: `nps_score` lies between 0 and 10"]),
        ("  gold from 9\n  silver from 0\n  plain otherwise\n",
         ["nobody can ever reach `plain` of tier `t`: whoever could is `silver` already"]),
        ("  gold from 9\n  silver from 0\n  plain otherwise or unknown\n", []),
        ("  gold from 9\n  silver when nps_score > 9\n  plain otherwise\n",
         ["nobody can ever reach `silver` of tier `t`: whoever could is `gold` already"]),
        ("  gold from 9\n  plain otherwise\n  lifetime gold when total_spend >= 9 yuan\n", []),
    ],
)  # fmt: skip
def test_levels_that_nobody_reaches(levels: str, found: list[str]) -> None:
    assert told(f"tier t by nps_score\n{levels}", "W0704") == found


def test_what_nothing_names() -> None:
    text = (
        "param p = 1\n\nview v of orders where status is paid\n\naccount a\n\n"
        "group g choose 1 by priority\n\nmetric m = count(orders)\n\nsegment s\n  when age > 3\n\n"
        "metric shown = 3\n\n" + GIFT + '  because "{shown}"\n'
    )
    found = [each.text() for each in looked(text).found()]
    assert [each.split(" is ")[0] for each in found if each.endswith("never used")] == [
        "segment `s`", "param `p`", "metric `m`", "view `v`", "account `a`", "group `g`",
    ]  # fmt: skip


def test_a_test_and_another_file_are_uses() -> None:
    part = "segment s\n  when age > 3\n"
    text = 'policy p\n  language 1\n  currency CNY\n  schema "facts.yaml"\n\nuse "a.siyu" as a\n\n'
    tested = 'test "t" at 2026-01-01\n  expect gift\n  expect no a.s\n'
    for more, found in (("", 1), (tested, 0)):
        made = looked(text + GIFT + more, used={"a.siyu": part})
        assert sum(each.code == "W0705" for each in made.found()) == found


def test_a_policy_that_does_nothing_is_there_for_its_segments() -> None:
    assert looked("metric m = 1\n\nsegment s\n  when age > 3\n").found() == ()


PERIOD = "  effective from 2026-03-01 to 2026-05-31\n"


def test_periods() -> None:
    over = SEGMENT.format("age > 3") + PERIOD
    assert told(over, "W0709") == []
    assert told(over, "W0709", today="2026-05-31") == []
    assert told(over, "W0709", today="2026-06-01") == [
        "`s` is no longer in force: it ended on 2026-05-31"
    ]
    apart = over + "  effective from 2026-06-01 to 2026-06-30\n"
    assert told(apart, "W0709") == ["`s` is never in force: its periods have no day in common"]
    case = "classify c\n  a when age > 3\n" + "  " + PERIOD.strip() + "\n  b otherwise\n"
    assert told(case, "W0709", today="2027-01-01") == [
        "`a` is no longer in force: it ended on 2026-05-31"
    ]


@pytest.mark.parametrize(
    ("versions", "found"),
    [
        (("2026-03-01",), 1),  # the first version ends as the rule begins
        (("2026-03-02",), 0),
        (("2026-05-31",), 0),
        (("2026-06-01",), 1),
        (("2026-01-01", "2026-02-01"), 2),
    ],
)
def test_versions_that_no_rule_reads(versions: tuple[str, ...], found: int) -> None:
    param = "param p = 3\n" + "".join(f"  from {day} = 4\n" for day in versions)
    rule = SEGMENT.format("age > p") + PERIOD
    assert len(told(f"{param}\n{rule}", "W0709")) == found
    assert told(f"{param}\nmetric m = p\n\n{rule}", "W0709") == []


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (f"sum(orders.amount {LAST}) > sum(orders.amount {THIS})", 1),
        (f"sum(orders.amount {LAST}) - sum(orders.amount {THIS}) > 5 yuan", 1),
        (f"count(orders {LAST}) > count(year_orders)", 1),
        (f"rolling * 2 < count(orders {THIS})", 1),
        (f"sum(orders.amount {LAST}) > sum(orders.amount over last 6 months)", 0),
        (f"count(orders {THIS}) > count(year_orders)", 0),
        (f"rolling > 3 and count(orders {THIS}) > 3", 0),
        ("rolling > 3 and birthday in this month", 0),
    ],
)
def test_windows(condition: str, found: int) -> None:
    before = (
        f"view year_orders of orders {THIS}\n\nmetric rolling = count(orders {LAST})\n\n"
        "metric unused = count(year_orders) + rolling\n\n"
    )
    assert len(told(before + SEGMENT.format(condition), "W0710")) == found


def test_incentives_without_cost() -> None:
    free = GIFT.replace("  costs 5 yuan\n", "")
    assert len(told(free, "W0711")) == 1
    assert told(free.replace("  soft", "  costs 0 yuan\n  soft"), "W0711") == []
    budget = "  worth 5 yuan\n  budget 9 yuan of worth per month by total_spend\n"
    assert told(free + budget, "W0711") == []


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        ("", "it is sent again whenever its conditions hold"),
        ("contact policy h\n  limit 1 per day\n", None),
        ("contact policy h\n  limit 1 per day for recover\n",
         "it is sent again whenever its conditions hold"),
        ("contact policy h\n  limit 1 per day for recover, greeting\n", None),
        ("contact policy h\n  limit 1 per day on app\n", "through `sms` nothing limits it"),
        ("contact policy h\n  limit 1 per day on app\n  limit 1 per day on sms\n", None),
    ],
)  # fmt: skip
def test_contacts_without_limit(limits: str, found: str | None) -> None:
    expected = [] if found is None else [f"no limit binds contact `hello`: {found}"]
    assert told(f"{HELLO}\n{limits}", "W0712") == expected


@pytest.mark.parametrize(("share", "found"), [("0%", 1), ("100%", 1), ("0.01%", 0), ("50%", 0)])
def test_hold_outs(share: str, found: int) -> None:
    assert len(told(f"{GIFT}  holdout {share}\n", "W0713")) == found


def test_currencies() -> None:
    text = "account fund in USD\n\nparam p = 5 USD\n\nparam q = 5 yuan\n"
    assert [each.split(",")[0] for each in told(text, "W0714")] == ["this is money in USD"] * 2


TESTED = 'test "t" at 2026-01-01\n  given customer\n    member_id = "M"\n'


def test_rules_without_test() -> None:
    rules = f"{GIFT}\n{HELLO}  limit 1 per day\n\nscore s from 0 to 9\n  start 2\n\n"
    assert [each.split(":")[0] for each in told(rules, "W0715")] == [
        "no test expects anything of policy `p`"
    ]
    some = f"{rules}{TESTED}  expect gift.costs = 5 yuan\n"
    assert [each.split(":")[0] for each in told(some, "W0715")] == [
        "no test expects anything of contact `hello`",
        "no test expects anything of score `s`",
    ]


@pytest.mark.parametrize(
    ("line", "found"),
    [("limit 0 per day", 1), ("valid 0 days", 1), ("valid -3 days", 1), ("limit nothing ever", 1),
     ("limit 1 per day", 0), ("valid 3 days", 0), ("limit some ever", 0)],
)  # fmt: skip
def test_figures_of_nothing(line: str, found: int) -> None:
    params = "param nothing = 0\n\nparam some = 0\n  from 2027-01-01 = 2\n\n"
    assert len(told(f"{params}{GIFT}  {line}\n", "W0716")) == found


@pytest.mark.parametrize(
    ("by", "found"),
    [("priority", []), ("worth, priority", []),
     ("worth", ["the priority of `gift` decides nothing: group `g` chooses by something else"])],
)  # fmt: skip
def test_priorities_of_incentives(by: str, found: list[str]) -> None:
    group = f"group g choose 1 by {by}\n\n"
    assert told(f"{group}{GIFT}  competes in g\n  priority 3\n", "W0717") == found


@pytest.mark.parametrize(
    ("policy", "found"),
    [("", 0), ("contact policy h\n  choose 1 by priority\n", 0),
     ("contact policy h\n  choose 1 by total_spend\n", 1)],
)  # fmt: skip
def test_priorities_of_contacts(policy: str, found: int) -> None:
    assert len(told(f"{HELLO}  priority 3\n\n{policy}", "W0717")) == found


# ---------------------------------------------------------------- exceptions beside the line


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("segment s\n  when age > 150  # allow: never-holds because we wait\n", []),
        ("segment s\n  # allow: W0701 because we wait\n  when age > 150\n", []),
        ("segment s\n  # 允许：w0701 因为等待\n  # and more\n\n  when age > 150\n", []),
        ("segment s\n  # allow: never-holds, always-holds\n  when age > 150\n", ["W0718"]),
        ("# allow: never-holds because we wait\nsegment s\n  when age > 150\n",
         ["W0701", "W0718"]),
        ("segment s\n  when age > 150  # allow: never-hold\n", ["W0701", "W0718"]),
        ("segment s\n  when age > 50  # we allow nothing here\n", []),
    ],
)  # fmt: skip
def test_exceptions(text: str, found: list[str]) -> None:
    assert sorted(each.code for each in looked(text).found()) == found


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("segment s\n  when age > 150  # allow: never-hold\n", "did you mean `never-holds`?"),
        ("segment s  # allow: never-holds\n  when age > 150\n",
         "write it at the end of line 7, where that is told"),
        ("segment s\n  when age > 50  # allow: never-holds\n", "take the comment away"),
    ],
)  # fmt: skip
def test_an_exception_in_vain_says_what_to_do(text: str, advice: str) -> None:
    (idle,) = (each for each in looked(text).found() if each.code == "W0718")
    assert idle.help_text() == advice


def test_an_exception_from_what_is_not_looked_for_may_stay() -> None:
    text = "segment s\n  when age > 150  # allow: never-holds\n"
    assert looked(text).found({"W0701": "off"}) == ()


def test_severities() -> None:
    made = looked(SEGMENT.format("age > 150"))
    assert [each.severity for each in made.found()] == ["warning"]
    assert [each.severity for each in made.found({"W0701": "error"})] == ["error"]
    assert made.found({"W0701": "off"}) == ()
    assert type(made.found()[0]).severity == "warning"
