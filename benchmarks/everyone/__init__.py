"""The benchmark policy for a whole customer base, beside what one would write for it by hand."""
