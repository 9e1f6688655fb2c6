"""How far a run is, stage by stage, on a terminal; nothing at all elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from siyu.faces.speaking import told
from siyu.words import Words

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID


class Stages:
    """Hears a run and shows its stages on standard error, while that is a terminal."""

    def __init__(self, wanted: bool) -> None:
        self._shown = wanted and sys.stderr.isatty()
        self._bars: Bars | None = None
        self._task: TaskID | None = None
        self._done = 0

    def stage(self, name: Words, total: int | None = None) -> None:
        """A stage begins, and the one before is done."""
        if not self._shown:
            return
        if self._bars is None:
            self._bars = _bars()
            self._bars.start()
        self._finish()
        self._task, self._done = self._bars.add_task(told(name), total=total), 0

    def advance(self, done: int = 1) -> None:
        """So many parts more are done."""
        self._done += done
        self.within(0)

    def within(self, share: float) -> None:
        """How much is done of the part that is under way; of a stage that has no parts, of it."""
        if self._bars is None or self._task is None:
            return
        total = self._bars.tasks[-1].total or 1
        self._bars.update(self._task, total=total, completed=self._done + share)

    def _finish(self) -> None:
        if self._bars is None or self._task is None:
            return
        total = self._bars.tasks[-1].total or 1
        self._bars.update(self._task, total=total, completed=total)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bars is not None:
            if error is None:
                self._finish()
            self._bars.stop()


def _bars() -> Bars:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False)
