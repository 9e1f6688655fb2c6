"""The Chinese tea chain: its policy, its demo, and its decisions about made-up members."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

import siyu
from siyu import api
from siyu.api.running import run, sources_of
from siyu.decision.plain import Head, plain_document
from siyu.evaluators import reference
from siyu.faces.cli import command as siyu_command
from siyu.population.engines import duck
from siyu.population.sources.opened import open_sources
from siyu.population.sources.requests import requests
from siyu.records import Rejection
from siyu.syntax.parse import parse
from siyu.syntax.unparse import unparse
from siyu.testing import run_tests
from siyu.testing.coverage.measure import measure
from siyu.text import Source
from tests.population.run.test_run import written

HERE = Path(__file__).resolve().parents[2] / "examples" / "tea_shop"
POLICY = HERE / "policy.siyu"
FILES = sorted(HERE.rglob("*.siyu"))
NIGHT = "2026-08-08T02:00:00+08:00"
MEMBERS = 400
WANTED = ("true", "false", "fired", "not_fired", "outcome")


@pytest.fixture(scope="module")
def policy() -> siyu.Policy:
    return siyu.load(POLICY, cache=False)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example in a folder of its own, where the demo has run about fewer members."""
    folder = tmp_path_factory.mktemp("tea") / "tea_shop"
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns(".cache", "__pycache__"))
    done = subprocess.run(
        [sys.executable, "demo.py", "--members", str(MEMBERS)],
        cwd=folder,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONUTF8": "1"},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "printed.txt").write_text(done.stdout, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def printed(example: Path) -> str:
    return (example / "printed.txt").read_text(encoding="utf-8")


def test_nothing_is_wrong_and_no_lint_speaks_up() -> None:
    assert [each.text() for each in api.check(POLICY).diagnostics] == []


def test_its_tests_pass_and_readme_counts_them(policy: siyu.Policy) -> None:
    assert [(each.name, each.failures) for each in run_tests(policy) if not each.passed] == []
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"(\d+) 个(?:中文)?测试", readme)) == {str(len(policy.tests))}


def test_readme_says_what_the_picture_shows() -> None:
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r">([^<>]+)</text>", (HERE / "night.svg").read_text(encoding="utf-8"))
    words = set(" ".join(shown).replace("&#160;", " ").split())
    (told,) = re.findall(r"七夕双杯给了 ([\d,]+) 人，另有 (\d+) 人留作对照", readme)
    assert set(told) <= words
    (quota,) = re.findall(r"(\d+) 位导购每人一天只聊得过来 (\d+) 位，(\d+) 条", readme)
    assert set(quota) <= words
    (spent,) = re.findall(r"用掉预算 (\d+) 元", readme)
    assert f"{spent}.00" in words


def test_every_rule_and_condition_is_shown(policy: siyu.Policy) -> None:
    left = [
        (shown.goal.code, shown.goal.aim)
        for rule in measure(policy).rules
        for shown in rule.everything
        if shown.goal.aim in WANTED and shown.counts and not shown.met
    ]
    assert left == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(HERE).as_posix())
