"""One endpoint for all tests of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.config import Config
from tests.servers import ModelServer, start_server


@pytest.fixture(scope="module")
def shared() -> Any:
    with start_server() as server:
        yield server


@pytest.fixture
def server(shared: ModelServer) -> ModelServer:
    """One process for all tests, with the default behaviour and no counts at the start of each."""
    defaults = Config()
    shared.configure(**{name: getattr(defaults, name) for name in Config.__dataclass_fields__})
    shared.reset()
    return shared
