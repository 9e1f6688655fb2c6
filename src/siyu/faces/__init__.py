"""What people and other programs meet: the command line.

Faces translate and nothing more: arguments into calls of the API, diagnostics and decisions into
text for people or JSON for machines. Only here is anything printed.
"""
