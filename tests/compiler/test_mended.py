"""What is wrong beside a mistake is found in the same run; what only follows is not told."""

from __future__ import annotations

from pathlib import Path

import pytest

from siyu import api
from siyu.diagnostics import Diagnostic
from siyu.semantics.errors import UndefinedName
from tests.api.packs import HEADER, pack


def found_in(path: Path) -> list[Diagnostic]:
    return list(api.check(path).diagnostics)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        # The left side is wrong, too.
        ("metric m = spnd\n\nparam most = 5 yuan\n\nsegment s\n  when m > mst\n", ("most",)),
        # What is meant has a mistake of its own.
        ("metric high = sped )\n\nsegment s\n  when hgh > 5\n", ("high",)),
        ("segment s\n  when flase\n", ("false",)),
    ],
)
def test_a_misspelt_name_gets_its_candidate(
    tmp_path: Path, text: str, near: tuple[str, ...]
) -> None:
    names = [each for each in found_in(pack(tmp_path, text)) if isinstance(each, UndefinedName)]
    assert names[-1].near == near


def test_parts_of_what_could_not_be_read_are_not_missed(tmp_path: Path) -> None:
    found = found_in(pack(tmp_path, "tier t by spend )\n  a otherwise\n\nmetric m = t.change\n"))
    assert [each.code for each in found] == ["E0106"]


def test_names_of_a_file_that_is_not_there_are_not_missed(tmp_path: Path) -> None:
    with_prefix = 'use "no.siyu" as a\n\nsegment s\n  when a.b and spend > a.c and nn\n'
    assert [each.code for each in found_in(pack(tmp_path, with_prefix))] == ["E0004", "E0303"]
    without = 'use "no.siyu"\n\nsegment s\n  when xyz\n\nsegment t\n  when spnd > 5 yuan\n'
    found = found_in(pack(tmp_path, without))
    assert [each.code for each in found] == ["E0004", "E0303"]
    assert found[1].span.start > without.index("spnd")


def test_a_name_without_its_prefix_gets_it(tmp_path: Path) -> None:
    path = pack(tmp_path, 'use "a.siyu" as a\n\nmetric m = rich\n', a="metric rich = spend\n")
    (found,) = found_in(path)
    assert isinstance(found, UndefinedName)
    assert found.near == ("a.rich",)


def test_a_header_that_is_partly_read_still_names_the_schema(tmp_path: Path) -> None:
    path = pack(tmp_path, "segment s\n  when spend > 5 yuan\n")
    broken = HEADER.replace("language 1", "language one") + "segment s\n  when spend > 5 yuan\n"
    path.write_text(broken, encoding="utf-8")
    assert [each.code for each in found_in(path)] == ["E0101"]


def test_a_grace_without_unit_is_told_as_every_length(tmp_path: Path) -> None:
    found = found_in(pack(tmp_path, "tier t by spend\n  a otherwise\n  keep 9 days\n  grace 30\n"))
    assert "E0412" in [each.code for each in found]
    assert "E0402" not in [each.code for each in found]
