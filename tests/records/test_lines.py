"""Lines of JSON are read exactly, or not at all."""

import json
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siyu.records import Rejection, read_json


def why(line: bytes | str) -> str:
    found = read_json(line)
    assert isinstance(found, Rejection)
    (reason,) = found.reasons
    assert reason.path == "line"
    return reason.message


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('{"a": 1}', 1),
        ('{"a": 1.10}', Decimal("1.10")),
        (
            '{"a": 0.1000000000000000055511151231257827}',
            Decimal("0.1000000000000000055511151231257827"),
        ),
        ('{"a": 1e2}', Decimal("1E+2")),
        ('{"a": 1e999999}', Decimal("1E+999999")),
        ('{"a": 123456789012345678901234567890}', 123456789012345678901234567890),
        ('{"a": "\\u91d1"}', "金"),
        ('{"a": "x\\":y"}', 'x":y'),
        ('{"a" : ":"}', ":"),
        ('\ufeff{"a": null}', None),
        ('  {"a": true}\n', True),
    ],
)
def test_values(line: str, value: Any) -> None:
    for each in (line, line.encode()):
        found = read_json(each)
        assert found == {"a": value}
        assert isinstance(found, dict)
        assert type(found["a"]) is type(value)
        assert str(found["a"]) == str(value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"a": 1, "a": 1}', "has the key `a` twice"),
        ('{"a" :1,"a":2}', "has the key `a` twice"),
        ('{"a":1,"\\u0061":2}', "has the key `a` twice"),
        ('{"a": {"b": [{"c": 1, "c": 2}]}}', "has the key `c` twice"),
        ('{"a":1,"a":2,"b":"\\u0022:"}', "has the key `a` twice"),
        ('{"a":1,"a":2,"b":"\\u003a"}', "has the key `a` twice"),
        ('{"a":1,"a":2,"b":"\\u003A"}', "has the key `a` twice"),
        ('{"a":1,"a":2,"b":":"}', "has the key `a` twice"),
        ('{"a": NaN}', "has `NaN`, which is not a number"),
        ('{"a": -Infinity}', "has `-Infinity`, which is not a number"),
        ('{"a": ' + "9" * 5000 + "}", "has a number of too many digits"),
        ("[" * 100_000, "is nested too deeply"),
        ('{"a":' * 100_000, "is nested too deeply"),
        ("[1]", "must be an object, not a list"),
        ("5", "must be an object, not `5`"),
        ("", "is not valid JSON at character 1"),
        ('{"a": 01}', "is not valid JSON at character 8"),
        ("{'a': 1}", "is not valid JSON at character 2"),
        ('{"a": 1} {"b": 2}', "is not valid JSON at character 10"),
        ('{"a": "\t"}', "is not valid JSON at character 8"),
        ('{"a": 1}\0', "is not valid JSON at character 9"),
        (b'{"a": "\xff"}', "is not UTF-8 at byte 8"),
        (b'{"a": "\xed\xa0\x80"}', "is not UTF-8 at byte 8"),
    ],
    ids=range(23),
)  # fmt: skip
def test_what_is_not_taken(line: bytes | str, message: str) -> None:
    assert why(line) == message


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
)


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=4), VALUES), st.booleans(),
       st.sampled_from([None, 2]))  # fmt: skip
def test_what_was_written_is_read(
    value: dict[str, Any], ascii_only: bool, indent: int | None
) -> None:
    assert read_json(json.dumps(value, ensure_ascii=ascii_only, indent=indent)) == value


WRITTEN = st.sampled_from(
    ['"a"', '"b"', r'"\u0061"', '":"', r'"\u003A"', r'"\u003ab"', r'"\u0022:"', r'"\":"', r'"\\"']
)
HIDING = st.sampled_from(
    [r'"\u003a"', '":"', r'"\u0022:"', r'"\":"', r'"x\\"', '" :"', r'"\u91d1"']
)


@given(
    st.lists(st.tuples(WRITTEN, VALUES.map(json.dumps) | HIDING), min_size=2, max_size=4),
    st.sampled_from([":", " :", ": ", "\t:\n"]),
)
def test_a_key_twice_is_always_seen(pairs: list[tuple[str, str]], colon: str) -> None:
    line = "{" + ",".join(f"{key}{colon}{value}" for key, value in pairs) + "}"
    keys = [json.loads(key) for key, _ in pairs]
    assert isinstance(read_json(line), Rejection) == (len(set(keys)) < len(keys))


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_any_line_is_read_or_rejected(line: bytes | str) -> None:
    found = read_json(line)
    assert isinstance(found, dict | Rejection)


def test_a_line_of_a_megabyte() -> None:
    began = time.perf_counter()
    assert read_json('{"a": "' + "x" * 1_000_000 + '"}') == {"a": "x" * 1_000_000}
    assert why('{"a": 1' + "0" * 1_000_000 + "}") == "has a number of too many digits"
    assert time.perf_counter() - began < 5
