"""A run: one policy, a whole customer base, one folder with all that was decided."""
