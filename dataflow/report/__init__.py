"""What is in a dataset, in figures and pictures: one HTML page, and the dataset card. `job.report` is the way in."""
