"""What a run has allotted, as the file that the service decides with."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from siyu.core.program import Cut, Program
from siyu.decision.values import date_text, datetime_text, time_text
from siyu.functions.calendar import period_key
from siyu.population.run.allocate import Settled, Verdict
from siyu.schema.values import decimal_text
from siyu.types import (
    DateTimeType,
    DateType,
    DurationType,
    EnumType,
    TimeType,
    Type,
    scale_of,
)

HEAD = """# Who is still within a budget or a quota, as a run over everyone has found it.
# A service decides with it just as the run did: siyu decide --allocation.
"""


def allocation_text(program: Program, as_of: int, today: int, found: Iterable[Settled]) -> str:
    """The file's text. `as_of` is the run's moment, `today` its local date's ordinal."""
    zone = ZoneInfo(program.timezone)
    lines = [HEAD + "allocation: 1", f"policy: {quoted(program.name)}"]
    lines += [f"as_of: {datetime_text(as_of, zone)}", "cuts:"]
    ranked = {cut.name: cut for cut in program.ranked}
    settled = sorted(found, key=lambda each: each.code)
    for each in settled:
        lines += _cut(each, ranked[each.code], today, f"{each.code}.period" in program.allocations)
    return "\n".join(lines) + "\n" if settled else "\n".join(lines) + " {}\n"


def _cut(settled: Settled, ranked: Cut, today: int, periodic: bool) -> list[str]:
    lines = [f"  {quoted(settled.code)}:"]
    if periodic:
        period = period_key(today, settled.allotment.window)
        lines.append(f"    period: {quoted(period or '')}")
    verdicts = settled.verdicts
    if all(each.sender == "" for each in verdicts):
        # A budget that nobody wants is not yet refused to anybody, unless it is used up.
        lines += _verdict(verdicts[0] if verdicts else None, ranked, "    ")
        return lines
    lines.append("    senders:")
    for each in verdicts:
        lines.append(f"      {quoted(each.sender)}:")
        lines += _verdict(each, ranked, "        ")
    return lines


def _verdict(verdict: Verdict | None, ranked: Cut, indent: str) -> list[str]:
    if verdict is None:
        return [f"{indent}all: true"]
    if verdict.verdict != "cut":
        return [f"{indent}{verdict.verdict}: true"]
    rule, _, md5 = verdict.tie.rpartition(" ")
    rank = verdict.rank
    if rank is not None and ranked.ascending:
        rank = -rank
    value = "null" if rank is None else quoted(rank_text(rank, ranked.type))
    return [
        f"{indent}last:",
        f"{indent}  value: {value}",
        f"{indent}  rule: {quoted(rule)}",
        f"{indent}  tie: {quoted(md5)}",
    ]


def rank_text(held: int, kind: Type) -> str:
    """A rank as files write values: all digits, with its unit.

    >>> rank_text(1750, DurationType("day", 2)), rank_text(1, EnumType("level", ("low", "high")))
    ('17.50 days', 'high')
    """
    match kind:
        case EnumType():
            return kind.members[held]
        case DateType():
            return date_text(held)
        case TimeType():
            return time_text(held)
        case DateTimeType():
            return datetime_text(held, ZoneInfo("UTC"))
        case DurationType():
            return f"{decimal_text(held, kind.scale)} {kind.unit}s"
        case _:
            return decimal_text(held, scale_of(kind))


def quoted(text: str) -> str:
    """A text between quotes, as YAML. What cannot be seen, and what normalising a file would
    change, is written by its number: data are never normalised.

    >>> quoted('a"b'), quoted("e\\u0301"), quoted("张三")
    ('"a\\\\"b"', '"e\\\\u0301"', '"张三"')
    """
    stable = unicodedata.normalize("NFC", text) == text
    return '"' + "".join(_char(char, stable) for char in text) + '"'


def _char(char: str, stable: bool) -> str:
    code = ord(char)
    if char in '"\\':
        return f"\\{char}"
    if char == " " or (char.isprintable() and (code < 128 or stable)):
        return char
    return (
        f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
    )
