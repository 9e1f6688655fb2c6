"""What stops a run: said in no language yet."""

from __future__ import annotations

from siyu.words import Words


class RunProblem(Exception):
    """A run that cannot be made: `said` is what is wrong, `advice` what to do. `code` is what a
    command exits with: 2 where it was asked for wrongly, 1 where the data do not allow it, 3 where
    a claim does not hold."""

    def __init__(self, said: Words, advice: Words = "", code: int = 2) -> None:
        super().__init__(str(said))
        self.said = said
        self.advice = advice
        self.code = code
