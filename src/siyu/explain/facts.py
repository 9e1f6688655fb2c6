"""What a condition rests on: the named values under it, down to facts and the rows that counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from siyu.core.ir import Aggregate, Call, Cases, Column, Const, Expr, Input, Ref
from siyu.core.walk import walk
from siyu.evaluators.reference import Counted
from siyu.explain.days import day_steps
from siyu.explain.model import Shown, Step
from siyu.explain.replay import Replay
from siyu.explain.shown import Label, two
from siyu.schema.model import Collection, Field, Schema
from siyu.types import DATE
from siyu.words import Said, Words, say, say_n

DEEPEST = 3  # metrics behind metrics that are shown
MOST_ROWS = 5
ABOVE = say("see above")


def facts(replay: Replay, root: Expr) -> tuple[Step, ...]:
    """The named values under an expression; metrics with what they are made of."""
    return tuple(_facts(replay, root, 0))


def _facts(replay: Replay, root: Expr, depth: int) -> Iterator[Step]:
    for node in replay.anatomy.figures(root):
        match node:
            case Ref() if node.name in replay.anatomy.compiled.kinds:
                yield _declared(replay, node, depth)
            case Ref():
                yield _part(replay, node, depth)
            case Input():
                yield Step("fact", called(replay, node), value=replay.shown(node))
            case Const():
                cut = say("cut-point of `{cut}`", cut=replay.anatomy.text(node.span))
                shown = replay.showing.of(node.type, node.value)
                yield Step("fact", cut, value=shown, span=node.span)
            case Aggregate():
                yield counted(replay, node)
            case Call():
                yield from day_steps(replay, node)


def called(replay: Replay, node: Input) -> Words:
    """What people call a fact: its label with its name."""
    name = node.name.rpartition(".")[2] if node.origin == "event" else node.name
    field = _field(replay.anatomy.compiled.schema, node)
    if field is None or not field.label:
        return name
    zh, en = two(field.label)
    if not en:
        return name if zh == name else f"{zh} ({name})"
    return say("{label} ({name})", label=Label(zh, en), name=name)


def _field(schema: Schema, node: Input) -> Field | None:
    match node.origin:
        case "customer":
            return schema.fields.get(node.name)
        case "context":
            return schema.context.get(node.name)
        case "event":
            event, _, name = node.name.partition(".")
            return schema.events[event].fields.get(name) if event in schema.events else None
        case _:
            return None


def _declared(replay: Replay, ref: Ref, depth: int) -> Step:
    anatomy, name = replay.anatomy, ref.name
    text, value, span = anatomy.label(name), replay.bound(name), anatomy.bindings[name].span
    if name in replay.given:
        return Step("fact", text, value=value, remark=say("as the request gives it"), span=span)
    kind = anatomy.compiled.kinds[name]
    if kind == "param":
        return Step("fact", text, value=value, remark=holding(replay, name), span=span)
    remark: Words = ""
    below: tuple[Step, ...] = ()
    if name in replay.told:
        rests = kind != "metric" or anatomy.figures(anatomy.bindings[name].expr)
        remark = ABOVE if rests and (kind == "metric" or replay.behind) else ""
    elif depth < DEEPEST and kind == "metric":
        replay.told.add(name)
        below = tuple(_facts(replay, anatomy.bindings[name].expr, depth + 1))
    elif depth < DEEPEST and replay.behind is not None:
        replay.told.add(name)
        remark, below = replay.behind(replay, name)
    return Step("fact", text, value=value, remark=remark, span=span, below=below)


def _part(replay: Replay, ref: Ref, depth: int) -> Step:
    """A part of an outcome: what a table gives, how a level changed."""
    owner = ref.name.rpartition(".")[0]
    below: tuple[Step, ...] = ()
    if replay.behind is not None and owner not in replay.told and depth < DEEPEST:
        replay.told.add(owner)
        _, below = replay.behind(replay, owner)
    span = replay.anatomy.bindings[ref.name].span
    return Step("fact", ref.name, value=replay.bound(ref.name), span=span, below=below)


# ---------------------------------------------------------------- params


def holding(replay: Replay, name: str) -> Words:
    """Since when a param's version holds, and what follows."""
    expr = replay.anatomy.bindings[name].expr
    if not isinstance(expr, Cases):
        return ""
    now: Shown | None = None
    following: tuple[Shown, Shown] | None = None
    for arm in expr.arms:  # the latest first
        start = _start(replay, arm.when)
        if start is None:
            return ""
        if replay.value(arm.when) is True:
            now = start
            break
        following = start, replay.shown(arm.value)
    if following is None:
        return say("since {day}", day=now)
    day = following[0]
    last = replay.showing.of(DATE, day.held - 1)
    if now is None:
        return say("until {last}, then {value}", last=last, value=following[1])
    return say("from {day} until {last}, then {value}", day=now, last=last, value=following[1])


