"""Declarations may stand in any order, and any number of them may hang together."""

from siyu.semantics.build import Declared
from siyu.semantics.errors import HEAD
from siyu.semantics.order import in_order
from siyu.syntax.parse import parse
from siyu.text import Source

from .harness import checked
from .test_pages import told


def names(text: str) -> list[str]:
    declared = {}
    for node in parse(Source.of("p.siyu", text)).file.declarations:
        name = getattr(node, "name", None)
        assert name is not None
        stratum = 1 if type(node).__name__ == "Segment" else 0
        declared[name.text] = Declared(name.text, node, "", "metric", stratum)
    return [each.name for each in in_order(declared)]


def test_what_others_name_comes_first() -> None:
    assert names("metric a = b + c\nmetric b = c\nmetric c = 1") == ["c", "b", "a"]


def test_strata_come_one_after_the_other() -> None:
    assert names("segment s\n  when m > 1\nmetric m = n\nmetric n = 1") == ["n", "m", "s"]


def test_a_circle_ends() -> None:
    assert sorted(names("metric a = b\nmetric b = a\nmetric c = 1")) == ["a", "b", "c"]


def test_thousands_of_metrics_each_naming_the_next() -> None:
    lines = [f"metric m{n} = m{n + 1} + 1\n" for n in range(3_000)]
    assert told(HEAD + "".join(lines) + "metric m3000 = 1\n", "") == []


def test_a_large_circle_is_told_once() -> None:
    lines = [f"metric m{n} = m{(n + 1) % 3_000} + 1\n" for n in range(3_000)]
    assert [each.code for each in told(HEAD + "".join(lines), "")] == ["E0318"]


def test_numbers_of_any_length_are_read() -> None:
    assert checked(f"metric m = {'9' * 38}").codes == []
    assert checked(f"metric m = {'9' * 39}").codes == ["E0409"]
    assert checked(f"metric m = {'9' * 37} 万").codes == ["E0409"]
