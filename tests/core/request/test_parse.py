"""Jobs as runs that can be edited and launched again."""

from __future__ import annotations

from typing import Any

import pytest

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.request.build import build_request
from jsft_tui.core.request.parse import run_from_request
from jsft_tui.core.run.run import Run
from tests.common.shared_data import PLACE
from tests.core.catalog.small_spec import GATED_KEYS, SPEC, gated_spec, request_for, small_spec


def cloned(request: dict[str, Any], model: ModelSpec) -> Run:
    return run_from_request(request, model, PLACE.buckets)


@pytest.mark.parametrize("keys", [GATED_KEYS, {}], ids=["variables", "model channel"])
def test_a_clone_has_the_accepted_license_and_nothing_that_the_model_brings_itself(keys: dict[str, str]) -> None:
    model = gated_spec(keys)
    request = request_for(model, "ml.g5.2xlarge", accept_eula=True, environment={"OWN": "1"})
    run = cloned(request, model)

    assert (run.accept_eula, run.environment, run.model.artifact) == (True, {"OWN": "1"}, None)
    assert build_request(run, model, PLACE) == request


def test_a_clone_keeps_own_gated_weights() -> None:
    own = {"SageMakerGatedModelS3Uri": "s3://d/own.tar.gz"}
    model = gated_spec(GATED_KEYS)

    assert cloned(request_for(model, "ml.g5.2xlarge", environment=own), model).environment == own


def test_a_clone_does_not_carry_the_specs_variables_of_one_family_to_another() -> None:
    variants = {
        "m5": {"regional_properties": {"image_uri": "$cpu"}, "properties": {"environment_variables": {"A": "1"}}}
    }
    aliases = SPEC["training_instance_type_variants"]["regional_aliases"]
    model = small_spec(training_instance_type_variants={"regional_aliases": aliases, "variants": variants})
    request = request_for(model, environment={"B": "2"})

    assert request["Environment"] == {"A": "1", "B": "2"}
    assert cloned(request, model).environment == {"B": "2"}


def test_a_job_whose_data_is_not_in_s3_is_not_cloned_with_other_data() -> None:
    request = request_for()
    request["InputDataConfig"][0]["DataSource"] = {"FileSystemDataSource": {"FileSystemId": "fs-1"}}

    with pytest.raises(Problem, match="channel 'training' of job is not in S3"):
        cloned(request, small_spec())
