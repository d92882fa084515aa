"""The work on samples: generate, refine, filter, evaluate."""

from dataflow.operators.base import Operator

__all__ = ["Operator"]
