"""`identity`: what it makes of its lines, its mistakes, and both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from siyu.compiler import Pack, Used, compile_pack
from siyu.core.compiled import Compiled
from siyu.schema import load_schema
from siyu.syntax.parse import parse
from siyu.syntax.unparse import unparse
from siyu.text import Source

ROOT = Path(__file__).resolve().parents[2]
FACTS = (ROOT / "tests" / "docs" / "profiles.yaml").read_text("utf-8").replace(
    "    device: ", "    tags: {type: set of text, default: []}\n    device: "
)  # fmt: skip
HEAD = 'policy p\n  language 1\n  schema "s.yaml"\n\n'
ONE = "identity one_id of profiles\n"
STRONG = f"{ONE}  join by union_id\n"


def compiled(text: str, facts: str = FACTS) -> Compiled:
    source = Source.of("p.siyu", HEAD + text)
    loaded = load_schema(Source.of("s.yaml", facts))
    assert loaded.ok, loaded.diagnostics
    return compile_pack(Pack((Used("p.siyu", parse(source)),), loaded, {"p.siyu": source}))


MISTAKES = [
    ("E0711", "identity one_id of ⟦people⟧\n  join by union_id\n"),
    ("E0712", f"{ONE}  join by ⟦unionid⟧\n"),
    ("E0712", f"{STRONG}  conflict on birthday, ⟦brithday⟧\n"),
    ("E0712", f'{STRONG}  ignore ⟦fone⟧ in ("1")\n'),
    ("E0713", f"{STRONG}  join by ⟦tags⟧\n"),
    ("E0713", f"{STRONG}  join by ⟦birthday⟧\n"),
    ("E0713", f"{STRONG}  country CN\n  join by ⟦gender⟧ as phone\n"),
    ("E0713", f"{STRONG}  conflict on ⟦tags⟧\n"),
    ("E0714", f"{STRONG}  join by device weak\n  ⟦join by email as email⟧\n"),
    ("E0715", f"{STRONG}  country ⟦China⟧\n  join by phone as phone\n"),
    ("E0716", f'{STRONG}  ignore ⟦device⟧ in ("none")\n'),
    ("E0603", "identity ⟦one_id⟧ of profiles\n  join by device weak\n"),
    ("E0603", "identity ⟦one_id⟧ of profiles\n  join by phone as phone\n"),
    ("E0601", f"{STRONG}  country CN\n  ⟦country FR⟧\n"),
    ("E0601", f"{STRONG}  at most 2 profiles per value\n  ⟦at most 3 profiles per value⟧\n"),
    ("E0662", f"{STRONG}  ⟦at most 1 profiles per value⟧\n"),
    ("E0303", f"{ONE}  join by union_id when ⟦verified⟧\n"),
    ("E0003", f"{STRONG}\nidentity ⟦one_id⟧ of profiles\n  join by union_id\n"),
]


@pytest.mark.parametrize(("code", "text"), MISTAKES)
def test_mistakes_and_where_they_are(code: str, text: str) -> None:
    start, end = text.index("⟦"), text.index("⟧") - 1
    (found,) = compiled(text.replace("⟦", "").replace("⟧", "")).diagnostics
    assert (found.code, found.text()) == (code, found.text())
    span = (found.span.start - len(HEAD), found.span.end - len(HEAD))
    assert span == (start, end), found.text()


def test_a_schema_without_profiles() -> None:
    (found,) = compiled(STRONG, "schema: s\ncustomer: {key: i, fields: {i: {type: text}}}\n"
                        ).diagnostics  # fmt: skip
    assert found.code == "E0711"
    assert "add a part `profiles` to the schema" in found.help_text()


def test_what_it_makes_of_its_lines() -> None:
    made = compiled(
        f"{ONE}  country CN\n  join by union_id\n  join by phone as phone when phone_verified\n"
        "  join by device weak\n  conflict on birthday, phone\n"
        '  ignore phone in ("138 0000 0000", "none")\n  ignore device in ("", "x")\n'
        "  at most 1_000 profiles per value\n"
    )
    assert made.diagnostics == ()
    (identity,) = made.identities
    lines = [(j.code, j.value.field, j.value.kind, j.weak, j.when) for j in identity.joins]
    assert lines == [
        ("one_id.join.1", "union_id", "text", False, None),
        ("one_id.join.2", "phone", "phone", False, "one_id.join.2.when"),
        ("one_id.join.3", "device", "text", True, None),
    ]
    # What must not differ is compared in the way in which profiles are joined by it.
    assert [(v.field, v.kind, v.pii) for v in identity.conflicts] == [
        ("birthday", "text", True), ("phone", "phone", True),
    ]  # fmt: skip
    assert identity.ignored == {"phone": {"+8613800000000"}, "device": {"x"}}
    assert identity.most == 1_000


def test_the_page_says_the_same_in_both_languages() -> None:
    page = (ROOT / "docs" / "reference" / "identity.md").read_text("utf-8")
    english, chinese = re.findall(r"```siyu profiles\n(.*?)```", page, re.DOTALL)
    for text in (english, chinese):
        assert compiled(text).diagnostics == ()
    trees = [parse(Source.of("p.siyu", HEAD + text)).file for text in (english, chinese)]
    again = unparse(trees[0], keywords="zh").removeprefix(unparse(
        parse(Source.of("p.siyu", HEAD)).file, keywords="zh"))  # fmt: skip
    assert again.strip() == chinese.replace("统一身份", "ONE ID").strip()
    back = parse(Source.of("p.siyu", HEAD + again)).file
    assert back.declarations == trees[0].declarations


def test_words_of_an_identity_are_names_elsewhere() -> None:
    made = compiled(
        "metric country = 1\nmetric weak = country\nsegment ignore\n  when weak > 0\n"
        "segment identity\n  when ignore\n"
    )
    assert made.diagnostics == ()


def test_an_identity_is_no_value() -> None:
    made = compiled(f"{STRONG}\nsegment s\n  when one_id\n")
    assert made.program is None
    assert len(made.diagnostics) == 1
