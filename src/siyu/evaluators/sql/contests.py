"""Who is chosen, as SQL: what `core.contest` does, for all records at once.

Where the order of two candidates is known before the query runs, nothing compares them. With an
order that is all known and few enough places or rooms, a contest is plain conditions; else each
candidate's place is counted, and where rooms can fill up, the candidates are gone through in that
order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from siyu.core.contest import Entrant, ranked
from siyu.core.ir import Contest
from siyu.evaluators.sql.dialects import Dialect
from siyu.evaluators.sql.fragments import NOTHING, Chosen, Sql, chunked, depth_of, reads_of
from siyu.evaluators.sql.ranges import TRUTH, Range
from siyu.evaluators.sql.scopes import Scope
from siyu.functions.declaration import OPEN

if TYPE_CHECKING:
    from siyu.evaluators.sql.lower import Lowering

NUMBER = Range((0, 2**31 - 1), False)


@dataclass(frozen=True, slots=True)
class Runner:
    """A candidate as SQL: whether it takes part, and by room, when it takes one from it (once for
    each time it does)."""

    place: int
    name: str
    eligible: Sql
    keys: tuple[Sql, ...]
    uses: tuple[tuple[int, Sql], ...]


def write_contest(lowering: Lowering, node: Contest, inner: Sequence[Sql], scope: Scope) -> Chosen:
    """For each candidate whether it is chosen; `inner` are the node's parts."""
    parts = iter(inner)
    runners = [
        Runner(
            place,
            candidate.name,
            _surely(next(parts)),
            tuple(next(parts) for _ in candidate.keys),
            tuple((use.room, _surely(next(parts))) for use in candidate.uses),
        )
        for place, candidate in enumerate(node.candidates)
    ]
    return _Contest(lowering, node, runners, list(parts), scope).written()


