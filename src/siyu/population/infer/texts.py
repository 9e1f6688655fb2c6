"""CSV files in another encoding than UTF-8, as copies that the engine reads."""

from __future__ import annotations

import codecs
import glob
from dataclasses import replace
from pathlib import Path

from siyu.population.infer.model import InferFailed, Place
from siyu.population.infer.select import csv_select
from siyu.words import of_system, say

CHUNK = 1 << 20  # characters, or bytes


class Texts:
    """Copies in UTF-8 of the CSV files that are in an encoding, below a folder. Raises InferFailed
    for an encoding that nobody knows."""

    def __init__(self, encoding: str, folder: Path) -> None:
        try:
            codecs.lookup(encoding)
        except LookupError:
            said = say("there is no encoding `{encoding}`", encoding=encoding)
            raise InferFailed(said, say("such as gb18030, gbk, big5, utf-16")) from None
        self._encoding = encoding
        self._folder = folder
        self._copies = 0

    def read(self, place: Place) -> Place:
        """The table, read from copies where its files are not UTF-8. Raises InferFailed for files
        that are not in the encoding either."""
        files = [Path(each) for path in place.paths for each in _files(path)]
        copies = [path if is_utf8(path) else self._copy(path) for path in files]
        if copies == files:
            return place
        select = csv_select(tuple(map(str, copies)), files[0].suffix)
        return replace(place, select=select, encoding=self._encoding)

    def _copy(self, path: Path) -> Path:
        self._copies += 1
        target = self._folder / f"{self._copies}{path.suffix}"
        try:
            with (
                path.open(encoding=self._encoding, newline="") as text,
                target.open("w", encoding="utf-8", newline="") as out,
            ):
                while chunk := text.read(CHUNK):
                    out.write(chunk)
        except UnicodeError:
            said = say("`{path}` is neither in UTF-8 nor in the encoding {encoding}",
                       path=str(path), encoding=self._encoding)  # fmt: skip
            raise InferFailed(said, say("look at which encoding it was saved in")) from None
        except OSError as error:
            said = say("`{path}` cannot be read: {why}", path=str(path), why=of_system(error))
            raise InferFailed(said) from None
        return target


def is_utf8(path: Path) -> bool:
    """Whether a file is UTF-8 throughout, so far as it can be read."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    except OSError:
        return True
    return True


def _files(path: str) -> list[str]:
    """The files that a path of `sources.yaml` means, in an order that is the same every time."""
    if Path(path).is_file():
        return [path]
    return sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - as written, from root or here
