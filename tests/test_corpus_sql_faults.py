"""Would the corpus notice what is wrong in SQL? Each fault changes one thing in how SQL is written,
and must be caught by a case of the files it names when DuckDB is asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from siyu.evaluators.sql import bounds, contests, facts, lists, lower, scans
from siyu.functions import sql_numbers
from siyu.population.engines import EngineFailed
from tests.corpus.engines import BATCHES, outcomes, policy_of, wrong
from tests.corpus.faults import Fault, commit, fault
from tests.corpus.read import HERE, read

FAULTS = (
    fault("an unknown arm is skipped", lower, "Lowering.cases",
          'if not when.nullable or node.on_unknown == "skip"', "if True", "table"),
    fault("an unknown arm leaves all unknown", lower, "Lowering.cases",
          'absent = otherwise.text if node.on_unknown == "otherwise" else "NULL"',
          'absent = "NULL"', "param_classify"),
    fault("an unknown arm gives the last value", lower, "Lowering.cases",
          'absent = otherwise.text if node.on_unknown == "otherwise" else "NULL"',
          "absent = otherwise.text", "table"),
    fault("defaults are forgotten", lower, "Lowering.coalesced",
          'f"COALESCE({value.text}, {default.text})"', "value.text", "unknown"),
    fault("unknown is taken for known", lower, "Lowering.negation",
          "return unknown_sql(inner)", "return known_sql(inner)", "unknown"),
    fault("all of them becomes any of them", lower, "Lowering.junction",
          '" AND " if isinstance(node, And) else " OR "', '" OR "', "unknown"),
    fault("nothing exists where there are no rows", facts, "_Facts.scan",
          ' or flat.node.op == "exists"', "", "unknown"),
    fault("sums over no rows are unknown", facts, "_Facts.scan",
          "flat.node.op in ZERO or", "False or", "unknown"),
    fault("who has no rows is left out", facts, "_Facts.scan",
          "LEFT JOIN", "JOIN", "unknown"),
    fault("a collection that is not there is empty", facts, "_where_there",
          "if there else text", "if False else text", "unknown"),
    fault("a missing collection hides another", facts, "_Facts.is_absent",
          "self.relations.tables.get(need.path) is None", "need.optional", "unknown"),
    fault("earliest is latest", lists, "ranked_entry",
          'by.text if node.op == "latest" else f"(-{by.text})"', "by.text", "figures"),
    fault("ties go to whatever value is greatest", lists, "ranked_entry",
          "if node.tie is not None", "if False", "rows"),
    fault("rows with unknown values count", scans, "_Scan.aggregate",
          "known = [f\"({value.text} IS NOT NULL)\"] if value is not None and value.nullable"
          " else []\n", "known = []\n", "figures"),
    fault("what is there twice counts twice", scans, "_Scan.distinct",
          "count(DISTINCT {value.text})", "count({value.text})", "figures"),
    fault("candidates are put in the wrong order", contests, "_Contest.precedes",
          'sign = ">" if down else "<"', 'sign = ">"', "figures"),
    fault("unknown comes first", contests, "_Contest.precedes",
          'arms.append(f"WHEN {alone} THEN TRUE")', 'arms.append(f"WHEN {alone} THEN FALSE")',
          "incentives"),
    fault("one more is chosen", contests, "_Contest.counted",
          "< {self.take})", "<= {self.take})", "figures"),
    fault("one more is chosen of those in any order", contests, "_Contest.by_place",
          "< {self.take})", "<= {self.take})", "arbitration"),
    fault("a full room takes one more", contests, "_Contest.room_left",
          "> {self.sum_of(gone).text if gone else 0}",
          ">= {self.sum_of(gone).text if gone else 0}", "arbitration"),
    fault("half goes down below zero", sql_numbers, "_towards",
          "THEN {back} ELSE {step} END)", "THEN 0 ELSE {step} END)", "figures"),
    fault("half goes down", sql_numbers, "_towards",
          'abs(d.constant) // 2 if mode == "half_up"', '0 if mode == "half_up"', "figures"),
    fault("numbers are as narrow as they are not", bounds, "bits_of",
          "return 128", "return 64", "figures"),
)  # fmt: skip


def mistakes(file: str) -> Iterator[str]:
    """What is wrong with the cases of a file. A query that DuckDB cannot run, or
    that does not give a row for each record, is noticed as well."""
    chapters, cases = read(HERE / f"{file}.yaml")
    for chapter in chapters:
        if chapter.errors is not None:
            continue
        mine = [case for case in cases if case.chapter.id == chapter.id]
        for evaluate in BATCHES.values():
            try:
                found = outcomes(mine, policy_of(chapter), evaluate)
            except (EngineFailed, AssertionError) as failed:
                yield str(failed)
                continue
            for case in mine:
                yield from wrong(case, found[case.id])


@pytest.mark.parametrize("change", FAULTS, ids=lambda change: change.says)
def test_a_fault_is_caught(change: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(change, monkeypatch)
    for file in change.files:
        assert next(mistakes(file), None) is not None, f"{file}.yaml would not notice"
