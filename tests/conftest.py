"""How hard generated cases search.

`quick` draws the same cases on every run and machine; `long` draws many more, new ones each time.
Choose with `pytest --hypothesis-profile=long`, or with SIYU_PROFILE where no option can be given.
A test that wants more or fewer cases than the profile multiplies, so that `long` stays longer:

    @settings(max_examples=5 * settings.default.max_examples)
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from siyu.population.engines.spark import SparkEngine

settings.register_profile(
    "quick",
    max_examples=100,
    derandomize=True,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "long",
    max_examples=2_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# What is printed is compared: it must not depend on the language of the machine.
os.environ["SIYU_LANG"] = "en"

settings.load_profile(os.environ.get("SIYU_PROFILE", "quick"))

# ------------------------------------------------------------------------------------------ Spark
# One session for all tests that take the fixture `spark`, in one worker where several run. Without
# Java they are skipped, and it is said at the end; SIYU_REQUIRE_SPARK=1 makes them fail instead.

NO_SPARK = "Spark was not tested: "


def pytest_itemcollected(item: pytest.Item) -> None:
    if "spark" in getattr(item, "fixturenames", ()):
        assert "spark" in item.nodeid, f"by its name nobody sees that it takes Spark: {item.nodeid}"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """What xdist does with tests of one group, by their names: it does not see their marks."""
    from xdist.scheduler import LoadScopeScheduling

    class TogetherOnSpark(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return "spark" if "spark" in nodeid else nodeid

    return TogetherOnSpark(config, log) if config.getvalue("dist") == "load" else None


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkEngine]:
    """Spark with two threads; it forgets no views between tests, so name them apart."""
    from siyu.population.engines import EngineFailed
    from siyu.population.engines.java import needed_java
    from siyu.population.engines.spark import open_engine

    try:
        needed_java()
    except EngineFailed as failed:
        if os.environ.get("SIYU_REQUIRE_SPARK"):
            pytest.fail(f"{NO_SPARK}{failed}")
        pytest.skip(f"{NO_SPARK}{failed}")
    # Few rows: compiling Java code well takes longer than running it.
    options = {
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    }
    engine = open_engine("local[2]", tmp_path_factory.mktemp("spark"), options, "2GB")
    yield engine
    engine.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", ())
    count = sum(NO_SPARK in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.section("SPARK WAS NOT TESTED", red=True, bold=True)
        terminalreporter.line(f"{count} tests were skipped: install Java 17 (see -ra above).")
