"""The command `siyu`: finds the subcommand, runs it, and has the last word on what goes wrong.

Exit codes: 0 all is well; 1 problems were found in what was given; 2 the command was used wrongly;
130 interrupted; 70 a mistake of ours. Subcommands are imported when they are run, so that the
command starts quickly; the heavy packages are imported by those that need them.
"""

from __future__ import annotations

import errno
import gettext
import importlib
import io
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from siyu import __version__
from siyu.faces.speaking import LANG, asked_for, colon, current, speak, told, tongue
from siyu.words import Tongue, of_system, say

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
INTERRUPTION, HELP = say("interrupted"), say("help")
OURS, INTERRUPTED, TERMINATED, PIPE_CLOSED = 70, 130, 143, 141

# name: module of `siyu.faces`, what it does in one line. A module holds a click command `command`.
COMMANDS = {
    "init": ("init", "Begin a new pack that checks, tests and runs as it is."),
    "check": ("check", "Find every mistake in policies."),
    "lint": ("lint", "List the lints, and how severely each is taken."),
    "fmt": ("fmt", "Write policy files in the canonical format."),
    "test": ("test", "Run the tests that policies hold."),
    "publish": ("publish", "Bind the frozen rules of a policy until their day."),
    "diagnose": ("diagnose", "Find what a policy leaves out, and what its incentives serve."),
    "calibrate": ("calibrate", "Find what a policy has to know of everyone."),
    "identity": ("identity", "Join the profiles of all channels into customers."),
    "run": ("run", "Decide about everyone in tables, into one folder."),
    "decide": ("decide", "Decide about customers, one request a line."),
    "explain": ("explain", "Say why a decision is as it is, or what an error code means."),
    "report": ("report", "Show a run over everyone as one page for a meeting."),
    "show": ("show", "Show what the compiler makes of a policy."),
    "schema": ("schema", "Check and show schema files, and publish the JSON Schemas."),
    "sources": ("sources", "Check the tables of a whole customer base."),
    "sample": ("sample", "Make up customers with all that a schema says of them."),
    "help": ("help", "Show a page about a word, a rule, a function, a command."),
}

EPILOG = """\b
Begin with:
  siyu init my_members
  siyu check my_members
  siyu decide my_members/policy.siyu --customers my_members/customers.jsonl
"""


class Commands(click.Group):
    """A group whose commands are imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"siyu.faces.{COMMANDS[cmd_name][0]}")
        found = module.command
        assert isinstance(found, click.Command)
        return found if tongue() == "en" else _translated(found)

    def get_help(self, ctx: click.Context) -> str:
        if tongue() == "en":
            return super().get_help(ctx)
        spoken = _translated(self)
        ctx.formatter_class = spoken.context_class.formatter_class
        return click.Group.get_help(spoken, ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table rather than from the modules."""
        speech = current()
        with formatter.section(gettext.gettext("Commands")):
            formatter.write_dl([(name, speech.text(does)) for name, (_, does) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if (asked := asked_for(args)) is not None:
            speak(asked, ctx)
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            raise click.UsageError(_unknown(args[0]), ctx)
        return super().resolve_command(ctx, args)


def _translated(found: click.Command) -> click.Command:
    from siyu.faces.spoken import in_language

    return in_language(found)


def _unknown(word: str) -> str:
    from siyu.diagnostics import nearest
    from siyu.faces.excerpt import harmless

    word = harmless(word)
    if word.endswith(".siyu"):
        said = say(
            "`{word}` is a file, not a command; did you mean `siyu check {word}`?", word=word
        )
    elif near := nearest(word, COMMANDS, limit=1):
        said = say("there is no command `{word}`; did you mean `{near}`?", word=word, near=near[0])
    else:
        names = tuple(COMMANDS)
        said = say("there is no command `{word}`; commands are {names}", word=word, names=names)
    return told(said)


@click.group(cls=Commands, epilog=EPILOG)
@click.version_option(__version__, "-V", "--version", message="siyu %(version)s")
@LANG
def command() -> None:
    """Policies for member marketing 私域: check them, test them, decide by them, ask why."""


# ---------------------------------------------------------------- the process


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """The entry point of the process: runs a command and exits with its code."""
    signal.signal(signal.SIGTERM, _terminated)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what its encoding lacks is written as an escape
            stream.reconfigure(errors="backslashreplace")
    given = list(sys.argv[1:] if argv is None else argv)
    if tongue() != "en" or asked_for(given):
        from siyu.faces.spoken import listen

        listen(given)
    if "_SIYU_COMPLETE" in os.environ:
        command.main(prog_name="siyu")
    sys.exit(_guarded(given))


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    """Lets a command clean up after itself before the process ends."""
    raise SystemExit(TERMINATED)


def _guarded(args: list[str]) -> int:
    """Runs a command; whatever happens becomes an exit code and at most some lines."""
    try:
        code = _run(args)
        sys.stdout.flush()
        return code
    except (KeyboardInterrupt, click.Abort):
        print(f"\nsiyu: {told(INTERRUPTION)}", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        return _quietly()
    except OSError as error:
        if error.errno not in _FULL:
            return _ours(error)
        said = told(say("what it says cannot be written: {why}", why=of_system(error)))
        print(f"siyu: {said}", file=sys.stderr)
        return 2
    except Exception as error:
        return _ours(error)


def _run(args: list[str]) -> int:
    language = asked_for(args) or tongue()
    try:
        with command.make_context("siyu", args) as context:
            command.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as wrong:
        _show(wrong, language)
        return wrong.exit_code
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else int(done.code is not None)
    return 0


def _show(wrong: click.ClickException, language: Tongue) -> None:
    """What click says of bad usage; its parts are put together with Latin marks."""
    if language == "en":
        wrong.show()
        return
    from siyu.faces.spoken import with_own_marks
    from siyu.locale import speech

    told_by_click = io.StringIO()
    wrong.show(told_by_click)
    print(with_own_marks(told_by_click.getvalue(), speech(language)), end="", file=sys.stderr)


def _quietly() -> int:
    """Whoever read our output has stopped reading; what is still buffered goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return PIPE_CLOSED


def _ours(error: Exception) -> int:
    """A mistake of ours. The error's text may hold a customer's data: it is shown on demand."""
    import traceback

    if os.environ.get("SIYU_DEBUG"):
        traceback.print_exception(error)
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = [type(error).__name__, *(f"at {Path(f.filename).name}:{f.lineno}" for f in last)]
    where += getattr(error, "__notes__", ())
    mistake = say("a mistake of siyu itself, not of your policy: {what}", what=" ".join(where))
    advice = say(
        "please report it with the command line, the policy, siyu {version}, and what the same "
        "command prints with SIYU_DEBUG=1",
        version=__version__,
    )
    print(f"siyu: {told(mistake)}\n{told(HELP)}{colon()}{told(advice)}", file=sys.stderr)
    return OURS
