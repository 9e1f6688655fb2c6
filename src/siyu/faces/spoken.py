"""The help of commands, and what click itself says, in the language of the command.

click looks its own texts up with `gettext`; they are listed here so that our catalogue has them.
"""

from __future__ import annotations

import copy
import gettext
import inspect
import os
import re
from collections.abc import Sequence

import click

from siyu.faces.columns import Columns
from siyu.faces.speaking import asked_for, current, tongue
from siyu.words import Speech, say, say_n

# Texts of click that a user of ours can meet.
OF_CLICK = (
    say("Usage:"), say("Options"), say("Commands"), say("default: {default}"), say("required"),
    say("Show this message and exit."), say("Show the version and exit."),
    say("Error: {message}"), say("Try '{command} {option}' for help."),
    say("Invalid value: {message}"), say("Invalid value for {param_hint}: {message}"),
    say("Missing argument"), say("Missing option"), say("Missing parameter"),
    say("Missing command."), say("No such option {name!r}."), say("No such command {name!r}."),
    say("Option {name!r} does not take a value."), say("Option {name!r} requires an argument."),
    say("{value!r} is not a valid {number_type}."),
    say("{value} is not in the range {range}."), say("Choose from:\n\t{choices}"),
    say_n("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", 1),
    say_n("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", 1),
    say_n("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", 1),
    say_n("Option {name!r} requires an argument.",
          "Option {name!r} requires {nargs} arguments.", 1),
)  # fmt: skip

# What click calls the numbers that an option takes.
NUMBERS = {
    "float range": say("number"), "float": say("number"),
    "integer range": say("whole number"), "integer": say("whole number"),
}  # fmt: skip
_NUMBER = re.compile(f" ?({'|'.join(NUMBERS)})")


def listen(args: Sequence[str]) -> None:
    """Lets click speak the language of the command from here on; for the whole process."""
    from siyu.locale import HERE

    os.environ["LANGUAGE"] = asked_for(args) or tongue()
    gettext.bindtextdomain("siyu", HERE)
    gettext.textdomain("siyu")


class Chinese(click.Context):
    """Where help is drawn with wide characters."""

    formatter_class = Columns


def in_language(command: click.Command) -> click.Command:
    """The command with its help in the language that is spoken; itself where that is English."""
    if tongue() == "en":
        return command
    made = copy.copy(command)
    made.context_class = Chinese
    made._help_option = None  # one that was made before speaks another language
    made.help = said(command.help or "")
    made.epilog = said(command.epilog or "")
    made.params = [_option(each) for each in command.params]
    if isinstance(made, click.Group):
        made.commands = {name: in_language(each) for name, each in made.commands.items()}
    return made


def _option(param: click.Parameter) -> click.Parameter:
    if not isinstance(param, click.Option) or not param.help:
        return param
    made = copy.copy(param)
    made.help = said(param.help)
    return made


def with_own_marks(text: str, speech: Speech) -> str:
    """A message that click made of Chinese parts, with Chinese marks between them.

    >>> from siyu.locale import speech
    >>> with_own_marks("用法： siyu\\n错误：缺少参数 'PATH'. 是不是 '--b'？\\n", speech("zh"))
    "用法：siyu\\n错误：缺少参数 'PATH'。是不是 '--b'？\\n"
    """
    text = re.sub(r"(?<=[。：]) ", "", re.sub(r"(?<=')\.(?= |$)", "。", text, flags=re.MULTILINE))
    return _NUMBER.sub(lambda found: speech.of(NUMBERS[found[1]]), text)


def said(text: str) -> str:
    """A text of help in the language that is spoken."""
    mark = "\b\n" if text.startswith("\b\n") else ""
    return mark + current().text(written(text))


def written(text: str) -> str:
    """A text of help as catalogues have it: without the indent of the code that it stands in, and
    without the mark of lines that stay as they are.

    >>> written("\\b\\nExamples:\\n  siyu check\\n"), written("Check.\\n\\n    All of it.\\n    ")
    ('Examples:\\n  siyu check', 'Check.\\n\\nAll of it.')
    """
    if text.startswith("\b\n"):
        return text.removeprefix("\b\n").strip("\n")
    return inspect.cleandoc(text)
