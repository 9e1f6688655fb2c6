"""What a run has allotted: whether a customer is within a budget or a quota.

A run cuts the list of those who wanted it, by rank; the cut is kept in the allocation file, and a
service decides with it just as the run did.
"""

from __future__ import annotations

from siyu.functions import sql_members
from siyu.functions.declaration import Example, Function
from siyu.functions.sql import written


def admitted(cuts: tuple[object, ...], sender: str, known: bool, value: int, tie: str) -> bool:
    """Whether a customer stands at or above the cut of a sender.

    `cuts` holds a tuple (sender, verdict, known, value, tie) for each sender, "" where there is
    but one; verdict is "all", "none" or "cut". Rank: highest value first, unknown last, then the
    lowest tie, which is "rule md5": the rule's name, then the md5 of rule and customer. A cut
    that names no rule speaks of one rule, and is an md5 alone. The cut is the last who was
    admitted. A sender without a cut had nobody to refuse.
    """
    for cut in cuts:
        if not isinstance(cut, tuple) or cut[0] != sender:
            continue
        _, verdict, last_known, last_value, last_tie = cut
        if verdict != "cut":
            return bool(verdict == "all")
        if known != last_known:
            return known
        if known and value != last_value:
            return bool(value > last_value)
        own = tie if " " in last_tie else tie.rpartition(" ")[2]
        return bool(own <= last_tie)
    return True


_CUT = (("", "cut", True, 100, "8"),)
_NAMED = (("", "cut", True, 100, "thanks 8"),)

DECLARED = (
    Function(
        "admitted",
        "Whether a customer is within what a run allotted.",
        admitted,
        (
            Example((_CUT, "", True, 101, "9"), True),
            Example((_CUT, "", True, 100, "8"), True),
            Example((_CUT, "", True, 100, "9"), False),
            Example((_CUT, "", False, 0, "0"), False),
            Example(((("", "none", True, 0, ""),), "", True, 5, "0"), False),
            Example(((("", "all", True, 0, ""),), "", False, 0, "0"), True),
            Example((_CUT, "li", True, 1, "9"), True),
            Example((_CUT, "", True, 100, "hello 9"), False),
            Example((_NAMED, "", True, 100, "hello 9"), True),
            Example((_NAMED, "", True, 100, "thanks 9"), False),
        ),
        sql=written(sql_members.admitted),
    ),
)
