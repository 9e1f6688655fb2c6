"""Explanations in the colours of a terminal; plain where the output is none."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

    from siyu.explain.model import Explanation, Level
    from siyu.explain.text_lines import Line
    from siyu.words import Speech

WIDEST = 120
"""Columns beyond which a line is hard to read, however wide the terminal."""

COLOURS = {
    "title": "bold", "kind": "dim", "name": "bold cyan", "yes": "green", "no": "red",
    "stopped": "bold yellow", "cut": "yellow", "unknown": "magenta", "quiet": "dim",
    "decisive": "bold", "fact": "", "value": "bold", "code": "dim", "quote": "italic",
    "guide": "dim", "change": "cyan",
}  # fmt: skip


def show(explanation: Explanation, speech: Speech, level: Level) -> None:
    """Print an explanation, in colours and as wide as the terminal where there is one."""
    from siyu.explain.text import lines_of, text_of

    if not sys.stdout.isatty():
        sys.stdout.write(text_of(explanation, speech, level))
        return
    from rich.console import Console

    console = Console(highlight=False)
    for line in lines_of(explanation, speech, level, min(WIDEST, console.width)):
        console.print(painted(line), soft_wrap=True)


def painted(line: Line) -> Text:
    """A line with its styles as colours."""
    from rich.text import Text

    text = Text(no_wrap=True)
    for style, words in line:
        text.append(words, style=COLOURS.get(style, ""))
    return text
