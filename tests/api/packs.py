"""Small packs of files for the tests of the API."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "policies/starter"
RETAIL = ROOT / "policies/retail_membership"
AT = "2026-11-21T10:00:00+08:00"

SCHEMA = """\
schema: shop
version: 1
customer:
  key: id
  fields:
    id:    {type: text}
    spend: {type: money, default: 0}
    phone: {type: text, optional: true, pii: true}
collections:
  orders:
    key: no
    time: at
    default: []
    fields:
      no:     {type: text}
      at:     {type: datetime}
      amount: {type: money}
events:
  paid: {key: no, fields: {no: {type: text}, amount: {type: money, min: 0}}}
"""

HEADER = """\
policy shop
  language 1
  timezone "Asia/Shanghai"
  currency CNY
  schema "shop.yaml"

"""

MEMBER = {"customer": {"id": "a", "spend": "5.00"}, "as_of": AT}


def pack(folder: Path, text: str, **more: str) -> Path:
    """A policy with its schema in a folder; `more` are further files, `x="…"` is x.siyu."""
    (folder / "shop.yaml").write_text(SCHEMA, encoding="utf-8")
    for name, body in more.items():
        (folder / f"{name}.siyu").write_text(body, encoding="utf-8")
    path = folder / "policy.siyu"
    path.write_text(HEADER + text, encoding="utf-8")
    return path
