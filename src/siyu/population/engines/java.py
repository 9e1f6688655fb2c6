"""Whether there is a Java that Spark can run on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from siyu.population.engines import EngineFailed
from siyu.words import say

OLDEST = 17


def needed_java() -> str:
    """The path of the Java that Spark will take. Raises EngineFailed where there is none, or only
    one that is too old."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    advice = say(
        "install Java {oldest}, such as `apt-get install openjdk-17-jre-headless` or "
        "`brew install openjdk@17`, and set JAVA_HOME where it lies elsewhere",
        oldest=OLDEST,
    )
    try:
        if java is None:
            raise FileNotFoundError("java")
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineFailed(say("Spark needs Java, which is not there"), advice) from error
    version = re.search(r'version "(?:1\.)?([0-9]+)', said.stderr + said.stdout)
    if version is None or int(version[1]) < OLDEST:
        raise EngineFailed(
            say("Spark needs Java {oldest} or newer; `{java}` is older", oldest=OLDEST, java=java),
            advice,
        )
    return java
