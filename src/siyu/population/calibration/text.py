"""A calibration as a file: the same bytes for the same findings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize
from zoneinfo import ZoneInfo

from siyu.decision.values import datetime_text
from siyu.population.calibration.model import (
    BalancesFound,
    Calibration,
    CutFound,
    NotFound,
    PairsFound,
)
from siyu.population.run.allocation_file import quoted, rank_text
from siyu.schema.values import decimal_text
from siyu.types import DIVISION_SCALE, Type

HEAD = """# What the policy has to know of everyone, as `siyu calibrate` found it. Runs and services
# decide with it alike: siyu run --calibration, siyu decide --calibration.
"""
PLAIN = re.compile(r"[^\W\d]\w*(\.\w+)*")
RESERVED = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
PERCENTS = tuple(f"p{percent}" for percent in range(10, 100, 10))
WHY = {
    "log": "the schema has no points log",
    "columns": "the points log lacks its time, or a column: rule, account, points or worth",
    "others": "some postings go to other members, whose log does not show them",
    "rows": "nothing was posted to it",
}


def calibration_text(found: Calibration) -> str:
    """The file's text."""
    zone = ZoneInfo(found.timezone)
    lines = [
        HEAD + "calibration: 1",
        f"policy: {key(found.policy)}",
        f"version: {found.version}",
        f"as_of: {datetime_text(found.as_of, zone)}",
        f"population: {found.population}",
        *_digests(found),
        *_section("cuts", [_cut(cut) for cut in found.cuts]),
        *_section("counts", [_counted(cut) for cut in found.cuts]),
    ]
    if found.pairs:
        lines += ["pairs:", *(line for pairs in found.pairs for line in _pairs(pairs))]
    if found.distributions:
        lines += ["distributions:"]
        lines += [line for each in found.distributions for line in _balances(each)]
    return "\n".join(lines) + "\n"


def _section(name: str, lines: list[str]) -> list[str]:
    return [f"{name}:", *lines] if lines else [f"{name}: {{}}"]


def _digests(found: Calibration) -> Iterator[str]:
    yield "digests:"
    yield f"  policy: {quoted(found.digest)}"
    sources = [f"    {key(name)}: {quoted(digest)}" for name, digest in found.sources.items()]
    yield from ["  sources:", *sources] if sources else ["  sources: {}"]


def _cut(cut: CutFound) -> str:
    return f"  {key(cut.name)}: {_value(cut.value, cut.type)}"


def _counted(cut: CutFound) -> str:
    line = f"  {key(cut.name)}: {{known: {cut.population}, reached: {cut.reached}}}"
    if not cut.swollen:
        return line
    return f"{line}  # equal values: {cut.reached} instead of {cut.meant}"


def key(name: str) -> str:
    """A name as a key, bare where YAML reads it as that name.

    >>> key("wakeup.top_5"), key("等级.金卡"), key("null"), key("a: b")
    ('wakeup.top_5', '等级.金卡', '"null"', '"a: b"')
    """
    bare = PLAIN.fullmatch(name) is not None and name.lower() not in RESERVED
    return name if bare and normalize("NFC", name) == name else quoted(name)


def _value(held: int | None, kind: Type) -> str:
    return "null" if held is None else quoted(rank_text(held, kind))


# ---------------------------------------------------------------- what goes with what


def _pairs(found: PairsFound) -> Iterator[str]:
    yield f"  {key(found.name)}:"
    yield f"    population: {found.population}"
    note = "" if found.values == found.looked_at else "  # the most frequent ones"
    yield f"    values: {found.values}"
    yield f"    looked_at: {found.looked_at}{note}"
    yield f"    left_out: {found.left_out}"
    if not found.pairs:
        yield "    found: []"
        return
    yield "    found:"
    for pair in found.pairs:
        measures = ", ".join(
            f"{name}: {quoted(decimal_text(held, DIVISION_SCALE))}"
            for name, held in (
                ("support", pair.support), ("confidence", pair.confidence), ("lift", pair.lift)
            )
        )  # fmt: skip
        yield (
            f"      - {{first: {quoted(pair.first)}, second: {quoted(pair.second)}, "
            f"customers: {pair.customers}, {measures}}}"
        )


# ---------------------------------------------------------------- distributions


def _balances(found: BalancesFound | NotFound) -> Iterator[str]:
    yield f"  {key(found.account)}:"
    if isinstance(found, NotFound):
        yield f"    not_found: {found.why}  # {WHY[found.why]}"
        return
    yield f"    members: {found.members}"
    yield f"    redeemers: {found.redeemers}"
    yield f"    redemptions: {found.redemptions}"
    for name, deciles in (
        ("balance", found.deciles),
        ("before_first_redemption", found.before_first),
        ("before_each_redemption", found.before_each),
    ):
        values = (
            f"{percent}: {_value(held, found.type)}"
            for percent, held in zip(PERCENTS, deciles, strict=True)
        )
        yield f"    {name}: {{{', '.join(values)}}}"
    if not found.bands:
        yield "    bands: []"
        return
    yield "    bands:  # how many members hold so much now, up to the next band"
    for band in found.bands:
        yield f"      - {{from: {_value(band.start, found.type)}, members: {band.members}}}"
