"""What the commands about whole bases print, in the language that marks what it translates: nothing
is left but marked words, what stands in backticks, codes, and what policies and tables say.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from siyu.population.report.said import CODES
from tests.faces.marking import MARKS
from tests.faces.shell import siyu
from tests.faces.test_marked import MONTHS, NAMES, left, text_of

AT = ("--as-of", "2026-11-21")
SOURCES = ("--sources", "data/sources.yaml")
# What is called the same in every language: engines, units, files of a run.
TABLES = "customer consents contacts grants points_log orders lines checkout order_refunded"
SAME = NAMES | {"s", "MB", "json", "parquet", "yaml", "engine", "language", "siyu", "sha256"}


@pytest.fixture(autouse=True)
def marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("siyu.locale.speech", lambda tongue: MARKS)


@pytest.fixture(scope="module")
def bases(retail: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base with faults, and two runs about it."""
    folder = tmp_path_factory.mktemp("bases")
    for path in retail.iterdir():
        shutil.copy(path, folder)
    tour, data = folder / "tour.siyu", folder / "data"
    sources = ("--sources", data / "sources.yaml")
    for args in (
        ("sample", tour, "--customers", "150", "--dirty", "0.3%", "-o", data),
        ("calibrate", tour, *sources, *AT, "-o", folder / "c.yaml"),
        ("run", tour, *sources, *AT, "--calibrate", "-o", folder / "one"),
        ("run", tour, *sources, *AT, "--calibrate", "-o", folder / "two"),
    ):
        ran = siyu(*args)
        assert ran.code == 0, ran.err
    return folder


@pytest.fixture
def here(bases: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(bases)
    return bases


def unmarked(text: str, retail: Path, *said: str) -> set[str]:
    """What is neither marked nor a word of the policy, of its tables or of what was asked."""
    words = {word for each in said for word in re.findall(r"\w+", each)}
    text = re.sub(r"\b[A-Z]\d+\b|\bNOBODY\b|\d+T\d+", "", text)  # keys of the tables, moments
    return left(text, retail) - words - CODES.keys() - SAME


ASKED = (
    ("sources", "check", "tour.siyu", *SOURCES, *AT),
    ("sources", "check", "retail.yaml", *SOURCES, *AT),
    ("sources", "check", "tour.siyu", "--sources", "none.yaml", *AT),
    ("calibrate", "tour.siyu", *SOURCES, *AT, "--compare", "c.yaml", "-o", "new.yaml"),
    ("run", "tour.siyu", *SOURCES, *AT, "--calibrate", "-o", "again"),
    ("run", "tour.siyu", *SOURCES, *AT, "--calibrate", "-o", "one"),
    ("run", "tour.siyu", *SOURCES, *AT, "-o", "none"),
    ("run", "tour.siyu", *SOURCES, *AT, "--calibration", "c.yaml", "--events", "order_paid",
     "-o", "paid"),
    ("run", "tour.siyu", *SOURCES, "--as-of", "2026-12-21", "--calibration", "c.yaml", "-o", "n"),
    ("run", "tour.siyu", *SOURCES, *AT, "--calibrate", "--max-rejects", "0", "-o", "none"),
    ("run", "tour.siyu", *SOURCES, *AT, "--calibrate", "--memory", "lots", "-o", "none"),
    ("run", "tour.siyu", *SOURCES, *AT, "--calibrate", "--events", "order_paid", "-o", "none"),
    ("explain", "tour.siyu", *SOURCES, "--run", "one", "--customer", "nobody"),
    ("explain", "tour.siyu", *SOURCES, "--run", "data", "--customer", "nobody"),
    ("report", "one", "--against", "two", "-o", "page.html"),
    ("report", "data"),
    ("report", "one", "--pyramid", "nothing"),
    ("schema", "infer", "data", "--customer", "nothing"),
    ("schema", "infer", "nowhere"),
    ("sample", "tour.siyu", "--customers", "3", "-o", "few"),
    ("sample", "tour.siyu", "--customers", "3", "-o", "data"),
)  # fmt: skip


@pytest.mark.parametrize("args", ASKED, ids=" ".join)
def test_every_command_speaks(args: tuple[str, ...], here: Path, retail: Path) -> None:
    ran = siyu(*args)
    assert unmarked(ran.out + "\n" + ran.err, retail, *args, TABLES) == set()


def test_the_page_of_a_run_is_said(here: Path, retail: Path) -> None:
    siyu("report", "one", "--against", "two", "--sales", "spend_12m", "--orders", "orders_12m",
         "--point-worth", "0.01", "--points-used", "60%", "--product-cost", "35%",
         "-o", "shown.html")  # fmt: skip
    page = (here / "shown.html").read_text("utf-8")
    shown = text_of(re.sub(r"<script.*?</script>", " ", page, flags=re.DOTALL))
    assert unmarked(shown, retail, TABLES) - MONTHS == set()