def versions(replay: Replay, name: str) -> tuple[Step, ...]:
    """The versions of a param by their dates, the one that holds marked; none of a single one."""
    expr = replay.anatomy.bindings[name].expr
    if not isinstance(expr, Cases):
        return ()
    found = [(say("at first"), expr.otherwise)]
    taken = 0
    for arm in reversed(expr.arms):
        start = _start(replay, arm.when)
        if start is not None:
            taken = len(found) if replay.value(arm.when) is True else taken
            found.append((say("from {day}", day=start), arm.value))
    return tuple(
        Step("fact", text, value=replay.shown(value), span=value.span, decisive=place == taken)
        for place, (text, value) in enumerate(found)
    )


def _start(replay: Replay, begun: Expr) -> Shown | None:
    if isinstance(begun, Call) and isinstance(begun.args[1], Const):
        return replay.showing.of(DATE, begun.args[1].value)
    return None


# ---------------------------------------------------------------- rows


def counted(replay: Replay, node: Aggregate) -> Step:
    """An aggregate: its text and value, how many rows counted, and the first of them."""
    rows = replay.trace.rows(node)
    table = node.rows.table
    written = replay.anatomy.text(node.span)
    count = rows_of(len(rows), table)
    below = row_steps(replay, node, rows)
    if not written.endswith(")"):  # a rule that counts in a log says nothing of counting itself
        if node.op in ("exists", "count"):
            return Step("fact", count, below=below)
        return Step("fact", _summed(node, count), value=replay.shown(node), below=below)
    remark: Words = "" if node.op in ("latest", "earliest") else count
    return Step("fact", written, value=replay.shown(node), remark=remark, span=node.span,
                below=below)  # fmt: skip


def _summed(node: Aggregate, rows: Said) -> Said:
    column = node.value.name if isinstance(node.value, Column) else ""
    match node.op:
        case "min":
            return say("smallest {column} in {rows}", column=column, rows=rows)
        case "max":
            return say("largest {column} in {rows}", column=column, rows=rows)
        case _:
            return say("sum of {column} in {rows}", column=column, rows=rows)


def rows_of(count: int, table: str) -> Said:
    """How many rows of a collection.

    >>> str(rows_of(1, "orders"))
    '1 row of orders'
    """
    return say_n("1 row of {table}", "{count} rows of {table}", count, table=table)


def row_steps(replay: Replay, node: Aggregate, rows: tuple[Counted, ...]) -> tuple[Step, ...]:
    """The latest of the rows that counted, and how many more there are."""
    if not rows:
        return ()
    table = _Table.of(replay, node)
    if table.time:
        rows = tuple(sorted(rows, key=lambda row: -(row.row.get(table.time) or 0)))
    steps = tuple(table.step(replay, row) for row in rows[:MOST_ROWS])
    return (*steps, *more_rows(len(rows) - MOST_ROWS))


def more_rows(count: int) -> tuple[Step, ...]:
    """That so many more are not shown."""
    if count <= 0:
        return ()
    return (Step("fact", say_n("and 1 more", "and {count} more", count)),)


@dataclass(frozen=True, slots=True)
class _Table:
    """Which columns of a collection's rows are shown: its key, its time, what is read of it."""

    path: str
    key: str
    time: str
    columns: tuple[str, ...]

    @staticmethod
    def of(replay: Replay, node: Aggregate) -> _Table:
        path = node.rows.table
        rows: Collection | None = replay.anatomy.compiled.schema.collection(path)
        key = rows.key if rows is not None and rows.key else ""
        time = rows.time if rows is not None and rows.time else ""
        inside = (part for part in (node.where, node.value, node.by) if part is not None)
        read = [
            column.name
            for column in walk(*inside)
            if isinstance(column, Column) and column.level == 0 and column.name != key
        ]
        return _Table(path, key, time, tuple(dict.fromkeys([time, *read] if time else read)))

    def step(self, replay: Replay, row: Counted) -> Step:
        kinds = replay.anatomy.columns(self.path)
        cells = tuple(
            say("{column} {value}", column=name,
                value=replay.showing.column(self.path, name, kinds[name], row.row[name]))
            for name in self.columns
            if name in row.row and name in kinds
        )  # fmt: skip
        if self.key and self.key in row.row and self.key in kinds:
            key = replay.showing.column(self.path, self.key, kinds[self.key], row.row[self.key])
            return Step("fact", say("{key}: {cells}", key=key, cells=cells))
        return Step("fact", say("{cells}", cells=cells))
