"""The request of a test whose customer is in a file beside the policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from siyu.api.errors import InputFileError
from siyu.api.paths import read_text
from siyu.api.policy import Policy
from siyu.core.compiled import TestCase, TestFile
from siyu.kinds.persona import Record, filled, lay
from siyu.records import Rejection, read_json
from siyu.schema import Schema
from siyu.words import Said, say


def request_of(case: TestCase, policy: Policy) -> Record | Said:
    """What a test asks about, or why its customer cannot be taken from the file."""
    if case.like is None:
        return dict(case.request)
    found = read_object(case.like, policy)
    if isinstance(found, Said):
        return found
    schema = policy.compiled.schema
    base = found if _is_request(found, schema) else {"customer": found}
    own = {name: part for name, part in case.request.items() if name in ("event", "as_of")}
    return {**filled(lay(base, case.given, schema), schema), **own}


def read_object(file: TestFile, policy: Policy) -> dict[str, Any] | Said:
    """The JSON object in a file of the pack, numbers digit by digit, or what is wrong with it."""
    path = path_of(file, policy)
    if isinstance(path, Said):
        return path
    if not path.exists():
        return say("there is no file `{path}` in the policy's folder", path=file.path)
    try:
        text = read_text(path)
    except InputFileError as error:
        return say("`{path}` cannot be used: {why}", path=file.path, why=error.message)
    found = read_json(text)
    if isinstance(found, Rejection):
        why = found.reasons[0].said
        return say("`{path}` does not hold a JSON object: the text {why}", path=file.path, why=why)
    return found


def path_of(file: TestFile, policy: Policy) -> Path | Said:
    """Where a file of the pack lies; links do not lead out of the folder."""
    folder = policy.path.parent
    path = folder / file.path
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        inside = False
    return path if inside else say("`{path}` lies outside the policy's folder", path=file.path)


def _is_request(found: Record, schema: Schema) -> bool:
    """Whether an object is a request, and not the customer alone."""
    declared = "customer" in schema.fields or "customer" in schema.collections
    return isinstance(found.get("customer"), dict) and not declared
