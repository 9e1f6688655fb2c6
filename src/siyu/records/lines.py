"""One JSON text, read exactly: numbers digit by digit, no key twice, nothing lost.

The fast decoder takes the last of two equal keys without a word. So what it read is written out
again and the keys of both texts are counted; where they differ, or where counting could be
deceived, the careful decoder reads the text once more and says what is wrong.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, Final

from siyu.records.outcome import Reason, Rejection
from siyu.schema.values import shown
from siyu.words import Words, say


@cache
def _fast() -> tuple[Callable[[bytes], Any], Callable[[object], bytes]]:
    """The fast decoder and its encoder, imported by those who read lines."""
    import msgspec

    return msgspec.json.Decoder(float_hook=Decimal).decode, msgspec.json.Encoder(
        decimal_format="number"
    ).encode


def read_json(line: bytes | str) -> dict[str, Any] | Rejection:
    """The object that a line of JSON holds: whole numbers as int, others as Decimal.

    >>> read_json('{"amount": 19.90}')
    {'amount': Decimal('19.90')}
    >>> print(read_json('{"amount": 1, "amount": 2}'))
    line has the key `amount` twice
    """
    text = (
        line.encode("utf-8", "surrogatepass") if isinstance(line, str) else line.rstrip(b" \t\r\n")
    )
    decode, encode = _fast()
    try:
        found = decode(text)
        if type(found) is dict and _unambiguous(text, encode(found)):
            return found
    except Exception:  # whatever it is, the careful decoder says what is wrong
        pass
    return _careful(line)


def _unambiguous(text: bytes, again: bytes) -> bool:
    """Whether no key was lost: both texts are the same, or hold the same number of keys.

    Keys are counted by the `":` that ends each; so nothing may stand between quote and colon, and
    no quote or colon may be written as an escape, which would be counted in one text only. (Bytes
    are looked for before pairs of bytes, which takes five times as long.)
    """
    if text == again:
        return True
    spaces = (space + b":" for space in (b"\n", b"\t", b"\r") if space in text)
    return (
        b" :" not in text
        and not any(pair in text for pair in spaces)
        and (b"\\" not in text or not any(escape in text for escape in ESCAPES))
        and text.count(b'":') == again.count(b'":')
    )


ESCAPES: Final = (b'\\"', b"\\u0022", b"\\u003a", b"\\u003A")


class _RefusedError(ValueError):
    """Valid JSON that is not taken; `said` is why."""

    def __init__(self, said: Words) -> None:
        super().__init__(str(said))
        self.said = said


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        ((twice, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise _RefusedError(say("has the key {key} twice", key=shown(twice)))
    return made


def _constant(word: str) -> Any:
    raise _RefusedError(say("has `{word}`, which is not a number", word=word))


_decoder: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=Decimal, parse_constant=_constant
)


def _careful(line: bytes | str) -> dict[str, Any] | Rejection:
    try:
        text = line if isinstance(line, str) else line.decode("utf-8")
        found = _decoder.decode(text.removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        return _rejected(say("is not UTF-8 at byte {at}", at=error.start + 1))
    except json.JSONDecodeError as error:
        return _rejected(say("is not valid JSON at character {at}", at=error.pos + 1))
    except _RefusedError as error:
        return _rejected(error.said)
    except RecursionError:
        return _rejected(say("is nested too deeply"))
    except (ValueError, ArithmeticError):
        return _rejected(say("has a number of too many digits"))
    if not isinstance(found, dict):
        return _rejected(say("must be an object, not {found}", found=shown(found)))
    return found


def _rejected(said: Words) -> Rejection:
    return Rejection((Reason("line", said),))
