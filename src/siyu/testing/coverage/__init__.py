"""What a policy's tests show of it, and what they leave out.

After this stage every goal (a rule fires, a condition is seen true, false, unknown, deciding alone)
is shown by named tests, not shown, or cannot be shown, with the reason.
"""
