"""The language of a command: what `--lang` says, else SIYU_LANG, else that of the environment."""

from __future__ import annotations

import os
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import click

from siyu.words import TONGUES, Tongue, Words

if TYPE_CHECKING:
    from siyu.words import Speech

_CHOSEN: ContextVar[Tongue | None] = ContextVar("tongue", default=None)
_ASKED = ("SIYU_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def tongue() -> Tongue:
    """The language that people are spoken to in."""
    chosen = _CHOSEN.get()
    if chosen is not None:
        return chosen
    said = next((os.environ[name] for name in _ASKED if os.environ.get(name)), "")
    return "zh" if said.lower().startswith("zh") else "en"


def current() -> Speech:
    """How texts are said in that language."""
    from siyu.locale import speech

    return speech(tongue())


def told(words: Words) -> str:
    """Words in that language."""
    return words if isinstance(words, str) else current().of(words)


def _choose(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value is not None:
        token = _CHOSEN.set(value)
        ctx.call_on_close(lambda: _CHOSEN.reset(token))


LANG = click.option(
    "--lang",
    type=click.Choice(TONGUES),
    is_eager=True,
    expose_value=False,
    callback=_choose,
    help="The language to speak; otherwise that of SIYU_LANG or of the environment.",
)
