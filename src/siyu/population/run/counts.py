"""How often each thing was decided: one aggregate query over everyone, however large the policy,
and one grouped query over the outcomes.

Counting a truth with `count_if` is forty times as fast on DuckDB as with a FILTER.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from siyu.core.ir import Cases, Const, Expr
from siyu.core.program import Fields, Leaf, Program
from siyu.decision.values import money_text
from siyu.population.run.columns import Decided
from siyu.population.run.dialect import Dialect
from siyu.population.run.layout import Column, Outcomes, RowsOf, Value, contents
from siyu.population.run.outcomes import AMOUNTS
from siyu.population.run.published import Number, Published, scales
from siyu.schema.values import decimal_text
from siyu.types import BoolType, EnumType, MoneyType, Type

Path = tuple[str, ...]
AVERAGE = 6  # digits of an average


@dataclass(slots=True)
class Counting:
    """Aggregates to ask for, and where in `counts` each answer goes."""

    asked: list[tuple[str, Path]] = field(default_factory=list)

    def ask(self, sql: str, *path: str) -> None:
        self.asked.append((sql, path))


def counting(program: Program, columns: Sequence[Column], decided: Decided) -> Counting:
    """What is counted of facts and claims."""
    found = Counting()
    rows = _table_rows(program)
    for column in columns:
        if isinstance(column.content, Value):
            _count_value(found, column, column.content, decided, rows.get(column.part, ()))
        elif isinstance(column.content, RowsOf):
            for row in column.content.rows:
                number = dict(row.fields)["row"].value  # type: ignore[union-attr]
                holds = "true" if row.guard is None else decided.of(row.guard)
                found.ask(f"count_if({holds})", "tables", column.part, str(number))
    return found


def _count_value(
    found: Counting, column: Column, content: Value, decided: Decided, rows: Sequence[int]
) -> None:
    held, dialect = decided.of(content.binding), decided.dialect
    section, name, kind = column.section, column.part, content.type
    unknown = f"count(*) - count({held})"
    match section, column.path:
        case (("segments" | "claims"), ()):
            assert isinstance(kind, BoolType)
            found.ask(f"count_if({held})", section, name, "true")
            found.ask(f"count_if(NOT {held})", section, name, "false")
            found.ask(unknown, section, name, "unknown")
        case "classes", ():
            assert isinstance(kind, EnumType)
            for case in kind.members:
                found.ask(f"count_if({held} = {dialect.literal(case)})", section, name, case)
            found.ask(unknown, section, name, "unknown")
        case "scores", ("value",):
            for word in ("sum", "count", "min", "max"):
                found.ask(f"{word}({held})", section, name, word)
        case "tiers", (("level" | "change") as word,):
            assert isinstance(kind, EnumType)
            for each in kind.members:
                found.ask(f"count_if({held} = {dialect.literal(each)})", section, name,
                          f"{word}s", each)  # fmt: skip
            found.ask(unknown, section, name, f"{word}s", "unknown")
        case "tables", ("row",):
            for number in rows:
                found.ask(f"count_if({held} = {number})", section, name, str(number))
            found.ask(unknown, section, name, "none")
        case _:
            pass


def counts_select(counting: Counting, relation: str) -> str:
    """The one query: how many there are, then the answers in their order."""
    items = ["count(*)", *(sql for sql, _ in counting.asked)]
    return f"SELECT {', '.join(items)} FROM {relation}"


def counts_of(
    counting: Counting, answers: Sequence[Sequence[Any]], types: Mapping[str, Type]
) -> tuple[int, dict[str, Any]]:
    """How many decisions there are, and `counts` of facts and claims. `answers` has a row for each
    part of the base; `types` are those of scores by name."""
    columns = list(zip(*answers, strict=True))
    counts: dict[str, Any] = {}
    raw: dict[str, dict[str, int | None]] = {}
    for (_, path), values in zip(counting.asked, columns[1:], strict=True):
        known = [int(value) for value in values if value is not None]
        if path[0] == "scores":
            pick = {"min": min, "max": max}.get(path[2], sum)
            raw.setdefault(path[1], {})[path[2]] = pick(known) if known else None
            continue
        here = counts.setdefault(path[0], {})
        for word in path[1:-1]:
            here = here.setdefault(word, {})
        here[path[-1]] = sum(known)
    for name, found in raw.items():
        counts.setdefault("scores", {})[name] = _score(found, types[name])
    return sum(int(value) for value in columns[0]), counts


def _score(found: Mapping[str, int | None], kind: Type) -> dict[str, str | None]:
    held, _ = scales(kind)
    total, count = found["sum"], found["count"]
    average = None
    if count and total is not None:
        average = decimal_text(
            _half_up(total * 10 ** (AVERAGE - min(held, AVERAGE)), count), AVERAGE
        )
        if held > AVERAGE:
            average = decimal_text(_half_up(total, count * 10 ** (held - AVERAGE)), AVERAGE)
    ends = {word: _number(found[word], kind) for word in ("min", "max")}
    return {"average": average, **ends}


def _half_up(top: int, bottom: int) -> int:
    whole = (abs(top) * 2 + bottom) // (2 * bottom)
    return -whole if top < 0 else whole


def _number(held: int | None, kind: Type) -> str | None:
    if held is None:
        return None
    return money_text(held, kind) if isinstance(kind, MoneyType) else decimal_text(
        held, scales(kind)[0]
    )  # fmt: skip


# ---------------------------------------------------------------- outcomes

GIVEN = {"points": ("points", "postings"), "incentive": ("incentives", "given"),
         "contact": ("contacts", "sent")}  # fmt: skip
SUMMED = {"points": ("points", "worth"), "incentive": ("worth", "cost"), "contact": ()}


def outcomes_select(relation: str, types: Mapping[str, Published], dialect: Dialect) -> str:
    """A row for each kind, rule and code, or channel: how often, and the sums of amounts as whole
    numbers of the columns' last digits."""
    by = dialect.identifier("by")
    sums = ", ".join(f"{_summed(name, types[name])} AS {name}" for name in ("points", *AMOUNTS[1:]))
    return (
        f"SELECT kind, rule, {by}, code, channel, count(*) AS number, {sums} "
        f"FROM {relation} GROUP BY kind, rule, {by}, code, channel"
    )


