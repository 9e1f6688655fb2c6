"""Reading the files of a pack: the policy, what it uses, and its schema."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from siyu.api.errors import InputFileError
from siyu.compiler import FileNotFound, Pack, Used
from siyu.diagnostics import Diagnostic
from siyu.schema import Loaded, load_schema
from siyu.syntax import ast
from siyu.syntax.parse import Parsed, parse
from siyu.text import Source

MAX_BYTES = 20_000_000
MAX_FILES = 500
START = "policy.siyu"


def policy_file(path: str | Path) -> Path:
    """The policy itself: a file, or the one file with a header in a folder."""
    here = Path(path)
    if not here.is_dir():
        return here
    if (here / START).is_file():
        return here / START
    roots = [p for p in sorted(here.glob("*.siyu")) if _has_header(p)]
    if len(roots) == 1:
        return roots[0]
    if not roots:
        raise InputFileError(f"there is no policy in `{here}`", "name a file that ends in .siyu")
    names = ", ".join(f"`{p.name}`" for p in roots)
    raise InputFileError(f"there are several policies in `{here}`: {names}", "name one of them")


def _has_header(path: Path) -> bool:
    """Whether a file begins with `policy`, looked at without parsing it."""
    try:
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return False
    first = next((w for line in lines if (w := line.strip()) and not w.startswith("#")), "")
    return first.split(" ")[0].split("\u3000")[0] in ("policy", "策略")


def read_text(path: Path) -> str:
    """A text file as UTF-8, or an error that says what is wrong with it."""
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except FileNotFoundError:
        raise InputFileError(f"there is no file `{path}`", "look at the path") from None
    except IsADirectoryError:
        raise InputFileError(f"`{path}` is a folder", "name a file in it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputFileError(f"`{path}` cannot be read: {reason}") from None
    if data is None:
        raise InputFileError(f"`{path}` is larger than 20 MB", "cut it into files and `use` them")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputFileError(
            f"`{path}` is not UTF-8 text: line {line} holds a byte that cannot be read",
            "save it with the encoding UTF-8",
        ) from None


@dataclass(slots=True)
class Reading:
    """The files of one pack, while they are being found."""

    folder: Path
    files: list[Used] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    found: list[Diagnostic] = field(default_factory=list)
    schema: Loaded | None = None
    taken: set[tuple[str, str]] = field(default_factory=set)
    parsed: dict[str, Parsed] = field(default_factory=dict)


def read_pack(path: Path) -> Pack:
    """The policy at `path` with everything that it uses. What cannot be found in the pack is a
    diagnostic at the place that names it; only the policy itself raises InputFileError."""
    reading = Reading(path.parent)
    text = read_text(path)
    _take(reading, path.name, text, "", ())
    header = reading.files[0].parsed.file.header
    if header is not None and header.schema is not None:
        _schema(reading, header)
    found = tuple(reading.found)
    return Pack(tuple(reading.files), reading.schema, reading.sources, found)


def _take(reading: Reading, name: str, text: str, prefix: str, above: tuple[str, ...]) -> None:
    """Reads one file and, depth first, what it uses; the same file under the same prefix once."""
    reading.taken.add((name, prefix))
    source = reading.sources.setdefault(name, Source.of(name, text))
    if name not in reading.parsed:
        reading.parsed[name] = parse(source)
    parsed = reading.parsed[name]
    reading.files.append(Used(name, parsed, prefix))
    for use in parsed.file.uses:
        _use(reading, use, name, prefix, (*above, name))


def _use(reading: Reading, use: ast.Use, name: str, prefix: str, above: tuple[str, ...]) -> None:
    target = _inside(reading, name, use.path)
    if target is None:
        return
    if target in above:
        problem = "is used by itself, directly or through others"
        reading.found.append(FileNotFound(use.path.span, use.path.value, problem))
        return
    inner = f"{prefix}{use.alias.text}." if use.alias else prefix
    if (target, inner) in reading.taken:
        return
    if len(reading.files) >= MAX_FILES:
        problem = f"is one file too many: a policy may use {MAX_FILES}"
        reading.found.append(FileNotFound(use.path.span, use.path.value, problem))
        return
    text = _text(reading, target, use.path)
    if text is not None:
        _take(reading, target, text, inner, above)


def _schema(reading: Reading, header: ast.Header) -> None:
    assert header.schema is not None
    target = _inside(reading, reading.files[0].path, header.schema)
    text = None if target is None else _text(reading, target, header.schema)
    if target is None or text is None:
        reading.schema = Loaded(None, ())
        return
    source = reading.sources.setdefault(target, Source.of(target, text))
    currency = header.currency.text if header.currency else ""
    reading.schema = load_schema(source, currency)


def _inside(reading: Reading, name: str, path: ast.Text) -> str | None:
    """The path of a file as seen from the pack's folder; None, reported, where it leaves it."""
    steps: list[str] = list(PurePosixPath(name).parent.parts)
    written = path.value
    outside = not written or written.startswith(("/", "~")) or "\\" in written or "\0" in written
    for step in PurePosixPath(written).parts:
        if step == "..":
            outside = outside or not steps
            steps = steps[:-1]
        elif step != ".":
            steps.append(step)
    target = "/".join(steps)
    if not outside:
        try:
            real = (reading.folder / target).resolve()
            outside = not real.is_relative_to(reading.folder.resolve())
        except (OSError, ValueError, RuntimeError):
            outside = True
    if outside:
        problem = "lies outside the policy's folder"
        reading.found.append(FileNotFound(path.span, written, problem))
        return None
    return target


def _text(reading: Reading, target: str, path: ast.Text) -> str | None:
    if target in reading.sources:
        return reading.sources[target].text
    try:
        return read_text(reading.folder / target)
    except InputFileError as error:
        missing = "there is no file" in error.message
        problem = "is not there" if missing else f"cannot be read ({error.message})"
        reading.found.append(FileNotFound(path.span, path.value, problem))
        return None
