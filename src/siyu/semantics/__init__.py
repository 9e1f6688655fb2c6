"""From trees to the typed core: what names mean, what types agree, what may be unknown.

After this stage every expression is a core expression with a type, or a diagnostic was reported
and the expression has the type `ERROR`. Nothing here knows a rule kind.
"""
