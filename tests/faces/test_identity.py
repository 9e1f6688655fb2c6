"""`siyu identity`: the summary, the explanations in both languages, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.faces.shell import siyu
from tests.population.identity.shop import shop


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    path = shop(folder)
    assert siyu("identity", path, "-o", folder / "one_id").code == 0
    return path


def test_the_summary(tmp_path: Path) -> None:
    path = shop(tmp_path)
    ran = siyu("identity", path, "-o", tmp_path / "one_id")
    assert (ran.code, ran.err) == (0, "")
    first, *_ = ran.out.split("\n")
    assert first == (
        "ONE ID 统一身份: 20 profiles are 15 customers, the largest of 5 profiles; 2 set aside"
    )
    lines = [line.split() for line in ran.out.split("\n")]
    # usable, no key, condition unmet, too many, joined, conflict
    assert ["phone", "12", "3", "1", "5", "4", "2"] in lines
    assert ["birthday", "1", "4", "phone"] in lines
    assert f"the result lies in {tmp_path / 'one_id'}" in ran.out
    again = siyu("identity", path, "-o", tmp_path / "b", "--previous", tmp_path / "one_id")
    assert "since the earlier result: 15 customers kept their key, 0 are new" in again.out


def test_the_summary_in_chinese(tmp_path: Path) -> None:
    ran = siyu("identity", shop(tmp_path), "-o", tmp_path / "one_id", "--lang", "zh")
    assert "20 份档案合并为 15 位客户，最多的一位有 5 份档案；搁置 2 份" in ran.out
    assert "手机号" in ran.out and "冲突字段" in ran.out


def test_the_summary_for_machines(tmp_path: Path) -> None:
    ran = siyu("identity", shop(tmp_path), "-o", tmp_path / "one_id", "--format", "json")
    found = json.loads(ran.out)
    assert found["identity"] == json.loads((tmp_path / "one_id" / "identity.json").read_text())
    assert set(found) == {"place", "identity", "timings"}


def why(policy: Path, *args: str) -> str:
    ran = siyu("identity", policy, "--run", policy.parent / "one_id", "--why", *args)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def test_why_two_are_one(policy: Path) -> None:
    head, *rest = why(policy, "wecom:W1", "store:S1").splitlines()
    assert head.startswith("`wecom:W1` and `store:S1` are one customer")
    assert rest == [
        "  `wecom:W1` and `tmall:T1` have the same union id, `u1` (`one_id.join.1`)",
        "  `tmall:T1` and `store:S1` have the same phone (`one_id.join.2`)",
    ]


def test_why_two_are_two_in_chinese(policy: Path) -> None:
    _, *rest = why(policy, "tmall:T4", "store:S3", "--lang", "zh").splitlines()
    assert rest == [
        "  `tmall:T4` 与 `store:S3` 的手机号相同（`one_id.join.2`）",
        "    有此值的其他档案生日不一致，而 `store:S3` 没有这一项，无从判断属于谁",
    ]


def test_personal_values_where_asked_for(policy: Path) -> None:
    assert "+8613900139000" not in why(policy, "tmall:T3", "tmall:T4")
    told = why(policy, "tmall:T3", "tmall:T4", "--pii")
    assert "have the same phone, `+8613900139000`" in told
    assert "they differ in birthday: `1980-01-01` and `2005-02-02`" in told


def test_why_for_machines(policy: Path) -> None:
    found = json.loads(why(policy, "tmall:T3", "store:S4", "--format", "json"))
    assert found["one"] is True
    assert [each["rule"] for each in found["common"]] == ["one_id.join.2"]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((), 2, "say where the result is to be with -o DIR"),
        (("--why", "a:b", "c:d"), 2, "--why needs the result to explain: --run DIR"),
        (("--pii", "-o", "x"), 2, "--run and --pii go with --why"),
        (("-o", "x", "--name", "one_ip"), 2, "the policy has no identity `one_ip`"),
        (("-o", "x", "--previous", "."), 2, "is not the folder of an identity"),
        (("-o", "x", "--max-rejects", "0"), 1, "2 of 22 profiles are set aside"),
        (("-o", "nowhere/x"), 2, "there is no folder"),
        (("--run", "nowhere", "--why", "a:b", "c:d"), 2, "there is no folder `nowhere`"),
        (("-o", "x", "--sources", "none.yaml"), 2, "none.yaml"),
    ],
)
def test_what_it_refuses(
    policy: Path, here: Path, args: tuple[str, ...], code: int, said: str
) -> None:
    ran = siyu("identity", policy, *args)
    assert ran.code == code, ran
    assert said in ran.err
    assert list(here.iterdir()) == []


def test_a_policy_without_an_identity(here: Path) -> None:
    path = shop(here)
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("identity")] + text[text.index("metric") :], "utf-8")
    ran = siyu("identity", path, "-o", "x")
    assert (ran.code, "the policy declares no identity" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("profiles:\n  -", "profile:\n  -", "`sources.yaml` has no setting `profile`"),
        ("channel: tmall,", "chanel: tmall,", "has no setting `chanel`; did you mean"),
        ("profile_id: id", "profile_id: idd", "has no column `idd`; did you mean `id`"),
        ("from: tmall.csv", "from: nowhere.csv", "there are no files `nowhere.csv`"),
    ],
)
def test_sources_that_cannot_be_used(here: Path, old: str, new: str, said: str) -> None:
    path = shop(here)
    sources = here / "sources.yaml"
    text = sources.read_text("utf-8")
    assert old in text
    sources.write_text(text.replace(old, new), "utf-8")
    ran = siyu("identity", path, "-o", "x")
    assert ran.code in (1, 2)
    assert said in ran.err
    assert not (here / "x").exists()


def test_a_run_through_no_identity(here: Path) -> None:
    ran = siyu("run", shop(here), "--as-of", "2026-11-21", "-o", "out")
    assert ran.code == 1
    assert "there is no identities.parquet at `one_id`: `siyu identity` makes it" in ran.err


def test_an_explanation_says_that_an_identity_decides_nothing(here: Path) -> None:
    policy = shop(here)
    (here / "c.jsonl").write_text('{"customer": {"customer": "x", "orders": []}}\n', "utf-8")
    who = ("--customers", "c.jsonl", "--customer", "x", "--as-of", "2026-11-21")
    ran = siyu("explain", policy, "one_id", *who)
    assert ran.code == 0, ran
    assert "an identity decides nothing: it makes customers" in ran.out
    assert siyu("explain", policy, *who).code == 0
    assert siyu("show", policy).code == 0
