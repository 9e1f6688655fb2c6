"""The grammar and the keywords, made ready for the parser.

`grammar/compiled.json` holds the LALR table that Lark makes of `policy.lark`, and the words of
`keywords.yaml`, so that reading a policy needs neither Lark nor YAML. Where that file is older than
its sources, as while the grammar is being edited, the same is made in memory.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from siyu.resources import resource

Sections = Mapping[str, Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a reduction does.

    `name` is the alias or else the rule; `kept` are the places of the children that carry
    something. A rule that `passes` hands its child on, one that `lists` begins a list of its
    children, one that `grows` adds its last child to the list that is its first.
    """

    origin: str
    name: str
    size: int
    kept: tuple[int, ...]
    does: Literal["builds", "passes", "lists", "grows"]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """An LALR(1) table. `states[s][symbol]` is the next state, or `~r` to reduce by rule `r`.

    `reached_by[s]` is the symbol that leads into a state.
    """

    states: tuple[dict[str, int], ...]
    rules: tuple[Rule, ...]
    end: int
    reached_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    keywords: Sections
    table: Table


@lru_cache(maxsize=1)
def compiled() -> Compiled:
    """The grammar's table and the keywords, read once."""
    grammar, keywords = sources()
    try:
        packed = json.loads(resource("grammar", "compiled.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        packed = None
    if packed is None or packed.get("digest") != digest(grammar, keywords):
        packed = pack(grammar, keywords)
    return Compiled(packed["keywords"], _table(packed))


def sources() -> tuple[str, str]:
    """The texts of the grammar and of the keywords."""
    return (
        resource("grammar", "policy.lark").read_text(encoding="utf-8"),
        resource("grammar", "keywords.yaml").read_text(encoding="utf-8"),
    )


def digest(grammar: str, keywords: str) -> str:
    """What tells whether a compiled file belongs to its sources."""
    return hashlib.sha256(f"1\0{grammar}\0{keywords}".encode()).hexdigest()


def pack(grammar: str, keywords: str) -> dict[str, Any]:
    """The content of `compiled.json`: the same for the same sources.

    Raises lark.exceptions.GrammarError when the grammar has a conflict.
    """
    from ruamel.yaml import YAML

    sections = YAML(typ="safe").load(keywords)
    return {"digest": digest(grammar, keywords), "keywords": sections, **_lalr(grammar)}


def _lalr(grammar: str) -> dict[str, Any]:
    from lark import Lark
    from lark.lexer import Lexer
    from lark.parsers.lalr_analysis import Shift

    class NoLexer(Lexer):
        """The parser's own lexer is used; Lark is asked for the table only."""

        __future_interface__ = 2

        def __init__(self, _conf: object) -> None:
            pass

        def lex(self, _state: object, _parser: object) -> Any:
            return iter(())

    lark: Any = Lark(grammar, parser="lalr", lexer=NoLexer, strict=True)
    table = lark.parser.parser._parse_table
    rules = {rule: number for number, rule in enumerate(lark.rules)}
    order = _numbered(table, Shift)
    symbols = sorted({symbol for row in table.states.values() for symbol in row})
    number = {symbol: index for index, symbol in enumerate(symbols)}
    rows = []
    for state in order:
        shifts: list[int] = []
        reduces: dict[int, list[int]] = {}
        for symbol, (action, target) in sorted(table.states[state].items()):
            if action is Shift:
                shifts += [number[symbol], order[target]]
            elif target in rules:
                reduces.setdefault(rules[target], []).append(number[symbol])
        rows.append([shifts, *([rule, *on] for rule, on in sorted(reduces.items()))])
    return {
        "symbols": symbols,
        "rules": [_rule(rule) for rule in lark.rules],
        "end": order[table.end_states["start"]],
        "states": rows,
    }


def _numbered(table: Any, shift: object) -> dict[Any, int]:
    """States in the order in which they are reached, so that the file is always the same."""
    order = {table.start_states["start"]: 0}
    for state in (waiting := list(order)):
        for _, (action, target) in sorted(table.states[state].items(), key=lambda entry: entry[0]):
            if action is shift and target not in order:
                order[target] = len(order)
                waiting.append(target)
    return order


def _rule(rule: Any) -> list[Any]:
    """Symbols with ~ are dropped from the children: they only hold the form together."""
    return [
        rule.origin.name,
        rule.alias or "",
        int(rule.options.expand1 and not rule.alias),
        *(symbol.name for symbol in rule.expansion),
    ]


# Terminals that carry something into the tree.
_CARRIED = frozenset(
    {"NAME", "CASE_NAME", "GRID_NAME", "NUMBER", "STRING", "DATE", "TIME", "COMPARISON", "EQUAL"}
    | {"PLUS", "MINUS", "STAR", "SLASH", "MONEY_SIGN", "PURPOSE", "AGGREGATE", "UNIT", "SINCE"}
    | {"PRINCIPLE", "WEEKDAY"}
    | {"UNTIL", "COUNTED", "IN_THIS", "THIS_UNIT", "NEXT_UNIT", "PER_UNIT", "AT_MOST_PER"}
    | {"MONEY", "BIG", "ASCENDING", "DESCENDING", "EXCLUSIVE", "FIRST", "COLLECT", "HIGHEST"}
    | {"PRODUCT", "SUM_OF_ALL", "HARD", "SOFT", "INTERNAL", "EXTERNAL", "OF_WORTH", "OF_COSTS"}
    | {"PRIORITY", "WORTH", "COSTS"}
)
# Words that carry something in one rule and only lead a clause in another.
_LED = frozenset({("priority", "PRIORITY"), ("worth", "WORTH"), ("costs", "COSTS")})
# `a = b` compares; in all other rules the sign only joins.
_COMPARING = frozenset({"compare_sign"})


def _table(packed: Mapping[str, Any]) -> Table:
    symbols: list[str] = packed["symbols"]
    rules = tuple(_unpacked_rule(entry) for entry in packed["rules"])
    states = []
    reached_by = [""] * len(packed["states"])
    for shifts, *reduces in packed["states"]:
        row = {symbols[s]: target for s, target in zip(shifts[::2], shifts[1::2], strict=True)}
        for symbol, target in row.items():
            reached_by[target] = symbol
        for rule, *on in reduces:
            for symbol_number in on:
                row[symbols[symbol_number]] = ~rule
        states.append(row)
    return Table(tuple(states), rules, packed["end"], tuple(reached_by))


def _unpacked_rule(entry: list[Any]) -> Rule:
    origin, alias, expand, *expansion = entry
    name = alias or origin
    kept = tuple(place for place, symbol in enumerate(expansion) if _carries(origin, name, symbol))
    return Rule(origin, name, len(expansion), kept, _does(origin, expansion, bool(expand)))


_LISTS = ("many{", "some{", "commas{", "bars{")


def _does(
    origin: str, expansion: list[str], expand: bool
) -> Literal["builds", "passes", "lists", "grows"]:
    if expand or origin.startswith("maybe{"):
        return "passes"
    if origin.startswith(_LISTS) or origin in {"conjuncts", "disjuncts", "dotted"}:
        return "grows" if expansion[:1] == [origin] else "lists"
    return "builds"


def _carries(origin: str, name: str, symbol: str) -> bool:
    if not symbol.isupper():
        return True
    if symbol == "EQUAL":
        return origin in _COMPARING
    if symbol == "MINUS":
        return name == "arithmetic"
    return symbol in _CARRIED and (name, symbol) not in _LED


def keyword_sections() -> Sections:
    """The content of `keywords.yaml`."""
    return compiled().keywords
