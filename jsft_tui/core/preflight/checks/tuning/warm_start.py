"""The rules for a search that learns from former ones.

Source: developer guide, "Run a Warm Start Hyperparameter Tuning Job" (automatic-model-tuning-warm-start), restrictions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsft_tui.core.catalog.job_tags import JUMPSTART_CHANNELS
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.common.text import plural
from jsft_tui.core.customization.method import Method
from jsft_tui.core.jobs.members import mapping, rows, text
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, nothing_to_tell, passed, unknown, warn
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.run.tuning import WarmStart, WarmStartKind
from jsft_tui.core.tuning.build import request_of
from jsft_tui.core.tuning.results.tuning_job import TuningJob

PARENTS = Requirement[Mapping[str, TuningJob | Problem]]("parents")

MOST_PARENTS = 5
MOST_TRIALS = 500
"""Trials of all parents together."""
MOST_CHANGES = 10
"""Hyperparameters that were searched and are not any more, or the other way round."""


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block former searches that the service would refuse to start from."""
    warm = plan.run.tuning.warm_start if plan.run.tuning else None
    if warm is None:
        yield nothing_to_tell("the search starts from nothing.")
        return
    if len(warm.parents) > MOST_PARENTS:
        yield block(f"{len(warm.parents)} former searches; the maximum is {MOST_PARENTS}.", "Name fewer.")
    if len(set(warm.parents)) < len(warm.parents) or plan.run.name in warm.parents:
        yield block("a former search is named twice, or is this one.", "Name each once.")
    found = inputs[PARENTS]
    request = request_of(plan.run, plan.spec, plan.place)
    wrong = [result for name in warm.parents for result in _parent(name, found.get(name), request, warm)]
    yield from wrong
    jobs = [job for job in found.values() if isinstance(job, TuningJob)]
    trials = sum(job.counts.launched for job in jobs)
    if trials > MOST_TRIALS:
        yield block(f"the former searches have {trials} trials together; the maximum is {MOST_TRIALS}.", "Name fewer.")
    elif not wrong:
        yield passed(f"learns from {plural(trials, 'trial')} of {', '.join(warm.parents)}.")


def _parent(name: str, job: TuningJob | Problem | None, request: Mapping[str, Any], warm: WarmStart) -> Iterator[Any]:
    if job is None or isinstance(job, Problem):
        if job is not None and job.code == "NoSuchTuningJob":
            yield block(job.message, Remedy("List the searches", RemedyCommand.SHELL, "jsft tunings"))
        else:
            why = job.message if job is not None else "this was not asked."
            yield unknown(f"{name} not checked: {why}", job.remedy if job is not None else "")
        return
    if not job.status.is_final:
        yield block(f"{name} has not ended ({job.status.value}).", "Wait until it has, or stop it.")
    if not job.counts.completed and not job.counts.stopped:
        yield warn(f"{name} has no trial to learn from.", "Name another search.")
    yield from _same_objective(job, request)
    yield from _same_hyperparameters(job, request)
    if warm.kind is WarmStartKind.IDENTICAL:
        yield from _identical(job, request)


def _same_objective(job: TuningJob, request: Mapping[str, Any]) -> Iterator[CheckResult]:
    wanted = request["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"]
    theirs = mapping(mapping(job.request.get("HyperParameterTuningJobConfig")).get("HyperParameterTuningJobObjective"))
    if theirs and (theirs.get("MetricName"), theirs.get("Type")) != (wanted["MetricName"], wanted["Type"]):
        theirs_text = f"{text(theirs.get('Type')).lower()} {job.metric}"
        message = f"{job.name} had another objective ({theirs_text}): former searches must have the same one."
        yield block(message, "Use that objective, or start from nothing.")


def _same_hyperparameters(job: TuningJob, request: Mapping[str, Any]) -> Iterator[CheckResult]:
    config, definition = request["HyperParameterTuningJobConfig"], request["TrainingJobDefinition"]
    ours = _kinds(config)
    theirs = _kinds(mapping(job.request.get("HyperParameterTuningJobConfig")))
    total, former = len(ours) + len(definition["StaticHyperParameters"]), len(theirs) + len(job.static)
    if total != former:
        message = f"{job.name} had {former} hyperparameters, this search has {total}: the number must be the same."
        yield block(message, "Use the same model version.")
    changed = [name for name in ours if name in theirs and ours[name] != theirs[name]]
    for name in changed:
        yield block(f"{name} was searched as {theirs[name]} in {job.name}, and is {ours[name]} now.", "Keep its kind.")
    moved = set(ours) ^ set(theirs)
    if len(moved) > MOST_CHANGES:
        where = f"only here or in {job.name}"
        message = f"{len(moved)} hyperparameters are searched {where}; the maximum is {MOST_CHANGES}."
        yield block(message, "Search the same ones.")


def _kinds(config: Mapping[str, Any]) -> dict[str, str]:
    words = {
        "ContinuousParameterRanges": "a range of fractions",
        "IntegerParameterRanges": "a range of whole numbers",
        "CategoricalParameterRanges": "a list of values",
    }
    ranges = mapping(config.get("ParameterRanges"))
    return {text(each.get("Name")): word for kind, word in words.items() for each in rows(ranges.get(kind))}


def _identical(job: TuningJob, request: Mapping[str, Any]) -> Iterator[CheckResult]:
    theirs, ours = mapping(job.request.get("TrainingJobDefinition")), request["TrainingJobDefinition"]
    for what, own, former in (
        ("another training image", _image(ours), _image(theirs)),
        ("other data", _data(ours), _data(theirs)),
    ):
        if own != former:
            message = f"{job.name} had {what}, so the warm start is not identical."
            yield block(message, "Set warm_start: {type: transfer}.")


def _image(definition: Mapping[str, Any]) -> str:
    return text(mapping(definition.get("AlgorithmSpecification")).get("TrainingImage"))


def _data(definition: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for channel in rows(definition.get("InputDataConfig")):
        source = mapping(mapping(channel.get("DataSource")).get("S3DataSource"))
        if text(channel.get("ChannelName")) not in JUMPSTART_CHANNELS:
            found[text(channel.get("ChannelName"))] = text(source.get("S3Uri")).rstrip("/")
    return found


SCRIPT = frozenset({Method.SCRIPT})
CHECK = Check("warm_start", Subject.MODEL, 330, evaluate, (PARENTS,), methods=SCRIPT, for_searches=True)
