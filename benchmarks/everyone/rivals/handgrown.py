"""Ten times the rules as DuckDB SQL written by hand: ten programmes of 75 rules each.

A programme is the statement of `handsql` with its own thresholds. There are three ways to write
ten of them:

- `rules`, as campaigns come to be written: each programme has, for each of its groups of rules
  (segments, classes and scores, levels and tables, gifts and messages), a query of its own over
  the checked members, in which every figure and condition that it depends on is written out again;
- `programmes`: a query for each programme, which says every condition once;
- `one`: one SELECT in which every condition of all programmes stands once.

Where there are several queries, their columns are joined by member at the end. Input is checked
once in each of them, and the days, amounts and consents that figures are made of come from there.
The files are those of `handsql`, with the columns of all programmes.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from benchmarks.everyone.data import Base
from benchmarks.everyone.rivals import handsql
from benchmarks.everyone.rivals.handsql import BENEFITS, GIVEN, ID, LEVEL, PARQUET, SENT

# What a copy moves by its number: the place in the statement, and the unit of that number in it.
MOVED = (
    ("tenure <= 30", 1), ("recency <= 30 AND orders_90d", 1),
    ("orders_12m >= 12 AND recency <= 60", 1), ("rate < 100000", 10_000),
    ("recency BETWEEN 60 AND 120 AND", 1), ("recency > 365", 1), ("(recency > 180", 1),
    ("rate > 200000", 10_000), ("app_idle <= 14", 1), ("app_idle > 60", 1),
    ("points_balance >= 20000 AND points_expiring >= 1000", 1), ("age BETWEEN 18 AND 35", 1),
    ("trend > 100000", 100), ("age BETWEEN 22 AND 45", 1), ("first_gap <= 90", 1),
    ("WHEN recency > 180", 1), ("recency > 90", 1), ("first_gap > 180", 1),
    ("least(100, 20", 1), ("recency > 120 THEN 30", 1), ("recency >= 60 THEN 15", 1),
    ("complaints_12m >= 1 THEN 10", 1), ("NOT wecom_friend THEN 12", 1), ("6 THEN 14", 1),
    ("orders_12m >= 6 THEN 20", 1), ("trend > 50000", 100), ("THEN 16", 1),
    ("least(100, 10", 1), ("THEN 25", 1), ("visits_30d >= 5 THEN 15", 1),
    ("engagement >= 20 THEN 20", 1), ("'baby') THEN 10", 1), ("coupons_open >= 2 THEN 12", 1),
    ("unsubscribed THEN 30", 1), ("net >= 2000000", 100), ("net >= 800000", 100),
    ("net >= 300000 THEN", 100), ("net >= 50000 THEN", 100), ("ltv >= 30000000", 1_000),
    ("net >= 300000 OR", 100), ("orders_12m >= 10 THEN", 1), ("net >= 50000 AND", 100),
    ("aov >= 50000000", 1_000_000),
    ("level WHEN 0 THEN 50000 WHEN 1 THEN 300000 WHEN 2 THEN 800000 WHEN 3 THEN 2000000", 100),
    ("recency <= 30 THEN", 1), ("recency < 60", 1), ("recency > 270", 1), ("recency < 90", 1),
    ("churn >= 60", 1), ("churn >= 50", 1), ("intent >= 40", 1), ("points_left < 50000", 1),
    ("churn >= 70", 1), ("ltv >= 2000000", 1_000), ("refund_age <= 30", 1),
    ("wecom_age >= 30", 1),
)  # fmt: skip
_NUMBER = re.compile(r"(?<![\w.])[1-9]\d+(?!\d)")
_CHECKED, _CHAIN = handsql.DECIDED.split("\nb AS (\n", 1)
# The members who pass the checks, with what the schema calls them; no figures yet.
CHECKED = _CHECKED.replace("TABLE decided", "TABLE checked").removesuffix(",") + "\nSELECT * FROM a"
CHAIN, _RESULT = ("\nb AS (\n" + _CHAIN).split("\nSELECT member_id, tenure", 1)
_PLACE = re.compile("|".join(re.escape(place) for place, _ in MOVED))
CONTACT = "wake_via, cart_via, thanks_via, invite_via"
FIGURES = (
    "tenure, recency, first_gap, app_idle, wecom_age, refund_age, net, aov, rate, trend,"
    " engagement, points_left, ltv"
)
SEGMENTS = (
    "newcomer, active, loyal, bargain, slipping, lost, returner, unhappy, promoter, app_fan,"
    " app_sleeper, cart_leaver, points_rich, young_city, rising, reachable, parent, from_live"
)
RULES = (
    "cart_push, double_points, monthly_offer, parent_box, points_nudge, save_call, wake_big,"
    " wake_small"
)
INNER = "earned, wants_double, wants_box, wants_big, wants_small"  # steps on the way
LEVELS = "level, change, keep_until, grace_until, next_missing, keep_missing, offer, care"
# A query for each group, with the last step of the chain that it needs.
GROUPS = (
    ("segments", SEGMENTS, "c"),
    ("grades", "lifecycle, band, churn, intent", "d"),
    ("levels", LEVELS, "f"),
    ("actions", f"{RULES}, {CONTACT}", "h"),
)
ALL = ", ".join(columns for _, columns, _ in GROUPS)


def chain(number: int, today: str) -> str:
    """The steps from checked members to contacts with the thresholds of a programme."""
    text = CHAIN
    if number:
        units = dict(MOVED)
        text = _PLACE.sub(lambda place: _more(place[0], number * units[place[0]]), text)
        text = text.replace("avg_discount > 0.3", f"avg_discount > 0.{30 + number}")
        text = text.replace("least(100,", f"least({100 + number},")
        text = text.replace("churn >= 40", "churn BETWEEN 40 AND 100")
        text = _without_held(text)
    return text.replace("{today}", today)


def _more(place: str, by: int) -> str:
    """A place with its numbers moved; the upper bound of a score moves apart from its start."""
    head, found, tail = place.rpartition("least(100, ")
    return head + found + _NUMBER.sub(lambda number: str(int(number[0]) + by), tail)


def _without_held(text: str) -> str:
    """A programme's levels but the first hold nothing: who comes enters."""
    start, end = text.index("    CASE WHEN held < 0"), text.index("AS change")
    text = text[:start] + "    'entered' " + text[end:]
    start, end = text.index("    CASE change WHEN"), text.index("AS level,")
    text = text[:start] + "    earned " + text[end:]
    start, end = text.index("    CASE WHEN change IN"), text.index("\n  FROM d")
    return text[:start] + "    NULL::DATE AS keep_until, NULL::DATE AS grace_until" + text[end:]


