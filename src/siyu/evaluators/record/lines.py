"""Lines of source under way, in groups that can be told apart when a function grows too long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

INDENT = "    "


@dataclass(slots=True)
class Lines:
    """Each statement at the left margin begins a group with what stands under it."""

    groups: list[list[str]] = field(default_factory=list)
    depth: int = 0

    def add(self, text: str) -> None:
        if self.depth == 0:
            self.groups.append([])
        self.groups[-1].append(INDENT * self.depth + text)

    @contextmanager
    def under(self, head: str) -> Iterator[None]:
        """What is added inside stands under `head`, a line that ends with a colon."""
        self.add(head)
        self.depth += 1
        before = sum(map(len, self.groups[-1:]))
        yield
        if len(self.groups[-1]) == before:
            self.add("pass")
        self.depth -= 1

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is added inside, at the margin too, is one group."""
        start = len(self.groups)
        yield
        joined = [line for group in self.groups[start:] for line in group]
        self.groups[start:] = [joined] if joined else []
