"""The languages that siyu speaks: English, whose texts stand in the code, and catalogues of the
others, which lie here: `zh/*.po` (one for each part of the code, edited by people) and
`zh/LC_MESSAGES/siyu.mo`, made of them by `docs/translate.py`.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations
from pathlib import Path

from siyu.words import ENGLISH, Speech, Tongue

HERE = Path(__file__).resolve().parent


@cache
def speech(tongue: Tongue) -> Speech:
    """How texts are said in a language; its catalogue is read once.

    >>> speech("en").tongue
    'en'
    """
    if tongue == "en":
        return ENGLISH
    with (HERE / tongue / "LC_MESSAGES" / "siyu.mo").open("rb") as file:
        return Speech(tongue, GNUTranslations(file))
