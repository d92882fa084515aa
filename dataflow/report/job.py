"""A report from beginning to end: rows and side files are read once, media are looked into, a page is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dataflow.core import Sample
from dataflow.core.loop import run_blocking
from dataflow.export.columns import columns_of
from dataflow.report.card import card
from dataflow.report.counts import TopCounts
from dataflow.report.figures import Figures, told_in
from dataflow.report.gathered import Gathered
from dataflow.report.media import MediaFacts, Thumbnail, look_into, thumbnails
from dataflow.report.near import Cluster
from dataflow.report.page import page
from dataflow.report.process import gather_process
from dataflow.runs.dataset import DatasetFiles, find_dataset
from dataflow.runs.seal import what_is_odd
from dataflow.storage.atomic import atomic_file
from dataflow.storage.review import read_review, review_path
from dataflow.storage.review_places import Places

CLUSTERS_SHOWN = 6
MEMBERS_SHOWN = 2
LONGEST_QUOTE = 240
TOLD_EVERY = 500


def gather(
    path: Path,
    seed: int = 0,
    gallery: int = 12,
    progress: Callable[[str], None] = lambda told: None,
    follow_links: bool = False,
) -> Gathered:
    """Read a dataset.

    Args:
        path: a data file, or the folder of a run, finished or not.
        seed: of the draws for the gallery and the look into media.
        gallery: how many samples to show.
        progress: told now and then what is being done.
        follow_links: look at media behind links that lead out of the dataset's folders, too.

    Raises:
        InputError: there is no dataset.
    """
    source = find_dataset(path, follow_links)
    figures = Figures(columns_of(source.manifest), seed, gallery)
    warnings = what_is_odd(source.data_file)
    places = Places(read_review(review_path(source.data_file)))
    for number, row in enumerate(source.rows(warnings.append)):
        figures.add(row)
        places.see_row(number, row)
        if figures.rows % TOLD_EVERY == 0:
            progress(f"reading, {figures.rows:,} samples")
    progress("looking for near-duplicates")
    clusters = figures.near.clusters()
    process = gather_process(source)
    progress("looking into media")
    media, shown = run_blocking(_look(figures, source))
    gathered = Gathered(
        source,
        figures,
        process,
        media,
        shown,
        _quoted(source, figures, clusters[:CLUSTERS_SHOWN]),
        sum(cluster.size for cluster in clusters),
        _reviewed(places),
        seed,
        warnings,
    )
    figures.near.close()
    return gathered


def write_report(gathered: Gathered, out: Path) -> Path:
    """Write the page, whole or not at all.

    Raises:
        OutputError: it cannot be written.
    """
    with atomic_file(out) as file:
        file.write(page(gathered).encode())
    return out


def write_card(gathered: Gathered, out: Path) -> Path:
    """Write the dataset card, whole or not at all.

    Raises:
        OutputError: it cannot be written.
    """
    with atomic_file(out) as file:
        beside = out.absolute().parent == gathered.source.data_file.absolute().parent
        file.write(card(gathered, beside).encode())
    return out


async def _look(
    figures: Figures, source: DatasetFiles
) -> tuple[dict[str, MediaFacts], list[tuple[Sample, list[Thumbnail]]]]:
    media = {kind: await look_into(draw, source.locate) for kind, draw in figures.media.items() if len(draw)}
    rows = figures.drawn_rows()
    return media, [(row, await thumbnails(row, figures.names, source.locate)) for row in rows]


def _quoted(
    source: DatasetFiles, figures: Figures, clusters: list[Cluster]
) -> list[tuple[Cluster, list[tuple[str, str]]]]:
    """The beginnings of texts of the largest clusters, read from the dataset once more."""
    wanted = {place for cluster in clusters for place in cluster.members[:MEMBERS_SHOWN]}
    quotes: dict[int, tuple[str, str]] = {}
    if wanted:
        rows = (row for row in source.rows() if isinstance(row, dict))
        for place, row in enumerate(rows):
            if place in wanted:
                quotes[place] = (str(row["id"]), _beginning(row, figures))
                if len(quotes) == len(wanted):
                    break
    return [
        (cluster, [quotes[place] for place in cluster.members[:MEMBERS_SHOWN] if place in quotes])
        for cluster in clusters
    ]


def _beginning(row: Sample, figures: Figures) -> str:
    for column, pairs, context in told_in(row, figures.names):
        if context or not pairs:
            return str(context or row[column])[:LONGEST_QUOTE]
    told = told_in(row, figures.names)
    return " · ".join(question for _, pairs, _ in told for question, _, _ in pairs)[:LONGEST_QUOTE]


def _reviewed(places: Places) -> TopCounts:
    places.settle()
    found = places.counts()
    counts = TopCounts()
    for name, count in (("accepted", found.accepted), ("rejected", found.rejected), ("edited", found.edited)):
        if count:
            counts.add(name, count)
    return counts
