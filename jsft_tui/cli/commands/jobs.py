"""`jsft jobs`, `jsft job`, `jsft logs`, `jsft stop`, `jsft download`."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click
import humanize

from jsft_tui.cli.commands.follow import ended_badly, follow_job, print_output, say_unused
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.json_documents import job_document
from jsft_tui.cli.options import global_options
from jsft_tui.cli.output import bar, print_json, print_json_list, print_lines, say, status_word, table
from jsft_tui.cli.prompts import agrees
from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.text import clean, did_you_mean
from jsft_tui.core.jobs.columns import JobRow, Layout, columns_of, job_row_document
from jsft_tui.core.jobs.training_job import JobStatus, iso
from jsft_tui.core.jobs.waiting import waiting
from jsft_tui.services.jobs.training_jobs import stopping
from jsft_tui.services.storage.archives import Contents, extract, unpacked_folder
from jsft_tui.services.storage.artifacts import Downloaded

_PRINTED = columns_of(Layout.PRINTED)


@click.command()
@click.option("--status", "status_name", metavar="STATUS", help="Only jobs with this status, for example Failed.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Jobs at the most.")
@global_options
@click.pass_context
def jobs(context: click.Context, status_name: str | None, limit: int) -> None:
    """List training jobs, newest first."""
    status = _status(status_name)
    services = open_services(context)
    found = services.jobs.newest(status, limit)
    prices, now = services.prices.table(), time.time()
    rows = [JobRow(job, prices, now) for job in found]
    if options_of(context).json:
        print_json([job_row_document(row) for row in rows])
    elif rows:
        numbers = [place for place, column in enumerate(_PRINTED) if column.is_number]
        table([column.header for column in _PRINTED], list(map(_cells, rows)), right=numbers)
    else:
        say("There are no such training jobs.")


def _status(name: str | None) -> JobStatus | None:
    if name is None:
        return None
    known = {status.value.lower(): status for status in JobStatus if status is not JobStatus.UNKNOWN}
    status = known.get(name.lower().replace("-", "").replace("_", ""))
    if status is None:
        names = [found.value for found in known.values()]
        hint = did_you_mean(name, names) or f"Known: {', '.join(names)}."
        raise usage("UnknownStatus", f"there is no status {name!r}.", hint)
    return status


def _cells(row: JobRow) -> list[str]:
    return [
        status_word(row.job.status) if column.key == "status" else column.text(row) or column.unknown
        for column in _PRINTED
    ]


@click.command("job")
@click.argument("name")
@global_options
@click.pass_context
def show_job(context: click.Context, name: str) -> None:
    """Show one training job: phases, metrics, output, and what a failure means."""
    services = open_services(context)
    found = services.jobs.with_metrics(name)
    job, metrics = found.job, found.metrics
    say_unused(found.unused)
    if options_of(context).json:
        print_json(job_document(job, metrics, services.prices.table(), time.time()))
        return
    print_output(job, services)
    now = time.time()
    if (waits := waiting(job, now)) is not None:
        click.echo(f"{'Waits':<19}{waits.text}")
    for phase in job.transitions:
        click.echo(f"  {phase.status:<14}{clock(phase.seconds(now)):>8}  {phase.message}")
    for metric, points in metrics.items():
        values = [value for _, value in points]
        click.echo(f"  {metric}: last {values[-1]:g}, lowest {min(values):g}, highest {max(values):g} ({len(values)})")


@click.command()
@click.argument("name")
@click.option("-f", "--follow", is_flag=True, help="Go on until the job ends.")
@global_options
@click.pass_context
def logs(context: click.Context, name: str, follow: bool) -> None:
    """Show a job's log."""
    as_json = options_of(context).json
    if follow and as_json:
        raise usage("BadUsage", "--follow and --json exclude each other here.", "Use jsft launch --follow --json.")
    services = open_services(context)
    if follow:
        job = follow_job(services, name)
        print_output(job, services)
        if problem := ended_badly(job):
            raise problem
        return
    lines = services.jobs.log(name)
    if as_json:
        print_json_list({"time": iso(line.time), "stream": line.stream, "message": line.text} for line in lines)
        return
    if not print_lines(line.text for line in lines):
        say(f"{name} has not written anything yet.")


@click.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@global_options
@click.pass_context
def stop(context: click.Context, name: str, yes: bool) -> None:
    """Stop a job; it gets two minutes to save what it has."""
    services = open_services(context)
    job = services.jobs.get(name)
    if (refused := services.jobs.not_stopped(job)) is not None:
        raise refused
    ask = not yes and sys.stdin.isatty() and not options_of(context).json
    if ask and not agrees(f"Stop {name} ({job.secondary_status})?", f"{name} was not stopped."):
        say("Not stopped.")
        return
    services.jobs.stop(name)
    if options_of(context).json:
        print_json({"name": name, "status": JobStatus.STOPPING.value})
    else:
        say(stopping(name))


@click.command()
@click.argument("name")
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path), help="Folder; NAME without it.")
@click.option("--force", is_flag=True, help="Overwrite files.")
@click.option("--list", "only_list", is_flag=True, help="List what is in the model.tar.gz instead of downloading it.")
@click.option("--extract", "unpack", is_flag=True, help="Unpack the model.tar.gz, too, into a folder beside it.")
@global_options
@click.pass_context
def download(
    context: click.Context, name: str, folder: Path | None, force: bool, only_list: bool, unpack: bool
) -> None:
    """Download a job's model; an interrupted download goes on where it was."""
    services = open_services(context)
    job = services.jobs.get(name)
    if only_list:
        _list_contents(context, services.artifacts.contents(job))
        return
    plan = services.artifacts.plan(job, folder or Path(name), overwrite=force)
    with bar(plan.task, plan.total, in_bytes=True) as advance:
        done = services.artifacts.fetch(plan, advance)
    unpacked = extract(plan.archive, unpacked_folder(plan.archive), lambda _: None) if unpack and plan.archive else []
    if options_of(context).json:
        print_json(_downloaded_document(done, unpacked))
        return
    say(done.said)
    for path in [*(file.path for file in plan.files), *unpacked]:
        click.echo(path)


def _downloaded_document(done: Downloaded, unpacked: Sequence[Path]) -> dict[str, object]:
    plan = done.plan
    return {
        "name": plan.job,
        "files": [{"uri": str(file.uri), "path": str(file.path), "size": file.size} for file in plan.files],
        "bytes": plan.total,
        "verified": done.is_compared,
        "unpacked": list(map(str, unpacked)),
    }


def _list_contents(context: click.Context, contents: Contents) -> None:
    if options_of(context).json:
        rows = [{"name": m.name, "size": m.size, "kind": m.kind.value} for m in contents.members]
        print_json({"complete": contents.complete, "members": rows})
        return
    shown = [(humanize.naturalsize(m.size, binary=True), clean(m.name)) for m in contents.members]
    table(("SIZE", "NAME"), shown, right=(0,))
    if not contents.complete:
        say("Only the beginning of the archive was read; there may be more in it.")


COMMANDS = {"jobs": jobs, "job": show_job, "logs": logs, "stop": stop, "download": download}
