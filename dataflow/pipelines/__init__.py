"""Ready pipelines: what `dataflow run NAME` runs, one file per pipeline."""
