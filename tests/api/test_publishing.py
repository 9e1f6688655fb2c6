"""Frozen rules: once published they stay as they are, until their day has passed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import siyu
from siyu.api.checking import check
from siyu.api.errors import InputFileError, PolicyError
from siyu.api.publishing import Published, publish

POLICY = """policy double_eleven "双十一"
  language 1
  timezone "Asia/Shanghai"
  currency CNY
  schema "facts.yaml"

param bar = 100 yuan
metric paid "实付" = sum(orders.amount)
segment rich "大客户"
  when paid > bar
table offer "优惠" first gives price
  | rich -> price |
  | true -> "A"   |
  | any  -> "B"   |
incentive gift "礼券"
  for rich
  give offer.price
  soft internal
  competes in one
  because "thank you"
  frozen from 2026-11-01 to 2026-11-12
incentive other
  for n > 3
  give coupon
  soft internal
  competes in one
group one choose 1 by priority
incentive free
  for city = "Paris"
  give coupon
  soft internal
"""
FACTS = """schema: facts
customer:
  key: id
  fields:
    id: {type: text}
    n: {type: int, default: 0}
    city: {type: text, optional: true}
collections:
  orders:
    key: no
    default: []
    fields:
      no: {type: text}
      amount: {type: money}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "p.siyu").write_text(POLICY, encoding="utf-8")
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    return tmp_path


def on(day: str, pack: Path) -> Published:
    return publish(pack, dt.date.fromisoformat(day))


def edit(pack: Path, old: str, new: str, file: str = "p.siyu") -> None:
    text = (pack / file).read_text(encoding="utf-8")
    assert text.count(old) >= 1
    (pack / file).write_text(text.replace(old, new), encoding="utf-8")


def told(pack: Path) -> list[str]:
    return [f"{each.code} {each.text()}" for each in check(pack, lints=False).diagnostics]


def test_a_published_policy_is_as_right_as_before(pack: Path) -> None:
    before = siyu.load(pack).digest
    made = on("2026-10-20", pack)
    assert [(b.rule, b.label, b.last) for b in made.new] == [("gift", "礼券", "2026-11-12")]
    assert made.changed and not made.kept and not made.let_go
    assert told(pack) == []
    assert siyu.load(pack).digest == before
    text = (pack / "published.yaml").read_text(encoding="utf-8")
    assert "when paid > bar" in text
    assert "city" not in text
    assert not on("2026-10-21", pack).changed
    assert (pack / "published.yaml").read_text(encoding="utf-8") == text
    assert [each.name for each in pack.iterdir() if each.name.endswith(".part")] == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("paid > bar", "paid >= bar", "`rich` has changed: it said `when paid > bar`"),
        ("= 100 yuan", "= 200 yuan", "`bar` has changed"),
        ('-> "A"  ', '-> "C"  ', "`offer` has changed"),
        ("sum(orders.amount)", 'sum(orders.amount where orders.no != "1")', "`paid` has changed"),
        ("  for rich\n", "  for rich and n > 1\n", "`gift` has changed"),
        ("n > 3", "n > 4", "`other` has changed"),
        ("to 2026-11-12", "to 2026-11-11", "it may not end earlier, on 2026-11-11"),
        ("  frozen from 2026-11-01 to 2026-11-12\n", "", "its period `frozen from … to …` is gone"),
        ('incentive gift "礼券"', 'incentive present "礼券"', "is gone"),
        ('timezone "Asia/Shanghai"', 'timezone "Europe/Paris"', "the fact `timezone` was"),
        ("  competes in one\n  because", "  priority 3\n  competes in one\n  because", "`gift`"),
    ],
)
def test_what_a_frozen_rule_rests_on_may_not_change(
    pack: Path, old: str, new: str, said: str
) -> None:
    on("2026-10-20", pack)
    edit(pack, old, new)
    (found,) = told(pack)
    assert found.startswith("E0006 ")
    assert said in found
    assert "is frozen until 2026-11-12" in found
    with pytest.raises(PolicyError):
        siyu.load(pack)
    before = (pack / "published.yaml").read_bytes()
    with pytest.raises(PolicyError):
        on("2026-11-12", pack)
    assert (pack / "published.yaml").read_bytes() == before


