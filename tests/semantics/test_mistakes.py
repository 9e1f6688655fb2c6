"""What is wrong with expressions, and what the author is told."""

import pytest

from .harness import checked, schema_of

LEVELS = """
tier member_level "会员等级" by total_spend
  platinum "白金卡" from 20000 yuan
  gold     "金卡" from 5000 yuan
  standard "普卡" otherwise

"""
NAMED = """
metric spend_12m "近12个月消费" = sum(orders.amount over last 12 months)
metric 客单价 "average basket" = spend_12m / count(orders) otherwise 0 yuan
view purchases "有效购买" of orders where status is paid

"""


@pytest.mark.parametrize(
    ("expr", "code", "told"),
    [
        # names
        ("spend_12", "E0303", "did you mean `spend_12m`?"),
        ("spned_12m", "E0303", "did you mean `spend_12m`?"),
        ("近12个月消费", "E0303", "did you mean `spend_12m`?"),
        ("12 * 近12月消费", "E0303", "did you mean `spend_12m`?"),
        ("average_basket", "E0303", "did you mean `客单价`?"),
        ("客单", "E0303", "did you mean `客单价`?"),
        ("专属导购", "E0303", "did you mean `advisor`?"),
        ("gold", "E0303", "`gold` is a word of `member_level`: write `member_level is gold`"),
        ("金卡", "E0303", "`金卡` is the label of `gold`: write `member_level is gold`"),
        ("platinun", "E0303", "did you mean `member_level is platinum`?"),
        ("白金", "E0303", "did you mean `member_level is platinum`?"),
        ("age = null", "E0303", "ask `x is known` or `x is unknown`"),
        ("消费大于等于1000元", "E0303", "write `消费 >= 1000元`"),
        ("工作日", "E0303", "`工作日` is the label of `workday`: write `kind_of_day is workday`"),
        ("nothing_like_it", "E0303", "declare it as a metric or a param, or add it to the schema"),
        ("weather is rainy", "E0303", 'write text in quotes: `"rainy"`'),
        ("event.amout", "E0304", "did you mean `amount`?"),
        ("event.nothing_at_all", "E0304", "choose one of its parts: `order_id`, "),
        ("event.累计退款额 > 1 yuan", "E0304", "did you mean `amount`?"),
        ("context.wether", "E0304", "did you mean `weather`?"),
        ("spend_12m.missing", "E0304", "take the dot away"),
        ("sum(orders.amuont)", "E0304", "did you mean `amount`?"),
        ("sum(purchases.amuont)", "E0304", "did you mean `amount`?"),
        ("count(purchase)", "E0303", "did you mean `purchases`?"),
        ("sum(purchase.amount)", "E0303", "did you mean `purchases.amount`?"),
        ("count(有效购买)", "E0303", "did you mean `purchases`?"),
        ("count(有效购买们)", "E0303", "did you mean `purchases`?"),
        ("orders > 3", "E0305", "ask for one value, as in `count(orders)`"),
        ("purchases > 3", "E0305", "ask for one value, as in `count(purchases)`"),
        ("purchases.amount > 3 yuan", "E0305", "ask for one value, as in `max(purchases.amount)`"),
        ("orders.amount > 3 yuan", "E0305", "ask for one value, as in `max(orders.amount)`"),
        ("member_level + 1", "E0302", "name something here that is decided earlier"),
        ("sum(total_spend)", "E0306", "name a collection's column, as in `sum(orders.amount)`"),
        ("count(1)", "E0306", "name a collection's column, as in `count(orders)`"),
        ("sum(orders.amount + grants.worth)", "E0309", "write one aggregate for each of them"),
        ("count(consents over last 30 days)", "E0310", "`time:`"),
        ("latest(consents.channel by granted)", "E0311", "`key:`"),
        ("latest(contacts.contact)", "E0311", "`key:`"),
        ("rond(1.5)", "E0312", "did you mean `round`?"),
        ("sums(orders.amount)", "E0312", "did you mean `sum`?"),
        ("population percentil(age, 95)", "E0312", "did you mean `percentile` or `median`?"),
        ("floor(1.5, 2)", "E0313", "write `floor(x)`"),
        ("distance(home)", "E0313", "write `distance(a, b)`"),
        ("sum(orders)", "E0313", "write `sum(orders.column)`"),
        ("population percentile(age)", "E0313", "write `population percentile(x, 95)`"),
        ("share(age > 18)", "E0314", "write it in an `indicator` or an `ensure`"),
        ("count(orders where top 5% by amount)", "E0315", "declare the figure as a metric"),
        # conditions
        ("not count(orders)", "E0401", "compare it with something"),
        ("age and unsubscribed", "E0401", "compare it with something"),
        ("count(orders where amount)", "E0401", "compare it with something"),
        # arithmetic
        ("total_spend + 5", "E0402", "write the number with its currency, as in `5 yuan`"),
        ("5 - total_spend", "E0402", "write the number with its currency, as in `5 yuan`"),
        ("total_spend * total_spend", "E0402", "multiply an amount by a plain number"),
        ("5 / total_spend", "E0402", "divide the amount by the number"),
        ("total_spend + 30 days", "E0402", "compare or combine amounts with amounts"),
        ("total_spend / 30 days", "E0402", "compare or combine amounts with amounts"),
        ("3 days * 2 days", "E0402", "multiply a duration by a plain number"),
        ("joined_on + 30", "E0402", "write the number with its unit, as in `30 days`"),
        ("30 + 30 days", "E0402", "write the number with its unit, as in `30 days`"),
        ('"a" + "b"', "E0402", "use numbers of one unit"),
        ("joined_on + joined_on", "E0402", "use numbers of one unit"),
        ("-unsubscribed", "E0402", "use numbers of one unit"),
        ("min(1, 1 yuan)", "E0402", "write the number with its currency"),
        ("total_spend + 5 USD", "E0407", "convert one of them by a rate"),
        ("total_spend > 5 USD", "E0407", "convert one of them by a rate"),
        ("1 month + 30 days", "E0408", "say both in months, or both in days"),
        ("days since joined_on > 6 months", "E0408", "say both in months, or both in days"),
        ("total_spend otherwise 0", "E0406", "write the amount with its currency"),
        # comparisons
        ("total_spend > 5", "E0403", "write the number with its currency, as in `5 yuan`"),
        ("total_spend > 30 days", "E0403", "compare an amount with an amount"),
        ("days since joined_on > 30", "E0403", "write the number with its unit, as in `30 days`"),
        ("joined_on > 30 days", "E0403", "`days since x` turns a date into a number of days"),
        ('age = "18"', "E0403", "write the number without quotes"),
        ("age > 30 days", "E0403", "leave the unit of the number out"),
        ("5 yuan < age", "E0403", "leave the unit of the number out"),
        ('member_level_held is "gold"', "E0403", "write a word of an enum without quotes"),
        ('tags = "vip"', "E0403", 'as in `tags has "vip"`'),
        ("home = home", "E0403", "compare values of one kind"),
        ("count(orders where channel is paid)", "E0303", "declare it"),
        ("count(orders where status is payd)", "E0404", "did you mean `paid`?"),
        ("count(orders where status is 已支付)", "E0404", "did you mean `paid`?"),
        ("member_level_held >= 金卡", "E0404", "did you mean `gold`?"),
        ("member_level_held is diamond", "E0404", "choose one of its words"),
        ("kind_of_day in (workday, festivl)", "E0404", "did you mean `festival`?"),
        ("count(orders where status >= paid)", "E0405", "compare with `is` or `in (…)`"),
        ("count(orders where status between paid and refunded)", "E0405", "compare with `is`"),
        ("unsubscribed > false", "E0405", "compare with `is` or `in (…)`"),
        ("age has 3", "E0406", "`has` asks what a set holds"),
        ("tags has 3", "E0403", "text is compared with text in quotes"),
        ('abs("a")', "E0406", "give a number"),
        ("round(1.5, age)", "E0406", "as in `round(x, 2)`"),
        ("round(1.5, 10)", "E0406", "as in `round(x, 2)`"),
        ("sum(orders.paid_at)", "E0406", "name another column"),
        ("sum(orders.status)", "E0406", "name another column"),
        ("max(orders.status)", "E0406", "name another column"),
        ("count(orders.amount > 5 yuan)", "E0406", "write the condition behind `where`"),
        ("top 5% by tags", "E0406", "rank members by an amount"),
        # literals, ranges, periods
        ("total_spend / 1 yuan * (total_spend / 1 yuan) * (total_spend / 1 yuan)"
         " * (total_spend / 1 yuan)", "E0409", "give fields a range in the schema"),
        ("joined_on = 2026-02-30", "E0410", "write a day of the calendar"),
        ("1.0123456789", "E0411", "say how to round it"),
        ("count(orders over last 30)", "E0412", "write `30 days`"),
        ("joined_on within last age", "E0412", "write `30 days`"),
        ("count(orders over last 30 yuan)", "E0406", "write a length of time, as in `30 days`"),
        ("hours since joined_on", "E0413", "count in days"),
        ("joined_on + 3 hours", "E0413", "count in days"),
        ("joined_on within last 24 hours", "E0413", "count in days"),
        ("as_of - 1.5 months", "E0414", "round it first"),
        ("as_of - 0.5 days", "E0414", "round it first"),
        ("count(orders over last 0 days)", "E0415", "write a length above zero"),
        ("age in this month", "E0406", "name a field that holds a date"),
        ("joined_on in this hour", "E0406", "write `within last 1 hour`"),
        ("top 0% by age", "E0417", "write a number such as `5%`"),
        ("top 100.1% by age", "E0417", "write a number such as `5%`"),
        # what may be unknown in a negation
        ("not age < 18", "E0501", "write `age is known and …`"),
        ("age != 18", "E0501", "write `age is known and …`"),
        ("weather is not \"rain\"", "E0501", "or give a default: `(weather otherwise …)`"),
        ("age not in (1, 2)", "E0501", "`age is unknown or …`"),
        ("not (age < 18 and age is unknown)", "E0501", "`age is known and …`"),
        ("not (max(orders.amount) > 5 yuan)", "E0501", "write `max(…) is known and …`"),
        ("not (total_spend / age > 5 yuan)", "E0501", "write `age is known and …`"),
        ("not (total_spend / count(orders) > 5 yuan)", "E0501", "write `a division is known"),
        ("not event.amount > 5 yuan", "E0501", "write `event.amount is known and …`"),
        ("count(orders where category != \"tea\")", "E0501", "write `category is known and …`"),
        ("age is known or age != 18", "E0501", "`age is known and …`"),
        ("age is unknown and age != 18", "E0501", "`age is known and …`"),
    ],
)  # fmt: skip
def test_mistakes(expr: str, code: str, told: str) -> None:
    done = checked(f"{LEVELS}{NAMED}metric m = {expr}\n")
    assert done.codes == [code], [(d.code, d.text(), d.help_text()) for d in done.found]
    (found,) = done.found
    assert told in found.help_text()
    assert found.text() and found.label_text()


