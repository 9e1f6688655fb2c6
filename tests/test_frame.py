"""The frame holds: what is shipped, what is kept out of the repository, which way imports point."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

import siyu
from siyu import resources

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = tuple(
    line
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
)


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """What the command prints; fails with everything it said when it ends badly."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


# --- The wheel holds all that the package reads at run time ------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the checkout, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    (archive,) = folder.glob("*.whl")
    unpacked = folder / "unpacked"
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(unpacked)
    return unpacked


def files_below(folder: Path) -> set[str]:
    kept = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in kept if "__pycache__" not in path.parts}


@pytest.mark.parametrize("folder", ["grammar", "policies"])
def test_wheel_carries_the_files_that_are_not_python(wheel: Path, folder: str) -> None:
    in_checkout = files_below(ROOT / folder)
    assert in_checkout
    assert files_below(wheel / "siyu" / "_data" / folder) == in_checkout


def test_wheel_carries_the_package_and_nothing_beside_it(wheel: Path) -> None:
    packaged = {name for name in files_below(wheel / "siyu") if not name.startswith("_data/")}
    # What the report's charts are built from is fetched beside them, and is never shipped.
    kept = {name for name in files_below(ROOT / "src" / "siyu") if "/node_modules/" not in name}
    assert packaged == kept
    assert "population/report/web/charts.js" in packaged
    assert {path.name for path in wheel.iterdir()} == {
        "siyu",
        f"siyu-{siyu.__version__}.dist-info",
    }


def test_installed_package_reads_its_own_files(wheel: Path) -> None:
    found = run(
        sys.executable,
        *("-S", "-c", "from siyu.resources import resource; print(resource('grammar'))"),
        cwd=wheel,
    )
    assert Path(found.strip()) == (wheel / "siyu" / "_data" / "grammar").resolve()


def test_checkout_reads_the_files_people_edit() -> None:
    assert resources.root(ROOT / "src" / "siyu") == ROOT
    assert resources.resource("policies") == ROOT / "policies"


def test_checkout_wins_over_stale_copies(tmp_path: Path) -> None:
    package = tmp_path / "src" / "siyu"
    (package / "_data" / "grammar").mkdir(parents=True)
    assert resources.root(package) == package / "_data"
    (tmp_path / "grammar").mkdir()
    (tmp_path / "pyproject.toml").touch()
    assert resources.root(package) == tmp_path


def test_a_missing_file_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"without its file grammar/no\.lark"):
        resources.resource("grammar", "no.lark")


# --- One version, a light import ---------------------------------------------------------------


def test_version_agrees() -> None:
    assert metadata.version("siyu") == siyu.__version__


def test_importing_the_package_imports_nothing_heavy() -> None:
    loaded = set(run(sys.executable, "-c", "import sys, siyu; print(*sys.modules)").split())
    assert {name for name in loaded if name.startswith("siyu")} == {"siyu"}
    heavy = {"click", "lark", "msgspec", "pydantic", "rich", "ruamel", "dataclasses", "inspect"}
    assert heavy & loaded == set()


