"""Finding a policy's file, and reading text files of all kinds."""

from __future__ import annotations

from pathlib import Path

from siyu.api.errors import InputFileError

MAX_BYTES = 20_000_000
START = "policy.siyu"


def policy_file(path: str | Path) -> Path:
    """The policy itself: a file, or the one file with a header in a folder."""
    here = Path(path)
    try:
        if not here.is_dir():
            return here
        if (here / START).is_file():
            return here / START
        roots = [p for p in sorted(here.glob("*.siyu")) if _has_header(p)]
    except (OSError, ValueError) as error:
        raise InputFileError(f"`{here}` cannot be read: {_reason(error)}") from None
    if len(roots) == 1:
        return roots[0]
    if not roots:
        raise InputFileError(f"there is no policy in `{here}`", "name a file that ends in .siyu")
    names = ", ".join(f"`{p.name}`" for p in roots)
    raise InputFileError(f"there are several policies in `{here}`: {names}", "name one of them")


def _has_header(path: Path) -> bool:
    """Whether a file begins with `policy`, looked at without parsing it."""
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return False
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return False
    first = next((w for line in lines if (w := line.strip()) and not w.startswith("#")), "")
    return first.split(" ")[0].split("\u3000")[0] in ("policy", "策略")


def read_bytes(path: Path) -> bytes:
    """A file's bytes, or an error that says why it cannot be read.

    Only files are read, no devices and no pipes, and none that is larger than 20 MB.
    """
    try:
        if path.is_dir():
            raise InputFileError(f"`{path}` is a folder", "name a file in it")
        if path.exists() and not path.is_file():
            raise InputFileError(f"`{path}` is no file", "name a text file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputFileError(f"there is no file `{path}`", "look at the path") from None
    except (OSError, ValueError) as error:
        raise InputFileError(f"`{path}` cannot be read: {_reason(error)}") from None
    if len(data) > MAX_BYTES:
        raise InputFileError(f"`{path}` is larger than 20 MB", "cut it into files and `use` them")
    return data


def decoded(path: Path, data: bytes) -> str:
    """Bytes as UTF-8 text, or an error that names the line that is not."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputFileError(
            f"`{path}` is not UTF-8 text: line {line} holds a byte that cannot be read",
            "save it with the encoding UTF-8",
        ) from None


def read_text(path: Path) -> str:
    """A text file as UTF-8, or an error that says what is wrong with it."""
    return decoded(path, read_bytes(path))


def _reason(error: OSError | ValueError) -> str:
    return getattr(error, "strerror", None) or str(error)
