"""A program as text for people who want to see what their policy became.

at_risk : bool = recency >= 60 and recency <= 120
"""

from __future__ import annotations

from typing import assert_never

from siyu.core.ir import (
    Aggregate,
    And,
    Call,
    Cases,
    Coalesce,
    Column,
    Const,
    Contest,
    Expr,
    Input,
    Known,
    Not,
    Or,
    Ref,
    Rows,
)
from siyu.core.program import ColumnNeed, Nature, Program, TableNeed
from siyu.core.walk import parts
from siyu.types import Type, scale_of

SIGNS = {
    "add": "+", "sub": "-", "mul": "*", "eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">",
    "ge": ">=", "in_set": "in", "has": "has",
}  # fmt: skip
WIDTH = 76  # characters an expression may take before its parts get lines of their own
INDENT = "  "


def show(program: Program) -> str:
    """What is read, what is computed, and what is written, one thing a line.

    >>> from siyu.core.passes.samples import PROGRAM
    >>> print(show(PROGRAM))
    program sample version 1, Asia/Shanghai, CNY
    <BLANKLINE>
    reads
      event order_paid.amount : int
      orders: amount int?, status text
      cut high.top_5 : int
    <BLANKLINE>
    computes
      spend : int = sum(amount of orders where status = "paid")
      high : bool = spend >= cut high.top_5
      earned : int = event order_paid.amount * (1 + 1)
    <BLANKLINE>
    writes
      metrics spend
      segments high
      points purchase on order_paid
    """
    reads = [f"{_input(i)} : {show_type(i.type)}{'?' * i.optional}" for i in program.needs.inputs]
    reads += [_table(table) for table in program.needs.tables]
    reads += [f"cut {cut.name} : {show_type(cut.type)}" for cut in program.cuts]
    reads += [f"allocation {name}" for name in program.allocations]
    computes = [
        f"{b.name} : {show_type(b.type)} = {show_expr(b.expr, INDENT)}" for b in program.bindings
    ]
    writes = [
        f"{part.section} {part.name}" + (f" on {part.on}" if part.on else "")
        for part in program.parts
    ]
    head = f"program {program.name} version {program.version}"
    lines = [f"{head}, {program.timezone}, {program.currency}"]
    told = [("reads", reads), ("computes", computes), ("writes", writes)]
    if natures := [_nature(each) for each in program.natures if each.serves]:
        told.append(("serves", natures))
    if program.everyone.proven:
        told.append(("proven", list(program.everyone.proven)))
    for title, items in told:
        lines += ["", title, *(INDENT + item for item in items)]
    return "\n".join(lines)


def _nature(nature: Nature) -> str:
    said = " ".join(filter(None, (nature.name, nature.cost, nature.source)))
    return f"{said}: {', '.join(nature.serves)}"


def _table(table: TableNeed) -> str:
    columns = ", ".join(map(_column, table.columns))
    return f"{table.path}{'?' * table.optional}: {columns}"


def _column(column: ColumnNeed) -> str:
    if column.nested is not None:
        return f"{column.name} ({_table(column.nested)}){'?' * column.optional}"
    return f"{column.name} {show_type(column.type)}{'?' * column.optional}"


def show_type(kind: Type) -> str:
    """A type in few words.

    >>> from siyu.types import DecimalType, MoneyType
    >>> show_type(MoneyType("CNY", 2)), show_type(DecimalType(0))
    ('money CNY .2', 'decimal')
    """
    word = type(kind).__name__.removesuffix("Type").lower()
    detail = getattr(kind, "currency", "") or getattr(kind, "unit", "") or getattr(kind, "name", "")
    scale = f".{scale_of(kind)}" if scale_of(kind) else ""
    return " ".join(filter(None, (word, detail, scale)))


# ------------------------------------------------------------------------------- expressions


def show_expr(root: Expr, margin: str = "") -> str:
    """An expression as text; inner ones are shown first, so that depth does not matter."""
    texts: dict[int, str] = {}
    waiting = [root]
    while waiting:
        node = waiting[-1]
        missing = [part for part in parts(node) if id(part) not in texts]
        if missing:
            waiting.extend(missing)
            continue
        waiting.pop()
        texts[id(node)] = _node(node, texts, margin)
    return texts[id(root)]


