"""`published.yaml`: which rules are frozen, until when, and what they said when published.

Pure: whoever calls reads and writes the file. It is made by `siyu publish` and read by whoever
compiles the policy; nobody edits it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from siyu.diagnostics import Diagnostic, Note
from siyu.kinds.frozen import FrozenRule, digest_of
from siyu.schema.tree import Map, Scalar, Tree, read_tree
from siyu.text import Source, Span
from siyu.words import Words, say

FILE = "published.yaml"
HEAD = (
    "# Written by `siyu publish`; not to be edited. Each rule stays as it is here until its period "
    "has passed.\n"
)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule as it was published: on which day, frozen from `first` to `last`, and what it said."""

    rule: str
    published: str
    first: str
    last: str
    made_of: Mapping[str, str]
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """What is bound of one policy, whose file is called `file`."""

    file: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class FrozenChanged(Diagnostic):
    code: ClassVar[str] = "E0006"
    message: ClassVar[str] = "`{rule}` is frozen until {last}, and {what}"
    label: ClassVar[str] = "this rule was published on {published}, and must stay as it was"
    help: ClassVar[str] = (
        "put it back; from the day after {last} on, `siyu publish` lets it go, and not before"
    )
    page: ClassVar[str] = (
        "A rule with `frozen from … to …` is bound once `siyu publish` has written it into "
        "`published.yaml`: until the last day has passed, neither it nor anything that it names "
        "may say anything else. Formatting, comments, labels, `because` and the language of the "
        "keywords may change, and a name where `formerly` keeps the old one. The period may be "
        "made longer, and never shorter. The file is part of the policy: keep it with the rules."
    )
    wrong: ClassVar[str] = (
        "policy p\n  language 1\n\n# published with `for true`\nincentive gift\n  for false\n"
        '  give coupon "A"\n  soft internal\n  frozen from 2026-11-01 to 2026-11-12\n'
    )
    right: ClassVar[str] = (
        "policy p\n  language 1\n\n# published with `for true`\nincentive gift\n  for true\n"
        '  give coupon "A"\n  soft internal\n  frozen from 2026-11-01 to 2026-11-12\n'
    )

    rule: str
    last: str
    published: str
    what: Words
    also: tuple[Words, ...] = ()

    @property
    def notes(self) -> tuple[Note, ...]:
        """What else is different."""
        return tuple(Note(each) for each in self.also)


@dataclass(frozen=True, slots=True)
class NotPublished(Diagnostic):
    code: ClassVar[str] = "E0007"
    message: ClassVar[str] = "`published.yaml` {problem}"
    label: ClassVar[str] = "so nobody can tell which rules of this policy are frozen"
    help: ClassVar[str] = "take the file back from where your policies are kept, as it was written"
    page: ClassVar[str] = (
        "`siyu publish` writes `published.yaml` beside the policy; it says which rules are frozen, "
        "and what they said. It is written by the program alone: a file that was edited, or "
        "belongs to another policy, is refused, since it would say nothing."
    )
    wrong: ClassVar[str] = "policy p\n  language 1\n\n# published.yaml was edited\nmetric m = 1\n"
    right: ClassVar[str] = "policy p\n  language 1\n\nmetric m = 1\n"

    problem: Words


# ---------------------------------------------------------------- the file


def read_published(source: Source) -> Mapping[str, Section] | Words:
    """What the file says of each policy of its folder, or what is wrong with it."""
    tree, found = read_tree(source)
    policies = tree.get("policies") if isinstance(tree, Map) and not found else None
    if not isinstance(tree, Map) or not isinstance(policies, Map):
        return say("cannot be read")
    if _word(tree.get("published")) != "1":
        return say("cannot be read")
    sections: dict[str, Section] = {}
    for policy in policies.pairs:
        rules = policy.value.get("rules") if isinstance(policy.value, Map) else None
        file = _word(policy.value.get("file")) if isinstance(policy.value, Map) else None
        if not isinstance(rules, Map) or file is None:
            return say("cannot be read")
        entries = []
        for pair in rules.pairs:
            entry = _entry(pair.key, pair.value)
            if entry is None:
                return say("was edited: what it says of `{rule}` is not what was written",
                           rule=pair.key)  # fmt: skip
            entries.append(entry)
        sections[policy.key] = Section(file, tuple(entries))
    return sections


def entries_of(
    sections: Mapping[str, Section] | Words, policy: str, file: str
) -> tuple[Entry, ...] | Words:
    """What is bound of a policy, by its name and that of its file; or what is wrong."""
    if not isinstance(sections, Mapping):
        return sections
    if policy in sections:
        return sections[policy].entries
    for name, section in sections.items():
        if section.file == file and section.entries:
            return say("knows this file as the policy `{name}`", name=name)
    return ()


def _entry(rule: str, tree: Tree) -> Entry | None:
    if not isinstance(tree, Map):
        return None
    days = [_word(tree.get(key)) for key in ("on", "from", "to")]
    made_of, facts = _texts(tree.get("made_of")), _texts(tree.get("facts"))
    if made_of is None or facts is None or not all(day and DAY.fullmatch(day) for day in days):
        return None
    if _word(tree.get("digest")) != _sealed(rule, days, digest_of(made_of, facts)):
        return None
    return Entry(rule, str(days[0]), str(days[1]), str(days[2]), made_of, facts)


