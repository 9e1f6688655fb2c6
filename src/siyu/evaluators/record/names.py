"""Names of the generated source: numbered variables, constants, functions, and what they hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from siyu.core.ir import Column, Const, Expr, Input, Ref
from siyu.evaluators.record.runtime import RUNTIME
from siyu.functions import FUNCTIONS


@dataclass(frozen=True, slots=True)
class Var:
    """A variable, or a constant's text, and whether it may be None. A contest that was decided
    in place has one text per candidate instead."""

    text: str
    optional: bool
    elements: tuple[str, ...] = ()


@dataclass(slots=True)
class Names:
    """What the names in one generated module stand for."""

    inputs: dict[tuple[str, str], Var] = field(default_factory=dict)
    refs: dict[str, Var] = field(default_factory=dict)
    rows: list[dict[str, Var]] = field(default_factory=list)  # columns, the innermost row last
    held: dict[str, Any] = field(default_factory=dict)  # constants and functions by name
    _constants: dict[object, str] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)

    def fresh(self, letter: str) -> str:
        """A variable nobody else has: v12."""
        self._counts[letter] += 1
        return f"{letter}{self._counts[letter]}"

    def constant(self, value: object) -> str:
        """Text that means a constant; only numbers and truth values are written out."""
        if value is None or isinstance(value, bool):
            return repr(value)
        if isinstance(value, int):
            return repr(value) if value >= 0 else f"({value!r})"
        key = _identity(value)
        if key not in self._constants:
            self._constants[key] = self.fresh("k")
            self.held[self._constants[key]] = value
        return self._constants[key]

    def function(self, name: str) -> str:
        """The name of a core function's definition."""
        self.held[f"f_{name}"] = FUNCTIONS[name].python
        return f"f_{name}"

    def runtime(self, name: str) -> str:
        """The name of a helper."""
        self.held[name] = RUNTIME[name]
        return name

    def atom(self, node: Expr) -> Var | None:
        """The variable or constant that a leaf stands for; None for everything larger."""
        match node:
            case Const():
                return Var(self.constant(node.value), node.value is None)
            case Input():
                return self.inputs[node.origin, node.name]
            case Ref():
                return self.refs[node.name]
            case Column():
                return self.rows[-1 - node.level][node.name]
            case _:
                return None


def _identity(value: object) -> object:
    """True is not 1 here, not even inside of tuples and sets."""
    match value:
        case frozenset():
            return (frozenset, frozenset((type(item), item) for item in value))
        case dict():
            return (dict, id(value))
        case tuple():
            return (tuple, repr(value))
        case _:
            return (type(value), value)
