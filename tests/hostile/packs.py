"""Policies, facts and records that mean harm."""

from __future__ import annotations

from pathlib import Path

HEADER = """\
policy p
  language 1
  timezone "Asia/Shanghai"
  currency CNY
  schema "facts.yaml"

"""

FACTS = """\
schema: s
version: 1
customer:
  key: id
  fields:
    id:   {type: text}
    n:    {type: int, min: 0, max: 1000}
    m:    {type: int, optional: true}
    cash: {type: money, default: 0}
    born: {type: date, optional: true}
    seen: {type: datetime, optional: true}
    tags: {type: set of text, default: []}
collections:
  orders:
    key: no
    time: at
    default: []
    fields:
      no:     {type: text}
      at:     {type: datetime}
      amount: {type: money}
"""

AT = "2026-11-21T10:00:00+08:00"
MEMBER = {"customer": {"id": "a", "n": 5}, "as_of": AT}


def pack(folder: Path, text: str | bytes, facts: str | bytes = FACTS, header: str = HEADER) -> Path:
    """A policy of that text, in a folder with its facts."""
    body = text if isinstance(text, bytes) else (header + text).encode()
    (folder / "facts.yaml").write_bytes(facts if isinstance(facts, bytes) else facts.encode())
    path = folder / "p.siyu"
    path.write_bytes(body)
    return path
