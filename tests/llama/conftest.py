"""llama.cpp's server, started once for all tests."""

from __future__ import annotations

import pytest

from tests.llama.server import start_llama_server

CONTEXT = 4096


@pytest.fixture(scope="session")
def llama_server(tmp_path_factory):
    """The base address of llama.cpp's server with a small model of text."""
    with start_llama_server(tmp_path_factory.mktemp("llama"), CONTEXT) as url:
        yield url
