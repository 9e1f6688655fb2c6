"""The policy library: one data model, every concept with its rule and its test."""
