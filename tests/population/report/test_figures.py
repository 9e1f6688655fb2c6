"""The figures of a report, against a base that is counted by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from siyu.population.report.figures import Asked, figures_of
from siyu.population.report.folder import ReportFailed
from siyu.population.report.layers import FREQUENCY_DIGITS
from siyu.population.report.model import Figures, PointsCost, plain
from siyu.population.report.outcomes import budgets
from tests.population.report.conftest import KINDS, ROWS, run_of, values
from tests.population.report.making import small_run

D = Decimal


@pytest.fixture(scope="module")
def found(small: Path, earlier: Path) -> Figures:
    cost = PointsCost(D("0.01"), D("0.6"), D("0.35"))
    return figures_of(Asked(small, earlier, points=cost))[0]


def test_layers_stand_from_the_top_and_sum_up(found: Figures) -> None:
    pyramid = found.pyramid
    assert pyramid is not None
    assert (pyramid.of, pyramid.sales, pyramid.orders) == ("level", "spend_12m", "orders_12m")
    counted = [(e.layer, e.heads, e.sales, e.orders) for e in pyramid.layers]
    assert counted == [
        ("gold", 2, D("4000.00"), 14),
        ("silver", 2, D("800.00"), 4),
        ("plain", 3, D("200.50"), 2),
        (None, 1, D("0.00"), 0),
    ]
    gold = pyramid.layers[0]
    assert (gold.share_of_heads, gold.share_of_sales) == (D("0.250000"), D("0.799920"))
    assert (gold.frequency, gold.value) == (D("7.000000"), D("285.71"))
    assert pyramid.layers[3].value is None
    whole = pyramid.whole
    assert (whole.heads, whole.sales, whole.orders) == (8, D("5000.50"), 20)
    assert whole.frequency == D("2.5").quantize(D(1).scaleb(-FREQUENCY_DIGITS))


def test_what_changed_the_sales_is_heads_frequency_and_value(found: Figures) -> None:
    pyramid = found.pyramid
    assert pyramid is not None and pyramid.changes is not None
    by = {each.layer: each for each in pyramid.changes}
    # gold before: 2 heads, 10 orders, 3000; now 2, 14, 4000: 4 orders more at 300, each worth less
    gold = by["gold"]
    assert (gold.heads, gold.frequency, gold.value) == (D("0.00"), D("1200.00"), D("-200.00"))
    # silver before: 2 heads, 5 orders, 900; now 2, 4, 800: an order less at 180
    silver = by["silver"]
    assert (silver.frequency, silver.value, silver.sales) == (
        D("-180.00"), D("80.00"), D("-100.00"),
    )  # fmt: skip
    for each in pyramid.changes:
        assert each.heads + each.frequency + each.value == each.sales
    assert sum(each.sales for each in pyramid.changes) == D("5000.50") - D("4050.00")


def test_segments_and_their_overlaps(found: Figures) -> None:
    segments = found.segments
    assert segments is not None
    sized = [(s.name, s.true, s.false, s.unknown, s.before) for s in segments.segments]
    assert sized == [("rich", 3, 4, 1, 2), ("new", 2, 4, 2, 2)]
    assert [(o.segments, o.heads) for o in segments.overlaps] == [
        (("rich",), 2), (("new",), 1), (("rich", "new"), 1),
    ]  # fmt: skip
    assert segments.both == ((3, 1), (1, 2))


def test_stages_cross_the_pyramid(found: Figures) -> None:
    (stage,) = found.stages
    counted = [(s.layer, s.heads, s.sales) for s in stage.stages]
    assert counted == [
        ("growth", 4, D("1900.50")), ("mature", 2, D("3100.00")), ("lost", 0, D("0.00")),
        (None, 2, D("0.00")),
    ]  # fmt: skip
    assert stage.levels == ("gold", "silver", "plain", None)
    assert stage.crossed == ((1, 2, 1, 0), (1, 0, 1, 0), (0, 0, 0, 0), (0, 0, 1, 1))
    assert stage.before == {"growth": 4, "mature": 3, "lost": 0}


def test_movements_are_counted_by_change(found: Figures) -> None:
    (moves,) = found.movements
    assert moves.levels == ("gold", "silver", "plain")
    assert [(m.held, m.change, m.level, m.heads) for m in moves.movements] == [
        (None, "entered", "plain", 1), ("silver", "upgraded", "gold", 1),
        ("gold", "kept", "gold", 1), ("silver", "kept", "silver", 1), ("plain", "kept", "plain", 2),
        ("gold", "downgraded", "silver", 1), (None, None, None, 1),
    ]  # fmt: skip


def test_a_tier_that_remembers_nothing_moves_since_the_earlier_run(
    tmp_path: Path, found: Figures, earlier: Path
) -> None:
    forgot = (
        f'SELECT * REPLACE (NULL::VARCHAR AS "level.held", \'entered\' AS "level.change") '
        f"FROM ({values(ROWS)})"
    )
    folder = small_run(tmp_path / "run", forgot, run=run_of(ROWS))
    assert figures_of(Asked(folder, earlier))[0].movements == found.movements
    (alone,) = figures_of(Asked(folder))[0].movements
    assert {each.change for each in alone.movements} == {"entered"}


def test_what_is_called_a_pyramid_is_the_pyramid(tmp_path: Path) -> None:
    select = f"SELECT *, level AS ring FROM ({values(ROWS)})"
    kinds = {**KINDS, "ring": "tier"}
    for labels, of in (({}, "level"), ({"ring": "客户金字塔"}, "ring")):
        run = run_of(ROWS, kinds=kinds, labels=labels)
        pyramid = figures_of(Asked(small_run(tmp_path / of, select, run=run)))[0].pyramid
        assert pyramid is not None and pyramid.of == of


def test_points_cost_half_of_what_they_buy(found: Figures) -> None:
    earn, pay = found.points.posted
    assert (earn.given, earn.taken, earn.face) == (401, None, D("4.01"))
    # 401 × 0.01 × 60 % × 35 % ÷ 2 = 0.42105
    assert earn.cost == D("0.42")
    assert (pay.taken, pay.worth_taken, pay.cost) == (-100, D("-1.00"), None)


def test_incentives_contacts_and_what_stopped_them(found: Figures) -> None:
    (coupon,) = found.incentives.given
    assert (coupon.awards, coupon.worth, coupon.cost) == (2, D("100.00"), D("35.00"))
    assert (coupon.held_back, coupon.before) == (2, 1)
    (budget,) = found.incentives.budgets
    assert (budget.left, budget.refused) == ("40.00", "2")
    assert [(s.channel, s.contacts) for s in found.outreach.sent] == [("sms", 1), ("wecom", 1)]
    assert found.outreach.before == 1
    assert [(s.rule, s.kind, s.by, s.code, s.times) for s in found.outreach.stopped] == [
        ("coupon", "incentive", "budget", "coupon.budget.1", 2),
        ("hello", "contact", "consent", "hello.via.1", 1),
    ]


def test_scores_fall_into_bins_of_a_round_width(found: Figures) -> None:
    (risk,) = found.scores
    assert (risk.low, risk.high, risk.average) == (D("0.0"), D("90.0"), D("29.166667"))
    assert (risk.known, risk.unknown) == (6, 2)
    full = [(b.low, b.high, b.heads) for b in risk.bins if b.heads]
    assert full == [(0, 5, 1), (5, 10, 1), (20, 25, 2), (40, 45, 1), (90, 95, 1)]
    assert len(risk.bins) == 19


def test_indicators_stand_beside_the_earlier_run_from_the_top(found: Figures) -> None:
    (rate,) = found.indicators
    assert (rate.value, rate.before, rate.by) == ("0.500000", "0.400000", "level")
    assert [key for key, _, _ in rate.groups] == ["gold", "silver", "plain", "unknown"]


def test_claims_that_do_not_hold_come_first(found: Figures) -> None:
    assert [(c.name, c.holds, c.value) for c in found.claims] == [
        ("surge", False, "0.600000"), ("promise", True, None),
    ]  # fmt: skip
    assert found.claims[1].unknown == 1


def test_rejects_are_counted_and_their_values_stay_out(found: Figures) -> None:
    (reject,) = found.rejects
    assert (reject.source, reject.field, reject.code, reject.rows) == (
        "orders", "amount", "number", 2,
    )  # fmt: skip
    assert "13800138000" not in str(plain(found))


def test_what_moved_is_said_of_everyone_first(found: Figures) -> None:
    assert [(m.what, m.before, m.now) for m in found.moved[:4]] == [
        ("customers", 7, 8), ("sales", D("4050.00"), D("5000.50")), ("orders", 17, 20),
        ("value", D("238.24"), D("250.03")),
    ]  # fmt: skip
    assert all(m.change for m in found.moved)


# ---------------------------------------------------------------- what is asked for, what is there


def test_what_the_pyramid_is_made_of_can_be_said(small: Path) -> None:
    found = figures_of(Asked(small, pyramid="stage", sales="spend_12m"))[0]
    assert found.pyramid is not None
    assert [each.layer for each in found.pyramid.layers] == ["growth", "mature", "lost", None]
    assert found.stages == () and found.moved == ()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"pyramid": "rich"}, "no tier or class `rich`"),
        ({"sales": "level"}, "no metric `level` that can be summed"),
        ({"orders": "none"}, "no metric `none`"),
    ],
)
def test_names_that_are_not_there_are_refused(
    small: Path, asked: dict[str, str], says: str
) -> None:
    with pytest.raises(ReportFailed, match=says):
        figures_of(Asked(small, **asked))


def test_a_run_without_tiers_or_outcomes_has_fewer_figures(tmp_path: Path) -> None:
    folder = small_run(tmp_path / "run", "SELECT 'A' AS customer")
    found = figures_of(Asked(folder))[0]
    assert (found.pyramid, found.segments, found.stages, found.movements) == (None, None, (), ())
    assert found.points.posted == found.outreach.sent == found.incentives.given == ()


def test_an_empty_base_can_be_reported(tmp_path: Path) -> None:
    select = f"SELECT * FROM ({values(ROWS)}) WHERE false"
    found = figures_of(Asked(small_run(tmp_path / "run", select, run=run_of(()))))[0]
    assert found.pyramid is not None and found.pyramid.whole.heads == 0
    assert found.pyramid.whole.share_of_heads is None
    assert found.scores[0].bins == ()


def test_a_customer_of_several_events_counts_once(tmp_path: Path) -> None:
    select = (
        "SELECT * FROM (VALUES ('A', 'e1', false), ('A', 'e2', true), ('B', 'e3', true))"
        " t(customer, event, rich)"
    )
    run = {"kinds": {"rich": "segment"}, "events": ["order_paid"]}
    found = figures_of(Asked(small_run(tmp_path / "run", select, run=run)))[0]
    assert found.segments is not None
    assert [(s.true, s.false) for s in found.segments.segments] == [(2, 0)]


def test_a_column_may_bear_the_name_of_its_section(tmp_path: Path) -> None:
    select = "SELECT 'A' AS customer, 1::BIGINT AS Rich, true AS \"segments.rich\""
    run = {"kinds": {"Rich": "metric", "rich": "segment"}}
    found = figures_of(Asked(small_run(tmp_path / "run", select, run=run)))[0]
    assert found.segments is not None and found.segments.segments[0].true == 1


def test_part_files_of_a_folder_are_read(tmp_path: Path, small: Path) -> None:
    import shutil

    folder = tmp_path / "parts [1] *"
    shutil.copytree(small, folder)
    one = (folder / "decisions.parquet").rename(folder / "part-0.parquet")
    (folder / "decisions.parquet").mkdir()
    one.rename(folder / "decisions.parquet" / "part-0.parquet")
    both = [figures_of(Asked(each))[0] for each in (small, folder)]
    assert plain(both[0]) == plain(both[1])


def test_runs_of_two_policies_are_not_compared(small: Path, tmp_path: Path) -> None:
    other = small_run(
        tmp_path / "run", "SELECT 'A' AS customer", run={"policy": {"name": "q", "version": 1}}
    )
    with pytest.raises(ReportFailed, match="one of policy `q`, not of `p`"):
        figures_of(Asked(small, other))


@pytest.mark.parametrize("name", ["run.json", "decisions.parquet", "rejects.parquet"])
def test_an_incomplete_folder_is_refused(small: Path, tmp_path: Path, name: str) -> None:
    import shutil

    folder = tmp_path / "run"
    shutil.copytree(small, folder)
    (folder / name).unlink()
    with pytest.raises(ReportFailed, match=f"no folder of a complete run: it lacks `{name}`"):
        figures_of(Asked(folder))


def test_cases_stand_as_the_policy_declares_them(tmp_path: Path) -> None:
    run = run_of(ROWS, cases={"stage": ["mature", "lost", "growth"]})
    (stage,) = figures_of(Asked(small_run(tmp_path / "run", values(ROWS), run=run)))[0].stages
    assert [each.layer for each in stage.stages] == ["mature", "lost", "growth", None]


def test_a_quota_allows_each_sender_its_own_share() -> None:
    stated = {"limit": 20, "senders": 3, "used_before": 5, "spent": 10, "wanted": 12,
              "admitted": 10, "refused": 2}  # fmt: skip
    (quota,) = budgets({"budgets": {"house.quota.1": stated}})
    assert (quota.limit, quota.allowed, quota.left) == ("20", "60", "45")
    (spent,) = budgets(
        {"budgets": {"b": {"limit": "5.00", "used_before": "9.00", "spent": "0.00"}}}
    )
    assert spent.left == "0.00"


def test_without_a_tier_the_pyramid_is_of_what_customers_are_worth(tmp_path: Path) -> None:
    kinds = {"churn": "classify", "value_group": "classify"}
    decided = "SELECT * FROM (VALUES ('A', 'high', 'worst')) t(customer, value_group, churn)"
    folder = small_run(tmp_path / "run", decided, run={"kinds": kinds})
    pyramid = figures_of(Asked(folder))[0].pyramid
    assert pyramid is not None and pyramid.of == "value_group"
