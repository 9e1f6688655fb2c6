"""What comes of reading a request: facts, or the reasons why there are none."""

from __future__ import annotations

from dataclasses import dataclass

from siyu.core.program import Facts
from siyu.words import ENGLISH, Speech, Words, say_n

MAX_REASONS = 100


class Read:
    """A request that can be decided about.

    `key` is the customer's, as text; `as_of` the instant of the decision (microseconds since 1970
    in UTC); `event` the type of the event with its key as text, both None without one; `ignored`
    counts the unknown keys that the schema lets pass.
    """

    __slots__ = ("as_of", "event", "event_key", "facts", "ignored", "key")

    def __init__(
        self,
        facts: Facts,
        key: str,
        as_of: int,
        event: str | None,
        event_key: str | None,
        ignored: int,
    ) -> None:
        self.facts = facts
        self.key = key
        self.as_of = as_of
        self.event = event
        self.event_key = event_key
        self.ignored = ignored

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Read) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash((self.key, self.as_of, self.event, self.event_key))

    def __repr__(self) -> str:
        return f"Read{self._parts()!r}"

    def _parts(self) -> tuple[object, ...]:
        return (self.facts, self.key, self.as_of, self.event, self.event_key, self.ignored)


@dataclass(frozen=True, slots=True)
class Reason:
    """Where (`customer.orders[3].amount`) and what; `said` reads after the path."""

    path: str
    said: Words

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return str(self.said)

    def spoken(self, speech: Speech) -> str:
        """Where and what, in a language."""
        return f"{self.path} {speech.of(self.said)}"

    def __str__(self) -> str:
        return self.spoken(ENGLISH)


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a request is set aside; at least one reason, in the order of the schema."""

    reasons: tuple[Reason, ...]

    def __str__(self) -> str:
        return "; ".join(map(str, self.reasons))


class Reasons:
    """Collects reasons; beyond a hundred it only counts them."""

    __slots__ = ("more", "said")

    def __init__(self) -> None:
        self.said: list[Reason] = []
        self.more = 0

    def add(self, path: str, said: Words) -> None:
        """Note one."""
        if len(self.said) < MAX_REASONS:
            self.said.append(Reason(path, said))
        else:
            self.more += 1

    def rejection(self) -> Rejection | None:
        """All of them, or None where there are none."""
        if self.more:
            return Rejection((*self.said, Reason("request", _more(self.more))))
        return Rejection(tuple(self.said)) if self.said else None


def _more(count: int) -> Words:
    return say_n("has 1 more mistake", "has {count} more mistakes", count)
