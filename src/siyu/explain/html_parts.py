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


def classes(*names: str | bool | None) -> str:
    """The names of classes that there are.

    >>> classes("step", "", "decisive")
    'step decisive'
    """
    return " ".join(name for name in names if isinstance(name, str) and name)
