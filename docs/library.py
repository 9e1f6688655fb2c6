"""Makes policies/INDEX.md: which rule says a concept of the field, and which test shows it.

    python docs/library.py             write it, and tell what is missing
    python docs/library.py --check     exit 1 when it is stale, or a concept has no rule or no test

The concepts stand in policies/shared/concepts.yaml; every pack says in its own concepts.yaml what
says them there. What a name means, and which tests hang on it, comes from the policies themselves.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from siyu.api.files import read_files
from siyu.compiler import lower_pack
from siyu.diagnostics import nearest
from siyu.faces.files import policies
from siyu.lint.look import Look, Written
from siyu.syntax import ast

ROOT = Path(__file__).resolve().parent.parent
POLICIES = ROOT / "policies"
INDEX = POLICIES / "INDEX.md"
SHOWN = 2  # tests that are listed of one entry
CLAIMS = (ast.Indicator, ast.Ensure, ast.Recommend)  # no test can expect anything of these

HEAD = """\
# What the library says 策略库索引

<!-- made by docs/library.py; change the policies or their concepts.yaml instead -->

Every concept of the methodologies, of their figures and of the market's laws, with the declaration
that says it and a test that shows it. 每个概念由哪条规则表达、由哪个测试验证。
"""
COLUMNS = "| concept 概念 | pack 策略包 | declaration 声明 | test 测试 |\n|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Rule:
    """A declaration: its kind's word, label, file, and the titles of the tests that hang on it,
    those first that name it."""

    name: str
    label: str
    file: Path
    tests: tuple[tuple[str, Path], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What says a concept in a pack: a rule, a command, or a test in Python."""

    pack: str
    rule: Rule | None = None
    command: str = ""
    test: str = ""


@dataclass(slots=True)
class Library:
    """Sections with their concepts as they are written, entries by concept, and what is wrong."""

    sections: Mapping[str, Any]
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def ids(self) -> Iterator[str]:
        """All concepts, in order."""
        for section in self.sections.values():
            yield from section["concepts"]

    def missing(self) -> Iterator[str]:
        """What concepts lack."""
        for each in self.ids():
            found = self.entries.get(each, [])
            if not any(entry.rule or entry.command for entry in found):
                yield f"{each}: no declaration says it"
            elif not any(entry.test or (entry.rule and entry.rule.tests) for entry in found):
                yield f"{each}: no test shows it"


def library(root: Path = POLICIES) -> Library:
    """The whole library, read from its files."""
    found = Library(_yaml(root / "shared/concepts.yaml")["sections"])
    known = set(found.ids())
    for path in sorted(root.glob("*/concepts.yaml")):
        pack = path.parent.name
        concepts = _yaml(path).get("concepts") or {}
        rules = rules_of(path.parent, found.wrong) if concepts else {}
        for concept, items in concepts.items():
            if concept not in known:
                hint = f" (perhaps {', '.join(near)})" if (near := nearest(concept, known)) else ""
                found.wrong.append(f"{pack}: there is no concept {concept}{hint}")
                continue
            for item in items if isinstance(items, list) else [items]:
                entry = _entry(pack, item, rules)
                if isinstance(entry, Entry):
                    found.entries.setdefault(concept, []).append(entry)
                else:
                    found.wrong.append(f"{pack}: {concept}: {entry}")
    return found


def _entry(pack: str, item: Any, rules: Mapping[str, Rule]) -> Entry | str:
    """An entry, or what is wrong with it."""
    said = dict([item.split(": ", 1)]) if isinstance(item, str) and ": " in item else item
    if isinstance(said, str):
        near = nearest(said, rules)
        hint = f" (perhaps {', '.join(near)})" if near else ""
        return Entry(pack, rules[said]) if said in rules else f"there is no {said}{hint}"
    if not isinstance(said, dict) or set(said) - {"command", "test"}:
        return f"{item} is no name of a declaration, no command and no test"
    test = str(said.get("test", ""))
    if test and not _is_test(test):
        return f"there is no test {test}"
    return Entry(pack, command=str(said.get("command", "")), test=test)


def _is_test(name: str) -> bool:
    path, _, function = name.partition("::")
    file = ROOT / path
    return file.is_file() and f"def {function.split('[')[0]}(" in file.read_text("utf-8")


def _yaml(path: Path) -> dict[str, Any]:
    from ruamel.yaml import YAML

    found = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    return dict(found or {})


# ---------------------------------------------------------------- what hangs on what


def rules_of(folder: Path, wrong: list[str]) -> dict[str, Rule]:
    """All declarations of a pack's policies by name; a policy with mistakes is told in `wrong`."""
    found: dict[str, Rule] = {}
    roots = policies([str(folder)]).roots if any(folder.rglob("*.siyu")) else ()
    for root in roots:
        for rule in _rules(root, wrong):
            before = found.get(rule.name)
            tests = dict.fromkeys((*(before.tests if before else ()), *rule.tests))
            found[rule.name] = Rule(rule.name, rule.label, rule.file, tuple(tests))
    return found


