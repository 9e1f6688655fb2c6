"""An identity over a whole base: from tables of profiles to a folder, complete or absent."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from siyu.core.identities import Identity, Value
from siyu.core.program import Program
from siyu.population.engines import Engine
from siyu.population.engines.duck import DuckEngine
from siyu.population.identity.changes import write_changes
from siyu.population.identity.customers import write_customer_keys
from siyu.population.identity.normal import write_keys
from siyu.population.identity.profiles import Profiles, profile_sources, read_profiles
from siyu.population.identity.resolve import Looked, resolve
from siyu.population.identity.writing import FILES, write_all
from siyu.population.run.dialect import dialect_of
from siyu.population.run.folder import MARKER, Folder, Kept, cannot_write
from siyu.population.run.inputs import digests_of
from siyu.population.run.manifest import write_json
from siyu.population.run.order import Progress, Rejects, Silent
from siyu.population.run.problems import RunProblem
from siyu.population.sources.expected import check_expected
from siyu.population.sources.model import Place, Sources
from siyu.population.sources.opened import OpenSources, open_sources
from siyu.population.sources.places import digest_of, files_of
from siyu.records.plan import Plan
from siyu.words import Words, say

DOCUMENT = "identity.json"
KEPT = Kept(DOCUMENT, frozenset({*FILES, DOCUMENT, MARKER}))
READING, JOINING = say("reading the profiles"), say("joining them")
NAMING, WRITING = say("naming the customers"), say("writing")
NO_BOUND = Rejects()
STAGES: dict[str, Words] = {"read": READING, "join": JOINING, "name": NAMING, "write": WRITING}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for. `program` is the policy's; `plan` reads a profile; `folder` is that of the
    sources file; `as_of` is an instant in microseconds, None where none was given; `previous` the
    folder of an earlier result."""

    identity: Identity
    program: Program
    sources: Sources
    folder: Path
    place: Path
    plan: Plan
    open_engine: Callable[[Path], Engine]
    as_of: int | None = None
    previous: Path | None = None
    force: bool = False
    max_rejects: Rejects = NO_BOUND
    version: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """The folder, what stands in its identity.json, and seconds by stage."""

    place: Path
    document: Mapping[str, Any]
    timings: Mapping[str, float]


def identify(asked: Asked, progress: Progress | None = None) -> Done:
    """Makes the folder. Raises RunProblem, SourcesFailed or EngineFailed; then nothing is at its
    place."""
    with Folder(asked.place, asked.force, KEPT) as folder:
        engine = asked.open_engine(folder.work)
        try:
            if progress is not None and isinstance(engine, DuckEngine):
                engine.listen(progress.within)
            return _Run(asked, folder, engine, progress or Silent()).make()
        except OSError as error:
            raise cannot_write(folder.place, error) from None
        finally:
            engine.close()


