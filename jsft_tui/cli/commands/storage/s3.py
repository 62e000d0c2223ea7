"""`jsft s3`."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click
import humanize

from jsft_tui.cli.console.output import EXIT_CODES, bar, print_json, print_lines, say, table
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.named_path import NamedPath
from jsft_tui.cli.options import global_options
from jsft_tui.core.common.errors import ProblemKind
from jsft_tui.core.common.text import clean
from jsft_tui.core.jobs.training_job import iso
from jsft_tui.core.storage.incomplete_uploads import lifecycle_advice, lifecycle_rule
from jsft_tui.core.storage.left_out import sentences
from jsft_tui.core.storage.uri import Entry, S3Uri

if TYPE_CHECKING:
    from jsft_tui.services.storage.upload.uploads import UploadPlan

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
        buckets = services.storage.s3.buckets()
        shown = buckets[:limit]
        if as_json:
            print_json([{"bucket": b.name, "region": b.region, "created": iso(b.created)} for b in shown])
        else:
            table(("BUCKET", "REGION", "CREATED"), [(b.name, b.region or "-", _day(b.created)) for b in shown])
        _say_if_cut(buckets, limit)
        return
    entries = list(islice(services.storage.entries(place), limit + 1))
    if as_json:
        print_json([_entry_document(entry) for entry in entries[:limit]])
    elif entries:
        table(("NAME", "SIZE", "MODIFIED"), [_entry_row(entry, place) for entry in entries[:limit]], right=(1,))
    else:
        say(f"nothing found under {place}.")
    _say_if_cut(entries, limit)


def _say_if_cut(rows: Sequence[object], limit: int) -> None:
    if len(rows) > limit:
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
@click.argument("source", type=NamedPath())
@click.argument("uri")
@global_options
@click.pass_context
def s3_upload(context: click.Context, source: Path, uri: str) -> None:
    """Upload a file or folder to URI; files that are there with the same contents are skipped.

    Linked folders are followed. What cannot be sent is named before anything is sent; the exit code is then 2.
    """
    target = S3Uri.parse(uri)
    services = open_services(context)
    plan = services.uploads.plan(source, target)
    for sentence in (*plan.cleared, *sentences(plan.left_out)):
        say(sentence)
    with signals_as_interrupts(), bar(f"uploading {plan.sends}", plan.total, in_bytes=True) as advance:
        services.uploads.send(plan, advance)
    if options_of(context).json:
        print_json(_sent_document(plan))
    else:
        say(plan.done)
    if plan.loses:
        context.exit(EXIT_CODES[ProblemKind.USAGE])


def _sent_document(plan: UploadPlan) -> dict[str, object]:
    return {
        "uri": str(plan.target),
        "files": len(plan.files),
        "bytes": plan.total,
        "already_there": plan.already,
        "left_out": [{"name": entry.name, "reason": entry.reason.value} for entry in plan.left_out],
    }


@contextmanager
def signals_as_interrupts() -> Iterator[None]:
    """End on SIGTERM and SIGHUP as on ctrl+c, so that the parts of files that are being sent are deleted."""

    def interrupt(number: int, frame: object) -> None:
        del number, frame
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signals = [each for each in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(each) == signal.SIG_DFL]
    for each in signals:
        signal.signal(each, interrupt)
    try:
        yield
    finally:
        for each in signals:
            signal.signal(each, signal.SIG_DFL)


@command.command("leftovers")
@click.argument("uri")
@global_options
@click.pass_context
def s3_leftovers(context: click.Context, uri: str) -> None:
    """Delete the parts of jsft's interrupted uploads, and list those of others below URI.

    Prints a lifecycle rule with which S3 itself deletes such parts; jsft never changes a bucket's rules.
    """
    place = S3Uri.parse(uri)
    services = open_services(context)
    cleared = services.uploads.clear_leftovers()
    rest = services.storage.s3.incomplete_uploads(place)
    if options_of(context).json:
        print_json(
            {
                "deleted": cleared.aborted,
                "incomplete": [
                    {"uri": str(each.uri), "upload_id": each.id, "started": iso(each.started)} for each in rest
                ],
                "lifecycle_rule": json.loads(lifecycle_rule()),
            }
        )
        return
    for sentence in cleared.sentences:
        say(sentence)
    if rest:
        table(("INCOMPLETE UPLOAD", "STARTED"), [(clean(str(each.uri)), _day(each.started)) for each in rest])
    else:
        say(f"There are no incomplete uploads under {place}.")
    say(lifecycle_advice(place.bucket))
    print_lines(lifecycle_rule().splitlines())
