"""`expect decision like`: the whole decision, kept in a file beside the policy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siyu.testing import Difference
from siyu.testing.snapshots import differences, kept_text
from tests.testing.shop import load, run, said, write_json

TEXT = """\
test "rich" at 2026-11-21 10:00
  given calibration
    best.top_5 = 500 yuan
  given customer
    id = "a", spend = 600 yuan
  expect rich
  expect decision like "decisions/rich.json"
"""
REQUEST = {"customer": {"id": "a", "spend": 600, "orders": []}, "as_of": "2026-11-21T02:00:00Z"}


def decided(folder: Path) -> dict[str, object]:
    """What the policy decides about the same customer, asked in another way."""
    policy = load(folder, TEXT)
    cuts = "calibration: 1\npolicy: shop\nas_of: 2026-11-21T10:00:00+08:00\npopulation: 10\ncuts:\n"
    (folder / "calibration.yaml").write_text(f'{cuts}  best.top_5: "500.00"\n', encoding="utf-8")
    import siyu

    calibrated = siyu.load(policy.path, folder / "calibration.yaml", cache=False)
    return calibrated.decide(REQUEST).to_dict()


def test_the_decision_is_that_of_the_file(tmp_path: Path) -> None:
    write_json(tmp_path / "decisions" / "rich.json", decided(tmp_path))
    (result,) = run(tmp_path, TEXT)
    assert result.passed, result.failures
    (kept,) = result.kept
    assert (kept.same, kept.file.path) == (True, "decisions/rich.json")
    assert json.loads(kept.text).keys() == decided(tmp_path).keys() - {"policy", "calibration"}


def test_how_the_file_is_laid_out_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "decisions" / "rich.json"
    write_json(path, dict(reversed(decided(tmp_path).items())))
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")), indent=7), encoding="utf-8")
    (result,) = run(tmp_path, TEXT)
    assert result.passed, result.failures


def test_what_is_different_is_told_place_by_place(tmp_path: Path) -> None:
    document = json.loads(json.dumps(decided(tmp_path)))
    document["incentives"][0]["cost"] = "6.00"
    document["metrics"]["gone"] = 5
    del document["segments"]["rich"]
    document["incentives"].insert(0, {"rule": "another", "cost": None})
    write_json(tmp_path / "decisions" / "rich.json", document)
    (result,) = run(tmp_path, TEXT)
    (failure,) = result.failures
    assert str(failure.text).startswith("the decision is not that of `decisions/rich.json` in 4 ")
    assert failure.differences == (
        Difference("metrics.gone", "5", None),
        Difference("segments.rich", None, "true"),
        Difference("incentives[another]", '{"rule": "another", "cost": null}', None),
        Difference("incentives[coupon].cost", '"6.00"', '"5.00"'),
    )
    assert [each.same for each in result.kept] == [False]


@pytest.mark.parametrize(
    ("content", "told", "same"),
    [
        (None, "`decisions/rich.json` is not there yet: look at the decision that", False),
        (b"{", "`decisions/rich.json` does not hold a JSON object: the text is not valid", True),
        (b'{"id": "a"}', "`decisions/rich.json` holds something else than a decision", True),
    ],
)
def test_a_file_that_is_no_decision_is_not_one_to_write_over(
    tmp_path: Path, content: bytes | None, told: str, same: bool
) -> None:
    if content is not None:
        (tmp_path / "decisions").mkdir()
        (tmp_path / "decisions" / "rich.json").write_bytes(content)
    (result,) = run(tmp_path, TEXT)
    (failure,) = result.failures
    assert str(failure.text).startswith(told)
    assert [each.same for each in result.kept] == [same]


def test_a_whole_decision_needs_all_facts_and_figures(tmp_path: Path) -> None:
    without = TEXT.replace("  given calibration\n    best.top_5 = 500 yuan\n", "")
    assert said(run(tmp_path, without)) == {
        "rich": ["it compares with the whole population: give the calibration `best.top_5`"]
    }
    narrow = without.replace('  expect decision like "decisions/rich.json"\n', "")
    assert said(run(tmp_path, narrow)) == {"rich": []}


def test_the_results_hand_out_what_was_seen_of_the_whole_policy(tmp_path: Path) -> None:
    (result,) = run(tmp_path, TEXT)
    assert result.evaluated is not None
    assert result.evaluated.values["best"] is True
    narrow = run(tmp_path, TEXT.replace('  expect decision like "decisions/rich.json"\n', ""))
    assert narrow[0].evaluated is not None
    assert "best" not in narrow[0].evaluated.values


# ---------------------------------------------------------------- comparing documents

LEAVES = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "1", "金卡"])
OUTCOMES = st.lists(
    st.fixed_dictionaries({"rule": st.sampled_from("abc")}, optional={"cost": LEAVES}), max_size=3
)
DOCUMENTS = st.recursive(
    LEAVES | OUTCOMES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(DOCUMENTS, DOCUMENTS)
def test_documents_differ_where_they_are_not_the_same(one: object, other: object) -> None:
    found = list(differences(one, other))
    if not _reordered(one, other):
        assert (not found) == (json.dumps(one) == json.dumps(other)), found
    assert list(differences(one, one)) == []
    assert len(list(differences(other, one))) == len(found)
    assert len({each.path for each in found}) == len(found)


def _reordered(one: object, other: object) -> bool:
    """Whether two documents are the same but for the order of keys and of rules' outcomes."""
    return json.dumps(one) != json.dumps(other) and _sorted(one) == _sorted(other)


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {name: _sorted(each) for name, each in sorted(value.items())}
    if isinstance(value, list):
        return sorted(json.dumps(_sorted(each), sort_keys=True) for each in value)
    return json.dumps(value)


def test_a_file_is_readable_and_ends_its_line() -> None:
    text = kept_text({"policy": {"digest": "x"}, "classes": {"a": "金卡"}, "calibration": None})
    assert text == '{\n  "classes": {\n    "a": "金卡"\n  }\n}\n'
