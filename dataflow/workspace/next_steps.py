"""What `dataflow init` says at its end: the tree it laid, and what to type next."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from dataflow.core.folder import working_folder
from dataflow.workspace.lay import Laid

LISTED = 4
"""A folder with more files than this is named, its files are not."""

COMMANDS = """\
Try it now; no key, no GPU, no download:
  dataflow run video_qa              captions, questions and answers for the sample clips
  dataflow run video_caption         captions alone
  dataflow run image_vqa             questions and answers for the sample pictures
  dataflow run context_vqa           an article on each of them, and questions that need both
  dataflow run multirole_video_qa    questions on the clips that a draft author, experts and an editor discuss

With a model behind an OpenAI-compatible API, that of `vllm serve` included:
  export DF_API_KEY=...         not needed for an endpoint on this machine
  dataflow run image_vqa --model openai/NAME --api-url URL

The scripts are yours to change: data, model and output stand at the top of each class.
  python api_pipelines/image_vqa.py                               an API
  python pipelines/gpu_pipelines/video_caption_pipeline.py        a GPU, and pip install 'dataflow-mm[vllm]'
  python pipelines/gpu_pipelines/video_qa_pipeline.py             likewise
  python pipelines/gpu_pipelines/multirole_videoqa_pipeline.py    likewise
  python gpu_pipelines/context_vqa.py                             likewise

More pictures (pip install huggingface_hub):
  hf download --repo-type dataset OpenDCAI/dataflow-demo-image --local-dir data
"""


def next_steps(target: Path, laid: Sequence[Laid]) -> str:
    """The text to print after `lay(target)`.

    Args:
        target: the workspace's folder, as the user named it.
        laid: what `lay` returned.
    """
    enter = "" if target.resolve() == working_folder() else f"cd {shlex.quote(str(target))}\n\n"
    return f"{_summary(target, laid)}\n\n{_tree(target, laid)}\n\n{enter}{COMMANDS}"


def _summary(target: Path, laid: Sequence[Laid]) -> str:
    counts = {state: sum(1 for file in laid if file.state == state) for state in ("new", "overwritten", "kept")}
    parts = [f"{count} {state}" for state, count in counts.items() if count]
    hint = " (dataflow init --force replaces the files that were there)" if counts["kept"] else ""
    return f"Workspace {target.resolve()}, {len(laid)} files: {', '.join(parts)}{hint}"


def _tree(target: Path, laid: Sequence[Laid]) -> str:
    """Every path that was laid, a folder of many files as one line; marked when something was there before."""
    lines: list[str] = []
    for folder, group in groupby(laid, key=lambda file: file.path.parent):
        files = list(group)
        if len(files) > LISTED:
            lines.append(f"  {folder.relative_to(target).as_posix()}/ ({len(files)} files){_mark(files)}")
        else:
            lines += [f"  {file.path.relative_to(target).as_posix()}{_mark([file])}" for file in files]
    return "\n".join(lines)


def _mark(files: Sequence[Laid]) -> str:
    states = sorted({file.state for file in files} - {"new"})
    return f"  [{', '.join(states)}]" if states else ""
