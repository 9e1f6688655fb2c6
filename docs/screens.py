"""Draws the terminal screens of the README: runs the commands in a terminal, keeps what they print.

python docs/screens.py            all of them, where they belong
python docs/screens.py why_not    these only

The pages of an explanation and of a run are drawn by Chromium, where there is one.
"""

from __future__ import annotations

import html
import io
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
WIDTH = 100
COLUMN = 12.2  # of the pictures
WIDE = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]"  # what takes two columns


@dataclass(frozen=True, slots=True)
class Screen:
    """A picture: its file's name, and the commands typed, in a new copy of a pack."""

    name: str
    commands: tuple[str, ...]
    edit: tuple[str, str] | None = None  # a change to the policy before
    longest: int = 60  # lines kept
    begin: str = ""  # the line to begin with holds this
    home: str = ""  # run in this folder of the repository, not in a copy
    pack: str = "policies/starter"  # what is copied; an unedited copy lies beside, in `in_force`
    edited: str = "policy.siyu"
    beside: bool = False  # the picture lies in the example's folder, not in docs/images


SCREENS = (
    Screen("check", ("siyu check .",), ("recency > 90 days", "recensy > 90 days")),
    Screen(
        "test",
        ("siyu test .",),
        ("  expect welcome_back\n", "  expect no welcome_back\n"),
        edited="tests.siyu",
    ),
    Screen("coverage", ("siyu test . --coverage",), longest=46),
    Screen(
        "explain",
        ("siyu explain policy.siyu --customers customers.jsonl --customer M2 welcome_back",),
    ),
    Screen(
        "why_not",
        (
            "siyu explain policy.siyu --customers customers.jsonl --customer M4 "
            "--why-not welcome_back_message",
        ),
    ),
    Screen(
        "what_if",
        (
            "siyu explain policy.siyu --customers customers.jsonl --customer M5 member_level "
            "--what-if --lang zh",
        ),
    ),
    Screen("decide", ("siyu decide policy.siyu --customers customers.jsonl -o decisions.jsonl",)),
    Screen(
        "run",
        (
            "mkdir out; siyu sample policy.siyu --customers 20000 -o data",
            "siyu run policy.siyu --sources data --as-of 2026-11-21 -o out/2026-11-21",
        ),
    ),
    Screen(
        "demo",
        ("python examples/complete_journey/demo.py",),
        longest=45,
        begin="Everyone, in October",
        home=".",
    ),
    Screen("fmt", ("siyu fmt --keywords zh policy.siyu", "sed -n 24,48p policy.siyu")),
    Screen("service", ("python ask.py 2> /dev/null",), home="examples/service", beside=True),
    Screen(
        "change",
        ("./check.sh ../in_force",),
        ("= 500 yuan", "= 600 yuan"),
        pack="examples/ci",
        edited="policies/members/levels.siyu",
        beside=True,
    ),
    Screen(
        "night",
        (
            "siyu run policy.siyu --as-of 2026-08-08T02:00 -o .cache/out/night --force --lang zh",
            "siyu run policy.siyu --as-of 2026-08-09T02:00 --events 订单支付,到店,推荐完成 "
            "--allocation .cache/out/night/allocation.yaml -o .cache/out/day --force --lang zh",
        ),
        home="examples/tea_shop",  # where demo.py has run before
        beside=True,
    ),
    Screen(
        "why",
        (
            "siyu explain policy.siyu --run .cache/out/night --customer T00082 沉睡唤醒 --lang zh",
            "siyu explain policy.siyu --run .cache/out/night --customer T00017 会员等级 --what-if "
            "--level short --lang zh",
        ),
        home="examples/tea_shop",
        beside=True,
    ),
)
TEA = "examples/tea_shop"
RUNS = "examples/complete_journey/.cache/out"  # what the demo has left
# The pages: the command that writes each, and the window it is looked at in.
PAGES = {
    "page": (
        "siyu explain policies/retail_membership/tour.siyu "
        "--customers policies/retail_membership/customers.jsonl "
        "--calibration policies/retail_membership/calibration.yaml --customer M06 --lang zh "
        "member_level --what-if",
        "960,1250",
    ),
    "report": (f"siyu report {RUNS}/2018-01-01 --against {RUNS}/2017-10-01", "1100,1500"),
    f"{TEA}/meeting": (
        f"siyu report {TEA}/.cache/out/night --sales 年消费 --orders 年单数 --lang zh",
        "1100,1500",
    ),
}


