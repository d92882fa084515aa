"""What a run shows in a notebook: a bar while it goes on, and its result as a table. Needs no package for it."""

from __future__ import annotations

import sys


def in_notebook() -> bool:
    """Whether this is a notebook's kernel: IPython that sends what it shows to a page. Loads nothing to find out."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None and hasattr(ipython, "get_ipython") else None
    return getattr(shell, "kernel", None) is not None
