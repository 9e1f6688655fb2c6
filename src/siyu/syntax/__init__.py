"""The text of a policy and its tree.

After this stage a file is a frozen tree of what was written, with a span on every node and its
comments kept; what could not be read is a diagnostic. No name has been looked up, no type is known.
"""

from siyu.syntax.parse import Parsed, parse

__all__ = ["Parsed", "parse"]
