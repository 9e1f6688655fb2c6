"""Reasons on a page: trees of steps, the strip of stages, bars of progress."""

from __future__ import annotations

from siyu.explain import captions
from siyu.explain.html_parts import Html, classes, element, joined, quoted
from siyu.explain.model import Step
from siyu.words import Speech

MEANING = {
    "✓": "true", "✗": "false", "?": "unknown", "■": "stopped", "○": "free", "▼": "cut",
    "·": "quiet",
}  # fmt: skip
"""The class of a mark."""


def tree(steps: tuple[Step, ...], speech: Speech) -> Html:
    """Steps as a list, each with what it rests on; what is deeper than conditions is folded."""
    items = (_item(step, speech) for step in steps)
    return element("ul", *items, class_="steps")


def _item(step: Step, speech: Speech) -> Html:
    meaning = MEANING[captions.mark_of(step)]
    style = classes("step", step.role, meaning, step.decisive and "decisive")
    row = _row(step, speech)
    if not step.below:
        return element("li", element("div", row, class_="row"), class_=style)
    folded = element(
        "details",
        element("summary", row, class_="row"),
        tree(step.below, speech),
        open=_is_open(step),
    )
    return element("li", folded, class_=style)


def _is_open(step: Step) -> bool:
    """What is of interest at first sight: conditions, and the stages that stopped something."""
    if step.role == "condition":
        return True
    return step.role != "fact" and step.reached and step.verdict in ("true", "unknown")


def _row(step: Step, speech: Speech) -> Html:
    remarks = " · ".join(map(speech.of, captions.remarks_of(step)))
    return joined(
        element("span", captions.mark_of(step), class_="mark"),
        element("span", *quoted(speech.of(step.text)), class_="text"),
        element("span", step.value.spoken(speech), class_="value") if step.value else None,
        element("span", *quoted(remarks), class_="remark") if remarks else None,
        element("code", step.code, class_="code") if step.code else None,
    )


# ---------------------------------------------------------------- stages


def strip(steps: tuple[Step, ...], speech: Speech) -> Html:
    """The stages in the order in which they are asked, as a row of pills."""
    return element("ol", *(_stage(step, speech) for step in steps), class_="strip")


def _stage(step: Step, speech: Speech) -> Html:
    notes = [step.value.spoken(speech)] if step.value else []
    notes += map(speech.of, captions.remarks_of(step))
    return element(
        "li",
        element("span", captions.mark_of(step), class_="mark"),
        element(
            "span",
            element("span", *quoted(speech.of(step.text)), class_="text"),
            element("small", *quoted(" · ".join(notes))) if notes else None,
        ),
        class_=classes(
            "stage",
            MEANING[captions.mark_of(step)],
            step.decisive and "decisive",
            not step.reached and "unreached",
        ),
    )


# ---------------------------------------------------------------- progress


def bars(steps: tuple[Step, ...], speech: Speech) -> Html:
    """How far each figure is, as a bar where the present and the needed value are known."""
    return element("ul", *(_bar(step, speech) for step in steps), class_="bars")


def _bar(step: Step, speech: Speech) -> Html:
    part = captions.part_of(step)
    remarks = " · ".join(map(speech.of, captions.remarks_of(step)))
    head = joined(
        element("span", *quoted(speech.of(step.text)), class_="text"),
        element("span", step.value.spoken(speech), class_="value") if step.value else None,
        element("span", *quoted(remarks), class_="remark") if remarks else None,
    )
    if part is None:
        rest, measured = step.below, None
    else:
        ends = (_end(fact, speech) for fact in step.below[:2])
        rest, measured = step.below[2:], joined(_meter(part), element("div", *ends, class_="ends"))
    return element(
        "li",
        element("div", head, class_="row"),
        measured,
        tree(rest, speech) if rest else None,
    )


def _end(fact: Step, speech: Speech) -> Html:
    value = fact.value.spoken(speech) if fact.value else ""
    return element("span", speech.of(fact.text), " ", element("span", value, class_="value"))


def _meter(part: float) -> Html:
    percent = f"{100 * min(1.0, max(0.0, part)):.1f}%"
    filled = element("span", style=f"width:{percent}")
    return element("div", filled, class_="meter", role="img", aria_label=percent)
