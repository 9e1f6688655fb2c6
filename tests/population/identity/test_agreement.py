"""The SQL of identities finds what the definition says, in whatever order the profiles come."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siyu.population.engines.duck import DuckEngine, open_engine
from siyu.population.engines.spark import SparkEngine
from siyu.population.identity.customers import fresh_key, keys_of
from siyu.population.identity.reference import Profile, resolve
from tests.population.identity.bases import found, identity, keys_found, person

ONE_ID = identity()
UNBOUND = identity("  join by union_id\n  join by email as email\n  conflict on birthday\n")


@pytest.fixture(scope="module")
def duck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckEngine]:
    engine = open_engine("1GB", tmp_path_factory.mktemp("duck"), 2)
    yield engine
    engine.close()


def some(prefix: str, most: int) -> st.SearchStrategy[str | None]:
    return st.none() | st.integers(0, most).map(lambda n: f"{prefix}{n}")


@st.composite
def bases(draw: st.DrawFn) -> list[Profile]:
    """Few values among many profiles, so that everything that can happen does."""
    size = draw(st.integers(1, 40))
    most = draw(st.sampled_from((2, 6, 20)))
    people = []
    for number in range(size):
        phone = draw(
            st.none()
            | st.integers(0, most).map(lambda n: f"138 0013-80{n:02d}")
            | st.sampled_from(("13800000000", "+86 13800138001", "１３８００１３８００２", "123"))
        )
        people.append(
            person(
                number,
                draw(st.sampled_from((True, True, False, None))),
                union_id=draw(some("u", most)),
                phone=phone,
                email=draw(some("", most).map(lambda n: n and f"A{n}@Shop.cn")),
                device=draw(some("d", most)),
                address=draw(some("路 ", most)),
                birthday=draw(st.none() | st.sampled_from(("726468", "728000"))),
                gender=draw(st.none() | st.sampled_from(("f", "m"))),
            )
        )
    return people


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(people=bases())
def test_small_bases(duck: DuckEngine, people: list[Profile]) -> None:
    assert found(duck, people, ONE_ID) == resolve(people, ONE_ID)


def crowd(seed: int, size: int) -> list[Profile]:
    """A base of thousands, with long chains and values that many share."""
    draw = random.Random(seed)

    def value(prefix: str, share: float, values: int, behind: str = "") -> str | None:
        return f"{prefix}{draw.randrange(values)}{behind}" if draw.random() < share else None

    people = []
    for number in range(size):
        chain = f"chain{number // 2}" if number < size // 4 else None
        link = f"step{(number + 1) // 2}@shop.cn" if number < size // 4 else None
        people.append(
            person(
                number,
                draw.random() < 0.8,
                union_id=chain or value("u", 0.3, size // 3),
                phone=value("138001", 0.3, 90_000) and f"1380013{draw.randrange(size // 4):04d}",
                email=link or value("a", 0.3, size // 3, "@shop.cn"),
                device=value("d", 0.4, size // 4) or ("tablet" if draw.random() < 0.1 else None),
                address=value("路", 0.2, size // 3),
                birthday=value("72800", 0.03, 3),
                gender=draw.choice(("f", "m", None, None, None, None, None, None)),
            )
        )
    return people


def test_a_base_of_thousands(duck: DuckEngine) -> None:
    people = crowd(1, 6_000)
    truth = resolve(people, ONE_ID)
    assert found(duck, people, ONE_ID) == truth
    statuses = {link.status for link in truth.links}
    assert statuses == {"joined", "conflict", "ambiguous", "shared"}
    assert any(clash.chain for clash in truth.clashes)


def test_a_chain_and_a_hub_of_thousands_are_one_customer(duck: DuckEngine) -> None:
    chain = [
        person(n, union_id=f"u{n // 2}", email=f"a{(n + 1) // 2}@shop.cn") for n in range(3_000)
    ]
    hub = [person(3_000 + n, union_id="all of them") for n in range(2_000)]
    answer = found(duck, [*chain, *hub], UNBOUND)
    assert answer == resolve([*chain, *hub], UNBOUND)
    assert len(set(answer.first.values())) == 2


def test_the_order_of_the_profiles_does_not_matter() -> None:
    people = crowd(2, 1_500)
    mixed = people[:]
    random.Random(3).shuffle(mixed)
    assert resolve(mixed, ONE_ID) == resolve(people, ONE_ID)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(people=bases(), keys=st.lists(st.none() | st.sampled_from("KLMN"), min_size=40))
def test_customers_keep_their_keys(
    duck: DuckEngine, people: list[Profile], keys: list[str | None]
) -> None:
    answer = found(duck, people, ONE_ID)
    own = fresh_key(ONE_ID.name, people[0].ref)  # a key that a new customer would get
    before = {
        each.ref: own if key == "N" else key
        for each, key in zip(people, keys, strict=False)
        if key is not None
    }
    assert keys_found(duck, before, ONE_ID) == keys_of(answer.first, before, ONE_ID.name)


def test_spark_finds_the_same(spark: SparkEngine) -> None:
    few = identity(
        "  country CN\n  join by union_id\n  join by phone as phone when phone_verified\n"
        "  join by device weak\n  conflict on union_id, birthday\n  at most 4 profiles per value\n"
    )
    people = crowd(4, 300)
    answer = found(spark, people, few)
    assert answer == resolve(people, few)
    assert {link.status for link in answer.links} == {"joined", "conflict", "ambiguous", "shared"}
    before = {each.ref: f"K{number % 90}" for number, each in enumerate(people) if number % 3}
    assert keys_found(spark, before, few) == keys_of(answer.first, before, few.name)
