"""Models on this machine. An engine runs in a process of its own; what is here starts it, feeds it and restarts it.

`serving.py` and the two servings beside it live in the user's process; `host.py`, the two engines and what these import
live in the engine's.
"""
