"""Aggregates as source: one loop over a table's rows for all that can run together.

Conditions that several aggregates share are tested once for each row, those shared by most first;
rows are unpacked once; collections inside a row have loops inside the loop.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from siyu.core.ir import Aggregate, And, Call, Column, Const, Expr, Not, Ref, Rows
from siyu.core.passes.keys import Keys
from siyu.core.program import TableNeed
from siyu.core.walk import parts, refs, with_parts
from siyu.evaluators.record.accumulate import Accumulator
from siyu.evaluators.record.known import Env
from siyu.evaluators.record.names import Names, Var
from siyu.evaluators.record.rowwise import RowLayout
from siyu.evaluators.record.statements import Writer

NESTED = 5  # conditions that stand under each other, so that lines stay readable

Named = tuple[str, Aggregate]  # a binding's name and its aggregate


class LoopWriter:
    """Writes the loops of one function. `tables` holds the variables of the facts' tables."""

    def __init__(self, writer: Writer, tables: dict[str, tuple[TableNeed, str]]) -> None:
        self.writer = writer
        self.names = writer.names
        self.lines = writer.lines
        self.emitter = writer.emitter
        self.tables = tables
        self.needs: list[TableNeed] = []  # of the rows around, the innermost last

    def write(self, rows: Rows, aggregates: Sequence[Named], env: Env) -> None:
        """Gives each of the aggregates, all over the same rows, a variable."""
        need, source, optional = self.rows(rows)
        with self.lines.together():
            if optional and source not in env.known:
                self.over_optional(need, source, aggregates, env)
            else:
                self.over(need, source, aggregates, env)

    def rows(self, rows: Rows) -> tuple[TableNeed, str, bool]:
        """What the rows are, their variable, and whether it may be None."""
        if not rows.nested:
            need, source = self.tables[rows.table]
            return need, source, need.optional
        var = self.names.rows[-1 - rows.level][rows.table]
        columns = self.needs[-1 - rows.level].columns
        nested = next(column.nested for column in columns if column.name == rows.table)
        assert nested is not None
        return nested, var.text, var.optional

    def over_optional(
        self, need: TableNeed, source: str, aggregates: Sequence[Named], env: Env
    ) -> None:
        """An absent collection makes them all unknown."""
        with self.lines.under(f"if {source} is not None:"):
            self.over(need, source, aggregates, env)
        results = [self.names.refs[name].text for name, _ in aggregates]
        with self.lines.under("else:"):
            self.lines.add(f"{' = '.join(dict.fromkeys(results))} = None")
        for name, _ in aggregates:
            self.names.refs[name] = replace(self.names.refs[name], optional=True)

    def over(self, need: TableNeed, source: str, aggregates: Sequence[Named], env: Env) -> None:
        self.enter(need, [aggregate for _, aggregate in aggregates])
        looping = [named for named in aggregates if not self.by_length(source, named, env)]
        if looping:
            self.loop(source, looping, env)
        self.names.rows.pop()
        self.needs.pop()
        self.emitter.knowledge.forget()

    def enter(self, need: TableNeed, aggregates: Sequence[Aggregate]) -> None:
        used = _columns(aggregates)
        self.emitter.knowledge.forget()
        self.needs.append(need)
        self.names.rows.append(
            {
                column.name: Var(self.names.fresh("r"), column.optional)
                for column in need.columns
                if column.name in used
            }
        )

    def by_length(self, source: str, named: Named, env: Env) -> bool:
        """Counting all rows needs no loop."""
        name, aggregate = named
        if aggregate.where is not None or aggregate.op not in ("count", "exists"):
            return False
        if aggregate.value is not None and self.emitter.knowledge.maybe(aggregate.value, env):
            return False
        target = self.names.fresh("a")
        counted = f"len({source})" if aggregate.op == "count" else f"len({source}) > 0"
        self.lines.add(f"{target} = {counted}")
        self.names.refs[name] = Var(target, False)
        return True

    # ---------------------------------------------------------------------------- a loop

    def loop(self, source: str, aggregates: Sequence[Named], env: Env) -> None:
        layout = RowLayout(self.names.fresh("row"))
        tasks = _tasks(self.names, aggregates, layout)
        accumulators = [task.accumulator for task in tasks]
        for accumulator in accumulators:
            self.lines.add(accumulator.starts())
        with self.lines.under(self.head(source)):
            self.body(tasks, layout, env)
        for accumulator in accumulators:
            end = accumulator.ends()
            if end is not None:
                self.lines.add(end)
        for task in tasks:
            for place, name in enumerate(task.names):
                self.names.refs[name] = task.accumulator.result(place)

    def head(self, source: str) -> str:
        columns, used = self.needs[-1].columns, self.names.rows[-1]
        texts = [used[c.name].text if c.name in used else "_" for c in columns]
        target = f"({', '.join(texts)},)" if texts else "_"
        return f"for {target} in {source}:"

    def body(self, tasks: Sequence[Task], layout: RowLayout, env: Env) -> None:
        """First what every task asks of a row without anything computed, then what is computed,
        then the rest."""
        tree = Branch.of(tasks)
        computed = {*layout.inner, *layout.lets}
        common, tree = tree.trunk(lambda node: not refs(node) & computed)
        if not common:
            self.computed(layout, env)
            self.branch(tree, env)
            return
        with self.lines.under(f"if {self.all_true(common, env)}:"):
            env = self.knowing(common, env)
            self.computed(layout, env)
            self.branch(tree, env)

    def computed(self, layout: RowLayout, env: Env) -> None:
        groups: dict[Rows, list[Named]] = {}
        for name, aggregate in layout.inner.items():
            groups.setdefault(aggregate.rows, []).append((name, aggregate))
        for rows, inner in groups.items():
            self.write(rows, inner, env)
        for name, expr in layout.lets.items():
            self.writer.bind(name, expr, "w", env)

    def branch(self, tree: Branch, env: Env, depth: int = 0) -> None:
        for task in tree.tasks:
            task.accumulator.write(self.writer, env)
        chain: list[Expr] = []  # conditions of which at most one is true, already asked
        for condition, below in tree.branches():
            conditions, rest = below.trunk(lambda node: True)
            conditions = [condition, *conditions]
            if depth >= NESTED:
                for task, more in rest.flat():
                    self.guarded([*conditions, *more], env, Branch([task]), depth)
                continue
            follows = bool(chain) and all(excludes(other, condition) for other in chain)
            asked = self.guarded(conditions, env, rest, depth + 1, "elif" if follows else "if")
            chain = ([*chain, condition] if follows else [condition]) if asked else []

    def guarded(
        self, conditions: list[Expr], env: Env, tree: Branch, depth: int, word: str = "if"
    ) -> bool:
        """Writes what stands under conditions; whether they had to be asked."""
        text = self.all_true(conditions, env)
        inner = self.knowing(conditions, env)
        if text == "False":
            return False
        if text == "True":
            self.branch(tree, inner, depth)
            return False
        with self.lines.under(f"{word} {text}:"):
            self.branch(tree, inner, depth)
        return True

    def all_true(self, conditions: Sequence[Expr], env: Env) -> str:
        return self.emitter.truth(And(tuple(conditions)), env)

    def knowing(self, conditions: Sequence[Expr], env: Env) -> Env:
        return env.knowing(self.emitter.knowledge.told(And(tuple(conditions)), True))


