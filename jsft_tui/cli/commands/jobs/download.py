"""`jsft download`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import humanize

from jsft_tui.cli.console.output import bar, out, print_json, say, table
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.named_path import NamedPath
from jsft_tui.cli.options import global_options
from jsft_tui.services.storage.archives import Contents, extract, unpacked_folder
from jsft_tui.services.storage.artifacts import Downloaded


@click.command("download")
@click.argument("name")
@click.option("-o", "--output", "folder", type=NamedPath(), help="Output folder (default: the job's name).")
@click.option("--force", is_flag=True, help="Overwrite files.")
@click.option(
    "--list", "only_list", is_flag=True, help="List the contents of the model.tar.gz instead of downloading it."
)
@click.option("--extract", "unpack", is_flag=True, help="Also extract the model.tar.gz into a folder next to it.")
@click.option("--best", is_flag=True, help="NAME is a search: download the model of its best trial.")
@global_options
@click.pass_context
def command(
    context: click.Context, name: str, folder: Path | None, force: bool, only_list: bool, unpack: bool, best: bool
) -> None:
    """Download a job's model; resume an interrupted download."""
    services = open_services(context)
    trial = services.searches.best_of(services.searches.get(name)).name if best else name
    job = services.jobs.get(trial)
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
        out(str(path))


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
    shown = [(humanize.naturalsize(m.size, binary=True), m.name) for m in contents.members]
    table(("SIZE", "NAME"), shown, right=(0,))
    if not contents.complete:
        say("Only the beginning of the archive was read; it may contain more.")