@pytest.mark.parametrize(
    "expr",
    [
        "age is known and age != 18",
        "age != 18 and age is known",
        "age is known and (count(orders) > 3 and not age < 18)",
        "age is unknown or age != 18",
        "not (age is known) or age != 18",
        "not (age is known and age < 18)",
        "not (age is unknown or age < 18)",
        "(age otherwise 0) != 18",
        "not (age otherwise 18) < 18",
        "not exists(orders)",
        "not count(orders) > 3",
        "sum(orders.amount) != 0 yuan",
        "unsubscribed is not true",
        'not tags has "vip"',
        "total_spend / 7 != 1 yuan",
        'count(orders where category is known and category != "tea") > 1',
        'count(orders where category is unknown or category != "tea") > 1',
        "age is known and count(orders where age != 18) > 1",
        "(age * 2) is known and not age < 18",
        "not top 5% by total_spend",
        "(age is known and age != 3) or (nps_score is known and nps_score != 3)",
        "not 客单价 > 3 yuan",
    ],
)
def test_guards_and_defaults_answer_for_the_unknown(expr: str) -> None:
    done = checked(f"{LEVELS}{NAMED}metric m = {expr}\n")
    assert not done.found, [(d.code, d.text(), d.help_text()) for d in done.found]


def test_a_known_column_says_nothing_of_the_same_column_of_inner_rows() -> None:
    text = (
        'metric m = count(orders where category is known and exists(orders where category != "t"))'
    )
    assert checked(text).codes == ["E0501"]


