"""Why a figure is what it is: segments, classes, scores, tiers, tables, claims, metrics."""

from __future__ import annotations

from collections.abc import Callable

from siyu.core.ir import Cases, Const, Expr
from siyu.core.program import Binding
from siyu.explain.anatomy import Clause
from siyu.explain.conditions import condition, joined
from siyu.explain.facts import facts, versions
from siyu.explain.model import Step
from siyu.explain.replay import Replay, verdict_of
from siyu.words import Words, say

Steps = tuple[Step, ...]


def figure_steps(replay: Replay, name: str, kind: str) -> Steps:
    """The reasons of a figure, what decided first."""
    if name in replay.given:
        return ()
    match kind:
        case "segment" | "ensure":
            binding = replay.anatomy.bindings.get(name)
            if binding is None:
                return ()
            never = _never(replay, binding) if kind == "ensure" else ()
            return never or joined(replay, binding.expr)
        case "classify":
            return _classified(replay, name)
        case "score":
            return _scored(replay, name)
        case "table":
            return _rows(replay, name)
        case "metric":
            return _made_of(replay, name)
        case "param":
            return versions(replay, name)
        case _:
            return ()


def _never(replay: Replay, claim: Binding) -> Steps:
    """A claim that something never is: it holds where that is false; nothing of other claims."""
    found = replay.anatomy.clauses(claim.expr)
    if len(found) != 1 or not found[0].against:
        return ()
    return (condition(replay, found[0], decisive=True, remark=say("this must never hold")),)


def _made_of(replay: Replay, name: str) -> Steps:
    replay.told.add(name)
    return facts(replay, replay.anatomy.bindings[name].expr)


# ---------------------------------------------------------------- the first that holds


def first_of(replay: Replay, chosen: Cases, called: Callable[[Expr], str]) -> Steps:
    """The case that was taken, then those that were looked at before it."""
    looked: list[tuple[str, Expr]] = []
    taken: int | None = None
    for arm in chosen.arms:
        looked.append((called(arm.value), arm.when))
        value = replay.value(arm.when)
        if value is True or (value is None and chosen.on_unknown != "skip"):
            taken = len(looked) - 1
            break
    steps = []
    if taken is None:
        last = called(chosen.otherwise)
        if last:
            steps.append(Step("condition", none_other(last), "true", decisive=True))
    else:
        steps.append(case(replay, *looked[taken], decisive=True))
        if replay.value(looked[taken][1]) is None and chosen.on_unknown == "otherwise":
            last = called(chosen.otherwise)
            steps.insert(0, Step("condition", none_certain(last), "true", decisive=True))
    for place, (label, when) in enumerate(looked):
        if place != taken:
            steps.append(case(replay, label, when, decisive=False))
    return tuple(steps)


def none_other(label: str) -> Words:
    """That a case is what is left."""
    return say("{case}: no other holds", case=label)


def none_certain(label: str) -> Words:
    """That a case is taken where nobody can tell."""
    return say("{case}: no other is known to hold", case=label)


def case(replay: Replay, label: str, when: Expr, decisive: bool) -> Step:
    """A case, a level: its name with its condition."""
    found = replay.anatomy.clauses(when)
    if len(found) == 1 and found[0].node is when:
        text = say("{case}: {condition}", case=label, condition=found[0].text)
        return condition(replay, found[0], decisive, text)
    below = joined(replay, when, decisive)
    return Step("condition", label, replay.verdict(when), span=when.span, decisive=decisive,
                below=below)  # fmt: skip


def _classified(replay: Replay, name: str) -> Steps:
    chosen = replay.anatomy.bindings[name].expr
    assert isinstance(chosen, Cases)
    return first_of(replay, chosen, lambda node: _case_name(replay, name, node))


def _case_name(replay: Replay, owner: str, node: Expr) -> str:
    member = node.value if isinstance(node, Const) else None
    return replay.anatomy.member(owner, member) if isinstance(member, str) else ""


# ---------------------------------------------------------------- scores


def _scored(replay: Replay, name: str) -> Steps:
    """The lines that count, the largest first, then those that do not."""
    lines: list[str] = []
    while f"{name}.{len(lines) + 1}.fired" in replay.anatomy.bindings:
        lines.append(f"{name}.{len(lines) + 1}")

    def weight(code: str) -> tuple[bool, int]:
        fired = replay.values.get(f"{code}.fired") is True
        return not fired, -abs(replay.values.get(f"{code}.amount") or 0) if fired else 0

    return tuple(score_line(replay, code) for code in sorted(lines, key=weight))


