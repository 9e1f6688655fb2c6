"""Writes the fast reader of one policy as flat Python.

The generated function takes a request and an instant and returns a `Read`, or raises whatever it
stumbles over: then `detailed.py` reads the request again. It is an optimisation of that module and
nothing else; a property test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from siyu.core.program import Facts
from siyu.records.code import Code, write_fields, write_instant, write_names
from siyu.records.code_rows import tuple_text, within, write_rows
from siyu.records.memo import STUMBLE, known
from siyu.records.outcome import Read
from siyu.records.plan import EventPlan, Plan
from siyu.schema.values import held
from siyu.types import TextType, Type

FastReader = Callable[[Any, int | None], Read]
Inputs = dict[tuple[str, str], str]  # variables by origin and name

PARTS = frozenset(("customer", "event", "context", "metrics", "as_of"))


def compile_reader(plan: Plan) -> FastReader:
    """The fast reader, ready to be called."""
    code = write_reader(plan)
    scope: dict[str, Any] = dict(code.given)
    exec(compile(code.text(), "<records>", "exec"), scope)
    made: FastReader = scope["read"]
    return made


def write_reader(plan: Plan) -> Code:
    """The Python text of the fast reader, with the values it needs."""
    code = Code(plan.first, plan.last)
    code.given.update(
        Read=Read,
        Facts=Facts,
        new=Facts.__new__,
        set_values=Facts.__dict__["values"].__set__,  # passes by what keeps the class frozen
        set_tables=Facts.__dict__["tables"].__set__,
        set_given=Facts.__dict__["given"].__set__,
        METRICS=dict(plan.metrics),
        read_metrics=_read_metrics,
        PARTS=PARTS,
    )
    with code.block("def read(request, otherwise):"):
        code.stumble("type(request) is not dict or not request.keys() <= PARTS")
        code.line("ignored = 0")
        inputs: Inputs = {
            ("request", name): name for name in ("as_of", "event", "event_key", "key")
        }
        tables = _write_customer(code, plan, inputs)
        _write_event(code, plan, inputs)
        _write_context(code, plan, inputs)
        _write_metrics(code, plan, inputs)
        _write_as_of(code)
        _write_facts(code, plan, inputs, tables)
        code.line("return Read(facts, key, as_of, event, event_key, ignored)")
    return code


def _write_customer(code: Code, plan: Plan, inputs: Inputs) -> list[str]:
    code.line("customer = request['customer']")
    found, counter = write_fields(code, "customer", plan.customer)
    inputs.update({("customer", name): var for name, var in found.items()})
    key = next(each for each in plan.customer.read if each.name == plan.key)
    var = found[plan.key]
    code.line(f"key = {var}" if isinstance(key.type, TextType) else f"key = str({var})")
    code.stumble("not key")
    tables = [(code.name("t"), need) for need in plan.needs.tables]
    for var, _ in tables:
        code.line(f"{var} = []")
    for rows in plan.rows:
        filled = [(var, need) for var, need in tables if within(need, rows.path)]
        write_rows(code, "customer", rows, filled, {}, counter)
    write_names(code, "customer", plan.customer, counter)
    for var, _ in tables:
        with code.block(f"if {var} is not None:"):
            code.line(f"{var} = tuple({var})")
    return [var for var, _ in tables]


def _write_event(code: Code, plan: Plan, inputs: Inputs) -> None:
    code.line("event = event_key = happened = None")
    for each in plan.needs.inputs:
        if each.origin == "event":
            inputs["event", each.name] = code.name("e")
            code.line(f"{inputs['event', each.name]} = None")
    code.line("found = request.get('event')")
    with code.block("if found is not None:"):
        code.line("event = found['type']")
        for event in plan.events.values():
            with code.block(f"if event == {event.name!a}:"):
                _write_one_event(code, event, inputs)
        code.stumble(f"event not in {code.hand_in(frozenset(plan.events))}")


def _write_one_event(code: Code, event: EventPlan, inputs: Inputs) -> None:
    found, counter = write_fields(code, "found", event.fields, beside=1)
    write_names(code, "found", event.fields, counter)
    for name, var in found.items():
        full = ("event", f"{event.name}.{name}")
        if full in inputs:
            code.line(f"{inputs[full]} = {var}")
    if event.key is not None:
        code.line(f"event_key = str({found[event.key]})")
        code.stumble("not event_key")
    if event.time is not None:
        code.line(f"happened = {found[event.time]}")


def _write_context(code: Code, plan: Plan, inputs: Inputs) -> None:
    code.line("context = request.get('context')")
    with code.block("if context is None:"):
        code.line("context = {}")
    found, counter = write_fields(code, "context", plan.context)
    write_names(code, "context", plan.context, counter)
    inputs.update({("context", name): var for name, var in found.items()})


def _write_metrics(code: Code, plan: Plan, inputs: Inputs) -> None:
    code.line("given = ()")
    code.line("metrics = request.get('metrics')")
    with code.block("if metrics is not None:"):
        code.line(f"given, more = read_metrics(METRICS, metrics, {plan.ignore})")
        code.line("ignored += more")
    for each in plan.needs.inputs:
        if each.origin == "metric":
            inputs["metric", each.name] = f"dict(given).get({each.name!a})"


def _write_as_of(code: Code) -> None:
    """As in the careful reader: the event's time, else the request's, else the caller's."""
    code.line("as_of = request.get('as_of')")
    with code.block("if as_of is None:"):
        code.line("as_of = otherwise if happened is None else happened")
        code.stumble("as_of is None")
    with code.block("else:"):
        write_instant(code, "as_of", "as_of")
        with code.block("if happened is not None:"):
            code.line("as_of = happened")


def _write_facts(code: Code, plan: Plan, inputs: Inputs, tables: list[str]) -> None:
    values = [inputs.get((each.origin, each.name), "None") for each in plan.needs.inputs]
    code.line("facts = new(Facts)")
    code.line(f"set_values(facts, {tuple_text(values)})")
    code.line(f"set_tables(facts, {tuple_text(tables)})")
    code.line("set_given(facts, given)")


def _read_metrics(
    kinds: dict[str, Type], raw: object, ignore: bool
) -> tuple[tuple[tuple[str, object], ...], int]:
    """Given metrics as held values, and how many unknown ones there are."""
    if type(raw) is not dict or not (ignore or raw.keys() <= kinds.keys()):
        raise STUMBLE
    given = [(n, known(held(k, raw[n]))) for n, k in kinds.items() if raw.get(n) is not None]
    return tuple(given), len(raw.keys() - kinds.keys())
