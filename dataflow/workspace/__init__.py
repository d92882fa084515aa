"""What `dataflow init` lays down: scripts to change, and sample data that needs no download."""

from dataflow.workspace.inputs import sample_input
from dataflow.workspace.lay import Laid, lay
from dataflow.workspace.next_steps import next_steps

__all__ = ["Laid", "lay", "next_steps", "sample_input"]
