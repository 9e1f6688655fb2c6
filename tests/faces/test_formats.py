"""What `siyu check` tells GitHub and whoever reads SARIF."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from siyu.diagnostics import Diagnostic
from siyu.faces.formats import plain
from tests.faces.shell import HEAD, POLICY, pack, siyu

WRONG = (
    HEAD
    + 'segment 熟客 "Loyal"\n  when 会员 is known and spendd >= 5 yuan\n\n'
    + "segment a\n  when spend >= 5\n\nsegment a\n  when spend >= 6 yuan\n\n"
    + "segment b\n  when spend >=\n    30 days\n"
)


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Workflow commands as GitHub reads them: name, properties, message."""
    found = []
    for line in text.splitlines():
        match = re.fullmatch(r"::(\w+)(?: ([^:]*))?::(.*)", line)
        assert match is not None, line
        name, written, message = match.groups()
        pairs = dict(pair.split("=", 1) for pair in (written or "").split(",") if pair)
        found.append((name, {k: unquote(v) for k, v in pairs.items()}, unquote(message)))
    return found


def test_github_shows_findings_at_their_lines(here: Path) -> None:
    pack(here / "a,b: 5%", policy=WRONG)
    ran = siyu("check", "--format", "github", ".")
    assert (ran.code, ran.err) == (1, "")
    found = commands(ran.out)
    assert {(name, of["file"]) for name, of, _ in found} == {("error", "a,b: 5%/policy.siyu")}
    first, second = found[:2]
    assert first[1] | {"file": ""} == {
        "file": "", "title": "E0303", "line": "8", "endLine": "8", "col": "8", "endColumn": "10",
    }  # fmt: skip
    assert first[2].split("\n")[0] == "nothing is called `会员`"
    assert first[2].endswith("read more: siyu explain E0303")
    assert second[1]["col"] == "24"
    longer = next(of for _, of, _ in found if of["line"] != of["endLine"])
    assert not {"col", "endColumn"} & longer.keys()


def test_github_is_told_of_what_could_not_be_read_and_of_remarks(here: Path) -> None:
    pack(here, policy=POLICY, part="segment big\n  when spend >= 5 yuan\n")
    (here / "binary.siyu").write_bytes(b"\xff\xfe\x00")
    found = commands(siyu("check", "--format", "github", ".").out)
    assert [(name, of) for name, of, _ in found] == [
        ("error", {"file": "binary.siyu"}),
        ("notice", {}),
    ]
    assert all(message for _, _, message in found)


def test_nothing_is_said_to_github_of_what_is_right(here: Path) -> None:
    pack(here, policy=POLICY)
    ran = siyu("check", "--format", "github", ".")
    assert (ran.code, ran.out) == (0, "")


# ---------------------------------------------------------------- SARIF


def run_of(*args: str) -> dict[str, Any]:
    log = json.loads(siyu("check", "--format", "sarif", *args).out)
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif_has_a_rule_for_every_code_found(here: Path) -> None:
    pack(here, policy=WRONG)
    run = run_of(".")
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({r["ruleId"] for r in run["results"]})
    for result in run["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["defaultConfiguration"]["level"] == result["level"]
        assert rule["shortDescription"]["text"] and rule["fullDescription"]["text"]
        assert "```siyu\n" in rule["help"]["markdown"]


def test_sarif_places_are_those_of_the_source(here: Path) -> None:
    pack(here / "中 文", policy=WRONG)
    run = run_of("中 文")
    assert run["columnKind"] == "unicodeCodePoints"
    lines = WRONG.split("\n")
    words = []
    for result in run["results"]:
        (place,) = result["locations"]
        artifact = place["physicalLocation"]["artifactLocation"]
        assert artifact["uriBaseId"] == "%SRCROOT%"
        assert unquote(artifact["uri"]) == "中 文/policy.siyu"
        assert artifact["uri"].isascii() and " " not in artifact["uri"]
        region = place["physicalLocation"]["region"]
        if region["startLine"] == region["endLine"]:
            line = lines[region["startLine"] - 1]
            words.append(line[region["startColumn"] - 1 : region["endColumn"] - 1])
    assert words[:2] == ["会员", "spendd"]


def test_sarif_notes_are_related_locations(here: Path) -> None:
    pack(here, policy=WRONG)
    (twice,) = [r for r in run_of(".")["results"] if r["ruleId"] == "E0003"]
    (note,) = twice["relatedLocations"]
    assert note["id"] == 1
    assert note["message"]["text"] == "it stands here already"
    assert (
        note["physicalLocation"]["region"]["startLine"] == WRONG.split("\n").index("segment a") + 1
    )


def test_sarif_tells_what_could_not_be_read(here: Path) -> None:
    pack(here, policy=POLICY)
    assert run_of(".")["invocations"] == [
        {"executionSuccessful": True, "toolExecutionNotifications": []}
    ]
    (here / "binary.siyu").write_bytes(b"\xff\xfe\x00")
    (invocation,) = run_of(".")["invocations"]
    assert not invocation["executionSuccessful"]
    (notice,) = invocation["toolExecutionNotifications"]
    (place,) = notice["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "binary.siyu"
    assert notice["message"]["text"]


def test_an_absolute_path_is_a_file_address(here: Path) -> None:
    pack(here, policy=WRONG)
    first = run_of(str(here))["results"][0]["locations"][0]["physicalLocation"]
    assert first["artifactLocation"] == {"uri": (here / "policy.siyu").as_uri()}


def test_findings_in_chinese(here: Path) -> None:
    pack(here, policy=WRONG)
    run = run_of("--lang", "zh", ".")
    assert run["language"] == "zh-CN"
    assert "会员" in run["results"][0]["message"]["text"]


def test_templates_without_their_facts() -> None:
    assert plain(Diagnostic.message) == ""
    assert plain("add `{{type: text}}` to {where}") == "add `{type: text}` to …"
