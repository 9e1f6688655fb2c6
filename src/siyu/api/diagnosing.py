"""Looking at a policy set as a whole: what it leaves out, and what its incentives are good for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from siyu.api.errors import PolicyError
from siyu.api.files import read_files
from siyu.api.paths import policy_file
from siyu.compiler import lower_pack

if TYPE_CHECKING:
    from siyu.diagnosis import Diagnosis


def diagnose(path: str | Path) -> Diagnosis:
    """The diagnosis of a policy file (or the folder of one): which stages, levels and grades no
    rule is meant for, which purposes and channels nobody uses, what incentives lack and serve, and
    what is not tested or measured.

    >>> diagnose("policies/starter").policy
    'starter'

    Raises PolicyError for a policy with errors, InputFileError where a file cannot be read.
    """
    from siyu.diagnosis import diagnose as look

    pack = read_files(policy_file(path)).pack
    lowered = lower_pack(pack)
    if lowered.broken:
        raise PolicyError(lowered.diagnostics, pack.sources)
    return look(pack, lowered.build, lowered.header.name, lowered.header.label)