def _node(node: Expr, texts: dict[int, str], margin: str) -> str:
    def inner(part: Expr) -> str:
        text = texts[id(part)]
        return text if _closed(part) else f"({text})"

    match node:
        case Const():
            return _const(node.value)
        case Input():
            return _input(node)
        case Ref():
            return node.name
        case Column():
            return "outer." * node.level + node.name
        case Call(function=name, args=(first, second)) if name in SIGNS:
            return f"{inner(first)} {SIGNS[name]} {inner(second)}"
        case Call("on_day" | "next_day" | "last_day" as asked, (day, Const(value=tuple(listed)))):
            return f"{asked}({texts[id(day)]}, {listed[0]})"
        case Call():
            return f"{node.function}({', '.join(texts[id(arg)] for arg in node.args)})"
        case Not():
            return f"not {inner(node.value)}"
        case And():
            return _lines([inner(item) for item in node.items], " and ", margin)
        case Or():
            return _lines([inner(item) for item in node.items], " or ", margin)
        case Known():
            return f"{inner(node.value)} is known"
        case Coalesce():
            return f"{inner(node.value)} otherwise {inner(node.default)}"
        case Cases():
            return _cases(node, texts, margin)
        case Aggregate():
            return _aggregate(node, texts)
        case Contest():
            return _contest(node, texts, margin)
        case _:
            assert_never(node)


def _closed(node: Expr) -> bool:
    """Whether a node's text needs no parentheses."""
    match node:
        case Const() | Input() | Ref() | Column() | Aggregate():
            return True
        case Call():
            return node.function not in SIGNS
        case _:
            return False


def _lines(items: list[str], joint: str, margin: str) -> str:
    text = joint.join(items)
    if len(text) <= WIDTH and "\n" not in text:
        return text or joint.strip()
    return f"\n{margin}{INDENT}{joint.lstrip()}".join(items)


def _const(value: object) -> str:
    match value:
        case None:
            return "unknown"
        case bool():
            return "true" if value else "false"
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case frozenset():
            return "{" + ", ".join(sorted(map(_const, value))) + "}"
        case tuple():
            return "[" + ", ".join(map(_const, value)) + "]"
        case _:
            return str(value)


def _input(node: Input) -> str:
    return f"{node.origin} {node.name}"


def _cases(node: Cases, texts: dict[int, str], margin: str) -> str:
    arms = [f"when {texts[id(arm.when)]} then {texts[id(arm.value)]}" for arm in node.arms]
    unknown = {"skip": "", "stop": ", unknown stops", "otherwise": " or unknown"}[node.on_unknown]
    arms.append(f"otherwise{unknown} {texts[id(node.otherwise)]}")
    return f"cases\n{margin}{INDENT}" + f"\n{margin}{INDENT}".join(arms)


def _aggregate(node: Aggregate, texts: dict[int, str]) -> str:
    words = [] if node.value is None else [f"{texts[id(node.value)]} of"]
    words.append(_rows(node.rows))
    for word, part in (("where", node.where), ("by", node.by), ("then by", node.tie)):
        if part is not None:
            words.append(f"{word} {texts[id(part)]}")
    return f"{node.op}({' '.join(words)})"


def _rows(rows: Rows) -> str:
    return ("its " + "outer " * rows.level if rows.nested else "") + rows.table


def _contest(node: Contest, texts: dict[int, str], margin: str) -> str:
    lines = [f"choose {node.take}"]
    lines += [f"room {number}: {texts[id(room)]}" for number, room in enumerate(node.rooms)]
    for candidate in node.candidates:
        keys = [
            f"{texts[id(key)]} {'descending' if down else 'ascending'}"
            for key, down in zip(candidate.keys, node.descending, strict=True)
        ]
        uses = [f"room {use.room} if {texts[id(use.when)]}" for use in candidate.uses]
        line = f"{candidate.name} if {texts[id(candidate.eligible)]}"
        line += f" by {', '.join(keys)}" * bool(keys) + f" takes {', '.join(uses)}" * bool(uses)
        lines.append(line)
    return f"\n{margin}{INDENT}".join(lines)
