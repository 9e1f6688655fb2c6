"""Writes the pages of the reference that are made from the program: run it when a test says that
they are stale.

    python docs/generate.py            write what stands under PAGES into docs/reference
    python docs/generate.py --check    exit 1 when one of them is not as it would be written
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import click

from siyu.diagnostics import Diagnostic
from siyu.faces.catalogue import classes, is_calendar_code, is_schema_code, is_settings_code
from siyu.faces.cli import COMMANDS, command
from siyu.faces.pages import headline, message_for
from siyu.faces.spoken import listen
from siyu.faces.synopsis import places, synopsis
from siyu.kinds import KINDS, Kind
from siyu.lint import lint_called
from siyu.locale import speech
from siyu.schema.published import file_schema
from siyu.semantics.functions import AGGREGATE_ENTRIES, BUILT_INS
from siyu.syntax.keywords import Keyword, keywords
from siyu.words import Speech, Tongue

REFERENCE = Path(__file__).resolve().parent / "reference"
MADE = "<!-- made by docs/generate.py; change the program instead -->"


class Said(NamedTuple):
    """What the page of messages says around them."""

    title: str
    intro: str
    warning: str
    lint: str
    facts: str
    wrong: str
    right: str
    areas: Mapping[str, str]


# The first three characters of a code say what it is about.
SAID: Mapping[Tongue, Said] = {
    "en": Said(
        "Messages",
        "What `siyu` says about mistakes in policies and schema files; `siyu explain CODE` prints "
        "a section. Policies shown here have the facts of the retail policy (`retail.yaml`), "
        "unless a section shows others.",
        "A warning: it does not stop anything.",
        "A lint: `siyu.yaml` beside the policy calls it `{name}`, and says how severe it is there.",
        "The facts:",
        "Wrong:",
        "Right:",
        {
            "E00": "Files and headers",
            "E01": "Wording",
            "E02": "Schema files",
            "E03": "Names and rows",
            "E04": "Types, units and numbers",
            "E05": "Values that may be unknown",
            "E06": "Rules, claims and tests",
            "E07": "Settings",
            "E08": "Calendars",
            "W07": "Lints",
        },
    ),
    "zh": Said(
        "提示信息",
        "策略和数据结构文件写错时 `siyu` 会说什么；`siyu explain CODE --lang zh` 可单独查看一条。"
        "这里的策略使用零售示例的数据结构（`retail.yaml`），除非另外给出。",
        "这是警告，不影响运行。",
        "这是检查建议：在策略旁边的 `siyu.yaml` 里叫 `{name}`，可在那里设置它有多严重。",
        "数据结构：",
        "错误写法：",
        "正确写法：",
        {
            "E00": "文件与文件头",
            "E01": "写法",
            "E02": "数据结构文件",
            "E03": "名称与数据行",
            "E04": "类型、单位与数字",
            "E05": "可能未知的值",
            "E06": "规则、保证与测试",
            "E07": "设置",
            "E08": "日历",
            "W07": "检查建议",
        },
    ),
}


def diagnostics(tongue: Tongue = "en") -> str:
    """One section for each code: what is said, what is meant, a wrong and a right example."""
    found, said = list(_by_area(classes())), SAID[tongue]
    contents = [
        f"- [{said.areas[area]}](#{_anchor(said.areas[area])}): "
        + ", ".join(f"[{each.code}](#{each.code.lower()})" for each in group)
        for area, group in found
    ]
    sections = [
        f"## {said.areas[area]}\n\n"
        + "\n\n".join(_diagnostic(each, said, speech(tongue)) for each in group)
        for area, group in found
    ]
    return _page(said.title, said.intro, "\n".join(contents), *sections)


def _by_area(found: Iterable[type[Diagnostic]]) -> Iterator[tuple[str, list[type[Diagnostic]]]]:
    for area, group in groupby(found, key=lambda each: each.code[:3]):
        yield area, list(group)


def _anchor(title: str) -> str:
    kept = (char for char in title.lower() if char not in ",、")
    return "".join(kept).replace(" ", "-")


def _diagnostic(kind: type[Diagnostic], said: Said, told: Speech) -> str:
    of_yaml = is_schema_code, is_settings_code, is_calendar_code
    word = "yaml" if any(asks(kind.code) for asks in of_yaml) else "siyu"
    facts = _fenced(kind.example_facts, "yaml") if kind.example_facts else ""
    lint = lint_called(kind.code)
    warning = said.warning if kind.severity == "warning" else ""
    parts = (
        f"### {kind.code}",
        f"**{headline(kind, told)}**",
        warning if lint is None else said.lint.format(name=lint.name),
        told.text(kind.page.strip()),
        f"{said.facts}\n\n{facts}" if facts else "",
        said.wrong,
        _fenced(kind.wrong, word),
        _fenced(message_for(kind, told), "text"),
        said.right,
        _fenced(kind.right, word),
    )
    return "\n\n".join(filter(None, parts))


def _fenced(text: str, word: str) -> str:
    """A block of code; what cannot be seen is written as U+FFFD, and lines are kept short."""
    lines = [_seen(line) for line in text.strip("\n").split("\n")]
    return "\n".join((f"```{word}", *lines, "```"))


def _seen(line: str) -> str:
    shown = "".join(char if char.isprintable() or char == "\t" else "\ufffd" for char in line)
    return shown if len(shown) <= 160 else f"{shown[:150]}…"


# ---------------------------------------------------------------- kinds


class Headings(NamedTuple):
    """What the pages of kinds and functions say around them."""

    kinds: str
    every: str
    messages: str
    functions: str
    unknown: str
    plain: str
    rows: str
    each: str
    everyone: str
    figures: str


HEADINGS: Mapping[Tongue, Headings] = {
    "en": Headings(
        "Declarations",
        'Every declaration is `kind name "label"`, followed by its clauses. Words in capitals '
        "stand for what you write; what is in brackets may be left out.",
        "Messages of its own: {codes}.",
        "Functions",
        "A function of an unknown value is unknown.",
        "Of plain values",
        "Over the rows of a collection",
        "Each takes `over last 12 months` and `where condition` behind what it is about: "
        "`sum(orders.amount over last 12 months where status is paid)`. Rows of which the "
        "condition is not true are left out, and so are rows later than the "
        "moment of the decision.",
        "Over everyone",
        "These compare a member with all members. The figures come from a calibration file.",
    ),
    "zh": Headings(
        "声明",
        '每条声明都是 `种类 名字 "标签"`，后面跟着它的子句。'
        "由您填写的地方用词语代表，方括号里的可以省略。",
        "它特有的提示信息：{codes}。",
        "函数",
        "参数未知，函数的结果就未知。",
        "对单个值",
        "对一张表的行",
        "每个函数都可以在内容后面加上 `近 12 个月` 和 `其中 条件`："
        "`求和(orders.amount 近 12 个月 其中 status 是 paid)`。条件不为真的行不计入，"
        "晚于决策时刻的行也不计入。",
        "对全体会员",
        "这些函数把一位会员和全体会员比较，所用的数字来自校准文件。",
    ),
}


def kinds(tongue: Tongue = "en") -> str:
    """One section for each declaration kind: how it is written, what it means, its messages."""
    said = HEADINGS[tongue]
    contents = [f"- [{_kind_title(each)}](#{_anchor(_kind_title(each))})" for each in KINDS]
    sections = (_kind(each, tongue, said) for each in KINDS)
    return _page(said.kinds, said.every, "\n".join(contents), *sections)


def _kind_title(kind: Kind) -> str:
    (chinese,) = keywords().by_position[kind.word.replace(" ", "_")].zh[:1]
    return f"{kind.word} {chinese}"


def _kind(kind: Kind, tongue: Tongue, said: Headings) -> str:
    lines = synopsis(kind.word.replace(" ", "_"), tongue, speech(tongue))
    where = [f"{place}: {what}" for place, what in places(lines, tongue, speech(tongue))]
    codes = sorted({each.code for each in kind.diagnostics})
    links = ", ".join(f"[{code}](diagnostics.md#{code.lower()})" for code in codes)
    parts = (
        f"## {_kind_title(kind)}",
        _fenced("\n".join([*lines, *([""] if where else []), *where]), "text"),
        speech(tongue).text(kind.page.strip()),
        said.messages.format(codes=links) if codes else "",
    )
    return "\n\n".join(filter(None, parts))


# ---------------------------------------------------------------- keywords


SECTIONS = {
    "declaration": "What declarations begin with",
    "header": "In the header",
    "clause": "What clauses begin with",
    "hours": "Inside `open` and `require`",
    "link": "Inside clauses",
    "choice": "Choices",
    "purpose": "Purposes of a contact",
    "principle": "What an incentive serves",
    "weekday": "Days of the week",
    "operator": "Operators",
    "literal": "Values",
    "form": "Figures of everyone",
    "aggregate": "Aggregates",
    "unit": "Units behind a number",
    "since": "Whole units since",
    "until": "Whole units until",
    "counted": "Whole units, in Chinese word order",
    "in_this": "In the present period",
    "this": "The present period",
    "next": "The next period",
    "per_unit": "Per period",
    "at_most_per": "Caps, in Chinese word order",
    "counter": "Counters, in Chinese word order",
    "money": "Currencies behind an amount",
    "big": "Large numbers",
    "function": "Functions (names, not keywords)",
    "given_word": "What a test gives (names, not keywords)",
}


def keywords_page() -> str:
    """The table of keywords, by where they stand."""
    found = keywords().by_position.values()
    groups = [(section, list(group)) for section, group in groupby(found, lambda k: k.section)]
    return _page(
        "Keywords",
        "Every keyword has an English and a Chinese spelling; a file may use either, or mix them. "
        "The first spelling is the one that `siyu fmt` writes. A word is a keyword only where the "
        "parser can take one there; elsewhere it is a name, and backticks make any word a name. "
        "Where a language has no spelling, it says the same in another form.",
        *(_keywords(SECTIONS[section], group) for section, group in groups),
    )


def _keywords(title: str, group: list[Keyword]) -> str:
    rows = [f"| {_spelt(each.en)} | {_spelt(each.zh)} | {_place(each)} |" for each in group]
    return "\n".join((f"## {title}", "", "| English | 中文 | place |", "|---|---|---|", *rows))


def _spelt(spellings: tuple[str, ...]) -> str:
    return ", ".join(f"`{each}`" for each in spellings) or "–"


def _place(keyword: Keyword) -> str:
    return keyword.position.replace("_", " ").replace(".", ": ")


# ---------------------------------------------------------------- functions


EVERYONE: Mapping[Tongue, tuple[tuple[str, str, str], ...]] = {
    "en": (
        ("top 5% by x among c", "Whether the member is among the best by x of those of whom c is "
         "true; ties at the edge are in.", "top 5% by total_spend among count(orders) >= 1"),
        ("population percentile(x, p)", "The value that p of 100 members do not exceed.",
         "total_spend >= population percentile(total_spend, 95)"),
        ("population median(x)", "The 50th percentile.",
         "total_spend >= population median(total_spend)"),
    ),
    "zh": (
        ("前 5% 按 x 限于 c", "在 c 成立的会员中，按 x 排序是否位于最前面；并列的都算在内。",
         "前 5% 按 total_spend 限于 计数(orders) >= 1"),
        ("全体 percentile(x, p)", "100 位会员中有 p 位不超过的值。",
         "total_spend >= 全体 percentile(total_spend, 95)"),
        ("全体 median(x)", "第 50 百分位，即中位数。",
         "total_spend >= 全体 median(total_spend)"),
    ),
}  # fmt: skip


def functions(tongue: Tongue = "en") -> str:
    """The functions of the language: of plain values, over rows, over everyone."""
    said, told = HEADINGS[tongue], speech(tongue)
    plain = [_function(each.shape, told.text(each.doc), each.examples)
             for each in BUILT_INS.values()]  # fmt: skip
    rows = [_function(each.shape, told.text(each.doc), (each.example,))
            for each in AGGREGATE_ENTRIES]  # fmt: skip
    everyone = [_function(shape, doc, (example,)) for shape, doc, example in EVERYONE[tongue]]
    return _page(
        said.functions,
        said.unknown,
        f"## {said.plain}",
        *plain,
        f"## {said.rows}",
        said.each,
        *rows,
        f"## {said.everyone}",
        said.figures,
        *everyone,
    )


def _function(shape: str, doc: str, examples: Iterable[str]) -> str:
    shown = "\n".join(examples)
    return f"### `{shape}`\n\n{doc}" + (f"\n\n{_fenced(shown, 'siyu')}" if shown else "")


# ---------------------------------------------------------------- settings of schema files


class Columns(NamedTuple):
    """What the page of schema settings says around them."""

    title: str
    intro: str
    whole: str
    heading: tuple[str, str, str, str]
    needed: str


COLUMNS: Mapping[Tongue, Columns] = {
    "en": Columns(
        "Settings of schema files",
        "Every setting there is, from the same declarations that read schema files; "
        "[schema.md](schema.md) says what they mean together.",
        "The file",
        ("setting", "value", "left out", "what it says"),
        "needed",
    ),
    "zh": Columns(
        "数据结构文件的设置",
        "这里列出全部设置，取自读取数据结构文件的同一份声明；合在一起的含义见[英文说明](../schema.md)。",
        "整个文件",
        ("设置", "取值", "省略时", "含义"),
        "必填",
    ),
}


def settings(tongue: Tongue = "en") -> str:
    """One section for each part of a schema file, from the published JSON Schema."""
    said, told = COLUMNS[tongue], speech(tongue)
    whole = file_schema()
    parts = {"": whole, **whole["$defs"]}
    sections = (_settings(name or said.whole, part, said, told) for name, part in parts.items())
    return _page(said.title, said.intro, *sections)


def _settings(name: str, part: Mapping[str, Any], said: Columns, told: Speech) -> str:
    needed = set(part.get("required", ()))
    rows = [
        f"| `{setting}` | {_values(of)} | {_left_out(setting in needed, of, said)} "
        f"| {told.text(of.get('description', ''))} |"
        for setting, of in part["properties"].items()
    ]
    head = (f"| {' | '.join(said.heading)} |", "|---|---|---|---|")
    return "\n".join((f"## {name}", "", told.text(part["description"]), "", *head, *rows))


def _values(of: Mapping[str, Any]) -> str:
    """What a setting may be, as a person reads it."""
    if "$ref" in of:
        name = of["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in of:
        kinds = [_values(each) for each in of["anyOf"] if each.get("type") != "null"]
        return ", ".join(dict.fromkeys(kinds))
    if "enum" in of:
        return ", ".join(f"`{each}`" for each in of["enum"])
    if "const" in of:
        return f"`{of['const']}`"
    if isinstance(of.get("additionalProperties"), dict):
        return f"name: {_values(of['additionalProperties'])}"
    if of.get("type") == "array":
        inner = _values(of["items"]) if of.get("items") else ""
        return f"[{inner}]"
    return {"boolean": "true, false", "integer": "int", "number": "number", "string": "text"}.get(
        of.get("type", ""), ""
    )


def _left_out(needed: bool, of: Mapping[str, Any], said: Columns) -> str:
    if needed:
        return said.needed
    default = of.get("default")
    return "" if default is None else f"`{str(default).lower()}`"


# ---------------------------------------------------------------- commands


class Usage(NamedTuple):
    """What the page of commands says around them."""

    title: str
    head: tuple[str, str]
    exits: tuple[tuple[str, str], ...]
    streams: str


USAGE: Mapping[Tongue, Usage] = {
    "en": Usage(
        "Commands",
        ("exit code", "means"),
        (
            ("0", "all is well"),
            ("1", "problems were found in what was given"),
            ("2", "the command was used wrongly, or a file is missing"),
            ("70", "a mistake of siyu itself"),
            ("130", "interrupted (143: terminated, 141: nobody reads the output)"),
        ),
        "Results go to standard output, everything said about them to standard error. Colours only "
        "on a terminal, and never with `NO_COLOR`. `SIYU_DEBUG=1` shows where a mistake of siyu "
        "happened; `SIYU_CACHE_DIR` says where compiled policies are kept (empty: nowhere).",
    ),
    "zh": Usage(
        "命令",
        ("退出码", "含义"),
        (
            ("0", "一切正常"),
            ("1", "所给的内容里有问题"),
            ("2", "用法不对，或缺少文件"),
            ("70", "siyu 自身的错误"),
            ("130", "被中断（143：被终止；141：没有程序再读取输出）"),
        ),
        "结果写到标准输出，关于结果的说明写到标准错误输出。只在终端上用颜色，设了 `NO_COLOR` 就"
        "不用。`SIYU_DEBUG=1` 显示 siyu 自身的错误出在哪里；`SIYU_CACHE_DIR` 指定编译好的策略放在"
        "哪里（空：不存）。",
    ),
}


def commands(tongue: Tongue = "en") -> str:
    """What each command says with --help."""
    said = USAGE[tongue]
    head, *exits = (f"| {code} | {means} |" for code, means in (said.head, *said.exits))
    table = "\n".join((head, "|---|---|", *exits))
    with _spoken(tongue):
        pages = [_help(("siyu", *words), each) for words, each in _all_commands()]
    return _page(said.title, table, said.streams, *pages)


@contextmanager
def _spoken(tongue: Tongue) -> Iterator[None]:
    """Lets commands, and click, speak a language."""
    before = {name: os.environ.get(name) for name in ("SIYU_LANG", "LANGUAGE")}
    os.environ["SIYU_LANG"] = tongue
    listen(("--lang", tongue))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            os.environ.update({name: value} if value is not None else {})


def _all_commands() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that call it; those of a group behind the group."""
    yield (), command
    top = click.Context(command, info_name="siyu")
    for name in COMMANDS:
        found = command.get_command(top, name)
        assert found is not None
        yield (name,), found
        if isinstance(found, click.Group):
            yield from (((name, inner), each) for inner, each in found.commands.items())


def _help(words: tuple[str, ...], each: click.Command) -> str:
    context = each.context_class(each, info_name=" ".join(words), terminal_width=80)
    return f"## {' '.join(words)}\n\n{_fenced(each.get_help(context), 'text')}"


# ---------------------------------------------------------------- pages


def _page(title: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", MADE, *parts)) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "diagnostics.md": diagnostics,
    "zh/diagnostics.md": lambda: diagnostics("zh"),
    "kinds.md": kinds,
    "keywords.md": keywords_page,
    "zh/kinds.md": lambda: kinds("zh"),
    "settings.md": settings,
    "zh/settings.md": lambda: settings("zh"),
    "functions.md": functions,
    "zh/functions.md": lambda: functions("zh"),
    "commands.md": commands,
    "zh/commands.md": lambda: commands("zh"),
}


def main(args: list[str]) -> int:
    """Writes the pages, or with --check names those that are stale."""
    stale = []
    for name, make in PAGES.items():
        path, text = REFERENCE / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in args:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    for name in stale:
        sys.stdout.write(f"{'stale' if '--check' in args else 'written'}: docs/reference/{name}\n")
    return 1 if stale and "--check" in args else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
