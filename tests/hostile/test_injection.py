"""What authors and records write is never run: in the generated code it is a text, or not there."""

from __future__ import annotations

import ast
import builtins
import json
import re
from pathlib import Path
from typing import Any

import pytest

from siyu import api
from siyu.records import Reader
from tests.explain.told import told

from .packs import AT, pack

EVIL = (
    "__import__('os').system('touch pwned')",
    "'); import os; ('",
    '\\"); import os; (\\"',
    "'''",
    "{__import__('os')}",
    "{x!r:{y}}",
    "%(x)s %s",
    "\\",
    "\\n\\x41\\N{BULLET}",
    "\u2028import os\u2029",
    "#",
    "\u202eos tropmi",
    "ｅｖａｌ",
    "k1",
    "v0",
    "facts",
    "None",
    "exec",
    "客户'\"",
)
# Members of enums may hold neither points nor what cannot be seen.
QUIET = [re.sub(r'[\\"{}.\u2028\u2029\u202e]', "_", each) for each in EVIL]


def literal(text: str) -> str:
    """A text as policies write it; in theirs no character is an escape but the closing quote."""
    return '"' + text.replace('"', "'").replace("\\", "/").replace("{", "(").replace("}", ")") + '"'


def yaml_text(text: str) -> str:
    return json.dumps(text)


NAMES = ("exec", "eval", "__import__", "facts", "k0", "v1", "None_", "class", "lambda", "self",
         "decide", "memory", "held", "客户", "import")  # fmt: skip

KEY = "id'"


def facts() -> str:
    names = "".join(f"    {name}: {{type: int, default: 1}}\n" for name in NAMES)
    members = ", ".join(f"{yaml_text(each)}: {yaml_text(each)}" for each in QUIET)
    return f"""\
schema: s
version: 1
enums:
  evil: {{{members}}}
  channel: {{{yaml_text("sms'); exec('")}: x, app: y}}
customer:
  key: {yaml_text(KEY)}
  fields:
    {yaml_text(KEY)}: {{type: text}}
    {yaml_text("n'); import os #")}: {{type: int, default: 3}}
{names}
    word: {{type: text, optional: true}}
    kind: {{type: enum evil, optional: true}}
    tags: {{type: set of text, default: []}}
    stop: {{type: bool, role: opt-out}}
collections:
  {yaml_text("or'ders")}:
    key: no
    time: at
    default: []
    fields: {{no: {{type: text}}, at: {{type: datetime}}, {yaml_text("am'ount")}: {{type: money}}}}
  consents:
    role: consents
    fields: {{channel: {{type: enum channel}}, granted: {{type: bool}}}}
events:
  {yaml_text("pa'id")}:
    key: no
    fields: {{no: {{type: text}}, {yaml_text("a'b")}: {{type: int}}}}
"""


def policy_text() -> str:
    lines = [
        f"policy `p'); exec('` {literal(EVIL[0])}",
        "  language 1",
        "  currency CNY",
        '  schema "facts.yaml"',
        "",
        "metric `m'); import os` = `n'); import os #` + " + " + ".join(NAMES),
        "metric `sum'` = sum(`or'ders`.`am'ount`)",
    ]
    for number, text in enumerate(EVIL):
        label = literal(text)
        lines += [
            f"segment s{number} {label}",
            f"  when word = {label} or tags has {label} or kind is `{QUIET[number]}`",
            f"  because {label}",
            f"incentive `i{number}' + exec('` {label}",
            f"  for s{number}",
            f"  give coupon {label}",
            "  soft internal",
            f"  holdout 0% salt {label}",
            f"contact `c{number}'`  {label} recover",
            f"  for s{number}",
            "  via `sms'); exec('`",
            f"  send {label} with `x{number}'` = {label}",
        ]
    lines += ["table `t'` first gives `o'`", "  | word -> `o'` |"]
    lines += [f"  | {literal(text)} -> {literal(text)} |" for text in EVIL]
    lines += ['  | otherwise or unknown -> "none" |']
    lines += ["contact policy house", "  never when stop", "  choose 50 by priority"]
    return "\n".join(lines) + "\n"


