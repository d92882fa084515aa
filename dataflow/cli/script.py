"""`dataflow run script.py ...`: a user's own script, with the arguments that stand behind it."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Sequence
from pathlib import Path

from dataflow.core.errors import InputError


def run_script(path: str, arguments: Sequence[str]) -> None:
    """Run a script as `python script.py` would.

    Raises:
        InputError: there is no such file.
    """
    script = Path(path)
    if not script.is_file():
        raise InputError(f"no script {path}: check the path, or lay the ready ones with `dataflow init`")
    sys.argv = [path, *arguments]
    sys.path.insert(0, str(script.resolve().parent))
    runpy.run_path(str(script), run_name="__main__")
