"""A policy comes out of the cache only if nothing has changed, and only from a safe place."""

from __future__ import annotations

import hashlib
import marshal
import os
import pickle
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import siyu
from siyu.api import cache as kept

from .packs import MEMBER, RETAIL, ROOT, pack

RULES = 'use "more.siyu"\n\nmetric twice = spend + once\n'
MORE = "metric once = spend\n"


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """A policy that uses another file, kept in the cache."""
    path = pack(tmp_path, RULES, more=MORE)
    siyu.load(path)
    assert kept.fetch(path) is not None
    return path


def entry(folder: Path) -> Path:
    (found,) = folder.glob("*.policy")
    return found


def test_an_unchanged_policy_decides_the_same_out_of_the_cache(policy: Path) -> None:
    fresh = siyu.load(policy, cache=False)
    again = siyu.load(policy)

    assert again.digest == fresh.digest
    assert again.decide(MEMBER).to_json() == fresh.decide(MEMBER).to_json()
    assert again.explain(MEMBER) == fresh.explain(MEMBER)


@pytest.mark.parametrize("name", ["policy.siyu", "more.siyu", "shop.yaml"])
def test_a_change_of_any_file_compiles_anew(name: str, policy: Path) -> None:
    changed = policy.parent / name
    before = siyu.load(policy).digest
    text = changed.read_text(encoding="utf-8")
    changed.write_text(text.replace("spend + once", "spend + once + once") + "# new\n", "utf-8")

    assert kept.fetch(policy) is None
    assert siyu.load(policy).digest != before


def test_a_changed_file_decides_anew(policy: Path) -> None:
    assert siyu.load(policy).decide(MEMBER).metrics["twice"] == "10.00"
    (policy.parent / "more.siyu").write_text("metric once = spend + spend\n", encoding="utf-8")
    assert siyu.load(policy).decide(MEMBER).metrics["twice"] == "15.00"


def test_a_deleted_file_is_missed(policy: Path) -> None:
    (policy.parent / "more.siyu").unlink()

    with pytest.raises(siyu.api.PolicyError, match="E0004"):
        siyu.load(policy)


