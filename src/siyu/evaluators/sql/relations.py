"""What goes into a query and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from siyu.core.program import Needs, Program


@dataclass(frozen=True, slots=True)
class Relations:
    """What a query reads, each as it may stand behind FROM.

    `tables` by path; None: that collection, an optional one, is not there for anybody. `checked`
    are the paths ("" for the records) whose relation has a column `bad`.
    """

    records: str
    tables: Mapping[str, str | None] = field(default_factory=dict)
    checked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Query:
    """A SELECT, and under which column it gives each binding. Two bindings of the same value may
    share a column. `key` and the columns to be kept are there too, and `bad`: of facts always, of
    facts and decisions together where anything is checked.

    `later` are bindings that were left to whoever reads the result: each as SQL over its columns.
    `texts` are those that the column of a binding can hold, where it is an ENUM of them; none
    where it is never known.
    """

    text: str
    columns: Mapping[str, str]
    later: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def needs_read(program: Program) -> Needs:
    """What the relations hold, and in which order: what everyone needs, where there is such a
    thing, which includes what the program needs."""
    everyone = program.everyone.needs
    return everyone if everyone.inputs or everyone.tables else program.needs
