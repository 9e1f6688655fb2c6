"""A source into its tree, declaration by declaration.

Each declaration is read on its own: a mistake costs one declaration at most, and the rest of the
file stays usable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from siyu.diagnostics import Diagnostic, in_source_order
from siyu.syntax import ast
from siyu.syntax.compiled import Table, compiled
from siyu.syntax.cut import Cutter
from siyu.syntax.errors import Repeated, TextBeforeDeclarations, UnknownDeclaration, brief
from siyu.syntax.lexer import Token, tokenise
from siyu.syntax.machine import Machine, Stopped
from siyu.syntax.memo import MEMO, key_of
from siyu.syntax.mend import Mended, read_on
from siyu.syntax.trouble import explain
from siyu.text import Source, Span

# Beyond so many tokens a stretch is not read again for a better message.
_LONGEST_CAREFUL = 20_000
# Behind so many mistakes no declaration is read on from its first.
_MOST_MENDED = 500


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file as far as it could be read.

    `broken` are the names that declarations with a mistake seem to declare: whoever resolves names
    need not complain that they are missing.
    """

    file: ast.File
    diagnostics: tuple[Diagnostic, ...]
    broken: tuple[ast.Ident, ...] = ()


def parse(source: Source) -> Parsed:
    """The tree of a source, with a message for each declaration that could not be read."""
    tokens = tokenise(source)
    reader = _Reader(source, tokens.items)
    reader.read()
    header, uses, declarations = reader.sorted_items()
    file = ast.File(
        header,
        uses,
        declarations,
        tokens.comments,
        span=Span(source.name, 0, len(source.text)),
    )
    return Parsed(file, in_source_order(reader.diagnostics), tuple(reader.broken))


class _Reader:
    def __init__(self, source: Source, tokens: Sequence[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.table: Table = compiled().table
        self.cutter = Cutter(source, tokens)
        self.items: list[Any] = []
        self.diagnostics: list[Diagnostic] = []
        self.broken: list[ast.Ident] = []

    def read(self) -> None:
        for begin, end in _stretches(0, len(self.tokens), self.cutter.cuts()):
            self._read(begin, end)

    def sorted_items(self) -> tuple[ast.Header | None, tuple[ast.Use, ...], tuple[Any, ...]]:
        """Header, uses, declarations; a second header is an error."""
        headers = [item for item in self.items if isinstance(item, ast.Header)]
        for header in headers[1:]:
            self.diagnostics.append(Repeated(header.name.span, "policy", headers[0].name.span))
        uses = tuple(item for item in self.items if isinstance(item, ast.Use))
        rest = tuple(item for item in self.items if not isinstance(item, ast.Header | ast.Use))
        return (headers[0] if headers else None), uses, rest

    def _read(self, begin: int, end: int) -> None:
        """One stretch; where it stops, the stretches into which looser signs part it."""
        found = self._run(begin, end)
        if not isinstance(found, Stopped):
            self.items += found
            return
        cuts = self.cutter.rough_cuts(begin, end) or self._complete_before(begin, found.at)
        if not cuts:
            self._fail(begin, end, found)
            return
        for first, last in _stretches(begin, end, cuts):
            again = self._run(first, last)
            if isinstance(again, Stopped):
                self._fail(first, last, again)
            else:
                self.items += again

    def _complete_before(self, begin: int, at: int) -> list[int]:
        """The line that stands out from the declaration before it, which is complete without it."""
        margins = self.cutter.margins(begin, min(at + 1, len(self.tokens)))
        if len(margins) != 1 or isinstance(self._run(begin, margins[0]), Stopped):
            return []
        return margins

    def _run(self, begin: int, end: int, *, careful: bool = False) -> list[Any] | Stopped:
        name, start = self.source.name, self.tokens[begin].start if begin < end else 0
        key = key_of(self.source.text, self.tokens, begin, end)
        known = None if key is None else MEMO.find(key, name, start)
        if known is not None:
            return known
        found = Machine(self.table, name, self.tokens, begin, end, careful=careful).run()
        assert found is not None
        if key is not None and not isinstance(found, Stopped):
            MEMO.keep(key, name, start, found)
        return found

    def _fail(self, begin: int, end: int, stopped: Stopped) -> None:
        found = self._reason(begin, end, stopped)
        self.diagnostics.append(found)
        mended = self._read_on(begin, end, stopped.at, found)
        self.diagnostics += mended.diagnostics
        self.items += mended.items
        name = None if mended.items else self.cutter.name_at(begin)
        if name is not None:
            span = Span(self.source.name, name.start, name.end)
            self.broken.append(ast.Ident(name.text, span=span))

    def _read_on(self, begin: int, end: int, at: int, found: Diagnostic) -> Mended:
        if len(self.diagnostics) > _MOST_MENDED:
            return Mended([], [])
        return read_on(self.table, self.source, self.tokens[begin:end], at - begin, found)

    def _reason(self, begin: int, end: int, stopped: Stopped) -> Diagnostic:
        first = self.tokens[begin]
        if stopped.at == begin and first.kind != "ERROR" and not self.cutter.kind(begin):
            span = Span(self.source.name, first.start, first.end)
            candidates = self.cutter.misspelt(begin)
            if candidates:
                return UnknownDeclaration(span, brief(first.text), candidates)
            return TextBeforeDeclarations(span, brief(self.source.text[first.start : first.end]))
        if stopped.diagnostic is not None:
            return stopped.diagnostic
        if stopped.at - begin <= _LONGEST_CAREFUL:
            careful = self._run(begin, end, careful=True)
            assert isinstance(careful, Stopped)
            stopped = careful
        return explain(self.table, self.source, self.tokens, begin, end, stopped)


def _stretches(begin: int, end: int, cuts: Sequence[int]) -> list[tuple[int, int]]:
    """The stretches between cuts, those before the first included."""
    edges = sorted({begin, *cuts, end})
    return list(pairwise(edges))