def main(wanted: list[str]) -> None:
    IMAGES.mkdir(exist_ok=True)
    for screen in SCREENS:
        if wanted and screen.name not in wanted:
            continue
        folder = ROOT / (screen.home or screen.pack) if screen.beside else IMAGES
        path = folder / f"{screen.name}.svg"
        path.write_text(drawn(screen), encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    for name, (command, size) in PAGES.items():
        if not wanted or name.rpartition("/")[2] in wanted:
            folder = ROOT if "/" in name else IMAGES  # a path is seen from the repository
            draw_page(command, size, folder / f"{name}.png")


def drawn(screen: Screen) -> str:
    """The screen as SVG."""
    with tempfile.TemporaryDirectory() as folder:
        pack = Path(folder) / "my_members"
        for copy in (pack, pack.with_name("in_force")):
            shutil.copytree(ROOT / screen.pack, copy, ignore=shutil.ignore_patterns("build"))
        if screen.edit is not None:
            policy = pack / screen.edited
            before, after = screen.edit
            text = policy.read_text(encoding="utf-8")
            assert before in text, f"{screen.name}: {screen.pack} no longer holds {before!r}"
            policy.write_text(text.replace(before, after, 1), encoding="utf-8")
        shown = Text()
        for command in screen.commands:
            shown.append("$ ", style="bold green")
            shown.append(command + "\n", style="bold")
            lines = (
                run(command, ROOT / screen.home if screen.home else pack).rstrip("\n").split("\n")
            )
            first = next((n for n, line in enumerate(lines) if screen.begin in line), 0)
            kept = lines[first : first + screen.longest]
            shown.append_text(Text.from_ansi("\n".join(kept)))
            shown.append("\n")
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(shown)
    picture = _spread(console.export_svg(title="siyu", unique_id=screen.name))
    # Some viewers fold leading spaces unless they are told not to.
    return picture.replace("<svg ", '<svg xml:space="preserve" ', 1)


def _spread(picture: str) -> str:
    """The picture with texts where their columns are: wide characters take two. They come out of
    another font, so that each run of them, and each run between, is a text of its own."""

    def placed(found: re.Match[str]) -> str:
        before, at, between, behind, text = found.groups()
        column, runs = float(at), []
        for run in re.findall(f"{WIDE}+|(?:(?!{WIDE}).)+", html.unescape(text)):
            length = COLUMN * cell_len(run)
            said = html.escape(run).replace("\xa0", "&#160;")
            place = f'x="{column:g}"{between}textLength="{length:g}"'
            runs.append(f"<text {before}{place}{behind}>{said}</text>")
            column += length
        return "".join(runs)

    return re.sub(
        r'<text ([^>]*?)x="([\d.]+)"([^>]*?)textLength="[\d.]+"([^>]*)>([^<]+)</text>',
        placed,
        picture,
    )


def draw_page(written_by: str, window: str, path: Path) -> None:
    """A page in a browser."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.stdout.write(f"{path.relative_to(ROOT)} is left as it is: there is no Chromium\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        run(f"{written_by} -o {page}", ROOT)
        size = f"--window-size={window}"
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", size]
        command = [browser, *options, f"--screenshot={path}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True)
    sys.stdout.write(f"{path.relative_to(ROOT)}\n")


def run(command: str, folder: Path) -> str:
    """What a command prints in a terminal."""
    own, theirs = pty.openpty()
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": tools, "COLUMNS": str(WIDTH), "LINES": "60",
           "TERM": "xterm-256color", "SIYU_CACHE_DIR": ""}  # fmt: skip
    env.pop("NO_COLOR", None)
    process = subprocess.Popen(
        ["sh", "-c", command], cwd=folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    pieces = []
    while process.poll() is None or select.select([own], [], [], 0.2)[0]:
        if select.select([own], [], [], 0.2)[0]:
            try:
                piece = os.read(own, 65536)
            except OSError:
                break
            if not piece:
                break
            pieces.append(piece)
    os.close(own)
    return _left(b"".join(pieces).decode("utf-8", errors="replace").replace("\r\n", "\n"))


def _left(written: str) -> str:
    """What stays on the screen: bars of progress are written over, line by line.

    >>> _left("half\\n\\x1b[1A\\x1b[2Kdone\\n")
    'done\\n'
    """
    lines, at = [""], 0
    for piece in re.split(r"(\n|\r|\x1b\[2K|\x1b\[1A|\x1b\[\?25[lh])", written):
        match piece:
            case "\n":
                at += 1
                lines += [""] * (at - len(lines) + 1)
            case "\x1b[1A":
                at = max(at - 1, 0)
            case "\x1b[2K":
                lines[at] = ""
            case "\r" | "\x1b[?25l" | "\x1b[?25h":
                pass
            case _:
                lines[at] += piece
    return "\n".join(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