def test_a_known_column_is_known_inside_of_its_nested_rows() -> None:
    text = (
        'metric m = count(orders where category is known and exists(lines where category != "t"))'
    )
    assert not checked(text).found


def test_unless_may_rely_on_the_condition_before_it() -> None:
    assert not checked("segment s\n  when age is known and age > 3\n  unless age < 18").found
    (found,) = checked("segment s\n  when age > 3\n  unless age < 18").found
    assert found.code == "E0502"
    assert found.help_text().startswith("write `age is unknown or …` so that it forbids")
    assert not checked("segment s\n  when age > 3\n  unless age is unknown or age < 18").found


def test_a_metric_that_may_be_unknown_is_named_where_it_is_negated() -> None:
    text = (
        "metric recency = days since max(orders.paid_at)\nsegment s\n  when not recency > 90 days"
    )
    (found,) = checked(text).found
    assert found.text() == ("`recency` may be unknown, and the negation of unknown is unknown too")
    assert text[found.span.start : found.span.end] == "recency"
    guarded = text.replace("not recency", "recency is known and not recency")
    assert not checked(guarded).found


def test_a_circle_is_reported_where_it_closes() -> None:
    done = checked("metric a = b + 1\nmetric b = c\nmetric c = a")
    (found,) = done.found
    assert found.code == "E0301"
    assert found.label_text() == "this closes the circle: `a` → `b` → `c` → `a`"


