"""`python -m tests.server`, or `python tests/server` from anywhere."""

import sys
from pathlib import Path

if not __package__:
    # Run as a path, the folder itself is on sys.path and the root is not.
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests.server.app import main

main()
