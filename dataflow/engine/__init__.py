"""Moves samples: the runner, the ledger, the limiter, and the files that a run leaves."""
