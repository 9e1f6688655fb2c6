"""One sentence about each outcome, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from siyu.explain.model import Status
from siyu.explain.replay import Replay
from siyu.explain.rules import is_elsewhere
from siyu.words import Said, Words, say

EVERYONE = ("indicator", "recommend")
NOTHING: Mapping[str, Said] = {
    "account": say("an account decides nothing by itself; points rules post to it"),
    "group": say("a group decides nothing by itself; its incentives say who was preferred"),
    "calendar": say("a calendar decides nothing by itself; rules ask for its days"),
    "identity": say("an identity decides nothing: it makes customers; ask `siyu identity --why`"),
    "view": say("a view decides nothing by itself; metrics count its rows"),
    "contact policy": say("a contact policy decides nothing by itself; it binds all contacts"),
}
CHANGES: Mapping[str | None, Said] = {
    "entered": say("{level}, entered now"),
    "upgraded": say("{level}, upgraded from {held}"),
    "kept": say("{level}, kept"),
    "in_grace": say("{level}, kept for a time of grace"),
    "downgraded": say("{level}, downgraded from {held}"),
    None: say("{level} as before, since something is unknown"),
}
STOPPED: Mapping[str, Mapping[str, Said]] = {
    "points": {
        "unless": say("not posted: stopped by an exception of the rule"),
        "cap": say("not posted: a cap leaves no room"),
        "posted": say("not posted: it was posted for this event before"),
    },
    "incentive": {
        "unless": say("not given: stopped by an exception of the rule"),
        "limit": say("not given: stopped by a limit"),
        "group": say("not given: another incentive of its group is preferred"),
        "holdout": say("not given: the customer is held out"),
        "budget": say("not given: the budget is spent on others"),
    },
    "contact": {
        "unless": say("not sent: stopped by an exception of the rule"),
        "never": say("not sent: a never-rule of the contact policy forbids it"),
        "consent": say("not sent: no channel is open and consented to"),
        "limit": say("not sent: stopped by a limit"),
        "holdout": say("not sent: the customer is held out"),
        "quota": say("not sent: the quota is spent on others"),
        "arbitration": say("not sent: another contact is preferred"),
        "discard": say("not sent: it would come too late"),
    },
}
NO_HOURS = say("not sent: nobody can tell when it may go out")
NOT: Mapping[str, Said] = {
    "points": say("nothing posted"),
    "incentive": say("not given"),
    "contact": say("not sent"),
}


def status_of(replay: Replay, name: str, kind: str) -> Status:
    """How an outcome stands."""
    if kind in EVERYONE or kind in NOTHING:
        return "elsewhere"
    value = replay.values.get(name)
    match kind:
        case "points" | "incentive" | "contact":
            if is_elsewhere(replay, name):
                return "elsewhere"
            if value is True:
                return "yes"
            return "no" if replay.values.get(f"{name}.stopped") is None else "stopped"
        case "segment":
            return _three(value)
        case "ensure":
            return _three(value) if name in replay.anatomy.bindings else "elsewhere"
        case "table":
            return _table_status(replay, name)
        case _:
            return "unknown" if value is None else "yes"


def _three(value: Any) -> Status:
    if value is None:
        return "unknown"
    return "yes" if value else "no"


def _table_status(replay: Replay, name: str) -> Status:
    found = replay.decision["tables"].get(name)
    if isinstance(found, list):
        return "yes" if found else "no"
    return "unknown" if found is None else "yes"


def headline(replay: Replay, name: str, kind: str) -> Words:
    """What was decided about a declaration."""
    if kind in EVERYONE:
        return say("a figure about everyone: only a run over the whole population finds it")
    if kind in NOTHING:
        return NOTHING[kind]
    match kind:
        case "points" | "incentive" | "contact":
            return _rule(replay, name, kind)
        case "segment":
            return {
                True: say("in the segment"),
                False: say("not in the segment"),
                None: say("it cannot be told whether in the segment"),
            }[replay.values.get(name)]
        case "ensure":
            return _claim(replay, name)
        case "tier":
            return _tier(replay, name)
        case "table":
            return _table(replay, name)
        case _:
            return _value(replay, name)


def _value(replay: Replay, name: str) -> Words:
    if name in replay.given:
        return say("{value}, as the request gives it", value=replay.bound(name))
    return say("{value}", value=replay.bound(name))


def _claim(replay: Replay, name: str) -> Words:
    if name not in replay.anatomy.bindings:
        if name in replay.anatomy.program.everyone.proven:
            return say("proven when the policy was compiled, for every decision")
        return say("a claim about everyone, not about one decision")
    return {
        True: say("holds"),
        False: say("does not hold"),
        None: say("cannot be told"),
    }[replay.values.get(name)]


def _tier(replay: Replay, name: str) -> Words:
    level, held = replay.bound(name), replay.bound(f"{name}.held")
    if level.held is None:
        return say("unknown")
    change = replay.values.get(f"{name}.change")
    said: Said = CHANGES[change]
    said = say_filled(said, level=level, held=held)
    until = replay.bound(f"{name}.grace_until")
    if until.held is None:
        until = replay.bound(f"{name}.keep_until")
    if until.held is None:
        return said
    return say("{change}, until {day}", change=said, day=until)


def say_filled(said: Said, **facts: object) -> Said:
    """A template that is waiting for its facts, with them."""
    return Said(said.template, tuple(facts.items()))


def _table(replay: Replay, name: str) -> Words:
    found = replay.decision["tables"].get(name)
    if found is None:
        return say("unknown")
    rows = found if isinstance(found, list) else [found]
    if not rows:
        return say("no row")
    return say("{rows}", rows=tuple(_row(replay, name, row, isinstance(found, list))
                                    for row in rows))  # fmt: skip


def _row(replay: Replay, name: str, row: Mapping[str, Any], collects: bool) -> Said:
    owner = f"{name}.row.{row['row']}" if collects else name
    out = tuple(
        say("{output} {value}", output=output, value=replay.bound(f"{owner}.{output}"))
        for output in row["out"]
    )
    return say("row {number}: {values}", number=row["row"], values=out)


# ---------------------------------------------------------------- rules


def _rule(replay: Replay, name: str, kind: str) -> Words:
    if is_elsewhere(replay, name):
        event = next(iter(replay.anatomy.events(name)))
        if event is None:
            return say("only decided without an event")
        return say("only decided on the event `{event}`", event=event)
    if replay.values.get(name) is True:
        return {"points": _posted, "incentive": _given, "contact": _sent}[kind](replay, name)
    stopped = replay.values.get(f"{name}.stopped")
    if stopped is None:
        return NOT[kind]
    by, _, code = str(stopped).partition(" ")
    return NO_HOURS if by == "never" and ".open." in code else STOPPED[kind][by]


def _posted(replay: Replay, name: str) -> Words:
    item = next(each for each in replay.decision["points"] if each["rule"] == name)
    points = replay.bound(f"{name}.points")
    worth = f"{name}.worth"
    facts: dict[str, object] = {"to": replay.bound(f"{name}.to"), "account": item["account"]}
    if points.held is None:
        said = say("{worth} posted to `{account}` of {to}", worth=replay.bound(worth), **facts)
    elif worth in replay.anatomy.bindings:
        said = say("{points} points, worth {worth}, posted to `{account}` of {to}",
                   points=points, worth=replay.bound(worth), **facts)  # fmt: skip
    else:
        said = say("{points} points posted to `{account}` of {to}", points=points, **facts)
    expires = replay.bound(f"{name}.expires_on")
    if expires.held is None:
        return said
    return say("{posted}, until {day}", posted=said, day=expires)


def _given(replay: Replay, name: str) -> Words:
    item = next(each for each in replay.decision["incentives"] if each["rule"] == name)
    stated: Words = item["benefit"] or ""
    worked_out = f"{name}.benefit" in replay.anatomy.bindings  # and may hand on what is personal
    benefit = say("{value}", value=replay.bound(f"{name}.benefit")) if worked_out else stated
    if item["detail"]:
        benefit = say("{benefit} {detail}", benefit=benefit, detail=item["detail"])
    said = say("given: {benefit}", benefit=benefit)
    if item["worth"] is not None:
        said = say("{given}, worth {worth}", given=said, worth=replay.bound(f"{name}.worth"))
    if item["valid_until"] is not None:
        day = replay.bound(f"{name}.valid_until")
        said = say("{given}, valid until {day}", given=said, day=day)
    if item["budget"] == "not applied":
        said = say("{given}; its budget was not applied", given=said)
    return said


def _sent(replay: Replay, name: str) -> Words:
    item = next(each for each in replay.decision["contacts"] if each["rule"] == name)
    said = say("send {template} through {channel}, not before {moment}",
               template=item["send"], channel=replay.channel(item["channel"]),
               moment=replay.bound(f"{name}.not_before"))  # fmt: skip
    if item["quota"] == "not applied":
        return say("{sent}; the quota was not applied", sent=said)
    return said
