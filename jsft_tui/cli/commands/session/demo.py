"""`jsft demo`: the whole workflow in the sandbox, from choosing a model to predicting with the trained one."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from jsft_tui.cli.console.output import Print, bar, out, print_finding, print_json, say
from jsft_tui.cli.console.streams import is_terminal
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.following.job import follow_job, job_problem
from jsft_tui.cli.full_screen import open_full_screen
from jsft_tui.cli.json_documents import job_document
from jsft_tui.cli.options import global_options
from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.text import dollars
from jsft_tui.core.hyperparameters.batch import batch_rule, plan_batch
from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.jobs.output import training_output
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.preflight.base.check import Plan
from jsft_tui.core.request.build import input_data
from jsft_tui.core.run.file.run_file import dump_run
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.pricing import max_cost
from jsft_tui.services.preflight.run import refuse_blocked
from jsft_tui.services.session.demo import demo_run
from jsft_tui.services.session.prediction import Guess, predict_some
from jsft_tui.services.session.services import Services


class Stage:
    """Print the steps; on a terminal, wait for a key before each next one."""

    def __init__(self, write: Print, *, wait: bool) -> None:
        self.write = write
        self._wait = wait
        self._number = 0

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Print the title of a step, after a key press when interactive."""
        self._number += 1
        if self._wait and self._number > 1:
            click.pause("  Press any key to continue ...", err=True)
        self.write()
        self.write(f"{self._number}. {title}")
        yield


@click.command("demo")
@click.option("--headless", is_flag=True, help="Do not wait for key presses.")
@global_options
@click.pass_context
def command(context: click.Context, headless: bool) -> None:
    """Run the whole workflow in the sandbox, free of charge.

    Fine-tunes an image classifier; no AWS account is needed.
    """
    options = options_of(context)
    if options.profile:
        raise usage("BadUsage", "the demo runs in the sandbox and takes no profile.", "Omit --profile.")
    options.sandbox = True
    interactive = not headless and not options.json and is_terminal(sys.stdin) and is_terminal(sys.stdout)
    if interactive and options.open_tui is not None and os.environ.get("TERM", "dumb") != "dumb":
        context.exit(open_full_screen(options.open_tui, options, demo=True))
    stage = Stage(say if options.json else out, wait=interactive)
    began = time.monotonic()
    stage.write(
        "jsft demo: the whole workflow, in a sandbox on this machine (no GPU, simulated prices, nothing is charged)."
    )
    job, guesses, path = _whole_job(context, stage)
    services = open_services(context)
    if options.json:
        document = job_document(job, services.jobs.metrics(job), services.prices.table(), time.time())
        print_json({**document, "model_file": str(path), "predictions": [guess.__dict__ for guess in guesses]})
        return
    for label, value in training_output(job):
        stage.write(f"   {label:<19}{value}")
    stage.write()
    stage.write(f"Done in {clock(time.monotonic() - began)}. The sandbox keeps running; stop it: jsft sandbox stop")


def _whole_job(context: click.Context, stage: Stage) -> tuple[TrainingJob, list[Guess], Path]:
    with stage.step("Start the sandbox"):
        services = open_services(context)
        stage.write(f"   {services.target.endpoint}, region {services.target.region}")
    with stage.step("Choose the model, its default dataset and an instance"):
        run, plan = _draft(services, stage)
    with stage.step("Preflight"):
        for finding in services.preflight.run(plan):
            print_finding(
                finding.level, finding.check, finding.message, finding.remedy, indent="   ", write=stage.write
            )
            if finding.level is Level.BLOCK:
                refuse_blocked([finding])
    with stage.step("Launch and follow the job"):
        launched = services.launch.send(plan)
        stage.write(f"   {launched.arn}")
        job = follow_job(services, run.name, lambda *parts: stage.write("   ", *parts))
        if problem := job_problem(job):
            raise problem
    with stage.step("Download the model and predict"):
        path = _download(services, job)
        stage.write(f"   {path}")
        guesses = predict_some(services.storage, path, plan)
        for guess in guesses:
            sure = f"{guess.probability:.2f}"
            stage.write(
                f"   {guess.item}: {guess.label} ({sure})" + ("" if guess.right else f", actually {guess.truth}")
            )
    with stage.step("Training output"):
        return job, guesses, path


def _draft(services: Services, stage: Stage) -> tuple[Run, Plan]:
    run, spec = demo_run(services)
    plan = services.planning.plan(run)
    chosen, rule = instance_type(run.instance.type), batch_rule(spec)
    if chosen is None or rule is None:
        raise AssertionError("the demo's model has a batch size, and its instance type is known")
    stage.write(f"   model     {spec.model_id} {spec.version}")
    for channel, uri in input_data(plan.run, spec, plan.place).items():
        stage.write(f"   {channel:<9} {uri}")
    stage.write(f"   instance  {chosen.name}: {chosen.gpus} x {chosen.gpu_model} (simulated)")
    stage.write(f"   batch     {plan_batch(rule, chosen).explanation}")
    stage.write(f"   output    {plan.run.output}")
    stage.write(f"   cost      at most {dollars(max_cost(plan.run.instance, services.prices.table()))} (simulated)")
    stage.write("   as a run file:")
    for line in dump_run(run).splitlines():
        stage.write(f"     {line}")
    return run, plan


def _download(services: Services, job: TrainingJob) -> Path:
    plan = services.artifacts.plan(job, Path.cwd() / "jsft-demo" / job.name, overwrite=True)
    with bar("   downloading", plan.total, in_bytes=True) as advance:
        services.artifacts.fetch(plan, advance)
    return plan.files[0].path
