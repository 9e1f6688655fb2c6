"""What the engine is told to read text files with."""

from __future__ import annotations

from siyu.population.sources.sqltext import literals


def csv_select(paths: tuple[str, ...], suffix: str) -> str:
    """The FROM-able SQL of the rows of CSV files, all cells as text."""
    mark = ", delim = '\t'" if suffix == ".tsv" else ""
    return (
        f"(SELECT * FROM read_csv([{literals(paths, 'duckdb')}], all_varchar = true, "
        f"header = true, sample_size = 20000, union_by_name = true{mark}))"
    )
