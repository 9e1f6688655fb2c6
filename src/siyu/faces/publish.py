"""`siyu publish`: bind the frozen rules of a policy from now on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from siyu.faces.options import FORMAT, telling, to_json
from siyu.faces.speaking import LANG, told
from siyu.words import Said, say

if TYPE_CHECKING:
    from datetime import datetime

    from siyu.api.publishing import Bound, Published

EXAMPLE = """\b
Examples:
  siyu publish policies/double_eleven --as-of 2026-10-20
  siyu publish policies/double_eleven --as-of 2026-11-13
"""


@click.command("publish", epilog=EXAMPLE)
@click.argument("policy", metavar="POLICY")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    required=True,
    help="The day on which the policy is published; rules whose last day is before it are let go.",
)
@FORMAT
@LANG
def command(policy: str, as_of: datetime, form: str) -> None:
    """Publish a policy: its frozen rules stay as they are from now on.

    Writes `published.yaml` beside the policy: what each rule with `frozen from … to …` says, with
    all that it rests on. From then on `check`, `test`, `run` and everything else refuse the policy
    where such a rule says something else. Keep the file with the policy. Exits 0, 1 where the
    policy has errors or a rule that is still frozen was changed (nothing is written then), 2 for
    bad usage.
    """
    with telling(policy, form):
        from siyu.api.publishing import publish

        made = publish(policy, as_of.date())
    if form == "json":
        click.echo(to_json(_document(made)))
        return
    for line in _lines(made):
        click.echo(told(line))


def _lines(made: Published) -> Iterator[Said]:
    for each in made.new:
        yield say(
            "{rule} is published, and frozen until {last}", rule=_called(each), last=each.last
        )
    for each in made.kept:
        yield say("{rule} stays as it was published on {day}, and is frozen until {last}",
                  rule=_called(each), day=each.published, last=each.last)  # fmt: skip
    for each in made.let_go:
        yield say("{rule} may change again: it was frozen until {last}",
                  rule=_called(each), last=each.last)  # fmt: skip
    if not (made.new or made.kept or made.let_go):
        yield say(
            "no rule of `{policy}` is frozen on this day: write `frozen from DATE to DATE` at one",
            policy=made.policy,
        )
    elif made.changed:
        yield say("wrote {file}; keep it with the policy", file=str(made.file))
    else:
        yield say("{file} says so already", file=str(made.file))


def _called(bound: Bound) -> str:
    return f"`{bound.rule}`" if bound.label == bound.rule else f"`{bound.rule}` {bound.label}"


def _document(made: Published) -> dict[str, Any]:
    def listed(found: tuple[Bound, ...]) -> list[dict[str, str]]:
        return [
            {"rule": b.rule, "label": b.label, "published": b.published, "until": b.last}
            for b in found
        ]

    return {
        "policy": made.policy, "file": str(made.file), "changed": made.changed,
        "new": listed(made.new), "kept": listed(made.kept), "let_go": listed(made.let_go),
    }  # fmt: skip
