"""Every declared example holds for the definition, and every function has some."""

import pytest

from siyu.functions import FUNCTIONS, Example, Function
from siyu.functions.registry import MODULES

CASES = [(f, e) for f in FUNCTIONS.values() for e in f.examples]


@pytest.mark.parametrize(("function", "example"), CASES, ids=lambda x: getattr(x, "name", ""))
def test_a_definition_gives_what_its_example_says(function: Function, example: Example) -> None:
    result = function.python(*example.args)
    assert result == example.result
    assert type(result) is type(example.result)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda f: f.name)
def test_a_function_says_what_it_does_and_shows_it(function: Function) -> None:
    assert function.doc.endswith(".")
    assert function.examples
    unknown = any(example.result is None for example in function.examples)
    assert unknown <= function.partial, "a total function never gives unknown"


def test_names_are_declared_once() -> None:
    names = [function.name for module in MODULES for function in module.DECLARED]
    assert len(names) == len(set(names)) == len(FUNCTIONS)
