"""What each rule of the grammar builds: one function or node class per rule.

A builder is called with the span of what was read and the values of the rule's carrying children,
in their order (see `compiled.Rule.kept`). Lists arrive as Python lists and leave as tuples.
"""

from collections.abc import Mapping

from siyu.syntax.building.contacts import CONTACTS
from siyu.syntax.building.customers import CUSTOMERS
from siyu.syntax.building.expressions import EXPRESSIONS
from siyu.syntax.building.identities import IDENTITIES
from siyu.syntax.building.leaf import Builder, Leaf, Refused
from siyu.syntax.building.literals import LITERALS
from siyu.syntax.building.offers import OFFERS
from siyu.syntax.building.points import POINTS

__all__ = ["BUILDERS", "Leaf", "Refused"]

BUILDERS: Mapping[str, Builder] = {
    **LITERALS,
    **EXPRESSIONS,
    **CUSTOMERS,
    **POINTS,
    **OFFERS,
    **CONTACTS,
    **IDENTITIES,
}
