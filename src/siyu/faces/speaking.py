"""The language of a command: what `--lang` says, else SIYU_LANG, else that of the environment."""

from __future__ import annotations

import os
from collections.abc import Sequence
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


def colon() -> str:
    """What stands between a heading and its text in that language."""
    return "：" if tongue() == "zh" else ": "


def comma() -> str:
    """What stands between the things of a list in that language."""
    return "、" if tongue() == "zh" else ", "


def asked_for(args: Sequence[str]) -> Tongue | None:
    """The language that `--lang` names among arguments, before they are parsed."""
    for place, word in enumerate(args):
        said = word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if word == "--lang" and place + 1 < len(args):
            said = args[place + 1]
        found = next((each for each in TONGUES if each == said), None)
        if found is not None:
            return found
    return None


def speak(language: Tongue, ctx: click.Context) -> None:
    """Speaks a language until the context closes, whatever the environment says."""
    token = _CHOSEN.set(language)
    ctx.call_on_close(lambda: _CHOSEN.reset(token))


def _choose(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value is not None:
        speak(value, ctx)


LANG = click.option(
    "--lang",
    type=click.Choice(TONGUES),
    is_eager=True,
    expose_value=False,
    callback=_choose,
    help="The language to speak; otherwise that of SIYU_LANG or of the environment.",
)
