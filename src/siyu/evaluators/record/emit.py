"""Expressions of the core as Python expressions.

A condition is written in one of three ways: `value` is True, False or None, exactly; `truth` is
truthy where the condition is true and `falsity` where it is false, and both are falsy where it is
unknown, so that one null test serves where only one verdict matters. Everything else has a value.
All texts are safe to nest. Expressions are shallow: `plan` has cut what is deep, and has given
aggregates, contests and long cases a place of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import assert_never

from siyu.core.ir import (
    Aggregate,
    And,
    Call,
    Cases,
    Coalesce,
    Column,
    Const,
    Contest,
    Expr,
    Input,
    Known,
    Not,
    Or,
    Ref,
)
from siyu.evaluators.record.known import Env, Is, Knowledge, guards_first
from siyu.evaluators.record.names import Names
from siyu.evaluators.record.texts import all_of, any_of, if_else, is_name, negation
from siyu.functions import FUNCTIONS, Function

OPPOSITE = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}
SPLITS = 2  # unknown variables in a condition up to which each has a branch of its own

Write = Callable[[Expr, Env], str]


class Emitter:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.knowledge = Knowledge(names)

    # ---------------------------------------------------------------------------- values

    def value(self, node: Expr, env: Env) -> str:
        match node:
            case Const() | Input() | Ref() | Column():
                var = self.names.atom(node)
                assert var is not None
                return "None" if var.text in env.unknown else var.text
            case Call():
                return self.call(node, env)
            case Not() | And() | Or():
                return self.verdict(node, env)
            case Known():
                return self.known(node.value, env)
            case Coalesce():
                return self.coalesce(node, env)
            case Cases():
                return self.cases(node, env, self.value)
            case Aggregate() | Contest():
                raise AssertionError("has a place of its own")
            case _:
                assert_never(node)

    def verdict(self, node: Not | And | Or, env: Env) -> str:
        """Kleene's logic: by a branch for each unknown variable, or by both verdicts."""
        status = self.knowledge.status(node, env)
        if status is Is.UNKNOWN:
            return "None"
        if status is Is.KNOWN:
            return self.plain_verdict(node, env)
        doubts = self.knowledge.doubts(node, env)
        if 0 < len(doubts) <= SPLITS and not self.knowledge.maybe(
            node, env.knowing(frozenset(doubts))
        ):
            name = doubts[0]
            known = self.value(node, env.knowing(frozenset({name})))
            return if_else(f"{name} is not None", known, self.value(node, env.lacking(name)))
        true, false = self.truth(node, env), self.falsity(node, env)
        if true == "False":
            return if_else(false, "False", "None")
        if false == "False":
            return if_else(true, "True", "None")
        return if_else(true, "True", if_else(false, "False", "None"))

    def plain_verdict(self, node: Not | And | Or, env: Env) -> str:
        """Of a condition that is never unknown: Python's own logic."""
        match node:
            case Not():
                return self.negated(node.value, env)
            case And():
                return self.joined(node, env, self.value, truth=True)
            case Or():
                return self.joined(node, env, self.value, truth=False)
            case _:
                assert_never(node)

    def negated(self, node: Expr, env: Env) -> str:
        """The opposite of a condition that is never unknown."""
        match node:
            case Call(function=name) if name in OPPOSITE:
                return self.filled(OPPOSITE[name], [self.value(arg, env) for arg in node.args])
            case Not():
                return self.value(node.value, env)
            case Known():
                return self.unknown(node.value, env)
            case _:
                return negation(self.value(node, env))

    def joined(self, node: And | Or, env: Env, write: Write, *, truth: bool) -> str:
        """Items joined by `and` (`truth`) or `or`; each relies on those before it."""
        texts = []
        for item in guards_first(node):
            texts.append(write(item, env))
            if not self.knowledge.maybe(item, env):
                env = env.knowing(self.knowledge.told(item, truth))
        return all_of(texts) if truth else any_of(texts)

    def coalesce(self, node: Coalesce, env: Env) -> str:
        match self.knowledge.status(node.value, env):
            case Is.KNOWN:
                return self.value(node.value, env)
            case Is.UNKNOWN:
                return self.value(node.default, env)
            case _ if isinstance(node.default, Const) and isinstance(node.default.value, bool):
                return self.decided(node, env)
            case _:
                test, text, _ = self.tested(node.value, env)
                return if_else(f"{test} is not None", text, self.value(node.default, env))

    def decided(self, node: Coalesce, env: Env) -> str:
        """A condition for which unknown counts as a verdict: only the other one is asked for."""
        if isinstance(node.default, Const) and node.default.value is False:
            return if_else(self.truth(node.value, env), "True", "False")
        return if_else(self.falsity(node.value, env), "False", "True")

    def tested(self, node: Expr, env: Env) -> tuple[str, str, frozenset[str]]:
        """How to ask whether a value is None, its text after that, and what is then known."""
        var = self.names.atom(node)
        if var is not None:
            return var.text, var.text, frozenset({var.text})
        name = self.names.fresh("t")
        return f"({name} := {self.value(node, env)})", name, frozenset()

    # ------------------------------------------------------------------------------ calls

    def call(self, node: Call, env: Env) -> str:
        """Unknown where an argument is; else the function's expression, or a call of it."""
        if self.knowledge.status(node, env) is Is.UNKNOWN:
            return "None"
        tests, args = self.arguments(node, env)
        text = self.applied(node, args)
        return if_else(any_of([f"{test} is None" for test in tests]), "None", text)

    def arguments(self, node: Call, env: Env) -> tuple[list[str], list[str]]:
        """What must be tested for None, and the arguments' texts after those tests."""
        tests: dict[str, None] = {}
        args = []
        for arg in node.args:
            if self.knowledge.maybe(arg, env):
                test, text, _ = self.tested(arg, env)
                tests[test] = None
                args.append(text)
            else:
                args.append(self.value(arg, env))
        return list(tests), args

    def applied(self, node: Call, args: list[str]) -> str:
        function = FUNCTIONS[node.function]
        match node.function, node.args:
            case "item", (Ref(name=name), Const(value=int(place))):
                elements = self.names.refs[name].elements
                return elements[place] if elements else f"{self.names.refs[name].text}[{place}]"
            case "min" | "max", (_, _):
                return self.smaller(node.function == "min", args)
            case "div", (_, _, Const(value=int(digits))) if digits >= 0:
                return self.divided(args, digits)
            case _:
                tailored = self.tailored(function, node.args)
                if tailored is not None:
                    return tailored.format(*args)
                prepared = self.prepared(function, node.args, args)
                if prepared is None:
                    return self.filled(function.name, args, inline=False)
                return self.filled(function.name, prepared)

    def smaller(self, least: bool, args: list[str]) -> str:
        """The smaller (larger) of two, each computed once."""
        names = [arg if is_name(arg) else self.names.fresh("t") for arg in args]
        tests = [
            arg if arg == name else f"({name} := {arg})"
            for arg, name in zip(args, names, strict=True)
        ]
        return if_else(f"{tests[0]} {'<=' if least else '>='} {tests[1]}", *names)

    def divided(self, args: list[str], digits: int) -> str:
        """The quotient rounded half up, written out for a positive divisor, which is the rule."""
        names = [arg if is_name(arg) else self.names.fresh("t") for arg in args[:2]]
        first, second = (
            name if name == arg else f"({name} := {arg})"
            for name, arg in zip(names, args, strict=False)
        )
        (a, b), power = names, 2 * 10**digits
        up, down = f"({a} * {power} + {b})", f"({b} - {a} * {power})"
        rounded = if_else(f"{first} >= 0", f"{up} // (2 * {b})", f"-({down} // (2 * {b}))")
        called = self.filled("div", [first, b, str(digits)], inline=False)
        return if_else(f"{second} > 0", rounded, called)

    def tailored(self, function: Function, nodes: Sequence[Expr]) -> str | None:
        if function.tailored is None:
            return None
        known = {place: n.value for place, n in enumerate(nodes) if isinstance(n, Const)}
        return function.tailored(known)

    def prepared(
        self, function: Function, nodes: Sequence[Expr], args: list[str]
    ) -> list[str] | None:
        """The arguments as the function's source wants them; None where that cannot be."""
        ready = list(args)
        for place, prepare in function.prepared:
            node = nodes[place]
            if not isinstance(node, Const):
                return None
            ready[place] = self.names.constant(prepare(node.value))
        return ready

    def filled(self, name: str, args: list[str], *, inline: bool = True) -> str:
        source = FUNCTIONS[name].source
        if source is None or not inline:
            return f"{self.names.function(name)}({', '.join(args)})"
        return source.format(*args)

    # -------------------------------------------------------------- conditions, one-sided

    def truth(self, node: Expr, env: Env) -> str:
        """Truthy where the condition is true; falsy where it is false or unknown."""
        if self.knowledge.status(node, env) is Is.UNKNOWN:
            return "False"
        match node:
            case Call():
                return self.call_if_known(node, env)
            case Not():
                return self.falsity(node.value, env)
            case And():
                return self.one_sided(node, env, self.truth, joined_by_and=True, verdict=True)
            case Or():
                return self.one_sided(node, env, self.truth, joined_by_and=False, verdict=True)
            case Coalesce(default=Const(value=False)):
                return self.truth(node.value, env)
            case Coalesce(default=Const(value=True)):
                return negation(self.falsity(node.value, env))
            case Cases() if self.skips(node, env):
                return self.cases(node, env, self.truth)
            case _:
                return self.value(node, env)

    def falsity(self, node: Expr, env: Env) -> str:
        """Truthy where the condition is false; falsy where it is true or unknown."""
        status = self.knowledge.status(node, env)
        if status is Is.UNKNOWN:
            return "False"
        match node:
            case Const() | Input() | Ref() | Column():
                text = self.value(node, env)
                return f"({text} is False)" if status is Is.MAYBE else negation(text)
            case Call():
                return self.call_if_known(node, env, opposite=True)
            case Not():
                return self.truth(node.value, env)
            case And():
                return self.one_sided(node, env, self.falsity, joined_by_and=False, verdict=False)
            case Or():
                return self.one_sided(node, env, self.falsity, joined_by_and=True, verdict=False)
            case Known():
                return self.unknown(node.value, env)
            case Coalesce(default=Const(value=True)):
                return self.falsity(node.value, env)
            case Coalesce(default=Const(value=False)):
                return negation(self.truth(node.value, env))
            case Cases() if self.skips(node, env):
                return self.cases(node, env, self.falsity)
            case _:
                text = self.value(node, env)
                return f"({text} is False)" if status is Is.MAYBE else negation(text)

    def one_sided(
        self, node: And | Or, env: Env, write: Write, *, joined_by_and: bool, verdict: bool
    ) -> str:
        """Items joined by `and` are all `verdict` so far when the next one is decided; of those
        joined by `or` none was, which tells something of those that are never unknown."""
        texts = []
        for item in guards_first(node):
            texts.append(write(item, env))
            if joined_by_and:
                env = env.knowing(self.knowledge.told(item, verdict))
            elif not self.knowledge.maybe(item, env):
                env = env.knowing(self.knowledge.told(item, not verdict))
        return all_of(texts) if joined_by_and else any_of(texts)

    def call_if_known(self, node: Call, env: Env, *, opposite: bool = False) -> str:
        tests, args = self.arguments(node, env)
        if opposite and node.function in OPPOSITE:
            text = self.filled(OPPOSITE[node.function], args)
        else:
            text = self.applied(node, args)
            if opposite:
                partial = FUNCTIONS[node.function].partial
                text = f"({text} is False)" if partial else negation(text)
        return all_of([*(f"{test} is not None" for test in tests), text])

    def skips(self, node: Cases, env: Env) -> bool:
        """Whether an unknown condition leads to the next arm, or there is none."""
        if node.on_unknown == "skip":
            return True
        arms = self.knowledge.arms(node, env)
        return not any(self.knowledge.maybe(*when) for when, _ in arms)

    # ---------------------------------------------------------------- known and unknown

    def known(self, node: Expr, env: Env) -> str:
        """Exactly whether a value is known."""
        match self.knowledge.status(node, env), node:
            case Is.KNOWN, _:
                return "True"
            case Is.UNKNOWN, _:
                return "False"
            case _, Call(function=name) if not FUNCTIONS[name].partial:
                return all_of([self.known(arg, env) for arg in node.args])
            case _, Not():
                return self.known(node.value, env)
            case _:
                return f"({self.value(node, env)} is not None)"

    def unknown(self, node: Expr, env: Env) -> str:
        match self.knowledge.status(node, env), node:
            case Is.KNOWN, _:
                return "False"
            case Is.UNKNOWN, _:
                return "True"
            case _, Call(function=name) if not FUNCTIONS[name].partial:
                return any_of([self.unknown(arg, env) for arg in node.args])
            case _, Not():
                return self.unknown(node.value, env)
            case _:
                return f"({self.value(node, env)} is None)"

    # ------------------------------------------------------------------------------ cases

    def cases(self, node: Cases, env: Env, write: Write) -> str:
        """A few cases as one expression; `write` writes the arms' values."""
        arms = list(self.knowledge.arms(node, env))
        result = otherwise = write(node.otherwise, self.knowledge.after(node, env))
        for when, value in reversed(arms):
            text = write(*value)
            if node.on_unknown == "skip" or not self.knowledge.maybe(*when):
                result = if_else(self.truth(*when), text, result)
                continue
            unknown = "None" if node.on_unknown == "stop" else otherwise
            if self.knowledge.status(*when) is Is.UNKNOWN:
                result = unknown
                continue
            test, name, _ = self.tested(*when)
            result = if_else(test, text, if_else(f"{name} is None", unknown, result))
        return result
