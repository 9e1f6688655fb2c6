"""The benchmark policy for everyone, written by hand for other tools."""
