"""What may be asked for by name, and what is said where nothing, or more than one thing, is called
so."""

from __future__ import annotations

from pathlib import Path

import pytest

from siyu.explain import NoSuchOutcome
from tests.explain.packs import asked, loaded, tour
from tests.explain.test_progress import FACTS, HEAD, request

TWINS = """\
segment one "Regulars"
  when n >= 1

segment two "Regulars"
  when n >= 2
"""


@pytest.mark.parametrize(
    ("what", "near"),
    [
        ("churn_risk.7", ("churn_risk.1", "churn_risk.2")),
        ("offer.row.9", ("offer.row.1", "offer.row.2", "offer.row.3")),
        ("wakeup.limt.1", ("wakeup.limit.1",)),
    ],
)
@pytest.mark.parametrize("why_not", [True, False])
def test_a_part_that_is_not_there_names_those_that_are(
    what: str, near: tuple[str, ...], why_not: bool
) -> None:
    with pytest.raises(NoSuchOutcome) as raised:
        if why_not:
            tour().explain(asked("M02"), why_not=what)
        else:
            tour().explain(asked("M02"), what)
    assert raised.value.near[: len(near)] == near


def test_a_level_that_is_not_there_names_all_levels() -> None:
    with pytest.raises(NoSuchOutcome) as raised:
        tour().explain(asked("M02"), "member_level.emerald")
    assert set(raised.value.near) <= {
        "member_level.platinum", "member_level.gold", "member_level.silver",
        "member_level.standard",
    }  # fmt: skip
    assert raised.value.near


@pytest.mark.parametrize("what", ["house.limit.1", "wakeup.benefit", "wakeup.limit.1", "offer.row"])
def test_codes_and_parts_stand_for_their_declaration(what: str) -> None:
    (outcome,) = tour().explain(asked("M02"), what).outcomes
    assert outcome.name == what.partition(".")[0]


def test_a_label_of_several_asks_which(tmp_path: Path) -> None:
    policy = loaded(tmp_path, HEAD + TWINS, FACTS)
    with pytest.raises(NoSuchOutcome) as raised:
        policy.explain(request(n=1), "Regulars")
    assert raised.value.shared
    assert raised.value.near == ("one", "two")
    assert str(raised.value) == "several are called `Regulars`: `one`, `two`"