def test_levels_of_a_tier_that_is_not_declared() -> None:
    (found,) = checked("metric m = member_level_held is gold").found
    assert found.code == "E0303"
    assert "declare a tier" in found.help_text()


def test_a_metric_may_not_name_a_segment() -> None:
    assert checked("segment s\n  when true\nmetric m = s").codes == ["E0302"]


def test_every_mistake_is_reported_once_and_all_of_them() -> None:
    done = checked("metric a = age + 1 yuan\nmetric b = a + 1 yuan\nmetric c = a + nothing_at_all")
    assert done.codes == ["E0402", "E0303"]


def test_long_conditions_and_deep_circles_do_not_hurt() -> None:
    assert not checked("metric m = " + " and ".join(["age > 1"] * 3000)).found
    deep = "".join(f"metric m{n} = {'1 + ' * 90}m{(n + 1) % 30}\n" for n in range(30))
    assert set(checked(deep).codes) == {"E0318"}
    left = "".join(f"metric m{n} = m{(n + 1) % 30}{' + 1' * 90}\n" for n in range(30))
    assert set(checked(left).codes) == {"E0318"}


def test_a_period_runs_forwards() -> None:
    text = "segment s\n  when true\n  effective from 2026-12-31 to 2026-01-01"
    assert checked(text).codes == ["E0416"]


TWO = """
schema: shop
customer: {key: id, fields: {id: {type: text}, price: {type: money, currency: USD}}}
collections:
  a: {fields: {x: {type: int}}, collections: {lines: {fields: {y: {type: int}}}}}
  b: {key: k, fields: {k: {type: int}}, collections: {lines: {fields: {y: {type: int}}}}}
events:
  one: {key: k, fields: {k: {type: text}, size: {type: int}}}
  two: {key: k, fields: {k: {type: text}, size: {type: text}}}
"""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("metric m = count(lines)", "E0316"),
        ("metric m = event.size", "E0308"),
        ("view v of a where exists(lines)\nmetric m = count(v.lines)", "E0317"),
        ("metric m = latest(b.lines.y)", "E0311"),
        ("metric m = latest(b.k)", "E0310"),
        ("metric m = price + 1 yuan", "E0407"),
    ],
)
def test_mistakes_with_other_facts(text: str, code: str) -> None:
    assert checked(text, schema_of(TWO)).codes == [code]


def test_words_for_people_name_values() -> None:
    done = checked('segment s\n  when age > 3\n  because "您 {age} 岁, {client}"')
    assert done.codes == ["E0303"]
    assert done.build.words["s"][0] == "您 "
