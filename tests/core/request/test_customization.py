"""Requests of customizations: every choice of a run is where the API has it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.request.build import build_request
from jsft_tui.core.request.customization import group_arn
from jsft_tui.core.run.run import InstanceChoice, KmsKeys, Vpc
from tests.common.shared_data import PLACE
from tests.core.customization.specs import EVALUATOR, GROUP, customization_run, customized

GROUP_ARN = f"arn:aws:sagemaker:us-west-2:123456789012:model-package-group/{GROUP}"
PACKAGE = "arn:aws:sagemaker:us-west-2:123456789012:model-package/my-models/3"
APP = "arn:aws:sagemaker:us-west-2:123456789012:mlflow-app/app-1"


def request(technique: Technique = Technique.SFT, *, choices: Any = None, **fields: Any) -> dict[str, Any]:
    spec = customized(technique, (choices or {}).get("adapter", Adapter.LORA))
    return build_request(customization_run(technique, choices=choices, **fields), spec, PLACE)


def test_a_serverless_job_has_neither_image_nor_instances_nor_a_time_limit() -> None:
    made = request()
    assert {"AlgorithmSpecification", "ResourceConfig", "StoppingCondition", "MlflowConfig"}.isdisjoint(made)
    assert made["ModelPackageConfig"] == {"ModelPackageGroupArn": GROUP_ARN}
    assert [channel["ChannelName"] for channel in made["InputDataConfig"]] == ["train"]


def test_every_choice_is_where_the_api_has_it() -> None:
    choices = {
        "adapter": Adapter.FULL,
        "sequence_length": "4K",
        "source_model_package": PACKAGE,
        "mlflow_app": APP,
        "mlflow_experiment": "e",
        "mlflow_run": "r",
        "evaluator": EVALUATOR,
    }
    made = request(
        Technique.RLVR,
        choices=choices,
        vpc=Vpc(("subnet-1",), ("sg-1",)),
        kms=KmsKeys(output="1a2b"),
        tags={"team": "a"},
        instance=InstanceChoice("serverless", max_runtime=7200),
    )
    job = made["ServerlessJobConfig"]
    assert (job["CustomizationTechnique"], job["EvaluatorArn"], job["SequenceLength"]) == ("RLVR", EVALUATOR, "4K")
    assert "Peft" not in job
    assert job["AcceptEula"] is True
    assert made["ModelPackageConfig"]["SourceModelPackageArn"] == PACKAGE
    assert made["MlflowConfig"] == {"MlflowResourceArn": APP, "MlflowExperimentName": "e", "MlflowRunName": "r"}
    assert made["VpcConfig"] == {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
    assert made["OutputDataConfig"]["KmsKeyId"] == "1a2b"
    assert made["StoppingCondition"] == {"MaxRuntimeInSeconds": 7200}
    assert made["Tags"][-1] == {"Key": "team", "Value": "a"}


def test_a_license_is_accepted_only_by_the_run() -> None:
    assert "AcceptEula" not in request()["ServerlessJobConfig"]
    assert request(accept_eula=True)["ServerlessJobConfig"]["AcceptEula"] is True


def test_a_groups_arn_is_sent_as_it_is_and_a_name_needs_the_roles_account() -> None:
    run = customization_run(choices={"model_package_group": GROUP_ARN})
    assert run.customization is not None
    assert group_arn(run.customization, None, "us-west-2") == GROUP_ARN
    assert group_arn(replace(run.customization, model_package_group=GROUP), None, "us-west-2") == ""


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"data": {}}, "NoDefaultDataset"), ({"instance": InstanceChoice("ml.p5.48xlarge")}, "NotOnInstances")],
    ids=["no data", "no template"],
)
def test_what_cannot_be_sent_is_refused(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Problem) as refused:
        request(**fields)
    assert refused.value.code == code
