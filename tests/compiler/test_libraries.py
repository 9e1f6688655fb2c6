"""Libraries: folders of policy files that several policies share."""

from __future__ import annotations

from pathlib import Path

import pytest

import siyu
from siyu import api
from siyu.api import cache as kept
from siyu.testing.coverage.measure import measure
from tests.api.packs import AT, HEADER, MEMBER, SCHEMA, pack
from tests.faces.shell import siyu as command

SETTINGS = "libraries:\n  shared: ../shared\n"
RFM = 'use "deep/more.siyu"\n\nmetric once = more\n'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The folder of a pack, beside a library of three files."""
    shop = tmp_path / "packs/shop"
    (tmp_path / "packs/shared/deep").mkdir(parents=True)
    shop.mkdir()
    (shop / "siyu.yaml").write_text(SETTINGS)
    (tmp_path / "packs/secret.siyu").write_text("metric secret = 1\n")
    library = tmp_path / "packs/shared"
    (library / "rfm.siyu").write_text(RFM)
    (library / "deep/more.siyu").write_text("metric more = spend\n")
    (library / "leads_out.siyu").symlink_to(tmp_path / "packs/secret.siyu")
    (library / "climbs.siyu").write_text('use "../secret.siyu"\n')
    return shop


def policy(shop: Path, text: str) -> Path:
    return pack(shop, text)


def found(shop: Path, text: str) -> tuple[str, str]:
    """What is said of a policy with one mistake, and what to do."""
    (one,) = api.check(policy(shop, text), lints=False).diagnostics
    assert one.code == "E0004"
    return one.text(), one.help_text()


def test_a_library_is_used_by_its_name(shop: Path) -> None:
    path = policy(shop, 'use "shared/rfm.siyu"\n\nmetric twice = once + more\n')
    assert api.check(path).files == (
        "policy.siyu",
        "../shared/rfm.siyu",
        "../shared/deep/more.siyu",
    )
    loaded = siyu.load(path, cache=False)
    assert loaded.decide(MEMBER).metrics == {"more": "5.00", "once": "5.00", "twice": "10.00"}


def test_under_a_prefix(shop: Path) -> None:
    path = policy(shop, 'use "shared/rfm.siyu" as r\n\nmetric twice = r.once + r.more\n')
    assert siyu.load(path, cache=False).decide(MEMBER).metrics["twice"] == "10.00"


def test_a_file_is_read_once_however_it_is_reached(shop: Path) -> None:
    uses = 'use "shared/rfm.siyu"\nuse "shared/deep/../deep/more.siyu"\n'
    path = policy(shop, uses + "\nmetric m = more\n")
    assert len(api.check(path).files) == 3


def test_the_digest_covers_content_and_written_path(shop: Path, tmp_path: Path) -> None:
    path = policy(shop, 'use "shared/rfm.siyu"\n')
    before = siyu.load(path, cache=False).digest
    (tmp_path / "packs/shared").rename(tmp_path / "packs/elsewhere")
    (shop / "siyu.yaml").write_text("libraries: {shared: ./../elsewhere}\n")
    assert siyu.load(path, cache=False).digest == before

    more = tmp_path / "packs/elsewhere/deep/more.siyu"
    more.write_text("metric more = spend + spend\n")
    assert siyu.load(path, cache=False).digest != before


def test_the_cache_follows_the_library_and_the_settings(shop: Path, tmp_path: Path) -> None:
    path = policy(shop, 'use "shared/rfm.siyu"\n')
    assert siyu.load(path).decide(MEMBER).metrics["once"] == "5.00"
    assert kept.fetch(path) is not None
    (tmp_path / "packs/shared/deep/more.siyu").write_text("metric more = spend * 3\n")
    assert siyu.load(path).decide(MEMBER).metrics["once"] == "15.00"

    other = tmp_path / "packs/other"
    other.mkdir()
    (other / "rfm.siyu").write_text("metric once = spend * 7\n")
    (shop / "siyu.yaml").write_text("libraries: {shared: ../other}\n")
    assert siyu.load(path).decide(MEMBER).metrics["once"] == "35.00"


@pytest.mark.parametrize(
    ("used", "said", "to_do"),
    [
        ("shard/rfm.siyu", "is not there", "did you mean `shared/rfm.siyu`?"),
        ("nothing/rfm.siyu", "is not there", "`siyu.yaml` names these libraries: `shared`"),
        ("shared/rmf.siyu", "is not there", "did you mean `shared/rfm.siyu`?"),
        ("shared/deep", "is a folder", ""),
        ("shared/../secret.siyu", "lies outside library `shared`", ""),
        ("shared/leads_out.siyu", "lies outside library `shared`", ""),
        ("shared/climbs.siyu", "lies outside library `shared`", ""),
        (
            "../shared/rfm.siyu",
            "lies outside the policy's folder",
            "such as `shared: ../shared`",
        ),
        (".", "is a folder", ""),
    ],
)
def test_what_cannot_be_used_is_told(used: str, said: str, to_do: str, shop: Path) -> None:
    text, advice = found(shop, f'use "{used}"\n')
    assert said in text
    assert to_do in advice


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("../nowhere", "whose folder `../nowhere` is not there"),
        ("../shared/rfm.siyu", "whose folder `../shared/rfm.siyu` is not there"),
        ("..", "whose folder `..` holds more than a library"),
        (".", "whose folder `.` holds more than a library"),
        ("../../../../../../../../../../../..", "holds more than a library"),
    ],
)
def test_a_folder_that_is_no_library(setting: str, said: str, shop: Path) -> None:
    (shop / "siyu.yaml").write_text(f"libraries: {{shared: {setting}}}\n")
    assert said in found(shop, 'use "shared/rfm.siyu"\n')[0]


def test_home_is_no_library(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "packs/shared"))
    assert "holds more than a library" in found(shop, 'use "shared/rfm.siyu"\n')[0]


def test_a_folder_and_a_library_of_one_name(shop: Path) -> None:
    (shop / "shared").mkdir()
    assert "both in a folder `shared` here and" in found(shop, 'use "shared/rfm.siyu"\n')[0]


def test_a_library_brings_no_lints_and_no_coverage_of_its_own(shop: Path, tmp_path: Path) -> None:
    rules = "segment never_named\n  when once >= 1 yuan\n"
    (tmp_path / "packs/shared/rfm.siyu").write_text(f"{RFM}\n{rules}")
    test = f'test "t" at {AT[:10]}\n  given customer\n    id = "a"\n  expect big\n'
    ours = "segment big\n  when once >= 0 yuan\n\n" + test
    path = policy(shop, f'use "shared/rfm.siyu"\n\n{ours}')
    assert [each.span.file for each in api.check(path).diagnostics if "../" in each.span.file] == []
    assert [rule.name for rule in measure(siyu.load(path, cache=False)).rules] == ["big"]


def test_commands_know_the_library(shop: Path, tmp_path: Path) -> None:
    library = tmp_path / "packs/shared"
    (library / "climbs.siyu").unlink()
    (library / "leads_out.siyu").unlink()
    path = policy(shop, 'use "shared/rfm.siyu"\n\nmetric twice = once + once\n')
    checked = command("check", tmp_path / "packs")
    assert "secret.siyu` has no `policy` line" in checked.out
    assert "rfm.siyu` has no" not in checked.out  # a policy uses it

    (library / "rfm.siyu").write_text("metric once = spend +\n")
    checked = command("check", path)
    assert checked.code == 1
    assert f"{library / 'rfm.siyu'}:1:" in checked.out


def test_a_schema_may_lie_in_a_library(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "packs/shared/shop.yaml").write_text(SCHEMA)
    path = policy(shop, "metric m = spend\n")
    path.write_text(path.read_text().replace('"shop.yaml"', '"shared/shop.yaml"'))
    (shop / "shop.yaml").unlink()
    assert HEADER.count("shop.yaml") == 1
    assert siyu.load(path, cache=False).decide(MEMBER).metrics["m"] == "5.00"
