"""Numbers by the book: generated expressions against fractions rounded as the language says."""

from dataclasses import dataclass
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from siyu.semantics import ranges
from siyu.semantics.ranges import Range

from .harness import checked, worth


@dataclass(frozen=True)
class Figure:
    """What is written, what it is worth (None: unknown), and its digits after the point."""

    text: str
    worth: Fraction | None
    scale: int


def half_up(value: Fraction, scale: int) -> Fraction:
    size = abs(value) * 10**scale
    whole = int(size)
    if size - whole >= Fraction(1, 2):
        whole += 1
    return Fraction(whole if value >= 0 else -whole, 10**scale)


def combined(op: str, a: Figure, b: Figure) -> Figure:
    text = f"({a.text} {op} {b.text})"
    if op == "/":
        unknown = a.worth is None or not b.worth
        return Figure(text, None if unknown else half_up(a.worth / b.worth, 6), 6)
    scale = a.scale + b.scale if op == "*" else max(a.scale, b.scale)
    if a.worth is None or b.worth is None:
        return Figure(text, None, min(scale, 9))
    exact = {"+": a.worth + b.worth, "-": a.worth - b.worth, "*": a.worth * b.worth}[op]
    return Figure(text, half_up(exact, min(scale, 9)), min(scale, 9))


def rounded(a: Figure, digits: int) -> Figure:
    value = None if a.worth is None else half_up(a.worth, digits)
    return Figure(f"round({a.text}, {digits})", value, digits)


def literal(held: int, scale: int) -> Figure:
    digits = f"{held // 10**scale}" + (f".{held % 10**scale:0{scale}d}" if scale else "")
    return Figure(digits, Fraction(held, 10**scale), scale)


LITERALS = st.builds(literal, st.integers(0, 99_999), st.integers(0, 4))
FIGURES = st.recursive(
    LITERALS,
    lambda inner: st.one_of(
        st.builds(combined, st.sampled_from("+-*/"), inner, inner),
        st.builds(rounded, inner, st.integers(0, 5)),
    ),
    max_leaves=6,
)


def shown(figure: Figure) -> str | None:
    if figure.worth is None:
        return None
    held = figure.worth * 10**figure.scale
    assert held.denominator == 1
    whole, fraction = divmod(abs(held.numerator), 10**figure.scale)
    digits = f"{whole}" + (f".{fraction:0{figure.scale}d}" if figure.scale else "")
    return ("-" if held < 0 else "") + digits


@given(FIGURES)
@settings(max_examples=3 * settings.default.max_examples)
def test_each_operator_rounds_to_its_own_scale(figure: Figure) -> None:
    if "E0409" in checked(f"metric m = {figure.text}").codes:
        return
    assert worth(figure.text) == shown(figure)


REACH = st.tuples(st.integers(-50, 50), st.integers(0, 60)).map(lambda r: (r[0], r[0] + r[1]))


@given(REACH, REACH, st.integers(-2, 2), st.data())
def test_ranges_hold_every_result(a: Range, b: Range, digits: int, data: st.DataObject) -> None:
    x, y = data.draw(st.integers(*a)), data.draw(st.integers(*b))
    for reach, result in (
        (ranges.plus(a, b), x + y),
        (ranges.minus(a, b), x - y),
        (ranges.times(a, b), x * y),
        (ranges.sized(a), abs(x)),
        (ranges.shifted(a, digits), _held(half_up(Fraction(x) * Fraction(10) ** digits, 0))),
    ):
        assert reach[0] <= result <= reach[1]
    divisor = Fraction(y) / Fraction(10) ** digits
    if divisor:
        low, high = ranges.over(a, b, digits)
        assert low <= _held(half_up(x / divisor, 0)) <= high


def _held(value: Fraction) -> int:
    assert value.denominator == 1
    return value.numerator


def test_what_could_need_more_than_38_digits_is_refused() -> None:
    """A field without a range is up to 10^12; three of them with six digits still fit."""
    ratio = "(total_spend / 1 yuan)"
    assert checked(f"metric m = {ratio} * {ratio} / 7").codes == []
    assert checked(f"metric m = {ratio} * {ratio} * {ratio}").codes == ["E0409"]
    assert checked(f"metric m = min({ratio}, 1000) * min({ratio}, 1000) * {ratio}").codes == []
