"""`python -m dataflow`: the command line, where the command itself is not on the path."""

from dataflow.cli import main

main()
