"""The local page for looking at a dataset and reviewing it: what `dataflow view` serves."""
