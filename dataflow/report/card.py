"""The dataset card: a README in the form of the Hugging Face Hub, front matter first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dataflow.report.numbers import percent, short
from dataflow.report.sections.head import models_of

if TYPE_CHECKING:
    from dataflow.report.job import Gathered

SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)


def card(gathered: Gathered) -> str:
    """The text of the card."""
    parts = [_front(gathered), f"# {_line(gathered.source.name)}", _summary(gathered), _contents(gathered)]
    parts += [_fields(gathered), _making(gathered), _limits(gathered)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _front(gathered: Gathered) -> str:
    figures = gathered.figures
    has_pairs = figures.pairs.count > 0
    tasks = []
    if figures.videos.count:
        tasks.append("video-text-to-text")
    if figures.images.count:
        tasks += ["visual-question-answering"] if has_pairs else ["image-to-text"]
    lines = ["---", f"pretty_name: {_yaml(gathered.source.name)}"]
    lines += ["annotations_creators:", "- machine-generated", "language_creators:", "- machine-generated"]
    if tasks:
        lines += ["task_categories:", *(f"- {task}" for task in tasks)]
    size = next((name for limit, name in SIZES if figures.rows < limit), "n>10M")
    tags = ["synthetic", "dataflow-mm", *(kind for kind in ("video", "image") if figures.repeats[kind].count)]
    lines += ["size_categories:", f"- {size}", "tags:", *(f"- {tag}" for tag in tags)]
    if gathered.source.data.suffix in (".jsonl", ".json", ".csv", ".parquet"):
        file = _yaml(gathered.source.data.name)
        lines += ["configs:", "- config_name: default", "  data_files:", "  - split: train", f"    path: {file}"]
    return "\n".join([*lines, "---"])


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
    made = f" They were written by {_list([f'`{_line(model)}`' for model in models])}" if models else ""
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
        top = [f"{_line(label)} ({count:,})" for label, count in figures.labels.most(12)]
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
        rows.append(f"| `{_line(name)}` | {kinds} | {percent(column.filled, figures.rows)} |")
    return "\n".join(["## Fields", "", "| field | holds | filled |", "|---|---|---|", *rows])


def _making(gathered: Gathered) -> str:
    manifest, process = gathered.source.manifest, gathered.process
    lines = []
    operators = [str(operator.get("name")) for operator in manifest.get("operators", ())]
    if operators:
        lines.append(f"- operators: {' → '.join(f'`{_line(name)}`' for name in operators)}")
    for serving in manifest.get("servings", ()):
        params = ", ".join(f"{name} {value}" for name, value in (serving.get("params") or {}).items())
        lines.append(f"- model: `{_line(str(serving.get('model')))}`" + (f" ({_line(params)})" if params else ""))
    for name, digest in (manifest.get("prompts") or {}).items():
        lines.append(f"- prompt `{_line(name)}`: digest `{_line(str(digest))}`")
    if versions := manifest.get("versions"):
        lines.append(f"- software: {', '.join(f'{_line(name)} {_line(str(v))}' for name, v in versions.items())}")
    if manifest.get("started"):
        lines.append(f"- begun: {_line(str(manifest['started']))}")
    if process.failed.count or process.rejected.count:
        lines.append(f"- left out: {process.failed.count:,} failed, {process.rejected.count:,} rejected by an operator")
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


def _line(text: str) -> str:
    """A text that stays within its line and cell, and is no markup."""
    return re.sub(r"[\s`|<>\[\]]+", " ", text).strip()[:120]


def _yaml(text: str) -> str:
    """A YAML string in double quotes, whose escapes are those of JSON."""
    import orjson

    return orjson.dumps(text).decode()
