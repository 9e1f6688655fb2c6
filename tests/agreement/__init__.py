"""Evaluators agree: on the corpus, and on generated policies and customers."""
