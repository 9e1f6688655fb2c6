"""Why two profiles are one customer, or two: the shortest chain of evidence between them, or what
they have in common and why that does not join them. Out of the files of an identity alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from siyu.population.engines import Engine
from siyu.population.identity.reference import Ref
from siyu.population.identity.run import read_document
from siyu.population.run.problems import RunProblem
from siyu.population.sources.sqltext import literal
from siyu.words import Words, say

MOST = 5  # things in common that are told

# Keys of profiles by field, for those who may see them.
Reveal = Callable[[Iterable[Ref]], Mapping[tuple[Ref, str], str]]


@dataclass(frozen=True, slots=True)
class Differ:
    """A field in which two profiles' customers differ, or of which one of them knows nothing.
    Values are None where they are not known, or not shown."""

    field: str
    known: tuple[bool, bool]
    values: tuple[str | None, str | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Common:
    """What two profiles have in common: `status` is "joined", or why it does not join them. `chain`
    tells that it would only together with other values; `holders` is how many profiles have it."""

    rule: str
    field: str
    a: Ref
    b: Ref
    status: str
    value: str | None = None
    differ: tuple[Differ, ...] = ()
    chain: bool = False
    holders: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """`one`: they are one customer, and `common` is the chain from `a` to `b`. Otherwise `common`
    is what connects the two customers and does not join them. `lines` are the codes of the lines
    that each profile could be joined by; `rules` is the document's list of lines."""

    a: Ref
    b: Ref
    customers: tuple[str, str]
    common: tuple[Common, ...]
    lines: tuple[tuple[str, ...], tuple[str, ...]]
    rules: Mapping[str, Mapping[str, Any]]
    fields: Mapping[str, Mapping[str, Any]]
    most: int | None = None

    @property
    def one(self) -> bool:
        return self.customers[0] == self.customers[1]


def why(engine: Engine, place: Path, a: Ref, b: Ref, reveal: Reveal | None = None) -> Answer:
    """The answer out of a folder, with a DuckDB engine. Raises RunProblem for a folder that is none
    and for profiles that are not in it."""
    document = read_document(place)
    if document is None:
        raise RunProblem(
            say("`{path}` is not the folder of an identity", path=str(place)),
            say("name one that `siyu identity` has written"),
        )
    answer = _Looking(engine, place, document).answer(a, b)
    return answer if reveal is None else _revealed(answer, reveal)


