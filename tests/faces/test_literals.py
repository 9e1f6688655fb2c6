"""No sentence stands in the code that no catalogue knows: words reach people through `say`, as the
text of a diagnostic, or as the help of a command. What else has two words in a row is listed here
with the reason why nobody meets it as a sentence.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faces.shell import ROOT

PACKAGE = ROOT / "src" / "siyu"
AREAS = ("api", "explain", "faces", "lint", "population", "records", "testing")
FILES = sorted(path for area in AREAS for path in (PACKAGE / area).rglob("*.py"))

# The words of a diagnostic, and its examples, by the names that its class gives them.
OF_A_DIAGNOSTIC = {"message", "label", "help", "page", "wrong", "right", "example_facts"}
_TWO = re.compile(r"[A-Za-z]{2,}[^\w\n]*[ \n][^\w\n]*[A-Za-z]{2,}")  # two words in a row
# SQL has calls, or words of its own in capitals, and no two other words in a row without one of
# them or a sign between: `SELECT held AS amount FROM posted`, but not `FROM which there is none`.
_SQL = re.compile(
    r"\b(SELECT|FROM|WHERE|GROUP BY|ORDER BY|SORT BY|PARTITION BY|UNION ALL|ROWS BETWEEN|LEFT JOIN"
    r"|CASE|WHEN|THEN|ELSE|END|AS|IS|NOT|AND|OR|LIKE|IN|NULL|TRUE|FALSE|OVER|TIME ZONE|FORMAT"
    r"|CREATE|SET|SHOW|STRUCT)\b|\w\((?!s\))|\)::"
)
_PROSE = re.compile(r"\b(?=\w*[a-z])\w{2,}\s+(?=\w*[a-z])\w{2,}\b")
# Files whose texts are no sentences, by the reason.
WHOLE = {
    "records/code.py": "source text of the program that reads records",
    "records/code_rows.py": "source text of the program that reads records",
    "records/source.py": "source text of the program that reads records",
    "explain/document.py": "descriptions in a JSON Schema, read by programmers",
    "population/calibration/text.py": "comments in a file with the same bytes in every language",
    "population/sample/sources.py": "comments in a file with the same bytes in every language",
}
# Texts that are no sentences for people, by the reason; what has `siyu` in front is a command.
KEPT = {
    r"<.*": "HTML",
    r"default-src .*": "a header of HTML",
    r"(str \| .*|.* has no attribute .*)": "told to Python programmers, in Python's own words",
    r"(at least|at most|not applied)": "values in JSON",
    r"(held level|kept until)( of )?|(contact|incentive|points) log": "roles in schema files",
    r"set of text": "a type in schema files",
    r"(floats: shortest|all: true)": "lines of YAML",
    r"# .*\n# .*\n": "a comment in a file with the same bytes in every language",
    r"siyu (line|mistake|parent)": "names of columns, such as no table of people has",
    r"a row that cannot be read": "stands for it in a request, and is refused there",
    r"(No space left on device|Disk quota exceeded|File too large)": "looked for in errors",
    r"status = error\n.*": "settings of a log",
    r"\\n\\s.*\|\\n.*": "a pattern",
    r"contact policy": "a keyword",
    r"(-XX:\S+ ?)+": "settings of Java",
    r"customer of the profile": "the name of a column, such as no table of people has",
    r"(bold \w+|number needed|card \w+( \w+)?)": "styles",
    r"(float|integer) range": "what click calls numbers, translated beside it",
    r"\n\\ No newline at end of file\n": "a diff, as every tool writes it",
    r"(\x08\n)?(Examples?|Begin with):\n(.*\n)*": "the epilog of a command, translated with it",
    r"\s*(segment|metric|points|classify|test|expect|lints:)\s.*\n": "examples of policies",
}


def sentences(tree: ast.Module) -> Iterator[ast.Constant]:
    """Literals with two words in a row that are neither said nor documentation."""
    apart = {id(inner) for node in ast.walk(tree) for known in _known(node)
             for inner in ast.walk(known)}  # fmt: skip
    sql = {id(inner) for node in ast.walk(tree) for inner in _pieces_of_sql(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in apart:
            words = _PROSE if id(node) in sql else _TWO
            if words.search(str(node.value)):
                yield node


def _pieces_of_sql(node: ast.AST) -> Iterator[ast.AST]:
    """A text with words of SQL in it; all pieces of one with places for other texts."""
    pieces = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = [each for each in pieces if isinstance(each, ast.Constant)]
    if any(isinstance(each.value, str) and _SQL.search(each.value) for each in texts):
        yield from texts


def _known(node: ast.AST) -> Iterator[ast.AST]:
    """What is below a node and goes through the catalogues, or is never shown."""
    match node:
        case ast.Expr(value=ast.Constant()):  # documentation
            yield node
        case ast.Call(func=ast.Name(id="say" | "say_n")):
            yield from node.args
        case ast.Call(keywords=given):
            yield from (each.value for each in given if each.arg in ("help", "epilog"))
        case ast.ClassDef(body=body):
            yield from (line for line in body if _words_of_a_diagnostic(line))
        case (
            ast.AnnAssign(target=ast.Name(id="COMMANDS"))
            | ast.Assign(targets=[ast.Name(id="COMMANDS")])
        ):  # what commands do, in one line each
            yield node
        case ast.Compare(left=ast.Constant()):  # looked for in another text
            yield node.left
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re")), args=[pattern, *_]):
            yield pattern
        case ast.Assert(msg=ast.expr() as reason):  # a mistake of ours
            yield reason
        case ast.Raise(exc=ast.Call(func=ast.Name(id="AssertionError"))):
            yield node
        case _:
            pass


def _words_of_a_diagnostic(line: ast.stmt) -> bool:
    targets = line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
    return any(isinstance(each, ast.Name) and each.id in OF_A_DIAGNOSTIC for each in targets)


def unsaid(path: Path) -> list[str]:
    """The sentences of a file that no catalogue knows."""
    if path.relative_to(PACKAGE).as_posix() in WHOLE:
        return []
    tree = ast.parse(path.read_text("utf-8"))
    return [
        f"line {node.lineno}: {node.value!r}"
        for node in sentences(tree)
        if not re.match(r"siyu (check|decide|explain|test|init)\b|siyu %", str(node.value))
        and not any(re.fullmatch(each, str(node.value), re.DOTALL) for each in KEPT)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_sentence_can_be_translated(path: Path) -> None:
    assert unsaid(path) == []


def test_a_sentence_that_bypasses_the_catalogues_is_found() -> None:
    tree = ast.parse(
        '"""Two words."""\nfail("no such thing")\nsay("no such place")\nprint(f"it has {names}")\n'
    )
    assert [node.value for node in sentences(tree)] == ["no such thing", "it has "]


@pytest.mark.parametrize(
    "text",
    ["SELECT held AS amount\nFROM posted", "row_number() OVER (PARTITION BY v, key)", "NULL, NULL"],
)
def test_sql_is_no_sentence(text: str) -> None:
    assert list(sentences(ast.parse(f"f({text!r})"))) == []


@pytest.mark.parametrize(
    "text", ["FROM which there is none", "IS there one", "the orders NOT read", "file(s) too large"]
)
def test_a_sentence_with_capitals_is_one_still(text: str) -> None:
    assert list(sentences(ast.parse(f"f({text!r})")))


def test_pieces_of_sql_are_sql_together() -> None:
    tree = ast.parse('f"SELECT * FROM read({path}, parallel = false) WHERE {x} is not there"')
    assert [node.value for node in sentences(tree)] == [" is not there"]


def test_every_exception_is_needed() -> None:
    texts = [str(node.value) for path in FILES for node in sentences(ast.parse(path.read_text()))]
    for each in KEPT:
        assert any(re.fullmatch(each, text, re.DOTALL) for text in texts), each
    for name in WHOLE:
        assert list(sentences(ast.parse((PACKAGE / name).read_text("utf-8")))), name
