"""`tier`: a level, and what becomes of it: entered, upgraded, kept, in grace, downgraded.

The arithmetic of a level's life stands here once, as core expressions:

    earned    the first level from the top whose rule holds (a lifetime floor is one more way in)
    change    what `earned` means against the level held until now
    level     the level shown: the held one while it is kept or in grace
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.core.ir import Arm, Cases, Expr, Ref
from siyu.core.program import Entry, Fields, Leaf, Mapping, Maybe, Part
from siyu.diagnostics import Diagnostic
from siyu.kinds.classify import names_differ
from siyu.kinds.falling import LevelsRise, check_falling
from siyu.kinds.kind import Kind, only, scope_of
from siyu.kinds.levels import Rung, rungs_of
from siyu.kinds.prove import Otherwise, OtherwiseNotLast, prove
from siyu.kinds.roles import fields_of_roles
from siyu.semantics import check, make
from siyu.semantics.build import FIGURES, Build, Declared, Outcome, Scope, level_enum
from siyu.semantics.phrases import KINDS
from siyu.syntax import ast
from siyu.types import BOOL, DATE, INT, EnumType
from siyu.words import say

CHANGES = ("entered", "upgraded", "kept", "in_grace", "downgraded")


@dataclass(frozen=True, slots=True)
class GraceWithoutKeep(Diagnostic):
    code: ClassVar[str] = "E0631"
    message: ClassVar[str] = "tier `{name}` has a grace period but never keeps a level"
    label: ClassVar[str] = "grace begins when the time to keep a level is over"
    help: ClassVar[str] = "add a line such as `keep 12 months`"
    page: ClassVar[str] = (
        "`keep` says how long a level is kept once it is reached; `grace` is added behind it. "
        "Without `keep` a level follows what the member has earned from day to day."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n  schema "retail.yaml"\n\n'
        "tier member_level by total_spend\n  gold from 1000 yuan\n  plain otherwise\n"
        "  grace 60 days\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n  schema "retail.yaml"\n\n'
        "tier member_level by total_spend\n  gold from 1000 yuan\n  plain otherwise\n"
        "  keep 12 months\n  grace 60 days\n"
    )

    name: str


@dataclass(frozen=True, slots=True)
class NoSuchLevel(Diagnostic):
    code: ClassVar[str] = "E0632"
    message: ClassVar[str] = "tier `{name}` has no level `{level}`"
    label: ClassVar[str] = "the levels are {levels}"
    help: ClassVar[str] = "name one of the tier's own levels"
    page: ClassVar[str] = "`lifetime LEVEL when …` promises one of the levels written above it."
    wrong: ClassVar[str] = (
        "policy p\n  language 1\n\ntier t by 5\n  gold from 10\n  plain otherwise\n"
        "  lifetime silver when true\n"
    )
    right: ClassVar[str] = (
        "policy p\n  language 1\n\ntier t by 5\n  gold from 10\n  plain otherwise\n"
        "  lifetime gold when true\n"
    )

    name: str
    level: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Life:
    """The expressions of one tier's life that its clauses and the schema's roles give."""

    held: Expr | None
    until: Expr | None
    keep: ast.Expr | None
    grace: ast.Expr | None
    one_level: bool


def lower(declared: Declared, build: Build) -> Outcome:
    node = declared.node
    assert isinstance(node, ast.Tier)
    scope = scope_of(declared, build)
    name = declared.name
    names_differ([level.name for level in node.levels], build, KINDS["tier"], name)
    kind = level_enum(node, name)
    life = _life(node, name, scope)
    by = check.value(node.by, scope)
    by = build.bind(f"{name}.by", by, FIGURES, optional=check.may_be_unknown(by, scope),
                    span=node.by.span)  # fmt: skip
    rungs = rungs_of(node, by, scope)
    check_falling(node, rungs, scope)
    earned = _bind(build, name, "earned", _earned(node, rungs, kind, scope))
    change_kind = EnumType(f"{name}.change", CHANGES)
    change = _bind(build, name, "change", _change(earned, life, kind, change_kind, scope))
    shown = build.bind(name, _shown(earned, change, life, kind), FIGURES, span=node.name.span)
    dates = _dates(name, earned, change, life, kind, scope)
    missing = _missing(name, shown, rungs, by, kind, scope)
    held = build.bind(f"{name}.held", life.held or make.const(None, kind), FIGURES)
    build.emit(Part("tiers", name, _shape(name, node, kind, change_kind, missing)))
    fields = {"change": change, "held": held, **dates, **missing}
    return Outcome(name, declared.kind, FIGURES, shown, fields)


def _life(node: ast.Tier, name: str, scope: Scope) -> Life:
    build = scope.build
    keep = only(node, ast.Keep, build, "keep")
    grace = only(node, ast.Grace, build, "grace")
    only(node, ast.FallOneLevel, build, "fall one level")
    if grace is not None and keep is None:
        build.report(GraceWithoutKeep(grace.span, name))
    needed = keep.span if keep else None
    roles = (f"held level of {name}", f"kept until of {name}")
    held, until = fields_of_roles(roles, scope, needed, "keep")
    one = any(isinstance(clause, ast.FallOneLevel) for clause in node.clauses)
    return Life(held, until, keep.value if keep else None, grace.value if grace else None, one)


def _earned(node: ast.Tier, rungs: tuple[Rung, ...], kind: EnumType, scope: Scope) -> Expr:
    floors = [clause for clause in node.clauses if isinstance(clause, ast.Lifetime)]
    for floor in floors:
        if floor.level.text not in kind.members:
            scope.build.report(
                NoSuchLevel(floor.level.span, scope.owner, floor.level.text, kind.members)
            )
    arms = []
    last = None
    for level, rung in zip(node.levels, rungs, strict=True):
        ways = [] if rung.holds is None else [rung.holds]
        for n, floor in enumerate(floors, 1):
            if floor.level.text == level.name.text:
                promised = check.condition(floor.when, scope, f"{scope.owner}.lifetime.{n}")
                # Only a floor that is known to be promised lifts anybody.
                ways.append(make.otherwise(promised, make.const(False, BOOL)))
        if rung.holds is None:
            last = level
        else:
            arms.append(Arm(make.any_of(*ways), make.const(level.name.text, kind)))
    if last is not None and last is not node.levels[-1]:
        scope.build.report(OtherwiseNotLast(last.span, say("level"), last.name.text))
    rule = last.rule if last is not None else None
    or_unknown = isinstance(rule, ast.OtherwiseLevel) and rule.or_unknown
    prove(
        [arm.when for arm in arms],
        scope,
        Otherwise.of(last, node.name.span),
        exclusive=False,
        kind="tier",
        name=scope.owner,
        names=[level.name for level in node.levels[: len(arms)]],
    )
    lowest = make.const(last.name.text if last else None, kind)
    return Cases(tuple(arms), lowest, "otherwise" if or_unknown else "stop", kind, span=node.span)


def _change(earned: Ref, life: Life, kind: EnumType, change: EnumType, scope: Scope) -> Expr:
    def says(word: str) -> Expr:
        return make.const(word, change)

    entered = Arm(make.known(earned), says("entered"))
    if life.held is None:
        return Cases((entered,), make.const(None, change), "skip", change)
    order = make.const(kind.members, kind)
    was = make.call("rank", INT, life.held, order)
    now = make.call("rank", INT, earned, order)
    today = check.today(scope)
    arms = [
        Arm(make.not_(make.known(earned)), make.const(None, change)),
        Arm(make.not_(make.known(life.held)), says("entered")),
        Arm(make.call("gt", BOOL, now, was), says("upgraded")),
        Arm(make.call("eq", BOOL, now, was), says("kept")),
    ]
    if life.keep is not None:
        until = _until(life, scope)
        arms.append(Arm(make.call("le", BOOL, today, until), says("kept")))
        if life.grace is not None:
            end = _later(until, life.grace, scope)
            arms.append(Arm(make.call("le", BOOL, today, end), says("in_grace")))
    return Cases(tuple(arms), says("downgraded"), "skip", change)


def _until(life: Life, scope: Scope) -> Expr:
    """The kept-until date; a missing one counts as today."""
    today = check.today(scope)
    return today if life.until is None else make.otherwise(life.until, today)


def _later(day: Expr, length: ast.Expr, scope: Scope) -> Expr:
    return check.later(day, check.value(length, scope), scope, length.span)


def _is(change: Ref, *words: str) -> Expr:
    return make.call("in_set", BOOL, change, make.const(frozenset(words), change.type))


def _shown(earned: Ref, change: Ref, life: Life, kind: EnumType) -> Expr:
    if life.held is None:
        return earned
    arms = [Arm(_is(change, "entered", "upgraded"), earned)]
    if life.one_level:
        below = kind.members[:1] + kind.members[:-1]
        steps = make.call(
            "item",
            kind,
            make.const(below, kind),
            make.call("rank", INT, life.held, make.const(kind.members, kind)),
        )
        arms.append(Arm(_is(change, "downgraded"), steps))
    else:
        arms.append(Arm(_is(change, "downgraded"), earned))
    # Whoever was not `entered` has a held level; said this way, everybody sees that it is known.
    return make.otherwise(Cases(tuple(arms), life.held, "skip", kind), earned)


def _dates(
    name: str, earned: Ref, change: Ref, life: Life, kind: EnumType, scope: Scope
) -> dict[str, Expr]:
    build = scope.build
    nothing = make.const(None, DATE)
    if life.keep is None:
        return {
            "keep_until": build.bind(f"{name}.keep_until", nothing, FIGURES),
            "grace_until": build.bind(f"{name}.grace_until", nothing, FIGURES),
        }
    today = check.today(scope)
    until = _until(life, scope)
    renewed = _later(today, life.keep, scope)
    arms = [Arm(_is(change, "entered", "upgraded", "downgraded"), renewed)]
    if life.held is not None:
        again = make.all_of(
            _is(change, "kept"),
            make.call("eq", BOOL, earned, life.held),
            make.call("ge", BOOL, today, until),
        )
        arms.append(Arm(again, renewed))
        arms.append(Arm(make.known(change), until))
    keep_until = Cases(tuple(arms), life.until or nothing, "skip", DATE)
    grace_until: Expr = nothing
    if life.grace is not None:
        end = _later(until, life.grace, scope)
        grace_until = Cases((Arm(_is(change, "in_grace"), end),), nothing, "skip", DATE)
    return {
        "keep_until": build.bind(f"{name}.keep_until", keep_until, FIGURES),
        "grace_until": build.bind(f"{name}.grace_until", grace_until, FIGURES),
    }


def _missing(
    name: str, shown: Ref, rungs: tuple[Rung, ...], by: Ref, kind: EnumType, scope: Scope
) -> dict[str, Expr]:
    """How far `by` is from the level above the shown one, and from the shown one itself."""
    build = scope.build
    above, same, next_level = [], [], []
    for higher, rung in zip((None, *rungs), rungs, strict=False):
        here = make.call("eq", BOOL, shown, make.const(rung.level, kind))
        if rung.threshold is not None:
            same.append(Arm(here, check.subtract(rung.threshold, by, scope, rung.span)))
        if higher is not None:
            next_level.append(Arm(here, make.const(higher.level, kind)))
            if higher.threshold is not None:
                gap = check.subtract(higher.threshold, by, scope, higher.span)
                above.append(Arm(here, gap))
    found: dict[str, Expr] = {}
    for word, arms in (("missing", above), ("keep_missing", same)):
        amount = max((a.value.type for a in arms), key=lambda t: getattr(t, "scale", 0),
                     default=by.type)  # fmt: skip
        same_type = tuple(
            Arm(arm.when, check.coerce(arm.value, amount, scope, arm.value.span)) for arm in arms
        )
        gap = Cases(same_type, make.const(None, amount), "skip", amount)
        ref = build.bind(f"{name}.{word}", gap, FIGURES)
        lacks = make.call("gt", BOOL, ref, make.const(0, amount))
        build.bind(f"{name}.{word}.some", lacks, FIGURES)
        found[word] = ref
    upper = Cases(tuple(next_level), make.const(None, kind), "skip", kind)
    found["next"] = build.bind(f"{name}.next", upper, FIGURES)
    build.bind(f"{name}.next.some", make.known(found["next"]), FIGURES, optional=False)
    return found


def _shape(
    name: str, node: ast.Tier, kind: EnumType, change: EnumType, missing: dict[str, Expr]
) -> Fields:
    fact = node.by.text if isinstance(node.by, ast.Name) else "by"

    def lacking(word: str) -> Mapping:
        leaf = Leaf(f"{name}.{word}", missing[word].type)
        return Mapping(((fact, Entry(f"{name}.{word}.some", leaf)),))

    upper = Fields((("level", Leaf(f"{name}.next", kind)), ("missing", lacking("missing"))))
    return Fields(
        (
            ("level", Leaf(name, kind)),
            ("held", Leaf(f"{name}.held", kind)),
            ("change", Leaf(f"{name}.change", change)),
            ("keep_until", Leaf(f"{name}.keep_until", DATE)),
            ("grace_until", Leaf(f"{name}.grace_until", DATE)),
            ("next", Maybe(f"{name}.next.some", upper)),
            ("keep", Fields((("missing", lacking("keep_missing")),))),
        )
    )


def _bind(build: Build, name: str, word: str, expr: Expr) -> Ref:
    return build.bind(f"{name}.{word}", expr, FIGURES)


KIND = Kind(
    "tier",
    ast.Tier,
    FIGURES,
    lower,
    """Levels, the highest first: the first whose rule holds is earned. A level follows from a
threshold of what stands after `by` (`from 1000 yuan`), from a share of the population (`top 5%
among …`), or from a condition (`when …`). `keep` says how long a level is kept once reached,
`grace` what is added behind that, `fall one level` that nobody falls further at once, and
`lifetime` promises a level for good. Without `keep` the level follows what is earned from day to
day.

The held level and the date until which it is kept come from the member's record: the schema says
which fields they are (`role: held level of member_level`, `role: kept until of member_level`).

```siyu
tier member_level "Level" by spend_12m
  gold     "Gold"   top 20% among orders_12m >= 1
  silver   "Silver" from 1000 yuan
  standard "Basic"  otherwise
  keep 12 months
  grace 60 days
  fall one level
```
""",
    (GraceWithoutKeep, LevelsRise, NoSuchLevel),
)
