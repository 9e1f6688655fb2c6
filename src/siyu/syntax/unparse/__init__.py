"""The formatter: every file that means the same tree is written in one way.

Two-space clauses, one clause to a line, names and labels of cases and levels in columns, tables and
grids that line up on screen. What has more than one spelling gets the first of the keyword table;
parentheses and backticks stay where the grammar needs them. After this stage
`parse(unparse(file)) == file` holds, and every comment is where it was.
"""

from __future__ import annotations

from siyu.syntax import ast
from siyu.syntax.keywords import Language
from siyu.syntax.unparse.declarations import declaration
from siyu.syntax.unparse.header import header, use
from siyu.syntax.unparse.layout import lay_out
from siyu.syntax.unparse.speech import Speech
from siyu.text import Source

__all__ = ["main_language", "unparse"]


def unparse(file: ast.File, keywords: Language | None = None, source: Source | None = None) -> str:
    """The canonical text of a file.

    `keywords` is the language of the keywords; None keeps the one that the author mostly uses (see
    `main_language`). `source` is what the file was parsed from: without it the author's blank lines
    between one-line declarations are not known, and a tree's spans are taken at their word.
    """
    say = Speech(keywords or main_language(file, source))
    blocks = [header(say, file.header, source)] if file.header else []
    blocks += [use(say, node) for node in file.uses]
    blocks += [declaration(say, node) for node in file.declarations]
    return lay_out(blocks, file.comments, source)


def main_language(file: ast.File, source: Source | None) -> Language:
    """The language in which most headers, `use` lines and declarations begin; English if even.

    Formatting makes the answer more so, never less.
    """
    if source is None:
        return "en"
    nodes = [file.header] if file.header else []
    leads = [
        source.text[n.span.start : n.span.start + 1]
        for n in (*nodes, *file.uses, *file.declarations)
    ]
    chinese = sum(not lead.isascii() for lead in leads)
    return "zh" if chinese * 2 > len(leads) else "en"
