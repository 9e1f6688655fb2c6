"""What says that two profiles are one person: telephone numbers, e-mail addresses and other keys,
each in one way of writing it. A value that cannot be one is no evidence: None.

The SQL of `siyu.population.identity` says the same of all that is plain ASCII; what is not comes
here, value by value, on every engine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

KeyKind = Literal["text", "phone", "email"]

LEAST_DIGITS, MOST_DIGITS = 7, 15  # of a number abroad; E.164 has at most 15
LONGEST_ADDRESS = 254
ADDRESS = r"[!-?A-~]{1,64}@([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}"  # of plain ASCII
BETWEEN = " -.()/"  # what people put between digits
_ADDRESS = re.compile(r"[^@\s]{1,64}@(?:(?:[^\W_]|-){1,63}\.)+(?:[^\W_]|-){2,63}")
_DIGITS = re.compile(r"\+?[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Numbering:
    """How numbers are written in a country: `code` is its own, `trunk` stands before a number
    inside the country, `abroad` before one of another; `national` is what a number without any of
    them looks like, the same to RE2, Java and Python."""

    code: str
    trunk: str
    abroad: str
    national: str


def _numbering(line: str) -> tuple[str, Numbering]:
    country, code, trunk, abroad, national = line.split()
    return country, Numbering(code, trunk.strip("_"), abroad, national)


# Country, its code, trunk prefix (_ for none), prefix to abroad, national number.
COUNTRIES: Mapping[str, Numbering] = dict(
    _numbering(line)
    for line in """\
AE 971 0 00 [2-9][0-9]{7,8}
AT 43 0 00 [1-9][0-9]{3,12}
AU 61 0 0011 [2-478][0-9]{8}
BE 32 0 00 [1-9][0-9]{7,8}
BR 55 0 00 [1-9][0-9]{9,10}
CA 1 1 011 [2-9][0-9]{2}[2-9][0-9]{6}
CH 41 0 00 [1-9][0-9]{8}
CN 86 0 00 1[3-9][0-9]{9}|10[0-9]{8}|2[0-9]{9}|[3-9][0-9]{9,10}
CZ 420 _ 00 [2-9][0-9]{8}
DE 49 0 00 [1-9][0-9]{5,12}
DK 45 _ 00 [2-9][0-9]{7}
ES 34 _ 00 [5-9][0-9]{8}
FI 358 0 00 [1-9][0-9]{4,10}
FR 33 0 00 [1-9][0-9]{8}
GB 44 0 00 [1-9][0-9]{8,9}
HK 852 _ 001 [2-9][0-9]{7}
ID 62 0 001 [2-9][0-9]{7,11}
IE 353 0 00 [1-9][0-9]{6,9}
IN 91 0 00 [1-9][0-9]{9}
IT 39 _ 00 3[0-9]{8,9}|0[0-9]{5,10}
JP 81 0 010 [1-9][0-9]{8,9}
KR 82 0 001 [1-9][0-9]{7,9}
LU 352 _ 00 [24-9][0-9]{4,10}
MO 853 _ 00 [268][0-9]{7}
MX 52 _ 00 [1-9][0-9]{9}
MY 60 0 00 [1-9][0-9]{7,9}
NL 31 0 00 [1-9][0-9]{8}
NO 47 _ 00 [2-9][0-9]{7}
NZ 64 0 00 [2-9][0-9]{7,9}
PH 63 0 00 [2-9][0-9]{7,9}
PL 48 _ 00 [1-9][0-9]{8}
PT 351 _ 00 [2-9][0-9]{8}
SA 966 0 00 [1-9][0-9]{7,8}
SE 46 0 00 [1-9][0-9]{6,8}
SG 65 _ 001 [3689][0-9]{7}
TH 66 0 001 [2-9][0-9]{7,8}
TW 886 0 002 [2-9][0-9]{7,8}
US 1 1 011 [2-9][0-9]{2}[2-9][0-9]{6}
VN 84 0 00 [2-9][0-9]{8,9}
""".splitlines()
)


def key_of(raw: str, kind: KeyKind, country: str = "") -> str | None:
    """A key in its one way of writing, None where it cannot be one.

    >>> key_of(" ＋86 138-0013-8000 ", "phone", "CN"), key_of("138****8000", "phone", "CN")
    ('+8613800138000', None)
    >>> key_of("Li.Lei＠Example.COM", "email"), key_of("e\\u0301", "text") == "\\u00e9"
    ('li.lei@example.com', True)
    """
    match kind:
        case "phone":
            return phone_key(raw, COUNTRIES[country])
        case "email":
            return email_key(raw)
        case "text":
            return text_key(raw)


def text_key(raw: str) -> str | None:
    """Unicode NFC, without space around it; capitals stay what they are."""
    return unicodedata.normalize("NFC", raw).strip() or None


def email_key(raw: str) -> str | None:
    """Lower case as a whole, full-width signs as their twins. Dots and what stands behind a plus
    stay: they mean another box at some providers."""
    address = unicodedata.normalize("NFKC", raw).strip().lower()
    whole = _ADDRESS.fullmatch(address) is not None and len(address) <= LONGEST_ADDRESS
    return address if whole else None


def phone_key(raw: str, country: Numbering) -> str | None:
    """E.164: a plus, the country's code, the number."""
    digits = "".join(char for char in unicodedata.normalize("NFKC", raw) if not _between(char))
    if _DIGITS.fullmatch(digits) is None:
        return None
    if digits.startswith("+"):
        return _international(digits[1:], country)
    if digits.startswith(country.abroad):
        return _international(digits.removeprefix(country.abroad), country)
    inside = _national(digits.removeprefix(country.trunk), country)
    if inside is None and digits.startswith(country.code):
        inside = _national(digits.removeprefix(country.code), country)
    return inside


def _international(digits: str, country: Numbering) -> str | None:
    if digits.startswith(country.code):
        return _national(digits.removeprefix(country.code).removeprefix(country.trunk), country)
    known = LEAST_DIGITS <= len(digits) <= MOST_DIGITS and not digits.startswith("0")
    return f"+{digits}" if known else None


def _national(digits: str, country: Numbering) -> str | None:
    found = re.fullmatch(country.national, digits, re.ASCII)
    return None if found is None else f"+{country.code}{digits}"


def _between(char: str) -> bool:
    """Signs and spaces between digits, invisible ones too."""
    return char in BETWEEN or unicodedata.category(char) in ("Zs", "Cf", "Cc", "Pd")
