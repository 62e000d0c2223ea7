"""What a run has other than a job of the same model had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.hyperparameters.batch import batch_rule
from jsft_tui.core.hyperparameters.values import hyperparameters
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.run.draft import TRAINING
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.model_card import telling_first


@dataclass(frozen=True)
class Change:
    """A value of the job, and that of the run."""

    name: str
    before: str
    now: str


def changes_since(job: TrainingJob, run: Run, spec: ModelSpec, data: Mapping[str, str]) -> tuple[Change, ...]:
    """Return what differs: hyperparameters, the instances, the batch size that follows them, data, version.

    Args:
        job: a described job of the model; one that is known by name only differs in nothing.
        run: the run, with the target's defaults.
        spec: the model of the run.
        data: the run's channels, that of a default dataset as well.
    """
    if not job.instance_type:
        return ()
    return tuple(change for change in _changes(job, run, spec, data) if change.before != change.now)


def _changes(job: TrainingJob, run: Run, spec: ModelSpec, data: Mapping[str, str]) -> Iterator[Change]:
    rule = batch_rule(spec)
    batch = rule.parameter if rule is not None else ""
    had, has = job.hyperparameters, hyperparameters(run, spec)
    for name in telling_first([each.name for each in spec.algorithm_hyperparameters]):
        if name in had and name in has and name != batch:
            yield Change(name, had[name], has[name])
    choice = run.instance
    yield Change("instance", _instances(job.instance_type, job.instance_count), _instances(choice.type, choice.count))
    if batch in had and batch in has:
        yield Change(batch, had[batch], has[batch])
    before, now = (channels.get(TRAINING, "").rstrip("/") for channels in (job.data_uris, data))
    if before and now and before != now:
        yield Change("data", _place(before), _place(now))
    if job.model_version:
        yield Change("version", job.model_version, spec.version)


def _instances(type_: str, count: int) -> str:
    name = type_.removeprefix("ml.")
    return f"{count} × {name}" if count > 1 else name


def _place(uri: str) -> str:
    """Return the last two parts of an S3 URI."""
    return "/".join([part for part in uri.removeprefix("s3://").split("/") if part][-2:])