def test_a_file_that_changes_while_it_is_compiled_is_not_taken_for_what_was_read(
    policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import siyu.compiler

    more = policy.parent / "more.siyu"
    more.write_text("metric once = spend + spend\n", encoding="utf-8")
    compile_pack = siyu.compiler.compile_pack

    def slowly(found: siyu.compiler.Pack) -> object:
        more.write_text(MORE, encoding="utf-8")
        return compile_pack(found)

    monkeypatch.setattr(siyu.compiler, "compile_pack", slowly)
    assert siyu.load(policy).decide(MEMBER).metrics["twice"] == "15.00"
    monkeypatch.undo()
    assert siyu.load(policy, cache=False).decide(MEMBER).metrics["twice"] == "10.00"
    assert kept.fetch(policy) is None


def test_sources_of_another_program_do_not_count(
    policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "program_stamp", lambda: "another program")
    assert kept.fetch(policy) is None


def test_the_stamp_sees_every_source(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    source = tmp_path / "inner" / "a.py"
    source.write_text("1\n")
    before = sorted(kept._stamps(str(tmp_path)))
    os.utime(source, ns=(1, 1))

    assert before != sorted(kept._stamps(str(tmp_path)))
    assert len(before) == 1


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "cut": lambda data: data[: len(data) // 2],
    "one bit": lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
    "text": lambda data: b"policy shop\n" * 100,
    "a pickle": lambda data: pickle.dumps(["nothing"]),
    "zeroes": lambda data: bytes(len(data)),
    "well summed rubbish": lambda data: hashlib.sha256(b"\xe3" * 50).digest() + b"\xe3" * 50,
    "well summed, another shape": lambda data: summed(marshal.dumps(("x", 5))),
}


def summed(body: bytes) -> bytes:
    return hashlib.sha256(body).digest() + body


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_entry_is_compiled_anew_and_replaced(
    damage: str, policy: Path, cache: Path
) -> None:
    kept_at = entry(cache)
    kept_at.write_bytes(DAMAGE[damage](kept_at.read_bytes()))

    assert kept.fetch(policy) is None
    assert siyu.load(policy).decide(MEMBER).metrics["twice"] == "10.00"
    assert kept.fetch(policy) is not None


class Exploit:
    """What a pickle may do to whoever reads it."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (os.mkdir, ("exploited",))


@pytest.mark.skipif(os.name == "nt", reason="only POSIX folders have rights of groups and others")
@pytest.mark.parametrize("right", [stat.S_IWGRP, stat.S_IWOTH])
def test_a_folder_that_others_can_write_is_never_read(
    right: int, policy: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    body = list(marshal.loads(entry(cache).read_bytes()[kept.SUM :]))
    body[2] = pickle.dumps(Exploit())
    entry(cache).write_bytes(summed(marshal.dumps(tuple(body))))
    cache.chmod(0o700 | right)

    assert kept.folder() is None
    assert siyu.load(policy).decide(MEMBER).metrics["twice"] == "10.00"
    assert not (tmp_path / "exploited").exists()


def test_a_new_folder_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIYU_CACHE_DIR", str(tmp_path / "deep/new"))
    found = kept.folder()

    assert found is not None
    assert stat.S_IMODE(found.stat().st_mode) & 0o022 == 0


def test_an_empty_name_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIYU_CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))

    assert siyu.load(pack(tmp_path, "metric a = spend\n")).name == "shop"
    assert not (tmp_path / "home").exists()


def test_without_a_name_the_users_cache_folder_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIYU_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))

    siyu.load(pack(tmp_path, "metric a = spend\n"))
    assert len(list((tmp_path / "home/siyu").glob("*.policy"))) == 1


@pytest.mark.parametrize("place", ["file", "nul"])
def test_where_nothing_can_be_kept_the_policy_decides_all_the_same(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    folder = str(tmp_path / "file") if place == "file" else "/proc/nowhere/siyu"
    monkeypatch.setenv("SIYU_CACHE_DIR", folder)
    path = pack(tmp_path, "metric a = spend\n")

    assert siyu.load(path).decide(MEMBER).metrics["a"] == "5.00"
    assert kept.fetch(path) is None


def test_an_entry_that_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert siyu.load(pack(tmp_path, "metric a = spend\n")).name == "shop"
    assert list(cache.iterdir()) == []


def test_a_policy_with_errors_is_not_kept(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(siyu.api.PolicyError):
        siyu.load(pack(tmp_path, "metric a = nowhere\n"))
    assert list(cache.iterdir()) == []


def test_cache_false_neither_reads_nor_writes(policy: Path, cache: Path) -> None:
    entry(cache).unlink()
    siyu.load(policy, cache=False)
    assert list(cache.iterdir()) == []


LOADING = """
import sys, siyu
policy = siyu.load(sys.argv[1])
print(*sorted(name for name in sys.modules if name.startswith(("siyu", "lark", "pydantic",
      "ruamel", "click", "rich", "dataclasses"))))
policy.decide({decide})
print(*sorted(name for name in sys.modules if name.startswith(("siyu", "lark", "pydantic",
      "ruamel", "click", "rich"))))
"""
LANGUAGE = {"siyu.syntax", "siyu.semantics", "siyu.kinds", "siyu.compiler", "siyu.schema.load"}


def test_loading_and_deciding_out_of_the_cache_read_no_language(policy: Path) -> None:
    code = LOADING.format(decide=repr(MEMBER))
    run = [sys.executable, "-c", code, str(policy)]
    found = subprocess.run(run, check=True, capture_output=True, text=True, cwd=ROOT)
    loading, deciding = (set(line.split()) for line in found.stdout.splitlines())

    assert loading == {
        "siyu", "siyu.api", "siyu.api.cache", "siyu.api.errors", "siyu.api.loading",
        "siyu.api.paths", "siyu.api.policy", "siyu.resources",
    }  # fmt: skip
    assert not deciding & LANGUAGE
    assert not any(name.split(".")[0] in ("lark", "pydantic", "ruamel") for name in deciding)


def test_tests_and_words_are_there_out_of_the_cache() -> None:
    fresh = siyu.load(RETAIL / "tour.siyu")
    again = siyu.load(RETAIL / "tour.siyu")

    assert kept.fetch(RETAIL / "tour.siyu") is not None
    assert [case.title for case in again.tests] == [case.title for case in fresh.tests]
    assert again.diagnostics == fresh.diagnostics
    assert again.compiled.labels == fresh.compiled.labels
