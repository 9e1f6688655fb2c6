"""Changing `siyu.yaml` without disturbing what people wrote in it.

A severity that stands there is written over; one that does not gets a line of its own behind the
last. Everything else stays to the letter: comments, order, quotes, indents.
"""

from __future__ import annotations

from collections.abc import Mapping

from siyu.lint.finding import Level
from siyu.lint.table import LINTS, lint_called
from siyu.schema.tree import Map, Scalar, read_tree
from siyu.text import Source

INDENT = "  "


def with_levels(text: str, levels: Mapping[str, Level]) -> str:
    """A settings file with other severities, by lints' codes.

    Takes for granted that `read_settings` finds nothing wrong with the text, which may be empty.

    >>> print(with_levels("lints:\\n  unused-metric: off  # ours\\n", {"W0707": "error"}), end="")
    lints:
      unused-metric: error  # ours
    """
    for lint in LINTS:
        if lint.code in levels:
            text = _with_level(Source.of("", text), lint.code, lint.name, levels[lint.code])
    return text


def _with_level(source: Source, code: str, name: str, level: Level) -> str:
    text = source.text
    tree, _ = read_tree(source)
    lints = tree.get("lints") if isinstance(tree, Map) else None
    if not isinstance(tree, Map) or lints is None:
        return _new_block(text, tree, f"{INDENT}{name}: {level}\n")
    if isinstance(lints, Scalar):  # `lints:` with nothing behind it
        return _after_line(source, tree.key_span("lints").start, f"{INDENT}{name}: {level}")
    assert isinstance(lints, Map)
    for pair in lints.pairs:
        lint = lint_called(pair.key)
        if lint is not None and lint.code == code:
            span = pair.value.span
            return f"{text[: span.start]}{level}{text[span.end :]}"
    if text[lints.span.start] == "{":
        return _in_braces(text, lints, f"{name}: {level}")
    last = lints.pairs[-1]
    indent = source.place(last.key_span.start).column - 1
    return _after_line(source, last.value.span.start, f"{' ' * indent}{name}: {level}")


def _new_block(text: str, tree: object, line: str) -> str:
    if isinstance(tree, Map) and tree.pairs and text[tree.span.start] == "{":
        return _in_braces(text, tree, f"lints: {{{line.strip()}}}")
    if isinstance(tree, Map) and not tree.pairs:  # `{}`: nothing is lost
        text = text[: tree.span.start] + text[tree.span.end :].lstrip(" ")
    ended = text if not text or text.endswith("\n") else f"{text}\n"
    return f"{ended}lints:\n{line}"


def _in_braces(text: str, braces: Map, entry: str) -> str:
    """The entry as the first one: behind the last there may be a comment."""
    start = braces.span.start + 1
    return f"{text[:start]}{entry}{', ' if braces.pairs else ''}{text[start:]}"


def _after_line(source: Source, offset: int, line: str) -> str:
    """The text with a line behind the one that holds a place."""
    end = source.text.find("\n", offset)
    if end < 0:
        return f"{source.text}\n{line}\n"
    return f"{source.text[: end + 1]}{line}\n{source.text[end + 1 :]}"
