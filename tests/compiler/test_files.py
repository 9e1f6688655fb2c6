"""The files of a pack: what `use` and `schema` may name, and how names are shared."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import siyu
from siyu import api
from tests.api.packs import AT, HEADER, MEMBER, SCHEMA, pack


def codes(path: Path) -> list[str]:
    return [diagnostic.code for diagnostic in api.check(path).diagnostics]


def texts(path: Path) -> list[str]:
    return [diagnostic.text() for diagnostic in api.check(path).diagnostics]


def put(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.siyu"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


# ---------------------------------------------------------------- one name space, or several


def test_used_files_share_one_name_space(tmp_path: Path) -> None:
    path = pack(tmp_path, 'use "a.siyu"\nuse "b.siyu"\n\nmetric top = in_a + in_b\n')
    put(tmp_path, a="metric in_a = in_b\n", b="metric in_b = spend\n")
    policy = siyu.load(path, cache=False)
    assert policy.decide(MEMBER).metrics == {"in_a": "5.00", "in_b": "5.00", "top": "10.00"}


def test_a_prefix_stands_before_names_and_in_the_document(tmp_path: Path) -> None:
    path = pack(tmp_path, 'use "a.siyu" as x\nuse "a.siyu" as y\n\nmetric one = x.one + y.two\n')
    put(tmp_path, a="metric one = spend\nmetric two = one * 2\n")
    policy = siyu.load(path, cache=False)
    assert policy.decide(MEMBER).metrics == {
        "one": "15.00", "x.one": "5.00", "x.two": "10.00", "y.one": "5.00", "y.two": "10.00",
    }  # fmt: skip
    (outcome,) = policy.explain(MEMBER, "x.two").outcomes
    assert (outcome.name, str(outcome.headline)) == ("x.two", "¥10.00")


def test_prefixes_add_up(tmp_path: Path) -> None:
    path = pack(tmp_path, 'use "a.siyu" as x\n\nmetric top = x.y.deep\n')
    put(tmp_path, a='use "b.siyu" as y\n', b="metric deep = spend\n")
    assert set(siyu.load(path, cache=False).decide(MEMBER).metrics) == {"top", "x.y.deep"}


def test_one_file_used_twice_is_read_once(tmp_path: Path) -> None:
    path = pack(tmp_path, 'use "a.siyu"\nuse "b.siyu"\nuse "sub/../a.siyu"\n\nmetric top = in_a\n')
    put(tmp_path, a="metric in_a = spend\n", b='use "a.siyu"\n\nmetric in_b = in_a\n')
    assert codes(path) == []
    assert api.check(path).files == ("policy.siyu", "a.siyu", "b.siyu")


def test_paths_are_seen_from_the_file_that_names_them(tmp_path: Path) -> None:
    path = pack(tmp_path, 'use "sub/a.siyu"\n')
    put(tmp_path, sub__a='use "b.siyu"\nuse "../c.siyu"\n\nmetric in_a = in_b + in_c\n',
        sub__b="metric in_b = spend\n", c="metric in_c = spend\n")  # fmt: skip
    assert siyu.load(path, cache=False).decide(MEMBER).metrics["in_a"] == "10.00"


def test_tests_of_used_files_run_too(tmp_path: Path) -> None:
    path = pack(tmp_path, 'use "a.siyu" as x\n')
    test = f'test "t" at {AT[:10]}\n  given customer\n    id = "a"\n  expect one = 0 yuan\n'
    put(tmp_path, a="metric one = spend\n\n" + test)
    (case,) = siyu.load(path, cache=False).tests
    assert case.span.file == "a.siyu"


# ---------------------------------------------------------------- what cannot be used


@pytest.mark.parametrize(
    ("used", "problem"),
    [
        ("nowhere.siyu", "is not there"),
        ("sub", "is a folder"),
        ("latin.siyu", "is not UTF-8 text: line 1"),
        ("../outside.siyu", "lies outside"),
        ("sub/../../outside.siyu", "lies outside"),
        ("/etc/passwd", "lies outside"),
        ("~/x.siyu", "lies outside"),
        ("sub\\x.siyu", "lies outside"),
        ("link.siyu", "lies outside"),
        ("folder/outside.siyu", "lies outside"),
        ("", "lies outside"),
        ("loop.siyu", ""),
        ("policy.siyu", "is used by itself"),
        ("./policy.siyu", "is used by itself"),
        ("x" * 5_000, ""),
    ],
)
def test_a_file_that_cannot_be_used_is_told_where_it_is_named(
    used: str, problem: str, tmp_path: Path
) -> None:
    inside = tmp_path / "pack"
    inside.mkdir()
    put(tmp_path, outside="metric secret = 1\n")
    (inside / "sub").mkdir()
    (inside / "latin.siyu").write_bytes(b"metric \xe9 = 1\n")
    (inside / "link.siyu").symlink_to(tmp_path / "outside.siyu")
    (inside / "loop.siyu").symlink_to(inside / "loop.siyu")
    (inside / "folder").symlink_to(tmp_path)
    path = pack(inside, f'use "{used}"\n\nmetric a = spend\n')
    (found,) = api.check(path).diagnostics

    assert found.code == "E0004"
    assert problem in found.text()
    assert str(tmp_path) not in found.text() or used == "loop.siyu"
    source = api.check(path).sources["policy.siyu"]
    assert source.text[found.span.start : found.span.end].startswith('"')


def test_links_inside_the_folder_are_files_like_others(tmp_path: Path) -> None:
    path = pack(tmp_path, 'use "link.siyu"\n')
    put(tmp_path, real="metric a = spend\n")
    (tmp_path / "link.siyu").symlink_to("real.siyu")
    assert codes(path) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = pack(tmp_path, 'use "pipe.siyu"\n')
    os.mkfifo(tmp_path / "pipe.siyu")
    assert texts(path) == ["`pipe.siyu` is no file"]


def test_circles_of_files_are_told(tmp_path: Path) -> None:
    path = pack(tmp_path, 'use "a.siyu"\n')
    put(tmp_path, a='use "b.siyu"\n', b='use "a.siyu"\n')
    assert texts(path) == ["`a.siyu` is used by itself, directly or through others"]
    put(tmp_path, b='use "a.siyu" as again\n')
    assert texts(path) == ["`a.siyu` is used by itself, directly or through others"]


def test_a_long_chain_of_files_is_followed_to_its_limit(tmp_path: Path) -> None:
    path = pack(tmp_path, 'use "f0.siyu"\n')
    for number in range(600):
        put(tmp_path, **{f"f{number}": f'use "f{number + 1}.siyu"\n\nmetric m{number} = spend\n'})
    (found,) = api.check(path).diagnostics
    assert (found.code, found.span.file) == ("E0004", "f498.siyu")
    assert "one file too many" in found.text()


@pytest.mark.parametrize("schema", ["nowhere.yaml", "../shop.yaml", "sub", "latin.yaml"])
def test_a_schema_that_cannot_be_read_is_the_only_mistake_told(schema: str, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "latin.yaml").write_bytes(b"\xe9")
    path = pack(tmp_path, "metric a = spend\n")
    path.write_text(path.read_text("utf-8").replace("shop.yaml", schema), encoding="utf-8")
    assert codes(path) == ["E0004"]


# ---------------------------------------------------------------- names that clash


@pytest.mark.parametrize(
    ("text", "used", "told"),
    [
        ("metric a = 1\nmetric a = 2\n", "", "`a` is declared twice"),
        ("metric a = 1\nsegment a\n  when true\n", "", "`a` is declared twice"),
        ('use "u.siyu"\n\nmetric a = 1\n', "metric a = 2\n", "`a` is declared twice"),
        ("metric spend = 1\n", "", "`spend` is declared twice"),
        ("metric orders = 1\n", "", "`orders` is declared twice"),
        ('use "u.siyu"\n', "metric spend = 1\n", "`spend` is declared twice"),
        ("metric as_of = 1\n", "", "`as_of` is declared twice"),
        ("segment event\n  when true\n", "", "`event` is declared twice"),
        ("param context = 1\n", "", "`context` is declared twice"),
    ],
)
def test_names_mean_one_thing(text: str, used: str, told: str, tmp_path: Path) -> None:
    path = pack(tmp_path, text, u=used)
    assert codes(path) == ["E0003"]
    assert texts(path) == [told]


def test_a_name_that_clashes_says_where_it_stands_already(tmp_path: Path) -> None:
    path = pack(tmp_path, 'use "u.siyu"\n\nmetric a = 1\n', u="metric a = 2\n")
    (found,) = api.check(path).diagnostics
    (note,) = found.notes
    assert {found.span.file, note.span.file if note.span else None} == {"policy.siyu", "u.siyu"}


@pytest.mark.parametrize(
    ("alias", "allowed"),
    [("x", True), ("spend", False), ("orders", False), ("event", False), ("a", False)],
)
def test_a_prefix_is_a_name_of_its_own(alias: str, allowed: bool, tmp_path: Path) -> None:
    path = pack(tmp_path, f'use "u.siyu" as {alias}\n\nmetric a = spend\n', u="metric b = 2\n")
    assert (codes(path) == []) == allowed


# ---------------------------------------------------------------- headers


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("metric a = 1\n", ["E0001"]),
        ("policy p\n\nmetric a = 1\n", ["E0002"]),
        ("policy p\n  language 2\n\nmetric a = 1\n", ["E0002"]),
        ('policy p\n  language 1\n  timezone "Nowhere/City"\n\nmetric a = 1\n', ["E0005"]),
        ('policy p\n  language 1\n  timezone "../../etc/passwd"\n\nmetric a = 1\n', ["E0005"]),
        ('policy p\n  language 1\n  timezone ""\n\nmetric a = 1\n', ["E0005"]),
        ('policy p\n  language 1\n  timezone "Asia"\n\nmetric a = 1\n', ["E0005"]),
        ('policy p\n  language 1\n  timezone "asia/shanghai"\n\nmetric a = 1\n', ["E0005"]),
        ("policy p\n  language 1\n\nmetric a = 1\n", []),
        ("policy p\n  language 1\n", []),
    ],
)
def test_headers(header: str, expected: list[str], tmp_path: Path) -> None:
    path = tmp_path / "p.siyu"
    path.write_text(header, encoding="utf-8")
    assert codes(path) == expected


def test_the_digest_covers_policy_used_files_and_schema(tmp_path: Path) -> None:
    path = pack(tmp_path, 'use "u.siyu"\n', u="metric a = spend\n")
    digests = {siyu.load(path, cache=False).digest}
    (tmp_path / "u.siyu").write_text("metric a = spend \n", encoding="utf-8")
    digests.add(siyu.load(path, cache=False).digest)
    (tmp_path / "shop.yaml").write_text(SCHEMA + "# more\n", encoding="utf-8")
    digests.add(siyu.load(path, cache=False).digest)
    path.write_text(HEADER + 'use "u.siyu"\n# more\n', encoding="utf-8")
    digests.add(siyu.load(path, cache=False).digest)
    (tmp_path / "u.siyu").rename(tmp_path / "v.siyu")
    path.write_text(HEADER + 'use "v.siyu"\n# more\n', encoding="utf-8")
    digests.add(siyu.load(path, cache=False).digest)
    assert len(digests) == 5


def test_line_ends_and_marks_of_order_change_no_decision(tmp_path: Path) -> None:
    path = pack(tmp_path, "metric a = spend\n")
    before = siyu.load(path, cache=False)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    after = siyu.load(path, cache=False)
    assert after.digest == before.digest
    assert after.decide(MEMBER) == before.decide(MEMBER)


# ---------------------------------------------------------------- a catalogue of messages

CATALOGUE = "messages: 1\ntemplates:\n  hello: {title: 8折, body: 回复R退订}\n"


def test_a_catalogue_is_part_of_the_policy(tmp_path: Path) -> None:
    path = pack(tmp_path, "metric one = spend\n")
    text = path.read_text("utf-8")
    assert '  schema "' in text
    path.write_text(
        text.replace('  schema "', '  messages "messages.yaml"\n  schema "', 1), "utf-8"
    )
    (tmp_path / "messages.yaml").write_text(CATALOGUE, "utf-8")
    first = siyu.load(path).digest
    (tmp_path / "messages.yaml").write_text(CATALOGUE.replace("8折", "9折"), "utf-8")
    assert siyu.load(path).digest != first
    (tmp_path / "messages.yaml").write_text(CATALOGUE.replace("title", "titel"), "utf-8")
    assert codes(path) == ["E0208"]


@pytest.mark.parametrize("name", ["nowhere.yaml", "../messages.yaml", "/etc/passwd"])
def test_a_catalogue_lies_in_the_folder_of_the_policy(tmp_path: Path, name: str) -> None:
    path = pack(tmp_path, "contact policy h\n  require length(title) <= 8\n")
    text = path.read_text("utf-8")
    path.write_text(text.replace('  schema "', f'  messages "{name}"\n  schema "', 1), "utf-8")
    assert codes(path) == ["E0004"]
