"""The tests that a policy lacks: members are searched for who show what no test shows, and written
as tests that pass, for a person to confirm.
"""
