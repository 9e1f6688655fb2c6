"""The table of core functions, put together from the files beside this one."""

from __future__ import annotations

from siyu.functions import (
    allocation,
    calendar,
    clocks,
    contact_hours,
    dated,
    identity,
    numbers,
    parts,
    texts,
)
from siyu.functions.declaration import Function

MODULES = (numbers, calendar, parts, dated, clocks, contact_hours, texts, identity, allocation)
FUNCTIONS: dict[str, Function] = {f.name: f for module in MODULES for f in module.DECLARED}