def _summed(name: str, kind: Published) -> str:
    if not isinstance(kind, Number):
        return "CAST(NULL AS BIGINT)"
    return f"CAST(sum({name}) AS DECIMAL(38, {kind.scale}))"


def outcome_counts(rows: Iterable[Sequence[Any]], parts: Iterable[Outcomes]) -> dict[str, Any]:
    """`counts` of outcomes, with a zero for what never happened; `parts` may have outcomes."""
    found: dict[str, Any] = {section: {} for section, _ in GIVEN.values()}
    for part in parts:
        if part.kind in GIVEN:
            section, word = GIVEN[part.kind]
            found[section][part.rule] = {word: 0}
    stopped: dict[str, Any] = {}
    sums: dict[tuple[str, str, str], Any] = {}
    for kind, rule, by, code, channel, number, points, worth, cost in rows:
        if kind == "stopped":
            codes = stopped.setdefault(rule, {}).setdefault(by, {})
            codes[code] = codes.get(code, 0) + int(number)
            continue
        if kind not in GIVEN:
            continue
        section, word = GIVEN[kind]
        entry = found.setdefault(section, {}).setdefault(rule, {})
        entry[word] = entry.get(word, 0) + int(number)
        if kind == "contact":
            channels = entry.setdefault("channels", {})
            name = "unknown" if channel is None else channel
            channels[name] = channels.get(name, 0) + int(number)
        amounts = {"points": points, "worth": worth, "cost": cost}
        for name in SUMMED[kind]:
            if amounts[name] is not None:
                key = (section, rule, name)
                sums[key] = sums.get(key, 0) + amounts[name]
    for (section, rule, name), total in sums.items():
        found[section][rule][name] = int(total) if name == "points" else _plain(total)
    for section, rules in found.items():
        for entry in rules.values():
            if section == "contacts":
                entry.setdefault("channels", {})
            for name in SUMMED[next(k for k, v in GIVEN.items() if v[0] == section)]:
                entry.setdefault(name, None)
    found["stopped"] = stopped
    return found


def _plain(total: Any) -> str:
    return f"{total:f}"


def score_types(program: Program) -> Iterator[tuple[str, Type]]:
    """The types of scores by name."""
    for part in program.parts:
        if part.section == "scores" and isinstance(part.shape, Fields):
            leaf = dict(part.shape.items)["value"]
            if isinstance(leaf, Leaf):
                yield part.name, leaf.type


def _table_rows(program: Program) -> dict[str, tuple[int, ...]]:
    """The numbers of the rows that a table may take, by the table's name."""
    bound = {binding.name: binding.expr for binding in program.bindings}
    found = {}
    for part in program.parts:
        if part.section != "tables":
            continue
        held = dict(contents(part.shape)).get(("row",))
        if isinstance(held, Value):
            found[part.name] = tuple(sorted(_numbers(bound[held.binding])))
    return found


def _numbers(expr: Expr) -> set[int]:
    values: list[Expr] = [expr]
    if isinstance(expr, Cases):
        values = [*(arm.value for arm in expr.arms), expr.otherwise]
    return {v.value for v in values if isinstance(v, Const) and isinstance(v.value, int)}
