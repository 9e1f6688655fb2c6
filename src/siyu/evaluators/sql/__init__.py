"""Programs as SQL, for DuckDB and for Spark: the whole customer base in one query.

How a value is held in a column, whatever the dialect:

| type | DuckDB | Spark |
|---|---|---|
| bool | BOOLEAN | BOOLEAN |
| int, decimal, money, duration: an integer of the type's scale | INTEGER, BIGINT or HUGEINT | INT, BIGINT or DECIMAL(38, 0) |
| date: proleptic ordinal; time: seconds | INTEGER | INT |
| datetime: microseconds since 1970 in UTC | BIGINT | BIGINT |
| text, enum | VARCHAR | STRING |
| set: sorted, each once | VARCHAR[] | ARRAY<STRING> |
| geo | STRUCT(lat DOUBLE, lon DOUBLE) | the same |
| rows inside a row | STRUCT(…)[], fields named as columns are; `c`, true, where none is read | ARRAY<STRUCT<…>> |
| unknown | NULL | NULL |

A query reads relations, which whoever asks for it provides:

- `records`: one row per decision. `key` (the customer's key, as text), every input of the needs
  under `input_column(…)`, and for a table that is optional `has_column(…)`, true where the
  collection is there. Further columns may be passed through.
- one per table of the needs: `key`, and every column under `table_column(…)`.

Where a relation is said to be checked it has a column `bad`, true for rows that must not decide
anything; the query's own `bad` is true for a customer with any such row.
"""  # noqa: E501

from siyu.evaluators.sql.decide import decide_query, generate
from siyu.evaluators.sql.facts import facts_query
from siyu.evaluators.sql.plan import FactsPlan, plan_facts
from siyu.evaluators.sql.relations import Query, Relations, needs_read

__all__ = [
    "FactsPlan",
    "Query",
    "Relations",
    "decide_query",
    "facts_query",
    "generate",
    "needs_read",
    "plan_facts",
]