def score_line(replay: Replay, code: str) -> Step:
    """A line of a score, and what it adds or would."""
    anatomy = replay.anatomy
    expr = anatomy.bindings[f"{code}.fired"].expr
    verdict = verdict_of(replay.values.get(f"{code}.fired"))
    found = anatomy.clauses(expr)
    remark = _worth(replay, code, fired=verdict == "true")
    decisive = verdict == "true"
    if len(found) == 1 and found[0].node is expr:
        return condition(replay, found[0], decisive, remark=remark)
    text = found[0].text if found else anatomy.text(anatomy.bindings[f"{code}.fired"].span)
    below = joined(replay, expr, decisive)
    return Step("condition", text, verdict, remark=remark, decisive=decisive, below=below)


def _worth(replay: Replay, code: str, fired: bool) -> Words:
    amount = replay.bound(f"{code}.amount")
    if amount.held is None:
        return say("its amount is unknown")
    size = replay.showing.of(amount.type, abs(amount.held), amount.hidden)
    if amount.held < 0:
        return say("takes off {amount}", amount=size) if fired else say(
            "would take off {amount}", amount=size
        )  # fmt: skip
    return say("adds {amount}", amount=size) if fired else say("would add {amount}", amount=size)


# ---------------------------------------------------------------- tables


def _rows(replay: Replay, name: str) -> Steps:
    binding = replay.anatomy.bindings.get(f"{name}.row")
    if binding is not None and isinstance(binding.expr, Cases):
        return _first_row(replay, binding.expr)
    rows: list[tuple[int, Expr, bool]] = []
    while (row := replay.anatomy.bindings.get(f"{name}.row.{len(rows) + 1}")) is not None:
        rows.append((len(rows) + 1, row.expr, replay.values.get(row.name) is True))
    rows.sort(key=lambda row: not row[2])
    return tuple(row_step(replay, *row) for row in rows)


def _first_row(replay: Replay, chosen: Cases) -> Steps:
    """The row that was taken, then those that were looked at before it."""
    looked: list[tuple[int, Expr]] = []
    for arm in chosen.arms:
        number = arm.value.value if isinstance(arm.value, Const) else 0
        looked.append((int(str(number)), arm.when))
        value = replay.value(arm.when)
        if value is True or (value is None and chosen.on_unknown != "skip"):
            last = looked.pop()
            unsure = value is None and chosen.on_unknown == "otherwise"
            first = (_last_row(chosen, none_certain),) if unsure else ()
            rows = (row_step(replay, *last, True), *(row_step(replay, *r, False) for r in looked))
            return (*first, *rows)
    left = _last_row(chosen, none_other)
    rows = tuple(row_step(replay, *row, not left.text) for row in looked)
    return (left, *rows) if left.text else rows


def _last_row(chosen: Cases, says: Callable[[str], Words]) -> Step:
    number = chosen.otherwise.value if isinstance(chosen.otherwise, Const) else None
    if number is None:
        return Step("condition", "", "unknown")
    text = (
        say("row {number}: no other holds", number=number)
        if says is none_other
        else say("row {number}: no other is known to hold", number=number)
    )
    return Step("condition", text, "true", decisive=True)


def row_step(replay: Replay, number: int, holds: Expr, decisive: bool) -> Step:
    """A row of a decision table, with its cells."""
    clause: Clause | None = next(iter(replay.anatomy.clauses(holds)), None)
    whole = clause is not None and clause.node is holds
    made = replay.value(holds)
    below: Steps = ()
    if whole and clause is not None:
        cells = sorted(
            clause.parts or (clause,), key=lambda cell: replay.value(cell.node) is not made
        )
        below = tuple(
            _cell(replay, cell, decisive and replay.value(cell.node) is made) for cell in cells
        )
    text = say("row {number}", number=number)
    if not whole:  # the row that is left
        text = say("row {number}: where no other holds", number=number)
    code = holds.code if whole else ""
    return Step("condition", text, replay.verdict(holds), code=code, span=holds.span,
                decisive=decisive, below=below)  # fmt: skip


def _cell(replay: Replay, cell: Clause, decisive: bool) -> Step:
    """A cell: the column's value beside what the cell asks for."""
    below = facts(replay, cell.node)
    text: Words = cell.text
    if below and below[0].value is not None:
        column, *more = below
        text = say("{column} is {value}, asked for: {cell}", column=column.text,
                   value=column.value, cell=cell.text)  # fmt: skip
        below = (*column.below, *more)
    return Step("condition", text, replay.verdict(cell.node), code=cell.code, span=cell.node.span,
                decisive=decisive, below=below)  # fmt: skip
