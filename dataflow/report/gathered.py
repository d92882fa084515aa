"""What was gathered of a dataset: the page, its sections and the card are made of it, and of nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field

from dataflow.core import Sample
from dataflow.report.counts import TopCounts
from dataflow.report.figures import Figures
from dataflow.report.media import MediaFacts, Thumbnail
from dataflow.report.near import Cluster
from dataflow.report.process import Process
from dataflow.runs.dataset import DatasetFiles


@dataclass(slots=True)
class Gathered:
    """All that a page and a card are made of.

    Args:
        source: the dataset.
        figures: over its rows.
        process: over the side files of its run.
        media: by kind, what was found in the drawn ones.
        gallery: drawn rows with their small pictures.
        near: clusters of nearly equal samples, with (id, beginning of its text) of some members.
        near_rows: how many samples are in any cluster.
        reviewed: decisions of reviewers, by verdict.
        seed: of the draws.
    """

    source: DatasetFiles
    figures: Figures
    process: Process
    media: dict[str, MediaFacts]
    gallery: list[tuple[Sample, list[Thumbnail]]]
    near: list[tuple[Cluster, list[tuple[str, str]]]]
    near_rows: int
    reviewed: TopCounts
    seed: int
    warnings: list[str] = field(default_factory=list)

    @property
    def state(self) -> str:
        """How the run ended, as its manifest says; a data file of no run is a dataset."""
        return self.source.state or "dataset"
