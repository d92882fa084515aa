"""The pages of the site: `make docs` holds their links, and this that none is forgotten."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_page_can_be_found_from_the_sites_navigation() -> None:
    named = re.findall(r"^  - [^:]+: (\S+\.md)$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE)
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").glob("*.md")]
    assert sorted(named) == sorted([*pages, "decisions/index.md"])


def test_the_first_page_names_commands_that_there_are() -> None:
    named = re.findall(r"dataflow ([a-z]+)", (ROOT / "docs/index.md").read_text())
    there = re.findall(r'app\.command\("(\w+)"', (ROOT / "dataflow/cli/app.py").read_text())
    assert named and set(named) <= set(there)
