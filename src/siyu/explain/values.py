"""Values in words, as each language writes them: money, numbers, dates, lengths of time, members.

Takes for granted that personal values are marked; here they become `•••`.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import assert_never
from zoneinfo import ZoneInfo

from siyu.decision.values import EPOCH, money_text, on_calendar, time_text
from siyu.explain.model import Shown
from siyu.schema.values import decimal_text
from siyu.types import (
    BoolType,
    DateTimeType,
    DateType,
    DecimalType,
    DurationType,
    EnumType,
    ErrorType,
    GeoType,
    IntType,
    LevelType,
    MoneyType,
    SetType,
    TextType,
    TimeType,
    Type,
)
from siyu.words import Said, Speech, Tongue, say

MASK = "•••"
LENGTHS: dict[str, tuple[Said, Said]] = {
    "minute": (say("1 minute"), say("{number} minutes")),
    "hour": (say("1 hour"), say("{number} hours")),
    "day": (say("1 day"), say("{number} days")),
    "week": (say("1 week"), say("{number} weeks")),
    "month": (say("1 month"), say("{number} months")),
    "year": (say("1 year"), say("{number} years")),
}
SIGNS: dict[str, str] = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


def in_words(shown: Shown, speech: Speech) -> str:
    """A value as a person of this language writes it.

    >>> from siyu.types import DATE
    >>> from siyu.words import ENGLISH
    >>> in_words(Shown(MoneyType("CNY", 2), 900_000), ENGLISH), in_words(Shown(DATE, None), ENGLISH)
    ('¥9,000.00', 'unknown')
    """
    if shown.held is None:
        return speech.of(say("unknown"))
    if shown.hidden:
        return MASK
    if isinstance(shown.held, bool):
        return speech.of(say("yes") if shown.held else say("no"))
    if isinstance(shown.held, tuple) and not isinstance(shown.type, GeoType):
        return _joined(tuple(map(str, shown.held)), speech)
    return _written(shown.type, shown, speech)


def _written(kind: Type, shown: Shown, speech: Speech) -> str:
    held = shown.held
    match kind:
        case EnumType() | LevelType():
            return _member(shown, speech.tongue)
        case BoolType() | TextType() | ErrorType():
            return str(held)
        case IntType():
            return number_text(Decimal(held), speech.tongue)
        case DecimalType():
            return number_text(Decimal(decimal_text(held, kind.scale)), speech.tongue)
        case MoneyType():
            return amount_text(held, kind, speech.tongue)
        case DurationType():
            return _length(held, kind, speech)
        case DateType():
            return day_text(held, speech.tongue) if on_calendar(held) else speech.of(say("unknown"))
        case DateTimeType():
            return moment_text(held, shown.zone, speech.tongue)
        case TimeType():
            return clock_text(held)
        case SetType():
            return _joined(tuple(sorted(map(str, held))), speech)
        case GeoType():
            return ", ".join(map(str, held))
        case _:
            assert_never(kind)


def _member(shown: Shown, tongue: Tongue) -> str:
    label = shown.label_en if tongue == "en" and shown.label_en else shown.label
    member = str(shown.held)
    return member if label in ("", member) else f"{label} ({member})"


def _joined(words: tuple[str, ...], speech: Speech) -> str:
    if not words:
        return speech.of(say("none"))
    return ("、" if speech.tongue == "zh" else ", ").join(words)


@lru_cache(maxsize=4096)
def number_text(number: Decimal, tongue: Tongue) -> str:
    """A number with its thousands apart and no zeros behind.

    >>> number_text(Decimal("1234567.500"), "en")
    '1,234,567.5'
    """
    from babel.numbers import format_decimal

    plain = number.normalize() if number else Decimal(0)
    return format_decimal(plain, locale=_LOCALES[tongue], decimal_quantization=False)


@lru_cache(maxsize=4096)
def amount_text(held: int, kind: MoneyType, tongue: Tongue) -> str:
    """An amount of money with its minor digits.

    >>> amount_text(900_050, MoneyType("CNY", 2), "zh"), amount_text(-5, MoneyType("USD", 2), "en")
    ('9,000.50元', '-$0.05')
    """
    from babel.numbers import format_currency, format_decimal

    written = money_text(held, kind)
    digits = len(written.partition(".")[2])
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    if kind.currency == "CNY" and tongue == "zh":
        return f"{format_decimal(Decimal(written), pattern, locale='zh')}元"
    sign = SIGNS.get(kind.currency) if tongue == "en" else None
    if sign is not None:
        body = format_decimal(abs(Decimal(written)), pattern, locale="en")
        return f"{'-' if written.startswith('-') else ''}{sign}{body}"
    return format_currency(
        Decimal(written), kind.currency or "XXX", locale=_LOCALES[tongue], currency_digits=True
    ).replace("\xa0", " ")


def _length(held: int, kind: DurationType, speech: Speech) -> str:
    """A length of time.

    >>> from siyu.words import ENGLISH
    >>> _length(1, DurationType("day"), ENGLISH), _length(175, DurationType("day", 1), ENGLISH)
    ('1 day', '17.5 days')
    """
    number = Decimal(decimal_text(held, kind.scale))
    one, several = LENGTHS[kind.unit]
    if number == 1:
        return speech.of(one)
    return speech.fill(several.template, {"number": number_text(number, speech.tongue)})


@lru_cache(maxsize=4096)
def day_text(ordinal: int, tongue: Tongue) -> str:
    """A date.

    >>> day_text(739_941, "en"), day_text(739_941, "zh")
    ('21 Nov 2026', '2026年11月21日')
    """
    from babel.dates import format_date

    return format_date(dt.date.fromordinal(ordinal), _DAYS[tongue], locale=_LOCALES[tongue])


@lru_cache(maxsize=4096)
def moment_text(instant: int, zone: str, tongue: Tongue) -> str:
    """An instant on the local clock, to the minute, or to the second where it has some.

    >>> moment_text(1_795_226_400_000_000, "Asia/Shanghai", "zh")
    '2026年11月21日 10:00'
    """
    local = (EPOCH + dt.timedelta(microseconds=instant)).astimezone(ZoneInfo(zone))
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{day_text(local.date().toordinal(), tongue)} {clock}"


def clock_text(seconds: int) -> str:
    """A time of day.

    >>> clock_text(72_000), clock_text(72_001)
    ('20:00', '20:00:01')
    """
    return time_text(seconds).removesuffix(":00") if seconds % 60 == 0 else time_text(seconds)


_LOCALES: dict[Tongue, str] = {"en": "en", "zh": "zh"}
_DAYS: dict[Tongue, str] = {"en": "d MMM y", "zh": "y年M月d日"}

# ---------------------------------------------------------------- the author's own sentences


def tongue_of(text: str, before: Tongue = "en") -> Tongue:
    """The language of a text, by its last letter; where it has none, the language before it.

    >>> tongue_of("We missed you, 您已 "), tongue_of("… "), tongue_of("since ")
    ('zh', 'en', 'en')
    """
    for char in reversed(text):
        if "\u3400" <= char <= "\u9fff":
            return "zh"
        if char.isascii() and char.isalpha():
            return "en"
    return before


def sentence(pieces: tuple[str | Shown, ...]) -> str:
    """What an author said with `because`, its values written in the author's language.

    >>> sentence(("only ", Shown(DurationType("day"), 2), " left"))
    'only 2 days left'
    """
    from siyu.locale import speech

    texts = [piece for piece in pieces if isinstance(piece, str)]
    language: Tongue = tongue_of("".join(texts))
    said = []
    for piece in pieces:
        if isinstance(piece, str):
            language = tongue_of(piece, language)
            said.append(piece)
        else:
            said.append(in_words(piece, speech(language)))
    return "".join(said)
