"""Ways to run a compiled policy on validated facts; all give the same values.

`reference` walks the core: it is the definition, and it traces everything. `record` writes Python
source for one customer at a time. Both know the core and its functions, and no rule kind.
"""
