"""Datasets in the formats that trainers read, with what reviewers decided applied. `export` is the way in."""
