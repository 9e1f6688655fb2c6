"""One line about each kind of outcome, from the decision document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SECTIONS = (
    "tiers", "incentives", "points", "contacts", "stopped", "classes", "segments", "scores",
    "tables", "claims", "metrics",
)  # fmt: skip

CHANGES = {
    "entered": "entered",
    "upgraded": "upgraded from {held}",
    "kept": "kept",
    "in_grace": "kept for a time of grace",
    "downgraded": "downgraded from {held}",
    None: "not decided, because something is unknown",
}
STOPPED = {
    "unless": "an exception of the rule",
    "never": "a never-rule of the contact policy",
    "consent": "having no channel that is open and consented to",
    "limit": "a limit",
    "cap": "a cap",
    "posted": "an earlier posting for the same event",
    "group": "a preferred incentive of the same group",
    "holdout": "the hold-out",
    "budget": "the budget",
    "quota": "a quota",
    "arbitration": "a preferred contact",
    "discard": "its hours: it would come too late",
}
Labels = Mapping[str, str]


def headline(
    name: str,
    kind: str,
    decision: Mapping[str, Any],
    labels: Labels,
    receiver: str | None = None,
) -> str:
    """What was decided about a declaration; `receiver` is said instead of who receives points."""
    match kind:
        case "segment":
            return {True: "in", False: "not in", None: "unknown"}[decision["segments"].get(name)]
        case "classify":
            case = decision["classes"].get(name)
            return "unknown" if case is None else labels.get(f"{name}.{case}", case)
        case "score":
            return _score(decision["scores"].get(name))
        case "tier":
            return _tier(name, decision["tiers"].get(name), labels)
        case "table":
            return _table(decision["tables"].get(name))
        case "ensure":
            if name not in decision["claims"]:
                return "a claim about everyone, not about one decision"
            return {True: "holds", False: "does not hold", None: "cannot be told"}[
                decision["claims"][name]
            ]
        case "points" | "incentive" | "contact":
            return _outcome(name, kind, decision, receiver)
        case _:
            article = "an" if kind[0] in "aeiou" else "a"
            return f"{article} {kind} decides nothing by itself"


def _score(score: Mapping[str, Any] | None) -> str:
    if score is None or score["value"] is None:
        return "unknown"
    reasons = f" because of {', '.join(score['reasons'])}" if score["reasons"] else ""
    unknown = f"; unknown: {', '.join(score['unknown'])}" if score["unknown"] else ""
    return f"{score['value']}{reasons}{unknown}"


def _tier(name: str, tier: Mapping[str, Any] | None, labels: Labels) -> str:
    if tier is None or tier["level"] is None:
        return "unknown"

    def called(level: str | None) -> str | None:
        return None if level is None else labels.get(f"{name}.{level}", level)

    until = tier["grace_until"] or tier["keep_until"]
    kept = f", until {until}" if until else ""
    change = CHANGES[tier["change"]].format(held=called(tier["held"]))
    said = f"{called(tier['level'])}, {change}{kept}"
    if tier["keep"]["missing"]:
        said += f"; {_gaps(tier['keep'])} short of keeping it"
    above = tier["next"]
    if above is not None and above["missing"]:
        said += f"; {_gaps(above)} short of {called(above['level'])}"
    return said


def _gaps(short: Mapping[str, Any]) -> str:
    return ", ".join(f"{gap} of {fact}" for fact, gap in short["missing"].items())


def _table(table: Any) -> str:
    if table is None:
        return "unknown"  # a table that takes one row always has one, as far as can be told
    rows = table if isinstance(table, list) else [table]
    if not rows:
        return "no row"
    return "; ".join(
        f"row {row['row']}: " + ", ".join(f"{k} {v}" for k, v in row["out"].items()) for row in rows
    )


def _outcome(name: str, kind: str, decision: Mapping[str, Any], receiver: str | None) -> str:
    section = {"points": "points", "incentive": "incentives", "contact": "contacts"}[kind]
    for item in decision[section]:
        if item["rule"] == name:
            shown = item if receiver is None else {**item, "to": receiver}
            return {"points": _posted, "incentive": _given, "contact": _sent}[kind](shown)
    for stop in decision["stopped"]:
        if stop["rule"] == name:
            done = {"points": "posted", "incentive": "given", "contact": "sent"}[kind]
            return f"not {done}, stopped by {STOPPED[stop['by']]} ({stop['code']})"
    return {"points": "nothing posted", "incentive": "not given", "contact": "not sent"}[kind]


def _posted(item: Mapping[str, Any]) -> str:
    what = f"{item['points']} points" if item["points"] is not None else ""
    worth = f"worth {item['worth']}" if item["worth"] is not None else ""
    said = ", ".join(part for part in (what, worth) if part)
    expires = f", until {item['expires_on']}" if item["expires_on"] else ""
    return f"{said} posted to {item['account']} of {item['to']}{expires}"


def _given(item: Mapping[str, Any]) -> str:
    detail = f" {item['detail']}" if item["detail"] else ""
    worth = f", worth {item['worth']}" if item["worth"] else ""
    until = f", valid until {item['valid_until']}" if item["valid_until"] else ""
    budget = "; no budget was applied" if item["budget"] == "not applied" else ""
    return f"given: {item['benefit']}{detail}{worth}{until}{budget}"


def _sent(item: Mapping[str, Any]) -> str:
    quota = "; no quota was applied" if item["quota"] == "not applied" else ""
    return f"send {item['send']} through {item['channel']}, not before {item['not_before']}{quota}"
