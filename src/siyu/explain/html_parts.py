"""Elements of a page, escaped by default: text becomes HTML in one place."""

from __future__ import annotations

import html
from typing import TypeAlias

from siyu.text import harmless


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Child: TypeAlias = "str | Html | None"


def element(tag: str, *children: Child, **attributes: str | bool) -> Html:
    """An element with its children; None is left out, a plain text is escaped.

    `class_` is the attribute `class`; True is an attribute without a value, False none.

    >>> element("p", "<b>", class_="a&b")
    '<p class="a&amp;b">&lt;b&gt;</p>'
    """
    shown = "".join(
        f" {name.rstrip('_').replace('_', '-')}"
        + ("" if value is True else f'="{html.escape(str(value))}"')
        for name, value in attributes.items()
        if value is not False and value != ""
    )
    return Html(f"<{tag}{shown}>{joined(*children)}</{tag}>")


def joined(*children: Child) -> Html:
    """Several pieces behind each other.

    >>> joined("a < b", Html("<br>"), None)
    'a &lt; b<br>'
    """
    return Html("".join(escaped(child) for child in children if child is not None))


def escaped(child: str | Html) -> Html:
    """A text as HTML shows it: what cannot be seen is shown as a replacement character."""
    return child if isinstance(child, Html) else Html(html.escape(harmless(child)))


def quoted(text: str) -> list[str | Html]:
    """A text with what stands between backticks as code.

    >>> joined(*quoted("cut of `top 5%`, and `more"))
    'cut of <code>top 5%</code>, and `more'
    """
    made: list[str | Html] = []
    pieces = text.split("`")
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            made.append(piece)
        elif place == len(pieces) - 1:
            made.append(f"`{piece}")
        else:
            made.append(element("code", piece))
    return made


def classes(*names: str | bool | None) -> str:
    """The names of classes that there are.

    >>> classes("step", "", "decisive")
    'step decisive'
    """
    return " ".join(name for name in names if isinstance(name, str) and name)
