"""What several commands have in common: options, and how a failed call of the API is told."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from siyu.faces.speaking import colon, told
from siyu.words import Words, say

if TYPE_CHECKING:
    from datetime import datetime

    from siyu.api import PolicyError

ERROR, HELP = say("error"), say("help")
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or for machines.",
)
CUSTOMERS = click.option(
    "--customers",
    required=True,
    metavar="FILE.jsonl",
    help="Requests, one a line; `-` is standard input.",
)
AS_OF = click.option(
    "--as-of",
    metavar="TIME",
    help="The instant to decide at, where a request does not say: a date (its first moment) or a "
    "date and time; without a zone it is in the policy's.",
)
CALIBRATION = click.option(
    "--calibration",
    metavar="FILE",
    help="The figures that need everyone, such as where the top 5 % begin.",
)
ALLOCATION = click.option(
    "--allocation", metavar="FILE", help="How a run has shared out budgets and quotas."
)


def instant_option(text: str | None, zone: str) -> datetime | None:
    """The instant that --as-of means, without a zone on the clock of `zone`."""
    from siyu.faces.times import NotATime, instant

    if text is None:
        return None
    try:
        return instant(text, zone)
    except NotATime as error:
        said = say("`{text}` is no time: {why}", text=text, why=error.why)
        raise click.BadParameter(told(said), param_hint="--as-of") from None


@contextmanager
def telling(policy: str, form: str) -> Iterator[None]:
    """Tells what the API says is wrong with a policy, and exits: 1 for one with errors, 2 for a
    file that is missing or cannot be read."""
    from siyu.api import CalibrationNeeded, InputFileError, PolicyError, SiyuError

    try:
        yield
    except PolicyError as error:
        tell_policy_error(policy, error, form)
        raise SystemExit(1) from None
    except CalibrationNeeded as error:
        fail(error.said, say("name its file with --calibration"), form)
    except InputFileError as error:
        fail(error.said, error.advice, form)
    except SiyuError as error:
        fail(error.said, error.advice, form)


def pack_folder(policy: str) -> Path:
    """The folder of a policy that is named by its file or by that folder."""
    return Path(policy) if Path(policy).is_dir() else Path(policy).parent


def tell_policy_error(policy: str, error: PolicyError, form: str) -> None:
    """The policy's mistakes, to standard error."""
    from siyu.faces import render
    from siyu.faces.speaking import current

    found, speech = error.diagnostics, current()
    sources = render.seen_from_here(error.sources, pack_folder(policy))
    if form == "json":
        entries = [render.as_json(each, sources, speech) for each in found]
        print(to_json({"diagnostics": entries}), file=sys.stderr)
        return
    paint = render.paint_for(sys.stderr)
    print(render.render_all(found, sources, paint, speech), end="", file=sys.stderr)
    print(render.summary(found, len(sources), paint, speech), file=sys.stderr)


def fail(message: Words, hint: Words = "", form: str = "text", code: int = 2) -> NoReturn:
    """Says why a command cannot do its work, to standard error, and exits."""
    from siyu.faces.excerpt import harmless

    what, advice = told(message), told(hint)
    if form == "json":
        print(to_json({"error": what, "help": advice}), file=sys.stderr)
    else:
        said = "\n".join(harmless(line) for line in what.split("\n"))
        print(f"{told(ERROR)}{colon()}{said}", file=sys.stderr)
        if advice:
            print(f"{told(HELP)}{colon()}{harmless(advice)}", file=sys.stderr)
    raise SystemExit(code)


def to_json(document: object) -> str:
    """JSON for a machine that a person may look at."""
    return json.dumps(document, ensure_ascii=False, indent=2)
