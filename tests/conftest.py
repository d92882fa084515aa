"""Fixtures for all tests."""

from tests.servers import model_server

__all__ = ["model_server"]
