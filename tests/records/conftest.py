"""A good request to spoil, one part at a time."""

from typing import Any

import pytest

AS_OF = "2026-11-21T10:00:00+08:00"


@pytest.fixture
def request_() -> dict[str, Any]:
    """Right in every part, with the least that must be there."""
    return {"as_of": AS_OF, "customer": customer()}


def customer(**more: Any) -> dict[str, Any]:
    """The least a customer must bring, and more."""
    return {"id": "M1", "spend": "19.90", "out": False, "orders": [], **more}
