"""Operators that ask a model for something new."""
