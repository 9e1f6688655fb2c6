"""The benchmark policy for other rule engines, generated from one description of it.

`terms` is the description's language, `policy` the description, `zen` and `datalogic` print it
for one engine each. The engines know two truth values: what may be unknown is split into
"surely holds" and "surely fails" before printing, so that all engines decide alike.
"""
