"""Files beside a policy that mean harm: calendars, catalogues, published rules, settings. Each is
told of, with its place, and none is taken for what it is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from siyu.api.checking import check
from siyu.api.errors import InputFileError

from .packs import pack

HEADER = """\
policy p
  language 1
  timezone "Asia/Shanghai"
  currency CNY
  schema "facts.yaml"
"""
# What names the file, and what it is called.
NAMED = {
    "calendar": (
        "",
        'calendar c from "days.yaml"\n\nsegment s\n  when today is c.sale\n',
        "days.yaml",
    ),
    "messages": ('  messages "texts.yaml"\n', "segment s\n  when n > 1\n", "texts.yaml"),
    "published": ("", "segment s\n  when n > 1\n", "published.yaml"),
    "settings": ("", 'use "lib/x.siyu"\n', "siyu.yaml"),
}


def nine(n: int) -> bytes:
    """A list of nine times the list before."""
    return b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 9))


BAD = {
    "empty": b"",
    "a comment": b"# nothing\n",
    "a NUL": b"a: \0\n",
    "GBK": "source: 中国节假日\n".encode("gbk"),
    "UTF-16": "calendar: 1\n".encode("utf-16"),
    "a list": b"[1, 2]",
    "a number": b"42",
    "nothing": b"null",
    "a bracket that stays open": b"a: [1, 2",
    "a tab": b"a:\n\t- b: 1",
    "keys twice": b"calendar: 1\nmessages: 1\nlibraries: {}\n" * 2,
    "an alias": b"a: &x [1]\nb: *x\n",
    "an alias of itself": b"a: &a [*a]\n",
    "a billion": b"a: &a [x]\n" + b"".join(map(nine, range(9))),
    "a tag that runs": b"!!python/object/apply:os.system ['true']\n",
    "20,000 brackets": b"[" * 20_000,
    "1,500 levels": b"".join(b" " * n + b"a:\n" for n in range(1_500)),
    "1 MB": b"x: " + b"y" * 1_000_000,
    "two documents": b"a: 1\n---\nb: 2\n",
    "a list as a key": b"[1, 2]: 3\n",
    "half of a pair": b'a: "\\ud800"\n',
    "all bytes": bytes(range(256)),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("kind", NAMED)
def test_a_bad_file_is_told_of(tmp_path: Path, kind: str, bad: str) -> None:
    head, body, name = NAMED[kind]
    path = pack(tmp_path, body, header=HEADER + head + "\n")
    (tmp_path / name).write_bytes(BAD[bad])
    try:
        told = [each.text() for each in check(path, lints=False).diagnostics]
    except InputFileError as error:
        told = [error.message]
    assert told
    assert all("Traceback" not in each and "Error" not in each for each in told)


@pytest.mark.parametrize("kind", ["calendar", "messages"])
@pytest.mark.parametrize("how", ["missing", "a folder", "a link out", "a link to itself", "a pipe"])
def test_what_is_no_file_of_the_pack_is_refused(tmp_path: Path, kind: str, how: str) -> None:
    head, body, name = NAMED[kind]
    inner = tmp_path / "pack"
    inner.mkdir()
    path = pack(inner, body, header=HEADER + head + "\n")
    match how:
        case "a folder":
            (inner / name).mkdir()
        case "a link out":
            (tmp_path / "outside.yaml").write_text("calendar: 1\n", encoding="utf-8")
            (inner / name).symlink_to("../outside.yaml")
        case "a link to itself":
            (inner / name).symlink_to(name)
        case "a pipe":
            os.mkfifo(inner / name)
    assert "E0004" in [each.code for each in check(path, lints=False).diagnostics]


def test_a_file_that_cannot_be_read_is_not_what_was_meant_instead(tmp_path: Path) -> None:
    path = pack(tmp_path, NAMED["calendar"][1], header=HEADER + "\n")
    (tmp_path / "days.yaml").write_bytes("source: 节假日\n".encode("gbk"))
    (found,) = check(path, lints=False).diagnostics
    assert "not UTF-8" in found.text()
    assert "did you mean" not in str(found.what_to_do())


@pytest.mark.parametrize("version", ["true", "1.0", "'2'", "[1]"])
@pytest.mark.parametrize(("kind", "code"), [("calendar", "E0804"), ("messages", "E0210")])
def test_a_format_is_known_or_refused(tmp_path: Path, kind: str, code: str, version: str) -> None:
    head, body, name = NAMED[kind]
    path = pack(tmp_path, body, header=HEADER + head + "\n")
    (tmp_path / name).write_text(f"{kind}: {version}\n", encoding="utf-8")
    assert code in [each.code for each in check(path, lints=False).diagnostics]
