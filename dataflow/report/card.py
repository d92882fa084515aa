"""The dataset card: a README in the form of the Hugging Face Hub, front matter first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataflow.export.card_parts import front_matter, line, making
from dataflow.report.numbers import percent, short
from dataflow.report.sections.head import MOST_KINDS, models_of
from dataflow.runs.kinds import failed_in_words

if TYPE_CHECKING:
    from dataflow.report.gathered import Gathered


def card(gathered: Gathered, beside: bool) -> str:
    """The text of the card.

    Args:
        gathered: the dataset.
        beside: the card stands beside the data file, and may name it.
    """
    parts = [_front(gathered, beside), f"# {line(gathered.source.name)}", _summary(gathered), _contents(gathered)]
    parts += [_fields(gathered), _making(gathered), _limits(gathered)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _front(gathered: Gathered, beside: bool) -> str:
    figures, source = gathered.figures, gathered.source
    files = {"train": source.data_file.name} if beside and not source.is_partial else {}
    return front_matter(source.name, figures.rows, figures.images.count > 0, figures.videos.count > 0, files)


def _summary(gathered: Gathered) -> str:
    figures = gathered.figures
    held = [f"{figures.words[name].count:,} {name}s" for name in ("caption", "article") if figures.words[name].count]
    if figures.pairs.count:
        held.append(f"{figures.words['question'].count:,} question-answer pairs")
    about = [
        f"{figures.repeats[kind].distinct():,} {kind}s" for kind in ("video", "image") if figures.repeats[kind].count
    ]
    told = f"{figures.rows:,} samples" + (f" with {_list(held)}" if held else "")
    told += f" about {_list(about)}" if about else ""
    models = models_of(gathered)
    made = f" They were written by {_list([f'`{line(model)}`' for model in models])}" if models else ""
    return f"{told}.{made}{', not by people.' if models else ''}"


def _contents(gathered: Gathered) -> str:
    figures = gathered.figures
    rows = [
        f"| {name}s | {spread.count:,} | {short(spread.quantile(0.5))} | {short(spread.quantile(0.9))} |"
        for name, spread in figures.words.items()
        if spread.count
    ]
    parts = []
    if rows:
        parts.append("\n".join(["| | how many | words, median | words, 90 % |", "|---|---|---|---|", *rows]))
    if figures.labels.total:
        top = [f"{line(label)} ({count:,})" for label, count in figures.labels.most(12)]
        parts.append(f"Types of questions: {', '.join(top)}.")
    durations = gathered.media["video"].seconds if "video" in gathered.media else None
    if durations is not None and durations.count:
        looked = gathered.media["video"].looked
        median, most = short(durations.quantile(0.5)), short(durations.high)
        parts.append(f"Videos last {median} s in the median and at most {most} s ({looked:,} looked into).")
    return "## Contents\n\n" + "\n\n".join(parts) if parts else ""


def _fields(gathered: Gathered) -> str:
    figures = gathered.figures
    if not figures.columns:
        return ""
    rows = []
    for name, column in figures.columns.items():
        kinds = ", ".join(kind for kind, _ in column.kinds.most(3))
        rows.append(f"| `{line(name)}` | {kinds} | {percent(column.filled, figures.rows)} |")
    return "\n".join(["## Fields", "", "| field | holds | filled |", "|---|---|---|", *rows])


def _making(gathered: Gathered) -> str:
    lines, process = making(gathered.source.manifest), gathered.process
    if process.failed.count or process.rejected.count:
        failed = failed_in_words(process.failed.count, dict(process.failed.kinds.most(MOST_KINDS)))
        lines.append(f"- left out: {failed}, {process.rejected.count:,} rejected by an operator")
    return "## How it was made\n\n" + "\n".join(lines) if lines else ""


def _limits(gathered: Gathered) -> str:
    figures = gathered.figures
    lines = ["- Text is machine-generated and may be wrong about what is to be seen."]
    if "embedded" in models_of(gathered):
        lines.append(
            "- The embedded serving is no neural network: it tells what it measured (light, colour, motion, time)."
        )
    if gathered.near_rows:
        share = percent(gathered.near_rows, figures.rows)
        lines.append(f"- {gathered.near_rows:,} samples ({share}) are nearly the same as another.")
    reviewed = [f"{count:,} {verdict}" for verdict, count in gathered.reviewed.most(3)]
    lines.append(f"- Reviewed by people: {', '.join(reviewed) if reviewed else 'none of it'}.")
    lines.append("- The licence of the media holds for them; state it here before publishing.")
    return "## Limits\n\n" + "\n".join(lines)


def _list(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
