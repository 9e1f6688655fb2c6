"""The run itself: from tables to a folder with all that was decided."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from siyu.core.ir import Held
from siyu.core.passes import at_moment, specialise
from siyu.core.program import Allotment, Program
from siyu.decision.plain import exports_of
from siyu.evaluators.sql import decide_query
from siyu.population import figures
from siyu.population.engines import Engine
from siyu.population.engines.duck import DuckEngine
from siyu.population.files import PopulationValues, read_allocation
from siyu.population.run import allocate, calibrating, claims, counts, inputs, writing
from siyu.population.run.allocation_file import allocation_text
from siyu.population.run.audit import Audited, audited
from siyu.population.run.base import Facts, bring_together
from siyu.population.run.dialect import dialect_of
from siyu.population.run.events import decide_events
from siyu.population.run.folder import Folder, cannot_write
from siyu.population.run.layout import outcome_parts
from siyu.population.run.manifest import Manifest, budgets_of, document, write_json
from siyu.population.run.order import Order, Progress, Silent
from siyu.population.run.outcomes import column_types
from siyu.population.run.writing import Batch
from siyu.text import Source
from siyu.words import ENGLISH, Words, say

READING, FACTS = say("reading the sources"), say("bringing the facts together")
CALIBRATING, SHARING = say("calibrating"), say("sharing out budgets and quotas")
DECIDING, WRITING = say("deciding"), say("writing")
STAGES: dict[str, Words] = {
    "sources": READING, "facts": FACTS, "calibrate": CALIBRATING, "allocate": SHARING,
    "decide": DECIDING, "write": WRITING,
}  # fmt: skip


Decisions = tuple[list[Batch], list[inputs.Inputs], int]  # and how many were set aside


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that came to its end. `place` is the folder; None where a claim kept it from being
    published, and `why` says which. `run` and `indicators` are the documents, `timings` seconds by
    stage, `warnings` what people should know."""

    place: Path | None
    run: dict[str, Any]
    indicators: dict[str, Any]
    timings: dict[str, float]
    why: tuple[Words, ...] = ()
    warnings: tuple[Words, ...] = ()


def run(order: Order, progress: Progress | None = None) -> Finished:
    """Makes a run. Raises RunProblem, EngineFailed, or SourcesFailed where it cannot be made; then
    nothing is at its place."""
    with Folder(order.place, order.force) as folder:
        engine = order.open_engine(folder.work)
        try:
            if progress is not None and isinstance(engine, DuckEngine):
                engine.listen(progress.within)
            return _Run(order, folder, engine, progress or Silent()).make()
        except OSError as error:
            raise cannot_write(folder.place, error) from None
        finally:
            engine.close()


