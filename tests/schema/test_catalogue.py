"""Catalogues of messages: what is read, and every mistake at its place."""

from __future__ import annotations

import pytest

from siyu.schema.messages import EXAMPLE, Param, load_messages
from siyu.text import Source


def told(text: str) -> list[tuple[str, str]]:
    found = load_messages(Source.of("m.yaml", text)).diagnostics
    return [(each.code, text[each.span.start : each.span.end]) for each in found]


def test_texts_places_and_parameters_are_read() -> None:
    text = EXAMPLE + (
        "  both:\n    title: {zh: 领券, en: Take it}\n    body: '{n} of {m}, {n}'\n"
        "    params: {n: {type: int, example: 12}}\n"
    )
    read = load_messages(Source.of("m.yaml", text))
    assert told(text) == [] and read.catalogue.whole
    both, wakeup = (read.catalogue.templates[name] for name in ("both", "wakeup"))
    assert both.title.text("en") == "Take it" and both.places == ("n", "m")
    assert both.params == {"n": Param("int", "12")} and both.purpose is None
    assert wakeup.channels == ("sms", "app") and wakeup.params == {"amount": Param("money")}
    assert wakeup.purpose == "recover"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("messages: 1", "messages: 2", ("E0210", "2")),
        ("messages: 1", "mesages: 1", ("E0208", "mesages")),
        ("templates:", "template:", ("E0208", "template")),
        ("    title: 回来领50元", "    titel: 回来领50元", ("E0208", "titel")),
        ("channels: [sms, app]", "channels: sms", ("E0210", "sms")),
        ("{amount: money}", "{amount: cash}", ("E0210", "cash")),
        ("{amount: money}", "{amount: {type: money, sample: 5}}", ("E0208", "sample")),
        ("{amount: money}", "{amount: money, sum_off: money}", ("E0210", "sum_off")),
        ("purpose: recover", "purpose: sell", ("E0210", "sell")),
        ("body: 谢谢惠顾", "body: '谢谢{惠顾'", ("E0210", "'谢谢{惠顾'")),
        ("body: 谢谢惠顾", "body: '谢谢{}'", ("E0210", "'谢谢{}'")),
        ("body: 谢谢惠顾", "body: [谢谢]", ("E0210", "[谢谢]")),
    ],
)
def test_a_mistake_is_told_where_it_stands(old: str, new: str, found: tuple[str, str]) -> None:
    assert EXAMPLE.count(old) == 1
    text = EXAMPLE.replace(old, new)
    assert found in told(text)
    assert not load_messages(Source.of("m.yaml", text)).catalogue.whole


@pytest.mark.parametrize("text", ["", "messages", "- a", "messages: 1\ntemplates: 3\n", "{{{"])
def test_what_is_no_catalogue_is_refused(text: str) -> None:
    read = load_messages(Source.of("m.yaml", text))
    assert read.diagnostics and not read.catalogue.whole


def test_a_message_without_any_text_is_refused() -> None:
    text = "messages: 1\ntemplates:\n  a:\n    channels: [sms]\n"
    assert told(text) == [("E0209", "channels: [sms]")]
