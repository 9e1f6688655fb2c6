"""What a text holds.

A text is what its code points are, in every evaluator: capitals are not small letters, and é in one
code point is not e with an accent behind it. Texts of a policy are in NFC, where each letter that
has a code point of its own is one; data are taken as they stand.
"""

from __future__ import annotations

from siyu.functions import sql_texts
from siyu.functions.declaration import Example, Function
from siyu.functions.sql import written

DIGITS = frozenset("0123456789０１２３４５６７８９")


def has_digit(text: str) -> bool:
    return not DIGITS.isdisjoint(text)


DECLARED = (
    Function(
        "length",
        "How many code points a text has.",
        lambda text: len(text),
        (
            Example(("",), 0),
            Example(("会员日 8 折",), 7),
            Example(("café",), 4),
            Example(("cafe\u0301",), 5),
            Example(("🎁",), 1),
            Example(("👨‍👩‍👧",), 5),
        ),
        source="len({0})",
        sql=written(sql_texts.length),
    ),
    Function(
        "has_digit",
        "Whether a text holds one of the digits 0 to 9, or a full-width one.",
        has_digit,
        (
            Example(("满 199 减 50",), True),
            Example(("满５０减",), True),
            Example(("五折",), False),
            Example(("½ ² ٣ Ⅷ ⑧",), False),
            Example(("",), False),
        ),
        sql=written(sql_texts.has_digit),
    ),
    Function(
        "contains",
        "Whether a text holds another.",
        lambda text, part: part in text,
        (
            Example(("回复 T 退订", "退订"), True),
            Example(("STOP", "stop"), False),
            Example(("100%_", "%_"), True),
            Example(("100", "%"), False),
            Example(("a", ""), True),
            Example(("", "a"), False),
        ),
        source="({1} in {0})",
        sql=written(sql_texts.contains),
    ),
    Function(
        "starts_with",
        "Whether a text begins with another.",
        lambda text, part: text.startswith(part),
        (
            Example(("VIP-001", "VIP"), True),
            Example(("vip-001", "VIP"), False),
            Example(("_x", "%"), False),
            Example(("a", ""), True),
            Example(("", "a"), False),
        ),
        source="{0}.startswith({1})",
        sql=written(sql_texts.starts_with),
    ),
)
