"""The report's own words for what runs count."""

from __future__ import annotations

from siyu.words import say

STOPS = {
    "unless": say("excluded by the rule itself"), "never": say("forbidden by the contact policy"),
    "consent": say("no consented channel"), "limit": say("limit reached"),
    "cap": say("points cap reached"), "posted": say("posted already"),
    "group": say("lost within its group"), "holdout": say("held out to compare"),
    "budget": say("budget used up"), "quota": say("sender's quota used up"),
    "arbitration": say("another contact came first"), "discard": say("too late to be sent"),
}  # fmt: skip
STOP_TONES = {
    "unless": "t8", "never": "t4", "consent": "t5", "limit": "t3", "cap": "t9", "posted": "t8",
    "group": "t6", "holdout": "t7", "budget": "t2", "quota": "t10", "arbitration": "t1",
    "discard": "t11",
}  # fmt: skip
CHANGES = {
    "entered": say("entered"), "upgraded": say("upgraded"), "kept": say("kept"),
    "in_grace": say("in grace"), "downgraded": say("downgraded"),
}  # fmt: skip
CHANGE_TONES = {
    "entered": "t1", "upgraded": "t3", "kept": "t8", "in_grace": "t2", "downgraded": "t4",
}  # fmt: skip
PURPOSES = {
    "greeting": say("greeting"), "opportunity": say("opportunity"), "recover": say("recover"),
    "remind": say("remind"), "upgrade": say("upgrade"),
}  # fmt: skip
PURPOSE_TONES = {
    "greeting": "t1", "opportunity": "t2", "recover": "t4", "remind": "t3", "upgrade": "t5",
}  # fmt: skip
KINDS = {
    "points": say("points"), "incentive": say("incentive"), "contact": say("contact"),
    "row": say("a row"), "customer": say("a customer"), "orphan": say("a row of no customer"),
}  # fmt: skip
CODES = {
    "missing": say("is missing"), "type": say("of another type"), "range": say("out of range"),
    "digits": say("too many digits"), "member": say("none of the allowed values"),
    "items": say("holds a wrong item"), "nul": say("holds a character that cannot be read"),
    "zone": say("a time without a zone"), "unreadable": say("cannot be read"),
    "repeated": say("a customer with several rows"), "differs": say("one key, rows that differ"),
    "many": say("too many rows"), "no_key": say("names no customer"),
    "no_customer": say("of an unknown customer"), "no_parent": say("of an unknown row"),
}  # fmt: skip
ACCOUNTS = {"points": say("points")}
TONES = ("t1", "t2", "t3", "t4", "t5", "t6", "t7", "t9", "t10", "t11", "t8")
