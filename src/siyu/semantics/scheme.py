"""How a membership scheme is spoken of: what incentives serve, and what kinds of them there are."""

from __future__ import annotations

from collections.abc import Mapping

from siyu.words import Said, say

PRINCIPLES: Mapping[str, Said] = {
    "join": say("a reason to join"),
    "stickiness": say("stickiness"),
    "next_purchase": say("the next purchase"),
    "larger_baskets": say("larger baskets"),
    "social_face": say("social face"),
    "affection": say("affection"),
}
KINDS_OF_COST: Mapping[tuple[str, str], Said] = {
    ("hard", "internal"): say("hard, internal"),
    ("hard", "external"): say("hard, external"),
    ("soft", "internal"): say("soft, internal"),
    ("soft", "external"): say("soft, external"),
}
COSTS: Mapping[str, Said] = {"hard": say("hard"), "soft": say("soft")}
SOURCES: Mapping[str, Said] = {"internal": say("internal"), "external": say("external")}
PURPOSES: Mapping[str, Said] = {
    "greeting": say("greeting"),
    "opportunity": say("opportunity"),
    "recover": say("winning back"),
    "remind": say("reminding"),
    "upgrade": say("moving up"),
}
TIMINGS: Mapping[str, Said] = {"planned": say("planned"), "triggered": say("triggered")}
DIRECTIONS: Mapping[str, Said] = {"outbound": say("outbound"), "inbound": say("inbound")}