# ------------------------------------------------------------------------ who asks what of a row


@dataclass(slots=True)
class Task:
    """Aggregates that count the same rows in the same way, and what they ask of a row."""

    names: list[str]
    conditions: dict[int, Expr]  # by key, so that equal ones are known
    accumulator: Accumulator


def _tasks(names: Names, aggregates: Sequence[Named], layout: RowLayout) -> list[Task]:
    laid = _laid_out([aggregate for _, aggregate in aggregates], layout)
    keys = Keys()
    tasks: dict[object, Task] = {}
    for (name, _), node in zip(aggregates, laid, strict=True):
        items = node.where.items if isinstance(node.where, And) else (node.where,)
        conditions = {keys.of(item): item for item in items if item is not None}
        kind: object = name
        if node.op in ("latest", "earliest"):
            ways = tuple(-1 if e is None else keys.of(e) for e in (node.by, node.tie))
            kind = (node.op, ways, frozenset(conditions))
        task = tasks.setdefault(kind, Task([], conditions, Accumulator(node)))
        task.names.append(name)
        task.accumulator.join(names, node.value)
    return list(tasks.values())


def _laid_out(aggregates: Sequence[Aggregate], layout: RowLayout) -> list[Aggregate]:
    laid = iter(layout.lay_out([part for node in aggregates for part in parts(node)]))
    made = []
    for node in aggregates:
        new = with_parts(node, [next(laid) for _ in parts(node)])
        assert isinstance(new, Aggregate)
        made.append(new)
    return made


