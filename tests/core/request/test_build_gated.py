"""Requests for gated models: compared with what the SDK v2 (2.257.7) sends; deliberate differences are named."""

from __future__ import annotations

from typing import Any

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.request.place import Place
from tests.common.shared_data import PLACE
from tests.core.catalog.small_spec import GATED_KEYS, channels, gated_spec, request_for


def test_older_gated_models_name_weights_and_license_in_variables() -> None:
    request = request_for(gated_spec(GATED_KEYS), "ml.g5.2xlarge", accept_eula=True)

    assert request["Environment"] == {
        "SageMakerGatedModelS3Uri": "s3://jumpstart-private-cache-prod-us-west-2/gated/g5.tar.gz",
        "accept_eula": "true",
    }
    assert "model" not in channels(request)


def test_that_holds_where_the_bucket_is_not_called_gated_too() -> None:
    request = request_for(gated_spec(GATED_KEYS, gated_bucket=False), "ml.g5.2xlarge")

    assert list(request["Environment"]) == ["SageMakerGatedModelS3Uri"]
    assert "model" not in channels(request)


@pytest.mark.parametrize(
    ("changes", "bucket"),
    [({}, "jumpstart-private-cache-prod-us-west-2"), ({"gated_bucket": False}, "jumpstart-cache-prod-us-west-2")],
)
def test_newer_gated_models_have_weights_and_license_on_the_model_channel(changes: dict[str, Any], bucket: str) -> None:
    request = request_for(gated_spec({}, **changes), "ml.g5.2xlarge", accept_eula=True)

    source = request["InputDataConfig"][1]["DataSource"]["S3DataSource"]
    assert source["S3Uri"] == f"s3://{bucket}/weights/any.tar.gz"
    assert source["ModelAccessConfig"] == {"AcceptEula": True}
    assert "Environment" not in request


def test_a_license_accepted_in_the_environment_goes_to_the_model_channel_too() -> None:
    request = request_for(gated_spec({}), "ml.g5.2xlarge", environment={"accept_eula": "true", "A": "1"})

    assert request["InputDataConfig"][1]["DataSource"]["S3DataSource"]["ModelAccessConfig"] == {"AcceptEula": True}
    assert request["Environment"] == {"A": "1"}


def test_without_acceptance_no_license_is_accepted() -> None:
    request = request_for(gated_spec({}), "ml.g5.2xlarge")

    assert "ModelAccessConfig" not in request["InputDataConfig"][1]["DataSource"]["S3DataSource"]
    assert "Environment" not in request


def test_acceptance_changes_nothing_for_a_model_that_is_not_gated_though_the_sdk_sends_it() -> None:
    assert request_for(accept_eula=True) == request_for()


def test_incremental_training_of_a_gated_model_takes_the_former_artifact_and_not_the_gated_weights() -> None:
    request = request_for(gated_spec(GATED_KEYS), "ml.g5.2xlarge", accept_eula=True, artifact="s3://d/m.tar.gz")

    source = request["InputDataConfig"][1]["DataSource"]["S3DataSource"]
    assert (source["S3Uri"], source["ModelAccessConfig"]) == ("s3://d/m.tar.gz", {"AcceptEula": True})
    assert "Environment" not in request


def test_gated_weights_common_to_all_supported_types_serve_another_type() -> None:
    common = dict.fromkeys(GATED_KEYS, "gated/common.tar.gz")
    request = request_for(gated_spec(common, gated_bucket=False), "ml.p5.48xlarge")

    assert request["Environment"]["SageMakerGatedModelS3Uri"].endswith("/gated/common.tar.gz")


def test_a_type_without_gated_weights_is_refused_though_the_sdk_only_warns() -> None:
    with pytest.raises(Problem, match=r"no gated weights for ml\.p5\.48xlarge.*ml\.g4dn\.xlarge, ml\.g5\.2xlarge"):
        request_for(gated_spec(GATED_KEYS), "ml.p5.48xlarge")


def test_only_types_that_have_gated_weights_are_offered() -> None:
    with pytest.raises(Problem) as refused:
        request_for(gated_spec({"g5": "gated/g5.tar.gz"}), "ml.g4dn.xlarge")

    assert refused.value.remedy == "Choose one of ml.g5.2xlarge."


def test_own_gated_weights_serve_any_type() -> None:
    own = {"SageMakerGatedModelS3Uri": "s3://d/own.tar.gz"}

    assert request_for(gated_spec(GATED_KEYS), "ml.p5.48xlarge", environment=own)["Environment"] == own


def test_the_oldest_gated_models_have_weights_by_region() -> None:
    model = gated_spec({}, training_model_package_artifact_uris={"us-west-2": "s3://sellers/weights"})
    request = request_for(model, "ml.g5.2xlarge", accept_eula=True)

    assert request["Environment"] == {"SageMakerGatedModelS3Uri": "s3://sellers/weights", "accept_eula": "true"}
    assert "model" not in channels(request)
    with pytest.raises(Problem, match="no weights in eu-central-1"):
        request_for(model, "ml.g5.2xlarge", place=Place("eu-central-1", PLACE.buckets, "image"))
