"""Profiles of channels become customers: who is one person is known, and why.

`reference` is the definition, in plain Python; `resolve` finds the same by SQL for a whole base, on
DuckDB and on Spark. `why` explains either's result.
"""
