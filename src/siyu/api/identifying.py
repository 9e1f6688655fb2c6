"""Who is one customer, from Python: an identity over a whole base, and why it says so."""

from __future__ import annotations

from collections.abc import Sequence
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
    from siyu.population.identity.run import Done
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
    from siyu import __version__
    from siyu.api.deciding import make_reader, moment

    made = replace(options or IdentityOptions(), **changed)  # type: ignore[arg-type]
    loaded = load(policy) if isinstance(policy, str | Path) else policy
    identity = identity_of(loaded, made.name)
    path = sources_file(made.sources, loaded)
    running = RunOptions(
        engine=made.engine, master=made.master, memory=made.memory, threads=made.threads
    )
    with failing():
        from siyu.population.identity.run import Asked
        from siyu.population.identity.run import identify as make

        asked = Asked(
            identity,
            loaded.program,
            sources_of(path, loaded),
            path.parent,
            Path(output),
            make_reader(identity.schema, identity.program).plan,
            opener_of(running),
            moment(made.as_of),
            None if made.previous is None else Path(made.previous),
            made.force,
            rejects_of(made.max_rejects),
            __version__,
        )
        return make(asked, progress)


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
