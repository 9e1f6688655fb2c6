"""Python expressions out of smaller ones; what is clear beforehand is not written."""

from __future__ import annotations

from collections.abc import Sequence


def all_of(texts: Sequence[str]) -> str:
    kept = [text for text in dict.fromkeys(texts) if text != "True"]
    if "False" in kept:
        return "False"
    return "True" if not kept else kept[0] if len(kept) == 1 else f"({' and '.join(kept)})"


def any_of(texts: Sequence[str]) -> str:
    kept = [text for text in dict.fromkeys(texts) if text != "False"]
    if "True" in kept:
        return "True"
    return "False" if not kept else kept[0] if len(kept) == 1 else f"({' or '.join(kept)})"


def negation(text: str) -> str:
    return {"True": "False", "False": "True"}.get(text) or f"(not {text})"


def if_else(test: str, yes: str, no: str) -> str:
    if test == "True" or yes == no:
        return yes
    return no if test == "False" else f"({yes} if {test} else {no})"


def is_name(text: str) -> bool:
    """Whether a text costs nothing to repeat."""
    return text.isidentifier() or text.isdigit()


def is_literal(text: str) -> bool:
    """Whether a text is a number or a truth value: never None, whatever it was made of."""
    return text.isdigit() or text in ("True", "False")
