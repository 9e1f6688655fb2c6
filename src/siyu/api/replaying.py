"""Explaining customers of past runs: the request is built again from the same tables."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from siyu.api.errors import Rejected
from siyu.api.loading import load
from siyu.api.running import RunFailed, failing, sources_file, sources_of
from siyu.words import Said, Words, say

if TYPE_CHECKING:
    from siyu.api.policy import Policy
    from siyu.population.run.replay import Occasion, Past
    from siyu.population.sources.opened import OpenSources


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a run was asked about one customer: the policy with the run's values, the request, and
    when. `problems` say what the run has written otherwise than the replay decides."""

    policy: Policy
    request: Mapping[str, Any]
    as_of: str
    problems: tuple[Words, ...]


def replay(
    policy: str | Path,
    folder: str | Path,
    customer: str,
    event_key: str | None = None,
    sources: str | Path | None = None,
) -> Replayed:
    """One customer of a past run once more, from what the run was made of. `event_key` says which
    event is meant, where the run was about events and decided several about the customer.

    Raises RunFailed where policy, calibration, allocation or a table is not what it was (it says
    which), and where the run did not decide about the customer.
    """
    from siyu.population.engines import duck
    from siyu.population.run.replay import as_it_was, compare_inputs, past_run
    from siyu.population.sources.opened import open_sources

    with failing(), tempfile.TemporaryDirectory(prefix="siyu-replay-") as work:
        past = past_run(Path(folder))
        loaded = load(policy, past.calibration, past.allocation)
        path = sources_file(sources, loaded)
        read = as_it_was(past, sources_of(path, loaded))
        engine = duck.open_engine(None, Path(work))
        try:
            zone = loaded.program.timezone
            opened = open_sources(read, path.parent, engine, Path(work), past.events, zone)
            compare_inputs(past, loaded.digest, _digests(loaded), opened)
            return _replayed(loaded, past, opened, customer, event_key)
        finally:
            engine.close()


def _digests(policy: Policy) -> dict[str, str | None]:
    values = {"calibration": policy._calibration, "allocation": policy._allocation}
    return {word: None if each is None else each.digest for word, each in values.items()}


def _replayed(
    policy: Policy, past: Past, opened: OpenSources, customer: str, event_key: str | None
) -> Replayed:
    from siyu.evaluators import reference
    from siyu.population.run.replay import differences, occasions, replayed_request
    from siyu.records import Rejection

    happened = occasions(opened.engine, past, customer)
    wanted = _wanted(happened, event_key, customer)
    at = str(past.document["as_of"])
    schema = policy.compiled.schema
    request = replayed_request(
        opened, schema, customer, happened, wanted, lambda each: policy.decide(each, at).to_dict()
    )
    read = policy.read(request, at)
    if isinstance(read, Rejection):
        raise Rejected(read.reasons)
    values = reference.evaluate(policy.ready, read.facts, read.event)
    problems = differences(opened.engine, past, policy.ready, wanted, customer, values)
    asked = tuple(n for n, t in opened.tables.items() if t.table.place.format == "postgres")
    if problems and asked:  # of which no digest says that they are what they were
        said: Said = say("the database no longer says what it said to the run ({names}): "
                         "{problem}", names=asked, problem=problems[0])  # fmt: skip
        raise RunFailed(said, say("explain it from a copy of the tables of that time"), 1)
    return Replayed(policy, request, at, problems)


def _wanted(happened: list[Occasion], event_key: str | None, customer: str) -> Occasion:
    """The one that is asked about."""
    if event_key is None:
        if len(happened) == 1:
            return happened[0]
        keys = tuple(dict.fromkeys(str(each.event_key) for each in happened))
        said: Said = say("the run decided about {number} events of customer `{key}`",
                         number=len(happened), key=customer)  # fmt: skip
        raise RunFailed(said, say("say which with --event: {keys}", keys=keys[:12]))
    for each in happened:
        if each.event_key == event_key:
            return each
    said = say("the run decided about no event `{event}` of customer `{key}`", event=event_key,
               key=customer)  # fmt: skip
    raise RunFailed(said, "")