def statements(copies: int, today: str, way: str) -> list[str]:
    """What makes a table `decided` of the checked members, one row each, `<column>_<number>`."""
    kept = f"member_id, member_level_held, age, {FIGURES}"
    told = [f"{column}_{n}" for n in range(copies) for column in ALL.split(", ")]
    last = f"SELECT {kept}, {', '.join(told)}, {_contact(copies)} FROM"
    start = "CREATE OR REPLACE TEMP TABLE"
    if way == "one":
        return [f"{start} decided AS WITH {_one(copies, today)} {last} h"]
    groups = GROUPS if way == "rules" else (("all", ALL, "h"),)
    figures = f"{start} figures AS WITH a AS (FROM checked), {chain(0, today)} SELECT {kept} FROM c"
    made, joined = [figures], []
    for number in range(copies):
        for name, columns, step in groups:
            table = f"{name}_{number}"
            named = ", ".join(f"{column} AS {column}_{number}" for column in columns.split(", "))
            made.append(
                f"{start} {table} AS WITH a AS (FROM checked), {chain(number, today)}"
                f" SELECT member_id, {named} FROM {step}"
            )
            joined.append(f"JOIN {table} USING (member_id)")
    return [*made, f"{start} decided AS {last} figures {' '.join(joined)}"]


