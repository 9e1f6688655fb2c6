"""Files that belong to the product but are not Python: `grammar/` and `policies/`.

In a checkout they lie in the repository root, where people read and edit them. In a wheel they lie
in `siyu/_data`. An editable install leaves copies of them in its site-packages that go stale with
the next edit; they are never looked at, because a package that lies in a checkout reads the
checkout.
"""

from pathlib import Path


def root(package: Path) -> Path:
    """The folder that holds `grammar/` and `policies/` for the package in the folder `package`."""
    checkout = package.parent.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "grammar").is_dir():
        return checkout
    return package / "_data"


ROOT = root(Path(__file__).resolve().parent)


def resource(*parts: str) -> Path:
    """Where the file or folder named by `parts` lies, as in `resource("grammar", "policy.lark")`.

    Raises FileNotFoundError when there is none: the installation is broken.
    """
    found = ROOT.joinpath(*parts)
    if not found.exists():
        raise FileNotFoundError(f"siyu is installed without its file {'/'.join(parts)}: {found}")
    return found
