"""Running `siyu` as its users do: in this process where that tells enough, else as a process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from siyu.faces.cli import command
from siyu.resources import resource

ROOT = Path(__file__).resolve().parents[2]
RETAIL = resource("policies", "retail_membership")
STARTER = resource("policies", "starter")

HEAD = (
    'policy p\n  language 1\n  timezone "Asia/Shanghai"\n  currency CNY\n  schema "facts.yaml"\n\n'
)
FACTS = """\
schema: facts
customer:
  key: id
  fields:
    id:    {type: text}
    spend: {type: money, optional: true}
    tags:  {type: set of text, default: []}
"""
POLICY = HEAD + 'segment rich "Rich"\n  when spend >= 100 yuan\n'


@dataclass(frozen=True, slots=True)
class Ran:
    """What a user sees of a command that has ended."""

    code: int
    out: str
    err: str


def siyu(*args: str | Path, stdin: bytes | str | None = None) -> Ran:
    """The command in this process; an exception that escapes it is raised."""
    result = CliRunner().invoke(command, [str(arg) for arg in args], input=stdin, prog_name="siyu")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def process(
    *args: str | Path, stdin: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """The command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "siyu", *map(str, args)],
        input=stdin,
        capture_output=True,
        env={**os.environ, **(env or {})},
        timeout=120,
        check=False,
    )


def pack(folder: Path, **files: str | bytes) -> Path:
    """A folder with `facts.yaml` and the files given (`policy` is `policy.siyu`); its path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "facts.yaml").write_text(FACTS, encoding="utf-8")
    for name, text in files.items():
        data = text.encode() if isinstance(text, str) else text
        (folder / f"{name}.siyu").write_bytes(data)
    return folder


def timeless(text: str) -> str:
    """Without what differs from run to run: how long it took."""
    return re.sub(r"in \d+\.\d+ s(, [\d,]+ a second)?", "in some time", text)
