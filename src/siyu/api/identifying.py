"""Who is one customer, from Python: an identity over a whole base, and why it says so."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from siyu.api.errors import InputFileError
from siyu.api.loading import load
from siyu.api.running import (
    EngineName,
    RunOptions,
    failing,
    opener_of,
    rejects_of,
    sources_file,
    sources_of,
)
from siyu.diagnostics import nearest
from siyu.words import either, say

if TYPE_CHECKING:
    from siyu.api.deciding import When
    from siyu.api.policy import Policy
    from siyu.core.identities import Identity
    from siyu.population.engines import Engine
    from siyu.population.identity.run import Asked, Done
    from siyu.population.identity.why import Answer, Reveal
    from siyu.population.run.order import Progress


@dataclass(frozen=True, slots=True)
class IdentityOptions:
    """How profiles become customers; see `identify`."""

    name: str | None = None
    sources: str | Path | None = None
    engine: EngineName = "duckdb"
    master: str = "local[*]"
    memory: str | None = None
    threads: int | None = None
    as_of: When = None
    previous: str | Path | None = None
    max_rejects: str | int | None = None
    force: bool = False


def identify(
    policy: str | Path | Policy,
    output: str | Path,
    *,
    progress: Progress | None = None,
    options: IdentityOptions | None = None,
    **changed: object,
) -> Done:
    """Joins the profiles of all channels into customers, and writes one folder, complete or absent
    (see `docs/reference/identity.md`).

    The other arguments are fields of `IdentityOptions`: `name` (of the identity, where the policy
    has several), `sources` (default: `sources.yaml` beside the policy), `engine` ("duckdb", or
    "spark" with its `master`), `memory`, `threads`, `as_of` (where the identity or its sources
    speak of time), `previous` (an earlier result, whose customers keep their keys), `max_rejects`,
    `force`. Raises RunFailed, InputFileError, PolicyError.
    """
    made = replace(options or IdentityOptions(), **changed)  # type: ignore[arg-type]
    with failing():
        from siyu.population.identity.run import identify as make

        return make(asked_for(policy, output, made), progress)


def asked_for(policy: str | Path | Policy, output: str | Path, options: IdentityOptions) -> Asked:
    """Everything that is needed for it, read and checked. Raises what `identify` raises."""
    from siyu import __version__
    from siyu.api.deciding import make_reader, moment
    from siyu.population.identity.run import Asked

    loaded = load(policy) if isinstance(policy, str | Path) else policy
    identity = identity_of(loaded, options.name)
    path = sources_file(options.sources, loaded)
    running = RunOptions(
        engine=options.engine, master=options.master, memory=options.memory,
        threads=options.threads,
    )  # fmt: skip
    return Asked(
        identity,
        loaded.program,
        sources_of(path, loaded),
        path.parent,
        Path(output),
        make_reader(identity.schema, identity.program).plan,
        opener_of(running),
        moment(options.as_of),
        None if options.previous is None else Path(options.previous),
        options.force,
        rejects_of(options.max_rejects),
        __version__,
    )


def explain_identity(
    place: str | Path,
    a: str,
    b: str,
    *,
    policy: str | Path | Policy | None = None,
    sources: str | Path | None = None,
    name: str | None = None,
) -> Answer:
    """Why two profiles, each as "channel:key", are one customer or two, out of the folder that
    `identify` has written.

    What is personal is not in that folder, and not shown; with a `policy` it is read from its
    tables (`sources`, `name`: as for `identify`). Raises RunFailed, InputFileError, PolicyError.
    """
    with failing(), tempfile.TemporaryDirectory(prefix="siyu-") as folder:
        from siyu.population.engines.duck import open_engine
        from siyu.population.identity.why import why

        work = Path(folder)
        engine = open_engine(None, work)
        try:
            reveal = None if policy is None else _revealing(policy, sources, name, engine, work)
            return why(engine, Path(place), _ref(a), _ref(b), reveal)
        finally:
            engine.close()


def _ref(text: str) -> tuple[str, str]:
    channel, colon, key = text.partition(":")
    if not (channel and colon and key):
        raise InputFileError(
            say("`{text}` names no profile", text=text),
            say("write it as channel, colon and key, such as `tmall:T1001`"),
        )
    return channel, key


def _revealing(
    policy: str | Path | Policy,
    sources: str | Path | None,
    name: str | None,
    engine: Engine,
    work: Path,
) -> Reveal:
    """Keys of profiles, read anew from their tables."""
    from siyu.api.deciding import make_reader
    from siyu.population.identity.normal import write_keys
    from siyu.population.identity.profiles import profile_sources, read_profiles
    from siyu.population.identity.shown import keys_shown
    from siyu.population.sources.opened import open_sources

    loaded = load(policy) if isinstance(policy, str | Path) else policy
    identity = identity_of(loaded, name)
    path = sources_file(sources, loaded)
    tables = profile_sources(sources_of(path, loaded))
    zone = loaded.program.timezone

    def reveal(refs: Iterable[tuple[str, str]]) -> Mapping[tuple[tuple[str, str], str], str]:
        opened = open_sources(tables, path.parent, engine, work, (), zone)
        plan = make_reader(identity.schema, identity.program).plan
        profiles = read_profiles(opened, identity, plan, 0)
        keys = [(raw, f"k{at}", value) for at, (raw, value) in enumerate(profiles.values)]
        write_keys(engine, profiles.table, keys, identity)
        return keys_shown(engine, profiles, tuple(refs))

    return reveal


def identity_of(policy: Policy, name: str | None = None) -> Identity:
    """The identity of this name, or the only one. Raises InputFileError."""
    known: Sequence[Identity] = policy.compiled.identities
    names = [each.name for each in known]
    if not known:
        raise InputFileError(
            say("the policy declares no identity"),
            say("write one: `identity one_id of profiles` with `join by` below it"),
        )
    if name is None and len(known) == 1:
        return known[0]
    for each in known:
        if each.name == name:
            return each
    if name is None:
        said = say("the policy has several identities: {names}", names=tuple(names))
        raise InputFileError(said, say("say which one with --name"))
    near = nearest(name, names)
    advice = say("did you mean {near}", near=either(near)) if near else (
        say("it has {names}", names=tuple(names))
    )  # fmt: skip
    raise InputFileError(say("the policy has no identity `{name}`", name=name), advice)
