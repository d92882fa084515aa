"""Operators that make data of what a model wrote. They ask nothing."""
