"""`jsft demo`: the whole main job in the sandbox, from a model to a trained model.tar.gz that predicts."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from jsft_tui.cli.documents import job_document
from jsft_tui.cli.follow import ended_badly, follow_job, training_output
from jsft_tui.cli.options import global_options
from jsft_tui.cli.output import bar, finding_lines, print_json, say
from jsft_tui.cli.workbench import open_workbench, options_of
from jsft_tui.core.batch import batch_rule, plan_batch
from jsft_tui.core.checks.check import Plan
from jsft_tui.core.durations import clock
from jsft_tui.core.errors import Problem, usage
from jsft_tui.core.findings import Level
from jsft_tui.core.instances import InstanceType, instance_type
from jsft_tui.core.jobs import TrainingJob
from jsft_tui.core.money import dollars, max_cost
from jsft_tui.core.request import build_request, input_data
from jsft_tui.core.run import AUTO, Run
from jsft_tui.core.runfile import dump_run
from jsft_tui.services.prediction import Guess, predict_some
from jsft_tui.services.preflight import refuse_blocked
from jsft_tui.services.workbench import Workbench

MODEL = "tensorflow-ic-efficientnet-lite0-classification-2"
EPOCHS = 10
GPUS = 4


class Stage:
    """Prints the steps; on a terminal it waits for a key before the next one."""

    def __init__(self, write: Callable[[str], None], *, wait: bool) -> None:
        self.write = write
        self._wait = wait
        self._number = 0

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """One step: its title, what happens in it, and a key to go on."""
        self._number += 1
        if self._wait and self._number > 1:
            click.pause("  Press any key to go on ...", err=True)
        self.write(f"\n{self._number}. {title}")
        yield


@click.command()
@click.option("--headless", is_flag=True, help="Run straight through, without waiting for keys.")
@global_options
@click.pass_context
def demo(context: click.Context, headless: bool) -> None:
    """Fine-tune an image classifier in the sandbox: no account, nothing is paid."""
    options = options_of(context)
    if options.profile:
        raise usage("BadUsage", "the demo runs in the sandbox, not with a profile.", "Leave --profile out.")
    options.sandbox = True
    interactive = not headless and not options.json and sys.stdin.isatty() and sys.stdout.isatty()
    stage = Stage(say if options.json else click.echo, wait=interactive)
    began = time.monotonic()
    stage.write("jsft demo: the main job, in a sandbox on this machine (no GPU, pretended prices, nothing is paid).")
    job, guesses, path = _whole_job(context, stage)
    bench = open_workbench(context)
    if options.json:
        document = job_document(job, bench.jobs.metrics(job), bench.prices.table(), time.time())
        print_json({**document, "model_file": str(path), "predictions": [guess.__dict__ for guess in guesses]})
        return
    for label, value in training_output(job):
        stage.write(f"   {label:<19}{value}")
    stage.write(f"\nDone in {clock(time.monotonic() - began)}. The sandbox goes on running; stop it: jsft sandbox stop")


def _whole_job(context: click.Context, stage: Stage) -> tuple[TrainingJob, list[Guess], Path]:
    with stage.step("Start the sandbox"):
        bench = open_workbench(context)
        stage.write(f"   {bench.target.endpoint}, region {bench.target.region}")
    with stage.step("Choose the model, its default dataset and an instance"):
        run, plan = _draft(bench, stage)
    with stage.step("Preflight"):
        for finding in bench.preflight.run(plan):
            for line in finding_lines(finding.level, finding.check, finding.message, finding.remedy, indent="   "):
                stage.write(line)
            if finding.level is Level.BLOCK:
                refuse_blocked([finding])
    with stage.step("Launch, and follow it"):
        launched = bench.launcher.launch(build_request(plan.run, plan.spec, plan.place))
        stage.write(f"   {launched.arn}")
        job = follow_job(bench, run.name, lambda line: stage.write(f"   {line}"))
        if problem := ended_badly(job):
            raise problem
    with stage.step("Download the model and let it predict"):
        path = _download(bench, job)
        stage.write(f"   {path}")
        guesses = predict_some(bench.storage, path, plan)
        for guess in guesses:
            sure = f"{guess.probability:.2f}"
            stage.write(f"   {guess.item}: {guess.label} ({sure})" + ("" if guess.right else f", really {guess.truth}"))
    with stage.step("Training output"):
        return job, guesses, path


def _draft(bench: Workbench, stage: Stage) -> tuple[Run, Plan]:
    run, spec = bench.first_run(MODEL)
    chosen = _instance_with_gpus(bench, spec.instance_types)
    rule = batch_rule(spec)
    if rule is None:
        raise AssertionError("the demo's model has a batch size")
    run = replace(
        run,
        instance=replace(run.instance, type=chosen.name, max_runtime=1800),
        hyperparameters={"epochs": str(EPOCHS), rule.parameter: AUTO},
    )
    plan = bench.plan(run)
    stage.write(f"   model     {spec.model_id} {spec.version}")
    for channel, uri in input_data(plan.run, spec, plan.place).items():
        stage.write(f"   {channel:<9} {uri}")
    stage.write(f"   instance  {chosen.name}: {chosen.gpus} x {chosen.gpu_model} (pretended)")
    stage.write(f"   batch     {plan_batch(rule, chosen).explanation}")
    stage.write(f"   output    {plan.run.output}")
    stage.write(f"   cost      at most {dollars(max_cost(plan.run.instance, bench.prices.table()))} (pretended)")
    stage.write("   as a run file:")
    for line in dump_run(run).splitlines():
        stage.write(f"     {line}")
    return run, plan


def _instance_with_gpus(bench: Workbench, names: tuple[str, ...]) -> InstanceType:
    quotas = bench.quotas.applied_for(names)
    known = [found for name in names if (found := instance_type(name))]
    fitting = [found for found in known if found.gpus == GPUS and quotas.get(found.name, 0) >= 1]
    if not fitting:
        raise Problem("NoInstance", f"no instance type with {GPUS} GPUs has quota.", "Run: jsft sandbox reset --yes")
    prices = bench.prices.table()
    return min(fitting, key=lambda found: prices[found.name].usd_per_hour if found.name in prices else float("inf"))


def _download(bench: Workbench, job: TrainingJob) -> Path:
    files = bench.artifacts.files(job, Path.cwd() / "jsft-demo" / job.name)
    with bar("   downloading", sum(file.size for file in files), in_bytes=True) as advance:
        bench.artifacts.download(files, advance)
    return files[0].path


COMMANDS = {"demo": demo}
