"""The decision document: what was decided about one customer, for people and machines.

After this stage outcomes have the form that is published: keys in a fixed order, numbers with
their digits, times in the policy's zone; the same inputs give the same bytes.
"""

from siyu.decision.document import Decision
from siyu.decision.plain import Head, canonical, exports_of, plain_document
from siyu.decision.writer import Writer, document_writer

__all__ = [
    "Decision",
    "Head",
    "Writer",
    "canonical",
    "document_writer",
    "exports_of",
    "plain_document",
]
