"""How far a long run is, on a terminal; nothing at all elsewhere and for short runs."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from siyu.faces.speaking import told
from siyu.words import Words, say

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

AFTER = 1.0  # seconds before anything is shown
DECIDING = say("deciding")
EVERY = 0.1  # seconds between two looks at the terminal


class Progress:
    """Shown on standard error while it is a terminal, unless results go to a terminal, too.

    `total` is in bytes, or a number of things where they are `counted`, None where unknown; `task`
    says what is done to them, `beside` that results go to standard output.
    """

    def __init__(
        self,
        total: int | None,
        beside: bool = False,
        task: Words = DECIDING,
        counted: bool = False,
    ) -> None:
        self._total = total
        self._task = task
        self._counted = counted
        self._shown = sys.stderr.isatty() and not (beside and sys.stdout.isatty())
        self._next = time.monotonic() + AFTER
        self._bar: Bar | None = None
        self._done = 0

    def advance(self, size: int) -> None:
        """So many bytes or things more are done."""
        self._done += size
        if self._shown and time.monotonic() >= self._next:
            self._show()

    def _show(self) -> None:
        self._next = time.monotonic() + EVERY
        if self._bar is None:
            self._bar = _bar(self._counted)
            self._bar.add_task(told(self._task), total=self._total)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=self._done)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


def _bar(counted: bool) -> Bar:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn() if counted else DownloadColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, redirect_stdout=False)
