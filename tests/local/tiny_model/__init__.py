"""A small real vision-language model for tests: real architecture, real processor, random weights made on the spot."""
