"""Keeps the catalogues in step with the program: run it after changing what people are told.

    python docs/translate.py            new texts into src/siyu/locale/zh/*.po (empty, to be
                                        translated by hand), gone ones out of them, siyu.mo anew
    python docs/translate.py --only A   the same for the catalogue A.po alone
    python docs/translate.py --check    exit 1 when a text has no translation or siyu.mo is stale

There is one catalogue for each part of the code. Texts are the literals of `say` and `say_n`, the
words of diagnostics, the pages of kinds and functions, and the help of the commands.
"""

from __future__ import annotations

import ast
import datetime as dt
import io
import re
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from siyu.faces.catalogue import classes
from siyu.faces.cli import COMMANDS, command
from siyu.faces.spoken import written
from siyu.kinds import KINDS
from siyu.schema.published import file_schema
from siyu.semantics.functions import AGGREGATE_ENTRIES, BUILT_INS

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "siyu"
ZH = PACKAGE / "locale" / "zh"
MO = ZH / "LC_MESSAGES" / "siyu.mo"
HEADER = """\
# What siyu tells people, in Chinese. `msgid` is the English text of the code; write `msgstr`,
# then run `python docs/translate.py`. `{names}` and text in backticks stay as they are.
"""

CLICKS = ("siyu/faces/spoken.py",)  # texts as click has them
NO_DATE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # the same texts make the same bytes
Text = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """A text with the part of the code it belongs to and the file it stands in."""

    area: str
    file: str
    text: Text


# ---------------------------------------------------------------- what there is to translate


def texts() -> Iterator[Found]:
    """Every text that people are told, in a fixed order."""
    yield from _said()
    for each in classes():
        area = each.__module__.split(".")[1]
        file = each.__module__.replace(".", "/") + ".py"
        for words in (each.message, each.label, each.help, each.page.strip()):
            if translatable(words):
                yield Found(area, file, words)
    for kind in KINDS:
        yield Found("kinds", "siyu/kinds", kind.page.strip())
    for function in (*BUILT_INS.values(), *AGGREGATE_ENTRIES):
        yield Found("functions", "siyu/semantics/functions.py", function.doc)
    for text in _setting_texts():
        yield Found("schema", "siyu/schema/published.py", text)
    for text in help_texts():
        yield Found("commands", "siyu/faces", written(text))


def translatable(template: str) -> bool:
    """Whether a template has words of its own.

    >>> translatable("{hint}"), translatable("no `{name}`"), translatable("`{name}`: {count}")
    (False, True, False)
    """
    pieces = (literal for literal, *_ in string.Formatter().parse(template))
    outside = re.sub(r"`[^`]*`", "", "".join(piece or "" for piece in pieces))
    return any(char.isalpha() for char in outside)


def _said() -> Iterator[Found]:
    """Literals of calls of `say` and `say_n`."""
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE)
        area = inside.parts[0].removesuffix(".py")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not _speaks(tree) and area != "words":
            continue
        for node in ast.walk(tree):
            text = _literal(node)
            if text and (isinstance(text, tuple) or translatable(text)):
                yield Found(area, f"siyu/{inside.as_posix()}", text)


