"""The benchmark policy many times over: the same fields, other names, other numbers.

A copy renames every declaration and moves every number of two digits or more by the copy's
number, so that no two copies ask the same and only facts are shared. What a policy has once stays
once: the contact policy, and the schema's held level (the tiers of copies hold nothing).
"""

from __future__ import annotations

import re
from pathlib import Path

POLICY = Path(__file__).parent / "policy" / "growth75.siyu"

_DECLARED = re.compile(
    r"^(?:metric|segment|classify|score|tier|table|group|incentive|contact|ensure) (\w+)", re.M
)
_ONCE = re.compile(r"^  (?:keep|grace|fall) .*\n", re.M)
_NUMBER = re.compile(r"(?<![\w.])([1-9][\d_]*\d)(?![\d_.]*\d)")
_STRING = re.compile(r'("[^"]*")')


def grown(copies: int) -> str:
    """The text of the benchmark policy with `copies` times its rules."""
    text = POLICY.read_text(encoding="utf-8")
    start = text.index("\nmetric ")
    body = text[start:]
    return text[:start] + body + "".join(_copy(body, number) for number in range(1, copies))


def _copy(body: str, number: int) -> str:
    parts = [part for part in body.split("\n\n") if not part.startswith("contact policy")]
    body = _ONCE.sub("", "\n\n".join(parts))
    renamed = re.compile(rf"(?<![\w.])({'|'.join(_DECLARED.findall(body))})(?!\w)")
    pieces = _STRING.split(body)
    pieces[::2] = (_moved(renamed.sub(rf"\1_{number}", piece), number) for piece in pieces[::2])
    return "\n" + "".join(pieces)


def _moved(text: str, number: int) -> str:
    return _NUMBER.sub(lambda found: str(int(found[1].replace("_", "")) + number), text)
