"""Budgets and quotas over everyone: who is within, and where the cut lies.

By rank, highest first and unknown last, then by tie, each takes what it wants, until the first
does not fit: nobody behind it gets anything, even where it would fit. What the logs hold of the
period counts first. Wants with the same rank and tie (one customer's events) stand or fall
together, because the cut cannot tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from siyu.core.program import Allotment
from siyu.population.run.dialect import Dialect
from siyu.population.run.problems import RunProblem
from siyu.words import say


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one sender ("" where there is but one) could give: to all, to none, or down to the last
    one who was admitted. Amounts are held integers of the limit's scale."""

    sender: str
    verdict: Literal["all", "none", "cut"]
    rank: int | None
    tie: str
    used: int
    spent: int
    wanted: int
    admitted: int


@dataclass(frozen=True, slots=True)
class Settled:
    """A budget or quota after all wants were looked at."""

    allotment: Allotment
    limit: int | None
    verdicts: tuple[Verdict, ...]

    @property
    def code(self) -> str:
        return self.allotment.code

    def total(self, word: Literal["used", "spent", "wanted", "admitted"]) -> int:
        """A figure over all senders."""
        return sum(getattr(verdict, word) for verdict in self.verdicts)


def in_rounds(allotments: Iterable[Allotment]) -> Iterator[tuple[Allotment, ...]]:
    """Those that can be settled together, one round after another: each behind those that it must
    come after."""
    waiting = list(allotments)
    known = {each.code for each in waiting}
    settled: set[str] = set()
    while waiting:
        ready = [each for each in waiting if settled >= (set(each.after) & known)]
        if not ready:
            codes = tuple(each.code for each in waiting)
            raise RunProblem(say("{codes} wait for each other", codes=codes))
        yield tuple(ready)
        settled |= {each.code for each in ready}
        waiting = [each for each in waiting if each.code not in settled]


def bindings_of(allotments: Iterable[Allotment]) -> tuple[str, ...]:
    """The bindings that are needed to settle them."""
    names: dict[str, None] = {}
    for each in allotments:
        found = [each.limit, each.used, each.used_sender]
        for want in each.wants:
            found += [want.wants, want.amount, want.rank, want.tie, want.sender]
        names.update((name, None) for name in found if name is not None)
    return tuple(names)


def concerned(
    allotments: Sequence[Allotment], columns: Mapping[str, str], dialect: Dialect
) -> str:  # fmt: skip
    """The condition for a row to matter to any of them: somebody wants something, or has had it."""
    quoted = dialect.identifier
    wants = {want.wants for each in allotments for want in each.wants}
    used = {each.used for each in allotments if each.used is not None}
    parts = [quoted(columns[name]) for name in sorted(wants)]
    parts += [f"{quoted(columns[name])} <> 0" for name in sorted(used)]
    return " OR ".join(f"coalesce({part}, false)" for part in parts) or "false"


def limit_select(
    allotment: Allotment, columns: Mapping[str, str], relation: str, dialect: Dialect
) -> str:
    """The SELECT of the limit, which is the same in every row."""
    return f"SELECT max({dialect.identifier(columns[allotment.limit])}) FROM {relation}"


def settling_select(
    allotment: Allotment,
    limit: int | None,
    columns: Mapping[str, str],
    relation: str,
    dialect: Dialect,
) -> str:
    """The SELECT of a row per sender: sender, what was used, how many want, how many and how much
    is admitted, and rank and tie of the last who is (null where nobody is). A limit that nobody can
    tell is reached."""
    q = dialect.identifier
    wide = "DECIMAL(38, 0)" if dialect.name == "spark" else "HUGEINT"
    wanted = "\nUNION ALL\n".join(
        f"SELECT coalesce({q(columns[w.sender])}, '') AS sender, "
        f"CAST({q(columns[w.rank])} AS {wide}) AS place, {q(columns[w.tie])} AS tie, "
        f"CAST({'1' if w.amount is None else f'coalesce({q(columns[w.amount])}, 0)'} AS {wide}) "
        f"AS amount FROM {relation} WHERE {q(columns[w.wants])}"
        for w in allotment.wants
    )
    order = "ORDER BY place DESC NULLS LAST, tie"
    fits = "false" if limit is None else f"coalesce(u.used, 0) + s.reached <= {limit}"
    return f"""WITH wanted AS (
{wanted or _nobody(wide)}
), used AS (
{_used(allotment, columns, relation, wide, dialect)}
), same AS (
SELECT sender, place, tie, sum(amount) AS amount, count(*) AS wants
FROM wanted GROUP BY sender, place, tie
), running AS (
SELECT *, sum(amount) OVER (PARTITION BY sender {order}) AS total FROM same
), summed AS (
SELECT *, max(total) OVER (PARTITION BY sender {order}) AS reached,
  row_number() OVER (PARTITION BY sender {order}) AS number FROM running
), judged AS (
SELECT s.*, {fits} AS fits FROM summed s LEFT JOIN used u ON u.sender = s.sender
), found AS (
SELECT sender, sum(wants) AS wants, sum(CASE WHEN fits THEN wants ELSE 0 END) AS admitted,
  sum(CASE WHEN fits THEN amount ELSE 0 END) AS spent, max(CASE WHEN fits THEN number END) AS last
FROM judged GROUP BY sender
)
SELECT coalesce(f.sender, u.sender) AS sender, coalesce(u.used, 0) AS used,
  coalesce(f.wants, 0) AS wants, coalesce(f.admitted, 0) AS admitted,
  coalesce(f.spent, 0) AS spent, j.place, j.tie
FROM found f FULL OUTER JOIN used u ON u.sender = f.sender
LEFT JOIN judged j ON j.sender = f.sender AND j.number = f.last
ORDER BY 1"""


def _nobody(wide: str) -> str:
    return (
        f"SELECT '' AS sender, CAST(NULL AS {wide}) AS place, '' AS tie, "
        f"CAST(0 AS {wide}) AS amount WHERE false"
    )


def _used(
    allotment: Allotment, columns: Mapping[str, str], relation: str, wide: str, dialect: Dialect
) -> str:
    if allotment.used is None:
        return f"SELECT '' AS sender, CAST(0 AS {wide}) AS used WHERE false"
    q = dialect.identifier
    sender = "''"
    if allotment.used_sender is not None:
        sender = f"coalesce({q(columns[allotment.used_sender])}, '')"
    return (
        f"SELECT {sender} AS sender, sum(CAST({q(columns[allotment.used])} AS {wide})) AS used "
        f"FROM {relation} WHERE {q(columns[allotment.used])} <> 0 GROUP BY 1"
    )


def settled(allotment: Allotment, limit: int | None, rows: Iterable[tuple[Any, ...]]) -> Settled:
    """The verdicts out of the rows of `settling_select`."""
    found = []
    for sender, used, wanted, admitted, spent, place, tie in rows:
        full = limit is None or int(used) >= limit
        verdict: Literal["all", "none", "cut"] = "cut"
        if int(admitted) == int(wanted):
            verdict = "none" if full and not int(wanted) else "all"
        elif not int(admitted):
            verdict = "none"
        found.append(
            Verdict(
                str(sender), verdict, None if place is None else int(place), str(tie or ""),
                int(used), int(spent), int(wanted), int(admitted),
            )
        )  # fmt: skip
    return Settled(allotment, limit, tuple(found))
