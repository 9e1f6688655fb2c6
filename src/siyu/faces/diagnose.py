"""`siyu diagnose`: what a policy set leaves out, and what its incentives are good for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from siyu.faces.options import FORMAT, telling, to_json
from siyu.faces.speaking import LANG, current, told
from siyu.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from siyu.diagnosis import Diagnosis, Gap
    from siyu.text import Source

EXAMPLE = """\b
Examples:
  siyu diagnose policies/triangle
  siyu diagnose --lang zh policies/starter
  siyu diagnose --strict --format json policies > diagnosis.json
"""


@click.command("diagnose", epilog=EXAMPLE)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--strict", is_flag=True, help="Exit 1 where something is missing.")
@FORMAT
@LANG
def command(paths: tuple[str, ...], strict: bool, form: str) -> None:
    """Find what a policy set leaves out, and what its incentives are good for.

    PATH is a policy file or a folder (all its policies, at any depth). For every life stage, level
    and family of segments: which incentive, contact or points rule names it. Which purposes and
    channels nobody uses, what incentives lack, which principles they serve, what kinds of
    incentives and contacts there are, and which rules have no test and no indicator. Exits 0, 1
    for a policy with errors, and with --strict where something is missing; 2 for bad usage.
    """
    from siyu.api.diagnosing import diagnose
    from siyu.api.files import read_files
    from siyu.faces.files import policies

    roots = policies(paths).roots
    if not roots:
        raise click.UsageError(told(say("there is no policy in {paths}", paths=paths)))
    found: list[tuple[Path, Diagnosis, Mapping[str, Source]]] = []
    for root in roots:
        with telling(str(root), form):
            found.append((root, diagnose(root), read_files(root).pack.sources))
    if form == "json":
        policies_ = [_document(root, one, sources) for root, one, sources in found]
        click.echo(to_json({"diagnosis": 1, "policies": policies_}))
    else:
        from siyu.faces.diagnosed import show

        for root, one, sources in found:
            show(root, one, sources)
    missing = any(not one.complete for _, one, _ in found)
    sys.exit(1 if strict and missing else 0)


def _document(root: Path, one: Diagnosis, sources: Mapping[str, Source]) -> dict[str, Any]:
    """Of one policy: codes, names and places for machines, sentences for people."""
    return {
        "policy": one.policy,
        "label": one.label,
        "file": str(root),
        "complete": one.complete,
        "families": [
            {
                "kind": family.kind, "name": family.name, "label": family.label,
                "cases": [
                    {"name": c.name, "label": c.label, "verdict": c.verdict,
                     "named_by": c.named_by, "for_all": c.for_all, "unsure": c.unsure}
                    for c in family.cases
                ],
            }
            for family in one.families
        ],
        "purposes": {each.name: each.rules for each in one.purposes},
        "channels": {each.name: each.rules for each in one.channels},
        "principles": {each.name: each.rules for each in one.principles},
        "matrix": [
            {"cost": c.cost or None, "source": c.source or None, "benefit": c.benefit,
             "incentives": c.incentives}
            for c in one.matrix
        ],
        "quadrants": [
            {"timing": q.timing, "direction": q.direction, "contacts": q.contacts}
            for q in one.quadrants
        ],
        "gaps": [_gap(gap, root, sources) for gap in one.gaps],
    }  # fmt: skip


def _gap(gap: Gap, root: Path, sources: Mapping[str, Source]) -> dict[str, Any]:
    speech = current()
    source = sources.get(gap.span.file)
    return {
        "code": gap.code,
        "gap": gap.counts,
        "about": gap.about,
        "file": str(root.parent / gap.span.file),
        "line": source.place(gap.span.start).line if source is not None else None,
        "message": speech.of(gap.said),
        "help": speech.of(gap.todo),
    }
