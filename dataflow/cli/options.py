"""The options of `dataflow run`, with what `--help` says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dataflow.cli import complete

Input = Annotated[
    list[str] | None,
    typer.Option(
        "--input",
        "-i",
        help="json, jsonl, csv or parquet file, or its address (https://, s3://, ...); hf:OWNER/NAME:SPLIT; a folder "
        "or glob of images and videos; - for standard input. Several are read one after the other; further images and "
        "videos may stand behind, as the shell makes them of a glob.",
        show_default="sample data",
    ),
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Output folder.", show_default="outputs/NAME")]
Prefix = Annotated[str | None, typer.Option(help="How the data file's name begins.", show_default="NAME")]
Format = Annotated[
    str, typer.Option(help="Of the data file: jsonl, json, csv or parquet.", autocompletion=complete.formats)
]
CsvSafe = Annotated[
    bool,
    typer.Option("--csv-safe", help="In csv, write text that begins with = + - @ so that no spreadsheet runs it."),
]
Sample = Annotated[
    int | None,
    typer.Option(min=1, help="Take N samples at random; the same --seed draws the same ones, and more hold fewer."),
]
Limit = Annotated[int | None, typer.Option(min=1, help="Take only the first N samples.")]

Model = Annotated[
    str,
    typer.Option(
        "--model",
        "-m",
        autocompletion=complete.models,
        help="embedded, openai/NAME (with --api-url), vllm/NAME or transformers/NAME (a folder or hub name), or what a "
        "package adds; each with ?KEY=VALUE&... for its parameters, such as 'openai/NAME?max_side=1024'.",
    ),
]
ApiUrl = Annotated[
    list[str] | None,
    typer.Option(
        help="The endpoint, http://host/v1; several share the work.", show_default="OPENAI_BASE_URL, else OpenAI's"
    ),
]
Header = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME:VALUE",
        help="Sent with every request, in single quotes: 'X-Team: $MY_TEAM' takes the value from the environment. "
        "Values are written nowhere.",
    ),
]
CaBundle = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Certificates of your own authorities (PEM), trusted beside the system's."),
]
MaxWorkers = Annotated[
    int | None, typer.Option(min=1, help="Requests in flight at most.", show_default="64 for an API")
]
Timeout = Annotated[float | None, typer.Option(min=0.1, help="Seconds until a request is given up and asked again.")]
Temperature = Annotated[float | None, typer.Option(min=0.0, help="Sent only when given, as all of these.")]
TopP = Annotated[float | None, typer.Option(min=0.0, max=1.0, help="Sample from the likeliest words only.")]
Seed = Annotated[
    int | None,
    typer.Option(help="Makes sampling repeatable, where the endpoint or engine supports it; and the draw of --sample."),
]
ExtraBody = Annotated[
    str | None, typer.Option(metavar="JSON", help="Further fields of the request body, such as '{\"top_k\": 20}'.")
]
Detail = Annotated[
    str | None,
    typer.Option(
        metavar="low|high|auto|original",
        help="How closely the model looks at images.",
        autocompletion=complete.details,
    ),
]
ImageFormats = Annotated[
    str | None,
    typer.Option(
        metavar="jpeg,png,webp",
        help="Formats that the endpoint reads; images in others are re-encoded.",
        show_default="jpeg,png",
    ),
]
MaxImagePixels = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Larger images are read at reduced scale where their format can, and fail otherwise.",
        show_default="100 million",
    ),
]
MaxTokens = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="The longest answer, in tokens. Text that this cuts off is set aside; --set keep_cut_off=true keeps it.",
    ),
]

Prompt = Annotated[
    str | None,
    typer.Option(help="The prompt: text with {column}s of the dataset, or a file of it. JSON in it stays as it is."),
]
System = Annotated[str | None, typer.Option(help="The system text: text, or a file of it.")]
Frames = Annotated[
    str | None,
    typer.Option(
        metavar="PLAN",
        help="Which frames of a video the model sees: uniform:N, uniform:N:keyframe, fps:RATE:MAX, keyframes:MAX, "
        "shots:PER_SHOT:MAX.",
        show_default="uniform:16",
        autocompletion=complete.plans,
    ),
]
NumQa = Annotated[int | None, typer.Option(min=1, help="Question-answer pairs per sample.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Any other operator parameter or key; Operator.KEY=VALUE for one."),
]

Fresh = Annotated[bool, typer.Option("--fresh", help="Ask everything anew, whatever was answered before.")]
LedgerPath = Annotated[
    Path | None, typer.Option("--ledger", help="Where answers are kept.", show_default="ledger.sqlite in the output")
]
AllowPrivateUrls = Annotated[
    bool, typer.Option("--allow-private-urls", help="URLs in the dataset may lead into your own network.")
]
FollowLinks = Annotated[
    bool,
    typer.Option("--follow-links", help="Links in the dataset's folders may lead out of them: they are yours."),
]
MaxCost = Annotated[float | None, typer.Option(min=0.0, help="Stop at so many dollars; resumable.")]
MaxTotalTokens = Annotated[int | None, typer.Option(min=1, help="Stop at so many tokens, read and written; resumable.")]
MaxRequests = Annotated[int | None, typer.Option(min=1, help="Stop at so many answered requests; resumable.")]
Price = Annotated[
    str | None,
    typer.Option(
        metavar="IN,OUT[,CACHED]",
        help="Dollars per million tokens read, written, and read from the endpoint's cache.",
        show_default="the list price",
    ),
]
RequestsPerMinute = Annotated[float | None, typer.Option(min=1.0, help="Ask no faster than this.")]
TokensPerMinute = Annotated[float | None, typer.Option(min=1.0, help="Ask no faster than this, images estimated.")]
Patience = Annotated[
    float | None,
    typer.Option(
        min=0.0,
        help="Seconds for which one request is asked again; waits that the endpoint asks for are not counted.",
        show_default="900",
    ),
]

DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run", help="Ask nothing; show the first request, tokens and cost at an estimate, and what would fail."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the summary as JSON on stdout.")]
Verbose = Annotated[
    int,
    typer.Option(
        "--verbose",
        "-v",
        count=True,
        help="Tell what is waited for, retried, refused and given up; -vv tells more.",
        show_default=False,
    ),
]
LogFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Add the same to a file, with times. Holds no secrets.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
