"""Changing every expression of a program alike: those of its decisions, and those that only a run
over everyone reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from siyu.core.ir import Expr
from siyu.core.program import Binding, Everyone, Program

Change = Callable[[Expr], Expr]


def everywhere(program: Program, change: Change) -> Program:
    """The program with each of its expressions changed, in dependency order.

    >>> from siyu.core.passes.samples import PROGRAM
    >>> everywhere(PROGRAM, lambda expr: expr) == PROGRAM
    True
    """
    bindings = tuple(replace(b, expr=change(b.expr)) for b in program.bindings)
    later = tuple(replace(b, expr=change(b.expr)) for b in program.everyone.bindings)
    return with_bindings(program, bindings, later, change)


def with_bindings(
    program: Program, own: tuple[Binding, ...], later: tuple[Binding, ...], change: Change
) -> Program:
    """The program with these bindings, of decisions and of everyone, and what stands behind all of
    them (figures, pairs, balances) changed."""
    everyone = program.everyone
    figures = tuple(replace(f, value=change(f.value)) for f in everyone.figures)
    pairs = tuple(
        replace(
            each,
            where=None if each.where is None else change(each.where),
            row_where=None if each.row_where is None else change(each.row_where),
        )
        for each in everyone.pairs
    )
    balances = tuple(
        replace(each, row_where=None if each.row_where is None else change(each.row_where))
        for each in everyone.balances
    )
    everyone = replace(everyone, bindings=later, figures=figures, pairs=pairs, balances=balances)
    return replace(program, bindings=own, everyone=everyone)


def alone(program: Program) -> Program:
    """The program of single decisions: without what only a run over everyone reads.

    >>> from siyu.core.passes.samples import PROGRAM
    >>> alone(PROGRAM).everyone.bindings
    ()
    """
    return replace(program, everyone=Everyone())
