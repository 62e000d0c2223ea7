"""`jsft s3`."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import click
import humanize

from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.cli.output import bar, print_json, say, table
from jsft_tui.core.common.text import clean
from jsft_tui.core.jobs.training_job import iso
from jsft_tui.core.storage.uri import Entry, S3Uri

MOST_ROWS = 1000


@click.group("s3")
@global_options
def command() -> None:
    """List buckets and objects, and upload data."""


@command.command("ls")
@click.argument("uri", required=False)
@click.option("--limit", type=click.IntRange(1), default=MOST_ROWS, show_default=True, help="Maximum number of rows.")
@global_options
@click.pass_context
def s3_ls(context: click.Context, uri: str | None, limit: int) -> None:
    """List your buckets, or the entries directly below URI."""
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
        say(f"nothing found under {place}.")
    if len(entries) > limit:
        say(f"Only the first {limit:,} rows are shown; see more with --limit.")


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


@command.command("upload")
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("uri")
@global_options
@click.pass_context
def s3_upload(context: click.Context, source: Path, uri: str) -> None:
    """Upload a file or folder to URI; files that are there already are skipped."""
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
