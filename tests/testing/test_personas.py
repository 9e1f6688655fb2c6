"""`given customer like`: a customer of another test or out of a file, with a few things changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siyu.core.compiled import Given, GivenRows
from siyu.kinds.persona import lay
from siyu.schema import load_schema
from siyu.text import Source
from tests.testing.shop import FACTS, mistakes, run, said, write_json

ANNA = """\
test "Anna" at 2026-11-21
  given calibration
    best.top_5 = 500 yuan
  given context
    weather = "rain"
  given customer
    id = "a", spend = 600 yuan, n = 3, tags = ("vip", "founder")
  given orders
    | no  | at         | amount |
    | "1" | 2026-11-01 | 7 yuan |
    | "2" | 2026-11-02 | 8 yuan |
  given orders.lines
    | orders.no | sku | qty |
    | "1"       | "x" | 2   |
    | "2"       | "y" | 3   |
  given visits
    | at         |
    | 2026-11-01 |
  expect best and total = 15 yuan and pieces = 5

"""


def test_all_of_the_customer_is_taken(tmp_path: Path) -> None:
    results = run(tmp_path, ANNA + """\
test "the same" at 2027-01-01
  given customer like "Anna"
  expect id = "a" and n = 3 and total = 15 yuan and pieces = 5 and best
  expect tags has "vip" and tags has "founder"
  expect context.weather = "rain" and count(visits) = 1
""")  # fmt: skip
    assert said(results) == {"Anna": [], "the same": []}


def test_what_is_given_replaces_fields_one_by_one_and_collections_as_a_whole(
    tmp_path: Path,
) -> None:
    results = run(tmp_path, ANNA + """\
test "otherwise" at 2027-01-01
  given customer like "Anna"
    spend = 499 yuan, n = unknown, tags = ("new", "young", "new")
  given orders
    | no  | at         | amount |
    | "9" | 2026-12-01 | 1 yuan |
  expect id = "a" and total = 1 yuan and pieces = 0 and no_best
  expect n is unknown and spend = 499 yuan
  expect tags has "young" and not tags has "vip"
  expect count(visits) = 1

test "other lines" at 2027-01-01
  given customer like "otherwise"
    tags = ()
  given orders.lines
    | orders.no | sku | qty |
    | "9"       | "x" | 7   |
  expect pieces = 7 and total = 1 yuan and not tags has "young"

test "other figures" at 2027-01-01
  given customer like "Anna"
  given calibration
    best.top_5 = 700 yuan
  expect no best
""".replace("no_best", "not best"))  # fmt: skip
    assert all(each == [] for each in said(results).values())


def test_a_customer_may_stand_below_the_test_that_takes_it(tmp_path: Path) -> None:
    results = run(tmp_path, """\
test "the same" at 2027-01-01
  given customer like "Anna"
  expect total = 15 yuan

""" + ANNA)  # fmt: skip
    assert said(results) == {"the same": [], "Anna": []}


# ---------------------------------------------------------------- files

BORIS = {"id": "b", "spend": 12.5, "orders": [{"no": "1", "at": "2026-11-01T00:00:00+08:00",
                                               "amount": "3", "lines": []}]}  # fmt: skip
ABOUT_BORIS = """\
test "Boris" at 2026-11-21
  given customer like "customers/boris.json"
    n = 4
  expect id = "b" and spend = 12.50 yuan and n = 4 and total = 3 yuan

test "Boris without orders" at 2026-11-21
  given customer like "Boris"
  given orders
    | no | at | amount |
  expect total = 0 yuan and n = 4 and count(visits) = 0
