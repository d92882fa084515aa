"""What the media tests share: a folder of generated clips, made once per session."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.media.media_clips import CLIPS


class ClipFolder:
    """Clips by name, made when first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known = {clip.name: clip for clip in CLIPS}

    def __getitem__(self, name: str) -> Path:
        return self._known[name].make(self._folder)


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> ClipFolder:
    return ClipFolder(tmp_path_factory.mktemp("clips"))
