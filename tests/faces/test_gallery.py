"""Every message there is, as its page's wrong example draws it, in both languages: read the
snapshot when a message changes. `pytest tests/faces/test_gallery.py --snapshot-update` redraws it.
"""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from siyu.diagnostics import Diagnostic
from siyu.faces.catalogue import classes
from siyu.faces.pages import message_for
from siyu.locale import speech
from siyu.words import TONGUES


@pytest.mark.parametrize("kind", classes(), ids=lambda kind: kind.code)
def test_gallery(kind: type[Diagnostic], snapshot: SnapshotAssertion) -> None:
    drawn = [message_for(kind, speech(tongue)) for tongue in TONGUES]
    assert "\n\n".join(drawn) + "\n" == snapshot