def _one(copies: int, today: str) -> str:
    """The steps of all programmes side by side; what figures say is said once."""
    steps: dict[str, list[str]] = {}
    for number in range(copies):
        for name, body in _STEP.findall(chain(number, today) + ",\n"):
            told = steps.setdefault(name, [])
            for item in split(body):
                if number and item.rpartition(" AS ")[2] in FIGURES.split(", "):
                    continue
                told.append(_OWN.sub(rf"\1_{number}", item))
    before, made = "a", ["a AS (FROM checked)"]
    for name, told in steps.items():
        made.append(f"{name} AS (SELECT *, {', '.join(told)} FROM {before})")
        before = name
    return ", ".join(item for item in made)


_STEP = re.compile(r"(\w) AS \(\s*SELECT \*,(.*?)\s+FROM \w\)(?:,\n|\n)", re.S)
_OWN = re.compile(rf"(?<![\w.\"'])({'|'.join(f'{ALL}, {INNER}'.split(', '))})(?![\w.\"'])")


def split(text: str) -> list[str]:
    """The parts between commas that stand in no bracket and no quotes."""
    parts, depth, quoted = [""], 0, False
    for char in text:
        quoted ^= char == "'"
        if not quoted:
            depth += (char in "([") - (char in ")]")
        if char == "," and not depth and not quoted:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts if part.strip()]


def _contact(copies: int) -> str:
    """The one contact of all programmes, by priority: the later programme's before its like."""
    ways = (
        (rule, via, number)
        for rule, via in zip(SENT, CONTACT.split(", "), strict=True)
        for number in reversed(range(copies))
    )
    listed = [(f"{via}_{n}", rule[0] + (f"_{n}" if n else "")) for rule, via, n in ways]
    arms = " ".join(f"WHEN {via} IS NOT NULL THEN '{name}'" for via, name in listed)
    return f"CASE {arms} END AS contact, coalesce({', '.join(via for via, _ in listed)}) AS via"


def decisions(copies: int, out: Path) -> str:
    """The statement that writes a row a member."""
    start = handsql.DECISIONS.index("  tenure, recency")
    end = handsql.DECISIONS.index("  list_filter")
    body = handsql.DECISIONS[start:end]
    parts = [_named(body, number) for number in range(copies)]
    names = sorted(
        (_of(name, n), f"{name}_{n}") for name in RULES.split(", ") for n in range(copies)
    )
    given = [f"CASE WHEN {holds} THEN '{name}' END" for name, holds in names]
    return (
        f"COPY (SELECT member_id AS customer, {' '.join(parts)}\n"
        f"list_filter([{', '.join(given)}], lambda x: x IS NOT NULL) AS incentives,\n"
        "CASE WHEN contact IS NULL THEN [] ELSE [contact] END AS contacts\n"
        f"FROM decided) TO '{out}/decisions.parquet' ({PARQUET})"
    )


def _of(name: str, number: int) -> str:
    return f"{name}_{number}" if number else name


def _named(body: str, number: int) -> str:
    """The columns of a programme, from its columns of `decided`."""
    body = body.replace(handsql.COSTS, costs(number))
    pieces = []
    for piece in split(body):
        text, _, name = piece.rpartition(" AS ")
        text, name = text or name, name.strip('"')
        if number and name == "member_level.held":
            text = "NULL::VARCHAR"
        text = _OWN.sub(rf"\1_{number}", text)
        text = text.replace("'wake_push'", f"'{_of('wake_push', number)}'")
        pieces.append(f'{text} AS "{_shown(name, number)}"')
    return ",\n".join(pieces) + ",\n"


