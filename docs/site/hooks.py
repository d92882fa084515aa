"""What the site is given at its making: the help of every command, the list of decisions, links into the repository."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from typer.main import get_command
from typer.testing import CliRunner

from dataflow.cli.app import app
from dataflow.version import PROJECT_URL

_OUT = re.compile(r"\]\(\.\./(?!decisions/)([^)]*)\)")


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """The text of a page as it is shown."""
    if page.file.src_uri == "decisions/index.md":
        return markdown + "".join(map(_decision, sorted(Path(page.file.abs_src_path).parent.glob("0*.md"))))
    if page.file.src_uri == "cli.md":
        markdown += "".join(map(_command, get_command(app).commands))  # type: ignore[attr-defined]
    return markdown if "/" in page.file.src_uri else _OUT.sub(rf"]({PROJECT_URL}/blob/main/\1)", markdown)


def _decision(path: Path) -> str:
    return f"\n- [{path.read_text().partition(chr(10))[0].removeprefix('# ')}]({path.name})"


def _command(name: str) -> str:
    help_ = CliRunner().invoke(app, [name, "--help"], terminal_width=88, prog_name="dataflow").output
    return f"\n## dataflow {name}\n\n```\n{help_.strip()}\n```\n"
