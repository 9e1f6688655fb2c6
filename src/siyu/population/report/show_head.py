"""The head of the page: which run this is, whether it keeps its promises, what moved; and its
foot: how to make it again."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from siyu.explain.html_parts import Child, Html, element, joined, quoted
from siyu.population.report.exact import share, total
from siyu.population.report.model import Claim, Figures, Moved
from siyu.population.report.outcomes import SPENDABLE
from siyu.population.report.parts import note, section, table
from siyu.population.report.shown import Shown
from siyu.words import say, say_n

MOST_MOVED = 8
ABOUT_EVENTS = say("This run is about events: only customers who had one are counted, each once.")


def header(figures: Figures, shown: Shown) -> Html:
    """Title, moment, and the few figures that everybody asks for first."""
    policy = shown.folder.part("policy")
    name = str(policy.get("name", ""))
    label = str(policy.get("label") or "") or shown.label(name)
    title: list[Child] = [label] if label == name else [label, " ", element("code", name)]
    facts = (
        element("div", element("dt", term), element("dd", said))
        for term, said in _facts(figures, shown)
    )
    return element(
        "header",
        element("p", shown.of(say("Report of a run")), class_="question"),
        element("h1", *title),
        element("dl", *facts),
        element("div", *_tiles(figures, shown), class_="tiles"),
        note(shown.of(ABOUT_EVENTS)) if shown.folder.about_events else None,
        class_="page",
    )


def _facts(figures: Figures, shown: Shown) -> Iterator[tuple[str, str]]:
    run = figures.run
    yield shown.of(say("Version")), str(shown.folder.part("policy").get("version", ""))
    yield shown.of(say("Data as of")), shown.moment(run.get("as_of"))
    if run.get("events"):
        yield shown.of(say("Events")), ", ".join(map(str, run["events"]))
    calibration = shown.folder.part("calibration")
    if calibration:
        yield shown.of(say("Calibrated")), shown.moment(calibration.get("as_of"))
    if figures.before is not None:
        yield shown.of(say("Compared with")), shown.moment(figures.before.get("as_of"))


def _tiles(figures: Figures, shown: Shown) -> Iterator[Html]:
    customers = shown.folder.part("customers")
    aside = shown.folder.part("occurred") or customers
    rejected = int(aside.get("rejected", 0))
    decided = int(customers.get("decided", 0))
    moved = {each.what: each for each in figures.moved if not each.of}
    under = shown.of(
        say_n("1 set aside", "{count} set aside", rejected)
        if rejected < 1000
        else say("{many} set aside", many=shown.count(rejected))
    )
    yield _tile(shown.of(say("Customers")), shown.count(decided), _delta(moved, "customers", shown),
                under)  # fmt: skip
    if figures.pyramid is not None and figures.pyramid.sales:
        whole = figures.pyramid.whole
        label = shown.label(figures.pyramid.sales)
        yield _tile(label, shown.short_money(whole.sales), _delta(moved, "sales", shown))
        if whole.value is not None:
            yield _tile(shown.of(say("Average order")), shown.money(whole.value),
                        _delta(moved, "value", shown))  # fmt: skip
    yield from _points(figures, shown)
    yield from _given(figures, shown)
    if figures.outreach.sent:
        sent = sum(each.contacts for each in figures.outreach.sent)
        before = figures.outreach.before
        yield _tile(shown.of(say("Contacts")), shown.count(sent),
                    None if before is None else _share_of_change(sent, before, shown))  # fmt: skip


def _points(figures: Figures, shown: Shown) -> Iterator[Html]:
    spendable = [each for each in figures.points.posted if each.account == SPENDABLE]
    given = total([each.given for each in spendable])
    if given is None:
        return
    cost = total([each.cost for each in spendable])
    under = "" if cost is None else shown.of(say("cost {amount}", amount=shown.short_money(cost)))
    yield _tile(shown.of(say("Points given")), shown.number(given), None, under)


def _given(figures: Figures, shown: Shown) -> Iterator[Html]:
    given = figures.incentives.given
    awards = sum(each.awards for each in given)
    if not awards:
        return
    known = [each.before for each in given if each.before is not None]
    delta = _share_of_change(awards, sum(known), shown) if len(known) == len(given) else None
    costs = [each.cost for each in given if each.cost is not None]
    under = ""
    if costs:
        under = shown.of(say("cost {amount}", amount=shown.short_money(sum(costs, Decimal(0)))))
    yield _tile(shown.of(say("Incentives")), shown.count(awards), delta, under)


def _share_of_change(now: int, before: int, shown: Shown) -> str | None:
    found = share(now - before, before)
    return None if found is None else shown.change(found)


def _delta(moved: dict[str, Moved], what: str, shown: Shown) -> str | None:
    each = moved.get(what)
    return shown.change(each.change) if each is not None and each.change is not None else None


def _tile(name: str, figure: str, delta: str | None = None, under: str = "") -> Html:
    below = [each for each in (element("b", delta) if delta else None, under) if each]
    return element(
        "div",
        element("span", name, class_="name"),
        element("span", figure, class_="figure"),
        element("span", *(joined(*below[:1], " · " if len(below) > 1 else None, *below[1:]),),
                class_="below") if below else None,
        class_="tile",
    )  # fmt: skip


# ---------------------------------------------------------------- claims


def claims(figures: Figures, shown: Shown) -> Html | None:
    """What the policy promises, and whether the run keeps it."""
    if not figures.claims:
        return None
    broken = [each for each in figures.claims if each.holds is False]
    if broken:
        lede = say_n(
            "1 of {all} claims does not hold. Look at it before anything is sent.",
            "{count} of {all} claims do not hold. Look at them before anything is sent.",
            len(broken), all=len(figures.claims),
        )  # fmt: skip
    elif any(each.holds is None for each in figures.claims):
        lede = say("No claim is broken; of some the run cannot tell.")
    else:
        lede = say("Everything that the policy promises holds.")
    items = (_claim(each, shown) for each in figures.claims)
    return section(
        "claims", shown.of(say("Claims")), element("ul", *items, class_="claims"),
        lede=shown.of(lede),
    )  # fmt: skip


def _claim(claim: Claim, shown: Shown) -> Html:
    style = {True: "holds", False: "broken", None: "open"}[claim.holds]
    verdict = {
        True: say("holds"), False: say("does not hold"), None: say("cannot be told"),
    }[claim.holds]  # fmt: skip
    mark = {True: "✓", False: "✗", None: "?"}[claim.holds]
    return element(
        "li",
        element("span", mark, class_="mark", aria_hidden="true"),
        element("span", shown.named(claim.name), class_="what"),
        element("b", shown.of(verdict)),
        element("small", _counts(claim, shown)),
        class_=style,
    )


def _counts(claim: Claim, shown: Shown) -> str:
    if not claim.true + claim.false + claim.unknown:
        if claim.value is None:
            return ""
        return shown.of(say("value {value}", value=_value(claim.value, shown)))
    said = say(
        "true for {true}, false for {false}, unknown for {unknown}",
        true=shown.count(claim.true), false=shown.count(claim.false),
        unknown=shown.count(claim.unknown),
    )  # fmt: skip
    return shown.of(said)


def _value(text: str, shown: Shown) -> str:
    try:
        return shown.number(Decimal(text), 6)
    except InvalidOperation:
        return text


# ---------------------------------------------------------------- what moved

WHATS = {
    "customers": say("Customers"), "sales": say("Sales"), "orders": say("Orders"),
    "value": say("Average order"), "level": say("layer"), "segment": say("segment"),
    "stage": say("stage"),
}  # fmt: skip
IN_MONEY = ("sales", "value")


def moved(figures: Figures, shown: Shown) -> Html | None:
    """What is different from the earlier run: all told, and what moved most."""
    if figures.before is None or not figures.moved:
        return None
    totals = [each for each in figures.moved if not each.of]
    parts = [each for each in figures.moved if each.of][:MOST_MOVED]
    heads = (
        shown.of(say("Figure")), shown.of(say("Before")), shown.of(say("Now")),
        shown.of(say("Change")), shown.of(say("In percent")),
    )  # fmt: skip
    rows = [_moved(each, shown) for each in (*totals, *parts)]
    return section(
        "moved", shown.of(say("What moved")), table(heads, rows), lede=_most(parts, shown)
    )


def _most(parts: list[Moved], shown: Shown) -> str | None:
    if not parts or parts[0].change is None:
        return None
    first = parts[0]
    name = shown.case(first.of, first.part) if first.part else shown.label(first.of)
    said = say(
        "“{name}” moved most: from {before} customers to {now}, {change}.",
        name=name, before=shown.count(int(first.before)), now=shown.count(int(first.now)),
        change=shown.change(first.change),
    )  # fmt: skip
    return shown.of(said)


def _moved(each: Moved, shown: Shown) -> tuple[Child, ...]:
    name: Child
    if each.of:
        kind = element("small", " ", shown.of(WHATS[each.what]))
        name = joined(shown.cased(each.of, each.part) if each.part else shown.named(each.of), kind)
    else:
        name = shown.of(WHATS[each.what])
    amount = shown.money if each.what in IN_MONEY else shown.number
    by = each.now - each.before
    sign = "+" if by > 0 else ""
    return (name, amount(each.before), amount(each.now), f"{sign}{amount(by)}",
            element("b", shown.change(each.change)))  # fmt: skip


# ---------------------------------------------------------------- the foot


def foot(figures: Figures, shown: Shown) -> Html:
    """Digests and versions: what must be the same, for the same page to come out."""
    run, folder = figures.run, shown.folder
    policy, versions = folder.part("policy"), folder.part("versions")
    lines: list[tuple[str, Child]] = [
        (shown.of(say("Policy")), element("code", _digest(policy.get("digest")))),
    ]
    calibration = folder.part("calibration")
    if calibration:
        lines.append((shown.of(say("Calibration")), element("code",
                      _digest(calibration.get("digest")))))  # fmt: skip
    if run.get("allocation"):
        lines.append((shown.of(say("Allocation")), element("code", _digest(run["allocation"]))))
    for name, source in folder.part("sources").items():
        if isinstance(source, dict):
            rows = shown.of(say("{rows} rows", rows=shown.count(int(source.get("rows") or 0))))
            value = joined(element("code", _digest(source.get("digest"))), " ",
                           element("small", rows))  # fmt: skip
            lines.append((shown.of(say("Table {name}", name=name)), value))
    stated = ", ".join(f"{name} {value}" for name, value in versions.items())
    lines.append((shown.of(say("Versions")), stated))
    again = say(
        "The same policy, files and moment give the same figures again: `siyu run` with --as-of "
        "{as_of} makes the folder, `siyu report` this page. Any customer of it is explained by "
        "`siyu explain --run`.",
        as_of=str(run.get("as_of")),
    )
    terms = (element("div", element("dt", term), element("dd", value)) for term, value in lines)
    return element(
        "footer",
        element("h2", shown.of(say("How to make it again"))),
        element("p", *quoted(shown.of(again))),
        element("dl", *terms),
    )


def _digest(text: object) -> str:
    return str(text or "–")
