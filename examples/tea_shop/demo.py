"""One night and one day of the tea chain, in Chinese: `python examples/tea_shop/demo.py`.

Makes the tables, checks and tests the policy, decides about everyone at night and about the events
of the day that follows, explains members, writes the page, and asks what the policy leaves out.
Every command is printed before what it prints.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
import duckdb
import make_data
from rich.console import Console
from rich.text import Text

from siyu.faces.cli import main as siyu_main

HERE = Path(__file__).resolve().parent
CACHE = HERE / ".cache"
NIGHT, DAY = "2026-08-08T02:00", "2026-08-09T02:00"
EVENTS = "订单支付,到店,推荐完成"


@dataclass(frozen=True, slots=True)
class Example:
    """What is explained of the first member that fits: `fits` is asked of decisions.parquet."""

    title: str
    fits: str
    asked: tuple[str, ...]


EXAMPLES = (
    Example(
        "会员 {member} 为什么收到唤醒券",
        "list_contains(contacts, '唤醒来信')",
        ("沉睡唤醒",),
    ),
    Example(
        "会员 {member} 为什么没有收到唤醒来信",
        "list_bool_or([stop LIKE '唤醒来信 quota %' FOR stop IN stopped])",
        ("--why-not", "唤醒来信", "--level", "short"),
    ),
    Example(
        "会员 {member} 怎样才能升级",
        "list_contains(contacts, '差一步升级')",
        ("会员等级", "--what-if"),
    ),
)


def title(console: Console, words: str) -> None:
    console.print()
    console.rule(Text(words, style="bold"), align="left")
    console.print()


def siyu(console: Console, *words: str) -> None:
    """Run a command of siyu in this process, as if it had been typed; if it fails, so do we."""
    console.print(Text.assemble(("$ ", "bold green"), ("siyu " + " ".join(words), "bold")))
    sys.stdout.flush()
    try:
        siyu_main(["--lang", "zh", *words])
    except SystemExit as done:
        if done.code:
            raise
    console.print()


def members(run: Path) -> list[tuple[Example, str]]:
    """The first member of a run that fits each example, where there is one."""
    rows, found = f"read_parquet('{run / 'decisions.parquet'}')", []
    with duckdb.connect() as db:
        for example in EXAMPLES:
            row = db.execute(f"SELECT min(customer) FROM {rows} WHERE {example.fits}").fetchone()
            if row and row[0] is not None:
                found.append((example, row[0]))
    return found


@click.command(help="Decide about the members of a made-up tea chain, and say it in Chinese.")
@click.option("--members", "count", default=make_data.MEMBERS, show_default=True, type=int)
def main(count: int) -> None:
    began = time.perf_counter()
    os.chdir(HERE)
    console = Console(highlight=False, soft_wrap=True)
    say: Callable[..., None] = lambda *words: siyu(console, *words)  # noqa: E731
    Path(".cache/out").mkdir(parents=True, exist_ok=True)

    title(console, "造数据：一千五百位会员、十二家门店、十八个月的订单")
    make_data.main(CACHE / "data", count)

    title(console, "策略写得对不对，做的是不是想要的")
    say("check", ".")
    say("test", ".")

    title(console, "8 月 8 日凌晨：为每一位会员作决策")
    say("run", "policy.siyu", "--as-of", NIGHT, "-o", ".cache/out/night", "--force")

    title(console, "8 月 8 日会员日：当天的每一笔订单、每一次到店、每一次推荐")
    say("run", "policy.siyu", "--as-of", DAY, "--events", EVENTS,
        "--allocation", ".cache/out/night/allocation.yaml",
        "-o", ".cache/out/day", "--force")  # fmt: skip

    for example, member in members(Path(".cache/out/night")):
        title(console, example.title.format(member=member))
        say("explain", "policy.siyu", "--run", ".cache/out/night", "--customer", member,
            *example.asked)  # fmt: skip

    title(console, "开会用的一页")
    say("report", ".cache/out/night", "--sales", "年消费", "--orders", "年单数",
        "-o", ".cache/out/report.html")  # fmt: skip

    title(console, "自诊断：策略还缺什么")
    say("diagnose", ".")
    page = (CACHE / "out" / "report.html").as_uri()
    console.print(
        Text(f"共 {time.perf_counter() - began:.0f} 秒；打开"), Text(page, f"link {page}")
    )


if __name__ == "__main__":
    main()
