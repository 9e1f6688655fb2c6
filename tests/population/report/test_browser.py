"""The page in a real browser without a network: everything is drawn, and nothing is complained of.

Skipped where there is no Chromium; SIYU_REQUIRE_BROWSER=1 makes that a failure.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.population.report.large import large_run
from tests.population.report.test_page import EVIL, island, page, relabelled

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def browser() -> str:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        said = "THE REPORT WAS NOT LOOKED AT IN A BROWSER: no Chromium is installed"
        if os.environ.get("SIYU_REQUIRE_BROWSER"):
            pytest.fail(said)
        pytest.skip(said)
    return found


def looked_at(browser: str, file: Path, *options: str) -> tuple[str, str]:
    """The page's elements after its script has run, and what the browser complained of."""
    profile = file.parent / "profile"
    command = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}",
        "--enable-logging=stderr", "--window-size=1200,900", *options, file.as_uri(),
    ]  # fmt: skip
    ran = subprocess.run(command, capture_output=True, timeout=120, check=False)
    said = ran.stderr.decode("utf-8", "replace")
    complaints = "\n".join(line for line in said.splitlines() if "CONSOLE" in line)
    return ran.stdout.decode("utf-8", "replace"), complaints


def test_every_chart_is_drawn(browser: str, tmp_path: Path) -> None:
    new, old = large_run(tmp_path / "new", 3_000), large_run(tmp_path / "old", 3_000, shift=1)
    text = page(new, old, "zh")
    file = tmp_path / "report.html"
    file.write_text(text, "utf-8")
    seen, complaints = looked_at(browser, file, "--dump-dom")
    assert complaints == ""
    charts = island(text)
    assert {chart["kind"] for chart in charts} == {"bars", "sides", "columns", "flow"}
    drawn = re.findall(r'<div class="chart" data-chart="\d+".*?<svg (.*?)</svg>', seen, re.DOTALL)
    assert len(drawn) == len(charts)
    assert all(each.count("<path") + each.count("<rect") > 2 for each in drawn)
    assert "白金卡" in "".join(drawn) and "NaN" not in "".join(drawn)


def test_what_labels_hold_does_not_run(
    browser: str, tmp_path: Path, small: Path, earlier: Path
) -> None:
    folder = relabelled(
        small, tmp_path / "run", EVIL + "<img src=x onerror=document.title='owned'>"
    )
    file = tmp_path / "report.html"
    file.write_text(page(folder, earlier), "utf-8")
    seen, complaints = looked_at(browser, file, "--dump-dom")
    assert complaints == ""
    assert "<title>owned</title>" not in seen and "<img" not in seen
    assert seen.count("<svg") > 5


def test_the_page_tells_its_figures_without_a_script(
    browser: str, tmp_path: Path, small: Path, earlier: Path
) -> None:
    text = page(small, earlier)
    file = tmp_path / "report.html"
    file.write_text(re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL), "utf-8")
    pdf = tmp_path / "report.pdf"
    looked_at(browser, file, f"--print-to-pdf={pdf}", "--no-pdf-header-footer")
    assert pdf.read_bytes().startswith(b"%PDF-")
    seen, _ = looked_at(browser, file, "--dump-dom")
    assert "¥5,000.50" in seen and "25.0%" in seen
