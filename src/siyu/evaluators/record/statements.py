"""Bindings as statements: mostly one assignment, a chain of tests where cases are many."""

from __future__ import annotations

from siyu.core.ir import Cases, Contest, Expr
from siyu.evaluators.record.contests import write_contest
from siyu.evaluators.record.emit import Emitter
from siyu.evaluators.record.known import Env, Is
from siyu.evaluators.record.lines import Lines
from siyu.evaluators.record.names import Names, Var
from siyu.evaluators.record.texts import is_literal, is_name

SHORT = 120  # characters of a value that may stand where it is used
EXPRESSION = 6  # arms up to which they are one expression


class Writer:
    """Writes bindings down one after another, and remembers their variables."""

    def __init__(self, names: Names, lines: Lines) -> None:
        self.names = names
        self.lines = lines
        self.emitter = Emitter(names)

    def bind(self, name: str, expr: Expr, letter: str, env: Env) -> None:
        """Makes the binding's value a variable, or knows it by the one that it repeats."""
        self.names.refs[name] = self.variable(expr, letter, env)

    def in_place(self, name: str, expr: Expr, env: Env) -> bool:
        """Lets a short value that is never unknown stand where it is used, if it can: then it is
        computed only where it is asked for."""
        if isinstance(expr, Contest | Cases) or self.emitter.knowledge.maybe(expr, env):
            return False
        text = self.emitter.value(expr, env)
        if len(text) > SHORT or ":=" in text:
            return False
        self.names.refs[name] = Var(text, False)
        return True

    def variable(self, expr: Expr, letter: str, env: Env) -> Var:
        var = self.names.atom(expr)
        if var is not None:
            return var
        match expr:
            case Contest():
                return write_contest(self.emitter, self.lines, expr, env)
            case Cases() if len(expr.arms) > EXPRESSION:
                return self.cases(expr, letter, env)
            case _:
                return self.assigned(expr, letter, env)

    def assigned(self, expr: Expr, letter: str, env: Env) -> Var:
        optional = self.emitter.knowledge.maybe(expr, env)
        text = self.emitter.value(expr, env)
        if is_name(text):
            return Var(text, optional and not is_literal(text))
        target = self.names.fresh(letter)
        self.lines.add(f"{target} = {text}")
        return Var(target, optional)

    def cases(self, node: Cases, letter: str, env: Env) -> Var:
        """Tests one after another; a loop left by `break` is flat, however many they are."""
        target = self.names.fresh(letter)
        optional = self.emitter.knowledge.maybe(node, env)
        with self.lines.together(), self.lines.under("while True:"):
            for when, value in self.emitter.knowledge.arms(node, env):
                self.arm(node, when, value, env, target)
            after = self.emitter.knowledge.after(node, env)
            self.lines.add(f"{target} = {self.emitter.value(node.otherwise, after)}")
            self.lines.add("break")
        return Var(target, optional)

    def arm(
        self, node: Cases, when: tuple[Expr, Env], value: tuple[Expr, Env], env: Env, target: str
    ) -> None:
        status = self.emitter.knowledge.status(*when)
        result = self.emitter.value(*value)
        if node.on_unknown == "skip" or status is Is.KNOWN:
            self.leave(self.emitter.truth(*when), target, result)
            return
        stopped = "None"
        if node.on_unknown == "otherwise":
            stopped = self.emitter.value(node.otherwise, env)
        if status is Is.UNKNOWN:
            self.leave("True", target, stopped)
            return
        test, name, _ = self.emitter.tested(*when)
        self.leave(test, target, result)
        self.leave(f"{name} is None", target, stopped)

    def leave(self, test: str, target: str, result: str) -> None:
        if test == "False":
            return
        with self.lines.under(f"if {test}:"):
            self.lines.add(f"{target} = {result}")
            self.lines.add("break")
