"""No policy file crashes, hangs or exhausts the compiler: it decides, or is told what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from siyu import api
from siyu.api import cache as kept

from .packs import FACTS, HEADER, MEMBER, pack


def repeated(times: int, line: Callable[[int], str]) -> str:
    return "".join(map(line, range(times)))


REFUSED = {
    "100,000 parentheses": ("metric a = " + "(" * 100_000 + "1" + ")" * 100_000, "E0119"),
    "100,000 that stay open": ("metric a = " + "(" * 100_000, "E0105"),
    "3,000 nested not": ("segment s\n  when " + "not " * 3_000 + "n > 1", "E0119"),
    "3,000 signs": ("metric a = " + "-" * 3_000 + "1", "E0119"),
    "5,000 terms": ("metric a = " + " + ".join(["n"] * 5_000), "E0119"),
    "3,000 factors": ("metric a = " + " * ".join(["n"] * 3_000), "E0119"),
    "2,000 nested calls": ("metric a = " + "min(" * 2_000 + "n" + ", 1)" * 2_000, "E0119"),
    "a number of 100,000 digits": ("metric a = " + "9" * 100_000, "E0116"),
    "a fraction of 100,000 digits": ("metric a = 1." + "9" * 100_000, "E0116"),
    "a circle of 5,000": (repeated(5_000, lambda i: f"metric m{i} = m{(i + 1) % 5000}\n"), "E0318"),
    "a circle of 3": ("metric a = b\nmetric b = c\nmetric c = a\n", "E0301"),
    "squares of squares": (
        repeated(60, lambda i: f"metric b{i} = b{i + 1} * b{i + 1}\n") + "metric b60 = n\n",
        "E0409",
    ),
    "a NUL": ("metric a = 1\0", "E0114"),
    "backticks for 100,000 characters": ("metric `" + "x" * 100_000, "E0104"),
    "a text without an end, 1 MB": ('metric a = "' + "x" * 1_000_000, "E0104"),
    "5,000 declarations without a value": ("metric = \n" * 5_000, "E0101"),
    "one name 5,000 times": ("metric a = 1\n" * 5_000, "E0003"),
    "1,000 unknown names": (repeated(1_000, lambda i: f"metric a{i} = zz{i}\n"), "E0303"),
    "no language at all": (repeated(50_000, lambda i: chr(33 + i * 7919 % 5_000)), "E0121"),
    "a right-to-left override": ("metric a\u202e = 1", "E0115"),
}

DECIDED = {
    "5,000 conditions in and": "segment s\n  when " + " and ".join(["n > 1"] * 5_000),
    "5,000 conditions in or": "segment s\n  when " + " or ".join(["n > 7"] * 5_000),
    "a list of 5,000": "segment s\n  when n in (" + ", ".join(map(str, range(5_000))) + ")",
    "a chain of 5,000, last first": (
        repeated(5_000, lambda i: f"metric m{5000 - i} = m{4999 - i}\n") + "metric m0 = n\n"
    ),
    "each of 200 asked twice": (
        repeated(
            200, lambda i: f"segment b{i}\n  when (b{i + 1} and n > 1) or (b{i + 1} and n > 2)\n"
        )
        + "segment b200\n  when n > 4\n"
    ),
    "a label of 1 MB": 'metric a "' + "x" * 1_000_000 + '" = 1',
    "a comment of 1 MB": "# " + "x" * 1_000_000 + "\nmetric a = 1",
    "a name of 1 MB": "metric " + "x" * 1_000_000 + " = 1",
    "2,000 cases": (
        "classify c\n" + repeated(2_000, lambda i: f"  k{i} when n = {i}\n") + "  z otherwise\n"
    ),
    "1,500 score lines": (
        "score c from 0 to 100\n  start 1\n" + repeated(1_500, lambda i: f"  add 1 when n = {i}\n")
    ),
    "2,000 rows": (
        "table t first gives x\n  | n -> x |\n"
        + repeated(2_000, lambda i: f"  | {i} -> {i} |\n")
        + "  | otherwise -> 0 |\n"
    ),
    "1,000 views of views": (
        "view v0 of orders where amount > 1 yuan\n"
        + repeated(1_000, lambda i: f"view v{i + 1} of v{i} where amount > 1 yuan\n")
        + "metric found = count(v1000)\n"
    ),
    "2,000 dated values": (
        "param p = 1\n" + repeated(2_000, lambda i: f"  from {1000 + i}-01-01 = {i}\n")
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_told_what_is_wrong(name: str, tmp_path: Path) -> None:
    text, code = REFUSED[name]
    path = pack(tmp_path, text + "\n")
    found = api.check(path).diagnostics

    assert code in {diagnostic.code for diagnostic in found}
    assert all(len(diagnostic.text()) < 300 for diagnostic in found)
    with pytest.raises(api.PolicyError):
        api.load(path, cache=False)


@pytest.mark.parametrize("name", DECIDED)
def test_it_decides(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIYU_CACHE_DIR", str(tmp_path / "cache"))
    path = pack(tmp_path, DECIDED[name] + "\n")
    policy = api.load(path)
    expected = policy.decide(MEMBER).to_json()

    assert kept.fetch(path) is not None
    assert api.load(path).decide(MEMBER).to_json() == expected
    assert policy.explain(MEMBER).text()


def test_long_chains_come_out_right(tmp_path: Path) -> None:
    policy = api.load(pack(tmp_path, DECIDED["a chain of 5,000, last first"]), cache=False)
    metrics = policy.decide(MEMBER).metrics
    assert len(metrics) == 5_001
    assert set(metrics.values()) == {5}


LOG = """\
  log:
    role: points log
    default: []
    time: at
    fields:
      {at: {type: datetime}, rule: {type: text}, account: {type: text}, event: {type: text},
       points: {type: int, optional: true}, amount: {type: money, optional: true}}