@dataclass(slots=True)
class Branch:
    """Tasks whose conditions all hold here, and what more the others ask, by condition."""

    tasks: list[Task] = field(default_factory=list)
    below: dict[int, tuple[Expr, Branch]] = field(default_factory=dict)

    @staticmethod
    def of(tasks: Sequence[Task]) -> Branch:
        """Conditions that most tasks share come first."""
        shared = Counter(key for task in tasks for key in task.conditions)
        root = Branch()
        for task in tasks:
            here = root
            for key in sorted(task.conditions, key=lambda key: -shared[key]):
                here = here.below.setdefault(key, (task.conditions[key], Branch()))[1]
            here.tasks.append(task)
        return root

    def branches(self) -> list[tuple[Expr, Branch]]:
        """Those that ask which of several values something has stand together."""
        groups: dict[object, list[tuple[Expr, Branch]]] = {}
        for key, (condition, below) in self.below.items():
            subject = asked_about(condition)
            group: object = key if subject is None else subject[0]
            groups.setdefault(group, []).append((condition, below))
        return [pair for group in groups.values() for pair in group]

    def trunk(self, fits: Callable[[Expr], bool]) -> tuple[list[Expr], Branch]:
        """Conditions that all tasks from here on ask one after another, and where they part."""
        conditions: list[Expr] = []
        here = self
        while not here.tasks and len(here.below) == 1:
            ((condition, below),) = here.below.values()
            if not fits(condition):
                break
            conditions.append(condition)
            here = below
        return conditions, here

    def flat(self) -> list[tuple[Task, list[Expr]]]:
        """Every task from here on, with all that it still asks."""
        found: list[tuple[Task, list[Expr]]] = []
        waiting: list[tuple[Branch, list[Expr]]] = [(self, [])]
        while waiting:
            branch, asked = waiting.pop()
            found += [(task, asked) for task in branch.tasks]
            waiting += [(below, [*asked, more]) for more, below in branch.branches()]
        return found


def asked_about(condition: Expr) -> tuple[object, object] | None:
    """What a condition says must equal a constant, and the constant."""
    match condition:
        case Call(function="eq", args=(Column() | Ref() as subject, Const(value=value))):
            return subject, value
        case _:
            return None


def excludes(one: Expr, other: Expr) -> bool:
    """Whether both cannot be true of the same row."""
    first, second = asked_about(one), asked_about(other)
    if first is not None and second is not None:
        return first[0] == second[0] and first[1] != second[1]
    return one == Not(other) or other == Not(one)


def _columns(aggregates: Sequence[Aggregate]) -> set[str]:
    """The columns that are read of the rows of these aggregates, also from loops inside."""
    found: set[str] = set()
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[Expr, int]] = [(part, 0) for node in aggregates for part in parts(node)]
    while waiting:
        node, depth = waiting.pop()
        if (id(node), depth) in seen:
            continue
        seen.add((id(node), depth))
        if isinstance(node, Column) and node.level == depth:
            found.add(node.name)
        if isinstance(node, Aggregate):
            if node.rows.nested and node.rows.level == depth:
                found.add(node.rows.table)
            depth += 1
        waiting += [(part, depth) for part in parts(node)]
    return found
