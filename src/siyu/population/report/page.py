"""The report as one page that needs nothing else: no network, its style and its script inside.

The script draws charts of figures that stand on the page as JSON; without it the tables tell the
same. A browser may do nothing with the page but draw it and run this one script.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from siyu.explain.html import TONGUES
from siyu.explain.html_parts import Html, element
from siyu.population.report import (
    show_audience,
    show_facts,
    show_head,
    show_layers,
    show_outcomes,
    show_outreach,
)
from siyu.population.report.folder import RunFolder
from siyu.population.report.model import Figures
from siyu.population.report.shown import Shown
from siyu.text import harmless
from siyu.words import Speech, say

HERE = Path(__file__).resolve().parent
STYLE, SCRIPT = HERE / "page.css", HERE / "web" / "charts.js"
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{script}'; "
    "base-uri 'none'; form-action 'none'"
)


def page_of(figures: Figures, folder: RunFolder, speech: Speech) -> str:
    """The page in a language; the same figures make the same page."""
    shown = Shown(speech, folder)
    header = show_head.header(figures, shown)
    sections = list(_sections(figures, shown))
    policy = folder.part("policy")
    name = str(policy.get("label") or policy.get("name", ""))
    title = f"{name} · {shown.moment(folder.run.get('as_of'))}"
    script = _script()
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    head = element(
        "head",
        Html('<meta charset="utf-8">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'.replace(
            "{script}", digest)),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", title),
        element("style", Html(STYLE.read_text(encoding="utf-8"))),
    )  # fmt: skip
    body = element(
        "body",
        element("main", header, _contents(sections, shown), *(each for _, _, each in sections),
                show_head.foot(figures, shown)),
        Html(f'<script type="application/json" id="charts">{island(shown.charts)}</script>'),
        Html(f"<script>{script}</script>"),
    )  # fmt: skip
    page = element("html", head, body, lang=TONGUES[speech.tongue])
    return f"<!doctype html>\n{page}\n"


def island(value: Any) -> str:
    """JSON that cannot end the element that it stands in.

    >>> island(["</script>"])
    '["\\\\u003c/script\\\\u003e"]'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


@cache
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8").strip()


Section = tuple[str, str, Html]


def _sections(figures: Figures, shown: Shown) -> Iterator[Section]:
    """The sections that have something to tell: anchor, name in the list of contents, card."""
    made = show_head.claims(figures, shown)
    if made is not None:
        yield "claims", shown.of(say("Claims")), made
    made = show_head.moved(figures, shown)
    if made is not None:
        yield "moved", shown.of(say("What moved")), made
    yield from _about_members(figures, shown)
    yield from _about_outcomes(figures, shown)
    if figures.scores:
        yield "scores", shown.of(say("Scores")), show_facts.scores(figures.scores, shown)
    if figures.tables:
        yield "tables", shown.of(say("Decision tables")), show_facts.tables(figures.tables, shown)
    if figures.indicators:
        made = show_facts.indicators(figures.indicators, shown)
        yield "indicators", shown.of(say("Indicators")), made
    yield "rejects", shown.of(say("Set aside")), show_facts.rejects(figures.rejects, shown)


def _about_members(figures: Figures, shown: Shown) -> Iterator[Section]:
    found = figures.pyramid
    if found is not None:
        yield "pyramid", shown.of(say("Customer pyramid")), show_layers.pyramid(found, shown)
        counted = show_layers.heads(found, shown)
        if counted is not None:
            yield "heads", shown.of(say("Counting heads")), counted
    for moves in figures.movements:
        if moves.movements:
            made = show_audience.movements(moves, shown)
            yield f"movements-{moves.name}", shown.label(moves.name), made
    if figures.segments is not None:
        made = show_audience.segments(figures.segments, shown)
        yield "segments", shown.of(say("Segments")), made
    for each in figures.stages:
        made = show_audience.stages(each, found.of if found is not None else None, shown)
        yield f"stages-{each.name}", shown.label(each.name), made


def _about_outcomes(figures: Figures, shown: Shown) -> Iterator[Section]:
    if figures.points.posted:
        yield "points", shown.of(say("Points")), show_outcomes.points(figures.points, shown)
    rewards = figures.incentives
    if rewards.budgets or any(each.awards or each.held_back for each in rewards.given):
        made = show_outcomes.incentives(figures.incentives, shown)
        yield "incentives", shown.of(say("Incentives")), made
    if figures.outreach.sent:
        yield "contacts", shown.of(say("Contacts")), show_outreach.contacts(figures.outreach, shown)
    if figures.outreach.stopped:
        made = show_outreach.stopped(figures.outreach.stopped, shown)
        yield "stopped", shown.of(say("What stopped the others")), made


def _contents(sections: list[Section], shown: Shown) -> Html:
    links = (element("a", harmless(name), href=f"#{key}") for key, name, _ in sections)
    return element("nav", *links, aria_label=shown.of(say("Contents")))
