"""How much there is of a run that has not come to its end, and why."""

from __future__ import annotations

from dataflow.runs.dataset import DatasetFiles


def tell_partial(source: DatasetFiles, rows: int) -> tuple[int | None, str]:
    """How many samples are missing, where that is known, and what there is in words.

    Args:
        source: whose rows come from a spool.
        rows: how many were read there.
    """
    counts = source.manifest.get("counts", {})
    finished, failed, rejected = (int(counts.get(name, 0)) for name in ("finished", "failed", "rejected"))
    # Where one sample gives one row, the rows are counted; the manifest of a killed run is some seconds old.
    one_each = counts.get("written", 0) + failed + rejected == finished
    complete = rows if one_each else finished - failed - rejected
    total = int(counts.get("samples", 0))
    aside = ", ".join(f"{count} {name}" for name, count in (("failed", failed), ("rejected", rejected)) if count)
    how = _how(source)
    cure = "The same command as before goes on from here"
    if total <= complete + failed + rejected:  # the run had not counted its input, or was stopped before its first word
        return None, f"{complete:,} samples; the run {how}; how many are missing is not known. {cure}"
    told = f"{complete:,} of {total:,} samples{f' ({aside})' if aside else ''}; the run {how}. {cure}"
    return total - complete - failed - rejected, told


def _how(source: DatasetFiles) -> str:
    message = str(source.manifest.get("message", "")).rstrip(".")
    if source.going:
        return "goes on"
    if source.state in ("stopped", "failed"):
        return f"was stopped: {message}" if message else "was stopped"
    return "was killed"
