"""The serving without a model: it measures light, colour, motion and time, and answers from nothing else."""

from dataflow.serving.embedded.serving import EmbeddedVLMServing

__all__ = ["EmbeddedVLMServing"]