class _Contest:
    def __init__(
        self,
        lowering: Lowering,
        node: Contest,
        runners: list[Runner],
        rooms: list[Sql],
        scope: Scope,
    ) -> None:
        self.lowering = lowering
        self.dialect: Dialect = lowering.dialect
        self.node = node
        self.scope = scope
        self.rooms = rooms
        self.runners = [r for r in runners if r.eligible.known.value is not False]
        self.take = node.take

    def written(self) -> Chosen:
        won: dict[int, Sql] = {}
        if self.take > 0 and self.runners:
            order = self.static_order()
            if order is None:
                won = self.by_place()
            elif len(order) == 1 and not order[0].uses:
                won = {order[0].place: order[0].eligible}
            elif self.take == 1:
                won = self.first(order)
            elif any(runner.uses for runner in order):
                won = self.one_by_one(order)
            else:
                won = self.counted(order)
        none = Sql("FALSE", Range(None, False, False), simple=True, unknown_if=NOTHING)
        return Chosen(tuple(won.get(n, none) for n in range(len(self.node.candidates))))

    def static_order(self) -> list[Runner] | None:
        """The candidates in their order, if that is known."""
        if any(key.known.value is OPEN for runner in self.runners for key in runner.keys):
            return None
        by_place = {runner.place: runner for runner in self.runners}
        entrants = [
            Entrant(r.place, r.name, tuple(key.known.value for key in r.keys)) for r in self.runners
        ]
        return [by_place[e.place] for e in ranked(entrants, self.node.descending)]

    # ------------------------------------------------------------------- in a known order

    def first(self, order: list[Runner]) -> dict[int, Sql]:
        """One is chosen: the first that can be."""
        arms: list[str] = []
        used: list[Sql] = []
        for runner in order:
            tests = [runner.eligible, *self.room_left(runner, {})]
            used += tests
            condition = " AND ".join(test.text for test in tests)
            arms.append(f"WHEN {condition} THEN {runner.place}")
        winner = self.scope.name(self.made(f"(CASE {' '.join(arms)} ELSE -1 END)", used, NUMBER))
        return {r.place: self.made(f"({winner.text} = {r.place})", [winner]) for r in order}

    def counted(self, order: list[Runner]) -> dict[int, Sql]:
        """Several are chosen, and nothing but their number limits them."""
        won: dict[int, Sql] = {}
        before: list[Sql] = []
        for runner in order:
            eligible = self.scope.name(runner.eligible)
            tests = [eligible]
            if len(before) >= self.take:
                count = self.sum_of(before)
                tests.append(self.made(f"({count.text} < {self.take})", [count]))
            won[runner.place] = self.all_of(tests)
            before.append(eligible)
        return won

    def one_by_one(self, order: list[Runner]) -> dict[int, Sql]:
        """Each looks at what those before it took."""
        won: dict[int, Sql] = {}
        taken: dict[int, list[Sql]] = {}
        before: list[Sql] = []
        for runner in order:
            tests = [runner.eligible, *self.room_left(runner, taken)]
            if len(before) >= self.take:
                count = self.sum_of(before)
                tests.append(self.made(f"({count.text} < {self.take})", [count]))
            chosen = self.scope.name(self.all_of(tests))
            won[runner.place] = chosen
            before.append(chosen)
            for room, when in runner.uses:
                both = self.scope.name(self.all_of([chosen, when]))
                taken.setdefault(room, []).append(both)
        return won

    def room_left(self, runner: Runner, taken: dict[int, list[Sql]]) -> Iterator[Sql]:
        """That each room it takes from has one left. A room that is unknown has no end."""
        for room, when in runner.uses:
            limit = self.rooms[room]
            if limit.known.value is None or when.known.value is False:
                continue
            limit = self.scope.name(limit)
            gone = taken.get(room, [])
            need = f"{limit.text} > {self.sum_of(gone).text if gone else 0}"
            texts = [] if when.known.value is True else [f"(NOT {when.text})"]
            texts += [f"{limit.text} IS NULL"] if limit.nullable else []
            yield self.made(f"({' OR '.join([*texts, need])})", [when, limit, *gone])

    # ------------------------------------------------------------------- in any order

    def by_place(self) -> dict[int, Sql]:
        """Each one's place is the number of those who take part and come before it."""
        name = self.scope.name
        runners = [
            Runner(r.place, r.name, name(r.eligible), tuple(map(name, r.keys)),
                   tuple((room, name(when)) for room, when in r.uses))
            for r in self.runners
        ]  # fmt: skip
        before: dict[int, list[Sql]] = {runner.place: [] for runner in runners}
        for one, other in combinations(runners, 2):
            earlier = self.precedes(one, other)
            before[other.place].append(self.all_of([one.eligible, earlier]))
            later = self.made(f"(NOT {earlier.text})", [earlier])
            before[one.place].append(self.all_of([other.eligible, later]))
        places = {
            place: name(self.sum_of(found)) if found else _number(0)
            for place, found in before.items()
        }
        if any(runner.uses for runner in runners):
            return self.gone_through(runners, places)
        won: dict[int, Sql] = {}
        for runner in runners:
            place = places[runner.place]
            near = self.made(f"({place.text} < {self.take})", [place])
            won[runner.place] = self.all_of([runner.eligible, near])
        return won

    def precedes(self, one: Runner, other: Runner) -> Sql:
        """Whether one comes before another, both taking part; never unknown."""
        arms: list[str] = []
        for a, b, down in zip(one.keys, other.keys, self.node.descending, strict=True):
            if OPEN not in (a.known.value, b.known.value):
                order = _static(a.known.value, b.known.value, down)
                if order == 0:
                    continue
                last = "TRUE" if order < 0 else "FALSE"
                break
            if a.text == b.text:
                continue
            sign = ">" if down else "<"
            arms.append(f"WHEN {a.text} {sign} {b.text} THEN TRUE")
            arms.append(f"WHEN {b.text} {sign} {a.text} THEN FALSE")
            if a.nullable:
                alone = f"{a.text} IS NULL" + f" AND {b.text} IS NOT NULL" * b.nullable
                arms.append(f"WHEN {alone} THEN FALSE")
            if b.nullable:
                alone = f"{b.text} IS NULL" + f" AND {a.text} IS NOT NULL" * a.nullable
                arms.append(f"WHEN {alone} THEN TRUE")
        else:
            last = "TRUE" if (one.name, one.place) < (other.name, other.place) else "FALSE"
        if not arms:
            value = last == "TRUE"
            return Sql(last, Range(None, False, value), simple=True, unknown_if=NOTHING)
        text = f"(CASE {' '.join(arms)} ELSE {last} END)"
        return self.made(text, [*one.keys, *other.keys])

    def gone_through(self, runners: list[Runner], places: dict[int, Sql]) -> dict[int, Sql]:
        """A list of those who take part, in order, folded with what is left of every room."""
        dialect = self.dialect
        rooms = sorted({room for runner in runners for room, _ in runner.uses})
        entries: list[str] = []
        used: list[Sql] = []
        for runner in runners:
            fields = [("o", places[runner.place].text), ("p", str(runner.place))]
            for room in rooms:
                taking = [when for number, when in runner.uses if number == room]
                fields.append((f"u{room}", self.sum_of(taking).text if taking else "0"))
                used += taking
            used += [places[runner.place], runner.eligible]
            entry = dialect.struct_of(fields)
            entries.append(f"CASE WHEN {runner.eligible.text} THEN {entry} END")
        r = self.lowering.variable()
        there = dialect.lambda_of(r, f"({r} IS NOT NULL)")
        all_entries = dialect.on("list", "", ", ".join(entries))
        ordered = dialect.on("sorted", dialect.on("filter", all_entries, there))
        limits = [self.rooms[room] for room in rooms]
        wide = dialect.integers[128]
        start = [("w", dialect.on("list", "", "-1")), ("n", "0")]
        start += [(f"l{n}", f"CAST({limit.text} AS {wide})")
                  for n, limit in zip(rooms, limits, strict=True)]  # fmt: skip
        folded = dialect.fold(ordered, dialect.struct_of(start), *self.step(rooms, wide))
        chosen = self.scope.name(self.made(f"({folded}).w", [*used, *limits], Range(None, False)))
        return {
            runner.place: self.made(
                dialect.on("contains", chosen.text, str(runner.place)), [chosen]
            )
            for runner in runners
        }

    def step(self, rooms: Sequence[int], wide: str) -> tuple[str, str, str]:
        """The names of what was reached and of the next entry, and what is reached with it."""
        s, e = self.lowering.variable(), self.lowering.variable()
        dialect = self.dialect
        tests = [f"{s}.n < {self.take}"]
        tests += [
            f"({e}.u{n} = 0 OR {s}.l{n} IS NULL OR {s}.l{n} > 0)" for n in rooms
        ]  # fmt: skip
        after = [("w", dialect.on("append", f"{s}.w", f"{e}.p")), ("n", f"({s}.n + 1)")]
        after += [(f"l{n}", f"CAST({s}.l{n} - {e}.u{n} AS {wide})") for n in rooms]
        fields = dialect.struct_of(after)
        return s, e, f"CASE WHEN {' AND '.join(tests)} THEN {fields} ELSE {s} END"

    # ------------------------------------------------------------------------------ small

    def made(self, text: str, inner: Sequence[Sql], known: Range = TRUTH) -> Sql:
        height = depth_of(text) + max((piece.height for piece in inner), default=0)
        return Sql(text, known, reads_of(inner), height, False, NOTHING)

    def all_of(self, tests: Sequence[Sql]) -> Sql:
        left = [test for test in tests if test.known.value is not True]
        if any(test.known.value is False for test in left):
            return Sql("FALSE", Range(None, False, False), simple=True, unknown_if=NOTHING)
        if not left:
            return Sql("TRUE", Range(None, False, True), simple=True, unknown_if=NOTHING)
        return left[0] if len(left) == 1 else self.made(
            chunked([test.text for test in left], " AND "), left
        )  # fmt: skip

    def sum_of(self, flags: Sequence[Sql]) -> Sql:
        """How many of them are true."""
        if not flags:
            return _number(0)
        kind = self.dialect.integers[32]
        return self.made(
            chunked([f"CAST({f.text} AS {kind})" for f in flags], " + "), flags, NUMBER
        )


def _surely(condition: Sql) -> Sql:
    """Whether a condition is true: unknown is not."""
    if not condition.nullable:
        return condition
    if condition.known.value is None:
        return Sql("FALSE", Range(None, False, False), simple=True, unknown_if=NOTHING)
    text = f"COALESCE({condition.text}, FALSE)"
    return Sql(text, TRUTH, condition.reads, condition.height + 1, False, NOTHING)


def _number(value: int) -> Sql:
    return Sql(str(value), Range((value, value), False, value), simple=True, unknown_if=NOTHING)


def _static(a: Any, b: Any, down: bool) -> int:
    """Which of two keys comes first: -1 the first, 1 the second, 0 neither; unknown last."""
    if a is None or b is None:
        return (a is None) - (b is None)
    if a == b:
        return 0
    return -1 if (a > b) == down else 1
