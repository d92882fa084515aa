"""A local serving on the echo engine, for tests of all that stands between a serving and its engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dataflow.media.image_limits import MAX_IMAGE_PIXELS
from dataflow.serving.local.serving import LocalServing


class EchoServing(LocalServing):
    """Says back what it is asked.

    Args:
        settings: of the engine.
    """

    engine = "tests.serving.echo_engine:EchoEngine"

    def __init__(self, model: str = "echo/echo", max_workers: int = 8, **settings: Any) -> None:
        super().__init__(model, None, None, {"temperature": 0.5}, max_workers, 2048, 448, MAX_IMAGE_PIXELS)
        self._settings = settings

    @property
    def identity(self) -> Mapping[str, Any]:
        return {"serving": "echo", **super().identity}

    def settings(self) -> Mapping[str, Any]:
        return self._settings

    def check(self) -> None:
        """It is always there."""
