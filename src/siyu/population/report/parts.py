"""The pieces that sections of the page are put together from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from siyu.explain.html_parts import Child, Html, classes, element, joined

LONG = 12
"""Rows of a table from which on it is folded."""


def section(key: str, title: str, *children: Child, lede: Child = None) -> Html:
    """A card with a heading and one sentence that says what matters."""
    return element(
        "section",
        element("h2", title),
        element("p", lede, class_="lede") if lede else None,
        *children,
        id=key,
        class_="card",
    )


def table(
    heads: Sequence[Child], rows: Iterable[Sequence[Child]], caption: str = "", total: bool = False,
    style: str = "",
) -> Html:  # fmt: skip
    """A table whose first column names its rows and whose others are figures; `total`: the last
    row sums up."""
    made = [tuple(row) for row in rows]
    body = [_row(row) for row in made]
    foot = element("tfoot", body.pop()) if total and body else None
    return element(
        "div",
        element(
            "table",
            element("caption", caption) if caption else None,
            element("thead", element("tr", *(element("th", each, scope="col") for each in heads))),
            element("tbody", *body),
            foot,
        ),
        class_=f"scroll {style}".strip(),
        tabindex="0",
    )


def _row(row: tuple[Child, ...]) -> Html:
    first, *others = row
    return element(
        "tr", element("th", first, scope="row"), *(element("td", each) for each in others)
    )


def folded(title: str, inside: Html, rows: int) -> Html:
    """What is long is opened by whoever wants it; printed it is open."""
    if rows <= LONG:
        return inside
    return element("details", element("summary", title), inside)


def legend(*items: tuple[str, str]) -> Html:
    """Colours by name: what each one is."""
    shown = (element("span", element("i", class_=f"swatch {tone}"), name) for tone, name in items)
    return element("p", *shown, class_="legend")


def halves(*children: Child) -> Html:
    """Two things beside each other, where there is room."""
    return element("div", *(element("div", each, class_="half") for each in children if each),
                   class_="halves")  # fmt: skip


def heading(text: str) -> Html:
    return element("h3", text)


def note(text: Child) -> Html:
    return element("p", text, class_="note")


def meter(style: str, *parts: tuple[str, int]) -> Html:
    """Bars of so many thousandths in front of each other, drawn without a script; the last one is
    in front."""
    drawn = (
        element("rect", class_=name, width=str(max(0, min(1000, width))), height="10")
        for name, width in (("all", 1000), *parts)
    )
    return element(
        "svg", *drawn, class_=style, viewBox="0 0 1000 10", preserveAspectRatio="none",
        aria_hidden="true",
    )  # fmt: skip


def bar(share: Decimal | None, tone: str = "heads") -> Html:
    """A figure's share as a bar of its cell."""
    return meter(classes("bar", tone), ("part", 0 if share is None else int(share * 1000)))


def heat(text: str, share: Decimal | None) -> Html:
    """A cell's text on a ground that is the darker, the larger the share."""
    strength = 0 if share is None else min(10, -(-int(share * 1000) // 100))
    return element("span", text, class_=f"heat h{strength}")


def stack(*children: Child) -> Html:
    return joined(*children)
