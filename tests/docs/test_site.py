"""The pages of the site: `make docs` holds their links, and this that none is forgotten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_every_page_can_be_found_from_the_sites_navigation() -> None:
    named = re.findall(r"^  - [^:]+: (\S+\.md)$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE)
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").glob("*.md")]
    assert sorted(named) == sorted([*pages, "decisions/index.md"])


@pytest.mark.parametrize("page", ["AGENTS.md", "docs/index.md", "docs/llms.txt"])
def test_commands_and_pages_that_are_named_are_there(page: str) -> None:
    text = (ROOT / page).read_text()
    there = re.findall(r'app\.command\("(\w+)"', (ROOT / "dataflow/cli/app.py").read_text())
    named = re.findall(r"\bdataflow ([a-z]+)\b", text)
    assert named and set(named) <= set(there)
    assert [link for link in re.findall(r"\]\(([\w./]+)\)", text) if not (ROOT / "docs" / link).exists()] == []
