"""Print transform jobs, and follow one to its end."""

from __future__ import annotations

import time

import click

from jsft_tui.cli.console.output import EXIT_CODES, labeled, out, print_json, say
from jsft_tui.cli.context import options_of
from jsft_tui.cli.following.serving import follow_state
from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.core.common.text import dollars
from jsft_tui.core.failures import diagnose
from jsft_tui.core.serving.transform.job import TransformJob, TransformStatus, transform_document
from jsft_tui.services.session.services import Services


def follow_transform(context: click.Context, services: Services, name: str, *, keep_model: bool = False) -> None:
    """Follow a transform job to its end, delete the model that was made for it, and print what became of it.

    Raises:
        Problem: it failed or was stopped (kind JOB), or following was interrupted.
    """
    as_json = options_of(context).json
    job = follow_state(
        services.transforming.watch(name), name, lambda found: found.status.value, say if as_json else out
    )
    if not keep_model and services.transforming.delete_model(job):
        say(f"Deleted the model {job.model}, which was made for it.")
    print_transform(context, services, job)
    if (problem := transform_problem(job)) is not None:
        if as_json:
            raise click.exceptions.Exit(EXIT_CODES[problem.kind])
        raise problem


def print_transform(context: click.Context, services: Services, job: TransformJob) -> None:
    """Print a transform job with its cost."""
    prices, now = services.hosting_prices.table(), time.time()
    if options_of(context).json:
        print_json(transform_document(job, prices, now))
        return
    facts = {
        "Name": job.name,
        "Status": job.status.value,
        "Failure": job.failure_reason,
        "Meaning": f"{known.cause} {known.remedy}" if (known := diagnose(job.failure_reason)) else "",
        "Input": job.data,
        "Output": job.output,
        "Instances": f"{job.count} x {job.instance_type}" if job.instance_type else "",
        "Model": job.model,
        "Cost": dollars(job.cost(prices, now)),
    }
    for label, text in facts.items():
        if text:
            labeled(label, text)


def transform_problem(job: TransformJob) -> Problem | None:
    """Return the Problem of a transform job that failed or was stopped; None otherwise."""
    if job.status in (TransformStatus.COMPLETED, TransformStatus.IN_PROGRESS):
        return None
    why = job.failure_reason or job.status.value
    remedy = f"Read its log: jsft transforms {job.name} --logs"
    return Problem("TransformFailed", f"{job.name} did not complete: {why}", remedy, kind=ProblemKind.JOB)