@dataclass(slots=True)
class _Run:
    order: Order
    folder: Folder
    engine: Engine
    progress: Progress
    timings: dict[str, float] = field(default_factory=dict)
    warnings: list[Words] = field(default_factory=list)
    earlier: Mapping[str, Any] | None = None
    began: float = field(default_factory=time.perf_counter)

    def make(self) -> Finished:
        order = self.order
        engine = (self.engine.name, self.engine.version)
        manifest = Manifest(order.as_of, order.events, engine, order.version)
        self.warnings += calibrating.check_calibration(order)
        self.earlier = claims.earlier_indicators(order.previous, order.program.name)
        with self.stage("sources"):
            tables = inputs.open_tables(order, self.engine, self.folder.work)
        try:
            return self.made(manifest, tables)
        finally:
            tables.digests.close()

    def made(self, manifest: Manifest, tables: inputs.Tables) -> Finished:
        order = self.order
        about = self.about_events if order.events else self.about_everyone
        batches, staged, rejected = about(manifest, tables)
        with self.stage("write", 5):
            self.write(batches, manifest)
            inputs.write_rejects(
                self.engine, staged, rejected, self.folder.here / "rejects.parquet", manifest
            )
            manifest.sources = inputs.sources_of(tables)
            self.warnings += inputs.many_rejects(order, manifest)
            manifest.warnings = tuple(map(ENGLISH.of, self.warnings))
            self.progress.advance()
            indicators = self.figures(batches, manifest)
            made = document(manifest, order.compiled, order.program)
            write_json(self.folder.here / "run.json", made)
            write_json(self.folder.here / "indicators.json", indicators)
        why = claims.broken(made["counts"].get("claims", {}), indicators, order.compiled.labels)
        self.timings["total"] = time.perf_counter() - self.began
        place = None
        if not why:
            timings = {name: round(seconds, 3) for name, seconds in self.timings.items()}
            write_json(self.folder.here / "timings.json", {"seconds": timings})
            self.folder.publish()
            place = self.folder.place
        return Finished(place, made, indicators, self.timings, why, tuple(self.warnings))

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[None]:
        """Counts the seconds of a stage, and says that it has begun."""
        self.progress.stage(STAGES[name], total)
        begun = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - begun
            self.timings[name] = self.timings.get(name, 0.0) + spent

    # ------------------------------------------------------------ everyone

    def about_everyone(self, manifest: Manifest, tables: inputs.Tables) -> Decisions:
        """Decides about every customer."""
        order, engine = self.order, self.engine
        program = calibrating.program_to_read(order)
        with self.stage("sources"):
            staged = inputs.stage_for(order, tables, program, None)
        moment = at_moment(program, order.as_of, None)
        audit = audited(moment, None) if order.audit else None
        asked = moment if audit is None else audit.program
        extra = figures.bindings_of(moment)
        allotments = moment.everyone.allotments
        again = bool(allotments or (order.calibrate and moment.everyone.cuts))
        with self.stage("facts"):
            facts = bring_together(
                engine, asked, staged.relations, None, self.wanted(asked, audit, extra),
                given=staged.given, again=again or order.calibrate, memory=order.memory,
            )  # fmt: skip
        inputs.stop_on_rejects(order, facts.read, facts.rejected)
        manifest.customers = {
            "read": facts.read, "decided": facts.read - facts.rejected, "rejected": facts.rejected,
        }  # fmt: skip
        calibration = self.calibrated(moment, facts, staged, manifest)
        cuts = calibration.values if calibration is not None else {}
        known = specialise(asked, cuts, {})
        if allotments:
            with self.stage("allocate", len(allotments)):
                known = self.allocated(asked, known, cuts, facts, manifest)
        with self.stage("decide"):
            batch = writing.decide(engine, moment, known, None, facts, extra, audit)
        if not facts.rejected and engine.name == "duckdb":  # Spark may work tables out again
            facts.forget(engine)
        clean = inputs.nothing_aside(staged, facts.read, facts.rejected, facts.rows)
        return [batch], [] if clean else [staged], facts.rejected

    def wanted(
        self, program: Program, audit: Audited | None, extra: Sequence[str]
    ) -> tuple[str, ...]:
        """Every binding that some query of the run asks for."""
        names = dict.fromkeys(exports_of(program, None))
        names |= dict.fromkeys(extra)
        names |= dict.fromkeys(allocate.bindings_of(program.everyone.allotments))
        if self.order.calibrate:
            names |= dict.fromkeys(calibrating.bindings_of(program))
        if audit is not None:
            names |= dict.fromkeys(name for _, name in audit.codes)
        return tuple(names)

    def calibrated(
        self, program: Program, facts: Facts, staged: inputs.Inputs, manifest: Manifest
    ) -> PopulationValues | None:
        """The population's values: made now, or of a file that is young enough."""
        order = self.order
        if not order.calibrate:
            found = order.calibration
            if found is None:
                return None
            text, values, population = found.text, found.values, None
        else:
            with self.stage("calibrate"):
                digests = inputs.plain_digests(inputs.sources_of(staged.tables))
                made = calibrating.make(
                    self.engine, program, facts, staged.relations, order, digests
                )
            text, values, population = made.text, made.values, made.population
            self.warnings += made.warnings
        self.keep("calibration.yaml", text)
        manifest.calibration = calibrating.said_of(values, population, order)
        return values

    def keep(self, name: str, text: str) -> None:
        """A file of the folder, to the byte."""
        (self.folder.here / name).write_bytes(text.encode())

    # ------------------------------------------------------------ budgets and quotas

    def allocated(
        self, raw: Program, program: Program, cuts: Any, facts: Facts, manifest: Manifest
    ) -> Program:
        """Settles budgets and quotas, round after round, and puts the allocation in: out of its
        file, so that this run decides just as a service that reads it."""
        order, dialect = self.order, dialect_of(self.engine.name)
        settled: list[allocate.Settled] = []
        text, values = "", None
        for number, ready in enumerate(allocate.in_rounds(raw.everyone.allotments)):
            name = f"wanting_{number}"
            names = allocate.bindings_of(ready)
            query = decide_query(facts.plan, program, facts.good, self.engine.name, names)
            columns = query.columns
            where = allocate.concerned(ready, columns, dialect)
            self.engine.table(name, f"SELECT * FROM ({query.text}) AS w WHERE {where}")
            for each in ready:
                settled.append(self.settle(each, program, facts, name, columns))
                self.progress.advance()
            text = allocation_text(order.program, order.as_of, inputs.today(order), settled)
            values = read_allocation(Source.of("allocation.yaml", text), order.program)
            if values.problems:
                said = ", ".join(problem.message for problem in values.problems)
                raise AssertionError(f"our own allocation cannot be read: {said}")
            program = specialise(raw, cuts, values.values)
        self.keep("allocation.yaml", text)
        manifest.allocation = None if values is None else values.digest
        types = {b.name: b.type for b in (*raw.bindings, *raw.everyone.bindings)}
        manifest.budgets = budgets_of(settled, types)
        return program

    def settle(
        self, each: Allotment, program: Program, facts: Facts, wanting: str, columns: Any
    ) -> allocate.Settled:
        limit = self.limit(each, program, facts, wanting, columns)
        select = allocate.settling_select(
            each, limit, columns, wanting, dialect_of(self.engine.name)
        )
        return allocate.settled(each, limit, self.engine.rows(select))

    def limit(
        self, each: Allotment, program: Program, facts: Facts, wanting: str, columns: Any
    ) -> int | None:
        """How much there is: the same for everyone, so one customer's row will do."""
        select = allocate.limit_select(each, columns, wanting, dialect_of(self.engine.name))
        ((found,),) = self.engine.rows(select)
        if found is None:
            query = decide_query(
                facts.plan, program, f"(SELECT * FROM {facts.name} LIMIT 1)", self.engine.name,
                (each.limit,),
            )  # fmt: skip
            rows = self.engine.rows(query.text)
            found = rows[0][-1] if rows else None
        return None if found is None else int(found)

    # ------------------------------------------------------------ events

    def about_events(self, manifest: Manifest, tables: inputs.Tables) -> Decisions:
        """Decides about every event of the types asked for."""
        order = self.order
        values: Mapping[str, Held] = {}
        allotted: Mapping[str, Held] = {}
        if order.calibration is not None:
            values = order.calibration.values.values
            self.keep("calibration.yaml", order.calibration.text)
            manifest.calibration = calibrating.said_of(order.calibration.values, None, order)
        if order.allocation is not None:
            allotted = order.allocation.values.values
            self.keep("allocation.yaml", order.allocation.text)
            manifest.allocation = order.allocation.values.digest
        with self.stage("decide"):
            found = decide_events(order, self.engine, tables, values, allotted, self.progress)
        inputs.stop_on_rejects(order, found.read, found.rejected)
        manifest.customers = {"decided": found.customers}
        manifest.occurred = {
            "read": found.read, "decided": found.read - found.rejected, "rejected": found.rejected,
        }  # fmt: skip
        return found.batches, found.staged, found.rejected

    # ------------------------------------------------------------ files

    def write(self, batches: list[Batch], manifest: Manifest) -> None:
        here, engine = self.folder.here, self.engine
        program = self.order.program
        parts = [part for b in batches for part in outcome_parts(b.program, b.event)]
        types = column_types(parts, program.currency)
        manifest.rows["decisions"] = writing.write_decisions(
            engine, batches, here / "decisions.parquet"
        )
        self.progress.advance()
        path = here / "outcomes.parquet"
        manifest.rows["outcomes"] = writing.write_outcomes(engine, batches, types, path)
        self.progress.advance()
        if not self.order.events:
            manifest.rows["state"] = writing.write_state(
                engine, batches[0], self.order.compiled.schema, here / "state.parquet"
            )
        if self.order.audit:
            manifest.rows["audit"] = writing.write_audit(engine, batches, here / "audit.parquet")
        self.progress.advance()
        manifest.counts = writing.count_facts(engine, batches)
        dialect = dialect_of(engine.name)
        grouped = counts.outcomes_select(dialect.parquet(str(path)), types, dialect)
        manifest.counts |= counts.outcome_counts(engine.rows(grouped), parts)
        self.progress.advance()

    def figures(self, batches: list[Batch], manifest: Manifest) -> dict[str, Any]:
        """indicators.json. A run about events finds none: events are not everyone."""
        order = self.order
        found: tuple[figures.FigureFound, ...] = ()
        if not order.events:
            (batch,) = batches
            decided = batch.decided
            found = figures.find_figures(
                self.engine, batch.program, decided.columns, decided.relation
            )
        return figures.figures_document(
            found, order.compiled.labels, order.as_of, order.program.timezone, self.earlier,
            order.program.everyone.proven,
        )  # fmt: skip
