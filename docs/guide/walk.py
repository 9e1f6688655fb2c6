"""Walks through a guide as a reader would: writes its files, runs its commands, looks at what they
print.

    python docs/guide/walk.py            exit 1 where a page shows something else than is printed
    python docs/guide/walk.py --update   write what is printed into the pages

The blocks of a page, in order, work on one folder:

    ```yaml file=NAME     (or json, siyu) writes the file
    ```siyu add           adds declarations to shop.siyu; one of the same name is replaced
    ```console            `$ command` lines, each followed by what it prints; a line `…` stands for
                          any number of lines, `…` in a line for anything
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from siyu.syntax import ast
from siyu.syntax.parse import parse
from siyu.text import Source

HERE = Path(__file__).resolve().parent
PAGES = {"en": HERE / "en.md", "zh": HERE / "zh.md"}
POLICY = "shop.siyu"
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ANY = "…"


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where a page shows something else than happens."""

    page: str
    line: int
    command: str
    shown: str
    found: str

    def __str__(self) -> str:
        return (
            f"{self.page}:{self.line}: `{self.command}`\n--- the page\n{self.shown}\n--- in truth\n"
            f"{self.found}"
        )


@dataclass(slots=True)
class Walk:
    """A walk through one page: where it is, and what it met."""

    tongue: str
    folder: Path
    found: list[Difference]

    def block(self, page: str, line: int, language: str, words: list[str], text: str) -> str:
        """Does what a block says; the block's text as it should stand."""
        files = [word.removeprefix("file=") for word in words if word.startswith("file=")]
        if files:
            (self.folder / files[0]).write_text(text, encoding="utf-8")
        elif language == "siyu" and "add" in words:
            self._add(text)
        elif language == "console":
            return self._console(page, line, text)
        return text

    def _add(self, text: str) -> None:
        path = self.folder / POLICY
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        names = {_name(node) for node in _parts(text)}
        source = Source.of(POLICY, before)
        kept, at = [], 0
        for node in _parts(before):
            if _name(node) in names:
                kept.append(source.text[at : node.span.start].rstrip() + "\n\n")
                at = node.span.end
        kept.append(source.text[at:].strip("\n"))
        whole = "".join(kept).strip("\n") + "\n\n" + text
        path.write_text(re.sub(r"\n{3,}", "\n\n", whole).lstrip("\n"), encoding="utf-8")

    def _console(self, page: str, line: int, text: str) -> str:
        made = []
        for command, shown in _commands(text):
            printed = self.run(command)
            good = _fits(shown, printed)
            if not good:
                self.found.append(Difference(page, line, command, shown, printed))
            kept = shown if good else printed
            made.append(f"$ {command}\n{kept}" + ("\n" if kept else ""))
        return "".join(made)

    def run(self, command: str) -> str:
        """What a command prints, errors in between, without blanks at line ends."""
        tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            shlex.split(command),
            cwd=self.folder,
            env={**os.environ, "PATH": tools, "SIYU_LANG": self.tongue, "COLUMNS": "100",
                 "NO_COLOR": "1", "SIYU_CACHE_DIR": "", "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        lines = done.stdout.decode().rstrip("\n").split("\n")
        return "\n".join(line.rstrip() for line in lines).strip("\n")


def _parts(text: str) -> tuple[ast.Declaration, ...]:
    return parse(Source.of(POLICY, text)).file.declarations


def _name(node: ast.Declaration) -> str:
    return node.title if isinstance(node, ast.Test) else node.name.text


def _commands(text: str) -> list[tuple[str, str]]:
    """The commands of a console with what is shown of each."""
    pieces = re.split(r"^\$ (.*)\n", text, flags=re.MULTILINE)[1:]
    return [
        (command, shown.rstrip("\n"))
        for command, shown in zip(pieces[::2], pieces[1::2], strict=True)
    ]


def _fits(shown: str, printed: str) -> bool:
    """Whether what a page shows is what is printed.

    >>> _fits("a\\n…\\nd", "a\\nb\\nc\\nd"), _fits("in … s", "in 0.2 s"), _fits("a", "a\\nb")
    (True, True, False)
    """
    lines = ["(?:.|\n)*" if line == ANY else _pattern(line) for line in shown.split("\n")]
    return re.fullmatch("\n".join(lines), printed) is not None


def _pattern(line: str) -> str:
    return ".*".join(re.escape(piece) for piece in line.split(ANY))


def walk(tongue: str, folder: Path) -> tuple[str, list[Difference]]:
    """The page of a language as it should be, and what differs from how it is."""
    page = PAGES[tongue]
    text = page.read_text(encoding="utf-8")
    going = Walk(tongue, folder, [])
    made, at = [], 0
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        name = page.relative_to(HERE.parent).as_posix()
        block = going.block(name, line, found[1], found[2].split(), found[3])
        made += [text[at : found.start(3)], block]
        at = found.end(3)
    return "".join([*made, text[at:]]), going.found


def main(args: list[str]) -> int:
    """Walks through all pages."""
    differences: list[Difference] = []
    for tongue, page in PAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            text, found = walk(tongue, Path(folder))
        differences += found
        if "--update" in args and found:
            page.write_text(text, encoding="utf-8")
    for each in differences:
        sys.stdout.write(f"{each}\n\n")
    return 1 if differences and "--update" not in args else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
