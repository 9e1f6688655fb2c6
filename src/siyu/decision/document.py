"""A decision, as the Python API gives it: cheap to make, its document made when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from siyu.decision.plain import Head


class _Documents(Protocol):
    """What writes the document (`siyu.decision.Writer`)."""

    def to_json(self, values: Sequence[Any], head: Head) -> bytes: ...

    def to_dict(self, values: Sequence[Any], head: Head) -> dict[str, Any]: ...


class Decision:
    """What a policy decided about one customer, now or on an event.

    The attributes are the parts of the document (see the language reference): dicts by name, and
    lists of outcomes. Unknown is None; amounts, dates and durations are texts, as in the document.

    >>> decision.segments["at_risk"], decision.tiers["member_level"]["level"]  # doctest: +SKIP
    (False, 'gold')
    """

    __slots__ = ("_document", "_documents", "_head", "_values")

    def __init__(self, documents: _Documents, values: Sequence[Any], head: Head) -> None:
        self._documents = documents
        self._values = values
        self._head = head
        self._document: dict[str, Any] | None = None

    def to_json(self) -> bytes:
        """The canonical bytes: the same for the same inputs, whatever evaluated them."""
        return self._documents.to_json(self._values, self._head)

    def to_dict(self) -> dict[str, Any]:
        """The document; a new one at each call, yours to change."""
        return self._documents.to_dict(self._values, self._head)

    def _part(self, name: str) -> Any:
        if self._document is None:
            self._document = self.to_dict()
        return self._document[name]

    @property
    def policy(self) -> dict[str, Any]:
        """The policy's `name`, `version` and `digest`."""
        return self._part("policy")  # type: ignore[no-any-return]

    @property
    def as_of(self) -> str:
        """The instant of the decision, in the policy's zone."""
        return self._part("as_of")  # type: ignore[no-any-return]

    @property
    def customer(self) -> str:
        """The customer's key."""
        return self._head.customer

    @property
    def event(self) -> dict[str, Any] | None:
        """The event's `type` and `key`, or None."""
        return self._part("event")  # type: ignore[no-any-return]

    @property
    def metrics(self) -> dict[str, Any]:
        """Values by name."""
        return self._part("metrics")  # type: ignore[no-any-return]

    @property
    def segments(self) -> dict[str, bool | None]:
        """In, out, or not known, by name."""
        return self._part("segments")  # type: ignore[no-any-return]

    @property
    def classes(self) -> dict[str, str | None]:
        """The case of each classification."""
        return self._part("classes")  # type: ignore[no-any-return]

    @property
    def scores(self) -> dict[str, dict[str, Any]]:
        """`value`, `reasons` and `unknown` of each score."""
        return self._part("scores")  # type: ignore[no-any-return]

    @property
    def tiers(self) -> dict[str, dict[str, Any]]:
        """Level, change, dates and what is missing, by tier."""
        return self._part("tiers")  # type: ignore[no-any-return]

    @property
    def tables(self) -> dict[str, Any]:
        """`row` and `out` of each table; a list where it collects."""
        return self._part("tables")  # type: ignore[no-any-return]

    @property
    def points(self) -> list[dict[str, Any]]:
        """Postings."""
        return self._part("points")  # type: ignore[no-any-return]

    @property
    def incentives(self) -> list[dict[str, Any]]:
        """What is given."""
        return self._part("incentives")  # type: ignore[no-any-return]

    @property
    def contacts(self) -> list[dict[str, Any]]:
        """Whom to reach, how and when."""
        return self._part("contacts")  # type: ignore[no-any-return]

    @property
    def stopped(self) -> list[dict[str, str]]:
        """What was not given, sent or posted, and what stopped it."""
        return self._part("stopped")  # type: ignore[no-any-return]

    @property
    def claims(self) -> dict[str, bool | None]:
        """Whether each claim holds of this decision."""
        return self._part("claims")  # type: ignore[no-any-return]

    @property
    def calibration(self) -> str | None:
        """The digest of the calibration used."""
        return self._part("calibration")  # type: ignore[no-any-return]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decision) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __repr__(self) -> str:
        return f"Decision(customer={self.customer!r}, as_of={self.as_of!r})"