"""


def test_a_file_holds_a_customer(tmp_path: Path) -> None:
    write_json(tmp_path / "customers" / "boris.json", BORIS)
    results = run(tmp_path, ABOUT_BORIS)
    assert said(results) == {"Boris": [], "Boris without orders": []}


def test_a_file_holds_a_request_of_another_time_and_event(tmp_path: Path) -> None:
    request = {
        "customer": BORIS, "as_of": "2020-01-01T00:00:00Z", "context": {"weather": "snow"},
        "event": {"type": "paid", "no": "1", "amount": 5}, "metrics": {"total": "3.00"},
    }  # fmt: skip
    write_json(tmp_path / "customers" / "boris.json", request)
    results = run(tmp_path, ABOUT_BORIS.replace("without orders", "as was").replace(
        "expect total = 0 yuan", 'expect context.weather = "snow" and total = 3 yuan'
    ) + "  expect as_of = 2026-11-21 00:00\n")  # fmt: skip
    assert said(results) == {"Boris": [], "Boris as was": []}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "there is no file `customers/boris.json` in the policy's folder"),
        (b"[1]", "`customers/boris.json` does not hold a JSON object: the text must be an object"),
        (b'{"a": 1, "a": 2}', "`customers/boris.json` does not hold a JSON object: the text has "),
        (
            b'{"id": ',
            "`customers/boris.json` does not hold a JSON object: the text is not valid JSON",
        ),
        (b"\xff", "`customers/boris.json` cannot be used: "),
        (b'{"id": "b", "spend": 5000}', "what it gives is no record: customer.spend "),
        (
            b'{"name": "b", "orders": []}',
            "what it gives is no record: customer has an unknown key `name`",
        ),
        (b'{"id": "b", "orders": 5}', "what it gives is no record: customer.orders "),
    ],
)
def test_what_is_wrong_with_a_file_fails_the_tests_of_its_customer(
    tmp_path: Path, content: bytes | None, why: str
) -> None:
    if content is not None:
        (tmp_path / "customers").mkdir()
        (tmp_path / "customers" / "boris.json").write_bytes(content)
    results = said(run(tmp_path, ABOUT_BORIS, "Boris"))
    (told,) = results["Boris"]
    assert told.startswith(why), told


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    write_json(tmp_path / "outside.json", BORIS)
    (tmp_path / "pack" / "customers").mkdir(parents=True)
    (tmp_path / "pack" / "customers" / "boris.json").symlink_to(tmp_path / "outside.json")
    results = said(run(tmp_path / "pack", ABOUT_BORIS))
    assert results["Boris"] == ["`customers/boris.json` lies outside the policy's folder"]


# ---------------------------------------------------------------- mistakes

END = "  expect true\n\n"


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        (f'test "b" at 2026-01-01\n  given customer like "Anne"\n{END}', "E0695", "`Anna`"),
        (f'test "b" at 2026-01-01\n  given customer like "b"\n{END}', "E0696", "`b`"),
        (f'test "b" at 2026-01-01\n  given customer like "../b.json"\n{END}', "E0697", "../b.json"),
        (f'test "b" at 2026-01-01\n  given customer like "/b.json"\n{END}', "E0697", "/b.json"),
        ('test "b" at 2026-01-01\n  expect decision like "b.txt"\n', "E0697", "`.json`"),
        (f'test "Anna" at 2026-01-01\n{END}', "E0698", "`Anna`"),
        (f'test "b" at 2026-01-01\n  given orders like "Anna"\n{END}', "E0699", "`orders`"),
        (
            'test "b" at 2026-01-01\n  given customer like "Anna"\n'
            f'  given customer like "Anna"\n{END}',
            "E0699",
            "`Anna`",
        ),
        (
            f'test "b" at 2026-01-01\n  given customer like "Anna"\n    nn = 4\n{END}',
            "E0692",
            "`n`",
        ),
    ],
)
def test_mistakes(tmp_path: Path, text: str, code: str, told: str) -> None:
    (found,) = mistakes(tmp_path, ANNA + text).diagnostics
    assert found.code == code
    assert told in f"{found.text()} {found.help_text()}"


def test_a_circle_is_told_once(tmp_path: Path) -> None:
    text = "".join(
        f'test "{one}" at 2026-01-01\n  given customer like "{other}"\n{END}'
        for one, other in ("ab", "bc", "ca", "da")
    )
    (found,) = mistakes(tmp_path, text).diagnostics
    assert (found.code, found.text()) == ("E0696", "the customer of test `c` is like itself")


def test_a_name_that_is_not_there_is_told_with_how_many_there_are(tmp_path: Path) -> None:
    fields = "".join(f"    field_{number}: {{type: int, optional: true}}\n" for number in range(12))
    folder = tmp_path / "pack"
    folder.mkdir()
    facts = FACTS.replace("    n:  ", f"{fields}    n:  ")
    text = 'test "b" at 2026-01-01\n  given customer\n    zzzzzz = 4\n' + END
    checked = mistakes(folder, text)
    (found,) = checked.diagnostics
    assert found.help_text() == "there are `id`, `spend`, `n`, `tags`, `level`, `until`"
    (folder / "shop.yaml").write_text(facts, encoding="utf-8")
    from siyu.api import check

    (found,) = check(folder).diagnostics
    assert found.help_text().endswith("`field_4`, `field_5`, and 10 more")


def test_sets_stand_where_a_set_is_wanted_and_nowhere_else(tmp_path: Path) -> None:
    results = run(tmp_path, """\
segment early
  when (tags otherwise ("new", "vip")) has "vip"

test "t" at 2026-11-21
  given customer
    id = "a", tags = "vip"
  expect early
""")  # fmt: skip
    assert said(results) == {"t": []}
    for text in ('tags has ("a", "b")', 'id = ("a", "b")', "spend in ((5 yuan, 6 yuan), 7 yuan)"):
        found = mistakes(tmp_path, f"segment s\n  when {text}\n").diagnostics
        assert "E0418" in [each.code for each in found], text


# ---------------------------------------------------------------- laying one over another

SCHEMA = load_schema(Source.of("shop.yaml", FACTS), "CNY").schema
FIELDS = st.dictionaries(st.sampled_from("spn"), st.none() | st.integers(0, 3), max_size=3)
ROWS = st.lists(st.tuples(st.fixed_dictionaries({"no": st.sampled_from("12")}), st.just({})))
LINES = st.lists(
    st.tuples(
        st.fixed_dictionaries({"sku": st.sampled_from("xy")}),
        st.fixed_dictionaries({"no": st.sampled_from("12")}),
    )
)
GROUPS = st.lists(
    st.builds(GivenRows, st.just(("orders",)), ROWS.map(tuple))
    | st.builds(GivenRows, st.just(("orders", "lines")), LINES.map(tuple)),
    max_size=3,
)
GIVEN = st.builds(Given, FIELDS, FIELDS, FIELDS, GROUPS.map(tuple))


@given(GIVEN, GIVEN)
def test_what_lies_over_another_is_laid_after_it(one: Given, other: Given) -> None:
    assert SCHEMA is not None
    base = {"customer": {"id": "a", "orders": [{"no": "1"}]}}
    together = Given(other.customer, other.context, other.metrics, other.rows, one)
    assert lay(base, together, SCHEMA) == lay(lay(base, one, SCHEMA), other, SCHEMA)
    assert base == {"customer": {"id": "a", "orders": [{"no": "1"}]}}
