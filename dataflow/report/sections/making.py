"""How it was made: requests by prompt, their tokens and latency, and the run's manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dataflow.report.html import Html, tag
from dataflow.report.numbers import duration, plural, short
from dataflow.report.parts import FEWEST_DRAWN, Section, facts, grid, panel, spread_panel, table
from dataflow.runs.spent import so_far_line, spent_line

if TYPE_CHECKING:
    from dataflow.report.gathered import Gathered
    from dataflow.report.process import Asked


def making(gathered: Gathered) -> Section | None:
    """Requests, and the manifest."""
    asked, manifest = gathered.process.asked, gathered.source.manifest
    if not asked and not manifest:
        return None
    body: list[Html] = []
    if asked:
        body.append(table(_HEADS, [_row(*entry) for entry in asked.items()], range(2, 10)))
        body.append(tag("p", _EXPLAINED, class_="quiet"))
        body.append(grid(_plots(asked), small=True))
    if manifest:
        body.append(panel("The run", facts(_manifest(manifest)), wide=True))
    return "making", "How it was made", body


_HEADS = (
    "Operator and prompt",
    "model",
    "fresh",
    "ledger",
    "again",
    "cut off",
    "read",
    "written",
    "50 % in",
    "95 % in",
)
_EXPLAINED = (
    "fresh: answered by a model in this run. again: answers to a second or later attempt. cut off: by the token limit. "
    "read, written: tokens of a request on average. 50 % in, 95 % in: that share of fresh answers came within."
)


def _row(name: tuple[str, str], asked: Asked) -> tuple[object, ...]:
    operator, prompt = name
    latency = [duration(asked.latency.quantile(share)) if asked.latency.count else "–" for share in (0.5, 0.95)]
    return (
        [operator, " ", tag("span", prompt, class_="quiet")],
        ", ".join(model for model, _ in asked.models.most(3)),
        f"{asked.fresh:,}",
        f"{asked.kept:,}",
        f"{asked.again:,}",
        f"{asked.truncated:,}",
        short(round(asked.input_tokens.mean)),
        short(round(asked.output_tokens.mean)),
        *latency,
    )


def _plots(asked: dict[tuple[str, str], Asked]) -> list[Html]:
    panels = []
    for (_, prompt), one in list(asked.items())[:4]:
        if one.latency.count >= FEWEST_DRAWN:
            panels.append(spread_panel(f"Latency, {prompt}", one.latency, "seconds", duration))
        if one.output_tokens.count >= FEWEST_DRAWN:
            panels.append(spread_panel(f"Tokens written, {prompt}", one.output_tokens, "tokens"))
    return panels


def _manifest(manifest: dict[str, Any]) -> list[tuple[str, object]]:
    """What of the manifest tells how to make the dataset again."""
    pairs: list[tuple[str, object]] = []
    command = manifest.get("command")
    if isinstance(command, list) and command:
        words = [str(word) for word in command]
        pairs.append(("command", tag("code", " ".join([words[0].rpartition("/")[2], *words[1:]]))))
    counts = manifest.get("counts") or {}
    if counts.get("samples"):
        done = f"{counts.get('finished', 0):,} of {plural(counts['samples'], 'sample')}"
        pairs.append(("samples", f"{done}, {counts.get('written', 0):,} rows written"))
    if manifest.get("so_far"):
        if (manifest.get("tokens") or {}).keys() >= {"input", "output"}:
            pairs.append(("spent by this run", spent_line(manifest)))
        pairs.append(("spent so far", so_far_line(manifest["so_far"])))
    for serving in manifest.get("servings", ()):
        told = [f"{name} {value}" for name, value in serving.items() if name != "params" and value not in (None, "")]
        told += [f"{name} {value}" for name, value in (serving.get("params") or {}).items()]
        pairs.append(("serving", ", ".join(told)))
    prompts = manifest.get("prompts") or {}
    if prompts:
        digests = [tag("span", name, " ", tag("code", digest)) for name, digest in prompts.items()]
        pairs.append(("prompts", tag("span", digests, class_="list")))
    versions = [f"{name} {version}" for name, version in (manifest.get("versions") or {}).items()]
    host = manifest.get("host") or {}
    versions += [f"Python {host['python']}"] if host.get("python") else []
    pairs.append(("versions", ", ".join(versions)))
    moments = [str(manifest[key]).replace("T", " ")[:19] for key in ("started", "updated") if manifest.get(key)]
    pairs.append(("time", " to ".join(moments) + " UTC"))
    pairs += [("warning", warning) for warning in manifest.get("warnings") or ()]
    return pairs
