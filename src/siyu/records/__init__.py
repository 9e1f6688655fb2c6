"""Records: a request as it comes from outside becomes facts, or is rejected with all its reasons.

After this stage every value is held as `siyu.types` says, within its range, and every row is
there once. What a policy does not read is not looked at, except keys.
"""

from siyu.records.lines import read_json
from siyu.records.outcome import Read, Reason, Rejection
from siyu.records.reader import Reader, instant, reader

__all__ = ["Read", "Reader", "Reason", "Rejection", "instant", "read_json", "reader"]