@dataclass(slots=True)
class _Looking:
    engine: Engine
    place: Path
    document: Mapping[str, Any]
    cache: dict[Ref, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def answer(self, a: Ref, b: Ref) -> Answer:
        for ref in (a, b):
            self.cache[ref] = self.profile(ref)
        (one, lines_a), (other, lines_b) = self.cache[a], self.cache[b]
        common = self.chain(a, b, one) if one == other else self.between(a, b, one, other)
        lines = self.document["lines"]
        told = {each["field"]: each for each in (*self.document["identity"]["conflicts"], *lines)}
        return Answer(
            a, b, (one, other), common, (lines_a, lines_b), {each["rule"]: each for each in lines},
            told, self.document["identity"]["most"],
        )  # fmt: skip

    def table(self, name: str) -> str:
        path = self.place / f"{name}.parquet"
        inside = path / "*.parquet" if path.is_dir() else path
        return f"read_parquet({literal(str(inside), 'duckdb')})"

    def profile(self, ref: Ref) -> tuple[str, tuple[str, ...]]:
        """Whose a profile is, and the lines it could be joined by."""
        rows = self.engine.rows(
            f"SELECT customer, evidence FROM {self.table('identities')} WHERE {self.is_ref(ref)}"
        )
        if rows:
            customer, lines = rows[0]
            return str(customer), tuple(each for each in str(lines or "").split(",") if each)
        aside = self.engine.rows(
            f"SELECT reason, field FROM {self.table('rejects')} WHERE customer = "
            f"{literal(':'.join(ref), 'duckdb')}"
        )
        name = ":".join(ref)
        if aside:
            reason, field = aside[0]
            what = say("`{field}` {reason}", field=str(field), reason=str(reason))
            raise RunProblem(
                say("the profile `{profile}` was set aside: {reason}", profile=name,
                    reason=what if field else str(reason)),
                say("mend its row and join the profiles again"),
            )  # fmt: skip
        raise RunProblem(
            say("there is no profile `{profile}`", profile=name),
            say("write it as channel, colon and key, such as `tmall:T1001`"),
        )

    def is_ref(self, ref: Ref, prefix: str = "") -> str:
        channel, profile = (literal(each, "duckdb") for each in ref)
        return f"{prefix}channel = {channel} AND {prefix}profile = {profile}"

    # ------------------------------------------------------------ one customer

    def chain(self, a: Ref, b: Ref, customer: str) -> tuple[Common, ...]:
        """The shortest way from one to the other; of equally short ones the strongest first."""
        rows = self.engine.rows(
            "SELECT rule, field, link_channel, link_profile, channel, profile, value FROM "
            f"{self.table('links')} WHERE status = 'joined' AND customer = "
            f"{literal(customer, 'duckdb')} ORDER BY ALL"
        )
        places = [each["rule"] for each in self.document["lines"]]
        rows.sort(key=lambda row: places.index(row[0]))
        of: dict[Ref, list[tuple[str, str, Ref, str | None]]] = {}
        holders: dict[tuple[str, Ref], list[Ref]] = {}
        for rule, name, link_channel, link_profile, channel, profile, value in rows:
            link, ref = (str(link_channel), str(link_profile)), (str(channel), str(profile))
            of.setdefault(ref, []).append((rule, name, link, value))
            holders.setdefault((rule, link), []).append(ref)
        came: dict[Ref, Common | None] = {a: None}
        waiting = deque([a])
        while waiting and b not in came:
            ref = waiting.popleft()
            for rule, name, link, value in of.get(ref, ()):
                for other in holders.pop((rule, link), ()):
                    if other not in came:
                        came[other] = Common(rule, name, ref, other, "joined", value)
                        waiting.append(other)
        found: list[Common] = []
        here = b
        while (step := came.get(here)) is not None:
            found.append(step)
            here = step.a
        return tuple(reversed(found))

    # ------------------------------------------------------------ two customers

    def between(self, a: Ref, b: Ref, one: str, other: str) -> tuple[Common, ...]:
        """What the two have in common and is not enough; else what others of theirs have."""
        own = self.in_common(self.is_ref(a, "x."), self.is_ref(b, "y."))
        if own:
            return own
        customers = (literal(each, "duckdb") for each in (one, other))
        mine, theirs = customers
        return self.in_common(f"x.customer = {mine}", f"y.customer = {theirs}")

    def in_common(self, mine: str, theirs: str) -> tuple[Common, ...]:
        links = self.table("links")
        rows = self.engine.rows(
            "SELECT rule, x.field, x.channel, x.profile, y.channel, y.profile, x.status, y.status, "
            f"x.value, x.evidence_channel, x.evidence_profile FROM (SELECT * FROM {links} x WHERE "
            f"{mine}) x JOIN (SELECT * FROM {links} y WHERE {theirs}) y USING (rule, "
            "evidence_channel, evidence_profile) ORDER BY ALL"
        )
        places = [each["rule"] for each in self.document["lines"]]
        rows.sort(key=lambda row: places.index(row[0]))
        found: dict[tuple[str, Ref], Common] = {}
        for rule, name, xc, xp, yc, yp, x_status, y_status, value, ec, ep in rows:
            at = (str(ec), str(ep))
            if (rule, at) in found or len(found) == MOST:
                continue
            x, y = (str(xc), str(xp)), (str(yc), str(yp))
            status = next((s for s in (x_status, y_status) if s != "joined"), "conflict")
            common = Common(rule, name, x, y, status, value, holders=self.holders(rule, at))
            if status == "conflict":
                common = self.conflict(common)
            found[rule, at] = common
        return tuple(found.values())

    def holders(self, rule: str, at: Ref) -> int:
        ((number,),) = self.engine.rows(
            f"SELECT count(*) FROM {self.table('links')} WHERE rule = {literal(rule, 'duckdb')} "
            f"AND evidence_channel = {literal(at[0], 'duckdb')} AND "
            f"evidence_profile = {literal(at[1], 'duckdb')}"
        )
        return int(number)

    def conflict(self, common: Common) -> Common:
        """In what they differ: where both stand in one conflict of the line, the value's first."""
        conflicts = self.table("conflicts")
        rows = self.engine.rows(
            f"SELECT x.kind, x.field, x.side, y.side, x.value, y.value FROM {conflicts} x JOIN "
            f"{conflicts} y USING (rule, kind, field, "
            "begins_channel, begins_profile) WHERE "
            f"rule = {literal(common.rule, 'duckdb')} AND {self.is_ref(common.a, 'x.')} AND "
            f"{self.is_ref(common.b, 'y.')} ORDER BY x.kind DESC, x.field"
        )
        kinds = {kind for kind, *_ in rows}
        wanted = "value" if "value" in kinds else "chain"
        differ = tuple(
            Differ(str(name), (x is not None, y is not None), (xv, yv))
            for kind, name, x, y, xv, yv in rows
            if kind == wanted and (x is None or x != y)
        )
        return replace(common, differ=differ, chain=wanted == "chain" and bool(differ))


def _revealed(answer: Answer, reveal: Reveal) -> Answer:
    """The answer with what is personal."""
    refs = {ref for each in answer.common for ref in (each.a, each.b)}
    keys = reveal(refs)
    return replace(
        answer,
        common=tuple(
            replace(
                each,
                value=each.value or keys.get((each.a, each.field)),
                differ=tuple(
                    replace(
                        d,
                        values=(
                            d.values[0] or keys.get((each.a, d.field)),
                            d.values[1] or keys.get((each.b, d.field)),
                        ),
                    )
                    for d in each.differ
                ),
            )
            for each in answer.common
        ),
    )


# ---------------------------------------------------------------- in words

Kind = Literal["head", "line", "more"]


@dataclass(frozen=True, slots=True)
class Called:
    """What people call a field: its label in their language, else its name."""

    name: str
    labels: Mapping[str, str | None]

    def spoken(self, speech: Any) -> str:
        first, second = ("zh", "en") if speech.tongue == "zh" else ("en", "zh")
        found: str = self.labels.get(first) or self.labels.get(second) or f"`{self.name}`"
        return found


def tell(answer: Answer) -> tuple[tuple[Kind, Words], ...]:
    """The answer line by line: what is so, why, and what more there is to say."""
    return tuple(_Telling(answer).lines())


class _Telling:
    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def lines(self) -> Iterable[tuple[Kind, Words]]:
        answer = self.answer
        a, b = _name(answer.a), _name(answer.b)
        one, other = answer.customers
        if answer.a == answer.b:
            yield "head", say("`{a}` is a profile of the customer `{customer}`", a=a, customer=one)
            return
        if answer.one:
            yield "head", say("`{a}` and `{b}` are one customer, `{customer}`:", a=a, b=b,
                              customer=one)  # fmt: skip
            for each in answer.common:
                yield "line", self.same(each)
            return
        yield "head", say("`{a}` and `{b}` are two customers, `{one}` and `{other}`:", a=a, b=b,
                          one=one, other=other)  # fmt: skip
        for each in answer.common:
            yield "line", self.same(each)
            for reason in self.why_not(each):
                yield "more", reason
        if not answer.common:
            yield "line", say("no profile of the one has a key in common with one of the other")
            for ref, lines in ((a, answer.lines[0]), (b, answer.lines[1])):
                yield "more", self.could(ref, lines)
            yield "more", self.would()

    def same(self, each: Common) -> Words:
        """`a` and `b` have the same phone."""
        facts = {
            "a": _name(each.a), "b": _name(each.b), "field": self.called(each.field),
            "rule": each.rule,
        }  # fmt: skip
        if each.value is not None:
            return say("`{a}` and `{b}` have the same {field}, `{value}` (`{rule}`)",
                       **facts, value=each.value)  # fmt: skip
        return say("`{a}` and `{b}` have the same {field} (`{rule}`)", **facts)

    def why_not(self, each: Common) -> Iterable[Words]:
        if each.status == "shared":
            yield say("{holders} profiles have it, more than the {most} that one value may have: "
                      "it says nothing of a person", holders=f"{each.holders:,}",
                      most=self.answer.most or 0)  # fmt: skip
            return
        if each.status == "ambiguous":
            yield say("it is a weak key: it never joins customers who each have a strong key, and "
                      "says nothing where it points to several of them")  # fmt: skip
            return
        if each.chain:
            yield say("together with other values it would make one customer of people who differ")
        for differ in each.differ:
            yield self.differ(each, differ)
        if each.differ and all(all(d.known) for d in each.differ):
            yield say("were that the same, they would be one customer")

    def differ(self, each: Common, differ: Differ) -> Words:
        called = self.called(differ.field)
        if not any(differ.known):
            return say("others with it differ in {field}, and of neither it is known", field=called)
        if not all(differ.known):
            unknown = _name(each.a if differ.known[1] else each.b)
            return say("others with it differ in {field}, and of `{profile}` it is not known",
                       field=called, profile=unknown)  # fmt: skip
        one, other = differ.values
        if one is not None and other is not None:
            return say("but they differ in {field}: `{one}` and `{other}`", field=called, one=one,
                       other=other)  # fmt: skip
        return say("but they differ in {field}", field=called)

    def could(self, ref: str, lines: tuple[str, ...]) -> Words:
        if not lines:
            return say("`{profile}` has no key that it could be joined by", profile=ref)
        fields = tuple(self.said(self.answer.rules[each]["field"]) for each in lines)
        return say("`{profile}` can be joined by {fields}", profile=ref, fields=fields)

    def would(self) -> Words:
        strong = dict.fromkeys(
            str(rule["field"]) for rule in self.answer.rules.values() if not rule["weak"]
        )
        return say("one of these, the same in both, would join them: {fields}",
                   fields=tuple(self.said(each) for each in strong))  # fmt: skip

    def called(self, name: str) -> Called:
        return Called(name, self.answer.fields.get(name, {}).get("label", {}))

    def said(self, name: str) -> Words:
        return say("{field}", field=self.called(name))


def _name(ref: Ref) -> str:
    return ":".join(ref)


def as_document(answer: Answer) -> dict[str, Any]:
    """The answer for machines."""
    return {
        "a": _name(answer.a), "b": _name(answer.b), "one": answer.one,
        "customers": list(answer.customers),
        "lines": [list(each) for each in answer.lines],
        "common": [
            {
                "rule": each.rule, "field": each.field, "a": _name(each.a), "b": _name(each.b),
                "status": each.status, "value": each.value, "chain": each.chain,
                "holders": each.holders or None,
                "differ": [
                    {"field": d.field, "known": list(d.known), "values": list(d.values)}
                    for d in each.differ
                ],
            }
            for each in answer.common
        ],
    }  # fmt: skip
