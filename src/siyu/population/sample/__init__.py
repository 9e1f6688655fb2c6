"""Made-up customer bases: data that fit a schema, from the schema alone, at any size.

Every value is a function of the seed, the table, the column and the row's number, so that the same
seed gives the same files however many workers write them, and no row needs to know another one.
"""
