"""The checker: an expression's tree becomes a typed core expression.

This module is the door; the rooms are beside it. Everything takes the `Scope` an expression
stands in, reports what is wrong to `scope.build`, and returns an `error_value` after a report.

Expressions
    value(tree, scope, expected=None)            any value
    condition(tree, scope, code="")              a bool; parts of and/or get `code.1`, `code.2`
    condition_and_guards(tree, scope, code="")   the same, and what is known where it is true
    forbids(tree, scope, code="")                of `unless` and `never when`: may not be unknown
    may_be_unknown(core, scope)                  whether a record may leave it unknown
    coerce(core, to, scope, span)                as a value of that type, digits added where needed
Arithmetic on core expressions
    add subtract multiply divide (a, b, scope, span), compare(op, a, b, scope, span)
    rescale(core, scale)                         digits added, or rounded half up
Time
    as_of(scope), today(scope), local_date(core, scope)
    later(core, length, scope, span), earlier(…) a date or datetime moved by a duration
    in_over(time, over, scope), in_window(time, window, scope, span)
    effective_now(effective, scope)
Rows
    collection_path(name, scope)                 -> (path, view filters); ("", ()) after a report
    row_scope(path, scope)                       -> (the scope of one of its rows, Rows)
    column(name, row_scope)                      a column of the innermost row
    aggregate(op, path, value, where, scope, …)  over a collection, `value` and `where` in row_scope
Population
    share_cut(name, by, among, scope, span)      membership in the top share that the cut stands for
Words
    keep_words(because, scope, code)             the author's words, their `{names}` resolved
"""

from __future__ import annotations
