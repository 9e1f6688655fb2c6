"""Keys in their one way of writing, the same in Python and in SQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siyu.functions.evidence import COUNTRIES, key_of
from siyu.population.engines.duck import DuckEngine, open_engine
from siyu.population.engines.spark import SparkEngine
from siyu.population.identity.normal import write_keys
from siyu.population.identity.reference import normal
from tests.population.identity.bases import identity, person, stage

PHONES = [
    ("13800138000", "CN", "+8613800138000"),
    ("138-0013 8000", "CN", "+8613800138000"),
    ("+86 (138) 0013.8000", "CN", "+8613800138000"),
    ("008613800138000", "CN", "+8613800138000"),
    ("8613800138000", "CN", "+8613800138000"),
    ("013800138000", "CN", "+8613800138000"),
    ("１３８００１３８０００", "CN", "+8613800138000"),
    ("＋86\u3000138\u20110013\u20118000", "CN", "+8613800138000"),
    ("\u202a13800138000\u202c", "CN", "+8613800138000"),
    ("010-8888 8888", "CN", "+861088888888"),
    ("12800138000", "CN", None),
    ("1380013800", "CN", None),
    ("138****8000", "CN", None),
    ("13800138000 转 12", "CN", None),
    ("13800138000x12", "CN", None),
    ("+852 9123 4567", "CN", "+85291234567"),
    ("+86 123", "CN", None),
    ("+1234567890123456", "CN", None),
    ("+0123456789", "CN", None),
    ("", "CN", None),
    ("+", "CN", None),
    ("06 12 34 56 78", "FR", "+33612345678"),
    ("+33 (0)6 12 34 56 78", "FR", "+33612345678"),
    ("0033612345678", "FR", "+33612345678"),
    ("(415) 555-2671", "US", "+14155552671"),
    ("1-415-555-2671", "US", "+14155552671"),
    ("011 44 20 7946 0958", "US", "+442079460958"),
    ("9123 4567", "HK", "+85291234567"),
    ("02 1234 5678", "IT", "+390212345678"),
]
ADDRESSES = [
    ("Li.Lei@Example.COM", "li.lei@example.com"),
    ("  li@shop.cn ", "li@shop.cn"),
    ("li＠shop．cn", "li@shop.cn"),
    ("li+news@shop.cn", "li+news@shop.cn"),
    ("li.lei@shop.cn", "li.lei@shop.cn"),  # not the same box as lilei@
    ("李雷@例子.公司", "李雷@例子.公司"),
    ("li@shop", None),
    ("li@@shop.cn", None),
    ("li lei@shop.cn", None),
    ("@shop.cn", None),
    ("li@shop.cn.", None),
    ("li@shop.c", None),
    ("无", None),
    ("", None),
]
TEXTS = [
    (" oX-1 ", "oX-1"), ("ABC", "ABC"), ("abc", "abc"), ("", None), ("   ", None),
    ("e\u0301", "\u00e9"), ("\u3000李雷\u3000", "李雷"),
]  # fmt: skip


@pytest.fixture(scope="module")
def duck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckEngine]:
    engine = open_engine("1GB", tmp_path_factory.mktemp("duck"), 2)
    yield engine
    engine.close()


@pytest.mark.parametrize(("raw", "country", "key"), PHONES)
def test_telephone_numbers(raw: str, country: str, key: str | None) -> None:
    assert key_of(raw, "phone", country) == key


@pytest.mark.parametrize(("raw", "key"), ADDRESSES)
def test_mail_addresses(raw: str, key: str | None) -> None:
    assert key_of(raw, "email") == key


@pytest.mark.parametrize(("raw", "key"), TEXTS)
def test_texts(raw: str, key: str | None) -> None:
    assert key_of(raw, "text") == key


def keys(engine: DuckEngine | SparkEngine, raws: list[str], field: str, country: str) -> list[str]:
    wanted = identity(
        f"  country {country}\n  join by union_id\n  join by phone as phone\n"
        "  join by email as email\n"
    )
    people = [person(number, True, **{field: raw}) for number, raw in enumerate(raws)]
    made = stage(engine, people, wanted)
    write_keys(
        engine, made.table, [(r, f"k{at}", v) for at, (r, v) in enumerate(made.values)], wanted
    )
    value = next(v for _, v in made.values if v.field == field)
    rows = engine.rows(f"SELECT profile, {made.column(value)} FROM keys")
    found = dict(rows)
    truth = {each.ref[1]: normal(value, each.values[field], wanted) for each in people}
    assert found == truth
    return [found[f"M{number}"] for number in range(len(raws))]


@pytest.mark.parametrize("country", sorted({country for _, country, _ in PHONES}))
def test_numbers_by_sql(duck: DuckEngine, country: str) -> None:
    mine = [(raw, key) for raw, of, key in PHONES if of == country]
    assert keys(duck, [raw for raw, _ in mine], "phone", country) == [key for _, key in mine]


def test_addresses_by_sql(duck: DuckEngine) -> None:
    assert keys(duck, [raw for raw, _ in ADDRESSES], "email", "CN") == [k for _, k in ADDRESSES]


def test_texts_by_sql(duck: DuckEngine) -> None:
    assert keys(duck, [raw for raw, _ in TEXTS], "union_id", "CN") == [key for _, key in TEXTS]


DIGITS = st.text("0123456789+- ().0186", max_size=18)
LETTERS = st.text("abzAZ09.@-_+ é中 ", max_size=20)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(DIGITS | LETTERS | st.text(max_size=6), min_size=1, max_size=60),
    st.sampled_from(sorted(COUNTRIES)),
    st.sampled_from(("phone", "email", "union_id")),
)
def test_whatever_it_is(duck: DuckEngine, raws: list[str], country: str, field: str) -> None:
    keys(duck, [raw.replace("\x00", "") for raw in raws], field, country)


def test_spark_writes_the_same(spark: SparkEngine) -> None:
    chinese = [raw for raw, of, _ in PHONES if of == "CN"]
    assert keys(spark, chinese, "phone", "CN") == [k for _, of, k in PHONES if of == "CN"]
    assert keys(spark, [raw for raw, _ in ADDRESSES], "email", "CN") == [k for _, k in ADDRESSES]
