"""`jsft s3 ls`, `jsft s3 upload`, `jsft lint`."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import click
import humanize

from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options, setting, settings_option
from jsft_tui.cli.output import EXIT_CODES, bar, level_word, print_json, say, table
from jsft_tui.core.catalog.hyperparameter import errors
from jsft_tui.core.catalog.spec import ModelSpec
from jsft_tui.core.common.errors import ProblemKind, usage
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.common.text import clean
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import DEFAULT_BUDGET, BudgetedDataset, LintReport
from jsft_tui.core.jobs.training_job import iso
from jsft_tui.core.request.build import default_dataset
from jsft_tui.core.run.run import DEFAULT_DATA
from jsft_tui.core.storage.uri import Entry, S3Uri
from jsft_tui.services.session.services import Services
from jsft_tui.services.storage.s3 import looked_at

MOST_ROWS = 1000


@click.group()
@global_options
def s3() -> None:
    """Look at buckets and upload data."""


@s3.command("ls")
@click.argument("uri", required=False)
@click.option("--limit", type=click.IntRange(1), default=MOST_ROWS, show_default=True, help="Rows at the most.")
@global_options
@click.pass_context
def s3_ls(context: click.Context, uri: str | None, limit: int) -> None:
    """List your buckets, or what lies directly below URI."""
    as_json = options_of(context).json
    place = S3Uri.parse(uri) if uri else None
    services = open_services(context)
    if place is None:
        buckets = services.storage.buckets()
        if as_json:
            print_json([{"bucket": b.name, "region": b.region, "created": iso(b.created)} for b in buckets])
            return
        table(("BUCKET", "REGION", "CREATED"), [(b.name, b.region or "-", _day(b.created)) for b in buckets])
        return
    entries = list(islice(services.storage.entries(place), limit + 1))
    if as_json:
        print_json([_entry_document(entry) for entry in entries[:limit]])
    elif entries:
        table(("NAME", "SIZE", "MODIFIED"), [_entry_row(entry, place) for entry in entries[:limit]], right=(1,))
    else:
        say(f"There is nothing under {place}.")
    if len(entries) > limit:
        say(f"Only the first {limit:,} rows; see more with --limit.")


def _entry_document(entry: Entry) -> dict[str, object]:
    return {
        "uri": str(entry.uri),
        "kind": "prefix" if entry.is_prefix else "object",
        "size": entry.size,
        "modified": iso(entry.modified),
        "etag": entry.etag or None,
    }


def _entry_row(entry: Entry, place: S3Uri) -> tuple[str, str, str]:
    name = entry.uri.key.removeprefix(place.key.rpartition("/")[0] + "/" if "/" in place.key else "")
    size = "-" if entry.size is None else humanize.naturalsize(entry.size, binary=True)
    return clean(name), size, _day(entry.modified)


def _day(seconds: float | None) -> str:
    return (iso(seconds) or "-")[:16].replace("T", " ")


@s3.command("upload")
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("uri")
@global_options
@click.pass_context
def s3_upload(context: click.Context, source: Path, uri: str) -> None:
    """Upload a file, or a folder with all that is in it, to URI; what is there already is left out."""
    target = S3Uri.parse(uri)
    services = open_services(context)
    plan = services.uploads.plan(source, target)
    with bar(f"uploading {plan.sends}", plan.total, in_bytes=True) as advance:
        services.uploads.send(plan, advance)
    if options_of(context).json:
        sent = {"uri": str(target), "files": len(plan.files), "bytes": plan.total, "already_there": plan.already}
        print_json(sent)
    else:
        say(plan.done)


@click.command()
@click.argument("model_id", metavar="MODEL")
@click.argument("uri")
@click.option("--max-bytes", type=click.IntRange(1), default=DEFAULT_BUDGET, help="Bytes to read at the most (8 MiB).")
@settings_option
@global_options
@click.pass_context
def lint(context: click.Context, model_id: str, uri: str, max_bytes: int, settings: tuple[str, ...]) -> None:
    """Check a dataset (an S3 URI, or `default`) against what MODEL wants; exit 3 when training would fail.

    What a language model wants depends on its hyperparameters: --set instruction_tuned=True.
    """
    chosen = dict(map(setting, settings))
    place = None if uri == DEFAULT_DATA else S3Uri.parse(uri)
    services = open_services(context)
    spec = services.catalog.spec(model_id)
    if wrong := errors(spec.algorithm_hyperparameters, chosen):
        raise usage(
            "BadHyperparameter",
            "; ".join(map(str, wrong)),
            Remedy("See what it takes", RemedyCommand.HYPERPARAMETERS, model_id),
        )
    place = place or _default_place(services, spec)
    seen = 0
    with bar("reading", max_bytes, in_bytes=True) as advance:

        def on_progress(data: BudgetedDataset) -> None:
            nonlocal seen
            advance(data.bytes_read - seen)
            seen = data.bytes_read

        report = services.storage.lint(DataQuestion.of(spec, chosen), place, max_bytes, on_progress=on_progress)
    if options_of(context).json:
        print_json(_report_document(report))
    else:
        _print_report(report)
    if report.verdict is Level.BLOCK:
        context.exit(EXIT_CODES[ProblemKind.BLOCKED])


def _default_place(services: Services, spec: ModelSpec) -> S3Uri:
    uri = default_dataset(spec, services.somewhere())
    if uri is None:
        raise usage("NoDefaultDataset", f"{spec.model_id} has no default dataset.", "Name an S3 URI.")
    return S3Uri.parse(uri)


def _report_document(report: LintReport) -> dict[str, object]:
    return {
        "verdict": report.verdict.value,
        "findings": [
            {"level": finding.level.value, "where": finding.where, "message": finding.message}
            for finding in report.findings
        ],
        "objects": report.objects,
        "folders": report.folders,
        "bytes_read": report.bytes_read,
        "sampled": report.sampled,
    }


def _print_report(report: LintReport) -> None:
    for finding in report.findings:
        place = f"{clean(finding.where)} " if finding.where else ""
        click.echo(f"{level_word(finding.level)} {place}{clean(finding.message)}")
    say(f"{report.verdict.value}: {looked_at(report)}.")


COMMANDS = {"s3": s3, "lint": lint}
