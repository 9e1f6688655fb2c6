"""What `siyu check` found, in the words of those who collect such findings: GitHub's workflow
commands and SARIF 2.1.0.

Takes for granted that findings come with the sources of their pack, called as the command line
calls them. Lines and columns count from 1, columns in characters; a place ends before its end.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, Protocol
from urllib.parse import quote

from siyu import __version__
from siyu.diagnostics import Diagnostic, Note
from siyu.faces.catalogue import is_calendar_code, is_schema_code, is_settings_code
from siyu.faces.render import COLON, HELP, MORE, where
from siyu.text import Source, Span
from siyu.words import Speech, Words, say

Sources = Mapping[str, Source]
WRONG, RIGHT = say("Wrong:"), say("Right:")


class Finding(Protocol):
    """A diagnostic with the sources of its pack."""

    @property
    def diagnostic(self) -> Diagnostic:
        """What was found."""
        ...

    @property
    def sources(self) -> Sources:
        """What its spans lie in."""
        ...


# ---------------------------------------------------------------- GitHub


def github(
    found: Sequence[Finding],
    unread: Sequence[tuple[str, Words]],
    remarks: Sequence[Words],
    speech: Speech,
) -> str:
    """Workflow commands, one a line: GitHub shows them at the lines of a pull request."""
    lines = [_command("error", {"file": file}, speech.of(reason)) for file, reason in unread]
    lines += [_annotation(each.diagnostic, each.sources, speech) for each in found]
    lines += [_command("notice", {}, speech.of(remark)) for remark in remarks]
    return "".join(f"{line}\n" for line in lines)


def _annotation(diagnostic: Diagnostic, sources: Sources, speech: Speech) -> str:
    at = where(diagnostic.span, sources)
    place = {"file": at["file"], "line": at["line"], "endLine": at["end_line"]}
    if at["line"] == at["end_line"]:  # GitHub refuses columns of more than one line
        place |= {"col": at["column"], "endColumn": at["end_column"]}
    told = {name: value for name, value in place.items() if value is not None}
    return _command(
        diagnostic.severity, {**told, "title": diagnostic.code}, whole_text(diagnostic, speech)
    )


def _command(name: str, properties: Mapping[str, object], message: str) -> str:
    """One command; `%`, line ends, and in properties `:` and `,` are written as codes.

    >>> _command("error", {"file": "a,b.siyu"}, "5 % of these")
    '::error file=a%2Cb.siyu::5 %25 of these'
    """
    shown = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in properties.items())
    return f"::{name}{' ' if shown else ''}{shown}::{_escaped(message)}"


def _escaped(text: str, also: str = "") -> str:
    return "".join(f"%{ord(char):02X}" if char in f"%\r\n{also}" else char for char in text)


def whole_text(diagnostic: Diagnostic, speech: Speech) -> str:
    """The message with its label and its help, one a line."""
    colon = COLON[speech.tongue]
    lines = [diagnostic.text(speech), diagnostic.label_text(speech)]
    advice = diagnostic.help_text(speech)
    lines.append(f"{speech.of(HELP)}{colon}{advice}" if advice else "")
    lines.append(f"{speech.of(MORE)}{colon}siyu explain {diagnostic.code}")
    return "\n".join(filter(None, lines))


# ---------------------------------------------------------------- SARIF

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LANGUAGES = {"en": "en-US", "zh": "zh-CN"}


def sarif(
    found: Sequence[Finding], unread: Sequence[tuple[str, Words]], speech: Speech
) -> dict[str, Any]:
    """A log of one run: a rule for each code that was found, a result for each finding."""
    kinds = {each.diagnostic.code: type(each.diagnostic) for each in found}
    ranks = {code: rank for rank, code in enumerate(sorted(kinds))}
    notes = [_not_read(file, speech.of(reason)) for file, reason in unread]
    driver = {
        "name": "siyu",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(kinds[code], speech) for code in ranks],
    }
    run = {
        "tool": {"driver": driver},
        "language": LANGUAGES[speech.tongue],
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not unread, "toolExecutionNotifications": notes}],
        "results": [_result(each.diagnostic, each.sources, ranks, speech) for each in found],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(kind: type[Diagnostic], speech: Speech) -> dict[str, Any]:
    """A code with its page; the examples are in the Markdown."""
    page = speech.text(kind.page.strip())
    of_yaml = is_schema_code, is_settings_code, is_calendar_code
    word = "yaml" if any(asks(kind.code) for asks in of_yaml) else "siyu"
    examples = [
        f"{speech.of(title)}\n\n```{word}\n{text.strip()}\n```"
        for title, text in ((WRONG, kind.wrong), (RIGHT, kind.right))
        if len(text) < 10_000 and "\0" not in text
    ]
    return {
        "id": kind.code,
        "name": kind.__name__,
        "shortDescription": {"text": plain(speech.text(kind.message)) or kind.__name__},
        "fullDescription": {"text": page},
        "help": {"text": page, "markdown": "\n\n".join((page, *examples))},
        "defaultConfiguration": {"level": kind.severity},
    }


def plain(template: str) -> str:
    """A template with `…` for its facts.

    >>> plain("`{key}` is written twice")
    '`…` is written twice'
    """
    parts = string.Formatter().parse(template)
    return "".join(text + ("" if fact is None else "…") for text, fact, _, _ in parts)


def _result(
    diagnostic: Diagnostic, sources: Sources, ranks: Mapping[str, int], speech: Speech
) -> dict[str, Any]:
    lines = (diagnostic.text(speech), diagnostic.help_text(speech))
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": ranks[diagnostic.code],
        "level": diagnostic.severity,
        "message": {"text": "\n".join(filter(None, lines))},
        "locations": [],
    }
    place = _location(diagnostic.span, diagnostic.label_text(speech), sources)
    if place is not None:
        result["locations"] = [place]
    related = [_related(note, sources, speech) for note in diagnostic.notes]
    if related:
        result["relatedLocations"] = [{"id": n, **each} for n, each in enumerate(related, 1)]
    return result


def _related(note: Note, sources: Sources, speech: Speech) -> dict[str, Any]:
    told = speech.of(note.message)
    place = None if note.span is None else _location(note.span, told, sources)
    return {"message": {"text": told}} if place is None else place


def _location(span: Span, told: str, sources: Sources) -> dict[str, Any] | None:
    at = where(span, sources)
    if at["file"] is None:
        return None
    region = {
        "startLine": at["line"],
        "startColumn": at["column"],
        "endLine": at["end_line"],
        "endColumn": at["end_column"],
    }
    place = {"physicalLocation": {"artifactLocation": _artifact(str(at["file"])), "region": region}}
    return {**place, "message": {"text": told}} if told else place


def _artifact(name: str) -> dict[str, str]:
    """A file as SARIF names it: relative to where the command ran, or by its whole path."""
    path = PurePath(name)
    if path.is_absolute():
        return {"uri": Path(name).as_uri()}
    return {"uri": quote(path.as_posix()), "uriBaseId": "%SRCROOT%"}


def _not_read(file: str, reason: str) -> dict[str, Any]:
    """A file that could not be read is no result: nothing was found in it."""
    place = {"physicalLocation": {"artifactLocation": _artifact(file)}}
    return {"level": "error", "message": {"text": reason}, "locations": [place]}
