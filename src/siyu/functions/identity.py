"""Hashes that name outcomes and split customers, and plain texts of numbers and days.

Hashes are over UTF-8 and are the same everywhere and for ever: hold-outs and outcomes that were
once carried out must be found again.
"""

from __future__ import annotations

from datetime import date
from hashlib import md5, sha256
from math import asin, cos, floor, radians, sin, sqrt

from siyu.functions import sql_calendar, sql_identity
from siyu.functions.declaration import Example, Function
from siyu.functions.sql import written
from siyu.functions.zones import FIRST_DAY, LAST_DAY

BUCKETS = 10_000
EARTH_RADIUS = 6_371_008.8  # metres, mean
SEPARATOR = "\x1f"


def _bytes(text: str) -> bytes:
    """A lone surrogate has no UTF-8 of its own; it must not stop a decision."""
    return text.encode("utf-8", "surrogatepass")


def bucket(salt: str, key: str) -> int:
    digest = md5(_bytes(f"{salt}:{key}"), usedforsecurity=False).hexdigest()
    return int(digest[:15], 16) % BUCKETS


def tie(rule: str, key: str) -> str:
    return md5(_bytes(f"{rule}:{key}"), usedforsecurity=False).hexdigest()


def outcome_id(policy: str, rule: str, key: str, occasion: str) -> str:
    named = f"{policy}{SEPARATOR}{rule}{SEPARATOR}{key}{SEPARATOR}{occasion}"
    return sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def iso_date(day: int) -> str | None:
    return date.fromordinal(day).isoformat() if FIRST_DAY <= day <= LAST_DAY else None


def digits(a: int, scale: int) -> str:
    if scale == 0:
        return str(a)
    whole, fraction = divmod(abs(a), 10**scale)
    return f"{'-' if a < 0 else ''}{whole}.{fraction:0{scale}d}"


def distance(a: tuple[float, float], b: tuple[float, float]) -> int:
    lat_a, lon_a, lat_b, lon_b = map(radians, (*a, *b))
    half = sin((lat_b - lat_a) / 2) ** 2
    half += cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return floor(2 * EARTH_RADIUS * asin(sqrt(min(1.0, half))) + 0.5)


DECLARED = (
    Function(
        "bucket",
        "The bucket, 0 to 9999, into which a salt puts a customer.",
        bucket,
        (
            Example(("wakeup-2026q4", "M1"), 9251),
            Example(("wakeup-2026q4", "M2"), 8813),
            Example(("盐", "会员"), 2794),
        ),
        sql=written(sql_identity.bucket),
    ),
    Function(
        "tie",
        "What breaks the last tie between customers of a rule.",
        tie,
        (Example(("wakeup", "M1"), "fac3cb655a9502a17a19f925b740b767"),),
        sql=written(sql_identity.tie),
    ),
    Function(
        "outcome_id",
        "What names an outcome once and for all.",
        outcome_id,
        (Example(("retail", "wakeup", "M1", "2026-11-21"), "f7e78f43f2a5941a55793d6c65216b26"),),
        sql=written(sql_identity.outcome_id),
    ),
    Function(
        "iso_date",
        "A day written year-month-day.",
        iso_date,
        (
            Example((date(2026, 11, 21).toordinal(),), "2026-11-21"),
            Example((1,), "0001-01-01"),
            Example((0,), None),
        ),
        partial=True,
        sql=written(sql_calendar.iso_date),
    ),
    Function(
        "digits",
        "A number with all digits of its scale.",
        digits,
        (
            Example((-50, 2), "-0.50"),
            Example((1990, 2), "19.90"),
            Example((7, 0), "7"),
            Example((5, 6), "0.000005"),
        ),
        sql=written(sql_identity.digits),
    ),
    Function(
        "to_text",
        "An integer's digits.",
        lambda a: str(a),
        (Example((-7,), "-7"),),
        sql=written(sql_identity.to_text),
    ),
    Function(
        "distance",
        "Whole metres between two places, along the ground.",
        distance,
        (
            Example(((31.2304, 121.4737), (31.2304, 121.4737)), 0),
            Example(((31.2304, 121.4737), (39.9042, 116.4074)), 1_067_312),
            Example(((0.0, 0.0), (0.0, 180.0)), 20_015_114),
        ),
        sql=written(sql_identity.distance),
    ),
    Function(
        "join",
        "Texts one after another.",
        lambda *texts: "".join(texts),
        (Example(("a", "-", "b"), "a-b"), Example(("",), "")),
        sql=written(sql_identity.joined),
    ),
)
