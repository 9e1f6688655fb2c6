"""`account`: a currency of points, or of money, that postings go into."""

from __future__ import annotations

from siyu.kinds.kind import Kind
from siyu.semantics.build import FACTS, Build, Declared, Outcome
from siyu.syntax import ast


def lower(declared: Declared, build: Build) -> Outcome:
    assert isinstance(declared.node, ast.Account)
    return Outcome(declared.name, declared.kind, FACTS)


KIND = Kind(
    "account",
    ast.Account,
    FACTS,
    lower,
    """A currency of its own: spendable points, growth value, commission. Without `in` it holds
points; `in CNY` it holds money. There is always an account `points`.

```siyu
account growth "Growth value"
account commission "Commission" in CNY
```
""",
)
