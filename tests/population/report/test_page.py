"""The page of a report: whole, harmless whatever labels hold, and the same each time."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from siyu.locale import speech
from siyu.population.report.figures import Asked, figures_of
from siyu.population.report.page import SCRIPT, page_of
from siyu.words import Tongue

EVIL = '</script><script>alert("1")</script>\'"&<b>😀\u2028'
ISLAND = re.compile(r'<script type="application/json" id="charts">(.*?)</script>', re.DOTALL)


def page(folder: Path, against: Path | None = None, tongue: Tongue = "en") -> str:
    figures, run = figures_of(Asked(folder, against))
    return page_of(figures, run, speech(tongue))


def island(text: str) -> list[dict[str, Any]]:
    (found,) = ISLAND.findall(text)
    charts: list[dict[str, Any]] = json.loads(found)
    return charts


def relabelled(folder: Path, to: Path, label: str) -> Path:
    """The same run with every label and every text of its outcomes being this one."""
    shutil.copytree(folder, to)
    run = json.loads((to / "run.json").read_text("utf-8"))
    run["labels"] = dict.fromkeys(run["labels"], label)
    run["policy"]["label"] = label
    (to / "run.json").write_text(json.dumps(run), "utf-8")
    return to


class Elements(HTMLParser):
    """The elements of a page with their attributes, and whether each is closed in order."""

    VOID = ("meta",)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_asks_nobody_for_anything(small: Path, earlier: Path) -> None:
    text = page(small, earlier)
    read = Elements(text)
    assert read.open == []
    names = {name for name, _ in read.found}
    assert not names & {"link", "img", "iframe", "object", "form", "base", "audio", "video"}
    for _, attributes in read.found:
        assert not {name for name in attributes if name.startswith("on")} | (
            set(attributes) & {"src", "action", "style"}
        )
        assert (attributes.get("href") or "#").startswith("#")
    without = text.replace(SCRIPT.read_text("utf-8").strip(), "")
    assert not re.search(r"https?://|//cdn|@import|url\(", without)


def test_every_link_leads_to_a_section(small: Path, earlier: Path) -> None:
    found = Elements(page(small, earlier)).found
    anchors = {attributes["id"] for _, attributes in found if "id" in attributes}
    links = [attributes["href"] for name, attributes in found if name == "a"]
    assert len(links) > 8
    assert {f"#{anchor}" for anchor in anchors} >= set(links)


def test_every_chart_has_a_place_and_its_figures_in_a_table(small: Path, earlier: Path) -> None:
    text = page(small, earlier)
    places = [a for _, a in Elements(text).found if "data-chart" in a]
    assert [int(a["data-chart"] or -1) for a in places] == list(range(len(island(text))))
    assert all(a["aria-label"] for a in places)
    body = ISLAND.sub("", text)
    for chart in island(text):
        for each in chart.get("series", ()):
            for said in each["texts"]:
                assert said.lstrip("+-") in body


def test_only_our_script_may_run(small: Path) -> None:
    import hashlib
    from base64 import b64encode

    text = page(small)
    (ours,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = b64encode(hashlib.sha256(ours.encode()).digest()).decode()
    policy = next(a["content"] for n, a in Elements(text).found if n == "meta" and "content" in a)
    assert policy is not None
    assert f"script-src 'sha256-{digest}'" in policy and "default-src 'none'" in policy


def test_labels_are_text_wherever_they_stand(small: Path, earlier: Path, tmp_path: Path) -> None:
    folder = relabelled(small, tmp_path / "run", EVIL)
    text = page(folder, earlier)
    assert text.count("<script") == 2 and "<b>😀" not in text
    assert "alert(&quot;1&quot;)" in text  # the label is there, as text
    read = Elements(text)
    assert read.open == []
    assert any("</script>" in name for chart in island(text) for name in chart.get("names", ()))


@pytest.mark.parametrize("tongue", ["en", "zh"])
def test_the_same_run_makes_the_same_page(
    small: Path, earlier: Path, tmp_path: Path, tongue: Tongue
) -> None:
    shutil.copytree(small, tmp_path / "elsewhere")
    one, other = page(small, earlier, tongue), page(tmp_path / "elsewhere", earlier, tongue)
    assert one == other
    assert str(tmp_path) not in one


def texts(charts: list[dict[str, Any]]) -> list[list[str]]:
    return [each["texts"] for chart in charts for each in chart.get("series", ())]


@pytest.mark.parametrize(
    ("tongue", "changes"),
    [
        ("en", ["+¥1,000.00", "-¥100.00", "+¥50.50", "¥0.00"]),
        ("zh", ["+1,000.00元", "-100.00元", "+50.50元", "0.00元"]),
    ],
)
def test_amounts_are_written_as_each_language_does(
    small: Path, earlier: Path, tongue: Tongue, changes: list[str]
) -> None:
    drawn = texts(island(page(small, earlier, tongue)))
    assert ["25.0%", "25.0%", "37.5%", "12.5%"] in drawn
    assert ["80.0%", "16.0%", "4.0%", "0.0%"] in drawn
    assert changes in drawn


def test_what_is_drawn_is_the_same_in_both_languages(small: Path, earlier: Path) -> None:
    def bare(chart: dict[str, Any]) -> object:
        series = [(each["values"], each["tone"]) for each in chart.get("series", ())]
        links = [(k["source"], k["target"], k["value"]) for k in chart.get("links", ())]
        return chart["kind"], series, links

    both = [island(page(small, earlier, tongue)) for tongue in ("en", "zh")]
    assert [bare(chart) for chart in both[0]] == [bare(chart) for chart in both[1]]


def test_broken_claims_stand_out(small: Path) -> None:
    text = page(small)
    assert '<li class="broken">' in text and "1 of 2 claims does not hold" in text


def test_values_of_rejected_rows_stay_off_the_page(small: Path) -> None:
    assert "13800138" not in page(small)


def test_a_run_with_nothing_in_it_has_a_page(tmp_path: Path) -> None:
    from tests.population.report.making import small_run

    text = page(small_run(tmp_path / "run", "SELECT 'A' AS customer"))
    assert Elements(text).open == [] and island(text) == []
    assert "Nothing was set aside." in text


def test_a_run_about_events_says_whom_it_counts(tmp_path: Path) -> None:
    from tests.population.report.making import small_run

    run = {
        "kinds": {"rich": "segment"}, "events": ["order_paid"], "customers": {"decided": 1},
        "occurred": {"read": 3, "decided": 2, "rejected": 1},
    }  # fmt: skip
    select = "SELECT 'A' AS customer, 'e' AS event, true AS rich"
    reject = {"source": "order_paid", "kind": "row", "customer": "A", "code": "missing"}
    text = page(small_run(tmp_path / "run", select, rejects=[reject], run=run))
    assert "only customers who had one are counted, each once" in text
    assert "1 of 3 events, 33.33%, could not be decided about" in text
    assert "is missing <code>missing</code>" in text
