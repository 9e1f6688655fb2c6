"""`siyu test`: the tests that policies hold, on every evaluator."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from siyu.faces.covering import covering
from siyu.faces.files import policies
from siyu.faces.options import FORMAT, fail, to_json
from siyu.faces.progress import Progress
from siyu.faces.speaking import LANG, current, told
from siyu.faces.tested import Tested, check_names, loaded, run, write_decisions
from siyu.words import of_system, say

EXAMPLE = """\b
Examples:
  siyu test .
  siyu test . -k 沉睡 -k coupon
  siyu test policies --junit build/tests.xml
  siyu test . --coverage --coverage-html coverage.html --fail-under 80
  siyu test . --suggest -o suggested.siyu
  siyu test policies/retail_membership/tour.siyu --format json
"""
TESTING = say("testing")


@click.command("test", epilog=EXAMPLE)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "-k",
    "names",
    multiple=True,
    metavar="TEXT",
    help="Only tests with this in their title; may be given several times.",
)
@click.option(
    "--update",
    is_flag=True,
    help="Write the decisions that `expect decision like` keeps in files, where they are new or "
    "different; look at what changed before you keep it.",
)
@click.option("--junit", metavar="FILE", help="Also write the results for a CI server, as XML.")
@covering
@FORMAT
@LANG
def command(
    paths: tuple[str, ...],
    names: tuple[str, ...],
    update: bool,
    junit: str | None,
    form: str,
    coverage: bool,
    coverage_html: str | None,
    fail_under: float | None,
    suggest: bool,
    rules: tuple[str, ...],
    output: str | None,
) -> None:
    """Run the tests that policies hold, on every evaluator.

    PATH is a policy file or a folder (all its policies, at any depth); without one, this folder. A
    test that fails shows the values under what was expected. Exits 0 when all pass, 1 when one
    fails or a policy has errors, 2 for bad usage: also for a text that stands in no title.
    """
    from siyu.faces import covering as cover
    from siyu.faces.suggesting import suggest_tests
    from siyu.faces.test_report import document, tell, tell_written

    found = policies(paths or (".",))
    if not found.roots:
        nothing = say("none of these files has a `policy` line, so there is none to test")
        raise click.UsageError(told(nothing))
    ready = [loaded(str(root)) for root in found.roots]
    if suggest:
        raise SystemExit(0 if suggest_tests(ready, rules, output, form) else 1)
    if rules or output is not None:
        raise click.UsageError(told(say("`--rule` and `--output` go with `--suggest`")))
    check_names(ready, names, form)
    tested = _run(ready, names)
    wrote = write_decisions(tested, form) if update else None
    if wrote:
        tested = _run(ready, names)
    if junit is not None:
        _write_junit(tested, junit, form)
    wanted = coverage or coverage_html is not None or fail_under is not None
    covered = cover.measured(tested) if wanted else []
    if coverage_html is not None:
        cover.write_page(covered, coverage_html, form)
    if form == "json":
        made = document(tested, wrote)
        if wanted:
            made["coverage"] = cover.coverage_document(covered)
        click.echo(to_json(made))
    else:
        if wrote is not None:
            tell_written(wrote, all(each.good for each in tested))
        tell(tested)
        if coverage:
            cover.tell_coverage(covered)
    lacking = cover.too_little(covered, fail_under)
    if lacking is not None:
        click.echo(told(lacking), err=True)
    good = all(each.good for each in tested) and lacking is None
    raise SystemExit(0 if good else 1)


def _run(ready: Sequence[Tested], names: Sequence[str]) -> list[Tested]:
    total = sum(len(each.titles) for each in ready)
    with Progress(total, task=TESTING, counted=True) as progress:
        return run(ready, names, progress)


def _write_junit(tested: Sequence[Tested], name: str, form: str) -> None:
    from siyu.faces.outputs import Outputs
    from siyu.faces.test_report import suite
    from siyu.testing.junit import junit

    path = Path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with Outputs() as outputs:
            outputs.open(path).write(junit([suite(each) for each in tested], current()))
            outputs.keep()
    except OSError as error:
        why = of_system(error)
        fail(say("`{path}` cannot be written: {why}", path=name, why=why), "", form)
