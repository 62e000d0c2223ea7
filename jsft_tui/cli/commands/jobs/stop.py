"""`jsft stop`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import click

from jsft_tui.cli.console.output import print_json, say
from jsft_tui.cli.console.prompts import confirm
from jsft_tui.cli.console.streams import is_terminal
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.training_job import JobStatus
from jsft_tui.services.jobs.training_jobs import stopping
from jsft_tui.services.session.services import Services


@click.command("stop")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@global_options
@click.pass_context
def command(context: click.Context, name: str, yes: bool) -> None:
    """Stop a job, a search, or a batch transform.

    A job has two minutes to save its model; a search stops its running trials; a transform keeps what it has written.
    """
    found = _found(open_services(context), name)
    if found.refused is not None:
        raise found.refused
    ask = not yes and is_terminal(sys.stdin) and not options_of(context).json
    if ask and not confirm(f"Stop {name} ({found.phase})?", f"{name} was not stopped."):
        say("Not stopped.")
        return
    found.stop(name)
    if options_of(context).json:
        print_json({"name": name, "status": JobStatus.STOPPING.value})
    else:
        say(found.said)


@dataclass(frozen=True)
class _Stoppable:
    """What has a name, why it cannot be stopped (None: it can), its phase, how it is stopped and what is said then."""

    refused: Problem | None
    phase: str
    stop: Callable[[str], None]
    said: str


def _found(services: Services, name: str) -> _Stoppable:
    try:
        found = services.searches.find(name)
        job = None if found.search is not None else found.job or services.jobs.get(name)
    except Problem as problem:
        transform = None if problem.code != "NoSuchJob" else services.account.transforms.find(name)
        if transform is None:
            raise
        refused = services.transforming.not_stopped(transform)
        return _Stoppable(refused, transform.status.value, services.transforming.stop, f"Stopping {name}.")
    if job is not None:
        return _Stoppable(services.jobs.not_stopped(job), job.secondary_status, services.jobs.stop, stopping(name))
    assert found.search is not None
    said = f"Stopping {name} and its running trials."
    refused = services.searches.not_stopped(found.search)
    return _Stoppable(refused, found.search.counts.words, services.searches.stop, said)
