"""Between tables and what policies read: `sources.yaml`, and the relations it describes.

`read_sources` reads the file; `open_sources` finds the tables and looks at their columns; `stage`
writes the SQL that gives held values, with bad rows flagged on the way; `request_of` builds the
request of one customer out of the same tables, by another way, so that the two can be compared.
"""
