"""One text, to standard output or to a file that is complete or not there."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from siyu.faces.options import fail
from siyu.faces.speaking import told
from siyu.words import of_system, say


def writable(output: str | None, read: list[str | None]) -> None:
    """Says what is wrong with the name of a file to be written, before any work is done; `read` are
    the files that the command reads."""
    if output is None or output == "-":
        return
    path = Path(output)
    inputs = {Path(name).resolve() for name in read if name is not None and name != "-"}
    if path.is_dir():
        said = say("`{path}` is a folder", path=output)
    elif not path.parent.is_dir():
        said = say("there is no folder `{path}`", path=str(path.parent))
    elif path.resolve() in inputs:
        said = say("`{path}` is read by this command, and would be lost", path=output)
    else:
        return
    raise click.BadParameter(told(said), param_hint="--output")


def put(text: str, output: str | None, form: str) -> None:
    """Writes a text; of a file it says on standard error that it is there."""
    if output is None or output == "-":
        click.echo(text, nl=False)
        return
    try:
        _keep(text.encode("utf-8", "backslashreplace"), Path(output))
    except BrokenPipeError:
        raise
    except OSError as error:
        said = say("the output cannot be written: {why}", why=of_system(error))
        fail(told(said), form=form)
    print(told(say("written: {file}", file=output)), file=sys.stderr)


def _keep(data: bytes, path: Path) -> None:
    from siyu.faces.outputs import Outputs

    if path.exists() and not path.is_file():  # a pipe or a device takes no place
        path.write_bytes(data)
        return
    with Outputs() as outputs:
        outputs.open(path).write(data)
        outputs.keep()
