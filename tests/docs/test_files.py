"""The files that pages of the reference show are read without a complaint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from siyu.schema.calendars import load_calendar
from siyu.schema.messages import load_messages
from siyu.syntax.parse import parse
from siyu.text import Source
from tests.docs.fences import fences

FILES: dict[str, Callable[[Source], Any]] = {
    "docs/reference/calendars.md": load_calendar,
    "docs/reference/messages.md": load_messages,
}


@pytest.mark.parametrize("page", FILES)
def test_a_file_is_as_its_page_shows_it(page: str) -> None:
    shown = {each.language: each for each in fences(page)}
    assert FILES[page](Source.of("shown.yaml", shown["yaml"].text)).diagnostics == ()
    assert parse(Source.of("shown.siyu", shown["siyu"].text)).diagnostics == ()
