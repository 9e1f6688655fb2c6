"""How hard generated cases search.

`quick` draws the same cases on every run and machine; `long` draws many more, new ones each time.
Choose with `pytest --hypothesis-profile=long`, or with SIYU_PROFILE where no option can be given.
A test that wants more or fewer cases than the profile multiplies, so that `long` stays longer:

    @settings(max_examples=5 * settings.default.max_examples)
"""

import os

from hypothesis import HealthCheck, settings

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
