"""`metric`: a derived value; `view`: a filtered collection."""

from __future__ import annotations

from siyu.core.program import Leaf, Part
from siyu.kinds.kind import Kind, keep_because, scope_of
from siyu.kinds.refuse import refuse_switches
from siyu.semantics import check
from siyu.semantics.build import FACTS, Build, Declared, Outcome, ViewOf
from siyu.semantics.phrases import A_KIND
from siyu.syntax import ast


def lower(declared: Declared, build: Build) -> Outcome:
    node = declared.node
    assert isinstance(node, ast.Metric)
    scope = scope_of(declared, build)
    refuse_switches(node, build, A_KIND["metric"])
    value = check.value(node.value, scope)
    keep_because(node.clauses, scope, declared.name)
    ref = build.bind(
        declared.name,
        value,
        FACTS,
        metric=True,
        optional=check.may_be_unknown(value, scope),
        span=node.name.span,
    )
    build.emit(Part("metrics", declared.name, Leaf(declared.name, value.type)))
    return Outcome(declared.name, declared.kind, FACTS, ref)


def lower_view(declared: Declared, build: Build) -> Outcome:
    node = declared.node
    assert isinstance(node, ast.View)
    scope = scope_of(declared, build)
    path, filters = check.collection_path(node.of, scope)
    view = ViewOf(path, (*filters, (node.where, scope))) if path else None
    if view is not None:
        # Checked here as well, so that a view nobody uses still has its mistakes told.
        inner, _ = check.row_scope(view.path, scope)
        check.condition(node.where, inner, f"{declared.name}.where")
    return Outcome(declared.name, declared.kind, FACTS, view=view)


METRIC = Kind(
    "metric",
    ast.Metric,
    FACTS,
    lower,
    """A value derived from facts and other metrics. It is unknown where something it needs is
unknown; `otherwise` gives it a default. A request may bring a metric's value itself, for example
from a feature store: it is then used as given, and explanations say so.

```siyu
metric orders_12m "Orders in 12 months" = count(orders over last 12 months where status is paid)
```
""",
)
VIEW = Kind(
    "view",
    ast.View,
    FACTS,
    lower_view,
    """A collection with a filter and a name, so that a condition is written once.

```siyu
view purchases "Valid purchases" of orders where status is paid
```
""",
)
