"""What Hypothesis draws from: trees of policy files in every shape that can be written."""
