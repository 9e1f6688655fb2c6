"""The keywords, their English and Chinese spellings, and where each may stand.

The words themselves are in `grammar/keywords.yaml`; this module only gives them types. It takes for
granted that the file is well formed, which the tests check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from siyu.syntax.compiled import Sections, keyword_sections

Language = Literal["en", "zh"]

# Sections whose words share one terminal and differ in value.
_SHARED = {
    "purpose": "PURPOSE",
    "weekday": "WEEKDAY",
    "principle": "PRINCIPLE",
    "aggregate": "AGGREGATE",
    "unit": "UNIT",
    "since": "SINCE",
    "until": "UNTIL",
    "counted": "COUNTED",
    "in_this": "IN_THIS",
    "this": "THIS_UNIT",
    "next": "NEXT_UNIT",
    "per_unit": "PER_UNIT",
    "at_most_per": "AT_MOST_PER",
    "money": "MONEY",
    "big": "BIG",
}
# Sections that name functions and the things a test gives; the grammar takes any name there.
_NAMES = frozenset({"function", "given_word"})


@dataclass(frozen=True, slots=True)
class Keyword:
    """One keyword. `value` tells words of one terminal apart; `many` follows a number but 1.

    A spelling may be several words with one space between them.
    """

    position: str
    section: str
    terminal: str
    value: str
    en: tuple[str, ...]
    zh: tuple[str, ...]
    many: str | None = None

    @property
    def spellings(self) -> tuple[str, ...]:
        return self.en + self.zh


@dataclass(frozen=True, slots=True)
class Keywords:
    """All keywords by position, and by the first word of each spelling."""

    by_position: Mapping[str, Keyword]
    by_word: Mapping[str, tuple[tuple[tuple[str, ...], Keyword], ...]]
    functions: Mapping[str, str]
    given_words: Mapping[str, str]


def spelling(position: str, language: Language, *, many: bool = False) -> str:
    """The keyword of a position as `fmt` writes it; empty where the language has no such word.

    `many` asks for the form behind a number other than 1. Raises KeyError for an unknown position.

    >>> spelling("otherwise", "zh"), spelling("default", "zh")
    ('其余', '缺省')
    >>> spelling("unit.day", "en", many=True)
    'days'
    """
    keyword = keywords().by_position[position]
    if many and language == "en" and keyword.many is not None:
        return keyword.many
    written = keyword.en if language == "en" else keyword.zh
    return written[0] if written else ""


def positions(word: str) -> tuple[str, ...]:
    """Where a word may stand as a keyword, alone or as the first of several words.

    >>> positions("from")
    ('from_date', 'from_level', 'from_score', 'from_source', 'from_file')
    """
    return tuple(dict.fromkeys(k.position for _, k in keywords().by_word.get(word, ())))


def must_quote(name: str) -> bool:
    """Whether a name that is this word is written in backticks to stay a name everywhere.

    Words that the place or the next word settles stay bare: `points`, `level`, `count`.
    """
    return any(
        keyword.position in _TAKEN
        or (len(words) == 1 and keyword.section in {"operator", "literal"})
        for words, keyword in keywords().by_word.get(name, ())
    )


# Words that stand, or could be meant, where a name stands as well; the next word settles the rest.
_TAKEN = frozenset(
    {"when", "unless", "because", "effective", "formerly", "from_date", "from_level", "from_score"}
    | {"from_source", "otherwise", "default", "any", "known", "unknown", "priority", "worth"}
    | {"costs", "for", "by", "to", "on_event", "at_end_of", "where", "among", "never", "always"}
    | {"raising", "population", "anniversary_of", "since_open", "until_open"}
)


def function_name(word: str) -> str:
    """The function a word calls: `四舍五入` is `round`; any other word is itself."""
    return keywords().functions.get(word, word)


def given_word(word: str) -> str:
    """What a test's `given` names: `客户` is `customer`; any other word is itself."""
    return keywords().given_words.get(word, word)


@lru_cache(maxsize=1)
def keywords() -> Keywords:
    """The table, read once."""
    return _table(keyword_sections())


def _table(sections: Sections) -> Keywords:
    found = {
        keyword.position: keyword
        for section, words in sections.items()
        for keyword in (_keyword(section, word, entry) for word, entry in words.items())
    }
    real = {p: k for p, k in found.items() if k.section not in _NAMES}
    return Keywords(
        by_position=found,
        by_word=_by_word(real),
        functions=_names(found, "function"),
        given_words=_names(found, "given_word"),
    )


def _keyword(section: str, word: str, entry: Mapping[str, Any]) -> Keyword:
    shared = section in _SHARED or section in _NAMES
    return Keyword(
        position=f"{section}.{word}" if shared else word,
        section=section,
        terminal=_SHARED.get(section, word.upper()),
        value=word,
        en=_spellings(entry["en"]),
        zh=_spellings(entry["zh"]),
        many=entry.get("many"),
    )


def _spellings(written: str | list[str]) -> tuple[str, ...]:
    if isinstance(written, list):
        return tuple(written)
    return (written,) if written else ()


def _by_word(
    found: Mapping[str, Keyword],
) -> Mapping[str, tuple[tuple[tuple[str, ...], Keyword], ...]]:
    """Longest spelling first: `at most` is tried before `at`."""
    words: dict[str, list[tuple[tuple[str, ...], Keyword]]] = {}
    for keyword in found.values():
        for written in dict.fromkeys(keyword.spellings):
            parts = tuple(written.split(" "))
            words.setdefault(parts[0], []).append((parts, keyword))
    return {
        word: tuple(sorted(entries, key=lambda entry: -len(entry[0])))
        for word, entries in words.items()
    }


def _names(found: Mapping[str, Keyword], section: str) -> Mapping[str, str]:
    return {
        word: keyword.value
        for keyword in found.values()
        if keyword.section == section
        for word in keyword.zh
    }
