"""What others build on stays as it is, or CHANGELOG says so."""

from __future__ import annotations

from tests.public_api import FILE, lines


def test_public_names_take_what_they_took() -> None:
    told = "what is public has changed: say so in CHANGELOG, then `python -m tests.public_api` and commit the file"
    assert list(lines()) == FILE.read_text().splitlines(), told