@pytest.mark.parametrize("name", siyu.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(siyu, name) is not None
    assert name in dir(siyu)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        getattr(siyu, "lod")  # noqa: B009 - a name that mypy would refuse


# --- What is kept in the repository, and what is kept out --------------------------------------

FLOOR = {
    ".ci",
    ".gitignore",
    "LICENSE",
    "Makefile",
    "README.md",
    "benchmarks",
    "constraints.txt",
    "docs",
    "examples",
    "grammar",
    "policies",
    "pyproject.toml",
    "src",
    "tests",
}

# Written in pieces, so that this file may be looked at too.
NOT_OURS = {
    "a package registry": rf"\b(?:{'py'}pi|files\.python{'hosted'}|registry\.np{'mjs'})\.org\b",
    "where packages were found": rf"\b(?:{'index'}-url|{'find'}-links|{'trusted'}-host)\b",
    "a path of one machine": r"(?<![\w.*)}\]/~-])/(?:home|root|work|Users|opt|mnt)/\w",
}


def tracked() -> tuple[str, ...]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone: nothing says which files belong to the repository")
    return tuple(run("git", "ls-files", "-z").rstrip("\0").split("\0"))


def test_top_level_is_as_described() -> None:
    assert {name.partition("/")[0] for name in tracked()} == FLOOR


@pytest.mark.parametrize("what", NOT_OURS)
def test_no_tracked_file_tells_where_it_was_made(what: str) -> None:
    pattern = re.compile(NOT_OURS[what])
    told = [
        f"{name}:{number}: {line.strip()}"
        for name in tracked()
        if (ROOT / name).is_file()
        for number, line in numbered_lines(ROOT / name)
        if pattern.search(line)
    ]
    assert told == []


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    return enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), start=1)


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a package registry", f"url = https://{'py'}pi.org/simple"),
        ("where packages were found", f"--{'index'}-url https://host"),
        ("a path of one machine", 'open("/' + 'home/me/customers.jsonl")'),
    ],
)
def test_the_patterns_find_what_they_look_for(what: str, line: str) -> None:
    assert re.search(NOT_OURS[what], line)


def test_constraints_pin_versions_and_name_no_host() -> None:
    assert [pin for pin in PINS if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", pin)] == []
    assert list(PINS) == sorted(PINS, key=lambda pin: pin.partition("==")[0])


def test_every_requirement_is_pinned() -> None:
    project = PROJECT["project"]
    asked = [*project["dependencies"], *PROJECT["build-system"]["requires"]]
    for extra in project["optional-dependencies"].values():
        asked += extra
    pinned = {pin.partition("==")[0] for pin in PINS}
    names = {re.split(r"[<>=!~ \[;]", line)[0].replace(".", "-") for line in asked}
    assert names - pinned == {PROJECT["project"]["name"]}  # extras that take in extras


# --- Imports point one way, and the pure floors are pure ---------------------------------------


def test_import_contracts_are_kept() -> None:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    said = run(sys.executable, "-c", command, "--no-cache", "--no-logo")
    assert f"Contracts: {len(PROJECT['tool']['importlinter']['contracts'])} kept, 0 broken." in said


# What an import does not show: calls that read the clock, a file or the terminal.
IMPURE_NAMES = {"open", "input", "print", "breakpoint"}
IMPURE_METHODS = {"read_text", "read_bytes", "write_text", "write_bytes"}
CLOCKS = re.compile(r"\b(?:dt|date|datetime)\.(?:now|utcnow|today)$")
READS_THE_GRAMMAR = "syntax/"


def impure_calls(source: str) -> list[str]:
    calls = (node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return [ast.unparse(call) for call in calls if is_impure(call)]


def is_impure(call: ast.expr) -> bool:
    match call:
        case ast.Name(id=name):
            return name in IMPURE_NAMES
        case ast.Attribute(attr=name):
            return name in IMPURE_METHODS or bool(CLOCKS.search(ast.unparse(call)))
        case _:
            return False


def pure_files() -> list[Path]:
    source = ROOT / "src"
    (contract,) = (
        each
        for each in PROJECT["tool"]["importlinter"]["contracts"]
        if each["name"].startswith("Up to the evaluators nothing")
    )
    found: list[Path] = []
    for module in contract["source_modules"]:
        place = source / module.replace(".", "/")
        found += place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")]
    return sorted(found)


@pytest.mark.parametrize("path", pure_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_pure_floors_call_nothing_impure(path: Path) -> None:
    found = impure_calls(path.read_text(encoding="utf-8"))
    if path.is_relative_to(ROOT / "src" / "siyu" / READS_THE_GRAMMAR):
        found = [call for call in found if not call.endswith(".read_text")]
    assert found == []


def test_impure_calls_are_seen() -> None:
    source = "open('f'); datetime.now(); dt.date.today(); path.read_text()"
    assert impure_calls(source) == ["open", "datetime.now", "dt.date.today", "path.read_text"]
    assert impure_calls("opening('f'); clock.now(); datetime.now; 'print()'") == []