events: {paid: {key: no, fields: {no: {type: text}, amount: {type: money}}}}
"""


def test_many_caps_are_no_deep_expression(tmp_path: Path) -> None:
    facts = FACTS + LOG
    caps = repeated(500, lambda i: f"  at most {600 - i} per posting\n")
    text = "points p on paid\n  earn 1 per 1 yuan of event.amount\n" + caps
    policy = api.load(pack(tmp_path, text, facts), cache=False)
    event = {"type": "paid", "no": "1", "amount": "5000.00"}

    assert policy.decide({**MEMBER, "event": event}).points[0]["points"] == 101


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (HEADER.encode() + b"metric a = \xff\xfe\n", "not UTF-8 text: line 7"),
        (HEADER.encode("utf-16"), "not UTF-8 text: line 1"),
        (b"\x80" * 1_000_000, "not UTF-8 text: line 1"),
    ],
)
def test_what_is_not_utf8_is_told_so(data: bytes, message: str, tmp_path: Path) -> None:
    for ask in (api.check, api.load):
        with pytest.raises(api.InputFileError, match=message):
            ask(pack(tmp_path, data))


@pytest.mark.parametrize("data", [b"", b"\n" * 1_000_000, b"\xef\xbb\xbf", b"# only a remark"])
def test_what_holds_nothing_is_told_so(data: bytes, tmp_path: Path) -> None:
    (found,) = api.check(pack(tmp_path, data)).diagnostics
    assert found.code == "E0001"


LETTERS = "abcdefghijklm"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n" for before, name in pairwise(LETTERS)
)
FACT_FILES = {
    "a bomb of references": BOMB,
    "a bomb in its place": FACTS.replace("default: []}", "default: [*a]}") + BOMB,
    "a circle": "schema: &a [*a]\n",
    "deep nesting": "schema: " + "[" * 20_000,
    "deep mappings": "{a: " * 20_000,
    "a tag that runs code": "schema: !!python/object/apply:os.system ['echo x']\n",
    "a NUL": "schema: s\0\n",
    "a line of 1 MB": "schema: " + "x" * 1_000_000 + "\n",
    "a number of 10,000 digits": FACTS.replace("max: 1000", "max: " + "9" * 10_000),
    "a number with a huge exponent": FACTS.replace("max: 1000", "max: 1e999999999"),
    "5,000 fields": FACTS.replace("    n:", repeated(5_000, lambda i: f"    f{i}: 5\n") + "    n:"),
}


@pytest.mark.parametrize("name", FACT_FILES)
def test_facts_that_mean_harm_are_told_so(name: str, tmp_path: Path) -> None:
    path = pack(tmp_path, "metric a = n\n", FACT_FILES[name])
    found = api.check(path).diagnostics

    assert any(diagnostic.severity == "error" for diagnostic in found)
    assert all(len(diagnostic.text()) < 300 for diagnostic in found)


def test_facts_that_are_not_utf8_are_told_so(tmp_path: Path) -> None:
    (found,) = api.check(pack(tmp_path, "metric a = n\n", b"schema: \xff\n")).diagnostics
    assert (found.code, "not UTF-8" in found.text()) == ("E0004", True)


BIG = """
import json, resource, sys, time
sys.path.insert(0, {root!r})
limit = 2 * 1024**3
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
import siyu
policy = siyu.load(sys.argv[1], cache=False)
document = policy.decide({request!r}).to_dict()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([len(document["segments"]), sum(map(bool, document["segments"].values())), peak]))
"""


@pytest.mark.skipif(os.name == "nt", reason="limits of a process")
def test_ten_thousand_rules_take_less_than_a_minute_and_two_gigabytes(tmp_path: Path) -> None:
    rules = repeated(
        10_000, lambda i: f"segment s{i}\n  when spent >= {i} yuan and n >= {i % 50}\n"
    )
    text = "metric spent = sum(orders.amount over last 12 months)\n" + rules
    order = {"no": "1", "at": "2026-11-01T10:00:00+08:00", "amount": "1000.00"}
    request = {**MEMBER, "customer": {"id": "a", "n": 10, "orders": [order]}}
    code = BIG.format(root=str(Path(__file__).parents[2] / "src"), request=request)
    run = [sys.executable, "-c", code, str(pack(tmp_path, text))]
    done = subprocess.run(run, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stderr[-2_000:]
    segments, held, _ = json.loads(done.stdout)
    assert segments == 10_000
    assert held == sum(i <= 1000 and i % 50 <= 10 for i in range(10_000))
