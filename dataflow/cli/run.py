"""`dataflow run`: a pipeline on a dataset, or a script."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dataflow.cli import complete
from dataflow.cli.options import (
    AllowPrivateUrls,
    ApiUrl,
    CaBundle,
    CsvSafe,
    Detail,
    DryRun,
    ExtraBody,
    FollowLinks,
    Format,
    Frames,
    Fresh,
    Header,
    ImageFormats,
    Input,
    Json,
    LedgerPath,
    Limit,
    LogFile,
    MaxCost,
    MaxImagePixels,
    MaxRequests,
    MaxTokens,
    MaxTotalTokens,
    MaxWorkers,
    Model,
    NumQa,
    Output,
    Patience,
    Prefix,
    Price,
    Prompt,
    Quiet,
    RequestsPerMinute,
    Sample,
    Seed,
    Set,
    System,
    Temperature,
    Timeout,
    TokensPerMinute,
    TopP,
    Verbose,
)


def run(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="PIPELINE|SCRIPT.py",
            help="A pipeline of `dataflow list pipelines`, or a script; what stands behind a script goes to it.",
            autocompletion=complete.pipelines,
        ),
    ],
    input: Input = None,
    output: Output = None,
    model: Model = "embedded",
    api_url: ApiUrl = None,
    header: Header = None,
    ca_bundle: CaBundle = None,
    max_workers: MaxWorkers = None,
    timeout: Timeout = None,
    patience: Patience = None,
    requests_per_minute: RequestsPerMinute = None,
    tokens_per_minute: TokensPerMinute = None,
    limit: Limit = None,
    sample: Sample = None,
    prompt: Prompt = None,
    system: System = None,
    frames: Frames = None,
    temperature: Temperature = None,
    top_p: TopP = None,
    max_tokens: MaxTokens = None,
    seed: Seed = None,
    detail: Detail = None,
    image_formats: ImageFormats = None,
    max_image_pixels: MaxImagePixels = None,
    extra_body: ExtraBody = None,
    num_qa: NumQa = None,
    set_: Set = None,
    prefix: Prefix = None,
    format: Format = "jsonl",
    csv_safe: CsvSafe = False,
    fresh: Fresh = False,
    ledger: LedgerPath = None,
    allow_private_urls: AllowPrivateUrls = False,
    follow_links: FollowLinks = False,
    max_cost: MaxCost = None,
    max_total_tokens: MaxTotalTokens = None,
    max_requests: MaxRequests = None,
    price: Price = None,
    dry_run: DryRun = False,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = 0,
    log_file: LogFile = None,
) -> None:
    """Run a pipeline. The same command again goes on where it stopped, and asks nothing twice.

    Without --input it takes sample data, without --model the embedded serving, which needs no key, no GPU and no
    network.

    Exit codes: 0 all done, 1 could not run, 2 wrong usage, 3 done but some samples failed, 4 stopped before the end
    and can be resumed, 130 interrupted (143 by SIGTERM, 129 by SIGHUP) and can be resumed. A dry run ends
    with 3 where no sample would come through.
    """
    from dataflow.cli.job import PipelineJob, run_pipeline
    from dataflow.cli.left_over import further_inputs
    from dataflow.cli.logs import logs
    from dataflow.cli.memory import use_one_arena
    from dataflow.cli.settings import json_object, operator_settings, parse_price
    from dataflow.engine.budget import Caps
    from dataflow.engine.options import RunOptions
    from dataflow.serving.openai_api.headers import parse_headers

    further = further_inputs(name, context.args)
    use_one_arena()
    settings = operator_settings(name, prompt, system, frames, num_qa, set_ or [])
    job = PipelineJob(
        name=name,
        inputs=[*(input or ()), *further],
        output=output or Path("outputs") / name,
        model=model,
        serving={
            "api_url": api_url or None,
            "max_workers": max_workers,
            "timeout": timeout,
            "patience": patience,
            "requests_per_minute": requests_per_minute,
            "tokens_per_minute": tokens_per_minute,
            "temperature": temperature,
            "top_p": top_p,
            "max_tokens": max_tokens,
            # With --sample it is the draw's, too, which suits a serving that takes none.
            "seed": None if sample is not None and model == "embedded" else seed,
            "detail": detail,
            "image_formats": image_formats,
            "max_image_pixels": max_image_pixels,
            "extra_body": json_object("--extra-body", extra_body) if extra_body is not None else None,
            "headers": parse_headers(header) if header else None,
            "ca_bundle": ca_bundle,
        },
        settings=settings,
        prefix=prefix or name,
        format=format,
        options=RunOptions(
            limit=limit,
            sample=sample,
            seed=seed or 0,
            ledger=ledger,
            fresh=fresh,
            quiet=quiet,
            caps=Caps(max_cost, max_total_tokens, max_requests, parse_price(price) if price else None),
            allow_private_urls=allow_private_urls,
            follow_links=follow_links,
            csv_safe=csv_safe,
        ),
    )
    with logs(verbose, log_file):
        if dry_run:
            from dataflow.cli.dry_run import dry_run as estimate

            raise typer.Exit(estimate(job, as_json=json))
        raise typer.Exit(run_pipeline(job, as_json=json))
