"""The head of a file, names, and literals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from siyu.syntax import ast
from siyu.syntax.building.leaf import Builder, Leaf, Scope, currency_code, first, node, once
from siyu.text import Span


def _header(span: Span, name: ast.Ident, label: str | None, clauses: list[Scope]) -> ast.Header:
    said = once(clauses)
    return ast.Header(
        name,
        label,
        language=said.get("language"),
        version=said.get("version"),
        timezone=said.get("timezone"),
        currency=said.get("currency"),
        schema=said.get("schema"),
        messages=said.get("messages"),
        span=span,
    )


def _header_number(kind: str) -> Builder:
    return lambda span, number: Scope(kind, number.value, span)


def _header_text(kind: str) -> Builder:
    return lambda span, text: Scope(kind, text, span)


def _currency(span: Span, money: Leaf) -> Scope:
    return Scope("currency", ast.Ident(currency_code(money), span=money.span), span)


def _ident(span: Span, word: Leaf) -> ast.Ident:
    return ast.Ident(word.value, span=span)


def _path(span: Span, words: list[Leaf]) -> ast.Name:
    return ast.Name(tuple(word.value for word in words), span=span)


def _label(_span: Span, text: Leaf | None = None) -> str | None:
    return None if text is None else text.value


def _text(span: Span, text: Leaf) -> ast.Text:
    return ast.Text(text.value, span=span)


def _number(
    span: Span, number: Leaf, unit: str | None = None, big: ast.Big | None = None
) -> ast.Number:
    return ast.Number(number.value, unit, big, span=span)


def _number_unit(span: Span, number: Leaf, unit: Leaf) -> ast.Number:
    return _number(span, number, unit.value)


def _number_big(span: Span, number: Leaf, big: Leaf) -> ast.Number:
    return _number(span, number, None, cast(ast.Big, big.value))


def _number_money(span: Span, number: Leaf, money: Leaf) -> ast.Number:
    return _number(span, number, currency_code(money))


def _number_big_money(span: Span, number: Leaf, big: Leaf, money: Leaf) -> ast.Number:
    return _number(span, number, currency_code(money), cast(ast.Big, big.value))


def _sign_number(span: Span, money: Leaf, number: Leaf) -> ast.Number:
    return _number_money(span, number, money)


def _sign_number_big(span: Span, money: Leaf, number: Leaf, big: Leaf) -> ast.Number:
    return _number_big_money(span, number, big, money)


def _percent(span: Span, number: Leaf) -> ast.Number:
    return _number(span, number, "%")


def _date(span: Span, date: Leaf) -> ast.Date:
    return ast.Date(date.value, span=span)


def _datetime(span: Span, date: Leaf, time: Leaf) -> ast.DateTime:
    return ast.DateTime(date.value, time.value, span=span)


def _time(span: Span, time: Leaf) -> ast.Time:
    return ast.Time(time.value, span=span)


LITERALS: Mapping[str, Builder] = {
    "header": _header,
    "language": _header_number("language"),
    "version": _header_number("version"),
    "timezone": _header_text("timezone"),
    "schema": _header_text("schema"),
    "messages": _header_text("messages"),
    "currency": _currency,
    "use": node(ast.Use),
    "as_name": first,
    "name": _ident,
    "case_name": _ident,
    "label": _label,
    "path": _path,
    "text": _text,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "number": _number,
    "number_unit": _number_unit,
    "number_big": _number_big,
    "number_money": _number_money,
    "number_big_money": _number_big_money,
    "sign_number": _sign_number,
    "sign_number_big": _sign_number_big,
    "percent": _percent,
}
