"""Side-by-side measurements: `python -m benchmarks` runs all, `results/` keeps the numbers."""
