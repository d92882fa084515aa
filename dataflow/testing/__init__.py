"""What tests of an operator need: a serving that answers by a script, and a run that leaves nothing behind."""

from dataflow.testing.scripted import Reply, ScriptedServing
from dataflow.testing.trial import Trial, try_operator

__all__ = ["Reply", "ScriptedServing", "Trial", "try_operator"]
