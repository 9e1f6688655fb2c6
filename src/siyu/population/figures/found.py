"""What figures come to, all told and by groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from siyu.core.ir import Call, Expr, Held, Not
from siyu.core.program import Everyone, Facts, Figure, Needs, Program, Stat
from siyu.core.walk import refs
from siyu.evaluators.reference import Trace, evaluate_in
from siyu.evaluators.sql.dialects import DIALECTS
from siyu.population.engines import Engine
from siyu.population.figures.query import Name, plain, ranked_query, spread_out, stats_query
from siyu.types import EnumType, SetType, Type

MOST_GROUPS = 1_000  # of one figure: what is more is no division that people look at
NOBODY = Facts((), ())
COMPARED = ("eq", "ne", "lt", "le", "gt", "ge")


@dataclass(frozen=True, slots=True)
class FigureFound:
    """What a figure comes to; held, None where nobody can tell. `groups` are by value of what it is
    grouped by (None: unknown), in the order of the declaration or by code point; empty where there
    are more than `MOST_GROUPS` (then `too_many`). `measured` is what a claim compares, its held
    value and type, where it compares one thing."""

    figure: Figure
    value: Held
    groups: tuple[tuple[Held, Held], ...] = ()
    too_many: bool = False
    measured: tuple[Held, Type] | None = None

    @property
    def holds(self) -> bool | None:
        """Of a claim: whether it holds."""
        return self.value if isinstance(self.value, bool) else None


def bindings_of(program: Program) -> tuple[str, ...]:
    """The bindings that the figures are found in."""
    names: dict[str, None] = {}
    for figure in program.everyone.figures:
        found = [figure.by]
        for stat in figure.stats:
            found += [stat.value, stat.where]
        names.update((name, None) for name in found if name is not None)
    return tuple(names)


def find_figures(
    engine: Engine, program: Program, columns: Mapping[str, str], relation: str
) -> tuple[FigureFound, ...]:
    """All indicators and claims about everyone, by kind and name.

    `relation` holds the customers that were decided about (FROM-able, without those set aside) with
    what `bindings_of` asks for, each under the column of `columns`; `program` has the moment and
    the cuts put in. Raises EngineFailed.
    """
    finding = _Finding(engine, program, columns, relation)
    figures = program.everyone.figures
    together = [stat for figure in figures for stat in figure.stats]
    everyone = finding.stats(together, None).get(None, {})
    return tuple(finding.figure(figure, everyone) for figure in figures)


@dataclass(slots=True)
class _Finding:
    engine: Engine
    program: Program
    columns: Mapping[str, str]
    relation: str

    def figure(self, figure: Figure, everyone: Mapping[str, Held]) -> FigureFound:
        found = FigureFound(
            figure, self.value(figure.value, everyone), measured=self.measured(figure, everyone)
        )
        if figure.by is None:
            return found
        groups = self.stats(figure.stats, figure)
        if len(groups) > MOST_GROUPS:
            return replace(found, too_many=True)
        ordered = sorted(groups, key=lambda key: _place(key, figure.by_type))
        values = ((key, self.value(figure.value, groups[key])) for key in ordered)
        return replace(found, groups=tuple(values))

    def value(self, expr: Expr, stats: Mapping[str, Held]) -> Held:
        bare = replace(
            self.program, bindings=(), needs=Needs((), ()), parts=(), everyone=Everyone()
        )
        found: Held = evaluate_in(bare, NOBODY, None, dict(stats), Trace(), expr)
        return found

    def measured(self, figure: Figure, stats: Mapping[str, Held]) -> tuple[Held, Type] | None:
        """What a claim that is one comparison compares with a constant."""
        expr = figure.value.value if isinstance(figure.value, Not) else figure.value
        if not isinstance(expr, Call) or expr.function not in COMPARED:
            return None
        sides = [side for side in expr.args if refs(side)]
        if figure.kind != "claim" or len(sides) != 1:
            return None
        return self.value(sides[0], stats), sides[0].type

    # ------------------------------------------------------------------------------- stats

    def stats(
        self, stats: list[Stat] | tuple[Stat, ...], figure: Figure | None
    ) -> dict[Held, dict[str, Held]]:
        """The stats by name, for each group; of everyone under None, for nobody too."""
        relation, by = self.relation, None
        if figure is not None and figure.by is not None:
            by = self.name(figure.by)
            if isinstance(figure.by_type, SetType):
                relation, by = spread_out(relation, by, self.engine.name), "item"
        name: Name = self.name
        found: dict[Held, dict[str, Held]] = {}
        unordered = plain(stats)
        query = stats_query(unordered, name, relation, self.engine.name, by)
        limited = query if by is None else f"{query} LIMIT {MOST_GROUPS + 1}"
        for row in self.engine.rows(limited):
            key, cells = (None, row) if by is None else (row[0], row[1:])
            found[key] = {
                stat.name: _held(cell) for stat, cell in zip(unordered, cells, strict=False)
            }
        for stat in stats:
            if stat not in unordered and len(found) <= MOST_GROUPS:
                values = self.engine.rows(ranked_query(stat, name, relation, by))
                for key in found:
                    found[key][stat.name] = None
                for row in values:
                    found[None if by is None else row[0]][stat.name] = _held(row[-1])
        return found

    def name(self, binding: str) -> str:
        return DIALECTS[self.engine.name].name_of(self.columns[binding])


def _held(cell: Any) -> Held:
    """What an engine gives for a number, as it is held."""
    if cell is None or isinstance(cell, (bool, str)):
        return cell
    return int(cell)


def _place(key: Held, kind: Type | None) -> tuple[int, int, str]:
    """Levels and cases as they are declared, true before false, words by code point; what is
    unknown last."""
    if key is None:
        return (2, 0, "")
    if isinstance(key, bool):
        return (0, 0 if key else 1, "")
    if isinstance(kind, EnumType) and key in kind.members:
        return (0, kind.members.index(str(key)), "")
    return (1, 0, str(key))
