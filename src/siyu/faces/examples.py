"""Examples of help pages with the keywords of the language that the reader speaks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from siyu.syntax.keywords import Language

_HEAD = "policy p\n  language 1\n\n"


@cache
def in_keywords(code: str, language: Language) -> str:
    """Declarations with their keywords in a language; as they are where they cannot be read.

    >>> print(in_keywords("segment loyal\\n  when orders_12m >= 4\\n", "zh"))
    分群 loyal
      当 orders_12m >= 4
    """
    from siyu.syntax.parse import parse
    from siyu.syntax.unparse import unparse
    from siyu.text import Source

    source = Source.of("example", _HEAD + code)
    parsed = parse(source)
    if language == "en" or parsed.diagnostics:
        return code.rstrip("\n")
    return unparse(parsed.file, language, source).partition("\n\n")[2].rstrip("\n")
