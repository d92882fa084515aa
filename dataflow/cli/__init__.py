"""The command line: `dataflow`, also called `dataflowmm`. One file per subcommand."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line. A user's mistake ends in one line on stderr and the exit code of its kind."""
    from dataflow.core.errors import DataFlowError

    try:
        words = sys.argv[1:]
        if len(words) > 1 and words[0] == "run" and words[1].endswith(".py"):
            # All that stands behind a script is its own, options that we have too included.
            from dataflow.cli.script import run_script

            run_script(words[1], words[2:])
        else:
            from dataflow.cli.app import app

            app(prog_name="dataflow")
    except DataFlowError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