def _speaks(tree: ast.Module) -> bool:
    """Whether `say` is that of `siyu.words` in a module."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "siyu.words"
        and any(name.name in ("say", "say_n") for name in node.names)
        for node in ast.walk(tree)
    )


def _literal(node: ast.AST) -> Text | None:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return None
    count = {"say": 1, "say_n": 2}.get(node.func.id)
    if count is None:
        return None
    words = []
    for arg in node.args[:count]:
        if not isinstance(arg, ast.Constant) or not isinstance(arg.value, str):
            raise SystemExit(
                f"line {node.lineno}: `{node.func.id}` takes literals only: {ast.unparse(node)}"
            )
        words.append(arg.value)
    return words[0] if count == 1 else (words[0], words[1])


def _setting_texts() -> Iterator[str]:
    """The descriptions of all settings of schema files."""
    whole = file_schema()
    for part in (whole, *whole["$defs"].values()):
        yield part["description"]
        yield from (of["description"] for of in part["properties"].values())


def help_texts() -> Iterator[str]:
    """The help of all commands and options, as click is given it."""
    top = click.Context(command, info_name="siyu")
    yield from (words for _, words in COMMANDS.values())
    waiting: list[click.Command] = [command]
    for name in COMMANDS:
        found = command.get_command(top, name)
        assert found is not None
        waiting.append(found)
        if isinstance(found, click.Group):
            waiting.extend(found.commands.values())
    for each in waiting:
        yield from (words for words in (each.help, each.epilog) if words)
        for param in each.params:
            if isinstance(param, click.Option) and param.help:
                yield param.help


# ---------------------------------------------------------------- the catalogues


def wanted() -> dict[str, dict[Text, set[str]]]:
    """The texts of each area, with the files they stand in; a text stands in one area only."""
    areas: dict[str, dict[Text, set[str]]] = {}
    home: dict[Text, str] = {}
    whole: dict[str, Text] = {}
    for found in texts():
        first = found.text if isinstance(found.text, str) else found.text[0]
        if whole.setdefault(first, found.text) != found.text and found.file not in CLICKS:
            raise SystemExit(
                f"{found.file}: catalogues know a text by its singular, and two differ in the "
                f"plural: {whole[first]!r} and {found.text!r}"
            )
        area = home.setdefault(found.text, found.area)
        areas.setdefault(area, {}).setdefault(found.text, set()).add(found.file)
    return areas


def updated(area: str, needed: dict[Text, set[str]], known: dict[Text, Message]) -> Catalog:
    """A catalogue with just the texts needed, with what is known of them."""
    catalogue = Catalog("zh", header_comment=HEADER, fuzzy=False)
    for text, files in needed.items():
        old = known.get(text)
        places = [(file, 1) for file in sorted(files)]
        catalogue.add(text, old.string if old else None, locations=places,
                      user_comments=old.user_comments if old else ())  # fmt: skip
    return catalogue


def kept() -> dict[Text, Message]:
    """What is translated already, in whatever area."""
    found: dict[Text, Message] = {}
    MO.parent.mkdir(parents=True, exist_ok=True)
    for path in sorted(ZH.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh", abort_invalid=True):
                if message.id and (message.id not in found or is_said(message)):
                    found[message.id] = message
    return found


def is_said(message: Message) -> bool:
    """Whether a message has its translation."""
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings) and not message.fuzzy


def po_bytes(catalogue: Catalog) -> bytes:
    """A catalogue as it lies in its file: no dates, no line numbers."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, omit_header=False, include_lineno=False)
    lines = out.getvalue().decode().split("\n")
    dated = ("\"POT-Creation-Date", "\"PO-Revision-Date", "\"Generated-By", "\"Last-Translator",
             "\"Language-Team", "\"Project-Id-Version", "\"Report-Msgid")  # fmt: skip
    return "\n".join(line for line in lines if not line.startswith(dated)).encode()


def mo_bytes(catalogues: list[Catalog]) -> bytes:
    """All catalogues as one, as the program reads it."""
    whole = Catalog("zh", fuzzy=False, creation_date=NO_DATE, revision_date=NO_DATE)
    for catalogue in catalogues:
        for message in catalogue:
            if message.id and is_said(message):
                whole.add(message.id, message.string)
    out = io.BytesIO()
    write_mo(out, whole)
    return out.getvalue()


def main(args: list[str]) -> int:
    """Updates the catalogues, or with --check says what is missing."""
    check = "--check" in args
    only = args[args.index("--only") + 1] if "--only" in args else None
    known = kept()
    catalogues = {area: updated(area, needed, known) for area, needed in wanted().items()}
    missing = [
        (area, message.id)
        for area, catalogue in sorted(catalogues.items())
        for message in catalogue
        if message.id and not is_said(message)
    ]
    files = {ZH / f"{area}.po": po_bytes(each) for area, each in catalogues.items()}
    files[MO] = mo_bytes(list(catalogues.values()))
    gone = [path for path in ZH.glob("*.po") if path not in files and only is None]
    stale = [path for path, data in files.items() if not path.exists() or path.read_bytes() != data]
    if only is not None:
        stale = [path for path in stale if path in (ZH / f"{only}.po", MO)]
        missing = [each for each in missing if each[0] == only]
    if not check:
        for path in gone:
            path.unlink()
        for path in stale:
            path.write_bytes(files[path])
    for path in sorted((*stale, *gone)):
        sys.stdout.write(f"{'stale' if check else 'written'}: {path.relative_to(ROOT)}\n")
    for area, text in missing:
        sys.stdout.write(f"not translated ({area}): {text!r}\n")
    return 1 if missing or (check and (stale or gone)) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
