"""What is raised where tables cannot be read, or are not what they should be."""

from __future__ import annotations

from pathlib import Path

from siyu.population.files import Problem, Problems
from siyu.text import Source
from siyu.words import Words, of_system, say


class SourcesFailed(Exception):
    """`said` is what is wrong and `advice` what to do about it; the error's own text is `said` in
    English."""

    def __init__(self, said: Words, advice: Words = "") -> None:
        super().__init__(str(said))
        self.said = said
        self.advice = advice


def unfit(source: Source, problems: tuple[Problem, ...], advice: Words = "") -> SourcesFailed:
    """All that is wrong between a `sources.yaml` and its tables, line by line of the file."""
    told = Problems(problems, source)
    said = say("`{name}` cannot be used:\n{problems}", name=source.name, problems=told)
    return SourcesFailed(said, advice or say("change the file, or the tables that it names"))


def unreadable(path: Path, error: OSError) -> SourcesFailed:
    """That the system does not let us read a file."""
    said = say("`{path}` cannot be read: {reason}", path=path, reason=of_system(error))
    return SourcesFailed(said, say("check that the file is there and that you may read it"))
