"""What is said of files that cannot be read; imported only where one cannot."""

from __future__ import annotations

from pathlib import Path

from siyu.api.errors import InputFileError
from siyu.words import Words, of_system, say


def no_policy(folder: Path) -> InputFileError:
    said = say("there is no policy in `{folder}`", folder=folder)
    return InputFileError(said, say("name a file that ends in .siyu"))


def several_policies(folder: Path, names: tuple[str, ...]) -> InputFileError:
    said = say("there are several policies in `{folder}`: {names}", folder=folder, names=names)
    return InputFileError(said, say("name one of them"))


def a_folder(path: Path) -> InputFileError:
    return _with(path, say("is a folder"), say("name a file in it"))


def no_file(path: Path) -> InputFileError:
    return _with(path, say("is no file"), say("name a text file"))


def missing(path: Path) -> InputFileError:
    said = say("there is no file `{path}`", path=path)
    return InputFileError(said, say("look at the path"), say("is not there"))


def too_large(path: Path) -> InputFileError:
    return _with(path, say("is larger than 20 MB"), say("cut it into files and `use` them"))


def not_text(path: Path, line: int) -> InputFileError:
    problem = say("is not UTF-8 text: line {line} holds a byte that cannot be read", line=line)
    return _with(path, problem, say("save it with the encoding UTF-8"))


def unreadable(path: Path, error: OSError | ValueError) -> InputFileError:
    if isinstance(error, PermissionError):
        return _with(path, say("cannot be read: permission denied"))
    reason = of_system(error) if isinstance(error, OSError) else str(error)
    return _with(path, say("cannot be read: {reason}", reason=reason))


def _with(path: Path, problem: Words, advice: Words = "") -> InputFileError:
    return InputFileError(say("`{path}` {problem}", path=path, problem=problem), advice, problem)
