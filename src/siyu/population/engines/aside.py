"""Working in a thread of its own, so that a signal finds the one that waits.

Both engines wait for code that is not Python. A signal that reaches DuckDB's is lost now and then,
and the query goes on; one that reaches Spark's breaks the connection to Java.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")
LOOKING = 0.25  # seconds between two looks at how far work is


class Aside:
    """One thread, in which everything is done."""

    def __init__(self, name: str, interrupt: Callable[[], None]) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._interrupt = interrupt
        self.look: Callable[[], None] | None = None  # called now and then while work goes on

    def run(self, work: Callable[[], T]) -> T:
        """The result of `work`, or what it raises. What a signal handler raises comes through,
        after the work was ended."""
        made = self._pool.submit(work)
        try:
            while self.look is not None and not made.done():
                wait([made], LOOKING)
                if not made.done():
                    self.look()
            wait([made])
        except BaseException:
            while not made.done():
                self._interrupt()
                wait([made], 0.05)
            raise
        return made.result()

    def close(self) -> None:
        """Ends the thread."""
        self._pool.shutdown()
