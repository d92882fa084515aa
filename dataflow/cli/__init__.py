"""The command line: `dataflow`, also called `dataflowmm`. One file per subcommand."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from signal import SIGINT, Signals

__all__ = ["main"]


def main() -> None:
    """Run the command line. A user's mistake ends in one line on stderr and the exit code of its kind."""
    from dataflow.cli.streams import guarded_streams
    from dataflow.core.errors import DataFlowError
    from dataflow.core.folder import GONE, is_gone
    from dataflow.core.stop_signals import exit_code_of
    from dataflow.core.terminal import say, say_error

    with guarded_streams():
        try:
            _run(sys.argv[1:])
        except DataFlowError as error:
            say_error(error)
            sys.exit(error.exit_code)
        except KeyboardInterrupt as pressed:
            code = exit_code_of(pressed)
            by = f" by {Signals(code - 128).name}" if code - 128 != SIGINT else ""
            say(f"error: interrupted{by}; the same command goes on")
            sys.exit(code)
        except FileNotFoundError:
            if not is_gone():
                raise
            say(f"error: {GONE}")
            sys.exit(1)


def _run(words: Sequence[str]) -> None:
    if len(words) > 1 and words[0] == "run" and words[1].endswith(".py"):
        # All that stands behind a script is its own, options that we have too included.
        from dataflow.cli.script import run_script

        run_script(words[1], words[2:])
    else:
        from dataflow.cli.app import app
        from dataflow.core.causes import causes_of
        from dataflow.core.stop_signals import heard

        called = Path(sys.argv[0]).stem
        with heard(own_process=True):
            try:
                app(prog_name=called if called == "dataflowmm" else "dataflow")
            except SystemExit as ended:
                # typer knows Ctrl-C alone: it would end with its code whatever the signal, and without a word
                if pressed := next((one for one in causes_of(ended) if isinstance(one, KeyboardInterrupt)), None):
                    raise pressed from None
                raise