def test_chinese_after_english_is_the_same_file(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    english = spoken(spoken(text, "zh"), "en")
    assert spoken(text, "zh") == spoken(english, "zh") == text
    assert spoken(english, "en") == english != text


def spoken(text: str, language: Any) -> str:
    source = Source.of("p.siyu", text)
    return unparse(parse(source).file, language, source)


def test_keywords_and_names_are_chinese() -> None:
    """But for the columns that the engine names, and the head's name and zone."""
    words = {
        word
        for path in FILES
        for line in path.read_text(encoding="utf-8").splitlines()
        for word in re.findall(r"[A-Za-z_]{2,}", re.sub(r'"[^"]*"|#.*', "", line))
    }
    assert words == {
        "tea_shop", "CNY", "lift", "confidence",
        "at", "rule", "account", "points", "event", "amount", "incentive", "contact", "channel",
        "granted",
    }  # fmt: skip


def test_titles_and_opt_out_words_are_checked(tmp_path: Path) -> None:
    shutil.copytree(HERE, tmp_path / "tea", ignore=shutil.ignore_patterns(".cache"))
    texts = tmp_path / "tea" / "messages.yaml"
    text = texts.read_text(encoding="utf-8")
    for before, after in (("老友免1杯", "老朋友回来免1杯茶"), ("尝尝。拒收请回复R", "尝尝。")):
        assert text.count(before) == 1
        texts.write_text(text.replace(before, after), encoding="utf-8")
        found = api.check(tmp_path / "tea" / "policy.siyu").diagnostics
        assert [each.code for each in found] == ["E0678"]


def test_the_demo_decides_explains_and_reports(example: Path, printed: str) -> None:
    for words in (
        "25 个文件，没有错误",
        "148 个测试，用 python 和 reference 运行：全部通过",
        f"半山茶铺会员运营：已对 {MEMBERS} 位客户作出决策",
        "为什么收到唤醒券",
        "✓ 生命周期 是 沉睡 且 年消费 >= 200 元",
        "怎样才能升级",
        "等级变为",
        "半山茶铺会员运营：自诊断",
        "没写预算（`budget`）",
    ):
        assert words in printed, words
    assert "导购一对一 (一对一.quota.1)" in printed
    assert "消费积分" in printed.partition("当天的每一笔订单")[2]
    page = (example / ".cache" / "out" / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "客户金字塔：会员等级" in page


def test_all_points_of_the_member_day_are_doubled(example: Path) -> None:
    """The 8th: two points for each yuan; one by one in order, so that a day's cap counts."""
    with duckdb.connect() as db:
        rows = db.execute(
            "SELECT points, amount, account, rule FROM read_parquet(?) WHERE rule = '消费积分'",
            [str(example / ".cache" / "out" / "day" / "outcomes.parquet")],
        ).fetchall()
    assert len(rows) > 10
    assert all(points == min(int(amount) * 2, 3000) for points, amount, _, _ in rows)


def test_a_night_is_decided_about_as_the_reference_does(example: Path, tmp_path: Path) -> None:
    out = tmp_path / "night"
    run(example / "policy.siyu", NIGHT, out)
    policy = siyu.load(example / "policy.siyu", None, out / "allocation.yaml", cache=False)
    (tmp_path / "work").mkdir()
    engine = duck.open_engine("1GB", tmp_path / "work")
    read = sources_of(example / "sources.yaml", policy)
    opened = open_sources(read, example, engine, tmp_path / "work", (), policy.program.timezone)
    found, compared = written(policy, out), 0
    for key, request in requests(opened, policy.compiled.schema, None):
        assert request is not None
        request.setdefault("context", {})["气温"] = 36
        facts = policy.read(request, NIGHT)
        assert not isinstance(facts, Rejection), facts
        values = reference.evaluate(policy.ready, facts.facts, facts.event)
        head = Head(key, facts.as_of, facts.event_key, None)
        (document,) = found[key]
        wanted = plain_document(policy.ready, facts.event, values, head)
        assert document | {"as_of": wanted["as_of"]} == wanted  # no column holds the moment
        compared += 1
    assert compared == MEMBERS


def test_made_up_tables_are_the_same_each_time(example: Path, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", "import make_data, pathlib, sys; "
         "make_data.main(pathlib.Path(sys.argv[1]), int(sys.argv[2]))", tmp_path, str(MEMBERS)],
        cwd=example, check=True, capture_output=True,
    )  # fmt: skip
    first = example / ".cache" / "data"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        path.name for path in first.iterdir()
    )
    for path in first.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_the_sampler_makes_a_base_of_its_facts(tmp_path: Path) -> None:
    args = ["sample", str(POLICY), "--customers", "50", "--seed", "5", "-o", str(tmp_path / "base")]
    made = CliRunner().invoke(siyu_command, args)
    assert made.exit_code == 0, made.output
    run(POLICY, NIGHT, tmp_path / "run", sources=tmp_path / "base")
    told = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    assert told["customers"]["decided"] == 50
