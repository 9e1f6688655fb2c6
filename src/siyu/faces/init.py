"""`siyu init`: a new pack that checks, tests and runs as it is."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click

from siyu.faces.options import FORMAT, fail, to_json
from siyu.faces.speaking import comma, told, tongue
from siyu.words import TONGUES, Tongue, of_system, say

STARTERS: dict[Tongue, str] = {"en": "starter", "zh": "starter_zh"}
EXAMPLE = """\b
Examples:
  siyu init my_members
  siyu init --lang zh 会员
"""
NEXT = (
    "siyu check .",
    "siyu test .",
    "siyu decide policy.siyu --customers customers.jsonl",
    "siyu explain policy.siyu --customers customers.jsonl --customer M2",
)


@click.command("init", epilog=EXAMPLE)
@click.argument("folder", metavar="DIR")
@click.option(
    "--lang",
    type=click.Choice(TONGUES),
    help="The language of the keywords, and of what this command says; otherwise that of SIYU_LANG "
    "or of the environment.",
)
@FORMAT
def command(folder: str, lang: Tongue | None, form: str) -> None:
    """Begin a new pack of policies: a folder with a policy, its schema, tests and some members.

    DIR must not exist, or be empty. Exits 0, or 2 when the folder cannot be made.
    """
    target = Path(folder)
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        is_folder = target.is_dir()
        said = say("`{path}` is not empty", path=folder)
        said = said if is_folder else say("`{path}` is a file", path=folder)
        fail(said, say("name a folder that does not exist yet"), form)
    try:
        files = _make(target, lang or tongue())
    except OSError as error:
        fail(say("`{path}` cannot be made: {why}", path=folder, why=of_system(error)), form=form)
    if form == "json":
        click.echo(to_json({"folder": folder, "files": files}))
    else:
        _tell(target, files)


def _make(target: Path, lang: Tongue) -> list[str]:
    """The pack, all of it or nothing; returns its files."""
    from siyu.resources import resource

    place = target.resolve()
    place.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
    try:
        shutil.copytree(resource("policies", STARTERS[lang]), made, dirs_exist_ok=True)
        policy = made / "policy.siyu"
        policy.write_text(_fitted(policy, place.name), encoding="utf-8")
        _move(made, place)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file())


def _move(made: Path, place: Path) -> None:
    """A folder that is there already stays the same folder: somebody may stand in it."""
    if not place.exists():
        made.chmod(0o755)
        made.replace(place)
        return
    for child in made.iterdir():
        child.replace(place / child.name)
    made.rmdir()


def _fitted(policy: Path, folder: str) -> str:
    """The policy under the folder's name, where that can be a name."""
    from siyu.syntax.parse import parse
    from siyu.text import Source

    text = policy.read_text(encoding="utf-8")
    parsed = parse(Source.of(policy.name, text)).file
    name = folder.replace("-", "_")
    if parsed.header is not None:
        span = parsed.header.name.span
        named = text[: span.start] + name + text[span.end :]
        again = parse(Source.of(policy.name, named))
        header = again.file.header
        if not again.diagnostics and header is not None and header.name.text == name:
            return named
    return text


def _tell(target: Path, files: list[str]) -> None:
    made = say("made {folder} with {files}", folder=str(target), files=comma().join(files))
    then = say("then change a figure in policy.siyu; README.md says which")
    commands = "\n".join(f"  {each}" for each in (f"cd {target}", *NEXT))
    click.echo(f"{told(made)}\n\n{told(say('next:'))}\n{commands}\n{told(then)}")