def request(**fields: Any) -> dict[str, Any]:
    consents = [{"channel": "sms'); exec('", "granted": True}]
    customer = {KEY: EVIL[0], "stop": False, "consents": consents, **fields}
    return {"customer": customer, "as_of": AT}


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> api.Policy:
    path = pack(tmp_path_factory.mktemp("pack"), policy_text(), facts(), header="")
    return api.load(path, cache=False)


# Names of the generators: a letter or a word, with a number, and helpers that they hand in.
MANGLED = re.compile(r"[A-Za-z]+_?[a-z]*_?\d+(_\d+)?")
HELPERS = re.compile(r"[A-Z][A-Za-z_]*|[a-z_]+")
FORBIDDEN = {"exec", "eval", "compile", "open", "getattr", "setattr", "globals", "locals", "vars",
             "__import__", "__builtins__", "input", "breakpoint", "print"}  # fmt: skip


def sources(policy: api.Policy) -> dict[str, str]:
    reader: Reader = policy._deciding.reader
    found = {"reader": reader.source()}
    for event in (None, "pa'id"):
        found[f"decide {event}"] = policy.source(event)
        found[f"write {event}"] = policy.engine(event).writer.source()
    return found


def test_generated_code_consists_of_its_own_names_only(policy: api.Policy) -> None:
    for which, source in sources(policy).items():
        tree = ast.parse(source)
        for node in ast.walk(tree):
            assert not isinstance(node, (ast.Import, ast.ImportFrom, ast.ClassDef)), which
            names = {
                name
                for name in (getattr(node, field, None) for field in ("id", "attr", "name", "arg"))
                if isinstance(name, str)
            }
            for name in names:
                assert MANGLED.fullmatch(name) or HELPERS.fullmatch(name), (which, name)
                assert name not in FORBIDDEN, (which, name)
                assert not name.startswith("__"), (which, name)
                assert name not in NAMES or name in ("facts", "k0", "v1", "decide", "memory"), name


def test_every_name_in_it_is_defined_by_it_or_handed_in(policy: api.Policy) -> None:
    from siyu.evaluators import record

    generated = record.generate(policy.ready, None)
    tree = ast.parse(generated.source)
    stored = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    stored |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    stored |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    read = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    free = read - stored - {name for name, _ in generated.constants}
    for name in free:
        assert hasattr(builtins, name) or HELPERS.fullmatch(name) or MANGLED.fullmatch(name), name
    assert not free & FORBIDDEN


@pytest.mark.parametrize("number", range(len(EVIL)))
def test_what_is_written_is_compared_as_it_is(
    number: int, policy: api.Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written = literal(EVIL[number])[1:-1]
    for fields in ({"word": written}, {"tags": [written]}, {"kind": QUIET[number]}):
        decision = policy.decide(request(**fields))
        assert decision.segments[f"s{number}"] is True
        held = {name for name, holds in decision.segments.items() if holds}
        assert held == {f"s{number}"}
        (given,) = decision.incentives
        assert (given["rule"], given["detail"]) == (f"i{number}' + exec('", written)
        (sent,) = decision.contacts
        assert (sent["send"], sent["params"]) == (written, {f"x{number}'": written})
        assert written in told(policy.explain(request(**fields)))
    assert policy.decide(request(word=written)).tables["t'"]["out"] == {"o'": written}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("word", [*EVIL, "\ud7ff", "x" * 100_000, "'\n\"\\"])
def test_what_a_record_says_is_a_text(word: str, policy: api.Policy) -> None:
    asked = request(word=word, tags=[word])
    asked["customer"][KEY] = word or "x"
    decision = policy.decide(asked)
    assert json.loads(decision.to_json())["customer"] == word
    assert policy.explain(asked).customer == word


def test_metrics_of_evil_names_are_right(policy: api.Policy) -> None:
    row = {"no": "1", "at": AT, "am'ount": "7.00"}
    decision = policy.decide(request(**{"or'ders": [row]}, exec=5))
    assert decision.metrics == {"m'); import os": 3 + len(NAMES) + 4, "sum'": "7.00"}
    given = {**request(), "metrics": {"m'); import os": 9}}
    assert policy.decide(given).metrics["m'); import os"] == 9
