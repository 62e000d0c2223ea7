"""Jobs that were not made by us as runs: what has no place in a run is left out and said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jsft_tui.core.catalog.encoding import decoded_hyperparameters
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.request.build import build_request
from jsft_tui.core.request.rerun.clone import ClonedRun, cloned_run
from jsft_tui.core.run.run import AUTO, InstanceChoice
from tests.common.shared_data import PLACE
from tests.core.catalog.small_spec import SPEC, request_for, s3_channel, small_spec


def cloned(request: dict[str, Any]) -> ClonedRun:
    return cloned_run(request, small_spec(), PLACE.buckets)


def foreign(name: str) -> dict[str, Any]:
    return {"ChannelName": name, "DataSource": {"FileSystemDataSource": {"FileSystemId": "fs-1"}}}


def manifest(name: str) -> dict[str, Any]:
    channel = s3_channel(name, "s3://d/list.manifest")
    channel["DataSource"]["S3DataSource"]["S3DataType"] = "ManifestFile"
    return channel


def test_a_job_of_our_own_is_cloned_whole() -> None:
    found = cloned(request_for(hyperparameters={"epochs": "3"}))
    assert (found.left_out, found.note) == ((), "")
    assert found.run.hyperparameters["epochs"] == "3"


@pytest.mark.parametrize(
    ("batch", "expected"),
    [(AUTO, AUTO), ("128", AUTO), ("32", "32"), ("127", "127")],
)
def test_a_batch_size_that_the_instance_gives_follows_it_again(batch: str, expected: str) -> None:
    declared = {"name": "batch_size", "type": "int", "default": 32, "min": 1, "max": 1024, "scope": "algorithm"}
    spec = small_spec(
        model_id="tensorflow-ic-small",
        hyperparameters=[*SPEC["hyperparameters"], declared],
        supported_training_instance_types=["ml.g5.12xlarge"],
    )
    request = request_for(spec, "ml.g5.12xlarge", hyperparameters={"batch_size": batch})
    sent = decoded_hyperparameters(request["HyperParameters"])
    assert sent["batch_size"] == {AUTO: "128"}.get(batch, batch)

    found = cloned_run(request, spec, PLACE.buckets)

    assert found.run.hyperparameters["batch_size"] == expected
    moved = replace(found.run, instance=InstanceChoice("ml.g5.2xlarge"))
    again = build_request(moved, spec, PLACE)
    sent = decoded_hyperparameters(again["HyperParameters"])
    assert sent["batch_size"] == ("32" if expected == AUTO else expected)


def test_what_a_run_has_no_word_for_is_named() -> None:
    request = request_for()
    request["HyperParameters"] |= {"my_flag": "1", "other\x1b[2J": '"x"', "sagemaker_program": '"own.py"'}
    request["InputDataConfig"] += [foreign("extra"), manifest("listed"), s3_channel("lookup", "s3://d/lookup/")]
    request["RetryStrategy"] = {"MaximumRetryAttempts": 3}
    request["RemoteDebugConfig"] = {"EnableRemoteDebug": False}
    request["AlgorithmSpecification"]["ContainerEntrypoint"] = ["/own.sh"]

    found = cloned(request)

    assert "my_flag" not in found.run.hyperparameters
    assert found.run.data == {"training": "s3://d/train/", "lookup": "s3://d/lookup/"}
    assert found.note.startswith("Left out: my_flag, other (pytorch-ic-small 1.2.3 has no such hyperparameters); ")
    assert found.left_out[1:] == (
        "channel extra (not an S3 prefix)", "channel listed (not an S3 prefix)", "ContainerEntrypoint", "RetryStrategy",
    )  # fmt: skip


@pytest.mark.parametrize("channels", [[foreign("training")], [manifest("train")], [foreign("images")]])
def test_a_job_is_not_cloned_with_other_training_data(channels: list[dict[str, Any]]) -> None:
    request = request_for()
    request["InputDataConfig"] = channels
    with pytest.raises(Problem, match="not an S3 prefix") as caught:
        cloned(request)
    assert caught.value.code == "CannotClone"


def test_a_job_without_instances_of_one_type_is_refused_in_a_sentence() -> None:
    request = request_for()
    del request["ResourceConfig"]
    with pytest.raises(Problem, match="no single instance type"):
        cloned(request)
