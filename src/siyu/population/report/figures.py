"""All the figures of a report, from the folder of a run and of an earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from siyu.population.report import audience, facts, layers, outcomes, stated
from siyu.population.report.base import Base, open_base
from siyu.population.report.exact import Number, share
from siyu.population.report.folder import ReportFailed, RunFolder, open_folder
from siyu.population.report.model import (
    Figures,
    Layer,
    Moved,
    PointsCost,
    Pyramid,
    Segments,
    Stages,
)
from siyu.words import say


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be reported: the run, the earlier one, what the pyramid is made of, and what
    points cost. Names that are None are found."""

    folder: Path
    against: Path | None = None
    pyramid: str | None = None
    sales: str | None = None
    orders: str | None = None
    points: PointsCost | None = None
    memory: str | None = None


def figures_of(asked: Asked) -> tuple[Figures, RunFolder]:
    """Counts everything; raises ReportFailed where a folder is no run or a name is not there."""
    folder = open_folder(asked.folder)
    earlier = open_folder(asked.against) if asked.against is not None else None
    if earlier is not None:
        _comparable(folder, earlier)
    with ExitStack() as stack:
        base = stack.enter_context(open_base(folder, asked.memory))
        past = stack.enter_context(open_base(earlier, asked.memory)) if earlier else None
        return _counted(asked, base, past), folder


def _comparable(folder: RunFolder, earlier: RunFolder) -> None:
    one, other = folder.part("policy").get("name"), earlier.part("policy").get("name")
    if one != other:
        said = say("the earlier run is one of policy `{other}`, not of `{name}`",
                   other=str(other), name=str(one))  # fmt: skip
        raise ReportFailed(said, say("name with --against a run of the same policy"))
    if earlier.currency != folder.currency:
        raise ReportFailed(say("the earlier run counts in {other}, this one in {currency}",
                               other=earlier.currency, currency=folder.currency))  # fmt: skip


def _counted(asked: Asked, base: Base, past: Base | None) -> Figures:
    chosen = layers.choose(base, asked.pyramid, asked.sales, asked.orders)
    pyramid = layers.pyramid(base, chosen, past) if chosen is not None else None
    segments = audience.segments(base, past)
    stages = audience.stages(base, chosen, past)
    return Figures(
        run=base.folder.run,
        before=past.folder.run if past is not None else None,
        claims=stated.claims(base.folder),
        pyramid=pyramid,
        segments=segments,
        stages=stages,
        movements=audience.movements(base, past),
        points=outcomes.points(base, asked.points),
        incentives=outcomes.incentives(base, past),
        outreach=outcomes.outreach(base, past),
        scores=facts.scores(base),
        tables=facts.tables(base),
        indicators=stated.indicators(base, past.folder if past is not None else None),
        rejects=facts.rejects(base),
        moved=tuple(_moved(pyramid, segments, stages)) if past is not None else (),
    )


# ---------------------------------------------------------------- what moved since the earlier run


def _moved(
    pyramid: Pyramid | None, segments: Segments | None, stages: tuple[Stages, ...]
) -> Iterator[Moved]:
    """Heads and sales in all, then what moved most among levels, segments and stages."""
    if pyramid is not None and pyramid.whole_before is not None:
        yield from _all_told(pyramid.whole, pyramid.whole_before)
    found = list(_parts(pyramid, segments, stages))
    found.sort(key=lambda each: (-abs(each.change or Decimal(0)), each.what, each.of, each.part))
    yield from (each for each in found if each.change)


def _all_told(now: Layer, then: Layer) -> Iterator[Moved]:
    yield _move("customers", "", "", then.heads, now.heads)
    for what, past, present in (("sales", then.sales, now.sales), ("orders", then.orders,
                                now.orders), ("value", then.value, now.value)):  # fmt: skip
        if past is not None and present is not None:
            yield _move(what, "", "", past, present)


def _parts(
    pyramid: Pyramid | None, segments: Segments | None, stages: tuple[Stages, ...]
) -> Iterator[Moved]:
    if pyramid is not None and pyramid.before is not None:
        past = {each.layer: each.heads for each in pyramid.before}
        for layer in pyramid.layers:
            if layer.layer is not None:
                then = past.get(layer.layer, 0)
                yield _move("level", pyramid.of, layer.layer, then, layer.heads)
    for segment in segments.segments if segments is not None else ():
        if segment.before is not None:
            yield _move("segment", segment.name, "", segment.before, segment.true)
    for each in stages:
        for stage in each.stages if each.before is not None else ():
            if stage.layer is not None and each.before is not None:
                then = each.before.get(stage.layer, 0)
                yield _move("stage", each.name, stage.layer, then, stage.heads)


def _move(what: str, of: str, part: str, then: Number, now: Number) -> Moved:
    return Moved(what, of, part, then, now, share(now - then, then))
