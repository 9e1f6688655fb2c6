"""`siyu diagnose` and `siyu publish`: tables for people, a stable shape for machines."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.faces.shell import siyu

STARTER = Path(__file__).parents[2] / "policies" / "starter"


def test_people_see_every_stage_and_what_to_write() -> None:
    ran = siyu("diagnose", str(STARTER))
    assert ran.code == 0
    assert "Prospect" in ran.out and "what to write" in ran.out and "things are missing" in ran.out


def test_strict_tells_by_its_exit_code() -> None:
    assert siyu("diagnose", "--strict", str(STARTER)).code == 1


def test_machines_get_a_stable_shape() -> None:
    ran = siyu("diagnose", "--format", "json", str(STARTER))
    made = json.loads(ran.out)
    assert made["diagnosis"] == 1
    (one,) = made["policies"]
    assert list(one) == [
        "policy", "label", "file", "complete", "families", "purposes", "channels", "principles",
        "matrix", "quadrants", "gaps",
    ]  # fmt: skip
    assert {"code", "gap", "about", "file", "line", "message", "help"} == set(one["gaps"][0])


def test_chinese_is_chinese_throughout() -> None:
    ran = siyu("diagnose", "--lang", "zh", str(STARTER))
    plain = re.sub(r"`[^`]*`", "", ran.out)
    english = r"\b(purpose|principle|outbound|inbound|planned|write|missing|incentives?|contact)\b"
    assert re.findall(english, plain) == []
    assert "自诊断" in plain and "入会理由" in plain and "怎么写" in plain


def test_nothing_to_look_at_is_told(tmp_path: Path) -> None:
    assert siyu("diagnose", str(tmp_path)).code == 2


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "starter"
    shutil.copytree(STARTER, folder)
    policy = folder / "policy.siyu"
    text = policy.read_text(encoding="utf-8")
    assert text.count("  holdout") == 1
    frozen = "  frozen from 2026-11-01 to 2026-11-12\n  holdout"
    policy.write_text(text.replace("  holdout", frozen), encoding="utf-8")
    return folder


def test_publish_binds_and_lets_go(pack: Path) -> None:
    first = siyu("publish", str(pack), "--as-of", "2026-10-20")
    assert first.code == 0 and "frozen until 2026-11-12" in first.out
    policy = pack / "policy.siyu"
    policy.write_text(
        policy.read_text(encoding="utf-8").replace("holdout 10%", "holdout 20%"), encoding="utf-8"
    )
    checked = siyu("check", str(pack))
    assert checked.code == 1 and "E0006" in checked.out
    again = siyu("publish", str(pack), "--as-of", "2026-11-12")
    assert again.code == 1 and "holdout" in again.err
    later = siyu("publish", str(pack), "--as-of", "2026-11-13", "--format", "json")
    assert json.loads(later.out)["let_go"][0]["rule"] == "welcome_back"
    assert siyu("check", str(pack)).code == 0


def test_publish_asks_for_the_day(pack: Path) -> None:
    assert siyu("publish", str(pack)).code == 2
