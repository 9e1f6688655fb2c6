"""`siyu calibrate`: what a policy has to know of everyone, as a file; and how far two lie apart."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from siyu.faces.options import FORMAT, instant_option, telling, to_json
from siyu.faces.speaking import LANG, colon, told
from siyu.words import say, say_n

if TYPE_CHECKING:
    from siyu.api import Policy
    from siyu.core.program import Program
    from siyu.population.calibration import Calibration
    from siyu.population.calibration.compare import Drift, Side
    from siyu.population.files import PopulationValues

EXAMPLE = """\b
Examples:
  siyu calibrate policy.siyu --as-of 2026-11-21 -o calibration.yaml
  siyu calibrate policy.siyu --sources sources.yaml --as-of "2026-11-21 02:00" -o calibration.yaml
  siyu calibrate policy.siyu --as-of 2026-12-21 --compare calibration.yaml
  siyu calibrate policy.siyu --compare october.yaml --with november.yaml --format json
"""
WARNING = say("warning")


@click.command("calibrate", epilog=EXAMPLE)
@click.argument("policy", metavar="POLICY")
@click.option(
    "--sources",
    metavar="FILE",
    help="Where the tables are; otherwise sources.yaml beside the policy.",
)
@click.option(
    "--as-of",
    metavar="TIME",
    help="The instant to look at everyone: a date (its first moment) or a date and time; without a "
    "zone it is in the policy's.",
)
@click.option(
    "-o", "--output", metavar="FILE", help="The file to write; otherwise standard output."
)
@click.option(
    "--compare", metavar="OLD", help="Show how far an earlier calibration lies from this one."
)
@click.option(
    "--with", "other", metavar="NEW", help="The file to compare OLD with, instead of calibrating."
)
@click.option(
    "--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True,
    help="What reads the tables.",
)  # fmt: skip
@click.option("--master", metavar="URL", help="Spark's master; otherwise local[2].")
@click.option("--memory", metavar="SIZE", help="The most memory to use, such as 4GB.")
@FORMAT
@LANG
def command(
    policy: str,
    sources: str | None,
    as_of: str | None,
    output: str | None,
    compare: str | None,
    other: str | None,
    engine: Literal["duckdb", "spark"],
    master: str | None,
    memory: str | None,
    form: str,
) -> None:
    """Find what a policy has to know of everyone: where the top 5 % begin, medians, what goes with
    what, how points balances are spread.

    The file is for people, too. Runs and single decisions read it, so that both decide alike. A top
    share that equal values make larger by a tenth or more is told. With --compare the changes of
    the cuts are shown: old, new, in percent, and what share of the customers they concern.

    Exits 0, 1 when the policy has errors or too many customers are set aside, 2 for bad usage and
    files that cannot be read.
    """
    from siyu import api
    from siyu.faces.one_file import put, writable

    writable(output, [policy, sources, compare, other])
    if other is not None and compare is None:
        raise click.UsageError(told(say("--with needs --compare OLD")))
    if other is not None and output is not None:
        raise click.UsageError(told(say("--with compares two files: there is nothing to write")))
    with telling(policy, form):
        loaded = api.load(policy)
        old = None if compare is None else _values(loaded, compare)
        new = None if other is None else _values(loaded, other)
    if new is not None and old is not None:
        _show_drift(loaded.program, _side(old), _side(new), {}, form)
        return
    at = instant_option(as_of, loaded.program.timezone)
    if at is None:
        raise click.UsageError(told(say("say when to look at everyone with --as-of")))
    from siyu.api.calibrating import Asked, calibrate
    from siyu.api.deciding import moment
    from siyu.population.calibration.text import calibration_text

    with telling(policy, form):
        instant = moment(at)
        assert instant is not None
        place = None if sources is None else Path(sources)
        if place is not None and place.is_dir():
            place /= "sources.yaml"
        found = calibrate(Asked(loaded, instant, place, engine, memory, master), old)

    _warn(found)
    if output is not None or compare is None:
        put(calibration_text(found), output, form)
    if old is not None:
        from siyu.population.calibration.compare import side_of

        moved = {cut.name: cut.moved for cut in found.cuts if cut.moved is not None}
        _show_drift(loaded.program, _side(old), side_of(found), moved, form)


def _values(policy: Policy, path: str) -> PopulationValues:
    from siyu.api.loading import values_of

    found = values_of(path, policy.program, "calibration")
    assert found is not None
    return found


def _side(found: PopulationValues) -> Side:
    from siyu.population.calibration.compare import side_of_file

    return side_of_file(found)


def _warn(found: Calibration) -> None:
    """Of what people should know before they use the file."""
    for cut in found.swollen:
        said = say("`{name}`: equal values put {reached} members into a top share meant for "
                   "{meant}", name=cut.name, reached=cut.reached, meant=cut.meant)  # fmt: skip
        print(f"{told(WARNING)}{colon()}{told(said)}", file=sys.stderr)
    for each in found.pairs:
        if each.values > each.looked_at:
            said = say("`{name}`: of {values} values only the {looked_at} most frequent ones were "
                       "looked at", name=each.name, values=each.values,
                       looked_at=each.looked_at)  # fmt: skip
            print(f"{told(WARNING)}{colon()}{told(said)}", file=sys.stderr)
        if each.left_out:
            said = say("`{name}`: {count} more pairs are not in the file; ask for fewer with `top`",
                       name=each.name, count=each.left_out)  # fmt: skip
            print(f"{told(WARNING)}{colon()}{told(said)}", file=sys.stderr)


# ---------------------------------------------------------------- how far two lie apart


def _show_drift(
    program: Program, old: Side, new: Side, moved: Mapping[str, int], form: str
) -> None:
    from siyu.population.calibration.compare import drift_document, drifts

    found = drifts(program, old, new, moved)
    document = drift_document(program, old, new, found)
    if form == "json":
        click.echo(to_json(document))
        return
    for word, side in ((say("old"), document["old"]), (say("new"), document["new"])):
        when = side["as_of"] or told(say("at an unknown time"))
        members = side["population"]
        who = "" if members is None else told(say_n("1 member", "{count} members", members))
        click.echo(f"{told(word)}{colon()}{when}{'  ' if who else ''}{who}")
    if not found:
        click.echo(told(say("no cuts: the policy compares nobody with everyone")))
        return
    heads = (say("cut"), say("old"), say("new"), say("change"), say("reached, old"),
             say("reached, new"), say("concerned"))  # fmt: skip
    rows = [[told(head) for head in heads]]
    rows += [_row(each) for each in found]
    click.echo(_table(rows))


def _row(each: Drift) -> list[str]:
    from siyu.population.calibration.compare import percent, value_of

    def value(held: object, missing: bool) -> str:
        if missing:
            return told(say("not there"))
        return value_of(held, each.type) or told(say("nobody"))  # type: ignore[arg-type]

    change = percent(each.change)
    shares = (each.old_share, each.new_share, each.concerned)
    return [
        each.name,
        value(each.old, each.is_new),
        value(each.new, each.is_gone),
        "" if change is None else f"{change} %",
        *("" if share is None else _hundredths(share) for share in shares),
    ]


def _hundredths(millionths: int) -> str:
    """A share in percent, with two digits.

    >>> _hundredths(51234)
    '5.12 %'
    """
    from siyu.functions.numbers import half_up
    from siyu.schema.values import decimal_text

    return f"{decimal_text(half_up(millionths, 100) or 0, 2)} %"


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Columns side by side, the first to the left and figures to the right."""
    from siyu.faces.excerpt import width

    widths = [max(width(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell + " " * (widths[at] - width(cell))
            if at == 0
            else " " * (widths[at] - width(cell)) + cell
            for at, cell in enumerate(row)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
