"""An explanation as data, in no language yet: steps, their verdicts, and the values behind them.

`siyu.explain.text`, `.html` and `.document` write it for a terminal, a page and a machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from siyu.text import NOWHERE, Source, Span
from siyu.types import Type
from siyu.words import Speech, Tongue, Words

Verdict = Literal["true", "false", "unknown"]
Role = Literal["condition", "stopper", "cap", "fact"]
"""What a step does: a condition must be true, a stopper keeps an outcome from happening where it is
true, a cap cuts an amount where it is true, a fact is a value that something rests on."""

Status = Literal["yes", "no", "stopped", "unknown", "elsewhere"]
"""In, given, posted, sent, chosen; not; it would have been but something stopped it; it cannot be
told; or it is not decided in such a request (another event, a figure about everyone)."""

Level = Literal["line", "short", "full"]
Question = Literal["why", "why_not"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A value, written in the language of whoever asks (it may be a fact of a `Said`).

    `held` as the core holds it, None where unknown. `zone`: the policy's time zone. `label`: what
    people call it, of an enum's member or a level; `label_en` where English has its own. `hidden`:
    it is personal and masked.
    """

    type: Type
    held: Any
    zone: str = "UTC"
    label: str = ""
    hidden: bool = False
    label_en: str = ""

    def spoken(self, speech: Speech) -> str:
        """The value in words: money, numbers and dates as the language writes them."""
        from siyu.explain.values import in_words

        return in_words(self, speech)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a reason.

    `text`: the author's words (a condition as written, a label with its name), or a `Said` of ours.
    `verdict`: None for facts. `value`: what it is for this customer. `remark`: what is worth saying
    beside it (`2 of at most 3`, `as the request gives it`). `code`: its reason code, where it has
    one. `span`: where it is written. `decisive`: this is what decided. `below`: what it rests on.
    `reached`: False of what was not asked any more, since something before it had decided.
    """

    role: Role
    text: Words
    verdict: Verdict | None = None
    value: Shown | None = None
    remark: Words = ""
    code: str = ""
    span: Span = NOWHERE
    decisive: bool = False
    below: tuple[Step, ...] = ()
    reached: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """One figure changed as little as possible, so that an outcome becomes another. Verified by
    evaluating it.

    `fact`: its name; `label`: what people call it. `origin`: whose it is ("rows": an aggregate that
    is no metric, by its written text; "time": waiting, `after` is then the day). `before` and
    `after`: its values; `gap`: the difference, where there is one.
    `share`: the difference over the present value, None where that is zero or no number.
    `bound`: whether anything beyond `after` does it too. `result`: what the outcome becomes.
    `by`: the last day on which it has this effect, where it ends (date ordinal).
    """

    fact: str
    label: Words
    origin: Literal["customer", "event", "context", "metric", "rows", "time"]
    before: Shown
    after: Shown
    gap: Shown | None
    share: float | None
    bound: Literal["at least", "at most", "exactly"]
    result: Words
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What would change an outcome, the smallest share first. `tried`: how many figures were looked
    at; `within`: how far (`10 times its value`). `together`: where no single figure was found, two
    that bring it at once; each needs the other, and is changed as little as it then can be.
    `hidden`: all that could have been looked at is personal, and was not."""

    found: tuple[Change, ...]
    tried: int
    within: Words
    together: tuple[tuple[Change, Change], ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided about one declaration.

    `because`: the author's words, each a sentence of texts and values. `steps`: the reasons, what
    decided first. `chain`: what could have stopped it, in the order in which it is asked, whether
    it did or not; in a why-not also what stands behind the first that stopped. `progress`: what is
    missing to the next level or reward, what keeps this one, what expires when.
    """

    name: str
    kind: str
    label: str
    status: Status
    headline: Words
    because: tuple[tuple[str | Shown, ...], ...] = ()
    steps: tuple[Step, ...] = ()
    chain: tuple[Step, ...] = ()
    progress: tuple[Step, ...] = ()
    changes: Changes | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why, or why not, for one customer at one moment: outcomes, what matters most first.

    `customer` is masked where the key is personal. `policy_label` is what people see of the policy,
    `sources` its files by name, which spans lie in.
    """

    question: Question
    policy: str
    policy_label: str
    customer: str
    as_of: str
    event: str | None
    timezone: str
    outcomes: tuple[Outcome, ...]
    sources: Mapping[str, Source] = field(default_factory=dict, repr=False, compare=False)

    def text(self, lang: Tongue = "en", level: Level = "full") -> str:
        """As text in a language: a line for each outcome, what decided, or everything as trees."""
        from siyu.explain.text import text_of
        from siyu.locale import speech

        return text_of(self, speech(lang), level)

    def to_dict(self, lang: Tongue = "en") -> dict[str, Any]:
        """As JSON has it, values as in decisions with their words beside them; the JSON Schema is
        `docs/reference/explanation.schema.json`."""
        from siyu.explain.document import document_of
        from siyu.locale import speech

        return document_of(self, speech(lang), self.sources)

    def html(self, lang: Tongue = "en") -> str:
        """As a page that needs nothing else, with the lines of the policy; prints well."""
        from siyu.explain.html import html_of
        from siyu.locale import speech

        return html_of(self, speech(lang), self.sources)
