"""Moves samples: the runner, the ledger, the budget, and what comes in and goes out."""
