"""The report of a run: one page of figures and charts that needs nothing else.

`figures.figures_of` counts everything with grouped queries on the run's files, in no language;
`page.page_of` shows them in one. Rows never leave DuckDB.
"""
