"""Notes in SQL: what a column is, and where the policy says so."""

from __future__ import annotations

import re
from collections.abc import Callable

from siyu.text import NOWHERE, Span

Place = Callable[[Span], str]
LONGEST = 100


def note(label: str, span: Span = NOWHERE, place: Place | None = None) -> str:
    """A comment on one line, without anything that an engine reads in comments: Spark goes on
    after a backslash, and puts settings in for `${…}`.

    >>> note("a\\n; DROP TABLE x --\\\\", Span("tour.siyu", 3, 4))
    'tour.siyu: a  DROP TABLE x --'
    """
    where = span.file if place is None else place(span) if span.file else ""
    text = f"{where}: {label}" if where else label
    return re.sub(r"[^\w .:,/()~>-]+", "", re.sub(r"\s+", " ", text)).strip()[:LONGEST]