def _rules(root: Path, wrong: list[str]) -> Iterator[Rule]:
    pack = read_files(root).pack
    lowered = lower_pack(pack)
    if lowered.broken:
        first = next((d for d in lowered.diagnostics if d.severity == "error"), None)
        wrong.append(f"{root.relative_to(ROOT)}: {first.text() if first else 'has no schema'}")
        return
    look = Look.of(pack, lowered.build)
    names = {each.name: _named(each, each.nodes, look) for each in look.written if each.declared}
    policy_names = [e.name for e in look.written if isinstance(e.node, ast.ContactPolicy)]
    for each in look.written:
        if isinstance(each.node, ast.Contact):  # all contact policies bind all contacts
            names[each.name] |= set(policy_names)
    direct: dict[str, dict[tuple[str, Path], None]] = {name: {} for name in names}
    through: dict[str, dict[tuple[str, Path], None]] = {name: {} for name in names}
    for each in look.written:
        if isinstance(each.node, ast.Test):
            expected = _expected(each, look, names)
            title = (each.node.title, _path(root, each.node.span.file))
            for name in expected:
                direct[name][title] = None
            for name in _closure(expected, names):
                through[name][title] = None
    for each in look.written:
        if each.declared is None:
            continue
        tests = dict.fromkeys((*direct[each.name], *through[each.name]))
        if isinstance(each.node, CLAIMS):
            tests = dict.fromkeys(t for n in sorted(names[each.name]) for t in direct[n])
        file = _path(root, each.node.span.file)
        yield Rule(each.name, each.declared.label, file, tuple(tests))


def _path(root: Path, name: str) -> Path:
    return (root.parent / name).resolve().relative_to(ROOT.resolve())


def _named(each: Written, nodes: tuple[ast.Node, ...], look: Look) -> set[str]:
    """The declarations that nodes name."""
    words = {n.parts for n in nodes if isinstance(n, ast.Name)}
    words |= {(n.text,) for n in nodes if isinstance(n, ast.Ident)}
    meant = (look.meant(".".join(word), each.prefix) for word in words)
    return {declared.name for declared in meant if declared is not None} - {each.name}


def _expected(each: Written, look: Look, names: Mapping[str, set[str]]) -> list[str]:
    """What a test expects something of, in order."""
    from siyu.semantics.order import tree

    assert isinstance(each.node, ast.Test)
    found: set[str] = set()
    for clause in each.node.clauses:
        if isinstance(clause, (ast.Expect, ast.ExpectNo)):
            found |= _named(each, tuple(tree(clause)), look)
        elif isinstance(clause, ast.ExpectDecision):
            found |= set(names)
    return sorted(found)


def _closure(start: list[str], names: Mapping[str, set[str]]) -> list[str]:
    """Those names and all that they are built on."""
    seen, waiting = dict.fromkeys(start), list(start)
    while waiting:
        for name in sorted(names[waiting.pop()]):
            if name not in seen:
                seen[name] = None
                waiting.append(name)
    return list(seen)


# ---------------------------------------------------------------- the page


def page(found: Library) -> str:
    """The whole index."""
    parts = [HEAD]
    for section in found.sections.values():
        rows = [_row(name, said, found) for name, said in section["concepts"].items()]
        parts.append(f"## {section['en']} {section['zh']}\n\n{COLUMNS}\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _row(name: str, said: Mapping[str, str], found: Library) -> str:
    entries = found.entries.get(name, [])
    packs = "<br>".join(dict.fromkeys(entry.pack for entry in entries)) or "–"
    rules = [_said(entry) for entry in entries if entry.rule or entry.command]
    tests = [f"`{entry.test}`" for entry in entries if entry.test]
    listed: dict[tuple[str, Path], None] = {}
    for entry in entries:
        if entry.rule:
            listed.update(dict.fromkeys(entry.rule.tests[:SHOWN]))
    tests += [f"[{_plain(title)}]({_link(file)})" for title, file in list(listed)[: 2 * SHOWN]]
    concept = f"**{_plain(said['zh'])}**<br>{_plain(said['en'])}"
    return f"| {concept} | {packs} | {'<br>'.join(rules) or '–'} | {'<br>'.join(tests) or '–'} |"


def _said(entry: Entry) -> str:
    if entry.rule is None:
        return f"`{entry.command}`"
    label = f" {_plain(entry.rule.label)}" if entry.rule.label != entry.rule.name else ""
    return f"[`{entry.rule.name}`{label}]({_link(entry.rule.file)})"


def _link(file: Path) -> str:
    return file.relative_to("policies").as_posix()


def _plain(text: str) -> str:
    return text.replace("|", "\\|")


def main(args: list[str]) -> int:
    """Writes the index, or with --check tells whether it is stale; and what is missing."""
    found = library()
    text = page(found)
    stale = not INDEX.exists() or INDEX.read_text("utf-8") != text
    if stale and "--check" not in args:
        INDEX.write_text(text, "utf-8")
    said = ["stale: policies/INDEX.md"] if stale and "--check" in args else []
    said += [*found.wrong, *found.missing()]
    sys.stdout.write("".join(f"{line}\n" for line in said))
    return 1 if said and "--check" in args else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
