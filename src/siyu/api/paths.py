"""Finding a policy's file, and reading text files of all kinds."""

from __future__ import annotations

from pathlib import Path

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
        raise _unreadable(here, error) from None
    if len(roots) == 1:
        return roots[0]
    from siyu.api import unread

    if not roots:
        raise unread.no_policy(here)
    raise unread.several_policies(here, tuple(path.name for path in roots))


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
        if path.is_dir() or (path.exists() and not path.is_file()):
            raise _no_file(path)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    if len(data) > MAX_BYTES:
        from siyu.api import unread

        raise unread.too_large(path)
    return data


def _no_file(path: Path) -> Exception:
    from siyu.api import unread

    return unread.a_folder(path) if path.is_dir() else unread.no_file(path)


def _unreadable(path: Path, error: OSError | ValueError) -> Exception:
    from siyu.api import unread

    if isinstance(error, FileNotFoundError):
        return unread.missing(path)
    return unread.unreadable(path, error)


def decoded(path: Path, data: bytes) -> str:
    """Bytes as UTF-8 text, or an error that names the line that is not."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        from siyu.api import unread

        line = data.count(b"\n", 0, error.start) + 1
        raise unread.not_text(path, line) from None


def read_text(path: Path) -> str:
    """A text file as UTF-8, or an error that says what is wrong with it."""
    return decoded(path, read_bytes(path))
