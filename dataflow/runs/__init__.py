"""What a run leaves on disk, as its readers find it: names, manifest, which file a path means, its rows so far."""
