"""What the pages point at is there: files, sections, commands."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from click import Context

from siyu.decision.model import By
from siyu.faces.cli import command
from tests.docs.fences import ROOT
from tests.faces.shell import siyu

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


def _links() -> list[tuple[Path, str]]:
    return [
        (page, link)
        for page in PAGES
        for link in dict.fromkeys(LINK.findall(FENCED.sub("", page.read_text("utf-8"))))
    ]


def _anchors(page: Path) -> set[str]:
    """The sections of a page, as links name them."""
    titles = re.findall(r"^#+ (.+)$", FENCED.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for at, link in _links():
        if at != page:
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


def _commands() -> list[tuple[str, tuple[str, ...]]]:
    """The commands that the pages name, each with its options."""
    names = command.list_commands(Context(command))
    found: dict[tuple[str, tuple[str, ...]], None] = {}
    for page in (ROOT / "README.md", ROOT / "docs" / "language.md"):
        text = page.read_text("utf-8")
        blocks = "\n".join(re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))
        shown = re.findall(r"`(siyu [^`\n]+)`", text)
        shown += re.findall(r"^siyu .+$", blocks, re.MULTILINE)
        for line in shown:
            words = line.split()
            if words[1] in names:
                found[words[1], tuple(w for w in words if w.startswith("-"))] = None
            else:
                assert words[1].startswith("-") or words[1] == "…", line
    return list(found)


@pytest.mark.parametrize(("name", "options"), _commands(), ids=str)
def test_a_command_has_the_options_that_are_shown(name: str, options: tuple[str, ...]) -> None:
    ran = siyu(name, "--help")
    assert ran.code == 0
    for option in options:
        assert re.search(rf"(?<![\w-]){re.escape(option)}\b", ran.out), option


def test_the_pages_name_most_commands() -> None:
    named = {name for name, _ in _commands()}
    assert {"init", "check", "fmt", "test", "decide", "explain"} <= named


@pytest.mark.parametrize(
    "section", ["What clauses begin with", "Inside clauses", "Choices", "Operators", "Aggregates"]
)
def test_the_language_page_tells_every_keyword(section: str) -> None:
    listed = (ROOT / "docs" / "reference" / "keywords.md").read_text("utf-8")
    told = (ROOT / "docs" / "language.md").read_text("utf-8")
    rows = listed.partition(f"## {section}\n")[2].partition("\n## ")[0]
    words = re.findall(r"^\| `([^`]+)`", rows, re.MULTILINE)
    assert len(words) > 5
    assert [word for word in words if not re.search(rf"\b{word}\b", told)] == []


def test_the_language_page_tells_all_that_can_stop_a_rule() -> None:
    told = (ROOT / "docs" / "language.md").read_text("utf-8").partition("## 10. Decisions")[2]
    assert [by for by in get_args(By) if f"`{by}`" not in told] == []


def test_the_targets_of_make_that_the_readme_names_exist() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    targets = set(re.findall(r"^make ([\w-]+)|`make ([\w-]+)`", text, re.MULTILINE))
    made = (ROOT / "Makefile").read_text("utf-8")
    for target in {name for pair in targets for name in pair if name}:
        assert re.search(rf"^{target}:", made, re.MULTILINE), target


def test_the_first_five_minutes_go_as_the_readme_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "README.md").read_text("utf-8").partition("## The first five minutes")[2]
    block = text.partition("```sh\n")[2].partition("```")[0]
    monkeypatch.chdir(tmp_path)
    ran = []
    for line in re.findall(r"^siyu .+$", block, re.MULTILINE):
        first, _, then = line.partition(" && ")
        result = siyu(*first.split()[1:])
        assert result.code == 0, (first, result.err)
        ran.append(first.split()[1])
        if then:
            monkeypatch.chdir(tmp_path / then.removeprefix("cd "))
    assert ran == ["init", "check", "test", "decide", "explain"]


def test_the_python_of_the_readme_does_what_it_says() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    block = text.partition("```python\n")[2].partition("```")[0]
    customers = ROOT / "policies" / "retail_membership" / "customers.jsonl"
    line = next(line for line in customers.read_text("utf-8").splitlines() if '"M02"' in line)
    request = json.loads(line, parse_float=Decimal)
    written = '{"customer": {...}, "as_of": "2026-11-21T10:00:00+08:00"}'
    assert written in block
    shown = block.replace(written, "request").replace("policies/", f"{ROOT.as_posix()}/policies/")
    names: dict[str, Any] = {"request": request, "requests": [request]}
    exec(shown, names)
    assert names["decision"].tiers["member_level"]["level"] == "gold"
    assert names["outcome"].to_json() == names["decision"].to_json()
