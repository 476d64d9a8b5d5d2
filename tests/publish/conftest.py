"""What the tests of feeds share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.publish.feed_cases import make_folder
from voicecoach.model.session import Outcome


@pytest.fixture(scope="session")
def course_folder(build_text: Callable[[str], Outcome], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of short sessions in seasons; nothing may be written into it."""
    return make_folder(tmp_path_factory.mktemp("course"), build_text)
