"""The builder of searches against what the SageMaker SDK really sent for real specs (whole requests)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from jsft_tui.core.catalog.job_tags import MODEL_ID_TAG, MODEL_VERSION_TAG
from jsft_tui.core.catalog.spec.hyperparameter import HyperparameterType
from jsft_tui.core.request.parse import tags_of
from jsft_tui.core.run.file.run_file import dump_run, parse_run
from jsft_tui.core.tuning.build import request_of
from jsft_tui.core.tuning.choices.tunable import is_bookkeeping
from jsft_tui.core.tuning.parse import run_from_tuning
from tests.common.shared_data import PLACE, SHARED, load, needs_shared_data, spec

pytestmark = needs_shared_data


def recorded_requests() -> Iterator[Any]:
    if not SHARED.is_dir():
        return
    yield pytest.param(load("golden/hpo.json"), id="hpo")
    for title, requests in load("golden/tuning.json").items():
        for number, request in enumerate(requests):
            yield pytest.param(request, id=f"{title.split()[0]}-{number}")


RECORDED = list(recorded_requests())


def without_job_name(request: dict[str, Any]) -> dict[str, Any]:
    """The SDK names a training job here that never exists; ours is the name of the search."""
    changed = copy.deepcopy(request)
    del changed["TrainingJobDefinition"]["StaticHyperParameters"]["sagemaker_job_name"]
    return changed


def with_honest_autotune(request: dict[str, Any]) -> dict[str, Any]:
    """A recorded request with everything that is no number among the static hyperparameters (see `tuner.py`)."""
    changed = copy.deepcopy(request)
    ranges = changed["HyperParameterTuningJobConfig"]["ParameterRanges"]
    if "AutoParameters" not in ranges:
        return changed
    tags = tags_of(request)
    declared = {each.name: each for each in spec(tags[MODEL_ID_TAG], tags[MODEL_VERSION_TAG]).hyperparameters}
    static = changed["TrainingJobDefinition"]["StaticHyperParameters"]
    kept = []
    for each in ranges["AutoParameters"]:
        known = declared.get(each["Name"])
        numeric = known is not None and known.type in (HyperparameterType.INT, HyperparameterType.FLOAT)
        if known is not None and numeric and not is_bookkeeping(known):
            kept.append(each)
        else:
            static[each["Name"]] = each["ValueHint"]
    ranges["AutoParameters"] = kept
    return changed


@pytest.mark.parametrize("recorded", RECORDED)
def test_a_recorded_search_comes_out_of_its_run_file(recorded: dict[str, Any]) -> None:
    tags = tags_of(recorded)
    model = spec(tags[MODEL_ID_TAG], tags[MODEL_VERSION_TAG])
    file = dump_run(run_from_tuning(recorded, model, PLACE.buckets))

    built = request_of(parse_run(file), model, PLACE)

    assert without_job_name(built) == without_job_name(with_honest_autotune(recorded))


WRITTEN = {
    "0-0": """\
name: tune-261128-1346
model: {id: tensorflow-ic-bit-m-r101x1-ilsvrc2012-classification-1, version: 4.0.6}
data: s3://my-data/train/
output: s3://my-sm-bucket
instance: {type: ml.g5.xlarge, max_runtime: 100h}
role: arn:aws:iam::123456789012:role/Train
tuning:
  objective: val-accuracy
  max_jobs: 10
  parallel: 2
  early_stopping: true
  ranges:
    learning_rate: {min: 1e-4, max: 0.1, scale: log}
    optimizer: {values: [adam, sgd]}
    batch_size: {min: 8, max: 64}
""",
    "1-0": """\
name: tune-261128-1346
model: {id: huggingface-text2text-flan-t5-base, version: 2.2.3}
data: s3://my-data/train/
output: s3://my-sm-bucket
instance: {type: ml.g5.24xlarge, max_runtime: 100h}
role: arn:aws:iam::123456789012:role/Train
hyperparameters: {epochs: 1}
tuning:
  strategy: random
  max_jobs: 4
  ranges: {learning_rate: 1e-5..1e-3:log, batch_size: [16, 32, 64]}
  random_seed: 7
""",
    "4-0": """\
name: tune-261128-1346
model: {id: lightgbm-classification-model, version: 2.1.6}
data: s3://my-data/train/
output: s3://my-sm-bucket
instance: {type: ml.m5.4xlarge, max_runtime: 100h}
role: arn:aws:iam::123456789012:role/Train
tuning: {max_jobs: 20, parallel: 4, autotune: true}
""",
    "hpo": """\
name: sagemaker-jumpstart-261123-0323
model: {id: pytorch-ic-mobilenet-v2, version: 3.0.25}
data: s3://my-data/train/
output: s3://my-sm-bucket
instance: {type: ml.m5.xlarge, max_runtime: 100h}
role: arn:aws:iam::123456789012:role/SageMakerRole
tuning:
  objective: {metric: pytorch-ic:val-accuracy, direction: Maximize}
  strategy: Bayesian
  max_jobs: 4
  parallel: 2
  early_stopping: off
  ranges: {learning_rate: {min: 0.0001, max: 0.01, scale: Logarithmic}}
""",
}
"""What a person writes, by the id of the recorded request."""


@pytest.mark.parametrize("recorded", RECORDED)
def test_a_recorded_search_comes_out_of_what_a_person_writes(recorded: dict[str, Any], request: Any) -> None:
    tags = tags_of(recorded)
    model = spec(tags[MODEL_ID_TAG], tags[MODEL_VERSION_TAG])

    built = request_of(parse_run(WRITTEN[request.node.callspec.id]), model, PLACE)

    assert without_job_name(built) == without_job_name(with_honest_autotune(recorded))
    names = built["TrainingJobDefinition"]["StaticHyperParameters"]["sagemaker_job_name"]
    assert names == f'"{built["HyperParameterTuningJobName"]}"'
