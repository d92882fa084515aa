"""How many tokens a model reads: the published rules, one file per family of models. Estimates, no bills."""