def _shown(name: str, number: int) -> str:
    """A column's name in the file: that of the rule carries the programme's number."""
    if not number:
        return name
    rule, dot, rest = name.partition(".")
    rest = re.sub(r"(?<=missing\.)net_spend", f"net_spend_{number}", rest)
    return f"{rule}_{number}{dot}{rest}"


def costs(number: int) -> str:
    """What the offers cost: numbers of two digits move."""
    return re.sub(
        r"\d+(?=\.00)",
        lambda cost: str(int(cost[0]) + (number if int(cost[0]) > 9 else 0)),
        handsql.COSTS,
    )


def outcomes(copies: int, out: Path, today: str) -> str:
    """The statement that writes a row for each outcome of all programmes."""
    rows = [row for number in range(copies) for row in _outcomes(number, today)]
    return f"COPY ({' UNION ALL '.join(rows)}) TO '{out}/outcomes.parquet' ({PARQUET})"


# The share of the worth that a gift costs; the others cost what they cost.
SHARES = {"wake_big": 35, "wake_small": 40, "cart_push": 50, "points_nudge": 90}


def _outcomes(number: int, today: str) -> list[str]:
    rows = []
    for rule, benefit, detail, worth, cost, days in GIVEN:
        name = _of(rule, number)
        value = _moved(worth, number)
        share = SHARES.get(rule)
        spent = _moved(cost, number) if share is None else f"{float(value) * share / 100:.2f}"
        valid = days + (number if days > 9 else 0)
        rows.append(handsql.rows(
            f"{rule}_{number}", kind="'incentive'", rule=f"'{name}'",
            id=ID.format(rule=f"'{name}'", today=today), worth=value, cost=spent,
            benefit=f"'{benefit}'", detail=f"'{detail}'",
            valid_until=f"DATE '{today}' + {valid}",
        ))  # fmt: skip
    offered = _of("monthly_offer", number)
    rows.append(handsql.rows(
        f"monthly_offer_{number}", kind="'incentive'", rule=f"'{offered}'",
        id=ID.format(rule=f"'{offered}'", today=today), cost=f"{costs(number)}[offer_{number}]",
        benefit=f"{BENEFITS}[offer_{number}]",
    ))  # fmt: skip
    rows += [
        handsql.rows(
            f"contact = '{_of(rule, number)}'", kind="'contact'", rule="contact",
            id=ID.format(rule="contact", today=today), purpose=f"'{purpose}'", channel="via",
            send=f"'{send}'", params="'{}'", not_before=f"TIMESTAMPTZ '{today} 10:00:00+08'",
        )
        for rule, purpose, send in SENT
    ]  # fmt: skip
    rows.append(handsql.rows(
        f"change_{number} <> 'kept'", kind="'tier'", rule=f"'{_of('member_level', number)}'",
        code=f"change_{number}", change=f"change_{number}",
        from_="NULL" if number else "member_level_held", to=f"{LEVEL}[level_{number} + 1]",
        until=f"keep_until_{number}",
    ))  # fmt: skip
    return rows


def _moved(amount: str, number: int) -> str:
    return f"{float(amount) + (number if float(amount) > 9.99 else 0):.2f}"


def run(base: Base, out: Path, today: str, way: str, copies: int = 10) -> None:
    """Decide about everyone by all programmes and write the files."""
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(out.with_suffix(".duckdb"), config={"threads": 2}) as db:
        handsql.refuse_doubles(db, base.members)
        checked = CHECKED.format(members=base.members, consents=base.consents, today=today)
        db.execute(checked)
        for statement in statements(copies, today, way):
            db.execute(statement)
        db.execute(decisions(copies, out))
        db.execute(outcomes(copies, out, today))
        held = handsql.state(out).replace("[level + 1]", "[level_0 + 1]")
        db.execute(held.replace("keep_until AS", "keep_until_0 AS"))
        db.execute(
            f"SELECT (SELECT count(*) FROM '{base.members}') - (SELECT count(*) FROM decided)"
        )