def _sealed(rule: str, days: Sequence[str | None], digest: str) -> str:
    """The digest with the rule's name and its days."""
    period = {"rule": rule, **{str(n): day or "" for n, day in enumerate(days)}}
    return digest_of(period, {"digest": digest})


def _word(tree: Tree | None) -> str | None:
    return tree.text if isinstance(tree, Scalar) else None


def _texts(tree: Tree | None) -> dict[str, str] | None:
    if not isinstance(tree, Map):
        return None
    found = {pair.key: pair.value for pair in tree.pairs}
    texts = {key: each.value for key, each in found.items() if isinstance(each, Scalar)}
    if len(texts) < len(found) or not all(isinstance(each, str) for each in texts.values()):
        return None
    return {key: str(text) for key, text in texts.items()}


def published_text(sections: Mapping[str, Section]) -> str:
    """The file, policies and rules by name."""
    lines = [HEAD, "published: 1\n", "policies:\n" if sections else "policies: {}\n"]
    for policy, section in sorted(sections.items()):
        lines.append(f"  {_quoted(policy)}:\n    file: {_quoted(section.file)}\n")
        lines.append("    rules:\n" if section.entries else "    rules: {}\n")
        for each in sorted(section.entries, key=lambda entry: entry.rule):
            lines += _rule(each)
    return "".join(lines)


def _rule(entry: Entry) -> Iterator[str]:
    days = (entry.published, entry.first, entry.last)
    yield f"      {_quoted(entry.rule)}:\n"
    yield f'        on: "{days[0]}"\n        from: "{days[1]}"\n        to: "{days[2]}"\n'
    sealed = _sealed(entry.rule, days, digest_of(entry.made_of, entry.facts))
    yield f"        digest: {sealed}\n        made_of:\n"
    for name, text in entry.made_of.items():
        written = f"|\n{_block(text)}" if _plain(text) else f"{_quoted(text)}\n"
        yield f"          {_quoted(name)}: {written}"
    yield "        facts:\n"
    for name, text in entry.facts.items():
        yield f"          {_quoted(name)}: {_quoted(text)}\n"


def _quoted(text: str) -> str:
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def _plain(text: str) -> bool:
    """Whether a text can stand as a block: some characters end lines in YAML, or cannot stand."""
    return text.endswith("\n") and all(line.isprintable() for line in text.split("\n"))


def _block(text: str) -> str:
    return "".join(f"            {line}\n" for line in text[:-1].split("\n"))


# ---------------------------------------------------------------- what is bound


def entry_of(rule: FrozenRule, day: str) -> Entry:
    """A rule as it is published on a day."""
    return Entry(rule.name, day, rule.first, rule.last, rule.made_of, rule.facts)


def found_in(entry: Entry, rules: Sequence[FrozenRule]) -> FrozenRule | None:
    """The rule of an entry, under whatever name it goes now."""
    return next((rule for rule in rules if entry.rule in rule.names), None)


def compare(
    entries: Sequence[Entry], rules: Sequence[FrozenRule], declared: frozenset[str], head: Span
) -> Iterator[FrozenChanged]:
    """What is not as it was published: rules that differ, are gone, or frozen for less long."""
    for entry in entries:
        rule = found_in(entry, rules)
        if rule is None:
            gone = entry.rule not in declared
            what = say("is gone") if gone else say("its period `frozen from … to …` is gone")
            yield FrozenChanged(head, entry.rule, entry.last, entry.published, what)
            continue
        found = list(_differences(entry, rule))
        if found:
            first, *also = found
            yield FrozenChanged(
                rule.span, rule.name, entry.last, entry.published, first, tuple(also)
            )


def _differences(entry: Entry, rule: FrozenRule) -> Iterator[Words]:
    if rule.last < entry.last:
        yield say("it may not end earlier, on {day}", day=rule.last)
    if rule.first > entry.first and rule.first > entry.published:
        yield say("it may not begin later, on {day}", day=rule.first)
    yield from _changes(entry.made_of, rule.made_of)
    for name in sorted({*entry.facts, *rule.facts}):
        was, now = entry.facts.get(name), rule.facts.get(name)
        if was is not None and now is not None and was != now:
            yield say("the fact `{name}` was `{was}` and is `{now}`", name=name, was=was, now=now)
    if entry.made_of == rule.made_of:
        for name in sorted(entry.facts.keys() ^ rule.facts.keys()):
            yield say("the fact `{name}` is read, and was not, or the other way round", name=name)


def _changes(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Words]:
    for name in was:
        if name in now and was[name] != now[name]:
            old, new = _first_other(was[name], now[name])
            yield say("`{name}` has changed: it said `{old}`, and now says `{new}`",
                      name=name, old=old, new=new)  # fmt: skip
    for name in was:
        if name not in now:
            yield say("`{name}`, which it rested on, is gone from it", name=name)
    for name in now:
        if name not in was:
            yield say("it now rests on `{name}`, too", name=name)


def _first_other(was: str, now: str) -> tuple[str, str]:
    """The first line that differs, of both; `…` where one has no more lines."""
    old, new = was.split("\n"), now.split("\n")
    for n in range(max(len(old), len(new))):
        one = old[n].strip() if n < len(old) else "…"
        two = new[n].strip() if n < len(new) else "…"
        if one != two:
            return one, two
    return "…", "…"