@dataclass(slots=True)
class _Run:
    asked: Asked
    folder: Folder
    engine: Engine
    progress: Progress
    timings: dict[str, float] = field(default_factory=dict)

    def make(self) -> Done:
        asked, engine, identity = self.asked, self.engine, self.asked.identity
        began = time.perf_counter()
        before, earlier = self.before()
        with self.stage("read"):
            opened = self.opened()
            profiles = read_profiles(opened, identity, asked.plan, asked.as_of or 0)
            self.stop_on_rejects(profiles)
            keys = [(raw, f"k{at}", value) for at, (raw, value) in enumerate(profiles.values)]
            write_keys(engine, profiles.table, keys, identity)
        with self.stage("join"):
            resolved = resolve(engine, profiles, identity)
        with self.stage("name"):
            write_customer_keys(engine, identity.name, before)
            changed = write_changes(engine, identity)
        with self.stage("write"):
            rows = write_all(engine, identity, profiles, self.folder.here)
            document = {
                **self.said(opened, profiles, resolved.looked),
                "changes": asdict(changed) if before is not None else None,
                "previous": earlier,
                "rows": rows,
            }
            write_json(self.folder.here / DOCUMENT, document)
            self.folder.publish()
        self.timings["total"] = time.perf_counter() - began
        return Done(self.folder.place, document, self.timings)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self.progress.stage(STAGES[name], None)
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.timings[name] = time.perf_counter() - begun

    # ------------------------------------------------------------ what is read

    def opened(self) -> OpenSources:
        """The tables of profiles, which are as the file expects them."""
        asked = self.asked
        sources = profile_sources(asked.sources)
        zone = asked.program.timezone
        opened = open_sources(sources, asked.folder, self.engine, self.folder.work, (), zone)
        if asked.as_of is None:
            needs = asked.identity.program.needs.inputs
            speaks = any(each.origin == "request" for each in needs)
            dated = any(
                t.expect.fresh or t.expect.complete for t in (sources.customer, *sources.also)
            )
            if speaks or dated:
                raise RunProblem(
                    say(
                        "the identity or its sources speak of today, and nothing says when that is"
                    ),
                    say("say it with --as-of"),
                )
        check_expected(opened, asked.as_of or 0, zone)
        return opened

    def stop_on_rejects(self, profiles: Profiles) -> None:
        if self.asked.max_rejects.exceeded(profiles.aside, profiles.read):
            aside, read = f"{profiles.aside:,}", f"{profiles.read:,}"
            said = say("{rejected} of {read} profiles are set aside, more than --max-rejects "
                       "allows", rejected=aside, read=read)  # fmt: skip
            raise RunProblem(said, say("look at the tables of profiles"), 1)

    def before(self) -> tuple[str | None, dict[str, str] | None]:
        """The earlier result as a relation, and what is kept of it in the document."""
        place = self.asked.previous
        if place is None:
            return None, None
        files = files_of(Place("parquet", ("identities.parquet",)), place.absolute())
        earlier = read_document(place)
        if earlier is None or not files:
            raise RunProblem(
                say("`{path}` is not the folder of an identity", path=str(place)),
                say("name one that `siyu identity` has written"),
            )
        name = earlier["identity"]["name"]
        if name != self.asked.identity.name:
            raise RunProblem(
                say("`{path}` was made by the identity `{other}`, not `{name}`", path=str(place),
                    other=name, name=self.asked.identity.name),
                say("name a folder of the same identity"),
            )  # fmt: skip
        parquet = dialect_of(self.engine.name).parquet
        path = place / "identities.parquet"
        inside = (
            str(path / "*.parquet") if path.is_dir() and self.engine.name == "duckdb" else str(path)
        )
        digests = "".join(digest_of(each, place.absolute()).digest for each in files)
        whole = hashlib.sha256(digests.encode()).hexdigest()
        select = f"SELECT channel, profile, customer FROM {parquet(inside)}"
        return select, {"identities": f"sha256:{whole}"}

    # ------------------------------------------------------------ what is told

    def said(
        self, opened: OpenSources, profiles: Profiles, looked: tuple[Looked, ...]
    ) -> dict[str, Any]:
        asked, identity, engine = self.asked, self.asked.identity, self.engine
        ((customers, alone, largest, used),) = engine.rows(
            "SELECT count(*), count(CASE WHEN profiles = 1 THEN 1 END), max(profiles), "
            "sum(profiles) FROM sizes"
        )
        rejected = engine.rows("SELECT source, code, count(*) FROM set_aside GROUP BY source, code")
        rejects: dict[str, dict[str, int]] = {}
        for source, code, number in rejected:
            rejects.setdefault(str(source), {})[str(code)] = int(number)
        return {
            "identity": {
                "name": identity.name, "label": identity.label, "country": identity.country,
                "most": identity.most,
                "conflicts": [_field(each) for each in identity.conflicts],
            },
            "policy": {
                "name": asked.program.name, "version": asked.program.version,
                "digest": asked.program.digest,
            },
            "profiles": {
                "read": profiles.read, "set_aside": profiles.aside, "used": int(used or 0),
            },
            "customers": {
                "all": int(customers), "of_one_profile": int(alone), "largest": int(largest or 0),
            },
            "lines": self.lines(looked),
            "conflicts": self.conflicts(),
            "rejects": rejects,
            "sources": digests_of(opened),
            "engine": engine.name,
            "versions": {"siyu": asked.version, "engine": engine.version},
        }  # fmt: skip

    def lines(self, looked: tuple[Looked, ...]) -> list[dict[str, Any]]:
        rows = self.engine.rows("SELECT k, status, count(*) FROM links GROUP BY k, status")
        links: dict[int, dict[str, int]] = {}
        for k, status, number in rows:
            links.setdefault(int(k), {})[str(status)] = int(number)
        joined = dict(self.engine.rows("SELECT how, count(*) FROM customers GROUP BY how"))
        return [
            {
                "rule": each.join.code, **_field(each.join.value), "weak": each.join.weak,
                "conditional": each.join.when is not None,
                "known": each.known, "no_key": each.invalid, "condition_unmet": each.unmet,
                "usable": each.usable, "values_of_several": each.values,
                "shared": {"values": each.shared_values, "profiles": each.shared_profiles},
                "links": links.get(place, {}), "joined_first": int(joined.get(place, 0)),
                "rounds": each.rounds,
            }
            for place, each in enumerate(looked)
        ]  # fmt: skip

    def conflicts(self) -> list[dict[str, Any]]:
        rows = self.engine.rows(
            "SELECT k, chain, field, count(DISTINCT begins), count(DISTINCT p) FROM clashes GROUP "
            "BY k, chain, field ORDER BY k, chain, field"
        )
        joins = self.asked.identity.joins
        return [
            {
                "rule": joins[int(k)].code, "kind": "chain" if chain else "value", "field": field,
                "conflicts": int(number), "profiles": int(people),
            }
            for k, chain, field, number, people in rows
        ]  # fmt: skip


def _field(value: Value) -> dict[str, Any]:
    labels = {"zh": value.label.zh, "en": value.label.en}
    return {"field": value.field, "as": value.kind, "personal": value.pii, "label": labels}


def read_document(place: Path) -> dict[str, Any] | None:
    """The identity.json of a folder; None where there is none that can be read."""
    try:
        found = json.loads((place / DOCUMENT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(found, dict) and isinstance(found.get("identity"), dict)
    return found if whole else None