def test_a_type_that_a_frozen_rule_reads_may_not_change(pack: Path) -> None:
    on("2026-10-20", pack)
    edit(pack, "amount: {type: money}", "amount: {type: money, optional: true}", "facts.yaml")
    (found,) = told(pack)
    assert "the fact `orders.amount` was" in found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("thank you", "多谢"),
        ('"礼券"', '"礼品券"'),
        ("  for rich\n", "  for   rich  # who spends\n"),
        ('city = "Paris"', 'city = "London"'),
        ("2026-11-12", "2026-11-30"),
        ("paid", "spent"),
        ("  give offer.price\n", "  给予 offer.price\n"),
        ("    n: {type: int, default: 0}", "    n: {type: int, default: 0, label: 次数}"),
    ],
)
def test_what_is_free_may_change(pack: Path, old: str, new: str) -> None:
    on("2026-10-20", pack)
    if old == "paid":
        edit(pack, "sum(orders.amount)\n", "sum(orders.amount)\n  formerly paid\n")
        edit(pack, "metric paid", "metric spent")
        edit(pack, "paid > bar", "spent > bar")
    else:
        edit(pack, old, new, "facts.yaml" if "label" in new else "p.siyu")
    assert told(pack) == []
    on("2026-11-01", pack)


def test_a_rename_keeps_the_old_name(pack: Path) -> None:
    on("2026-10-20", pack)
    edit(pack, "incentive gift", "incentive present")
    edit(pack, "  because", "  formerly gift\n  because")
    assert told(pack) == []
    made = on("2026-11-01", pack)
    assert [(b.rule, b.published) for b in made.kept] == [("present", "2026-10-20")]
    assert told(pack) == []


def test_after_the_last_day_the_rule_is_let_go(pack: Path) -> None:
    on("2026-10-20", pack)
    edit(pack, "n > 3", "n > 4")
    made = on("2026-11-13", pack)
    assert [b.rule for b in made.let_go] == ["gift"]
    assert not made.new and not made.kept
    assert told(pack) == []


def test_a_file_that_was_edited_is_refused(pack: Path) -> None:
    on("2026-10-20", pack)
    edit(pack, "when paid > bar", "when paid > 0", "published.yaml")
    (found,) = told(pack)
    assert found.startswith("E0007 ") and "was edited" in found
    with pytest.raises(InputFileError):
        on("2026-11-13", pack)


def test_a_policy_that_gets_another_name_is_refused(pack: Path) -> None:
    on("2026-10-20", pack)
    edit(pack, "policy double_eleven", "policy double_twelve")
    (found,) = told(pack)
    assert found.startswith("E0007 ") and "`double_eleven`" in found


def test_policies_of_one_folder_are_bound_each_by_itself(pack: Path) -> None:
    other = POLICY.replace("policy double_eleven", "policy another")
    (pack / "q.siyu").write_text(other, encoding="utf-8")
    publish(pack / "p.siyu", dt.date(2026, 10, 20))
    assert check(pack / "q.siyu", lints=False).ok
    publish(pack / "q.siyu", dt.date(2026, 10, 21))
    edit(pack, "paid > bar", "paid >= bar", "q.siyu")
    assert check(pack / "p.siyu", lints=False).ok
    assert not check(pack / "q.siyu", lints=False).ok
    made = publish(pack / "p.siyu", dt.date(2026, 11, 1))
    assert [(b.rule, b.published) for b in made.kept] == [("gift", "2026-10-20")]
    assert not check(pack / "q.siyu", lints=False).ok


def test_a_file_that_is_none_is_refused(pack: Path) -> None:
    for text in ("- 1\n", "published: 2\npolicies: {}\n", "published: 1\npolicies: {p: 1}\n"):
        (pack / "published.yaml").write_text(text, encoding="utf-8")
        assert "cannot be read" in told(pack)[0]


def test_a_policy_with_errors_is_not_published(pack: Path) -> None:
    edit(pack, "for rich", "for ritch")
    with pytest.raises(PolicyError):
        on("2026-10-20", pack)
    assert not (pack / "published.yaml").exists()


def test_nothing_is_written_where_nothing_is_frozen(pack: Path) -> None:
    edit(pack, "  frozen from 2026-11-01 to 2026-11-12\n", "")
    made = on("2026-10-20", pack)
    assert (made.new, made.kept, made.let_go) == ((), (), ())
    assert not (pack / "published.yaml").exists()


def test_a_cached_policy_is_looked_at_again(
    pack: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIYU_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
    siyu.load(pack)
    siyu.load(pack)
    on("2026-10-20", pack)
    changed = POLICY.replace("n > 3", "n > 4")
    (pack / "p.siyu").write_text(changed, encoding="utf-8")
    with pytest.raises(PolicyError):
        siyu.load(pack)
    (pack / "published.yaml").unlink()
    siyu.load(pack)
