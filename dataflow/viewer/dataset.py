"""A dataset under watch: a thread follows its files as they grow or are replaced, and tells who listens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dataflow.core.causes import said_by
from dataflow.core.errors import DataFlowError, InputError
from dataflow.runs.choose import choose
from dataflow.runs.dataset import DatasetFiles, look
from dataflow.runs.kinds import kinds_in_words
from dataflow.runs.seal import what_is_odd
from dataflow.storage.review import review_path
from dataflow.storage.review_log import ReviewLog
from dataflow.viewer.opened import Opened, stamp

LOOK_SECONDS = 0.5
_TELL_SECONDS = 0.25
_PATIENCE_SECONDS = 3.0
"""How long a reader's first rows are waited for before the others are read."""


class Dataset:
    """The dataset that the page shows.

    Args:
        path: what the user named.
        follow_links: serve media behind links that lead out of their folder.

    Raises:
        InputError: there is nothing to show, or it cannot be read.
    """

    def __init__(self, path: Path, follow_links: bool = False) -> None:
        self.data_file = choose(path).absolute()
        self.follow_links = follow_links
        self.log = ReviewLog(review_path(self.data_file))
        self.problem = ""
        """Why the files cannot be read at the moment, or what is odd about them; empty where all is well."""
        self.opened = Opened(1, look(self.data_file, follow_links), self.log)
        self.opened.find_rows()  # the first ones are there with the first answer; what cannot be read is told at once
        self.place = self.opened.place
        self.on_change: Callable[[dict[str, Any]], None] = lambda summary: None
        self._placing = threading.Lock()
        self._stop = threading.Event()
        self._shown = threading.Event()
        self._odd: list[str] = []
        self._told: dict[str, Any] = {}
        self._told_at = 0.0
        self._thread = threading.Thread(target=self._watch, name="dataset", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def shown(self) -> None:
        """The first rows are on their way to a reader, so that reading all of them no longer keeps these back."""
        self._shown.set()

    def place_of(self, key: str) -> tuple[Opened, int | None]:
        """What is open, and the row number in it of a sample by its `id_key`; None where there is none.

        Waits a while where the rows are still being read. Blocking.
        """
        self.shown()
        end = time.monotonic() + _PATIENCE_SECONDS
        while True:
            opened = self.opened
            number = opened.columns.number_of.get(key)
            if number is not None or opened.complete or time.monotonic() > end or self._stop.wait(0.02):
                return opened, number

    def stop(self) -> None:
        """Stop watching."""
        self._stop.set()
        self._shown.set()
        self._thread.join(timeout=2)

    def summary(self) -> dict[str, Any]:
        """What the top of the page says: counts, the progress of a run, how far the review is."""
        opened, manifest = self.opened, self.place.manifest
        counts = manifest.get("counts")
        keys = ("counts", "tokens", "cost", "seconds", "state", "message", "warnings", "updated")
        return {
            "generation": opened.generation,
            "rows": opened.count("rows"),
            "ready": len(opened.columns),
            "failures": opened.count("failures"),
            "failed_how": kinds_in_words(counts.get("kinds", {})) if isinstance(counts, dict) else "",
            "rejected": opened.count("rejected"),
            "complete": opened.complete,
            "going": self.place.going,
            "unfinished": opened.is_growing and not self.place.going and opened.place.reads is not None,
            "run": {key: manifest[key] for key in keys if key in manifest},
            "review": asdict(opened.review_counts()),
            "reasons": self.log.review.recent_reasons(),
            "problem": self.problem,
        }

    def decided(self) -> None:
        """Take in the decisions that were written, and tell."""
        with self._placing:
            keys = self.opened.place_decisions(self.log.follow())
        if keys:
            self._tell(decided=keys)

    def _watch(self) -> None:
        self._shown.wait(_PATIENCE_SECONDS)
        while not self._stop.is_set():
            try:
                self._look()
                self.problem = "\n".join(self._odd)
            except (DataFlowError, OSError) as error:
                self.problem = said_by(error)
            self._tell()
            self._stop.wait(LOOK_SECONDS)

    def _look(self) -> None:
        place = look(self.data_file, self.follow_links)
        self.place = place
        if place.reads is None and not place.going:
            raise InputError(f"{self.data_file} is not there (any more). What was read of it is still shown")
        if place.reads != self.opened.place.reads or stamp(place.reads) != self.opened.stamp:
            self._reopen(place)
        self.decided()
        opened = self.opened
        if not opened.complete:
            # The rows first: they are what a reader waits for, and quickly found.
            while opened.find_rows():
                self._tell_now_and_then()
            while opened.find_facts() and not self._stop.is_set():
                self._tell_now_and_then()
                time.sleep(0)  # whoever waits to answer a request goes first
            self._odd = [] if opened.is_growing else what_is_odd(self.data_file)
            self.problem = "\n".join(self._odd)
            opened.complete = not opened.is_growing

    def _reopen(self, place: DatasetFiles) -> None:
        self.opened = Opened(self.opened.generation + 1, place, self.log)

    def _tell_now_and_then(self) -> None:
        if time.monotonic() - self._told_at > _TELL_SECONDS:
            self._tell()

    def _tell(self, decided: list[str] | None = None) -> None:
        summary = self.summary()
        if summary != self._told or decided:
            self._told, self._told_at = summary, time.monotonic()
            self.on_change({**summary, "decided": decided} if decided else summary)
