"""The names under which a machine knows itself."""

from __future__ import annotations

LOOPBACK = ("127.0.0.1", "localhost", "::1")
WILDCARDS = ("0.0.0.0", "::")
"""Addresses that stand for all of a machine's own."""
