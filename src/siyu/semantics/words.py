"""The author's own words: `because "您已 {recency} 没有光临"`."""

from __future__ import annotations

import re

from siyu.core.ir import Expr, Ref
from siyu.semantics import make, names
from siyu.semantics.build import Scope
from siyu.semantics.optional import may_be_unknown
from siyu.syntax import ast
from siyu.text import Span

PLACE = re.compile(r"\{([^{}]*)\}")


def keep_words(because: ast.Because, scope: Scope, code: str) -> None:
    """Keeps the author's words under a code: texts and, for every `{name}`, a reference to its
    value. What may be unknown is fine here; a name that means nothing is reported."""
    pieces: list[str | Expr] = []
    done = 0
    for place in PLACE.finditer(because.text):
        pieces.append(because.text[done : place.start()])
        pieces.append(_reference(place.group(1), because.span, scope, code))
        done = place.end()
    pieces.append(because.text[done:])
    scope.build.words[code] = tuple(piece for piece in pieces if piece != "")


def _reference(written: str, span: Span, scope: Scope, code: str) -> Expr:
    parts = tuple(part.strip().strip("`") for part in written.split("."))
    found = names.name(ast.Name(parts, span=span), scope)
    if isinstance(found, Ref) or make.is_error(found):
        return found
    optional = may_be_unknown(found, scope)
    called = scope.build.name_of(f"{code}.because")
    return scope.build.bind(called, found, scope.stratum, optional=optional, span=span)
