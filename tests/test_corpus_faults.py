"""Would the corpus notice? Each fault changes one thing in what a rule kind means, and must be
caught by a case of the files it names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from siyu.compiler import KIND_OF
from siyu.kinds import (
    allotted,
    classify,
    consent,
    contact,
    eligible,
    group,
    house,
    kind,
    levels,
    param,
    post_earn,
    post_redeem,
    post_reverse,
    posting,
    rule,
    score,
    segment,
    table,
    tier,
)
from tests.corpus.engines import ENGINES, outcome, policy_of, wrong
from tests.corpus.faults import Fault, commit, fault
from tests.corpus.read import HERE, read

FAULTS = (
    fault("grace leaves out its last day", tier, "_change",
          '"le", BOOL, today, end', '"lt", BOOL, today, end', "tier"),
    fault("a level is not kept on its last day", tier, "_change",
          '"le", BOOL, today, until', '"lt", BOOL, today, until', "tier"),
    fault("a missing date counts as long ago", tier, "_until",
          "make.otherwise(life.until, today)", "make.otherwise(life.until, make.const(1, DATE))",
          "tier"),
    fault("a level re-earned on its last day is not renewed", tier, "_dates",
          '"ge", BOOL, today, until', '"gt", BOOL, today, until', "tier"),
    fault("everybody falls as far as earned", tier, "_shown",
          "if life.one_level", "if False", "tier"),
    fault("lifetime promises nothing", tier, "_earned",
          "if floor.level.text == level.name.text", "if False", "tier"),
    fault("an unknown tier falls through to the next level", tier, "_earned",
          '"otherwise" if or_unknown else "stop"', '"otherwise" if or_unknown else "skip"', "tier"),
    fault("among does not matter", levels, "_rung",
          "make.all_of(among, make.known(cut), reached)", "make.all_of(make.known(cut), reached)",
          "tier"),
    fault("an unknown case is skipped", classify, "lower",
          'last.or_unknown else "stop"', 'last.or_unknown else "skip"', "param_classify"),
    fault("an unknown row is skipped", table, "_first",
          'last.row.or_unknown else "stop"', 'last.row.or_unknown else "skip"', "table"),
    fault("a param's version begins the day after", param, "_arms",
          'make.call("ge", BOOL, check.today', 'make.call("gt", BOOL, check.today',
          "param_classify"),
    fault("a score has no upper end", score, "lower",
          'make.call("min", kind, high, total)', "total", "score"),
    fault("reasons are weighed by their bare digits", score, "_reasons",
          "if amount.type != kind", "if False", "score"),
    fault("unless leaves a segment unknown", segment, "lower",
          "make.all_of(holds, *demands)", "holds", "unknown"),
    fault("points are rounded half up", post_earn, "earned",
          'mode.how if mode else "down"', 'mode.how if mode else "half_up"', "points_earn"),
    Fault("the minimum comes before the caps", post_earn, "earned",
          (("_capped(node, rounded, receiver, inner)",
            "_capped(node, _at_least(node, rounded, receiver, inner), receiver, inner)"),
           ("_at_least(node, capped, receiver, inner)", "capped")), ("points_caps",)),
    fault("a full unit is counted when it has begun", post_earn, "_whole",
          '"down"', '"up"', "points_earn"),
    fault("caps do not count the log", post_earn, "_room",
          "window is None or", "True or", "points_caps"),
    fault("a rule posts again for what is logged later", posting, "posted_before",
          "every_row=True", "every_row=False", "points_earn"),
    fault("redeeming forgets its minimum", post_redeem, "_at_least",
          "if least is None", "if True", "points_redeem"),
    fault("what was taken back before is taken back again", post_reverse, "_taken_back",
          'Call("add", (due, before), kind)', "due", "points_reverse"),
    fault("two refunds of one order share an id", post_reverse, "reversed_by",
          "occasion=so_far", "occasion=None", "points_reverse"),
    fault("old names are forgotten by logs", kind, "all_names",
          "{name, *former}", "{name}", "points_earn", "incentives", "contact"),
    fault("the newest old name stands in ids and salts", kind, "old_name",
          "former[-1]", "former[0]", "points_earn"),
    fault("a limit may be passed by one", eligible, "_limits",
          'check.compare(">="', 'check.compare(">"', "incentives"),
    fault("a limit that nobody can tell forbids nothing", eligible, "_limits",
          "make.true)", "make.false)", "incentives"),
    fault("the runner-up takes the place of who is held out", group, "_candidate",
          "Candidate(declared.name, first.ref, keys)",
          "Candidate(declared.name, make.all_of(first.ref, make.not_(HELD_OUT(only(declared.node,"
          " ast.Holdout, build, ''), declared.node, declared.name, build))), keys)", "incentives"),
    fault("a group prefers the highest costs", group, "_contest",
          'order.direction != "ascending"', "True", "incentives"),
    fault("the hold-out takes one bucket more", rule, "held_out",
          'Call("lt"', 'Call("le"', "incentives"),
    fault("what nobody was meant to get is told as stopped", rule, "stopped_by",
          "[Arm(make.not_(make.otherwise(wanted, make.false)), nothing)]", "[]", "incentives"),
    fault("an allocation binds in every period", allotted, "_period",
          "made_for = Input", "return ()\n    made_for = Input", "incentives"),
    fault("unknown advisors have quotas of their own", allotted, "sender_of",
          'make.const("", named.type)', "CUSTOMER_KEY", "arbitration"),
    fault("a refusal loses ties", consent, "_closed",
          "make.not_(make.otherwise(no, make.true))", "make.true", "consent"),
    fault("unknown consent is no refusal", consent, "_refused",
          "make.false", "make.true", "consent"),
    fault("consent ends on the day before its expiry", consent, "_unexpired",
          '"ge"', '"gt"', "consent"),
    fault("consent for one purpose is consent for all", consent, "_purpose",
          'if "purpose" not in log.fields', "if True", "consent"),
    fault("the channel's limits do not matter", contact, "_channel",
          "*(make.not_(r) for r in reached)", "", "contact"),
    fault("what is chosen takes no room", contact, "_contest",
          "if take > 1 else []", "if False else []", "arbitration"),
    fault("the policy that chooses always binds", contact, "_chosen",
          "house is None or", "True or", "arbitration"),
    fault("discard drops what comes in time", contact, "_discard",
          '"gt"', '"ge"', "contact"),
    fault("a contact policy always binds", house, "_house",
          "make.otherwise(binds, make.true)", "make.true", "contact"),
)  # fmt: skip


def commit_in_kinds(change: Fault, patch: pytest.MonkeyPatch) -> None:
    right, wrong = commit(change, patch, {"HELD_OUT": rule.held_out})
    for node, each in KIND_OF.items():
        if each.lower is right:
            patch.setitem(KIND_OF, node, replace(each, lower=wrong))


def mistakes(file: str) -> Iterator[str]:
    """What is wrong with the cases of a file, case by case."""
    chapters, cases = read(HERE / f"{file}.yaml")
    policies = {chapter.id: policy_of(chapter) for chapter in chapters if chapter.errors is None}
    for case in cases:
        yield from wrong(case, outcome(case, policies[case.chapter.id], ENGINES["python"]))


@pytest.mark.parametrize("change", FAULTS, ids=lambda change: change.says)
def test_a_fault_is_caught(change: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    commit_in_kinds(change, monkeypatch)
    for file in change.files:
        assert next(mistakes(file), None) is not None, f"{file}.yaml would not notice"
