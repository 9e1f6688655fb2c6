"""The benchmark policy for a whole customer base, Parquet to Parquet, beside what one would write."""
